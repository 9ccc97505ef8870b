// Networks whose tensors have several axes: inputs, targets, and layers whose output has another rank than their input.

import { describe, expect, test } from 'vitest';
import { oneSample } from '../../src/spec/samples.ts';
import { showRange } from '../../src/spec/show.ts';
import { anything, codes, read, total, upTo, valuesOf } from './system-value.ts';

const dense3 = `
    - layer: dense-volume
      axes: { i: units, c: channels, y: height, x: width }
      input: { v: [channels, height, width] }
      output: { z: [units] }
      parameters: { W: [units, channels, height, width], b: [units] }
      slots: { h: activation }
      equations:
        a[i]: sum(c, y, x, W[i, c, y, x] * v[c, y, x]) + b[i]
        z[i]: h(a[i])
    - layer: pixel-wise
      axes: { k: maps, c: channels, y: height, x: width }
      input: { v: [channels, height, width] }
      output: { z: [maps, height, width] }
      parameters: { W: [maps, channels] }
      slots: { h: activation }
      equations:
        z[k, y, x]: h(sum(c, W[k, c] * v[c, y, x]))
`;

describe('an input of several axes', () => {
  const network = read(`
network: example
input: [2, 3, 4]
layers:
  - pixel-wise 3 tanh
  - dense-volume 2 identity
loss: half-squared-error
define:
  layers:${dense3}`);

  test('feeds a plain list, whose sizes follow from it', () => {
    expect(Object.fromEntries(network.system.sizes)).toEqual({
      'n:channels@': 2, 'n:height@': 3, 'n:width@': 4, 'n:maps@1': 3, 'n:units@2': 2,
    });
  });

  test('has the values of loops', () => {
    const value = valuesOf(network, 2);
    for (const s of upTo(2)) {
      const y = upTo(2).map((i) => anything('b@2', [i], network.loss) + total(upTo(3).flatMap((k) => upTo(3).flatMap((r) => upTo(4).map((q) =>
        anything('W@2', [i, k, r, q], network.loss)
          * Math.tanh(total(upTo(2).map((c) => anything('W@1', [k, c], network.loss) * anything('x@', [s, c, r, q], network.loss)))))))));
      upTo(2).forEach((i) => expect(value('z@2', s, i)).toBeCloseTo(y[i - 1]!, 13));
      expect(value('L@', s)).toBeCloseTo(total(upTo(2).map((i) => (y[i - 1]! - anything('t@', [s, i], network.loss)) ** 2)) / 2, 13);
    }
    expect(value('E@')).toBeCloseTo(value('L@', 1) + value('L@', 2), 13);
  });
});

describe('an input of several axes becomes one axis', () => {
  const flatten = (form: string): string => `
network: example
input: [2, 3]
layers:
  - ${form}
  - 2 tanh
loss: half-squared-error
define:
  layers:
    - layer: flat-by-values
      axes: { c: channels, x: width, q: all }
      input: { v: [c, x] }
      output: { z: [q] }
      sizes: { all: channels * width }
      equations:
        z[q]: sum(c, x, [q == (c - 1) * width + x] * v[c, x])
    - layer: flat-by-indices
      axes: { c: channels, x: width, q: all }
      input: { v: [c, x] }
      output: { z: [q] }
      integers: { row: 1 }
      sizes: { all: channels * width }
      equations:
        z[q]: sum(c, x, [q = (c - 1) * row + x] * v[c, x])
`;
  test.each(['flat-by-values', '{ layer: flat-by-indices, row: width }', '{ layer: flat-by-indices, row: inputs_x_2 }', '{ layer: flat-by-indices, row: 3 }'])('by %s', (form) => {
    const network = read(flatten(form));
    const value = valuesOf(network, 1);
    expect([...network.system.sizes]).toContainEqual(['n:all@1', 6]);
    upTo(2).forEach((c) => upTo(3).forEach((x) => expect(value('z@1', 1, (c - 1) * 3 + x)).toBe(value('x@', 1, c, x))));
  });
});

