// Recurrences without declared pre-activations: every step is proved, and every formula has the values of difference quotients.

import { describe, expect, it } from 'vitest';
import { index, symbolKey } from '../../src/algebra/affine.ts';
import { type Expression, multiply, ref, sum, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import type { Derivation } from '../../src/derive/derivation.ts';
import { deriveLayer } from '../../src/derive/derive.ts';
import { backward } from '../../src/derive/reverse.ts';
import { type AdjointFormula, evaluateAdjoints } from '../../src/evaluate/adjoints.ts';
import { evaluation } from '../../src/evaluate/equations.ts';
import { real } from '../../src/evaluate/real.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Signal, System } from '../../src/spec/network.ts';
import { readLayer } from '../../src/spec/read.ts';

/** Two inputs of different shapes: no such layer is its own neighbour, so it is derived by itself. */
const file = (equations: string): string => `
layer: example
axes: { t: time, i: units, j: units, s: time, r: rows, u: 0..time }
input: { x: [time, units], h0: [units] }
parameters: { W: [units, units], V: [units, units] }
output: { z: [time, units] }
equations:
${equations.trim().split('\n').map((l) => `  ${l.trim()}`).join('\n')}
`;

const cases: readonly (readonly [string, string])[] = [
  ['gates and a cell', `
    f[t, i]: "1 / (1 + exp(-x[t, i] - [t > 1] * sum(j, W[i, j] * h[t - 1, j])))"
    g[t, i]: "tanh(x[t, i] / 2 + [t > 1] * sum(j, V[i, j] * h[t - 1, j]))"
    c[t, i]: "(t > 1 ? f[t, i] * c[t - 1, i] : h0[i]) + (1 - f[t, i]) * g[t, i]"
    h[t, i]: f[t, i] * tanh(c[t, i])
    z[t, i]: h[t, i]
  `],
  ['the output itself', 'z[t, i]: "tanh(x[t, i] + (t > 1 ? sum(j, W[i, j] * z[t - 1, j]) : sum(j, V[i, j] * h0[j])))"'],
  ['two tensors that need each other', `
    a[t, i]: "x[t, i] + [t > 1] * sum(j, W[i, j] * b[t - 1, j])"
    b[t, i]: "sin(sum(j, V[i, j] * a[t, j])) + [t = 1] * h0[i]"
    z[t, i]: a[t, i] * b[t, i]
  `],
  ['a name for what came before', `
    a[t, i]: "[t > 1] * h[t - 1, i]"
    h[t, i]: "tanh(x[t, i] + h0[i] + sum(j, (W[i, j] + V[j, i]) * a[t, j]))"
    z[t, i]: h[t, i]
  `],
  ['both directions', `
    f[t, i]: "tanh(x[t, i] + [t > 1] * sum(j, W[i, j] * f[t - 1, j]))"
    b[t, i]: "tanh(x[t, i] + h0[i] + [t < time] * sum(j, V[i, j] * b[t + 1, j]))"
    z[t, i]: f[t, i] * b[t, i]
  `],
  ['one recurrence above another', `
    f[t, i]: "tanh(x[t, i] + [t > 1] * sum(j, W[i, j] * f[t - 1, j]))"
    z[t, i]: "tanh(f[t, i] * h0[i] + [t > 1] * sum(j, V[i, j] * z[t - 1, j]))"
  `],
  ['along two axes, one inside the other', 'z[t, i]: "x[t, i] + h0[i] * [t > 1] * z[t - 1, i]^2 / 5 + [i > 1] * W[i, i] * z[t, i - 1] + V[i, i]"'],
  ['all earlier entries', 'z[t, i]: "tanh(x[t, i] + h0[i] + sum(s = 1..t - 1, sum(j, (W[i, j] + V[j, i]) * z[s, j])))"'],
  ['all earlier entries, behind a condition', 'z[t, i]: "tanh(x[t, i] + h0[i] + sum(s, sum(j, [s < t] * W[i, j] * V[j, i] * z[s, j])))"'],
  ['two steps back', 'z[t, i]: "x[t, i] + [t > 2] * W[i, i] * z[t - 2, i]^2 - [t > 1] * V[i, i] * z[t - 1, i] + [t = 1] * h0[i]"'],
  ['an axis that begins at 0', `
    y[u, i]: "u = 0 ? h0[i] : tanh(sum(j, W[i, j] * y[u - 1, j]) + x[u, i])"
    z[t, i]: y[t, i] + sum(j, V[i, j] * y[t - 1, j])
  `],
  ['a product over all earlier entries', 'z[t, i]: "x[t, i] * h0[i] + W[i, i] * V[i, i] * prod(s = 1..t - 1, z[s, i])"'],
];

const counts = new Map([['time', 4], ['units', 2], ['rows', 3]].map(([name, n]): [string, number] => [symbolKey({ kind: 'size', name: String(name), layer: null }), Number(n)]));
const E = tensor('E');
const weight = tensor('weight');
const copy = tensor('copy');

/** E = Σ weight · output, for the outputs whose adjoints the derivation takes as given. */
function closed(d: Derivation): System {
  const output = d.system.declarations.has('z_out@') ? tensor('z_out') : tensor('z');
  const declaration = d.system.declarations.get(tensorKey(output))!;
  const { axes, place } = declaration;
  const at = axes.map((a) => index(a.index));
  const value = axes.reduceRight<Expression>((e, a) => sum(a.index, a.range, e), multiply([ref(weight, at), ref(output, at)]));
  return {
    ...d.system, total: E, equations: [...d.system.equations, { tensor: E, axes: [], value, place, text: '' }],
    declarations: new Map([...d.system.declarations, ['weight@', { ...declaration, tensor: weight, role: 'input' as const }], ['E@', { ...declaration, tensor: E, axes: [] }]]),
  };
}

const given = ['x', 'h0', 'W', 'V', 'weight'];
/** Numbers without a pattern, none near 0. */
const drawn = (name: string, n: number): number => (((name.charCodeAt(0) * 37 + n * 71) % 41) - 20.5) / 25;

function fill(blocks: ReadonlyMap<string, { readonly entries: (number | undefined)[] }>): void {
  for (const name of given) {
    const { entries } = blocks.get(`${name}@`)!;
    for (let n = 0; n < entries.length; n += 1) entries[n] = drawn(name, n);
  }
}

function adjointsBy(system: System, equations: readonly AdjointFormula[]): (key: string) => readonly (number | undefined)[] {
  const e = evaluateAdjoints({ system, equations }, real, { sizes: counts });
  fill(e.forward.blocks);
  e.run();
  return (key) => e.adjoints.get(key)!.entries;
}

/** (E(x + ε) - E(x - ε)) / 2ε, from the forward equations alone. */
function quotient(system: System, key: string, n: number): number {
  const e = evaluation(system, real, { sizes: counts });
  const at = (shift: number): number => {
    fill(e.blocks);
    const { entries } = e.blocks.get(key)!;
    entries[n] = entries[n]! + shift;
    e.run();
    return e.total();
  };
  const step = 2 ** -17;
  return (at(step) - at(-step)) / (2 * step);
}

const derived = (equations: string, signal: Signal): Derivation => deriveLayer(readLayer({ file: 'example.yaml', text: file(equations) }, shippedLibrary), { signal });

describe.each(cases)('%s', (_, equations) => {
  for (const signal of ['a', 'z'] as const) {
    describe(`with the signal ${signal}`, () => {
      const d = derived(equations, signal);
      const system = closed(d);
      const reverse = backward(system, d.signals);
      const named = [...reverse.writtenOut.filter((e) => e.tensor.name !== 'E'), ...reverse.equations];

      it('has a proof for every step', () => {
        const results = d.steps.filter((s) => s.section === 'layers');
        expect(results.length).toBeGreaterThan(4);
        for (const s of d.steps) expect(s.verified, s.title).not.toBe('confirmed');
        for (const s of results) expect(['normal-form', 'direct-differentiation'], s.title).toContain(s.verified);
      });

      it('has adjoint equations with the values of difference quotients', () => {
        const values = adjointsBy(system, reverse.equations);
        for (const name of ['x', 'h0', 'W', 'V']) {
          values(`${name}@`).forEach((value, n) => expect(value, `${name} ${n}`).toBeCloseTo(quotient(system, `${name}@`, n), 7));
          expect(values(`${name}@`).some((v) => Math.abs(v ?? 0) > 1e-3), name).toBe(true);
        }
      });

      it('has steps whose formulas, each of them, have these values', () => {
        const values = adjointsBy(system, named);
        let compared = 0;
        for (const s of d.steps) {
          if (s.section !== 'layers' || s.left.kind !== 'expression' || s.left.value.kind !== 'ref') continue;
          const { tensor: of } = s.left.value;
          for (const { formula } of s.right) {
            if (formula.kind !== 'expression') continue;
            compared += 1;
            // Beside the adjoint, not in its place: before its sums are carried out a formula tells no order.
            const beside: System = { ...system, declarations: new Map([...system.declarations, ['copy@', { ...system.declarations.get(tensorKey(of))!, tensor: copy }]]) };
            const found = adjointsBy(beside, [...named, { tensor: copy, axes: s.axes, value: formula.value }])('copy@');
            values(tensorKey(of)).forEach((value, n) => expect(found[n], `${of.name} ${n} = ${plain(formula.value)}`).toBeCloseTo(value!, 10));
          }
        }
        expect(compared).toBeGreaterThan(8);
      });
    });
  }
});

it('says what the layers above see of an output that the layer reads itself', () => {
  const d = derived('z[t, i]: "tanh(x[t, i] + h0[i] + [t > 1] * sum(j, (W[i, j] + V[i, j]) * z[t - 1, j]))"', 'z');
  expect(d.assumptions.join('\n')).toContain('`z_out` is `z` as the layers above see it');
  const signal = d.steps.find((s) => s.section === 'layers' && s.left.kind === 'expression' && plain(s.left.value).startsWith('∂E/∂z['));
  const last = signal?.right.at(-1)?.formula;
  const text = last?.kind === 'expression' ? plain(last.value) : '';
  expect(text).toBe('[time ≥ t + 1]·Σ_{i=1..units} ∂E/∂z[t + 1, i]·(1 - tanh(x[t + 1, i] + h0[i]'
    + ' + Σ_{j#2=1..units} (W[i, j#2] + V[i, j#2])·z[t, j#2])^2)·(W[i, j] + V[i, j]) + ∂E/∂z_out[t, j]');
});
