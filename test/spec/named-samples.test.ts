// Layers and losses that name the samples axis: batch statistics, and what the rest of their network becomes.

import { describe, expect, test } from 'vitest';
import { tensorKey } from '../../src/algebra/expression.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';
import { allSamples, oneSample } from '../../src/spec/samples.ts';
import { showRange } from '../../src/spec/show.ts';
import { codes, read, total, upTo, valuesOf } from './system-value.ts';

const norm = `
    - layer: batch-norm
      axes: { s: samples, r: samples, i: units }
      input: { x: [s, i] }
      output: { z: [s, i], mu: [i] }
      parameters: { gamma: [i], beta: [i] }
      constants: { epsilon: 0.001 }
      equations:
        mu[i]: sum(r, x[r, i]) / samples
        var[i]: sum(r, (x[r, i] - mu[i])^2) / samples
        z[s, i]: gamma[i] * (x[s, i] - mu[i]) / sqrt(var[i] + epsilon) + beta[i]
    - layer: centre
      axes: { s: samples, i: units }
      input: { x: [s, i], m: [i] }
      output: { z: [s, i] }
      equations:
        z[s, i]: x[s, i] - m[i]
    - layer: add
      axes: { i: units }
      input: { a: [i], b: [i] }
      output: { z: [i] }
      equations: { "z[i]": "a[i] + b[i]" }
    - layer: twice
      axes: { i: units }
      input: { x: [i] }
      output: { z: [i] }
      equations: { "z[i]": "2 * x[i]" }
`;
const list = (layers: readonly string[], more = ''): string =>
  `network: example\ninput: 3\nlayers:\n${layers.map((l) => `  - ${l}\n`).join('')}loss: half-squared-error\n${more}define:\n  layers:${norm}`;
const named = (instances: string, y: string): string =>
  `network: example\ninputs: { x: 3 }\ninstances:\n${instances}\nloss: { use: half-squared-error, y: ${y} }\ndefine:\n  layers:${norm}`;

/** Means and standard deviations over the samples, by loops. */
const normalized = (x: (s: number) => number, samples: number): readonly number[] => {
  const mean = total(upTo(samples).map(x)) / samples;
  const variance = total(upTo(samples).map((s) => (x(s) - mean) ** 2)) / samples;
  return upTo(samples).map((s) => (x(s) - mean) / Math.sqrt(variance + 0.001));
};

