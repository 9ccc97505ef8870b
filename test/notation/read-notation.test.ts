// Notation files: the shipped ones are read and say where they are from; bad ones are refused, with the two places that contradict.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { catalogue } from '../../src/diagnostics/catalogue.ts';
import { type Diagnostic, DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { renderDiagnostic } from '../../src/diagnostics/frame.ts';
import type { Derivation } from '../../src/derive/derivation.ts';
import { signalNames } from '../../src/notation/derivation-options.ts';
import type { NotationSpec } from '../../src/notation/notation-spec.ts';
import { readNotation } from '../../src/notation/read-notation.ts';
import { shippedNotation, shippedNotationNames, shippedNotations } from '../../src/notation/shipped-notations.ts';
import { translateDerivation } from '../../src/notation/translation.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { fits, type Json } from '../spec/schema-check.ts';
import { derivationOf } from './derivations.ts';

const folder = 'specs/notations';
const files = readdirSync(folder).map((name) => ({ name: name.replace('.yaml', ''), text: readFileSync(`${folder}/${name}`, 'utf8') }));
const schema = JSON.parse(readFileSync('specs/schema/notation.schema.json', 'utf8')) as Json;

function refusals(text: string): readonly Diagnostic[] {
  try {
    readNotation({ file: 'n.yaml', text });
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
}

const told = (text: string): readonly string[] => refusals(text).map((d) => `${d.place?.line}:${d.place?.column} ${d.code}`);

describe('the shipped notations', () => {
  test.each(files)('$name', ({ name, text }) => {
    const spec = readNotation({ file: `${folder}/${name}.yaml`, text });
    expect(spec.name).toBe(name);
    const [first, second, third] = text.split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../schema/notation.schema.json');
    expect(second).toMatch(/^# \S.{20,}\.$/);
    expect(third).toBe(`notation: ${name}`);
    expect(fits(schema, parse(text) as Json)).toBe(true);
    // The article is not public under an address of its own.
    if (name !== 'article') expect(spec.source.url ?? spec.source.quoted).not.toBe(null);
  });

  test('by name', () => {
    expect(shippedNotationNames()).toEqual(files.map(({ name }) => name).sort());
    expect(shippedNotationNames().length).toBeGreaterThanOrEqual(8);
    expect(shippedNotations().map(({ name }) => name)).toEqual(shippedNotationNames());
    expect(shippedNotation('bishop')).toBe(shippedNotation('bishop'));
    expect(shippedNotation('bishop')?.place).toMatchObject({ file: 'specs/notations/bishop.yaml', line: 3 });
    expect([shippedNotation('none'), shippedNotation('../layers/dense')]).toEqual([null, null]);
  });

  test.each([
    // Weights and how they lead; the input layer; δ from the layer above or below; vectors; layout; product; bias; sign.
    ['article', 'to-from into 0 down columns numerator diag separate 1'],
    ['nielsen', 'to-from into 1 up columns denominator ⊙ separate 1'],
    ['bishop', 'to-from into 0 up columns denominator ⊙ first 1'],
    ['ng', 'to-from into 0 down columns denominator * separate 1'],
    ['ufldl', 'to-from out-of 1 up columns denominator • separate 1'],
    ['cs224n', 'from-to into 0 down rows denominator ∘ separate 1'],
    ['cs224n-columns', 'to-from into 0 down columns mixed ∘ separate 1'],
    ['d2l', 'to-from into 0 down columns denominator ⊙ separate 1'],
    ['zhou', 'from-to into 0 down columns denominator ⊙ threshold -1'],
    ['goodfellow', 'to-from into 0 down columns denominator ⊙ separate 1'],
    ['hagan', 'to-from into 0 up columns denominator diag separate 1'],
    ['haykin', 'to-from into 0 up columns denominator ⊙ first -1'],
    ['sciml', 'to-from into 0 down columns denominator .* separate 1'],
  ])('%s: %s', (name, facts) => {
    const { weights, layers, vectors, layout, product, bias, signal } = shippedNotation(name)!;
    expect([weights, layers.weights, layers.input, layers.recursion, vectors, layout, product, bias, signal.sign].join(' ')).toBe(facts);
  });

  test('layers with letters of their own', () => {
    expect(shippedNotation('zhou')!.layers.symbols).toEqual(new Map([
      [1, { weights: 'v', bias: 'gamma', 'pre-activation': 'alpha', activation: 'b', signal: 'e' }],
      [2, { weights: 'w', bias: 'theta', 'pre-activation': 'beta', activation: 'y_hat', signal: 'g' }],
    ]));
  });
});

/** Fourteen lines; what is added begins on line 15. */
const base = `notation: example
title: An example
source: { text: A text, place: chapter 1 }
symbols:
  weights: W
  bias: b
  pre-activation: a
  activation: z
  activation-function: h
  loss: E
  signal: delta
  input: x
  target: t
  output: y
`;
const plus = (...lines: readonly string[]): string => `${base}${lines.join('\n')}\n`;
const without = (...keys: readonly string[]): string => base.split('\n').filter((line) => !keys.includes(line.trim().split(':')[0] ?? '')).join('\n');
const put = (key: string, value: string): string => base.replace(new RegExp(`^( *${key}): .*$`, 'm'), `$1: ${value}`);
const own = (first: string, second: string): string => `    1: { ${first} }\n    2: { ${second} }`;
const pair = own('weights: V, bias: c, pre-activation: u, activation: p, signal: gamma', 'weights: U, bias: d, pre-activation: v, activation: q, signal: epsilon');
const lettered = `${without('weights', 'bias', 'pre-activation', 'activation', 'signal')}layers:\n  mark: letters\n  symbols:\n${pair}\n`;

describe('what a file leaves out is neutral', () => {
  test('everything', () => {
    expect(readNotation({ file: 'n.yaml', text: without('input', 'output', 'signal') })).toEqual({
      name: 'example', title: 'An example', source: { text: 'A text', place: 'chapter 1', url: null, quoted: null },
      place: { file: 'n.yaml', line: 1, column: 11, endLine: 1, endColumn: 18 },
      symbols: { weights: 'W', bias: 'b', 'pre-activation': 'a', activation: 'z', 'activation-function': 'h', loss: 'E', target: 't' },
      letters: { units: [], layers: [], layer: 'k', last: 'N', sample: 's', samples: 'samples' },
      layers: { mark: 'superscript', brackets: 'round', input: 0, weights: 'into', recursion: 'down', forward: 'own', symbols: new Map() },
      functions: 'each', weights: 'to-from', vectors: 'columns', layout: 'denominator', product: '⊙', dot: false, transpose: 'T', derivative: 'partial',
      bold: false, bias: 'separate', biasIn: 'pre-activation', signal: { of: 'a', sign: 1 },
      samples: { as: 'sum', mean: false, at: 'gradient', symbols: {} }, kronecker: false,
    });
  });

  test.each([
    ['letters of layers', lettered],
    ['folded weights of the same letter', plus('bias: last').replace('  output: y\n', '  output: y\n  augmented-weights: W\n  augmented-input: z\n')],
    ['a folded bias needs no symbol', without('bias') + 'bias: first\n'],
    ['an output that is the last activation', put('output', 'z')],
    ['an output that is what the last layer has of its own', plus('layers: { symbols: { 1: { activation: g }, 2: { pre-activation: y } } }')],
    ['layers told apart by the letters of their units', plus('letters: { layers: [i, j, p] }', 'layers: { mark: letters }')],
    ['letters of layers and of their units', `${lettered.replaceAll('V', 'W').replaceAll('U', 'W')}letters: { layers: [i, j, l] }\n`],
    ['letters that no formula of the file has', lettered.replace('bias: c', 'bias: k').replace('bias: d', 'bias: N')],
    ['a symbol that one layer alone lacks', lettered.replace('weights: U, ', '').replace('  activation-function', '  weights: U\n  activation-function')],
    ['a matrix with the letter of its columns', `${lettered}samples: { as: columns, symbols: { input: x } }\n`],
    ['subscripts of sizes', plus('letters: { layer: l, last: n_l, samples: n_1, sample: mu, units: [alpha, ä] }')],
    ['rows of rows', plus('vectors: rows', 'samples: { as: rows, mean: true, at: signal, symbols: { input: X } }')],
    ['a minus sign for outputs', plus('signal: { of: z, sign: -1 }').replace('signal: delta', 'output-signal: delta')],
    ['derivatives with d', plus('derivative: d', "product: '*'", 'dot: true', 'bias: threshold', 'bias-in: function')],
  ])('accepted: %s', (_, text) => {
    expect(refusals(text)).toEqual([]);
    expect(fits(schema, parse(text) as Json)).toBe(true);
  });
});

/** What is wrong, the file, and what is told: `line:column code`, in the order of the file. */
const bad: readonly (readonly [string, string, readonly string[]])[] = [
  // The form.
  ['no YAML', 'notation: [', ['1:12 yaml-syntax']],
  ['a network', 'network: example\ninput: 3\n', ['1:1 wrong-kind']],
  ['a list', '- 1\n', ['1:1 wrong-type']],
  ['a misspelt key', plus('vektors: rows'), ['15:1 unknown-key']],
  ['a misspelt role', base.replace('  target:', '  targets:'), ['13:3 unknown-key']],
  ['an unknown choice', plus('product: x'), ['15:10 bad-value']],
  ['a number for a text', put('weights', '1'), ['5:12 wrong-type']],
  ['a text for a choice of two', plus('dot: maybe'), ['15:6 wrong-type']],
  ['an input layer of 2', plus('layers: { input: 2 }'), ['15:18 bad-value']],
  ['a sign of 2', plus('signal: { sign: 2 }'), ['15:17 bad-value']],
  ['no source', without('source'), ['1:1 missing-key']],
  ['no address', base.replace('place: chapter 1', 'place: chapter 1, url: a library'), ['3:48 bad-value']],
  ['a capital name', put('notation', 'Example'), ['1:11 bad-spec-name']],
  ['a symbol that is no name', put('weights', 'W^'), ['5:12 bad-name']],
  ['a symbol that is a function', put('activation-function', 'tanh'), ['9:24 bad-name']],
  ['weights of all samples', plus('samples: { as: columns, symbols: { weights: W } }'), ['15:36 unknown-key']],
  ['a loss of one layer', plus('layers: { symbols: { 1: { loss: L } } }'), ['15:27 unknown-key']],
  // Symbols.
  ['no loss', without('loss'), ['4:1 notation-symbol-missing']],
  ['no bias', without('bias'), ['4:1 notation-symbol-missing']],
  ['no bias in one layer', lettered.replace('bias: d, ', ''), ['14:5 notation-symbol-missing']],
  ['no target of letters', lettered.replace('  target: t\n', ''), ['4:1 notation-symbol-missing']],
  ['weights and pre-activation', put('pre-activation', 'W'), ['7:19 notation-symbol-twice']],
  ['target and output', put('output', 't'), ['14:11 notation-symbol-twice']],
  ['target and output of the last layer', lettered.replace('activation: q', 'activation: t'), ['14:62 notation-symbol-twice']],
  ['input and activation', put('input', 'z'), ['12:10 notation-input-twice']],
  ['folded weights beside others', base.replace('  input:', '  augmented-weights: W\n  input:'), ['12:22 notation-symbol-twice']],
  ['an output that is the pre-activation of all layers', put('output', 'a'), ['14:11 notation-symbol-twice']],
  ['a matrix and a vector', plus('samples: { as: columns, symbols: { activation: W } }'), ['15:48 notation-symbol-twice']],
  ['two matrices', plus('samples: { as: columns, symbols: { activation: X, input: X } }'), ['15:58 notation-input-twice']],
  ['a symbol of one layer and another of the next', plus('layers: { symbols: { 1: { activation: g }, 2: { pre-activation: g } } }'), ['15:65 notation-symbol-twice']],
  ['two layers', lettered.replace('weights: U', 'weights: V'), ['14:19 notation-layers-alike']],
  ['two layers with symbols for all', plus('layers: { symbols: { 1: { activation: g }, 2: { activation: g } } }'), ['15:61 notation-layers-alike']],
  ['one symbol for all letters', base.replace('  output: y\n', '  output: y\nlayers: { mark: letters, symbols: { 1: { weights: U }, 2: { weights: V } } }\n'),
    ['6:9 notation-layers-alike', '7:19 notation-layers-alike', '8:15 notation-layers-alike', '11:11 notation-layers-alike']],
  ['one symbol for one letter and all others', lettered.replace('  loss: E', '  activation: p\n  loss: E'), ['14:62 notation-layers-alike']],
  ['one matrix for all letters', `${lettered}samples: { as: columns, symbols: { signal: X } }\n`, ['15:44 notation-layers-alike']],
  ['dz', plus('derivative: d').replace('output: y', 'output: dz'), ['14:11 notation-derivative-alike']],
  ['z with a bar', plus('derivative: bar').replace('output: y', 'output: z_bar'), ['14:11 notation-derivative-alike']],
  ['a target d', plus('derivative: d').replace('target: t', 'target: d'), ['13:11 notation-derivative-letter']],
  ['a unit d', plus('derivative: d', 'letters: { units: [i, d] }'), ['16:23 notation-derivative-letter']],
  // Letters.
  ['a symbol and a layer', plus('letters: { layer: h }'), ['9:24 notation-symbol-is-letter']],
  ['a symbol and the last layer', put('bias', 'N'), ['6:9 notation-symbol-is-letter']],
  ['a symbol and a unit', plus('letters: { units: [b, c] }'), ['6:9 notation-symbol-is-letter']],
  ['a symbol and the units of a layer', plus('letters: { layers: [i, j, x] }'), ['12:10 notation-symbol-is-letter']],
  ['a symbol and the number of samples', plus('letters: { samples: t }'), ['13:11 notation-symbol-is-letter']],
  ['a symbol and the sample, unsaid', put('signal', 's'), ['11:11 notation-symbol-is-letter']],
  ['a letter for units and the layer, unsaid', plus('letters: { units: [i, k] }'), ['15:23 notation-letter-twice']],
  ['a unit twice', plus('letters: { units: [i, i] }'), ['15:23 notation-letter-twice']],
  ['the units of two layers', plus('letters: { layers: [i, j, i] }'), ['15:27 notation-letter-twice']],
  ['a layer and a sample', plus('letters: { layer: l, sample: l }'), ['15:30 notation-letter-twice']],
  ['the last layer and all samples', plus('letters: { samples: N }'), ['15:21 notation-letter-twice']],
  ['a word for a unit', plus('letters: { units: [row] }'), ['15:20 notation-no-letter']],
  ['a subscript for a layer', plus('letters: { layer: n_l }'), ['15:19 notation-no-letter']],
  ['two subscripts', plus('letters: { last: n_l_m }'), ['15:18 notation-no-letter']],
  ['a word below', plus('letters: { last: n_foo }'), ['15:18 notation-no-letter']],
  ['a word for the number of samples', plus('letters: { samples: many }'), ['15:21 notation-no-letter']],
  ['two ways to name units', plus('letters: { units: [i, j], layers: [p, q, r] }'), ['15:27 keys-exclude']],
  ['too few letters for a generic layer', plus('letters: { layers: [i, j] }'), ['15:20 notation-letters-missing']],
  ['too few letters for three layers', `${lettered}letters: { layers: [i, j] }\n`, ['15:20 notation-letters-missing']],
  ['too few letters for four layers', plus('letters: { layers: [i, j, p] }', 'layers: { symbols: { 1: { activation: f }, 2: { activation: g }, 3: { activation: q } } }'),
    ['15:20 notation-letters-missing']],
  // Layers.
  ['letters without any', plus('layers: { mark: letters }'), ['15:17 notation-layers-unmarked']],
  ['brackets around nothing', lettered.replace('mark: letters', 'mark: letters\n  brackets: round'), ['12:13 notation-brackets-of-nothing']],
  ['a gap', lettered.replace('    2:', '    3:'), ['14:5 notation-layer-number']],
  ['an input layer with a weight', lettered.replace('mark: letters', 'mark: letters\n  input: 1'), ['14:5 notation-layer-number']],
  ['a word for a layer', lettered.replace('    2:', '    two:'), ['14:5 notation-layer-number']],
  ['a zero in front', lettered.replace('    2:', '    02:'), ['14:5 notation-layer-number']],
  // Options.
  ['columns as rows', plus('samples: { as: rows }'), ['15:16 notation-batch-turned']],
  ['rows as columns', plus('vectors: rows', 'samples: { as: columns }'), ['16:16 notation-batch-turned']],
  ['matrices of no samples', plus('samples: { symbols: { input: X } }'), ['15:12 notation-batch-without-matrix']],
  ['a place for no mean', plus('samples: { mean: false, at: signal }'), ['15:29 notation-mean-missing']],
  ['a sign of nothing', `${without('signal')}signal: { sign: -1 }\n`, ['14:17 notation-sign-of-nothing']],
  ['a sign of the other signal', plus('signal: { of: z, sign: -1 }'), ['15:24 notation-sign-of-nothing']],
  ['a folded bias in the function', plus('bias: last', 'bias-in: function'), ['16:10 notation-bias-nowhere']],
];

/** What a sound notation cannot say of some networks: refused when it should. */
const unsayable: readonly (readonly [string, () => NotationSpec, () => Derivation, string])[] = [
  ['layer k, where each layer has letters', () => shippedNotation('zhou')!, () => derivationOf('layers/dense.yaml'), 'notation-without-general-layer'],
  ['four layers, where two have letters', () => shippedNotation('zhou')!, () => derivationOf('networks/article.yaml', false), 'notation-without-layer'],
  ['weights with the bias folded in, without a symbol', () => shippedNotation('zhou')!, () => folded('networks/xor.yaml'), 'notation-without-symbol'],
  ['activations with and without a 1 that look alike', () => readNotation({ file: 'n.yaml', text: plus('bias: first').replace('  input: x', '  augmented-input: z') }), () => folded('networks/xor.yaml'),
    'notation-ambiguous'],
  ['two layers with the same units, told apart by the letters of units', () => shippedNotation('bishop')!, () => derivationOf('networks/softmax.yaml'), 'notation-layers-look-alike'],
  ['more layers than letters of units', () => shippedNotation('bishop')!, () => derivationOf('networks/article.yaml', false), 'notation-units-without-letter'],
  ['a size of a layer that no letter of units tells', () => shippedNotation('bishop')!, () => derivationOf('layers/maxout.yaml'), 'notation-size-of-no-layer'],
];

const folded = (file: string): Derivation => deriveSpec({ file: `specs/${file}`, text: readFileSync(`specs/${file}`, 'utf8') }, shippedLibrary, { bias: 'augmented', general: false });

describe('what a notation cannot say is refused', () => {
  test.each(unsayable)('%s', (_, spec, derivation, code) => {
    const own = derivation();
    let found: readonly Diagnostic[] = [];
    try {
      translateDerivation(own, spec(), signalNames(own, spec()));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      found = error.diagnostics;
    }
    expect(found.map((d) => d.code)).toEqual([code]);
    for (const { help } of found) expect(help).toMatch(/^.{8,}[.?]$/);
  });
});

describe('bad files are refused', () => {
  test.each(bad)('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
    for (const { help } of refusals(text)) expect(help).toMatch(/^.{8,}[.?]$/);
  });

  test('every code of notations has a case', () => {
    const shown = new Set([...bad.flatMap(([, , expected]) => expected.map((line) => line.split(' ')[1])), ...unsayable.map(([, , , code]) => code)]);
    expect(Object.keys(catalogue).filter((code) => code.startsWith('notation-') && !shown.has(code))).toEqual([]);
  });

  test('all errors at once', () => {
    expect(told(plus('samples: { as: rows }', 'letters: { units: [row, t] }').replace('loss: E', 'loss: W'))).toEqual([
      '10:9 notation-symbol-twice', '13:11 notation-symbol-is-letter', '15:16 notation-batch-turned', '16:20 notation-no-letter',
    ]);
  });

  test('editors refuse plain slips, too', () => {
    for (const text of [plus('vektors: rows'), plus('product: x'), put('weights', 'W^'), plus('letters: { units: [row2] }'), without('source'), plus('layers: { input: 2 }')]) {
      expect(fits(schema, parse(text) as Json)).toBe(false);
    }
  });
});

describe('a refusal names the two places and what would be right', () => {
  const shown = (text: string): string => renderDiagnostic(refusals(text)[0]!, new Map([['n.yaml', text]]));

  test('in the frame of the file', () => {
    expect(shown(put('pre-activation', 'W'))).toBe([
      'n.yaml:7:19: error[notation-symbol-twice]: `W` is the symbol of the weights (line 5) and of the pre-activation, which can stand in one formula',
      '   5 |   weights: W',
      '   6 |   bias: b',
      '>  7 |   pre-activation: W',
      '     |                   ^',
      '   8 |   activation: z',
      '   9 |   activation-function: h',
      '  10 |   loss: E',
      'help: Give one of the two another symbol.',
    ].join('\n'));
  });

  test.each([
    [plus('vektors: rows'), 'there is no key `vektors` here', 'Did you mean `vectors`?'],
    [base.replace('  output:', '  ouput:'), 'there is no key `ouput` here', 'Did you mean `output`?'],
    [plus('layers: { marks: superscript }'), 'there is no key `marks` here', 'Did you mean `mark`?'],
    [put('input', 'z'), '`z` is the symbol of the activation and of the input: one of them is on line 8',
      'Leave `input` out where the input is the activation of the input layer, or give it another symbol.'],
    [lettered.replace('weights: U', 'weights: V'), '`V` is the symbol of the weights in layer 1 (line 13) and in layer 2: nothing tells them apart',
      'Give each layer a symbol of its own under `layers.symbols`, or the units of each layer a letter under `letters.layers`.'],
    [lettered.replace('bias: d, ', ''), 'there is no symbol for the bias of layer 2', 'Add `bias:` under `layers.symbols.2`.'],
    [plus('derivative: d').replace('output: y', 'output: dz'), '`derivative: d` makes `dz` of the derivative by `z` (line 8), and `dz` is the symbol of the output',
      'Give one of the two another symbol, or write derivatives in another way: `partial`, `nabla`.'],
    [put('signal', 's'), '`s` is the symbol of the signal, and the letter for a sample (unless said otherwise)', 'Give one of the two another letter.'],
    [plus('letters: { layer: l, sample: l }'), '`l` is the letter for a layer (line 15) and the letter for a sample', 'Use another letter for one of the two.'],
    [`${lettered}letters: { layers: [i, j] }\n`, 'these are 2 letters for the units of 3 layers, with that of the input (`layers.symbols`, line 12)',
      'Give 3 letters, that for the units of the input layer first.'],
    [lettered.replace('    2:', '    3:'), 'there is no layer 3 here: the input layer is 0 (unless said otherwise), and the layers above it are counted without a gap', 'Write `2`.'],
    [plus('vectors: rows', 'samples: { as: columns }'),
      'one sample is a row (`vectors: rows`, line 15), and cannot be a column of the matrix of all samples without a transpose',
      'Write `as: rows`, or `as: sum` where the text has no such matrix.'],
    [plus('samples: { mean: false, at: signal }'), '`at` says where the 1/m of a mean stands, and `mean: false` (line 15) has none', 'Write `mean: true`, or remove `at`.'],
  ])('%#', (text, message, help) => {
    expect(refusals(text)[0]).toMatchObject({ message, help });
  });
});
