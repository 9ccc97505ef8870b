// Random formulas of nested reductions, integers as indices and conditions, against values computed along with their text.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';
import { readAny } from './read-any.ts';
import { runLayer } from './run-layer.ts';

const n = 3;
const k = [NaN, 2, 3, 1];
const x = (i: number): number => Math.sin(2.3 * i * i) + 0.05 * i;
const w = (i: number, j: number): number => Math.cos(1.9 * i - 0.8 * j * j) - 0.02 * j;

type Letters = Readonly<Record<string, number>>;

interface Formula {
  readonly text: string;
  readonly value: (at: Letters) => number;
}

type Reduce = (values: readonly number[]) => number;
const total: Reduce = (values) => values.reduce((a, b) => a + b, 0);
const reductions: Readonly<Record<string, Reduce>> = {
  sum: total, mean: (v) => total(v) / v.length, prod: (v) => v.reduce((a, b) => a * b, 1), max: (v) => Math.max(...v), min: (v) => Math.min(...v),
  logsumexp: (v) => Math.log(total(v.map(Math.exp))),
};

/** A letter of the scope, or one of those around it. */
const letter = (scope: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...scope);

function formula(scope: readonly string[], depth: number): fc.Arbitrary<Formula> {
  const one = letter(scope);
  const leaves = [
    one.map((i): Formula => ({ text: `x[${i}]`, value: (at) => x(at[i]!) })),
    fc.tuple(one, one).map(([i, j]): Formula => ({ text: `W[${i}, ${j}]`, value: (at) => w(at[i]!, at[j]!) })),
    fc.tuple(one, one).map(([i, j]): Formula => ({ text: `W[k[${i}], ${j}]`, value: (at) => w(k[at[i]!]!, at[j]!) })),
    one.map((i): Formula => ({ text: `x[n + 1 - k[k[${i}]]]`, value: (at) => x(n + 1 - k[k[at[i]!]!]!) })),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const inner = formula(scope, depth - 1);
  const fresh = ['a', 'b', 'c', 'd'].find((name) => !scope.includes(name)) ?? 'a';
  const below = formula([...scope.filter((s) => s !== fresh), fresh], depth - 1);
  const all = [1, 2, 3];
  return fc.oneof(
    ...leaves,
    fc.tuple(inner, inner, fc.constantFrom('+', '-', '*')).map(([a, b, sign]): Formula => ({
      text: `(${a.text} ${sign} ${b.text})`,
      value: (at) => (sign === '+' ? a.value(at) + b.value(at) : sign === '-' ? a.value(at) - b.value(at) : a.value(at) * b.value(at)),
    })),
    fc.tuple(fc.constantFrom(...Object.keys(reductions)), below).map(([name, body]): Formula => ({
      text: `${name}(${fresh}, ${body.text})`, value: (at) => reductions[name]!(all.map((v) => body.value({ ...at, [fresh]: v }))),
    })),
    fc.tuple(fc.constantFrom(...Object.keys(reductions)), below, one).map(([name, body, end]): Formula => ({
      text: `${name}(${fresh} = 1..${end}, ${body.text})`,
      value: (at) => reductions[name]!(all.filter((v) => v <= at[end]!).map((v) => body.value({ ...at, [fresh]: v }))),
    })),
    fc.tuple(inner, one, one).map(([a, i, j]): Formula => ({ text: `[${i} <= ${j}] * ${a.text}`, value: (at) => (at[i]! <= at[j]! ? a.value(at) : 0) })),
    one.map((i): Formula => ({ text: `[${i} > 1] * max(${fresh}, W[${i} - 1, ${fresh}])`, value: (at) => (at[i]! > 1 ? Math.max(...all.map((v) => w(at[i]! - 1, v))) : 0) })),
    fc.tuple(below, one).map(([body, i]): Formula => ({
      text: `W[argmax(${fresh}, ${body.text}), ${i}]`,
      value: (at) => {
        const values = all.map((v) => body.value({ ...at, [fresh]: v }));
        return w(values.indexOf(Math.max(...values)) + 1, at[i]!);
      },
    })),
  );
}

test('random reductions have the value that was computed along with them', () => {
  let checked = 0;
  fc.assert(fc.property(formula(['i', 'j'], 4), ({ text, value }) => {
    const file = { file: 'random.yaml', text: `
layer: random
axes: { i: n, j: n, a: n, b: n, c: n, d: n }
input: { x: [n], W: [n, n], k: [n] }
values: { k: i }
output: { z: [i, j] }
equations:
  z[i, j]: "${text}"
` };
    const errors = readAny(file).filter((d) => d.severity === 'error');
    expect(errors.map((d) => `${d.message} ${text}`)).toEqual([]);
    const found = runLayer(readLayer(file, shippedLibrary), { n }, { x: ([i = NaN]) => x(i), W: ([i = NaN, j = NaN]) => w(i, j), k: ([i = NaN]) => k[i]! });
    for (const [i, j] of [[1, 1], [2, 3], [3, 2]] as const) {
      const expected = value({ i, j });
      if (Math.abs(expected) > 1e6) continue;
      checked += 1;
      expect(Math.abs(found('z', [i, j]) - expected), text).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
    }
  }), { numRuns: 300, seed: 20_261_124 });
  expect(checked).toBeGreaterThan(600);
});