describe('a coupled network', () => {
  const text = named(`
  first: { layer: dense, units: 4, h: tanh, in: x }
  norm: { layer: batch-norm, in: first }
  last: { layer: dense, units: 2, h: identity, in: norm.z }
`, 'last');

  test('has the samples axis in front of every tensor that each sample has for itself', () => {
    const { coupled, system } = read(text);
    expect(coupled === undefined ? null : [coupled.index, showRange(coupled.range)]).toEqual(['s', '1..samples']);
    expect(Object.fromEntries([...system.declarations].map(([key, d]) => [key, `${d.perSample ? 'own ' : ''}${d.axes.map((a) => a.index).join(' ')}`]))).toEqual({
      'x@': 'own s j', 'W@1': 'i j', 'b@1': 'i', 'a@1': 'own s i', 'z@1': 'own s i', 'gamma@2': 'i', 'beta@2': 'i', 'mu@2': 'i', 'var@2': 'i', 'z@2': 'own s i',
      'W@3': 'i j', 'b@3': 'i', 'a@3': 'own s i', 'z@3': 'own s i', 't@': 'own s i', 'L@': 'own s',
    });
    for (const { tensor, axes } of system.equations) expect(axes.length, tensorKey(tensor)).toBe(system.declarations.get(tensorKey(tensor))!.axes.length);
  });

  test('is the same for one sample and for all', () => {
    const network = read(text);
    expect(oneSample(network)).toEqual(allSamples(network));
  });

  test.each(['sum', 'mean'])('has the values of loops, and their %s', (reduction) => {
    const network = read(text.replace('\ndefine', `\nsamples: ${reduction}\npenalties: [{ use: l2, lambda: 0.5, on: [gamma] }]\ndefine`));
    const samples = 5;
    const value = valuesOf(network, samples);
    const z = upTo(4).map((i) => normalized((s) => Math.tanh(value('b@1', i) + total(upTo(3).map((j) => value('W@1', i, j) * value('x@', s, j)))), samples));
    const losses = upTo(samples).map((s) => total(upTo(2).map((i) => {
      const y = value('b@3', i) + total(upTo(4).map((j) => value('W@3', i, j) * (value('gamma@2', j) * z[j - 1]![s - 1]! + value('beta@2', j))));
      return (y - value('t@', s, i)) ** 2 / 2;
    })));
    upTo(samples).forEach((s) => expect(value('L@', s)).toBeCloseTo(losses[s - 1]!, 12));
    const penalty = total(upTo(4).map((j) => value('gamma@2', j) ** 2)) / 4;
    expect(value('E@')).toBeCloseTo(total(losses) / (reduction === 'mean' ? samples : 1) + penalty, 12);
  });

  test('may have several coupled layers, and statistics that go on as tensors of their own', () => {
    const network = read(named(`
  one: { layer: batch-norm, in: x }
  two: { layer: batch-norm, in: one.z }
  double: { layer: twice, in: two.mu }
  gone: { layer: centre, in: { x: two.z, m: double } }
  sum: { layer: add, in: { a: gone, b: one.mu } }
`, 'sum'));
    expect(network.system.declarations.get('z@3')).toMatchObject({ perSample: false });
    const samples = 3;
    const value = valuesOf(network, samples);
    for (const i of upTo(3)) {
      const x = (s: number): number => value('x@', s, i);
      const one = normalized(x, samples).map((u) => value('gamma@1', i) * u + value('beta@1', i));
      const two = normalized((s) => one[s - 1]!, samples).map((u) => value('gamma@2', i) * u + value('beta@2', i));
      const mean = (v: readonly number[]): number => total(v) / samples;
      upTo(samples).forEach((s) => expect(value('z@5', s, i)).toBeCloseTo(two[s - 1]! - 2 * mean(one) + mean(upTo(samples).map(x)), 12));
    }
  });

  test('a letter of another layer that is the letter of the samples is another letter', () => {
    const network = read(list(['batch-norm', 'rows']).replace('  - batch-norm\n  - rows', '  - { layer: dense, units: 3, h: identity }\n  - summing\n  - { layer: just-norm }')
      .replace('define:\n  layers:', `define:\n  layers:
    - layer: summing
      axes: { s: n, i: n }
      input: { x: [s] }
      output: { z: [i] }
      equations: { "z[i]": "x[i] + sum(s, x[s])" }
    - layer: just-norm
      axes: { s: samples, i: units }
      input: { x: [s, i] }
      output: { z: [s, i] }
      equations: { "z[s, i]": "x[s, i] - sum(s, x[s, i]) / samples" }
`));
    const value = valuesOf(network, 2);
    const y = (s: number, i: number): number => value('z@1', s, i) + total(upTo(3).map((j) => value('z@1', s, j)));
    upTo(2).forEach((s) => upTo(3).forEach((i) => expect(value('z@3', s, i)).toBeCloseTo(y(s, i) - (y(1, i) + y(2, i)) / 2, 13)));
  });
});

describe('a loss that names the samples', () => {
  const contrastive = `
network: example
inputs: { x: 3, v: 3 }
instances:
  a: { layer: dense, units: 2, h: tanh, in: x }
  b: { layer: dense, units: 2, h: tanh, in: v }
loss: { use: contrastive, a: a, b: b }
define:
  losses:
    - loss: contrastive
      axes: { s: samples, r: samples, i: n }
      input: { a: [s, i], b: [s, i] }
      target: { weight: [s] }
      output: { L: [s] }
      equations:
        same[s]: sum(i, a[s, i] * b[s, i])
        L[s]: weight[s] * (log(sum(r, exp(sum(i, a[s, i] * b[r, i])))) - same[s])
`;
  test('gives one value for each of them', () => {
    const network = read(contrastive);
    const samples = 4;
    const value = valuesOf(network, samples);
    const like = (s: number, r: number): number => total(upTo(2).map((i) => value('z@1', s, i) * value('z@2', r, i)));
    const losses = upTo(samples).map((s) => value('weight@', s) * (Math.log(total(upTo(samples).map((r) => Math.exp(like(s, r))))) - like(s, s)));
    expect(value('E@')).toBeCloseTo(total(losses), 13);
    expect(network.coupled?.index).toBe('s');
  });
});

describe('a layer by itself', () => {
  test('keeps the axis as one of the size `samples`, which is no size of its own', () => {
    const text = `layer: batch-norm${norm.slice(norm.indexOf('\n', norm.indexOf('batch-norm')), norm.indexOf('    - layer: centre')).replaceAll('\n      ', '\n')}`;
    const spec = readLayer({ file: 'layer.yaml', text }, shippedLibrary);
    expect(spec.sizes).toEqual(['units']);
    expect(spec.tensors.get('x')?.axes.map((a) => showRange(a.range))).toEqual(['1..samples', '1..units']);
  });

  test('that names no samples leaves a network uncoupled', () => {
    expect(read(list(['4 tanh'])).coupled).toBeUndefined();
    expect(codes(list(['batch-norm', 'twice']))).toEqual(['unbound-port']);
  });
});
