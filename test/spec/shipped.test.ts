// The specs that come with the program: read without a word of warning, and meaning what their names say.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/algebra/rational.ts';
import type { Expression } from '../../src/algebra/expression.ts';
import { children } from '../../src/algebra/traverse.ts';
import { type Tensor, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { bind, type PortBinding } from '../../src/spec/instantiate.ts';
import type { Declaration, System } from '../../src/spec/network.ts';
import { notationJsonSchemas } from '../../src/notation/notation-json-schema.ts';
import { jsonSchemas } from '../../src/spec/json-schema.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readActivation, readLoss, readNetwork, readPenalty } from '../../src/spec/read.ts';
import { readAny } from './read-any.ts';
import { entries, entryKey, erf, forward, noise, valueOf, valuesIn } from './value.ts';

const folders = ['layers', 'activations', 'losses', 'penalties', 'networks'] as const;
const files = folders.flatMap((folder) => readdirSync(`specs/${folder}`).map((name) => ({
  kind: { layers: 'layer', activations: 'activation', losses: 'loss', penalties: 'penalty', networks: 'network' }[folder],
  folder, name, file: `specs/${folder}/${name}`, text: readFileSync(`specs/${folder}/${name}`, 'utf8'),
})));
const source = (folder: string, name: string): { file: string; text: string } => {
  const file = `specs/${folder}/${name}.yaml`;
  return { file, text: readFileSync(file, 'utf8') };
};

describe('every shipped spec', () => {
  test.each(files)('$folder/$name', (spec) => {
    expect(readAny(spec)).toEqual([]);
    const [first, second, third] = spec.text.split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=../schema/${spec.kind}.schema.json`);
    expect(second).toMatch(/^# \S.{20,}\.$/);
    expect(third).toBe(`${spec.kind}: ${spec.name.replace('.yaml', '')}`);
  });

  test.each(files)('$folder/$name has the title that a reader needs', ({ text }) => {
    expect(text).toMatch(/^title: \S/m);
  });
});

test('the published JSON Schemas are those of the program', () => {
  const published = Object.fromEntries(readdirSync('specs/schema').map((name) => [name, readFileSync(`specs/schema/${name}`, 'utf8')]));
  expect(published, 'node scripts/schemas.mjs writes them anew').toEqual({ ...jsonSchemas(), ...notationJsonSchemas() });
});

const softplus = (a: number): number => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
const sigmoid = (a: number): number => (a < 0 ? Math.exp(a) / (1 + Math.exp(a)) : 1 / (1 + Math.exp(-a)));

/** Each function written once more, in another way than its file has it where there is one. */
const functions: Readonly<Record<string, (a: number) => number>> = {
  identity: (a) => a,
  sigmoid,
  tanh: Math.tanh,
  'hard-tanh': (a) => Math.min(1, Math.max(-1, a)),
  relu: (a) => Math.max(0, a),
  'leaky-relu': (a) => Math.max(a, a / 100),
  elu: (a) => (a > 0 ? a : Math.exp(a) - 1),
  selu: (a) => 1.0507009873554805 * (a > 0 ? a : 1.6732632423543772 * (Math.exp(a) - 1)),
  softplus,
  softsign: (a) => a / (1 + Math.abs(a)),
  silu: (a) => a * sigmoid(a),
  gelu: (a) => (a / 2) * (1 + erf(a * Math.SQRT1_2)),
  'gelu-tanh': (a) => 0.5 * a * (1 + Math.tanh(0.7978845608028654 * (a + 0.044715 * a * a * a))),
  exp: Math.exp,
  sin: Math.sin,
  gaussian: (a) => Math.exp(-a * a),
  cube: (a) => a * a * a,
};

describe('activations', () => {
  test('all of them are compared', () => {
    expect(Object.keys(functions).sort()).toEqual(files.filter((f) => f.folder === 'activations').map((f) => f.name.replace('.yaml', '')).sort());
  });

  test.each(Object.entries(functions))('%s', (name, expected) => {
    const { body, argument } = readActivation(source('activations', name));
    for (const a of [-1000, -40, -20, -3.5, -1, -0.5, -1e-9, 0, 1e-9, 0.3, 1, 2, 3.5, 20, 40, 1000]) {
      const value = valueOf(body, { sizes: new Map(), symbols: new Map([[argument, a]]), entry: () => NaN });
      if (name === 'exp' && a === 1000) expect(value).toBe(Infinity);
      else expect(Math.abs(value - expected(a)), `${name}(${a}) = ${value}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected(a))));
    }
  });

  test('the published constants of selu are read exactly', () => {
    const numbers: number[] = [];
    const collect = (e: Expression): void => {
      if (e.kind === 'number') numbers.push(toNumber(e.value));
      children(e).forEach(collect);
    };
    collect(readActivation(source('activations', 'selu')).body);
    expect(numbers).toContain(1.0507009873554805);
    expect(Math.max(...numbers)).toBeCloseTo(1.0507009873554805 * 1.6732632423543772, 14);
  });
});

