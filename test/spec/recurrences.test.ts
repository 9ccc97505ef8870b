// Equations that read each other's earlier entries: the values of loops, the order in which they come out, and what has none.

import { describe, expect, test } from 'vitest';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';
import { schedule, type Stage } from '../../src/spec/schedule.ts';
import type { Equation } from '../../src/spec/network.ts';
import { readAny } from './read-any.ts';
import { type Inputs, runLayer } from './run-layer.ts';

const sizes = { time: 5, units: 3, rows: 4 };
const x = (t: number, i: number): number => Math.sin(1.3 * t + 0.7 * i * i);
const w = (i: number, j: number): number => Math.cos(2.1 * i - 1.1 * j * j) / 2;
const inputs: Inputs = { x: ([t = NaN, i = NaN]) => x(t, i), W: ([i = NaN, j = NaN]) => w(i, j), h0: ([i = NaN]) => i / 4 };

const file = (equations: string, more = ''): string => `
layer: example
axes: { t: time, i: units, j: units, s: time, r: rows, u: 0..time }
input: { x: [time, units] }
parameters: { W: [units, units], h0: [units] }
output: { z: [time, units] }
${more}
equations:
${equations.trim().split('\n').map((l) => `  ${l.trim()}`).join('\n')}
`;
const read = (equations: string, more = ''): ReturnType<typeof readLayer> => readLayer({ file: 'example.yaml', text: file(equations, more) }, shippedLibrary);
const codes = (equations: string, more = ''): readonly string[] =>
  readAny({ file: 'example.yaml', text: file(equations, more) }).map((d) => d.code).filter((code) => !code.startsWith('unused-'));

const show = (stage: Stage<Equation>): string => (stage.kind === 'equation' ? stage.equation.tensor.name
  : `${stage.direction}(${stage.stages.map(show).join(' ')})`);
const stages = (equations: string): string => {
  const found = schedule(read(equations).equations);
  return found.kind === 'stages' ? found.stages.map(show).join(' ') : 'cycle';
};

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k + 1);
const ts = range(sizes.time);
const is = range(sizes.units);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The array that a step fills, from the front or from the back. */
function filled(step: (h: readonly (readonly number[])[], t: number, i: number) => number, backwards = false): readonly (readonly number[])[] {
  const h: number[][] = [];
  for (const t of backwards ? [...ts].reverse() : ts) {
    h[t] = [];
    for (const i of is) h[t][i] = step(h, t, i);
  }
  return h;
}

