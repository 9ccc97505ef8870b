// Reductions over index letters mean what loops say: each formula with the equations that it puts in front of itself,
// against loops written here.

import { describe, expect, test } from 'vitest';
import { readLayer } from '../../src/spec/read.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readAny } from './read-any.ts';
import { type Inputs, runLayer } from './run-layer.ts';

const n = 4;
const m = 3;
const cell = (i: number, j: number): number => Math.sin(1.7 * i + 2.3 * j * j) + 0.1 * i;
const entry = (i: number): number => Math.cos(2.9 * i * i);
const inputs: Inputs = { x: ([i = NaN]) => entry(i), W: ([i = NaN, j = NaN]) => cell(i, j) };

const file = (equations: string): string => `
layer: example
axes: { i: n, j: m, k: n }
input: { x: [n], W: [n, m] }
output: { z: [n] }
equations:
  ${equations.trim().split('\n').map((l) => l.trim()).join('\n  ')}
`;
const spec = (equations: string): ReturnType<typeof readLayer> => readLayer({ file: 'example.yaml', text: file(equations) }, shippedLibrary);
const run = (equations: string): readonly number[] => {
  const value = runLayer(spec(equations), { n, m }, inputs);
  return Array.from({ length: n }, (_, i) => value('z', [i + 1]));
};
/** What is said of the formulas, but for tensors that none of them uses. */
const codes = (equations: string): readonly string[] =>
  readAny({ file: 'example.yaml', text: file(equations) }).map((d) => d.code).filter((code) => code !== 'unused-tensor');

const is = Array.from({ length: n }, (_, i) => i + 1);
const js = Array.from({ length: m }, (_, j) => j + 1);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const first = (values: readonly number[], of: number): number => values.indexOf(of) + 1;
const row = (i: number): readonly number[] => js.map((j) => cell(i, j));

