// Every diagnostic of the program: its stable code, its severity, and how its message and its help read.

import { listed } from './suggest.ts';

export interface Wording {
  readonly message: string;
  /** What would be right, as a sentence. */
  readonly help: string;
}

interface Entry<D> {
  readonly severity: 'error' | 'warning';
  readonly words: (data: D) => Wording;
}

const error = <D>(words: (data: D) => Wording): Entry<D> => ({ severity: 'error', words });
const warning = <D>(words: (data: D) => Wording): Entry<D> => ({ severity: 'warning', words });

interface Text { readonly text: string }
interface Named { readonly name: string }

const didYouMean = (suggestion: string | null, known: readonly string[], what: string): string =>
  suggestion !== null ? `Did you mean \`${suggestion}\`?` : known.length === 0 ? `There is no ${what} here.` : `Known here: ${listed(known, 'and')}.`;

/** What would keep an index inside its axis. */
export type IndexFix =
  | { readonly kind: 'swap'; readonly entry: string }
  | { readonly kind: 'range'; readonly letter: string; readonly range: string }
  | { readonly kind: 'guard'; readonly letters: readonly string[]; readonly guarded: string };

function indexHelp(fix: IndexFix): string {
  switch (fix.kind) {
    case 'swap': return `Are the indices swapped? \`${fix.entry}\` fits.`;
    case 'range': return `It fits where \`${fix.letter}\` runs over ${fix.range}: \`${fix.letter}: ${fix.range}\` under \`axes\`, or sum(${fix.letter} = ${fix.range}, …).`;
    case 'guard': {
      const letter = fix.letters.length === 0 ? 'a letter that runs over this axis' : `${listed(fix.letters)}, which runs over this axis`;
      return `Use ${letter}, or guard the entry by a condition in the same product: ${fix.guarded}.`;
    }
  }
}

/** Files and YAML. */
const files = {
  'file-not-found': error((d: { file: string }) => ({
    message: `there is no file ${d.file}`,
    help: 'Give the path of a YAML file.',
  })),
  'file-too-large': error((d: { file: string; bytes: number; most: number }) => ({
    message: `${d.file} has ${d.bytes} characters`,
    help: `A spec has at most ${d.most} characters.`,
  })),
  'yaml-syntax': error((d: { reason: string }) => ({
    message: `this is not YAML: ${d.reason}`,
    help: 'A text that begins with `[`, `*`, `&`, `!`, `{`, `%`, `@` or a quote, or contains `: ` or ` #`, must stand in quotes: "[j = 0] + x[j]".',
  })),
  'yaml-tab': error(() => ({
    message: 'a tab indents this line',
    help: 'YAML is indented by spaces: replace the tab by spaces.',
  })),
  'yaml-duplicate-key': error((d: Named) => ({
    message: `the key \`${d.name}\` stands here a second time`,
    help: 'Each key may stand once in its block: remove or rename one of the two.',
  })),
  'yaml-aliases': error((d: { most: number }) => ({
    message: 'the aliases (*name) of this file multiply its content',
    help: `Write the values out, or use fewer aliases: at most ${d.most} expansions are read.`,
  })),
  'yaml-too-deep': error((d: { file: string; most: number }) => ({
    message: `${d.file} nests too deeply`,
    help: `Blocks and brackets of a spec may nest ${d.most} deep.`,
  })),
};

/** The structure of a spec: which keys, which kinds of values. */
const structure = {
  'unknown-kind': error((d: { kinds: readonly string[] }) => ({
    message: 'this file does not say what it describes',
    help: `A spec has one of the keys ${listed(d.kinds)} with a name.`,
  })),
  'wrong-kind': error((d: { found: string; wanted: string }) => ({
    message: `this file describes a ${d.found}, where a ${d.wanted} is needed`,
    help: `Give a file with the key \`${d.wanted}\`.`,
  })),
  'missing-key': error((d: Named & { wanted: string }) => ({
    message: `the key \`${d.name}\` is missing`,
    help: `Add \`${d.name}:\` with ${d.wanted}.`,
  })),
  'unknown-key': error((d: Named & { suggestion: string | null; known: readonly string[] }) => ({
    message: `there is no key \`${d.name}\` here`,
    help: didYouMean(d.suggestion, d.known, 'key'),
  })),
  'wrong-type': error((d: { wanted: string; found: string }) => ({
    message: `this is ${d.found}, where ${d.wanted} is needed`,
    help: `Write ${d.wanted}.`,
  })),
  'bad-value': error((d: { text: string; wanted: string }) => ({
    message: `\`${d.text}\` does not fit here`,
    help: `Write ${d.wanted}.`,
  })),
  'keys-exclude': error((d: { first: string; second: string }) => ({
    message: `\`${d.first}\` and \`${d.second}\` say the same in two ways`,
    help: `Keep one of \`${d.first}\` and \`${d.second}\`.`,
  })),
};

/** Names and what they stand for. */
const names = {
  'bad-name': error((d: Named & { why: string }) => ({
    message: `\`${d.name}\` cannot be a name: ${d.why}`,
    help: `A name is a letter followed by letters, digits and underscores, at most 40 characters, and no word of the language${/^\p{L}\w{0,37}$/u.test(d.name) ? `: \`${d.name}_1\`` : ''}.`,
  })),
  'bad-spec-name': error((d: Named & { why: string }) => ({
    message: `\`${d.name}\` cannot be a name: ${d.why}`,
    help: 'The name of a spec is made of small letters, digits and hyphens, such as `leaky-relu`, at most 60 characters.',
  })),
  'duplicate-name': error((d: Named & { first: string; second: string }) => ({
    message: `\`${d.name}\` is the name of ${d.first} and of ${d.second}`,
    help: 'Rename one of the two.',
  })),
  'unknown-name': error((d: Named & { role: string; suggestion: string | null; known: readonly string[] }) => ({
    message: `there is no ${d.role} \`${d.name}\``,
    help: didYouMean(d.suggestion, d.known, d.role),
  })),
  'second-variable': error((d: Named & { argument: string; constants: readonly string[]; suggestion: string | null }) => ({
    message: `\`${d.name}\` is a second variable: this is a function of \`${d.argument}\` alone`,
    help: d.suggestion !== null ? `Did you mean \`${d.suggestion}\`?` : `Write it with \`${d.argument}\`, or declare \`${d.name}\` under \`constants\` with its value.`,
  })),
};