describe('a target has the shape that its loss gives it', () => {
  test('a loss at each time step', () => {
    const network = read(`
network: example
input: [3, 2]
layers: [{ layer: steps, units: 2 }]
loss: over-time
samples: mean
define:
  layers:
    - layer: steps
      axes: { t: time, i: units, j: inputs }
      input: { x: [t, j] }
      output: { z: [t, i] }
      parameters: { W: [i, j] }
      equations: { "z[t, i]": "tanh(sum(j, W[i, j] * x[t, j]))" }
  losses:
    - loss: over-time
      axes: { t: time, i: outputs }
      input: { y: [t, i] }
      target: { goal: [t, i] }
      equations:
        at[t]: sum(i, (y[t, i] - goal[t, i])^2)
        L: sum(t, at[t]) / time
`);
    const value = valuesOf(network, 2);
    const loss = (s: number): number => total(upTo(3).flatMap((t) => upTo(2).map((i) => (value('z@1', s, t, i) - value('goal@', s, t, i)) ** 2))) / 3;
    expect(value('E@')).toBeCloseTo((loss(1) + loss(2)) / 2, 14);
    expect(oneSample(network).declarations.get('goal@')?.axes).toHaveLength(2);
  });

  test('further inputs of a loss are bound by name, and the last output is what is left', () => {
    const network = read(`
network: example
inputs: { x: 3, mask: 2 }
instances:
  out: { layer: dense, units: 2, h: tanh, in: x }
loss: { use: masked, m: mask }
define:
  losses:
    - loss: masked
      axes: { i: n }
      input: { y: [i], m: [i] }
      target: { t: [i], weight: [] }
      expression: weight * sum(i, m[i] * (y[i] - t[i])^2)
`);
    const value = valuesOf(network, 1);
    expect(value('E@')).toBeCloseTo(value('weight@', 1) * total(upTo(2).map((i) => value('mask@', 1, i) * (value('z@1', 1, i) - value('t@', 1, i)) ** 2)), 14);
  });
});

describe('integers', () => {
  const embedding = `
define:
  layers:
    - layer: embedding
      axes: { t: time, v: vocabulary, d: width }
      input: { token: [t] }
      values: { token: v }
      output: { z: [t, d] }
      parameters: { W: [v, d] }
      equations: { "z[t, d]": "W[token[t], d]" }
    - layer: total
      axes: { t: time, d: width }
      input: { x: [t, d] }
      output: { z: [d] }
      equations: { "z[d]": "sum(t, x[t, d])" }
    - layer: sum
      axes: { i: n }
      input: { a: [i], b: [i] }
      output: { z: [i] }
      equations: { "z[i]": "a[i] + b[i]" }
`;
  const two = (vocabularies: readonly [string, string]): string => `
network: example
inputs: { token: 3 }
instances:
  one: { layer: embedding, ${vocabularies[0]}width: 2, in: token }
  two: { layer: embedding, ${vocabularies[1]}width: 2, in: token }
  first: { layer: total, in: one }
  second: { layer: total, in: two }
  both: { layer: sum, in: { a: first, b: second } }
loss: half-squared-error${embedding}`;

  test('the range of an input follows from the port that it is bound to', () => {
    const network = read(two(['vocabulary: 5, ', '']));
    const { declarations, sizes } = network.system;
    const values = declarations.get('token@')?.integer;
    expect(values === undefined ? null : showRange(values)).toBe('1..vocabulary^(1)');
    expect(sizes.get('n:vocabulary@1')).toBe(5);
    const tokens = [[2, 5, 2], [1, 1, 4]];
    const value = valuesOf(network, 2, (key, indices, t) => (key === 'token@' ? tokens[indices[0]! - 1]![indices[1]! - 1]! : anything(key, indices, t)));
    for (const s of upTo(2)) {
      for (const d of upTo(2)) {
        const looked = (W: string): number => total(tokens[s - 1]!.map((token) => value(W, token, d)));
        const [W, V] = network.system.instances.flatMap((i) => i.parameters.map((p) => `${p.name}@${String(p.layer?.offset)}`));
        expect(value('z@5', s, d)).toBeCloseTo(looked(W!) + looked(V!), 14);
      }
    }
  });

  test('two ports agree, or it is an error', () => {
    expect(codes(two(['vocabulary: 5, ', 'vocabulary: 5, ']))).toEqual([]);
    expect(codes(two(['vocabulary: 5, ', 'vocabulary: 6, ']))).toEqual(['size-conflict']);
  });

  test('real numbers are no index', () => {
    expect(codes(`
network: example
input: 3
layers: [3 tanh, { layer: embedding, vocabulary: 4, width: 2 }, total]
loss: half-squared-error${embedding}`)).toEqual(['not-integer']);
  });

  test('a target of integers', () => {
    const network = read(`
network: example
input: 3
layers: [4 identity]
loss: class
define:
  losses:
    - loss: class
      axes: { i: classes, j: classes }
      input: { y: [i] }
      target: { k: [] }
      values: { k: i }
      expression: log(sum(j, exp(y[j]))) - y[k]
`);
    const value = valuesOf(network, 1, (key, indices, t) => (key === 'k@' ? 3 : anything(key, indices, t)));
    expect(network.system.declarations.get('k@')?.integer).toBeDefined();
    expect(value('E@')).toBeCloseTo(Math.log(total(upTo(4).map((j) => Math.exp(value('z@1', 1, j))))) - value('z@1', 1, 3), 14);
  });
});

