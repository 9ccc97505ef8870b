// Products, argmax and gathers in every domain, and recurrences of several equations, forward and backward.

import { describe, expect, it } from 'vitest';
import { addAffine, index, integer, type Range, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, adjoint, affineValue, argmax, bracket, elementary, type Expression, indexAtLeast, indexEqual, multiply, number, power, product, ref, subtract, sum, tensor, type Tensor, tensorKey,
} from '../../src/algebra/expression.ts';
import * as Q from '../../src/algebra/rational.ts';
import { evaluateAdjoints } from '../../src/evaluate/adjoints.ts';
import { complex } from '../../src/evaluate/complex.ts';
import type { Domain } from '../../src/evaluate/domain.ts';
import { evaluation, type Evaluation, firstUse } from '../../src/evaluate/equations.ts';
import { exact } from '../../src/evaluate/exact.ts';
import { GatherIndexError } from '../../src/evaluate/integers.ts';
import { noisy } from '../../src/evaluate/noisy.ts';
import { real } from '../../src/evaluate/real.ts';
import { represented, rounding, UNIT_F64 } from '../../src/evaluate/rounding.ts';
import type { Axis, Declaration, Equation, System } from '../../src/spec/network.ts';
import { place } from './dense.ts';

const range = (lo: number, hi: number): Range => ({ lo: integer(lo), hi: integer(hi) });
const axis = (letter: string, lo: number, hi: number): Axis => ({ index: letter, range: range(lo, hi) });
const equation = (t: Tensor, axes: readonly Axis[], value: Expression): Equation => ({ tensor: t, axes, value, place, text: '' });
const declared = (t: Tensor, axes: readonly Axis[], role: Declaration['role'], values?: Range): [string, Declaration] =>
  [tensorKey(t), { tensor: t, axes, role, perSample: false, place, ...(values === undefined ? {} : { integer: values }) }];
const [x, token, table, best, h, c, E] = ['x', 'token', 'table', 'best', 'h', 'c', 'E'].map((name) => tensor(name)) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
const [i, t, v] = [index('i'), index('t'), index('v')];

const systemOf = (declarations: readonly [string, Declaration][], equations: readonly Equation[]): System => ({
  name: 'hand', declarations: new Map([...declarations, declared(E, [], 'variable')]), equations, instances: [], slots: new Map(), sizes: new Map(), total: E,
});

function run<T>(system: System, domain: Domain<T>, values: Readonly<Record<string, readonly T[]>>, watch?: (site: number, outcome: number | null) => void): Evaluation<T> {
  const e = evaluation(system, domain, watch === undefined ? {} : { watch });
  for (const [key, entries] of Object.entries(values)) entries.forEach((entry, n) => (e.blocks.get(key)!.entries[n] = entry));
  e.run();
  return e;
}

const three = [axis('i', 1, 3)];
const products = systemOf([declared(x, three, 'input')], [equation(E, [], product('i', range(1, 3), ref(x, [i])))]);
const greatest = systemOf([declared(x, three, 'input')], [equation(E, [], argmax('i', range(1, 3), ref(x, [i])))]);

describe('products over an index', () => {
  it('in doubles, complex numbers, fractions, with rounding errors and with disturbances', () => {
    expect(run(products, real, { 'x@': [2, 3, -5] }).total()).toBe(-30);
    expect(run(products, complex, { 'x@': [{ re: 2, im: 1e-200 }, { re: 3, im: 0 }, { re: -5, im: 0 }] }).total()).toEqual({ re: -30, im: -15e-200 });
    expect(run(products, exact, { 'x@': [Q.rational(1, 2), Q.rational(2, 3), Q.rational(3)] }).total()).toEqual(Q.ONE);
    const { value, error } = run(products, rounding(UNIT_F64), { 'x@': [0.1, 0.2, 0.3].map(represented) }).total();
    expect([value, error > 0, error < 1e-16]).toEqual([0.1 * 0.2 * 0.3, true, true]);
    expect(run(products, noisy(2 ** -20, () => 1), { 'x@': [2, 3, 5] }).total()).toBe(30 * (1 + 2 ** -20) ** 2);
  });

  it('are 1 over nothing, and leave out what a bracket does not evaluate', () => {
    const empty = systemOf([], [equation(E, [], product('i', range(1, 0), affineValue(i)))]);
    expect(run(empty, real, {}).total()).toBe(1);
    const guarded = systemOf([declared(x, three, 'input')], [equation(E, [], product('i', range(0, 3), add([
      bracket(indexEqual(i)), multiply([bracket(indexAtLeast(subtractAffine(i, integer(1)))), ref(x, [i])])])))]);
    expect(run(guarded, real, { 'x@': [2, 3, 7] }).total()).toBe(42);
  });
});

