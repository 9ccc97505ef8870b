// Notations on the command line: which there are, derivations in them, parts replaced, formulas and files translated; and
// every slip answered with a code, a place and what would be right, never with a stack trace.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedNotationNames } from '../../src/notation/shipped-notations.ts';
import { bundle, type Command, workspace } from './command.ts';

let command: Command;
const opened: { remove(): void }[] = [];
beforeAll(async () => {
  command = await bundle();
});
afterAll(() => {
  command.remove();
  for (const folder of opened) folder.remove();
});

const inFolder = (files: Readonly<Record<string, string>>): string => {
  const folder = workspace(files);
  opened.push(folder);
  return folder.path;
};
/** What a command prints that succeeds. */
const printed = (...args: readonly string[]): string => {
  const { status, out, err } = command.run(args);
  expect(err).toBe('');
  expect(status).toBe(0);
  return out;
};
/** The errors of a command that is refused. */
const refused = (...args: readonly string[]): string => {
  const { status, out, err } = command.run(args);
  expect(out).toBe('');
  expect(status).toBe(2);
  expect(err).not.toMatch(/^ +at |node:internal|\.js:\d|internal-error/m);
  return err;
};
const dense = 'specs/layers/dense.yaml';
const recursion = "\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(z^l)";

describe('backproof notation', () => {
  test('list, in text and as JSON', () => {
    for (const name of shippedNotationNames()) expect(printed('notation', 'list')).toContain(name);
    const all = JSON.parse(printed('notation', 'list', '--format', 'json')) as { readonly notations: readonly { readonly name: string }[] };
    expect(all.notations.map((n) => n.name)).toEqual(shippedNotationNames());
  });

  test('show and diff', () => {
    expect(printed('notation', 'show', 'zhou', '--format', 'markdown')).toContain('a threshold, which is subtracted');
    expect(printed('notation', 'diff', 'nielsen', 'ufldl')).toMatch(/leads? out of/);
    expect(printed('notation', 'diff', 'nielsen', 'nielsen')).toContain('They write everything in the same way.');
  });

  test('table, as files', () => {
    const folder = inFolder({});
    for (const [file, start] of [['a.md', '# The same derivation'], ['b.html', '<!doctype html>']] as const) {
      printed('notation', 'table', '-o', join(folder, file));
      expect(readFileSync(join(folder, file), 'utf8').startsWith(start)).toBe(true);
    }
  });

  test.each<[readonly string[], string]>([
    [['notation', 'show', 'nielson'], 'error[unknown-notation]: there is no notation `nielson`\nhelp: Did you mean `nielsen`?'],
    [['notation', 'diff', 'ng', 'bshop'], 'Did you mean `bishop`?'],
    [['notation', 'show', './nowhere.yaml'], 'error[file-not-found]'],
    [['notation', 'show', dense], `${dense}:3:1: error[wrong-kind]`],
    [['notation', 'shwo'], 'Did you mean `backproof notation show`?'],
    [['notation'], 'Say list, show, diff or table.'],
    [['notation', 'table', '-o', 'x.pdf'], 'End the name of the file in .md or .html.'],
    [['derive', dense, '--notation', 'nilsen'], 'error[unknown-notation]'],
    [['derive', dense, '--notation', 'zhou'], 'error[notation-without-general-layer]'],
    [['derive', dense, '--layout', 'sideways'], 'Allowed choices are numerator, denominator, mixed.'],
  ])('%j is refused', (args, words) => {
    expect(refused(...args)).toContain(words);
  });

  test('a file of one\'s own, and a bad one', () => {
    const mine = readFileSync('specs/notations/nielsen.yaml', 'utf8').replace('notation: nielsen', 'notation: mine').replace('  weights: w', '  weights: V');
    const folder = inFolder({ 'mine.yaml': mine, 'bad.yaml': mine.replace('  weights: V', '  weights: b') });
    expect(printed('derive', dense, '--notation', join(folder, 'mine.yaml'), '--format', 'latex')).toContain('(V^{l+1})^T \\delta^{l+1}');
    expect(refused('derive', dense, '--notation', join(folder, 'bad.yaml'))).toMatch(/bad\.yaml:\d+:\d+: error\[notation-symbol-twice\][^]*>  ?\d+ \|/);
  });
});

