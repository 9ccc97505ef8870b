// Entries at places that integers give, against loops that index arrays.

import { describe, expect, test } from 'vitest';
import type { Expression } from '../../src/algebra/expression.ts';
import { children } from '../../src/algebra/traverse.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer, readLoss } from '../../src/spec/read.ts';
import { readAny } from './read-any.ts';
import { type Inputs, runLayer } from './run-layer.ts';

const sizes = { time: 5, vocabulary: 4, width: 3 };
const token = [NaN, 3, 1, 4, 4, 2];
const parent = [NaN, 2, 4, 1, 3];
const shift = [NaN, 0, 2, 1, 2, 0];
const W = (v: number, d: number): number => Math.sin(3.1 * v + 1.3 * d * d);
const y = (p: number): number => Math.cos(2.2 * p * p);
const inputs: Inputs = {
  token: ([t = NaN]) => token[t]!, parent: ([v = NaN]) => parent[v]!, shift: ([t = NaN]) => shift[t]!, k: () => 2,
  W: ([v = NaN, d = NaN]) => W(v, d), y: ([p = NaN]) => y(p),
};
const file = (equations: string, more = ''): string => `
layer: example
axes: { t: time, v: vocabulary, d: 3, q: 0..2, p: 1..time+vocabulary+3 }
input: { token: [time], parent: [vocabulary], shift: [time], k: [], y: [p] }
values: { token: v, parent: v, shift: 0..2, k: vocabulary }
parameters: { W: [vocabulary, 3] }
output: { z: [time] }
${more}
equations:
  ${equations.trim().split('\n').map((l) => l.trim()).join('\n  ')}
`;
const codes = (equations: string): readonly string[] =>
  readAny({ file: 'example.yaml', text: file(equations) }).map((d) => d.code).filter((code) => !code.startsWith('unused-'));

const ts = [1, 2, 3, 4, 5];
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('an entry of a tensor of integers is an index', () => {
  test.each<[string, (t: number) => number]>([
    ['W[token[t], 1]', (t) => W(token[t]!, 1)],
    ['sum(d, W[token[t], d]^2) * y[t]', (t) => total([1, 2, 3].map((d) => W(token[t]!, d) ** 2)) * y(t)],
    ['W[k, 2] + t', (t) => W(2, 2) + t],
    ['W[parent[token[t]], 3]', (t) => W(parent[token[t]!]!, 3)],
    ['W[parent[parent[k]], 3] * y[t]', (t) => W(parent[parent[2]!]!, 3) * y(t)],
    ['y[t + shift[t]]', (t) => y(t + shift[t]!)],
    ['W[token[t], 1] * W[token[time - t + 1], 2]', (t) => W(token[t]!, 1) * W(token[6 - t]!, 2)],
    ['y[shift[t] + shift[t] + 1]', (t) => y(2 * shift[t]! + 1)],
    ['y[2 * shift[t] - shift[t] + t]', (t) => y(shift[t]! + t)],
    ['y[token[t] + shift[t] + 1]', (t) => y(token[t]! + shift[t]! + 1)],
    ['[t + shift[t] <= time] * y[t + shift[t] + 1]', (t) => (t + shift[t]! <= 5 ? y(t + shift[t]! + 1) : 0)],
    ['(1 <= t - shift[t] ? y[t - shift[t]] : 9)', (t) => (t - shift[t]! >= 1 ? y(t - shift[t]!) : 9)],
    ['[not (shift[t] = 0)] * y[t + shift[t] - 1]', (t) => (shift[t] === 0 ? 0 : y(t + shift[t]! - 1))],
    ['sum(v, [token[t] = v] * W[v, 1])', (t) => W(token[t]!, 1)],
    ['sum(v, [v = token[t] - 1] * W[v, 1])', (t) => (token[t]! > 1 ? W(token[t]! - 1, 1) : 0)],
    ['sum(v, [v != token[t]] * W[v, 1])', (t) => total([1, 2, 3, 4].filter((v) => v !== token[t]).map((v) => W(v, 1)))],
    ['token[t] * y[t] + shift[t]', (t) => token[t]! * y(t) + shift[t]!],
    ['W[argmax(v, W[v, 2] * y[t]), 1]', (t) => {
      const scores = [1, 2, 3, 4].map((v) => W(v, 2) * y(t));
      return W(scores.indexOf(Math.max(...scores)) + 1, 1);
    }],
    ['max(d, W[token[t], d])', (t) => Math.max(...[1, 2, 3].map((d) => W(token[t]!, d)))],
    ['logsumexp(d, W[token[t], d]) - W[token[t], 1]', (t) => Math.log(total([1, 2, 3].map((d) => Math.exp(W(token[t]!, d))))) - W(token[t]!, 1)],
  ])('%s', (text, value) => {
    const found = runLayer(readLayer({ file: 'example.yaml', text: file(`z[t]: "${text}"`) }, shippedLibrary), sizes, inputs);
    for (const t of ts) expect(found('z', [t]), text).toBeCloseTo(value(t), 12);
  });

  test('an argmax with an equation of its own is one too', () => {
    const read = readLayer({ file: 'example.yaml', text: file('best[t]: argmax(v, W[v, 1] * token[t] - v * t)\nz[t]: W[best[t], 3]') }, shippedLibrary);
    const found = runLayer(read, sizes, inputs);
    for (const t of ts) {
      const scores = [1, 2, 3, 4].map((v) => W(v, 1) * token[t]! - v * t);
      expect(found('z', [t])).toBe(W(scores.indexOf(Math.max(...scores)) + 1, 3));
    }
  });
});