/** Losses of a sample with outputs y and targets t, as loops. */
const losses: Readonly<Record<string, { range: [number, number]; target: [number, number]; one: (y: number, t: number, n: number) => number }>> = {
  'half-squared-error': { range: [-3, 3], target: [-3, 3], one: (y, t) => 0.5 * (y - t) ** 2 },
  'mean-squared-error': { range: [-3, 3], target: [-3, 3], one: (y, t, n) => (y - t) ** 2 / n },
  absolute: { range: [-3, 3], target: [-3, 3], one: (y, t) => Math.abs(y - t) },
  huber: { range: [-3, 3], target: [-3, 3], one: (y, t) => (Math.abs(y - t) <= 1 ? 0.5 * (y - t) ** 2 : Math.abs(y - t) - 0.5) },
  'log-cosh': { range: [-300, 300], target: [-300, 300], one: (y, t) => (Math.abs(y - t) > 20 ? Math.abs(y - t) - Math.LN2 : Math.log(Math.cosh(y - t))) },
  'binary-cross-entropy': { range: [0.01, 0.99], target: [0, 1], one: (y, t) => -t * Math.log(y) - (1 - t) * Math.log(1 - y) },
  'binary-cross-entropy-logits': { range: [-900, 900], target: [0, 1], one: (y, t) => t * softplus(-y) + (1 - t) * softplus(y) },
  hinge: { range: [-3, 3], target: [-1, 1], one: (y, t) => Math.max(0, 1 - t * y) },
  poisson: { range: [0.1, 9], target: [0, 9], one: (y, t) => y - t * Math.log(y) },
};

type Read = (tensor: string, ...indices: readonly number[]) => number;
const summed = (n: number, of: (i: number) => number): number => Array.from({ length: n }, (_, i) => of(i + 1)).reduce((total, v) => total + v, 0);
const classes = 4;
const time = 3;
/** log of the i-th of the classes' probabilities from logits. */
const logSoftmax = (a: (i: number) => number, i: number): number => a(i) - Math.log(summed(classes, (j) => Math.exp(a(j))));

/** Losses that are no sums over the entries of y and t, as loops: 4 classes, 3 times, 2 outputs. */
const others: Readonly<Record<string, (at: Read) => number>> = {
  'cross-entropy': (at) => -summed(classes, (i) => at('t', i) * Math.log(at('p', i))),
  'softmax-cross-entropy': (at) => -summed(classes, (i) => at('t', i) * logSoftmax((j) => at('a', j), i)),
  focal: (at) => -summed(classes, (i) => {
    const log = logSoftmax((j) => at('a', j), i);
    return at('t', i) * (1 - Math.exp(log)) ** 2 * log;
  }),
  'label-smoothing': (at) => -summed(classes, (i) => (0.9 * at('t', i) + 0.1 / classes) * logSoftmax((j) => at('a', j), i)),
  'class-index-cross-entropy': (at) => -logSoftmax((j) => at('a', j), at('t')),
  'class-index-over-time': (at) => -summed(time, (t) => logSoftmax((j) => at('a', t, j), at('token', t))) / time,
  'cross-entropy-over-time': (at) => -summed(time, (t) => summed(classes, (i) => at('target', t, i) * logSoftmax((j) => at('a', t, j), i))) / time,
  'squared-error-over-time': (at) => summed(time, (t) => summed(2, (i) => (at('y', t, i) - at('target', t, i)) ** 2)) / 2 / time,
};