describe('backproof derive in a notation', () => {
  const forms: readonly (readonly [string, readonly string[], string])[] = [
    ['vectors as rows', ['--notation', 'nielsen', '--vectors', 'rows'], '\\delta^l = (\\delta^{l+1} w^{l+1}) \\odot'],
    ['rows of samples', ['--notation', 'ng', '--vectors', 'rows', '--batch', 'rows'], 'dZ^{[l-1]} = (dZ^{[l]} W^{[l]}) *'],
    ['sums over samples', ['--notation', 'ng', '--batch', 'sum'], 'dW_{jk}^{[l]} = \\frac{1}{m} \\sum_i'],
    ['diagonal matrices', ['--notation', 'nielsen', '--product', 'diag'], '\\delta^l = \\mathrm{diag}\\left\\lbrace \\sigma\'(z^l) \\right\\rbrace'],
    ['the article with ⊙', ['--product', 'hadamard'], '\\delta^{(k-1)} = (\\delta^{(k)} \\cdot W^{(k)}) \\odot'],
    ['its gradients of their parameters\' shape', ['--layout', 'mixed'], '\\frac{\\partial E}{\\partial W^{(k)}} = \\delta^{(k)T} \\cdot z^{(k-1)T}'],
    ['numerators', ['--notation', 'nielsen', '--layout', 'numerator'], '\\frac{\\partial C}{\\partial w^l} = a^{l-1} \\delta^l'],
    ['the other signal', ['--notation', 'nielsen', '--signal', 'z'], '\\frac{\\partial C}{\\partial a_j^l} = \\sum_k \\frac{\\partial C}{\\partial a_k^{l+1}}'],
    ['the bias folded in', ['--notation', 'nielsen', '--bias', 'augmented'], '\\frac{\\partial C}{\\partial \\tilde{w}_{j0}^l} = \\delta_j^l'],
    ['the bias folded in behind', ['--notation', 'nielsen', '--bias', 'augmented-last'], '\\sum_{k=1}^{\\mathrm{units}^{l-1}+1} \\tilde{w}_{jk}^l'],
    ['folded in by itself', ['--notation', 'bishop'], '\\frac{\\partial E}{\\partial w_{j0}} = \\delta_j'],
    ['not folded in', ['--notation', 'haykin', '--bias', 'separate'], '\\frac{\\partial E}{\\partial b_j^{(l)}} = -\\delta_j^{(l)}'],
    ['a threshold', ['--bias', 'threshold'], '\\frac{\\partial E}{\\partial b_i^{(k)}} = -\\delta_i^{(k)}'],
    ['shapes', ['--notation', 'ng', '--shapes'], '\\underset{\\mathrm{units}^{[l]} \\times \\mathrm{units}^{[l-1]}}{W^{[l]}}'],
    ['without a notation', ['--shapes'], '\\underset{\\mathrm{units}^{(k)} \\times 1}{b^{(k)}}'],
  ];
  test.each(forms)('%s', (_, args, latex) => {
    // The Markdown page and the data have it; LaTeX may break its lines.
    expect(printed('derive', dense, ...args, '--format', 'markdown').replaceAll(' & ', ' ')).toContain(latex);
    const [, side = latex] = latex.split(' = ');
    expect(printed('derive', dense, ...args, '--format', 'json')).toContain(JSON.stringify(side).slice(1, -1));
    expect(printed('derive', dense, ...args, '--format', 'text')).not.toBe('');
    expect(printed('derive', dense, ...args, '--format', 'latex')).toMatch(/\\end\{document\}\n*$/);
  });

  test('every arrangement that is found', () => {
    const [usual, all] = [[], ['--all']].map((more) => printed('derive', dense, '--notation', 'nielsen', '--format', 'markdown', ...more).split('\n'));
    const others = all!.filter((line) => line.startsWith('Or: '));
    expect(others.length).toBeGreaterThan(5);
    expect(new Set(others).size).toBe(others.length);
    expect(all!.filter((line) => !line.startsWith('Or: ') && line !== '')).toEqual(usual!.filter((line) => line !== ''));
    expect(JSON.parse(printed('derive', dense, '--all', '--format', 'json'))).toMatchObject({ steps: expect.arrayContaining([
      expect.objectContaining({ layouts: expect.arrayContaining([expect.objectContaining({ name: 'or' })]) as unknown }),
    ]) as unknown });
  });

  test.each<[readonly string[], string]>([
    [['--notation', 'ng', '--vectors', 'rows'], 'one sample is a row (`--vectors rows`), and cannot be a column of the matrix of all samples (columns in the notation ng)\nhelp: Say `--batch rows`'],
    [['--notation', 'cs224n', '--batch', 'columns'], 'one sample is a row (rows in the notation cs224n), and cannot be a column'],
    [['--batch', 'rows'], 'one sample is a column (columns in the notation article)'],
    [['--notation', 'bishop', '--layout', 'mixed'], '`--layout mixed` would change nothing'],
  ])('%j contradict each other', (args, words) => {
    expect(refused('derive', dense, ...args)).toContain(`error[contradictory-options]: `);
    expect(refused('derive', dense, ...args)).toContain(words);
  });
});