test('the one shape of a gather: Σ_v [token[t] = v] · W[v, d], the integer on the left', () => {
  const comparisons = (e: Expression): readonly string[] => [
    ...(e.kind === 'bracket' && e.test.kind === 'compare' ? [`${e.test.left.kind} ${e.test.relation} ${e.test.right.kind}`] : []),
    ...children(e).flatMap(comparisons),
  ];
  const value = (text: string): Expression => readLayer({ file: 'example.yaml', text: file(`z[t]: "${text}"`) }, shippedLibrary).equations.at(-1)!.value;
  expect(value('W[token[t], 1]')).toMatchObject({
    kind: 'sum', index: 'v', body: { kind: 'multiply', factors: [{ kind: 'bracket', test: { left: { kind: 'ref' }, right: { kind: 'affine' } } }, { kind: 'ref' }] },
  });
  for (const text of ['W[token[t], 1]', 'sum(v, [v = token[t]] * W[v, 1])', 'sum(v, [v - 1 = token[t]] * W[v, 1])', 'sum(v, [2 + token[t] = v] * W[v, 1])']) {
    expect(comparisons(value(text))).toEqual(['ref = affine']);
  }
});

describe('a loss whose target is a class', () => {
  const text = `
loss: class
axes: { i: classes }
input: { p: [classes] }
target: { k: [] }
values: { k: i }
expression: -log(p[k])
`;
  test('is the entry of that class', () => {
    const spec = readLoss({ file: 'class.yaml', text });
    const found = runLayer(spec, { classes: 4 }, { p: ([i = NaN]) => i / 10, k: () => 3 });
    expect(found('L', [])).toBeCloseTo(-Math.log(0.3), 14);
    expect(spec.tensors.get('k')?.integer?.hi.terms[0]?.symbol.name).toBe('classes');
  });
});

describe('what is refused', () => {
  test.each<[string, readonly string[]]>([
    ['z[t]: W[y[t], 1]', ['index-not-integer']],
    ['z[t]: W[token, 1]', ['wrong-index-count']],
    ['z[t]: W[token[t, t], 1]', ['wrong-index-count']],
    ['z[t]: W[token[d], 1]', ['unbound-index']],
    ['z[t]: W[token[t + 1], 1]', ['index-out-of-range']],
    ['z[t]: W[token[t] + 1, 1]', ['index-out-of-range']],
    ['z[t]: W[2 * token[t] - 1, 1]', ['index-out-of-range']],
    ['z[t]: "[token[t] < vocabulary] * W[token[t] + 1, 1]"', []],
    ['z[t]: "[token[t] <= vocabulary] * W[token[t] + 1, 1]"', ['index-out-of-range']],
    ['z[t]: y[shift[t]]', ['index-out-of-range']],
    ['z[t]: W[token[t] * k, 1]', ['index-not-affine']],
    ['z[t]: W[exp(token[t]), 1]', ['index-not-affine']],
  ])('%s', (text, expected) => expect(codes(text)).toEqual(expected));
});