/** Expressions. */
const expressions = {
  'expression-empty': error(() => ({
    message: 'an expression is missing',
    help: 'Write a formula, such as sum(j, W[i, j] * x[j]) + b[i].',
  })),
  'expression-too-long': error((d: { most: number }) => ({
    message: 'this expression is too long',
    help: `An expression has at most ${d.most} characters: divide it into several equations.`,
  })),
  'expression-too-deep': error((d: { most: number }) => ({
    message: 'this expression nests too deeply',
    help: `Brackets, powers, signs and conditionals may nest ${d.most} deep: divide it into several equations.`,
  })),
  'expression-too-large': error((d: { most: number }) => ({
    message: 'this expression becomes too large once min, max, abs and sign are written out',
    help: `At most ${d.most} operations are allowed in one equation: name the parts by equations of their own.`,
  })),
  'not-allowed': error((d: Text) => ({
    message: `\`${d.text}\` is no part of the formula language`,
    help: 'Formulas are made of names, numbers, + - * / ^, brackets, commas, comparisons, `and`, `or`, `not`, and `condition ? a : b`.',
  })),
  'implicit-product': error((d: { before: string; after: string }) => ({
    message: `an operator is missing between \`${d.before}\` and \`${d.after}\``,
    help: /[()[\]]/.test(d.before + d.after) ? 'Write products out, with `*`.' : `Write products out: \`${d.before} * ${d.after}\`.`,
  })),
  'unbalanced-bracket': error((d: Text) => ({
    message: `\`${d.text}\` has no partner`,
    help: 'Every bracket that is opened is closed, in order.',
  })),
  'misplaced-equals': error(() => ({
    message: '`=` stands outside a condition',
    help: 'Equality of indices stands in square brackets, [i = j]; values are compared by ==; what an equation defines is its key.',
  })),
  unexpected: error((d: Text) => ({
    message: d.text === '' ? 'the expression ends too early' : `\`${d.text}\` does not fit here`,
    help: d.text === '' ? 'Something is missing at the end.' : 'Something is missing in front of it, or it is one too many.',
  })),
  'number-out-of-range': error((d: Text) => ({
    message: `the number \`${d.text}\` is beyond what is computed with`,
    help: 'Numbers lie between 5e-324 and 1.7e308 in size.',
  })),
  'function-without-argument': error((d: Named & { form: string }) => ({
    message: `\`${d.name}\` is a function, and stands here without an argument`,
    help: `Write \`${d.form}\`.`,
  })),
  'wrong-argument-count': error((d: Named & { given: number; wanted: string }) => ({
    message: `\`${d.name}\` is given ${d.given === 1 ? '1 argument' : `${d.given} arguments`}`,
    help: `It takes ${d.wanted}.`,
  })),
  'not-a-function': error((d: Named & { is: string; indexed: boolean }) => ({
    message: `\`${d.name}\` is ${d.is}, not a function`,
    help: d.indexed ? `Indices stand in square brackets: \`${d.name}[…]\`.` : `Write products out: \`${d.name} * (…)\`.`,
  })),
  'not-a-tensor': error((d: Named & { is: string }) => ({
    message: `\`${d.name}\` is ${d.is}, and has no entries`,
    help: `Write \`${d.name}\` without square brackets; a function's argument stands in parentheses.`,
  })),
  'wrong-index-count': error((d: Named & { given: number; wanted: number; form: string }) => ({
    message: `\`${d.name}\` has ${d.wanted === 1 ? '1 axis' : `${d.wanted} axes`}, and is given ${d.given === 1 ? '1 index' : `${d.given} indices`}`,
    help: `Write it like \`${d.form}\`.`,
  })),
  'unbound-index': error((d: Named) => ({
    message: `the index \`${d.name}\` is bound by no sum, and does not stand on the left side`,
    help: `Sum over it, sum(${d.name}, …), or add it to the left side.`,
  })),
  'index-not-affine': error((d: Text) => ({
    message: `\`${d.text}\` cannot be an index`,
    help: 'An index is made of index letters, sizes, whole numbers and entries of integer tensors: i, 2*t + s - 1, n - i + 1, token[t].',
  })),
  'recurrence-without-start': error((d: Named & { entry: string; example: string; condition: string; axis: string; start: string }) => ({
    message: `the recurrence of \`${d.name}\` has no start: for ${d.example} there is no \`${d.entry}\``,
    help: `Say what stands there: (${d.condition} ? ${d.entry} : ${d.start}), or [${d.condition}] * ${d.entry} for 0; or let the axis reach there, \`${d.axis}\`, with a case of its own.`,
  })),
  'branch-never-reached': error((d: Text & { condition: string; taken: boolean }) => ({
    message: d.taken ? `\`${d.text}\` is never reached: \`${d.condition}\` holds nowhere that this case is asked for`
      : `\`${d.text}\` is never reached: \`${d.condition}\` and the conditions in front of it leave nothing over`,
    help: 'Cases are asked for in order, each where none in front of it holds: let their conditions divide the range, or remove the case.',
  })),
  'index-not-integer': error((d: Named & Text) => ({
    message: `in the index \`${d.text}\` stands \`${d.name}\`, which is not declared to hold integers`,
    help: `Declare what they are for an input or a target: \`values: { ${d.name}: v }\` with \`v\` an index letter under \`axes\`; or let its equation be an argmax.`,
  })),
  'values-of-no-input': error((d: Named & { is: string }) => ({
    message: `\`${d.name}\` is ${d.is}: it cannot be declared to hold integers`,
    help: 'Integers are data: inputs and targets under `values`, and tensors whose equation is an argmax.',
  })),
  'outside-of-a-scalar': error((d: Named) => ({
    message: `\`${d.name}\` has no axes, and so nothing is outside of it`,
    help: `Remove \`${d.name}\` under \`outside\`.`,
  })),
  'index-out-of-range': error((d: Named & {
    entry: string; index: string; position: number; range: string; example: string; value: number; fix: IndexFix;
  }) => ({
    message: `in \`${d.entry}\` the index \`${d.index}\` leaves axis ${d.position} of \`${d.name}\`, which is ${d.range}: ${d.example === '' ? 'always' : `for ${d.example}`} it is ${d.value}`,
    help: indexHelp(d.fix),
  })),
  'condition-too-complex': error((d: Text) => ({
    message: `whether \`${d.text}\` stays inside its axes could not be settled within the limits`,
    help: 'Guard it by fewer or simpler conditions: up to 64 alternatives are looked at.',
  })),
  'division-by-zero': error((d: Text) => ({
    message: `\`${d.text}\` is zero, and stands in a denominator`,
    help: 'Divide by something else.',
  })),
  'exponent-not-constant': error((d: { base: string; exponent: string }) => ({
    message: `the exponent \`${d.exponent}\` is not a number`,
    help: `Exponents are made of numbers, constants and whole numbers (x^2, x^0.5, x^(1/3), x^gamma); write exp(${d.exponent} * log(${d.base})) for a positive base.`,
  })),
  'exponent-too-large': error((d: { exponent: string; most: number }) => ({
    message: `the exponent \`${d.exponent}\` is beyond what is computed with`,
    help: `Exponents lie between -${d.most} and ${d.most}.`,
  })),
  'sum-without-letter': error((d: Named & Text) => ({
    message: `\`${d.name}\` runs over an index letter, not over \`${d.text}\``,
    help: `Write ${d.name}(j, …), ${d.name.startsWith('arg') ? '' : `${d.name}(j, k, …) `}or ${d.name}(j = 1..n, …).`,
  })),
  'empty-reduction': error((d: Named & Text & { letter: string; range: string; example: string }) => ({
    message: `\`${d.name}\` of nothing has no value: the range ${d.range} of \`${d.letter}\` is empty${d.example === '' ? '' : ` for ${d.example}`}`,
    help: `Let \`${d.letter}\` have an entry for all sizes, or guard it by a condition in the same product: [condition] * ${d.text}.`,
  })),
  'reduction-without-equations': error((d: Named) => ({
    message: `\`${d.name}\` over an index letter needs an equation of its own, and there are none here`,
    help: `Write \`${d.name}\` over an axis in a layer or a loss; of a few values, max(a, b, c) is the greatest.`,
  })),
  'maximum-over-a-bound-letter': warning((d: Named & { letter: string; text: string }) => ({
    message: `\`${d.letter}\` has a value here, so that \`${d.text}\` is the ${d.name === 'max' ? 'greater' : 'lesser'} of two numbers`,
    help: `Over an axis, use a letter that nothing else binds; of two numbers, write \`${d.letter}\` last.`,
  })),
  'range-not-fixed': error((d: Text) => ({
    message: `\`${d.text}\` cannot bound a range`,
    help: 'The ends of a range are made of index letters, sizes and whole numbers: 1..n - 1, 1..t.',
  })),
  'condition-as-number': error((d: Text) => ({
    message: `\`${d.text}\` is a condition, where a number is needed`,
    help: 'Square brackets make it 1 or 0: [i = j].',
  })),
  'number-as-condition': error((d: Text) => ({
    message: `\`${d.text}\` is a number, where a condition is needed`,
    help: 'Compare it: i = j, j >= 1, a[i] > 0.',
  })),
  'binding-outside-sum': error((d: Text) => ({
    message: `\`${d.text}\` stands outside the letters of a sum`,
    help: 'Only a sum, a mean, a maximum, … binds a letter to a range: sum(j = 1..n, …), the summand last.',
  })),
};