test('a loss has whole numbers and sizes that follow, and its uses their own', () => {
  const network = (use: string): ReturnType<typeof read> => read(`
network: example
input: 5
layers: [7 identity]
loss: ${use}
define:
  losses:
    - loss: every
      axes: { i: outputs, k: some }
      input: { y: [i] }
      target: { t: [k] }
      integers: { step: { default: 2, least: 1 } }
      sizes: { some: (outputs - 1) / step + 1 }
      expression: sum(k, (y[step*(k - 1) + 1] - t[k])^2)
`);
  for (const [use, step] of [['every', 2], ['{ use: every, step: 3 }', 3]] as const) {
    const value = valuesOf(network(use), 1);
    const kept = upTo(7).filter((i) => (i - 1) % step === 0);
    expect(value('E@')).toBeCloseTo(total(kept.map((i, k) => (value('z@1', 1, i) - value('t@', 1, k + 1)) ** 2)), 13);
  }
  expect(codes(`network: example\ninput: 5\nlayers: [7 identity]\nloss: { use: every, step: 0 }\ndefine:\n  losses:\n    - { loss: every, axes: { i: n }, input: { y: [i] }, target: { t: [i] }, integers: { step: { default: 1, least: 1 } }, expression: "sum(i, step * (y[i] - t[i])^2)" }`))
    .toEqual(['integer-out-of-range']);
});

test('several losses are added up by a layer; a loss needs no target of its own', () => {
  const network = read(`
network: example
inputs: { x: 3, goal: 2 }
instances:
  code: { layer: dense, units: 2, h: tanh, in: x }
  back: { layer: dense, units: 3, h: identity, in: code }
  both: { layer: two-losses, weight: 0.25, in: { y: code, t: goal, u: back, v: x } }
loss: itself
define:
  layers:
    - layer: two-losses
      axes: { i: n, j: m }
      input: { y: [i], t: [i], u: [j], v: [j] }
      output: { L: [] }
      constants: { weight: 0.5 }
      equations: { L: "weight * sum(i, (y[i] - t[i])^2) + sum(j, (u[j] - v[j])^2)" }
  losses:
    - { loss: itself, input: { y: [] }, expression: y }
`);
  const value = valuesOf(network, 1);
  const square = (size: number, a: (i: number) => number, b: (i: number) => number): number => total(upTo(size).map((i) => (a(i) - b(i)) ** 2));
  expect(value('E@')).toBeCloseTo(0.25 * square(2, (i) => value('z@1', 1, i), (i) => value('goal@', 1, i))
    + square(3, (i) => value('z@2', 1, i), (i) => value('x@', 1, i)), 14);
  expect(network.targets).toEqual([]);
});

describe('the sizes of an input of several axes have the names that its layers give them', () => {
  const sizesOf = (inputs: string, axes: string, ports: string, value: string, network = '{ layer: own, in: { x: x, y: y } }'): readonly string[] => [...read(`
network: example
inputs: ${inputs}
instances:
  one: ${network}
  two: { layer: dense, units: 2, h: identity, in: one }
loss: half-squared-error
define:
  layers:
    - layer: own
      axes: ${axes}
      input: ${ports}
      output: { z: [r] }
      parameters: { b: [r] }
      equations: { "z[r]": "b[r] + ${value}" }`).system.sizes.keys()];
  const sum = 'sum(c, x[r, c]) + sum(p, q, y[p, q])';

  test('with the input behind it, where two inputs have one of the same name', () => {
    expect(sizesOf('{ x: [3, 2], y: [5, 4] }', '{ r: rows, c: columns, p: height, q: width }', '{ x: [rows, columns], y: [height, width] }', sum))
      .toEqual(['n:rows@', 'n:columns@', 'n:height@', 'n:width@', 'n:units@2']);
    const twice = '{ layer: own, in: { x: first, y: second } }\n  first: { layer: time-distributed-dense, units: 2, h: identity, in: x }\n  second: { layer: time-distributed-dense, units: 4, h: identity, in: y }';
    expect(sizesOf('{ x: [3, 2], y: [5, 4] }', '{ r: rows, c: columns, p: height, q: width }', '{ x: [rows, columns], y: [height, width] }', sum, twice))
      .toEqual(['n:time_x@', 'n:inputs_x@', 'n:time_y@', 'n:inputs_y@', 'n:units@1', 'n:units@2', 'n:units@4']);
  });

  test('and not one that something else has: a size of another layer, an index, a tensor', () => {
    expect(sizesOf('{ x: [3, 2], y: [5, 4] }', '{ r: rows, c: units, p: i, q: t }', '{ x: [rows, units], y: [i, t] }', sum))
      .toEqual(['n:rows@', 'n:units_x@', 'n:i_y@', 'n:t_y@', 'n:units@2']);
  });

  test('and their own, where no layer names them', () => {
    expect(sizesOf('{ x: [3, 2], y: [5, 4] }', '{ r: 0..rows, c: columns, p: height, q: 2..width }', '{ x: [0..rows, columns], y: [height, 2..width] }', sum))
      .toEqual(['n:inputs_x_1@', 'n:columns@', 'n:height@', 'n:inputs_y_2@', 'n:units@2']);
  });
});
