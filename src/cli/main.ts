// The command: its grammar. What a command does is loaded when it is asked for, so that each starts fast.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { AllOptions } from './all.ts';
import type { CheckCommandOptions } from './check.ts';
import type { DeriveOptions } from './derive.ts';
import type { EmitCommandOptions } from './emit.ts';
import type { NotationCommandOptions } from './notation.ts';
import type { TableCommandOptions } from './notation-table.ts';
import { finish, usage } from './run.ts';
import type { TranslateOptions } from './translate.ts';

const number = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new InvalidArgumentError(`It is a whole number from ${String(least)} to ${String(most)}.`);
  }
  return value;
};

const signal = (): Option => new Option('--signal <tensor>', 'the adjoint that the recursion carries: a for δ = ∂E/∂a, z for ζ = ∂E/∂z')
  .choices(['a', 'z']);
const bias = (...more: string[]): Option => new Option('--bias <form>', `the bias as a parameter of its own, or folded into the weights in front or behind${more.length === 0 ? '' : '; or a threshold'}`)
  .choices(['separate', 'augmented', 'augmented-last', ...more]);
const samples = (): Option => new Option('--samples <count>', 'how many samples the checked kernel is made for').default(3).argParser(number(1, 10_000));
const seed = (): Option => new Option('--seed <number>', 'draws the points of the check').default(1).argParser(number(0, 2 ** 32 - 1));
const format = (...choices: string[]): Option => new Option('--format <format>', 'how the result is written').choices(choices).default('text');
const output = (what: string): Option => new Option('-o, --output <path>', what);
const notation = (): Option => new Option('--notation <name>', 'write it as a textbook does: article, nielsen, ng, …, or a file of your own (backproof notation list)');
const pageFormat = (): Option => format('text', 'markdown', 'json');
const color = (): Option => new Option('--no-color', 'plain text on a terminal, too');