/** Layers, activations, losses, penalties. */
const specs = {
  'bad-range': error((d: Text) => ({
    message: `\`${d.text}\` is no range`,
    help: 'A range is a size (units stands for 1..units), two ends with dots between, the lesser first (0..inputs, 1..n-s+1), a whole number (3 stands for 1..3), or in a shape an index letter.',
  })),
  'bad-left-side': error((d: Text) => ({
    message: `\`${d.text}\` cannot be the left side of an equation`,
    help: 'The left side is a name with the letters of its axes, each once: a[i], W[i, j], or a name alone for a scalar.',
  })),
  'left-side-range': error((d: { letter: string; range: string; axis: string; name: string; position: number }) => ({
    message: `\`${d.letter}\` runs over ${d.range}, and axis ${d.position} of \`${d.name}\` over ${d.axis}`,
    help: 'Use a letter with the range of the axis, so that the equation defines every entry once.',
  })),
  'defined-twice': error((d: Named) => ({
    message: `\`${d.name}\` is defined a second time`,
    help: 'Each tensor has one equation; cases are written with conditions, [j = 0] * … + [j >= 1] * ….',
  })),
  'assigned-input': error((d: Named & { is: string }) => ({
    message: `\`${d.name}\` is ${d.is}, and cannot be defined by an equation`,
    help: 'Equations define outputs and tensors of their own: give the result another name.',
  })),
  'undefined-output': error((d: Named) => ({
    message: `no equation defines the output \`${d.name}\``,
    help: `Add an equation for \`${d.name}\`.`,
  })),
  'used-before-definition': error((d: Named) => ({
    message: `\`${d.name}\` is used before it is defined`,
    help: `Move the equation of \`${d.name}\` up.`,
  })),
  'cyclic-equations': error((d: { cycle: readonly string[] }) => ({
    message: `these tensors are defined by each other: ${d.cycle.join(' → ')}`,
    help: 'Equations must have an order in which each uses only what is already known: of each other, entries that are earlier along one axis (or all later), such as h[t - 1].',
  })),
  'unused-parameter': warning((d: Named) => ({
    message: `no equation uses the parameter \`${d.name}\`: its gradient is 0`,
    help: 'Use it or remove it.',
  })),
  'unused-tensor': warning((d: Named & { is: string }) => ({
    message: `no equation uses ${d.is} \`${d.name}\``,
    help: 'Use it or remove it.',
  })),
  'not-decimal': error((d: Text) => ({
    message: `\`${d.text}\` is no decimal number`,
    help: 'Write a decimal number, such as 0.01, -2 or 1e-3.',
  })),
  'not-whole': error((d: Named & { text: string; most: number }) => ({
    message: `the whole number \`${d.name}\` is ${d.text}`,
    help: `Write a whole number from -${d.most} to ${d.most}; in a network also the name of a size: \`${d.name}: inputs\`.`,
  })),
  'integer-out-of-range': error((d: Named & { value: number; least: number; most: number }) => ({
    message: `the whole number \`${d.name}\` is ${d.value}, and must lie between ${d.least} and ${d.most}`,
    help: `Choose a whole number from ${d.least} to ${d.most}.`,
  })),
  'bad-size-formula': error((d: Text) => ({
    message: `\`${d.text}\` cannot give a size`,
    help: 'A size follows from other sizes and whole numbers by + - * and /, which rounds down: (length + 2*padding - taps) / stride + 1.',
  })),
  'bad-assumption': error((d: Text) => ({
    message: `\`${d.text}\` is no equation`,
    help: 'Write two expressions with = between them: sum(i, t[i]) = 1. It holds for all values of the letters that no sum binds.',
  })),
  'samples-axis': error((d: Named & { position: number; is: string }) => ({
    message: `axis ${d.position} of \`${d.name}\`, ${d.is}, counts the samples`,
    help: 'The samples axis stands first, and once, in the tensors that each sample has for itself: x: [samples, channels]. Parameters have none. What pairs of samples have, S[s, r], is no input or output, holds no integers and is no recurrence: it stands in an equation of its own, or inside another.',
  })),
  'samples-missing': error((d: Named & { is: string; form: string }) => ({
    message: `${d.is} \`${d.name}\` has no samples axis, where other tensors of this file have one`,
    help: `Write \`${d.form}\`.`,
  })),
  'not-scalar-loss': error((d: Named) => ({
    message: `a loss has one output, a scalar${d.name === '' ? '' : `; \`${d.name}\` has axes`}`,
    help: 'Write `output: { L: [] }`, and sum over all axes.',
  })),
  'size-without-counterpart': error((d: Named & { layer: string; other: string }) => ({
    message: `\`${d.layer}\` and \`${d.other}\` have to share the size \`${d.name}\``,
    help: 'Call the sizes and ports of a layer and its augmented form by the same names.',
  })),
  'bad-correspondence': error((d: Text) => ({
    message: `\`${d.text}\` does not say which entry stands for which`,
    help: 'Write an entry of a parameter with plain letters for an entry of the other: "W[i, j]": "W_tilde[i, j]", "b[i]": "W_tilde[i, 0]".',
  })),
};