describe('reductions', () => {
  test.each<[string, (i: number) => number]>([
    ['mean(j, W[i, j])', (i) => total(row(i)) / m],
    ['mean(k, j, W[k, j]) * x[i]', (i) => total(is.flatMap(row)) / (n * m) * entry(i)],
    ['mean(k = 1..i, x[k])', (i) => total(is.slice(0, i).map(entry)) / i],
    ['mean(k, j = 1..k, x[k] * j) + x[i]', (i) => total(is.flatMap((k) => is.slice(0, k).map((j) => entry(k) * j))) / 10 + entry(i)],
    ['sum(k = 1..i, x[k])', (i) => total(is.slice(0, i).map(entry))],
    ['sum(k = i..n, x[k])', (i) => total(is.slice(i - 1).map(entry))],
    ['sum(k = 2..i, x[k - 1])', (i) => total(is.slice(0, i - 1).map(entry))],
    ['prod(j, W[i, j])', (i) => row(i).reduce((a, b) => a * b, 1)],
    ['prod(k = 1..i - 1, x[k])', (i) => is.slice(0, i - 1).map(entry).reduce((a, b) => a * b, 1)],
    ['prod(k, j, 1 + W[k, j]^2) - x[i]', (i) => is.flatMap(row).reduce((a, b) => a * (1 + b * b), 1) - entry(i)],
    ['logsumexp(j, W[i, j])', (i) => Math.log(total(row(i).map(Math.exp)))],
    ['logsumexp(k, j, W[k, j]) + x[i]', (i) => Math.log(total(is.flatMap(row).map(Math.exp))) + entry(i)],
    ['max(j, W[i, j])', (i) => Math.max(...row(i))],
    ['min(j, W[i, j])', (i) => Math.min(...row(i))],
    ['max(k, j, W[k, j] * x[i])', (i) => Math.max(...is.flatMap(row).map((w) => w * entry(i)))],
    ['exp(x[i] - max(k, x[k])) / sum(k, exp(x[k] - max(j = 1..n, x[j])))', (i) => {
      const greatest = Math.max(...is.map(entry));
      return Math.exp(entry(i) - greatest) / total(is.map((k) => Math.exp(entry(k) - greatest)));
    }],
    ['sum(k, max(j, W[k, j] * x[i]) * x[k])', (i) => total(is.map((k) => Math.max(...row(k).map((w) => w * entry(i))) * entry(k)))],
    ['max(k, min(j, W[k, j]) * x[i])', (i) => Math.max(...is.map((k) => Math.min(...row(k)) * entry(i)))],
    ['max(k = 1..i, x[k])', (i) => Math.max(...is.slice(0, i).map(entry))],
    ['max(k = i..n, W[k, 1] * x[i])', (i) => Math.max(...is.slice(i - 1).map((k) => cell(k, 1) * entry(i)))],
    ['max(k, [k <= i] * x[k])', (i) => Math.max(...is.map((k) => (k <= i ? entry(k) : 0)))],
    ['[i > 1] * max(k = 1..i - 1, x[k])', (i) => (i > 1 ? Math.max(...is.slice(0, i - 1).map(entry)) : 0)],
    ['(i > 1 ? max(k = 1..i - 1, x[k]) : 7)', (i) => (i > 1 ? Math.max(...is.slice(0, i - 1).map(entry)) : 7)],
    ['[i > 1] * max(j, W[i - 1, j] * x[i])', (i) => (i > 1 ? Math.max(...row(i - 1).map((w) => w * entry(i))) : 0)],
    ['(i < n ? min(j, W[i + 1, j]) : x[i])', (i) => (i < n ? Math.min(...row(i + 1)) : entry(i))],
    ['sum(k, [k > i] * max(j, W[k - 1, j]))', (i) => total(is.map((k) => (k > i ? Math.max(...row(k - 1)) : 0)))],
    ['sum(k, [k > i + 1] * max(j, W[k - 2, j]))', (i) => total(is.map((k) => (k > i + 1 ? Math.max(...row(k - 2)) : 0)))],
    ['sum(k = 1..i, max(j, W[k, j] * x[i]))', (i) => total(is.slice(0, i).map((k) => Math.max(...row(k).map((w) => w * entry(i)))))],
    ['sum(k = i..n, max(j, W[k - i + 1, j] * x[i]))', (i) => total(is.slice(i - 1).map((k) => Math.max(...row(k - i + 1).map((w) => w * entry(i)))))],
    ['sum(k = 2..i, max(j, W[k - 1, j]))', (i) => total(is.slice(1, i).map((k) => Math.max(...row(k - 1))))],
    ['sum(k = 1..n + 1 - i, max(j, W[k, j] * x[i]))', (i) => total(is.slice(0, n + 1 - i).map((k) => Math.max(...row(k).map((w) => w * entry(i)))))],
    ['argmax(j, W[i, j])', (i) => first(row(i), Math.max(...row(i)))],
    ['argmin(j, W[i, j])', (i) => first(row(i), Math.min(...row(i)))],
    ['x[i] * argmax(j, W[i, j])', (i) => entry(i) * first(row(i), Math.max(...row(i)))],
    ['argmax(k = i..n, x[k])', (i) => is.slice(i - 1).find((k) => entry(k) === Math.max(...is.slice(i - 1).map(entry))) ?? NaN],
    ['max(x[i], 0.25) + min(i, 2)', (i) => Math.max(entry(i), 0.25) + Math.min(i, 2)],
    ['argmax(j, 1) + argmin(j = 0..m, 1) - 1', () => 0],
  ])('%s', (text, value) => {
    const found = run(`z[i]: "${text}"`);
    for (const i of is) expect(found[i - 1]).toBeCloseTo(value(i), 12);
  });
});