describe('backproof translate', () => {
  test('one formula', () => {
    expect(printed('translate', recursion, '--from', 'nielsen', '--to', 'ng')).toBe("dz^{[l-1]} = (W^{[l]T} dz^{[l]}) * g^{[l-1]'}(z^{[l-1]})\n");
    expect(printed('translate', recursion, '--from', 'nielsen', '--to', 'article')).toContain('\\delta^{(k-1)} = \\delta^{(k)} \\cdot W^{(k)}');
    expect(JSON.parse(printed('translate', recursion, '--from', 'nielsen', '--to', 'ng', '--format', 'json'))).toMatchObject({ from: 'nielsen', to: 'ng', formula: recursion });
    // There and back.
    const there = printed('translate', recursion, '--from', 'nielsen', '--to', 'ufldl').trim();
    expect(printed('translate', there, '--from', 'ufldl', '--to', 'nielsen').trim()).toBe(recursion);
  });

  test('the formulas of a Markdown file, in place', () => {
    const folder = inFolder({ 'notes.md': `# Notes\n\nFirst $${recursion}$, then\n\n$$\\frac{\\partial C}{\\partial b^l} = \\delta^l$$\n\nand $w^l = q$: \`$not$\`.\n` });
    const { status, out, err } = command.run(['translate', join(folder, 'notes.md'), '--from', 'nielsen', '--to', 'ufldl']);
    expect(status).toBe(0);
    expect(out).toBe("# Notes\n\nFirst $\\delta^{(l)} = (W^{(l)T} \\delta^{(l+1)}) \\bullet f'(z^{(l)})$, then\n\n$$\\nabla_{b^{(l)}} J = \\delta^{(l+1)}$$\n\nand $w^l = q$: `$not$`.\n");
    expect(err).toMatch(/notes\.md:7:5: left as it is: nothing here is written `q` \[unknown-formula-symbol\]\n2 of 3 formulas translated from nielsen to ufldl\n$/);
    // And into a file.
    expect(command.run(['translate', join(folder, 'notes.md'), '--from', 'nielsen', '--to', 'ng', '-o', join(folder, 'out.md')]).status).toBe(0);
    expect(readFileSync(join(folder, 'out.md'), 'utf8')).toContain('db^{[l]} = dz^{[l]}');
  });

  test('what a derivation comes to', () => {
    const page = printed('translate', dense, '--from', 'ng', '--to', 'ufldl');
    expect(page).toMatch(/^\| ng \| ufldl \|\n/);
    expect(page).toContain('| $dW_{jk}^{[l]} = dz_j^{[l]} \\cdot a_k^{[l-1]}, \\quad \\forall j, k, \\quad \\forall l = 1, \\dots, L$ | $\\frac{\\partial J}{\\partial W_{ij}^{(l)}} = \\delta_i^{(l+1)} \\cdot a_j^{(l)}');
    expect(printed('translate', 'specs/networks/xor.yaml', '--from', 'zhou', '--to', 'cs224n')).toContain('\\frac{\\partial E}{\\partial w_{hj}} = -g_j \\cdot b_h');
  });

  test.each<[string, readonly string[], string]>([
    ['a formula that ends too early', ['\\delta^l = \\frac{1', '--from', 'nielsen', '--to', 'ng'], 'formula:1:19: error[latex-syntax]'],
    ['an unknown symbol, with a frame', ['\\delta^l = q^{l}', '--from', 'nielsen', '--to', 'ng'],
      'formula:1:12: error[unknown-formula-symbol]: nothing here is written `q`\n> 1 | \\delta^l = q^{l}\n    |            ^^^^^\nhelp: '],
    ['a text\'s layers in another one\'s words', ['\\delta^{(l)} = 0', '--from', 'nielsen', '--to', 'ng'], 'formula:1:'],
    ['an unknown notation', [recursion, '--from', 'nielsen', '--to', 'nh'], 'error[unknown-notation]'],
    ['a file that is not there', ['nowhere.md', '--from', 'nielsen', '--to', 'ng'], 'error[file-not-found]: there is no file nowhere.md'],
    ['a spec that is not there', ['nowhere.yaml', '--from', 'nielsen', '--to', 'ng'], 'error[file-not-found]'],
    ['no notation to translate to', [recursion, '--from', 'nielsen'], '--to <notation>'],
  ])('%s is refused', (_, args, words) => {
    expect(refused('translate', ...args)).toContain(words);
  });

  test('errors as JSON, with their places', () => {
    const { status, out } = command.run(['translate', '\\delta^l = q^{l}', '--from', 'nielsen', '--to', 'ng', '--format', 'json']);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ diagnostics: [{ code: 'unknown-formula-symbol', place: { file: 'formula', line: 1, column: 12, endColumn: 17 } }] });
  });
});