/** Networks. */
const networks = {
  'unknown-spec': error((d: Named & { kind: string; suggestion: string | null; known: readonly string[] }) => ({
    message: `there is no ${d.kind} \`${d.name}\``,
    help: `${didYouMean(d.suggestion, d.known, d.kind)} Your own stands under \`define\` in the network's file.`,
  })),
  'bad-layer-line': error((d: Text) => ({
    message: `\`${d.text}\` is no layer`,
    help: 'Write the layer (dense if left out), its size, and its activation function: `4 tanh`, `dense 4 leaky-relu(alpha=0.2)`; or a mapping { layer: dense, units: 4, h: tanh }.',
  })),
  'activation-first': error((d: Named & { written: string }) => ({
    message: `\`${d.name}\` is an activation function, and no layer`,
    help: `Write \`${d.written}\`: units come first.`,
  })),
  'missing-space': error((d: Text & { written: string }) => ({
    message: `in \`${d.text}\` a space is missing between the units and the activation`,
    help: `Write \`${d.written}\`.`,
  })),
  'unnamed-constant': error((d: Named & { value: string; known: readonly string[] }) => ({
    message: `\`${d.name}(${d.value})\` does not say which constant is ${d.value}`,
    help: d.known.length === 0 ? `\`${d.name}\` has no constants: write \`${d.name}\`.`
      : `${d.known.length === 1 ? 'Name the constant' : `Name the constant, one of ${listed(d.known)}`}: \`${d.name}(${d.known[0] ?? ''}=${d.value})\`.`,
  })),
  'bad-activation': error((d: Text) => ({
    message: `\`${d.text}\` is no activation function`,
    help: 'Write its name, `tanh`, with constants `leaky-relu(alpha=0.2)` or { use: leaky-relu, alpha: 0.2 }.',
  })),
  'missing-size': error((d: { layer: string; names: readonly string[] }) => ({
    message: `the layer \`${d.layer}\` does not say its ${d.names.length === 1 ? 'size' : 'sizes'} ${listed(d.names, 'and')}`,
    help: `Add ${listed(d.names.map((n) => `${n}: 4`), 'and')} (or other numbers).`,
  })),
  'bad-size': error((d: Named & { text: string; most: number }) => ({
    message: `the size \`${d.name}\` is ${d.text}`,
    help: `A size is a whole number from 1 to ${d.most}.`,
  })),
  'shape-mismatch': error((d: { first: string; firstShape: string; second: string; secondShape: string }) => ({
    message: `${d.first} has the shape ${d.firstShape}, and ${d.second} the shape ${d.secondShape}`,
    help: 'Shapes that are bound to each other have the same number of axes, and the same number of entries along each.',
  })),
  'size-conflict': error((d: Named & { given: number; follows: number }) => ({
    message: `the size \`${d.name}\` is given as ${d.given}, and follows from what the layer is bound to as ${d.follows}`,
    help: `Leave \`${d.name}\` out, or make it ${d.follows}.`,
  })),
  'size-too-small': error((d: Named & { layer: string; value: number; formula: string; numbers: string }) => ({
    message: `the size \`${d.name}\` of \`${d.layer}\` is ${d.value}: ${d.formula}${d.numbers === '' ? '' : ` with ${d.numbers}`}`,
    help: 'Choose the sizes and whole numbers that it follows from so that it is at least 1.',
  })),
  'size-without-value': error((d: Named & { layer: string; formula: string; numbers: string }) => ({
    message: `the size \`${d.name}\` of \`${d.layer}\` has no value: ${d.formula}${d.numbers === '' ? '' : ` with ${d.numbers}`}`,
    help: 'Divisors must be positive, and numbers not too large.',
  })),
  'numbers-do-not-fit': error((d: { layer: string; numbers: string }) => ({
    message: `\`${d.layer}\` does not hold together with ${d.numbers}`,
    help: 'What is wrong then is said at the place in its formulas: choose other numbers, or guard the entries there by conditions.',
  })),
  'not-integer': error((d: Named & { layer: string; source: string; range: string }) => ({
    message: `the input \`${d.name}\` of \`${d.layer}\` takes integers from ${d.range}, and \`${d.source}\` has real numbers`,
    help: 'Bind it to an input of the network, or to an output whose `values` are integers.',
  })),
  'integer-mismatch': error((d: { first: string; firstRange: string; second: string; secondRange: string }) => ({
    message: `${d.first} takes integers from ${d.firstRange}, and ${d.second} has integers from ${d.secondRange}`,
    help: 'Ports that are bound to each other have entries of the same range.',
  })),
  'samples-shared': error((d: Named & { layer: string; source: string }) => ({
    message: `the input \`${d.name}\` of \`${d.layer}\` has an entry for each sample, and \`${d.source}\` is one for all of them`,
    help: `Declare \`${d.name}\` without the samples axis, or bind it to a tensor that each sample has for itself.`,
  })),
  'samples-not-shared': error((d: Named & { layer: string; source: string }) => ({
    message: `the input \`${d.name}\` of \`${d.layer}\` is one for all samples, and each sample has a \`${d.source}\` of its own`,
    help: `Declare \`${d.name}\` with the samples axis in front: \`${d.name}: [samples, …]\`.`,
  })),
  'sharing-cycle': error((d: { cycle: readonly string[] }) => ({
    message: `these parameters are each other: ${d.cycle.join(' → ')}`,
    help: 'One of them must be a parameter of its own: remove one `share`.',
  })),
  'missing-slot': error((d: Named & { layer: string }) => ({
    message: `the layer \`${d.layer}\` is given no activation function \`${d.name}\``,
    help: `Add one: \`${d.name}: tanh\`, or after the size in a line: \`4 tanh\`; \`identity\` for none.`,
  })),
  'unbound-port': error((d: Named & { layer: string; example: string }) => ({
    message: `the input \`${d.name}\` of \`${d.layer}\` is bound to nothing`,
    help: `Say where it comes from: \`${d.example}\`.`,
  })),
  'ambiguous-binding': error((d: Text & { ports: readonly string[] }) => ({
    message: `\`${d.text}\` leaves open what is bound to what`,
    help: d.ports.length === 0 ? 'It has no such port.' : `Name one of ${listed(d.ports)}.`,
  })),
  'cyclic-network': error((d: { cycle: readonly string[] }) => ({
    message: `these layers feed each other: ${d.cycle.join(' → ')}`,
    help: 'A network is evaluated from its inputs to its loss: remove one of these connections.',
  })),
  'too-many-layers': error((d: { count: number; most: number }) => ({
    message: `the network has ${d.count} layers`,
    help: `At most ${d.most} layers are read.`,
  })),
  'too-many-parameters': error((d: { count: number; most: number }) => ({
    message: `the network has ${d.count} parameters`,
    help: `At most ${d.most} parameters are allowed.`,
  })),
  'too-many-entries': error((d: Named & { count: number; most: number }) => ({
    message: `\`${d.name}\` has ${d.count} entries`,
    help: `A tensor has at most ${d.most} entries.`,
  })),
  'empty-axis': error((d: Named & { position: number; range: string; values: string }) => ({
    message: `axis ${d.position} of \`${d.name}\` is ${d.range}, which here is ${d.values}: it has no entries`,
    help: 'Choose the sizes so that every axis has at least one entry.',
  })),
  'unknown-parameter': error((d: Named & { suggestion: string | null; known: readonly string[] }) => ({
    message: `no layer has a parameter \`${d.name}\``,
    help: didYouMean(d.suggestion, d.known, 'parameter'),
  })),
  'unused-output': warning((d: Named) => ({
    message: `nothing uses the output \`${d.name}\``,
    help: 'Bind it to an input or to the loss, or remove the layer.',
  })),
};