describe('the equations of a maximum', () => {
  const names = (equations: string): readonly string[] => spec(equations).equations.map((e) => `${e.tensor.name}[${e.axes.map((a) => a.index).join(', ')}]`);

  test.each([
    ['z[i]: max(j, W[i, j])', ['z_argmax[i]', 'z[i]']],
    ['z[i]: 2 * max(j, W[i, j])', ['z_argmax[i]', 'z_max[i]', 'z[i]']],
    ['z[i]: x[i] - min(k, x[k])', ['z_argmin[]', 'z_min[]', 'z[i]']],
    ['z[i]: sum(k, max(j, W[k, j]) * x[i])', ['z_argmax[k]', 'z_max[k]', 'z[i]']],
    ['z[i]: "x[i] + sum(k, [k <= i] * max(j, (k = 1 ? W[k, j] : W[k - 1, j])))"', ['z_argmax[k]', 'z_max[k]', 'z[i]']],
    ['z[i]: "x[i] + sum(k, [k > i] * max(j, W[k - 1, j]))"', ['z_argmax[i, k]', 'z_max[i, k]', 'z[i]']],
    ['z[i]: max(k, x[k]) * max(k, x[k]) + max(k, -x[k]) + x[i]', ['z_argmax[]', 'z_max[]', 'z_argmax2[]', 'z_max2[]', 'z[i]']],
    ['z[i]: max(k, j, W[k, j]) * x[i]', ['z_argmax[k]', 'z_max[k]', 'z_argmax2[]', 'z_max2[]', 'z[i]']],
    ['z_argmax[i]: x[i]\nz[i]: max(j, W[i, j]) * z_argmax[i]', ['z_argmax[i]', 'z_argmax2[i]', 'z_max[i]', 'z[i]']],
    ['z[i]: argmax(j, W[i, j])', ['z[i]']],
  ])('%s', (text, expected) => expect(names(text)).toEqual(expected));

  test('say what they are, where they stand, and which integers they hold', () => {
    const read = spec('z[i]: x[i] * max(j, W[i, j]) + argmin(k = 1..n + 1 - i, x[k])');
    expect(read.equations.map((e) => e.text)).toEqual([
      'z_argmax[i]: argmax(j, W[i, j])', 'z_max[i]: max(j, W[i, j])', 'z_argmin[i]: argmin(k = 1..n + 1 - i, x[k])',
      'z[i]: x[i] * max(j, W[i, j]) + argmin(k = 1..n + 1 - i, x[k])',
    ]);
    expect(read.equations.map((e) => [e.place.line, e.place.column])).toEqual([[7, 16], [7, 16], [7, 34], [7, 3]]);
    const integers = [...read.tensors.values()].map((t) => [t.name, t.integer?.hi.terms[0]?.symbol.name]);
    expect(integers).toEqual([['x', undefined], ['W', undefined], ['z', undefined], ['z_argmax', 'm'], ['z_max', undefined], ['z_argmin', 'n']]);
  });

  test('an argmax that is a whole right side makes its tensor one of integers', () => {
    const { tensors } = spec('c[i]: argmax(j, W[i, j])\nz[i]: x[i] * c[i]');
    expect([tensors.get('c')?.integer?.hi.terms[0]?.symbol.name, tensors.get('z')?.integer]).toEqual(['m', undefined]);
  });
});

test('the words of reductions are free as names of tensors', () => {
  const found = run('mean[i]: mean(j, W[i, j])\nargmax: max(k, mean[k])\nz[i]: mean[i] / argmax + prod(j, mean[i])');
  const means = is.map((i) => total(row(i)) / m);
  for (const i of is) expect(found[i - 1]).toBeCloseTo(means[i - 1]! / Math.max(...means) + means[i - 1]! ** m, 12);
});

describe('what is refused', () => {
  test.each<[string, readonly string[]]>([
    ['z[i]: max(k = 1..i - 1, x[k])', ['empty-reduction']],
    ['z[i]: mean(k = i..n - 1, x[k])', ['empty-reduction']],
    ['z[i]: "[i < n] * mean(k = i..n - 1, x[k])"', []],
    ['z[i]: logsumexp(k = 2..n, x[k])', ['empty-reduction']],
    ['z[i]: argmin(k = i + 1..n, x[k])', ['empty-reduction']],
    [`z[i]: "${Array.from({ length: 40 }, (_, q) => `[i != ${q}] * `).join('')}max(k, x[k] * x[i])"`, []],
    ['z[i]: sum(k = i + 1..n, x[k]) + prod(k = i + 1..n, x[k])', []],
    ['z[i]: argmax(j, k, W[k, j] * x[i])', ['wrong-argument-count']],
    ['z[i]: max(i, x[i])', ['maximum-over-a-bound-letter']],
    ['z[i]: max(k, x[j])', ['unbound-index']],
    ['z[i]: max(k)', ['wrong-argument-count']],
    ['z[i]: mean(x[i], 2)', ['sum-without-letter']],
    ['z[i]: max(k = 1..x[i], x[k])', ['range-not-fixed']],
    ['z[i]: sum(k = 1..j, x[k])', ['unbound-index']],
    ['z[i]: sum(k = 1..i + 1, x[k])', ['index-out-of-range']],
    ['z[i]: max(k, [k > 1] * x[k - 2])', ['index-out-of-range']],
    ['z[i]: max(x[i], k = 1..3)', ['binding-outside-sum']],
  ])('%s', (text, expected) => expect(codes(text)).toEqual(expected));
});

test('an axis that some tensor has is never empty', () => {
  const text = (input: string, formula: string): string => `
layer: example
axes: { t: 1..n-w+1, s: 1..w }
input: { x: [n], v: [w] ${input} }
output: { z: [] }
equations:
  z: ${formula}
`;
  const ofText = (t: string): readonly string[] => readAny({ file: 'example.yaml', text: t }).map((d) => d.code);
  expect(ofText(text(', y: [t]', 'mean(t, y[t]) + sum(s, v[s]) * sum(t, x[t])'))).toEqual([]);
  expect(ofText(text('', 'mean(t, x[t]) + sum(s, v[s])'))).toEqual(['empty-reduction']);
});