describe('a recurrence has the values of its loop', () => {
  const chain = (h: readonly (readonly number[])[], t: number, i: number): number => total(is.map((j) => w(i, j) * (h[t - 1]?.[j] ?? 0)));
  const cumulative = filled((h, t, i) => (h[t - 1]?.[i] ?? 0) + x(t, i));
  const pairs: (readonly [string, string, string, readonly (readonly number[])[]])[] = [
    ['guarded by a bracket', 'z[t, i]: "tanh(x[t, i] + [t > 1] * sum(j, W[i, j] * z[t - 1, j]))"', 'up(z)',
      filled((h, t, i) => Math.tanh(x(t, i) + chain(h, t, i)))],
    ['guarded inside the sum', 'z[t, i]: "tanh(x[t, i] + sum(j, [t >= 2] * W[i, j] * z[t - 1, j]))"', 'up(z)',
      filled((h, t, i) => Math.tanh(x(t, i) + chain(h, t, i)))],
    ['with cases', 'z[t, i]: "tanh(x[t, i] + (t > 1 ? z[t - 1, i] : h0[i]))"', 'up(z)',
      filled((h, t, i) => Math.tanh(x(t, i) + (t > 1 ? h[t - 1]![i]! : i / 4)))],
    ['two steps back', 'z[t, i]: "x[t, i] + [t > 2] * z[t - 2, i] - [t > 1] * z[t - 1, i] / 2"', 'up(z)',
      filled((h, t, i) => x(t, i) + (h[t - 2]?.[i] ?? 0) - (h[t - 1]?.[i] ?? 0) / 2)],
    ['over an axis that begins earlier', 'h[u, i]: "u = 0 ? h0[i] : h[u - 1, i] / 2 + x[u, i]"\nz[t, i]: h[t, i]', 'up(h) z',
      filled((h, t, i) => (t > 1 ? h[t - 1]![i]! : i / 4) / 2 + x(t, i))],
    ['backwards', 'z[t, i]: "x[t, i] + [t < time] * z[t + 1, i]^2 / 4"', 'down(z)',
      filled((h, t, i) => x(t, i) + (h[t + 1]?.[i] ?? 0) ** 2 / 4, true)],
    ['all earlier ones', 'z[t, i]: "x[t, i] + sum(s, [s < t] * z[s, i]) / 4"', 'up(z)',
      filled((h, t, i) => x(t, i) + total(ts.filter((s) => s < t).map((s) => h[s]![i]!)) / 4)],
    ['all earlier ones, by a range', 'z[t, i]: x[t, i] + sum(s = 1..t - 1, z[s, i]) / 4', 'up(z)',
      filled((h, t, i) => x(t, i) + total(ts.filter((s) => s < t).map((s) => h[s]![i]!)) / 4)],
    ['a running maximum', 'z[t, i]: "t > 1 ? max(z[t - 1, i], x[t, i]) : x[t, i]"', 'up(z)',
      filled((h, t, i) => Math.max(h[t - 1]?.[i] ?? -Infinity, x(t, i)))],
    ['a maximum over earlier units', 'z[t, i]: "x[t, i] + [t > 1] * max(j, z[t - 1, j] + W[i, j])"', 'up(z_argmax z_max z)',
      filled((h, t, i) => x(t, i) + (t > 1 ? Math.max(...is.map((j) => h[t - 1]![j]! + w(i, j))) : 0))],
    ['a mean over all earlier ones', 'z[t, i]: "x[t, i] + (t > 1 ? mean(s = 1..t - 1, z[s, i]) : 0)"', 'up(z)',
      filled((h, t, i) => x(t, i) + (t > 1 ? total(ts.filter((s) => s < t).map((s) => h[s]![i]!)) / (t - 1) : 0))],
    ['both directions', 'f[t, i]: "x[t, i] + [t > 1] * f[t - 1, i] / 2"\nb[t, i]: "x[t, i] + [t < time] * b[t + 1, i] / 2"\nz[t, i]: f[t, i] * b[t, i]', 'up(f) down(b) z', (() => {
      const f = filled((h, t, i) => x(t, i) + (h[t - 1]?.[i] ?? 0) / 2);
      const b = filled((h, t, i) => x(t, i) + (h[t + 1]?.[i] ?? 0) / 2, true);
      return filled((_, t, i) => f[t]![i]! * b[t]![i]!);
    })()],
    ['what stands in front and behind', 'a[t, i]: 2 * x[t, i]\nh[t, i]: "a[t, i] / 2 + [t > 1] * h[t - 1, i]"\nz[t, i]: h[t, i] + 1', 'a up(h) z',
      cumulative.map((row) => row.map((v) => v + 1))],
  ];
  test.each(pairs)('%s', (_, equations, order, expected) => {
    expect(stages(equations)).toBe(order);
    const found = runLayer(read(equations), sizes, inputs);
    for (const t of ts) for (const i of is) expect(found('z', [t, i]), `${t}, ${i}`).toBeCloseTo(expected[t]![i]!, 12);
  });

  test('a start by what is outside', () => {
    const found = runLayer(read('z[t, i]: x[t, i] + z[t - 1, i]', 'outside: { z: 0 }'), sizes, inputs);
    for (const t of ts) for (const i of is) expect(found('z', [t, i])).toBeCloseTo(cumulative[t]![i]!, 12);
  });
});

describe('many equations that need each other come out together, in the order of one step', () => {
  const cell = `
    f[t, i]: "1 / (1 + exp(-x[t, i] - [t > 1] * sum(j, W[i, j] * h[t - 1, j])))"
    c[t, i]: "[t > 1] * f[t, i] * c[t - 1, i] + (1 - f[t, i]) * g[t, i]"
    m[t, i]: 2 * x[t, i]
    g[t, i]: "tanh(m[t, i] + [t > 1] * sum(j, W[j, i] * h[t - 1, j]))"
    h[t, i]: f[t, i] * tanh(c[t, i])
    z[t, i]: h[t, i]
  `;
  test('in whatever order the file has them', () => {
    expect(stages(cell)).toBe('m up(f g c h) z');
    expect(read(cell).equations.map((e) => e.tensor.name)).toEqual(['m', 'f', 'g', 'c', 'h', 'z']);
    const lines = cell.trim().split('\n');
    const other = [lines[2], lines[4], lines[1], lines[3], lines[0], lines[5]].join('\n');
    expect(read(other).equations.map((e) => e.tensor.name)).toEqual(['m', 'f', 'g', 'c', 'h', 'z']);
  });

  test('with the values of one loop', () => {
    let h = is.map(() => 0);
    let c = is.map(() => 0);
    const found = runLayer(read(cell), sizes, inputs);
    for (const t of ts) {
      const f = is.map((i) => 1 / (1 + Math.exp(-x(t, i) - total(is.map((j) => w(i, j) * h[j - 1]!)))));
      const g = is.map((i) => Math.tanh(2 * x(t, i) + total(is.map((j) => w(j, i) * h[j - 1]!))));
      c = is.map((i) => f[i - 1]! * c[i - 1]! + (1 - f[i - 1]!) * g[i - 1]!);
      h = is.map((i) => f[i - 1]! * Math.tanh(c[i - 1]!));
      for (const i of is) expect(found('z', [t, i])).toBeCloseTo(h[i - 1]!, 12);
    }
  });
});