/** The commands, each with its options and examples. */
function grammar(): Command {
  const program = new Command('backproof')
    .description([
      'Describe a neural network by its forward formulas: backproof derives backpropagation, emits the code that computes it, and',
      'checks that code against other ways to the same numbers.\n\nWithout a command: derives, emits and checks every network of',
      'specs/networks (of this folder; where it has none, the networks that come with backproof).',
    ].join(' '))
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .enablePositionalOptions()
    .allowExcessArguments()
    .addOption(output('folder for the kernels (default: generated, where specs/networks is in this folder)'))
    .addOption(signal()).addOption(bias()).addOption(samples()).addOption(seed()).addOption(format('text', 'json')).addOption(color())
    .addHelpText('after', `
Examples:
  backproof                                            all of specs/networks
  backproof derive specs/layers/dense.yaml             layer k, for every width
  backproof derive specs/networks/xor.yaml --signal z  with ζ = ∂E/∂z as signal
  backproof emit specs/networks/xor.yaml -o xor.ts     its kernel
  backproof check specs/networks                       every network of a folder

Exit status: 0 all hold, 1 something does not, 2 bad input.`)
    .action(async (options: AllOptions, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) {
        const { unknownCommand } = await import('./unknown.ts');
        return usage(await unknownCommand(unknown, ['derive', 'emit', 'check', 'notation', 'translate', 'help']));
      }
      await (await import('./all.ts')).all(options);
    });

  program.command('derive').summary('write the derivation of backpropagation')
    .description([
      'Derives backpropagation from the forward formulas of networks, layers (the recursion of layer k) or activation functions',
      '(their derivatives).',
    ].join(' '))
    .argument('<files...>', 'YAML files, or folders of them')
    .addOption(format('text', 'markdown', 'latex', 'json')).addOption(output('file, or folder for several'))
    .addOption(notation())
    .addOption(signal()).addOption(bias('threshold'))
    .addOption(new Option('--layout <shape>', 'a derivative by a column: a row, a column, or mixed').choices(['numerator', 'denominator', 'mixed']))
    .addOption(new Option('--product <sign>', 'entry by entry: with a sign, or as diagonal matrices').choices(['hadamard', 'diag', '⊙', '∘', '*', '•', '.*']))
    .addOption(new Option('--vectors <form>', 'vectors as columns or rows').choices(['columns', 'rows']))
    .addOption(new Option('--batch <form>', 'all samples as columns or rows of matrices, or as sums').choices(['columns', 'rows', 'sum']))
    .addOption(new Option('--shapes', 'numbers of rows and columns below matrices and vectors'))
    .addOption(new Option('--all', 'every arrangement of matrices that is found, not the usual one alone'))
    .addOption(color())
    .addHelpText('after', `
Examples:
  backproof derive specs/layers/dense.yaml
  backproof derive specs/layers/dense.yaml --format latex -o dense.tex
  backproof derive specs/networks/xor.yaml --bias augmented --format markdown
  backproof derive specs/activations/tanh.yaml         h'(a), and through z
  backproof derive specs/layers/dense.yaml --notation nielsen --shapes

--layout, --product, --vectors and --batch replace parts of the notation, or of
the article's where none is named.`)
    .action(async (files: string[], options: DeriveOptions) => (await import('./derive.ts')).derive(files, options));

  program.command('emit').summary('write the TypeScript kernels of networks')
    .description('Writes one TypeScript module a network: forward() and backward() for its architecture, with no allocation after construction.')
    .argument('<files...>', 'YAML files of networks, or folders of them')
    .addOption(output('file (.ts, or .js for JavaScript), or folder'))
    .addOption(new Option('--form <form>', 'how the kernel is written').choices(['auto', 'loops', 'straight-line']).default('auto'))
    .addOption(signal()).addOption(bias()).addOption(color())
    .addHelpText('after', `
Examples:
  backproof emit specs/networks/xor.yaml            to the terminal
  backproof emit specs/networks/xor.yaml -o xor.js  as JavaScript
  backproof emit specs/networks -o generated        every network of a folder`)
    .action(async (files: string[], options: EmitCommandOptions) => (await import('./emit.ts')).emit(files, options));

  program.command('check').summary('check the kernels of networks')
    .description([
      'Confronts the kernel of each network with finite differences, the complex step on its forward formulas, computer algebra,',
      'and its other forms (δ or ζ, separate or augmented bias).',
    ].join(' '))
    .argument('<files...>', 'YAML files of networks, or folders of them')
    .addOption(format('text', 'json')).addOption(output('file for the report'))
    .addOption(samples()).addOption(seed()).addOption(signal()).addOption(bias()).addOption(color())
    .addHelpText('after', `
Examples:
  backproof check specs/networks/xor.yaml
  backproof check specs/networks --samples 5 --seed 7
  backproof check specs/networks/xor.yaml --format json -o xor.json

For each network every road with its largest error as a part of its bound and,
where not all entries were compared, how many were; – where it does not apply.
--format json is { "reports": [...] }, for one file as for several.`)
    .action(async (files: string[], options: CheckCommandOptions) => (await import('./check.ts')).check(files, options));

  const notations = program.command('notation').summary('the notations of textbooks')
    .description('Which notations there are, what each chooses, what differs between two, and the same formulas in all of them.')
    .addHelpText('after', `
Examples:
  backproof notation list
  backproof notation show nielsen
  backproof notation diff nielsen ufldl
  backproof notation diff bishop ./mine.yaml --format markdown
  backproof notation table -o notations.html`)
    .action(async (_options: unknown, command: Command) => {
      const [unknown] = command.args;
      const commands = ['list', 'show', 'diff', 'table'];
      if (unknown === undefined) return usage({ message: 'notation needs to know what to do', help: `Say ${commands.slice(0, -1).join(', ')} or ${commands.at(-1) ?? ''}.` });
      return usage(await (await import('./unknown.ts')).unknownCommand(unknown, commands, 'notation '));
    })
    .allowExcessArguments();
  notations.command('list').summary('all that come with backproof').description('Name, title, what is special, and the source of each notation.')
    .addOption(pageFormat()).addOption(color())
    .action(async (options: NotationCommandOptions) => { (await import('./notation.ts')).list(options); });
  notations.command('show').summary('what one chooses').description('Every choice of a notation in words, with a formula that shows it.')
    .argument('<notation>', 'a name, or a file of your own').addOption(pageFormat()).addOption(color())
    .action(async (name: string, options: NotationCommandOptions) => { (await import('./notation.ts')).show(name, options); });
  notations.command('diff').summary('what differs between two').description('What differs between two notations, how to get from one to the other, and the same formulas in both.')
    .argument('<first>', 'a name, or a file of your own').argument('<second>', 'another one').addOption(pageFormat()).addOption(color())
    .action(async (first: string, second: string, options: NotationCommandOptions) => { (await import('./notation.ts')).diff([first, second], options); });
  notations.command('table').summary('the same formulas in all of them').description('One derivation in every notation, side by side, as a page in Markdown or HTML.')
    .addOption(output('file: .md, or .html for a page of its own')).addOption(color())
    .action(async (options: TableCommandOptions) => (await import('./notation-table.ts')).table(options));

  program.command('translate').summary('say formulas in the words of another text')
    .description([
      'Translates from one textbook\'s notation into another\'s: one formula in LaTeX, all formulas of a Markdown file in place, or what a',
      'derivation comes to (a YAML file), both side by side.',
    ].join(' '))
    .argument('<what>', 'a formula in LaTeX, a Markdown file, or a spec')
    .requiredOption('--from <notation>', 'the notation that it is written in')
    .requiredOption('--to <notation>', 'the notation that is wanted')
    .addOption(new Option('--of <spec>', 'what the formulas are about: a layer or network (default: a fully connected layer)'))
    .addOption(format('text', 'json')).addOption(output('file')).addOption(color())
    .addHelpText('after', `
Examples:
  backproof translate "\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(z^l)" --from nielsen --to ng
  backproof translate notes.md --from ufldl --to article -o notes.article.md
  backproof translate specs/layers/dense.yaml --from nielsen --to bishop

Formulas that cannot be read, or that the other notation cannot say, stay as they are, and are listed.`)
    .action(async (what: string, options: TranslateOptions) => { (await import('./translate.ts')).translate(what, options); });
  return program;
}

await finish(async () => {
  try {
    await grammar().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    await usage({
      message: error.message.replace(/^error: /, '').replace(/\s+/g, ' '),
      help: 'backproof --help lists the commands, backproof derive --help the options of one.',
    });
  }
});