describe('losses', () => {
  test.each(Object.entries(others))('%s', (name, expected) => {
    const spec = readLoss(source('losses', name));
    const inputs = new Map(spec.inputs.map((port): [string, PortBinding] => [port, { tensor: tensor(port), axes: spec.tensors.get(port)?.axes ?? [] }]));
    const { declarations, equations } = bind(spec, null, inputs, { constants: spec.constants });
    const data = spec.inputs.map((port): Declaration => ({ ...spec.tensors.get(port)!, tensor: tensor(port), perSample: true }));
    const all = new Map([...data, ...declarations].map((d) => [tensorKey(d.tensor), d]));
    // Targets are probabilities that add up to 1, or numbers of classes.
    const raw = (key: string): number => 1.1 + noise(`${name} ${key}`);
    const given = (t: Tensor, indices: readonly number[]): number => {
      if (all.get(tensorKey(t))?.integer !== undefined) return 1 + (Math.floor(raw(entryKey(t, indices)) * 1000) % classes);
      if (spec.inputs.includes(t.name) && t.name !== 'p') return 4 * noise(entryKey(t, indices));
      return raw(entryKey(t, indices)) / summed(classes, (i) => raw(entryKey(t, [...indices.slice(0, -1), i])));
    };
    const sizes = new Map([['n:classes@', classes], ['n:time@', time], ['n:outputs@', 2]]);
    const system: System = { name, declarations: all, equations, instances: [], slots: new Map(), sizes, total: null };
    const { values } = valuesIn(system, sizes, given);
    const found = values.get('L@[]')!;
    const wanted = expected((of, ...indices) => values.get(`${of}@[${indices.join(',')}]`) ?? NaN);
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted)));
  });

  test('all of them are compared', () => {
    expect([...Object.keys(losses), ...Object.keys(others)].sort()).toEqual(files.filter((f) => f.folder === 'losses').map((f) => f.name.replace('.yaml', '')).sort());
  });

  test.each(Object.entries(losses))('%s', (name, { range, target, one }) => {
    const { equations, constants } = readLoss(source('losses', name));
    const symbols = new Map([...constants].map(([key, value]) => [key, toNumber(value)]));
    for (let n = 1; n <= 5; n += 1) {
      const between = ([lo, hi]: [number, number], text: string): number => lo + ((noise(text) + 1) / 2) * (hi - lo);
      const y = Array.from({ length: n }, (_, i) => between(range, `${name} y ${n} ${i}`));
      const t = Array.from({ length: n }, (_, i) => between(target, `${name} t ${n} ${i}`));
      const expected = y.reduce((total, _, i) => total + one(y[i]!, t[i]!, n), 0);
      const found = valueOf(equations.at(-1)!.value, {
        sizes: new Map([['n:outputs@', n]]), symbols, entry: (tensor, [i = 0]) => (tensor.name === 'y' ? y : t)[i - 1]!,
      });
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
    }
  });
});

test('penalties: λ|w| and λ/2 w²', () => {
  for (const w of [-2, -0.5, 0, 0.5, 3]) {
    const at = (name: string): number => {
      const { body, argument } = readPenalty(source('penalties', name));
      return valueOf(body, { sizes: new Map(), symbols: new Map([[argument, w]]), entry: () => NaN });
    };
    expect(at('l1')).toBeCloseTo(0.01 * Math.abs(w), 15);
    expect(at('l2')).toBeCloseTo(0.005 * w * w, 15);
  }
});