/** Notations: a line number is that of the other place; null where the other one is what a key that is left out means. */
const elsewhere = (line: number | null): string => (line === null ? 'unless said otherwise' : `line ${line}`);

const notations = {
  'notation-symbol-missing': error((d: { role: string; key: string; under: string }) => ({
    message: `there is no symbol for ${d.role}`,
    help: `Add \`${d.key}:\` under \`${d.under}\`.`,
  })),
  'notation-symbol-twice': error((d: Named & { first: string; second: string; line: number }) => ({
    message: `\`${d.name}\` is the symbol of ${d.first} (${elsewhere(d.line)}) and of ${d.second}, which can stand in one formula`,
    help: 'Give one of the two another symbol.',
  })),
  'notation-input-twice': error((d: Named & { line: number }) => ({
    message: `\`${d.name}\` is the symbol of the activation and of the input: one of them is on line ${d.line}`,
    help: 'Leave `input` out where the input is the activation of the input layer, or give it another symbol.',
  })),
  'notation-layers-alike': error((d: Named & { role: string; first: string; second: string; line: number }) => ({
    message: `\`${d.name}\` is the symbol of ${d.role} in ${d.first} (${elsewhere(d.line)}) and in ${d.second}: nothing tells them apart`,
    help: 'Give each layer a symbol of its own under `layers.symbols`, or the units of each layer a letter under `letters.layers`.',
  })),
  'notation-derivative-alike': error((d: Named & { made: string; derivative: string; is: string; line: number }) => ({
    message: `\`derivative: ${d.derivative}\` makes \`${d.made}\` of the derivative by \`${d.name}\` (${elsewhere(d.line)}), and \`${d.made}\` is the symbol of ${d.is}`,
    help: 'Give one of the two another symbol, or write derivatives in another way: `partial`, `nabla`.',
  })),
  'notation-derivative-letter': error((d: { is: string; line: number }) => ({
    message: `\`d\` is ${d.is}, and \`derivative: d\` (${elsewhere(d.line)}) puts it in front of what is differentiated by`,
    help: 'Use another letter, or write derivatives in another way: `partial`, `nabla`, `bar`.',
  })),
  'notation-symbol-is-letter': error((d: Named & { role: string; letter: string; line: number | null }) => ({
    message: `\`${d.name}\` is the symbol of ${d.role}, and ${d.letter} (${elsewhere(d.line)})`,
    help: 'Give one of the two another letter.',
  })),
  'notation-letter-twice': error((d: Named & { first: string; second: string; line: number | null }) => ({
    message: `\`${d.name}\` is ${d.first} (${elsewhere(d.line)}) and ${d.second}`,
    help: 'Use another letter for one of the two.',
  })),
  'notation-no-letter': error((d: Text & { subscript: boolean }) => ({
    message: `\`${d.text}\` is no letter`,
    help: `Write a single letter or the name of a Greek one, such as \`j\` or \`alpha\`${d.subscript ? ', which may have a subscript: `n_l`' : ''}.`,
  })),
  'notation-letters-missing': error((d: { given: number; wanted: number; line: number | null }) => ({
    message: d.line === null ? `these are ${d.given} letters, and formulas speak of the units of ${d.wanted} layers: the layer below, the layer itself, the one above`
      : `these are ${d.given} letters for the units of ${d.wanted} layers, with that of the input (\`layers.symbols\`, line ${d.line})`,
    help: `Give ${d.wanted} letters, that for the units of the input layer first.`,
  })),
  'notation-layer-number': error((d: { number: string; wanted: number; input: number; line: number | null }) => ({
    message: `there is no layer ${d.number} here: the input layer is ${d.input} (${elsewhere(d.line)}), and the layers above it are counted without a gap`,
    help: `Write \`${d.wanted}\`.`,
  })),
  'notation-layers-unmarked': error(() => ({
    message: 'with `mark: letters` no layer number is written, and nothing else says whose layer a symbol is',
    help: 'Give each layer symbols of its own under `layers.symbols`, or the units of each layer a letter under `letters.layers`.',
  })),
  'notation-brackets-of-nothing': error((d: { line: number }) => ({
    message: `\`brackets\` stand around layer numbers, and \`mark: letters\` (${elsewhere(d.line)}) writes none`,
    help: 'Remove `brackets`, or write `mark: superscript` or `mark: subscript`.',
  })),
  'notation-batch-turned': error((d: { vectors: string; samples: string; line: number | null }) => ({
    message: `one sample is a ${d.vectors === 'columns' ? 'column' : 'row'} (\`vectors: ${d.vectors}\`, ${elsewhere(d.line)}), and cannot be a ${d.samples === 'columns' ? 'column' : 'row'} of the matrix of all samples without a transpose`,
    help: `Write \`as: ${d.vectors}\`, or \`as: sum\` where the text has no such matrix.`,
  })),
  'notation-batch-without-matrix': error((d: { line: number | null }) => ({
    message: `these are symbols of matrices of all samples, and \`as: sum\` (${elsewhere(d.line)}) has none`,
    help: 'Remove them, or write `as: columns` or `as: rows`.',
  })),
  'notation-mean-missing': error((d: { line: number | null }) => ({
    message: `\`at\` says where the 1/m of a mean stands, and \`mean: false\` (${elsewhere(d.line)}) has none`,
    help: 'Write `mean: true`, or remove `at`.',
  })),
  'notation-sign-of-nothing': error((d: { key: string; line: number }) => ({
    message: `the sign belongs to the symbol of the signal, and there is no \`${d.key}\` under \`symbols\` (${elsewhere(d.line)})`,
    help: `Give the symbol that stands for the derivative with the other sign, \`${d.key}: delta\`, or write \`sign: 1\`.`,
  })),
  'notation-bias-nowhere': error((d: { bias: string; line: number }) => ({
    message: `\`bias: ${d.bias}\` (${elsewhere(d.line)}) folds the bias into the weights, and so into the pre-activation: the function's argument cannot have it`,
    help: 'Write `bias-in: pre-activation`, or `bias: separate` or `bias: threshold`.',
  })),
};