describe('argmax', () => {
  it('is the first index of the greatest value, in every domain', () => {
    expect(run(greatest, real, { 'x@': [1, 3, 3] }).total()).toBe(2);
    expect(run(greatest, complex, { 'x@': [{ re: 1, im: 9 }, { re: 1, im: 0 }, { re: 0, im: 99 }] }).total()).toEqual({ re: 1, im: 0 });
    expect(run(greatest, exact, { 'x@': [Q.rational(1, 3), Q.rational(2, 6), Q.rational(1, 2)] }).total()).toEqual(Q.rational(3));
    expect(run(greatest, rounding(UNIT_F64), { 'x@': [3, 4, 5].map(represented) }).total()).toMatchObject({ value: 3, error: 0 });
    expect(run(greatest, noisy(2 ** -20, () => 1), { 'x@': [-1, -4, -5] }).total()).toBe(1);
  });

  it('tells which index it has chosen, once for each choice', () => {
    const seen: unknown[] = [];
    run(greatest, real, { 'x@': [1, 0, 3] }, (...outcome) => seen.push(outcome));
    expect(seen).toEqual([[0, 3]]);
  });
});

const gathering = systemOf(
  [declared(token, [axis('t', 1, 3)], 'input', range(0, 2)), declared(table, [axis('v', 0, 2)], 'parameter')],
  [equation(E, [], sum('t', range(1, 3), sum('v', range(0, 2), multiply([
    affineValue(t), bracket({ kind: 'compare', relation: '=', left: ref(token, [t]), right: affineValue(v) }), ref(table, [v])]))))],
);

describe('entries read by an integer', () => {
  it('are looked up, and such a comparison is no choice between values', () => {
    const seen: unknown[] = [];
    const e = run(gathering, real, { 'token@': [2, 0, 2], 'table@': [10, 100, 1000] }, (...outcome) => seen.push(outcome));
    expect([e.total(), seen, e.sites]).toEqual([1000 + 2 * 10 + 3 * 1000, [], []]);
    expect(run(gathering, exact, { 'token@': [1, 1, 0].map((n) => Q.rational(n)), 'table@': [1, 2, 3].map((n) => Q.rational(n)) }).total()).toEqual(Q.rational(9));
    const stepped = run(gathering, complex, { 'token@': [1, 1, 0].map((re) => ({ re, im: 0 })), 'table@': [1, 2, 3].map((re) => ({ re, im: 1e-200 })) });
    expect(stepped.total()).toEqual({ re: 9, im: 6e-200 });
  });

  it('never by a number that is no integer of the range', () => {
    for (const wrong of [3, -1, 0.5, NaN]) {
      expect(() => run(gathering, real, { 'token@': [0, wrong, 1], 'table@': [1, 2, 3] })).toThrow(GatherIndexError);
      expect(() => run(gathering, real, { 'token@': [0, wrong, 1], 'table@': [1, 2, 3] }))
        .toThrow(`gather-index-out-of-range: token[2] is ${wrong}: other tensors are read by it, and it must be an integer from 0 to 2`);
    }
  });

  it('by an index that an equation has chosen', () => {
    const chosen = systemOf(
      [declared(x, three, 'input'), declared(best, [], 'variable', range(1, 3)), declared(table, three, 'parameter')],
      [equation(best, [], argmax('i', range(1, 3), ref(x, [i]))),
        equation(E, [], sum('i', range(1, 3), multiply([bracket({ kind: 'compare', relation: '=', left: affineValue(i), right: ref(best, []) }), ref(table, [i])])))],
    );
    expect(run(chosen, real, { 'x@': [1, 5, 2], 'table@': [10, 20, 30] }).total()).toBe(20);
  });
});

