// Where the normal form proves nothing: both sides evaluated at many points, as functions of tensors whose entries are
// drawn from a generator. Agreement confirms (and is said to be no proof); disagreement shows a defect.

import { type Affine, symbolKey } from '../algebra/affine.ts';
import { type Binder, type Expression, type FunctionName, functionKey, tensorKey, type Test } from '../algebra/expression.ts';
import { toNumber } from '../algebra/rational.ts';
import { realFunction } from '../evaluate/real.ts';
import type { Axis } from '../spec/network.ts';

const ROUNDS = 6;
const MOST_ENTRIES = 40;
/** Sums of a few hundred terms of size one lose no more. */
const TOLERANCE = 1e-9;

/** How many entries of both sides were compared and agreed; null where one differed, or none could be compared. */
export function confirmEqual(a: Expression, b: Expression, axes: readonly Axis[]): number | null {
  let compared = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const at of entriesOf(axes, round)) {
      const [left, right] = [evaluate(a, round, at), evaluate(b, round, at)];
      if (!Number.isFinite(left) && !Number.isFinite(right)) continue;
      if (!(Math.abs(left - right) <= TOLERANCE * Math.max(1, Math.abs(left), Math.abs(right)))) return null;
      compared += 1;
    }
  }
  return compared > 0 ? compared : null;
}

type Environment = ReadonlyMap<string, number>;

/** A number in (0, 1) for a text. */
function draw(text: string): number {
  let hash = 2166136261;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function entriesOf(axes: readonly Axis[], round: number): readonly Environment[] {
  let entries: Environment[] = [new Map()];
  for (const axis of axes) {
    entries = entries.flatMap((at) => {
      const [lo, hi] = [affine(axis.range.lo, round, at), affine(axis.range.hi, round, at)];
      return Array.from({ length: Math.max(0, Math.min(hi - lo + 1, MOST_ENTRIES)) }, (_, n) => new Map([...at, [axis.index, lo + n]]));
    }).slice(0, MOST_ENTRIES);
  }
  return entries;
}

/** Sizes are drawn from 1 to 5, the same for one symbol through a round. */
function affine(a: Affine, round: number, at: Environment): number {
  return a.terms.reduce((sum, { symbol, coefficient }) => {
    const value = symbol.kind === 'index' ? (at.get(symbol.name) ?? 0) : 1 + Math.floor(5 * draw(`${String(round)} ${symbolKey(symbol)}`));
    return sum + coefficient * value;
  }, a.constant);
}

function evaluate(e: Expression, round: number, at: Environment): number {
  const value = (x: Expression): number => evaluate(x, round, at);
  switch (e.kind) {
    case 'number': return toNumber(e.value);
    case 'constant': return Math.PI;
    case 'symbol': return 0.2 + draw(`${String(round)} $${e.name}`);
    case 'affine': return affine(e.value, round, at);
    case 'ref': {
      const indices = e.indices.map((i) => affine(i, round, at)).join(',');
      return 2 * draw(`${String(round)} ${e.adjoint ? '∂' : ''}${tensorKey(e.tensor)}[${indices}]`) - 1;
    }
    case 'bracket': return holds(e.test, round, at) ? 1 : 0;
    case 'sum': return values(e, round, at).reduce((sum, { value: v }) => sum + v, 0);
    case 'product': return values(e, round, at).reduce((product, { value: v }) => product * v, 1);
    case 'argmax': return values(e, round, at).reduce((best, v) => (v.value > best.value ? v : best), { at: NaN, value: -Infinity }).at;
    case 'add': return e.terms.reduce((sum, t) => sum + value(t), 0);
    // A bracket is a strong zero: nothing else is looked at.
    case 'multiply': return e.factors.some((f) => f.kind === 'bracket' && !holds(f.test, round, at)) ? 0 : e.factors.reduce((product, f) => product * value(f), 1);
    case 'power': return value(e.base) ** toNumber(e.exponent);
    case 'call': return apply(e.fn, value(e.argument));
    case 'piecewise': {
      const branch = e.branches.find((b) => holds(b.when, round, at));
      return value(branch === undefined ? e.otherwise : branch.then);
    }
  }
}

/** The body at every index of the range. */
function values(e: Binder, round: number, at: Environment): readonly { readonly at: number; readonly value: number }[] {
  const [lo, hi] = [affine(e.range.lo, round, at), affine(e.range.hi, round, at)];
  return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, n) => ({ at: lo + n, value: evaluate(e.body, round, new Map([...at, [e.index, lo + n]])) }));
}

/** An uninterpreted function is some smooth function of its own; its derivatives are others. */
function apply(fn: FunctionName, argument: number): number {
  if (fn.kind === 'elementary') return realFunction(fn.name)(argument);
  const own = draw(functionKey(fn));
  return Math.sin((0.7 + own) * argument + 3 * own);
}

function holds(test: Test, round: number, at: Environment): boolean {
  switch (test.kind) {
    case 'index': return test.relation === '=' ? affine(test.value, round, at) === 0 : affine(test.value, round, at) >= 0;
    case 'compare': {
      const [left, right] = [evaluate(test.left, round, at), evaluate(test.right, round, at)];
      return test.relation === '=' ? left === right : test.relation === '>' ? left > right : left >= right;
    }
    case 'and': return test.tests.every((t) => holds(t, round, at));
    case 'or': return test.tests.some((t) => holds(t, round, at));
    case 'not': return !holds(test.test, round, at);
  }
}