/** Values that a kernel or a check is given. */
const values = {
  'gather-index-out-of-range': error((d: { entry: string; value: number; lo: number; hi: number }) => ({
    message: `${d.entry} is ${d.value}: other tensors are read by it, and it must be an integer from ${d.lo} to ${d.hi}`,
    help: `Give an integer from ${d.lo} to ${d.hi}.`,
  })),
};

/** What a notation cannot say. */
const unsayable = {
  'unknown-notation': error((d: Named & { suggestion: string | null; known: readonly string[] }) => ({
    message: `there is no notation \`${d.name}\``,
    help: `${didYouMean(d.suggestion, d.known, 'notation')} A notation of your own is given by its file: ./mine.yaml.`,
  })),
  'notation-without-general-layer': error((d: { notation: string; layers: readonly number[] }) => ({
    message: `the notation ${d.notation} has letters for the layers ${listed(d.layers.map(String), 'and')} alone, and none for a layer k in general`,
    help: `Derive a network of ${d.layers.length} layers, or choose a notation that numbers its layers.`,
  })),
  'notation-without-layer': error((d: { notation: string; layer: number; layers: readonly number[] }) => ({
    message: `the notation ${d.notation} has no letters for layer ${d.layer}: it names the layers ${listed(d.layers.map(String), 'and')}`,
    help: `Derive a network of ${d.layers.length} layers, or choose a notation that numbers its layers.`,
  })),
  'notation-without-symbol': error((d: { notation: string; role: string; layer: number }) => ({
    message: `the notation ${d.notation} has no letter for the ${d.role} of layer ${d.layer}`,
    help: 'Give it one under `layers: symbols`, or choose another notation.',
  })),
  'notation-layers-look-alike': error((d: { notation: string; symbol: string; first: string; second: string; letters: readonly string[] }) => ({
    message: `in the notation ${d.notation} only the letters ${listed(d.letters, 'and')} of units tell layers apart, and ${d.first} and ${d.second} would both be written \`${d.symbol}\` with the same letters`,
    help: 'Choose a notation that numbers its layers.',
  })),
  'notation-size-of-no-layer': error((d: { notation: string; size: string; layer: string; letters: readonly string[] }) => ({
    message: `in the notation ${d.notation} only the letters ${listed(d.letters, 'and')} of units tell layers apart, and nothing would say that \`${d.size}\` is that of layer ${d.layer}`,
    help: 'Choose a notation that numbers its layers.',
  })),
  'notation-units-without-letter': error((d: { notation: string; symbol: string; tensor: string; letters: readonly string[] }) => ({
    message: `the notation ${d.notation} has the letters ${listed(d.letters, 'and')} for the units of layers, and none for those of ${d.tensor} (\`${d.symbol}\`)`,
    help: 'Derive a network with fewer layers, or choose a notation that numbers its layers.',
  })),
  'notation-ambiguous': error((d: { notation: string; symbol: string; first: string; second: string }) => ({
    message: `in the notation ${d.notation} ${d.first} and ${d.second} would both be written \`${d.symbol}\``,
    help: 'Give them different symbols in the notation, or different names in the spec.',
  })),
};

