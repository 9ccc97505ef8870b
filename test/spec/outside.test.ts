// What entries outside their axes are worth: windows over the border, against loops over arrays with a border.

import { describe, expect, test } from 'vitest';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';
import { readAny } from './read-any.ts';
import { type Inputs, runLayer } from './run-layer.ts';

const sizes = { n: 6, m: 3 };
const x = (p: number, border: number): number => (p >= 1 && p <= sizes.n ? Math.sin(2.7 * p * p) : border);
const inputs: Inputs = { x: ([p = NaN]) => x(p, NaN), v: ([s = NaN]) => s - 1.5, k: ([t = NaN]) => (t % 3) - 1 };
const file = (equation: string, outside: string): string => `
layer: example
axes: { t: n, s: 3, c: m }
input: { x: [n], k: [n] }
values: { k: -1..1 }
parameters: { v: [3] }
output: { z: [t] }
outside: ${outside}
equations:
  z[t]: "${equation}"
`;
const codes = (equation: string, outside: string): readonly string[] =>
  readAny({ file: 'example.yaml', text: file(equation, outside) }).map((d) => d.code).filter((code) => !code.startsWith('unused-'));

const ts = [1, 2, 3, 4, 5, 6];
const ss = [1, 2, 3];
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('a window over the border', () => {
  test.each<[string, string, (t: number) => number]>([
    ['sum(s, v[s] * x[t + s - 2])', '{ x: 0 }', (t) => total(ss.map((s) => (s - 1.5) * x(t + s - 2, 0)))],
    ['sum(s, v[s] * x[t + s - 2])', '{ x: -2.5 }', (t) => total(ss.map((s) => (s - 1.5) * x(t + s - 2, -2.5)))],
    ['max(s, x[t + s - 2])', '{ x: 0 }', (t) => Math.max(...ss.map((s) => x(t + s - 2, 0)))],
    ['min(s, x[t + s - 2])', '{ x: 9 }', (t) => Math.min(...ss.map((s) => x(t + s - 2, 9)))],
    ['x[2 * t - 3] + x[t]', '{ x: 1 }', (t) => x(2 * t - 3, 1) + x(t, NaN)],
    ['exp(x[t + 1])', '{ x: 0 }', (t) => Math.exp(x(t + 1, 0))],
    ['x[t + k[t]]', '{ x: 0.5 }', (t) => x(t + (t % 3) - 1, 0.5)],
    ['x[t + k[t]]', '{ x: 0 }', (t) => x(t + (t % 3) - 1, 0)],
    ['x[0] + x[t]', '{ x: 7 }', (t) => 7 + x(t, NaN)],
  ])('%s with %s', (equation, outside, value) => {
    const found = runLayer(readLayer({ file: 'example.yaml', text: file(equation, outside) }, shippedLibrary), sizes, inputs);
    for (const t of ts) expect(found('z', [t])).toBeCloseTo(value(t), 12);
  });

  test('is guarded only where it can leave', () => {
    const value = (equation: string): unknown => readLayer({ file: 'example.yaml', text: file(equation, '{ x: 0 }') }, shippedLibrary).equations.at(-1)!.value;
    expect(value('x[t]')).toMatchObject({ kind: 'ref' });
    expect(value('x[t - 1]')).toMatchObject({ kind: 'multiply', factors: [{ kind: 'bracket', test: { kind: 'index', relation: '>=' } }, { kind: 'ref' }] });
    expect(value('(t > 1 ? x[t - 1] : 0)')).toMatchObject({ kind: 'piecewise', branches: [{ then: { kind: 'ref' } }] });
  });
});

test('what is refused', () => {
  expect(codes('x[t - 1]', '{ y: 0 }')).toEqual(['unknown-name', 'index-out-of-range']);
  expect(codes('v[t] * x[t]', '{ x: 0 }')).toEqual(['index-out-of-range']);
  expect(codes('x[t - 1]', '{ x: none }')).toEqual(['wrong-type', 'index-out-of-range']);
  expect(codes('x[t, t]', '{ x: 0 }')).toEqual(['wrong-index-count']);
});