describe('networks', () => {
  const names = files.filter((f) => f.folder === 'networks').map((f) => f.name.replace('.yaml', ''));

  test.each(names.filter((n) => n !== 'digits'))('%s has the same E with biases of their own and folded in', (name) => {
    const separate = readNetwork(source('networks', name), shippedLibrary, { bias: 'separate' });
    const augmented = readNetwork(source('networks', name), shippedLibrary, { bias: 'augmented' });
    const given = (key: string): number => 0.6 * noise(key);
    const one = forward(separate, (tensor, indices) => given(entryKey(tensor, indices)));
    // W̃ gets the numbers that W and b have, by the correspondence that the networks state.
    expect(augmented.correspondence).toEqual(separate.correspondence);
    const folded = new Map<string, number>();
    for (const { separate: t, axes, augmented: to, entry } of separate.correspondence) {
      for (const indices of entries(axes, { sizes: separate.system.sizes, entry: () => NaN })) {
        const letters = new Map(axes.map((axis, n) => [axis.index, indices[n]!]));
        const there = entry.map((a) => a.terms.reduce((sum, term) => sum + term.coefficient * letters.get(term.symbol.name)!, a.constant));
        folded.set(entryKey(to, there), given(entryKey(t, indices)));
      }
    }
    const other = forward(augmented, (tensor, indices) => folded.get(entryKey(tensor, indices)) ?? given(entryKey(tensor, indices)));
    // Layers that share a parameter keep their form.
    const tied = separate.system.instances.some((i) => i.shared !== undefined);
    expect(augmented.system.instances.some((i) => i.kind === 'dense')).toBe(tied);
    expect(separate.system.instances.some((i) => i.kind === 'dense-augmented')).toBe(false);
    const loss = 'E@[]';
    expect(other.get(loss)).toBeCloseTo(one.get(loss)!, 10);
    expect(other.get('penalty')).toBeCloseTo(one.get('penalty')!, 12);
    expect(Number.isFinite(one.get(loss))).toBe(true);
    if (name === 'penalized') expect(one.get('penalty')).toBeGreaterThan(0);
  });

  test('article: the forward pass is that of four plain loops', () => {
    const network = readNetwork(source('networks', 'article'), shippedLibrary);
    const values = forward(network, (tensor, indices) => noise(entryKey(tensor, indices)));
    const at = (name: string, layer: number | '', ...indices: number[]): number => values.get(`${name}@${layer}[${indices.join(',')}]`)!;
    const widths = [5, 4, 6, 3, 2];
    const h = [Math.tanh, softplus, sigmoid, (a: number) => a];
    let z = Array.from({ length: 5 }, (_, j) => at('x', '', j + 1));
    h.forEach((f, l) => {
      const k = l + 1;
      const before = z;
      z = Array.from({ length: widths[k]! }, (_, i) => f(before.reduce((s, zj, j) => s + at('W', k, i + 1, j + 1) * zj, at('b', k, i + 1))));
      z.forEach((value, i) => expect(at('z', k, i + 1)).toBeCloseTo(value, 13));
    });
    const loss = z.reduce((s, zi, i) => s + (zi - at('t', '', i + 1)) ** 2 / 2, 0);
    expect(at('L', '')).toBeCloseTo(loss, 12);
  });

  test('gated: two branches meet in a layer that the file defines', () => {
    const network = readNetwork(source('networks', 'gated'), shippedLibrary);
    expect(network.system.instances.map((i) => `${i.layer.offset} ${i.name ?? ''}`)).toEqual(['1 value', '2 gate', '3 joined', '4 out']);
    const values = forward(network, (tensor, indices) => noise(entryKey(tensor, indices)));
    const at = (name: string, layer: number | '', ...indices: number[]): number => values.get(`${name}@${layer}[${indices.join(',')}]`)!;
    const dense = (k: number, units: number, from: (j: number) => number, inputs: number, f: (a: number) => number): number[] =>
      Array.from({ length: units }, (_, i) => f(Array.from({ length: inputs }, (_, j) => at('W', k, i + 1, j + 1) * from(j + 1)).reduce((s, p) => s + p, at('b', k, i + 1))));
    const value = dense(1, 5, (j) => at('x', '', j), 4, Math.tanh);
    const gate = dense(2, 5, (j) => at('u', '', j), 3, sigmoid);
    const joined = value.map((v, i) => gate[i]! * v + ((1 - gate[i]!) * v * v) / 4);
    const out = dense(4, 2, (j) => joined[j - 1]!, 5, (a) => a);
    expect(at('L', '')).toBeCloseTo(out.reduce((s, y, i) => s + (y - at('t', '', i + 1)) ** 2 / 2, 0), 12);
  });

  test('in-place: a layer, an activation function and a loss that nothing else knows', () => {
    const network = readNetwork(source('networks', 'in-place'), shippedLibrary);
    const values = forward(network, (tensor, indices) => noise(entryKey(tensor, indices)));
    const at = (name: string, layer: number | '', ...indices: number[]): number => values.get(`${name}@${layer}[${indices.join(',')}]`)!;
    const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
    const total = (n: number, f: (i: number) => number): number => range(n).reduce((s, i) => s + f(i), 0);
    const bump = (a: number, width: number): number => a / (1 + (a / width) ** 2);
    const first = range(3).map((i) => bump(total(6, (j) => at('W', 1, i, j) * at('x', '', j))
      + 0.5 * total(5, (j) => at('V', 1, i, j) * at('x', '', j) * at('x', '', j + 1)) + at('b', 1, i), 2));
    const second = range(4).map((i) => bump(total(3, (j) => at('W', 2, i, j) * first[j - 1]!) + at('b', 2, i), 1));
    const y = range(2).map((i) => total(4, (j) => at('W', 3, i, j) * second[j - 1]!) + at('b', 3, i));
    const loss = total(2, (i) => ((y[i - 1]! - at('t', '', i)) / (0.5 + at('t', '', i) ** 2)) ** 2) / 2;
    expect(at('L', '')).toBeCloseTo(loss, 12);
  });

  test('deep: thirty layers, signals that neither vanish nor explode', () => {
    const network = readNetwork(source('networks', 'deep'), shippedLibrary);
    expect(network.system.instances).toHaveLength(30);
    const values = forward(network, (tensor, indices) => 1.2 * noise(entryKey(tensor, indices)));
    for (let k = 1; k <= 30; k += 1) {
      const z = [...values].filter(([key]) => key.startsWith(`z@${k}[`)).map(([, value]) => Math.abs(value));
      expect(Math.max(...z)).toBeGreaterThan(1e-3);
      expect(Math.max(...z)).toBeLessThan(100);
    }
  });
});