/** The command: its arguments, the files that it reads and writes. */
const command = {
  'file-unreadable': error((d: { file: string; reason: string }) => ({
    message: `${d.file} cannot be read: ${d.reason}`,
    help: 'Give the path of a YAML file that you may read.',
  })),
  'not-text': error((d: { file: string }) => ({
    message: `${d.file} is no text`,
    help: 'A spec is a YAML file in UTF-8.',
  })),
  'no-specs': error((d: { folder: string }) => ({
    message: `the folder ${d.folder} holds no .yaml file`,
    help: 'Give YAML files, or a folder that holds some.',
  })),
  'bad-usage': error((d: { message: string; help: string }) => ({ message: d.message, help: d.help })),
  'contradictory-options': error((d: { message: string; help: string }) => ({ message: d.message, help: d.help })),
  'same-output': error((d: { name: string; first: string; second: string }) => ({
    message: `${d.first} and ${d.second} would both be written to ${d.name}`,
    help: 'Give networks different names, or write them one at a time.',
  })),
  'nothing-to-derive': error((d: { file: string; kind: string }) => ({
    message: `${d.file} describes a ${d.kind}, which has no derivation of its own`,
    help: 'Give a network, a layer, a loss or an activation function: the derivation of a network shows its penalties.',
  })),
  'not-written': error((d: { file: string; reason: string }) => ({
    message: `${d.file} cannot be written: ${d.reason}`,
    help: 'Give a path that you may write to with -o.',
  })),
  'internal-error': error((d: { reason: string }) => ({
    message: `backproof has failed: ${d.reason}`,
    help: 'This is a defect of backproof, not of your files. Please report it with the file and the command line; BACKPROOF_DEBUG=1 shows where it happened.',
  })),
};