test('two axes: an entry from the one above and the one on its left', () => {
  const grid = `
layer: grid
axes: { r: rows, t: time }
input: { x: [rows, time] }
output: { z: [r, t] }
equations:
  z[r, t]: "x[r, t] + [r > 1] * z[r - 1, t] / 2 + [t > 1] * z[r, t - 1] / 3"
`;
  const spec = readLayer({ file: 'grid.yaml', text: grid }, shippedLibrary);
  const found = schedule(spec.equations);
  expect(found.kind === 'stages' && found.stages.map(show)).toEqual(['up(up(z))']);
  const value = runLayer(spec, sizes, inputs);
  let above = ts.map(() => 0);
  for (const r of range(sizes.rows)) {
    const row: number[] = [];
    for (const t of ts) row.push(x(r, t) + above[t - 1]! / 2 + (row.at(-1) ?? 0) / 3);
    for (const t of ts) expect(value('z', [r, t])).toBeCloseTo(row[t - 1]!, 12);
    above = row;
  }
});

describe('what is refused', () => {
  test.each<[string, readonly string[]]>([
    ['z[t, i]: x[t, i] + z[t - 1, i]', ['recurrence-without-start']],
    ['z[t, i]: x[t, i] + z[t + 1, i]', ['recurrence-without-start']],
    ['z[t, i]: "x[t, i] + [t > 1] * z[t - 2, i]"', ['recurrence-without-start']],
    ['z[t, i]: "x[t, i] + (t > 1 ? z[t - 1, i] : z[t + 1, i])"', ['cyclic-equations', 'recurrence-without-start']],
    ['z[t, i]: "x[t, i] + [t > 1] * z[t - 1, i] + [t < time] * z[t + 1, i]"', ['cyclic-equations']],
    ['z[t, i]: "x[t, i] + [t > 1] * sum(s, z[t - 1, s])"', ['index-out-of-range']],
    ['z[t, i]: x[t, i] + z[t, i]', ['cyclic-equations']],
    ['z[t, i]: x[t, i] + sum(s, z[s, i])', ['cyclic-equations']],
    ['z[t, i]: x[t, i] + sum(s = 1..t, z[s, i])', ['cyclic-equations']],
    ['a[t, i]: b[t, i]\nb[t, i]: "x[t, i] + [t > 1] * a[t - 1, i]"\nz[t, i]: b[t, i]', []],
    ['a[t, i]: "x[t, i] + [t < time] * b[t + 1, i]"\nb[t, i]: "x[t, i] + [t > 1] * a[t - 1, i]"\nz[t, i]: b[t, i]', ['cyclic-equations']],
    ['z[t, i]: a[t, i]\na[t, i]: x[t, i]', ['used-before-definition']],
    ['z[t, i]: "a[t, i] + [t > 1] * z[t - 1, i]"\na[t, i]: x[t, i]', ['used-before-definition']],
    ['h[u, i]: "u > 0 ? h[u - 1, i] + x[u, i] : u = 0 ? h0[i] : 1"\nz[t, i]: h[t, i]', ['branch-never-reached']],
    ['z[t, i]: "t > 1 ? x[t, i] : t > 2 ? 1 : h0[i]"', ['branch-never-reached']],
    ['z[t, i]: "t > 1 ? x[t, i] : t <= 1 ? h0[i] : 2"', ['branch-never-reached']],
    ['z[t, i]: "t >= 1 ? x[t, i] : h0[i]"', ['branch-never-reached']],
    ['z[t, i]: "t > time ? x[t, i] : h0[i]"', ['branch-never-reached']],
    ['z[t, i]: "[t = 1] * (t > 1 ? x[t, i] : h0[i])"', ['branch-never-reached']],
    ['z[t, i]: "t = 1 ? x[t, i] : t = time ? 1 : x[t, i] > 0 ? 2 : 3"', []],
  ])('%s', (text, expected) => expect(codes(text)).toEqual(expected));
});
