// How networks are put together: numbers, bindings, sizes, forms of the bias, penalties.

import { describe, expect, test } from 'vitest';
import { affineKey, size } from '../../src/algebra/affine.ts';
import { add, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { layerK, layerNumber } from '../../src/algebra/layer.ts';
import { rational } from '../../src/algebra/rational.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { instantiate } from '../../src/spec/instantiate.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Axis, Network } from '../../src/spec/network.ts';
import { kindOf, readActivation, readLayer, readNetwork } from '../../src/spec/read.ts';
import { showRange } from '../../src/spec/show.ts';
import { entryKey, forward, noise, valueOf } from './value.ts';

const read = (text: string, overrides: Parameters<typeof readNetwork>[2] = {}): Network =>
  readNetwork({ file: 'network.yaml', text }, shippedLibrary, overrides);

const shipped = (name: string): { file: string; text: string } => shippedLibrary('layers', name)!;

const shapes = (network: Network): Readonly<Record<string, string>> => Object.fromEntries([...network.system.declarations]
  .map(([key, { axes }]) => [key, axes.map(({ index, range }) => `${index}=${showRange(range)}`).join(' ')]));

const codes = (f: () => unknown): readonly string[] => {
  try {
    f();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
};

const short = (layers: readonly string[], more = ''): string =>
  `network: example\ninput: 3\nlayers:\n${layers.map((l) => `  - ${l}\n`).join('')}loss: half-squared-error\n${more}`;

describe('a plain list of layers', () => {
  test('numbers the layers from 1 and binds each input to the output in front of it', () => {
    const network = read(short(['4 tanh', '2 sigmoid']));
    expect(shapes(network)).toEqual({
      'x@': 'j=1..inputs',
      'W@1': 'i=1..units^(1) j=1..inputs', 'b@1': 'i=1..units^(1)', 'z@1': 'i=1..units^(1)', 'a@1': 'i=1..units^(1)',
      'W@2': 'i=1..units^(2) j=1..units^(1)', 'b@2': 'i=1..units^(2)', 'z@2': 'i=1..units^(2)', 'a@2': 'i=1..units^(2)',
      't@': 'i=1..units^(2)', 'L@': '',
    });
    expect(network.system.sizes).toEqual(new Map([['n:inputs@', 3], ['n:units@1', 4], ['n:units@2', 2]]));
    expect(network.system.equations.map((e) => tensorKey(e.tensor))).toEqual(['a@1', 'z@1', 'a@2', 'z@2', 'L@']);
    expect(network.system.equations.map((e) => e.text)[0]).toBe('a[i]: sum(j, W[i, j] * x[j]) + b[i]');
    expect([...network.system.slots].map(([key, h]) => `${key} ${h.name}`)).toEqual(['h@1 tanh', 'h@2 sigmoid']);
    expect(network.system.instances.map((i) => i.preActivations.map(tensorKey))).toEqual([['a@1'], ['a@2']]);
    expect([network.inputs, network.targets, network.outputs].map((l) => l.map(tensorKey))).toEqual([['x@'], ['t@'], ['z@2']]);
    expect([network.reduction, network.signal, network.bias, network.precision]).toEqual(['sum', 'a', 'separate', 'f64']);
  });

  test('shared tensors are shared by the samples, the others are not', () => {
    const { system } = read(short(['4 tanh']));
    expect([...system.declarations].filter(([, d]) => !d.perSample).map(([key]) => key)).toEqual(['W@1', 'b@1']);
  });

  test.each([
    ['4 leaky-relu(alpha=0.25)'], ['dense 4 leaky-relu( alpha = 0.25 )'], ['{ layer: dense, units: 4, h: leaky-relu(alpha=0.25) }'],
    ['{ layer: dense, units: 4, h: { use: leaky-relu, alpha: 0.25 } }'],
  ])('a constant of an activation function is given as in %s', (line) => {
    const h = read(short([line])).system.slots.get('h@1')!;
    expect(valueOf(h.body, { sizes: new Map(), symbols: new Map([['a', -2]]), entry: () => NaN })).toBe(-0.5);
    expect(h.name).toBe('leaky-relu(alpha=1/4)');
  });
});

describe('layers by name', () => {
  const text = `
network: example
inputs: { x: [2, 3], u: 3 }
instances:
  last: { layer: dense, units: 2, h: identity, in: sum.z }
  sum: { layer: add, in: { a: rows, b: u } }
  rows: { layer: rows, scale: 0.5, in: x }
  first: { layer: dense, units: 3, h: tanh, in: u }
loss: { use: two, y: last, v: first.z }
define:
  layers:
    - layer: add
      axes: { i: n }
      input: { a: [n], b: [n] }
      output: { z: [i] }
      equations: { "z[i]": "a[i] + b[i]" }
    - layer: rows
      axes: { r: rows, c: columns }
      input: { m: [rows, columns] }
      output: { z: [c] }
      constants: { scale: 1 }
      equations: { "z[c]": "scale * sum(r, m[r, c])" }
  losses:
    - loss: two
      axes: { i: n, j: 0..m - 1 }
      input: { y: [n], v: [j] }
      target: { t: [n], s: [j] }
      expression: sum(i, (y[i] - t[i])^2) + sum(j, (v[j] - s[j])^2)
`;

  test('are numbered after what feeds them, in the order of the file where there is a choice', () => {
    expect(read(text).system.instances.map((i) => `${i.layer.offset} ${i.name ?? ''} ${i.kind}`))
      .toEqual(['1 rows rows(scale=1/2)', '2 sum add', '3 last dense', '4 first dense']);
  });

  test('sizes that meet become one: whoever is bound later is written by what was there', () => {
    const network = read(text);
    expect(shapes(network)).toMatchObject({
      'x@': 'r=1..rows c=1..columns', 'u@': 'i=1..columns', 'z@1': 'c=1..columns', 'z@2': 'i=1..columns',
      'W@3': 'i=1..units^(3) j=1..columns', 'W@4': 'i=1..units^(4) j=1..columns',
      't@': 'i=1..units^(3)', 's@': 'j=0..units^(4)-1',
    });
    expect(network.system.sizes).toEqual(new Map([['n:rows@', 2], ['n:columns@', 3], ['n:units@3', 2], ['n:units@4', 3]]));
  });

  test('an index with another base is shifted, and hyperparameters have their values', () => {
    const network = read(text);
    const values = forward(network, (t, indices) => noise(entryKey(t, indices)));
    const at = (key: string): number => values.get(key)!;
    const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
    const sum = range(3).map((c) => 0.5 * (at(`x@[1,${c}]`) + at(`x@[2,${c}]`)) + at(`u@[${c}]`));
    const y = range(2).map((i) => range(3).reduce((s, j) => s + at(`W@3[${i},${j}]`) * sum[j - 1]!, at(`b@3[${i}]`)));
    const v = range(3).map((i) => Math.tanh(range(3).reduce((s, j) => s + at(`W@4[${i},${j}]`) * at(`u@[${j}]`), at(`b@4[${i}]`))));
    const loss = y.reduce((s, value, i) => s + (value - at(`t@[${i + 1}]`)) ** 2, 0) + v.reduce((s, value, i) => s + (value - at(`s@[${i}]`)) ** 2, 0);
    expect(at('L@[]')).toBeCloseTo(loss, 12);
  });

  test('a loss that does not say what it compares takes the one output that nothing uses', () => {
    const network = read('network: n\ninputs: { x: 2 }\ninstances:\n  b: { layer: dense, units: 1, h: tanh, in: a }\n  a: { layer: dense, units: 3, h: tanh, in: x }\nloss: absolute\n');
    expect(network.outputs.map(tensorKey)).toEqual(['z@2']);
  });
});

describe('sizes', () => {
  const window = `define:
  layers:
    - layer: window
      axes: { t: 1..n-width+1, s: 1..width }
      input: { x: [n] }
      output: { z: [t] }
      parameters: { w: [width] }
      equations: { "z[t]": "sum(s, w[s] * x[t + s - 1])" }
`;

  test('follow through layers that shorten what they are given', () => {
    const network = read(short(['{ layer: window, width: 2 }', '{ layer: window, width: 1 }', '2 tanh'], window));
    expect(shapes(network)).toMatchObject({
      'z@1': 't=1..inputs-width^(1)+1', 'z@2': 't=1..inputs-width^(1)-width^(2)+2', 'W@3': 'i=1..units^(3) j=1..inputs-width^(1)-width^(2)+2',
    });
  });

  test('that a fixed shape asks for are solved, or contradicted', () => {
    const three = (width: string): string => short([`{ layer: window${width} }`, 'three'], `${window}    - layer: three
      axes: { i: 1..2 }
      input: { x: [2] }
      output: { z: [i] }
      equations: { "z[i]": "x[i]" }
`);
    expect(codes(() => read(three(', width: 2')))).toEqual([]);
    expect(codes(() => read(three(', width: 1')))).toEqual(['shape-mismatch']);
    expect(codes(() => read(three('')))).toEqual(['missing-size']);
  });

  test('of 10,001 layers, or of axes beyond the limit, are refused', () => {
    expect(codes(() => read(short(Array.from({ length: 10_001 }, () => '1 tanh'))))).toEqual(['too-many-layers']);
    const outer = `define:
  layers:
    - layer: outer
      axes: { i: n, j: n }
      input: { x: [n] }
      output: { z: [n] }
      equations: { "y[i, j]": "x[i] * x[j]", "z[i]": "sum(j, y[i, j])" }
`;
    expect(codes(() => read(short(['20000 tanh', 'outer'], outer)))).toEqual(['too-many-entries']);
  });
});

describe('forms of the bias', () => {
  test('an override replaces each layer by its counterpart, in both directions, and what has none stays', () => {
    const kinds = (network: Network): readonly string[] => network.system.instances.map((i) => i.kind);
    const text = short(['4 tanh', 'double', '2 tanh'], `define:
  layers:
    - layer: double
      axes: { i: n }
      input: { x: [n] }
      output: { z: [n] }
      equations: { "z[i]": "2 * x[i]" }
`);
    expect(kinds(read(text))).toEqual(['dense', 'double', 'dense']);
    expect(kinds(read(text, { bias: 'augmented' }))).toEqual(['dense-augmented', 'double', 'dense-augmented']);
    const augmented = text.replaceAll('tanh', 'tanh').replace('- 4', '- dense-augmented 4').replace('- 2', '- dense-augmented 2');
    expect(kinds(read(augmented))).toEqual(['dense-augmented', 'double', 'dense-augmented']);
    expect(read(augmented).bias).toBe('augmented');
    expect(kinds(read(augmented, { bias: 'separate' }))).toEqual(['dense', 'double', 'dense']);
    expect(kinds(read(`${augmented}bias: separate\n`))).toEqual(['dense', 'double', 'dense']);
  });

  test('the correspondence says that W is W̃ without column 0, and b is column 0', () => {
    const { correspondence } = read(short(['4 tanh', '2 tanh']), { bias: 'augmented' });
    expect(correspondence.map((c) => `${tensorKey(c.separate)} ${c.axes.map((a) => showRange(a.range)).join(' ')} = ${tensorKey(c.augmented)} ${c.entry.map(affineKey).join(' ')}`)).toEqual([
      'W@1 1..units^(1) 1..inputs = W_tilde@1 1*i:i+0 1*i:j+0', 'b@1 1..units^(1) = W_tilde@1 1*i:i+0 +0',
      'W@2 1..units^(2) 1..units^(1) = W_tilde@2 1*i:i+0 1*i:j+0', 'b@2 1..units^(2) = W_tilde@2 1*i:i+0 +0',
    ]);
  });

  test('the signal of the file yields to the override', () => {
    expect(read(short(['1 tanh'], 'signal: z\n')).signal).toBe('z');
    expect(read(short(['1 tanh'], 'signal: z\n'), { signal: 'a' }).signal).toBe('a');
  });
});

test('a layer for itself is put to work at any layer number, its slots and hyperparameters uninterpreted', () => {
  const dense = readLayer(shipped('dense'), shippedLibrary);
  const units: Axis = { index: 'i', range: { lo: { terms: [], constant: 1 }, hi: size('units', layerK(-1)) } };
  const { instance, equations, sizes, outputs } = instantiate(dense, layerK(), new Map([['x', { tensor: tensor('z', layerK(-1)), axes: [units] }]]));
  expect(equations.map((e) => tensorKey(e.tensor))).toEqual(['a@k', 'z@k']);
  expect(equations[0]?.value).toMatchObject({
    kind: 'add', terms: [{ kind: 'sum', index: 'j', range: { hi: size('units', layerK(-1)) } }, { kind: 'ref', tensor: tensor('b', layerK()) }],
  });
  expect(equations[1]?.value).toMatchObject({ kind: 'call', fn: { kind: 'slot', name: 'h', layer: layerK(), order: 0 } });
  expect([instance.slots.size, sizes.size]).toEqual([0, 0]);
  expect(outputs.get('z')?.axes[0]?.range.hi).toEqual(size('units', layerK()));
  expect(() => instantiate(dense, layerNumber(1), new Map())).toThrow(DiagnosticError);
});

test('the penalty is the sum of its terms, each of which knows its file and line', () => {
  const network = read(short(['4 tanh', '2 identity'], 'penalties:\n  - { use: l2, lambda: 0.5, on: [W, b] }\n  - { use: own, on: [b] }\n'
    + 'define:\n  penalties:\n    - penalty: own\n      argument: w\n      expression: w^4\n'));
  const line = (file: string, text: string, formula: string): string => `${file}:${text.split('\n').findIndex((l) => l.includes(formula)) + 1}`;
  const l2 = line('specs/penalties/l2.yaml', shippedLibrary('penalties', 'l2')!.text, 'expression:');
  const own = 'network.yaml:14';
  expect(network.penalties.map((p) => `${p.name} ${p.place.file}:${p.place.line}`)).toEqual(
    [`l2 ${l2}`, `l2 ${l2}`, `l2 ${l2}`, `l2 ${l2}`, `own ${own}`, `own ${own}`]);
  expect(network.penalty).toEqual(add(network.penalties.map((p) => p.value)));
  expect(read(short(['4 tanh'])).penalties).toEqual([]);
});

describe('kinds of files', () => {
  test.each([['network', 'network: a'], ['layer', 'layer: a'], ['activation', 'activation: a'], ['loss', 'loss: a'], ['penalty', 'penalty: a']])('%s', (kind, text) => {
    expect(kindOf({ file: 'f', text })).toBe(kind);
    expect(codes(() => readNetwork({ file: 'f', text }, shippedLibrary))).toEqual(kind === 'network' ? ['missing-key', 'missing-key', 'missing-key'] : ['wrong-kind']);
  });
});

test('a definition in place goes before a shipped one of the same name', () => {
  const network = read(short(['2 tanh'], 'define:\n  activations:\n    - { activation: tanh, argument: q, expression: q / 3 }\n'));
  expect(network.system.slots.get('h@1')?.body).toEqual({
    kind: 'multiply', factors: [{ kind: 'number', value: rational(1, 3) }, { kind: 'symbol', name: 'q', layer: null }],
  });
});

test('a slot may have a default, which a use may override', () => {
  const definition = `define:
  layers:
    - layer: wave
      axes: { i: n }
      input: { x: [n] }
      output: { z: [n] }
      slots: { g: sin }
      equations: { "z[i]": "g(x[i])" }
`;
  expect(read(short(['wave', 'wave cube', '{ layer: wave, g: exp }'], definition)).system.instances.map((i) => [...i.slots].map(([key, h]) => `${key} ${h.name}`)))
    .toEqual([['g@1 sin'], ['g@2 cube'], ['g@3 exp']]);
});

test('an activation function may be constant', () => {
  expect(readActivation({ file: 'f', text: 'activation: one\nargument: a\nexpression: 1\n' }).body).toEqual({ kind: 'number', value: rational(1) });
});

test('names in any script, composed, are names', () => {
  const { argument } = readActivation({ file: 'f', text: 'activation: odd\nargument: δ\nconstants: { größe_1: 2, 変数: 3 }\nexpression: δ * größe_1 + 変数\n' });
  expect(argument).toBe('δ');
});

test('an equation is changed by changing the file: W[i, j] by its square', () => {
  const text = shipped('dense').text.replace('W[i, j] * x[j]', 'W[i, j]^2 * x[j]');
  const library: typeof shippedLibrary = (kind, name) => (name === 'dense' ? { file: 'dense.yaml', text } : shippedLibrary(kind, name));
  const network = readNetwork({ file: 'f', text: short(['1 identity']) }, library);
  const values = forward(network, (t, indices) => noise(entryKey(t, indices)));
  const at = (key: string): number => values.get(key)!;
  expect(at('a@1[1]')).toBeCloseTo([1, 2, 3].reduce((s, j) => s + at(`W@1[1,${j}]`) ** 2 * at(`x@[${j}]`), at('b@1[1]')), 14);
});