/** Formulas in LaTeX, read in a known notation. */
export const formulaWords = {
  'latex-syntax': error((d: { reason: string }) => ({
    message: `this is no LaTeX: ${d.reason}`,
    help: 'Give one formula as it stands between dollars.',
  })),
  'formula-too-long': error((d: { length: number; most: number }) => ({
    message: `the formula has ${d.length} characters`,
    help: `A formula has at most ${d.most} characters.`,
  })),
  'formula-too-deep': error((d: { most: number }) => ({
    message: 'the formula is nested too deeply',
    help: `Brackets, scripts and fractions go at most ${d.most} levels deep.`,
  })),
  'formula-defines': error((d: Text) => ({
    message: `\`${d.text}\` defines a command within a formula`,
    help: 'Put definitions into the preamble, or write the formula without them.',
  })),
  'formula-macro': error((d: Named & { most: number }) => ({
    message: `the definition of \`${d.name}\` is not one that formulas may use`,
    help: `A definition is at most ${d.most} characters long and defines nothing else.`,
  })),
  'formula-construct': error((d: Text & { type: string }) => ({
    message: `\`${d.text}\` is not understood in a formula (${d.type})`,
    help: 'Write it with letters, scripts, fractions, sums and brackets.',
  })),
  'formula-bracket': error((d: Text) => ({
    message: `the bracket \`${d.text}\` has no partner`,
    help: 'Close every bracket that is opened, with one of its kind.',
  })),
  'formula-incomplete': error((d: { wanted: string }) => ({
    message: `something is missing: ${d.wanted}`,
    help: `Write ${d.wanted}.`,
  })),
  'formula-unexpected': error((d: { what: string }) => ({
    message: `\`${d.what}\` cannot stand here`,
    help: 'A sum, a product or a relation goes on here, or the formula ends.',
  })),
  'number-cut': error((d: Text) => ({
    message: `the number ${d.text}… leaves digits out`,
    help: 'Write the number in full, or give it a name.',
  })),
  'unknown-formula-symbol': error((d: Text & { suggestion: string | null; known: readonly string[] }) => ({
    message: `nothing here is written \`${d.text}\``,
    help: didYouMean(d.suggestion, d.known, 'symbol'),
  })),
  'ambiguous-symbol': error((d: Text & { meanings: readonly string[] }) => ({
    message: `\`${d.text}\` may be ${listed(d.meanings)}`,
    help: 'Give these things different symbols, or mark the layer.',
  })),
  'unknown-formula-index': error((d: Text & { known: readonly string[] }) => ({
    message: `the index \`${d.text}\` stands on one side only, or no sum binds it`,
    help: d.known.length === 0 ? 'Sum over it, or write it on the left side too.' : `Known here: ${listed(d.known, 'and')}.`,
  })),
  'wrong-subscripts': error((d: Text & { count: number; axes: readonly string[] }) => ({
    message: `\`${d.text}\` has ${d.count} ${d.count === 1 ? 'index' : 'indices'} here`,
    help: d.axes.length === 0 ? 'It has none.' : `It has ${d.axes.length}: ${listed(d.axes, 'and')}.`,
  })),
  'not-an-index': error((d: Text) => ({
    message: `\`${d.text}\` is no index`,
    help: 'An index is a sum of letters, sizes and whole numbers, or an entry that holds whole numbers.',
  })),
  'layer-missing': error((d: Text & { example: string }) => ({
    message: `\`${d.text}\` does not say of which layer`,
    help: `Write it as \`${d.example}\`.`,
  })),
  'not-a-layer': error((d: Text & { letters: readonly string[] }) => ({
    message: `\`${d.text}\` is no layer number`,
    help: `A layer is a whole number, or ${listed(d.letters)} with a whole number added.`,
  })),
  'unclear-superscript': error((d: Text & { meanings: readonly string[] }) => ({
    message: `the superscript of \`${d.text}\` may be ${listed(d.meanings)}`,
    help: 'Put what is raised to a power in brackets.',
  })),
  'no-power': error((d: Text) => ({
    message: `\`${d.text}\` is no exponent`,
    help: 'An exponent is a number; e may have any.',
  })),
  'formula-zero': error(() => ({
    message: 'this divides by 0',
    help: 'Divide by something else.',
  })),
  'range-unknown': error((d: Text) => ({
    message: `nothing says how far \`${d.text}\` runs`,
    help: `Write the range: \`${d.text} = 1\` below and its end above.`,
  })),
  'ranges-disagree': error((d: Text & { ranges: readonly string[] }) => ({
    message: `\`${d.text}\` indexes axes of different ranges: ${listed(d.ranges, 'and')}`,
    help: 'Write the range at the operator, or use another letter.',
  })),
  'shapes': error((d: { operation: string; left: string; right: string }) => ({
    message: `these shapes do not ${d.operation}: ${d.left} and ${d.right}`,
    help: 'Transpose one of them, use another sign of multiplication, or another order.',
  })),
  'no-shape': error((d: { what: string; shape: string; wanted: string }) => ({
    message: `${d.what} is ${d.shape}`,
    help: `Here it must be ${d.wanted}.`,
  })),
  'length-unknown': error((d: Text) => ({
    message: `nothing says how long \`${d.text}\` is`,
    help: 'Multiply it by, or add it to, something of a known length.',
  })),
  'not-expressible': error((d: Text & { reason: string }) => ({
    message: `\`${d.text}\` cannot be read: ${d.reason}`,
    help: 'Write it in components, or leave it to the reader.',
  })),
  'maximum-unknown': error((d: Text) => ({
    message: `no tensor holds the place of the extreme value \`${d.text}\``,
    help: 'Name the place: \`i_j = \\arg\\max_l x_{jl}\`.',
  })),
};

export const catalogue = { ...files, ...structure, ...names, ...expressions, ...specs, ...networks, ...notations, ...unsayable, ...values, ...command, ...formulaWords };

export type Code = keyof typeof catalogue;
export type DataOf<C extends Code> = Parameters<(typeof catalogue)[C]['words']>[0];