describe('recurrences', () => {
  const time = [axis('t', 0, 4)];
  const before = subtractAffine(t, integer(1));
  const after = addAffine(t, integer(1));
  const started = bracket(indexAtLeast(before));
  const unfinished = bracket(indexAtLeast(subtractAffine(integer(3), t)));
  // c[t] = h[t-1]·c[t-1] + x[t], h[t] = c[t]², E = h[4] + 1: two equations that need each other's earlier entries.
  const mutual = systemOf(
    [declared(x, time, 'parameter'), declared(h, time, 'variable'), declared(c, time, 'variable')],
    [
      equation(c, time, add([multiply([started, ref(h, [before]), ref(c, [before])]), ref(x, [t])])),
      equation(h, time, power(ref(c, [t]), 2)),
      equation(E, [], add([ref(h, [integer(4)]), number(1)])),
    ],
  );
  const entries = [0.5, 0.25, -0.3, 0.25, -0.75];
  const unrolled = (values: readonly number[]): number => values.reduce((last, own, n) => (n === 0 ? 0 : last ** 3) + own, 0) ** 2 + 1;

  it('of several equations run together, entry by entry', () => {
    const e = run(mutual, real, { 'x@': entries });
    expect(e.total()).toBeCloseTo(unrolled(entries), 14);
    expect(e.steps.map((step) => [step.recurrent, step.writes])).toEqual([[true, ['c@', 'h@']], [false, ['E@']]]);
  });

  it('are computed as a whole from their first use on', () => {
    const e = run(mutual, real, { 'x@': entries });
    expect([firstUse(e, 'x@'), firstUse(e, 'h@'), firstUse(e, 'E@')]).toEqual([0, 0, 2]);
    e.blocks.get('x@')!.entries[1] = 0.375;
    e.run(firstUse(e, 'x@'));
    expect(e.total()).toBeCloseTo(unrolled([0.5, 0.375, -0.3, 0.25, -0.75]), 14);
  });

  it('and their adjoints run the other way, with the same result as the complex step', () => {
    const e = evaluateAdjoints({ system: mutual, equations: [
      { tensor: c, axes: time, value: add([multiply([number(2), ref(c, [t]), adjoint(h, [t])]), multiply([unfinished, adjoint(c, [after]), ref(h, [t])])]) },
      { tensor: h, axes: time, value: add([bracket(indexEqual(subtractAffine(t, integer(4)))), multiply([unfinished, adjoint(c, [after]), ref(c, [t])])]) },
      { tensor: x, axes: time, value: adjoint(c, [t]) },
    ] }, real);
    entries.forEach((entry, n) => (e.forward.blocks.get('x@')!.entries[n] = entry));
    e.run();
    entries.forEach((_, at) => {
      const stepped = run(mutual, complex, { 'x@': entries.map((re, n) => ({ re, im: n === at ? 1e-200 : 0 })) });
      expect(e.adjoints.get('x@')!.entries[at]).toBeCloseTo(stepped.total().im / 1e-200, 12);
    });
  });

  it('along two axes, one inside the other', () => {
    // Paths through a grid: c[i, t] = c[i-1, t] + c[i, t-1], 1 along the edges.
    const grid = [axis('i', 0, 3), axis('t', 0, 3)];
    const inside = multiply([bracket(indexAtLeast(subtractAffine(i, integer(1)))), started]);
    const edge = subtract(number(1), inside);
    const paths = systemOf([declared(c, grid, 'variable')], [
      equation(c, grid, add([multiply([inside, add([ref(c, [subtractAffine(i, integer(1)), t]), ref(c, [i, before])])]), edge])),
      equation(E, [], ref(c, [integer(3), integer(3)])),
    ]);
    expect(run(paths, real, {}).total()).toBe(20);
  });

  it('that no axis puts in order are refused', () => {
    const cyclic = systemOf([declared(h, time, 'variable'), declared(c, time, 'variable')],
      [equation(h, time, ref(c, [t])), equation(c, time, elementary('tanh', ref(h, [t]))), equation(E, [], ref(c, [integer(0)]))]);
    expect(() => evaluation(cyclic, real)).toThrow('h, c need each other in no order that an axis gives');
  });
});
