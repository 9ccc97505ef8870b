// A small evaluator written for the tests alone: exact rational values with one exact derivative beside them (dual numbers).

import type { Affine } from '../../src/algebra/affine.ts';
import type { Binder, Expression, Test } from '../../src/algebra/expression.ts';
import * as Q from '../../src/algebra/rational.ts';
import type { Rational } from '../../src/algebra/rational.ts';

export interface Dual {
  readonly value: Rational;
  readonly slope: Rational;
}

export interface World {
  readonly sizes: Readonly<Record<string, number>>;
  /** The value of an entry, and 1 as slope for the entry that is differentiated by. */
  readonly entry: (name: string, indices: readonly number[]) => Dual;
}

type Environment = Readonly<Record<string, number>>;

const constant = (value: Rational): Dual => ({ value, slope: Q.ZERO });
const plus = (a: Dual, b: Dual): Dual => ({ value: Q.add(a.value, b.value), slope: Q.add(a.slope, b.slope) });
const times = (a: Dual, b: Dual): Dual => ({
  value: Q.multiply(a.value, b.value), slope: Q.add(Q.multiply(a.slope, b.value), Q.multiply(a.value, b.slope)),
});

export function affineOf(a: Affine, world: World, at: Environment): number {
  return a.terms.reduce((sum, t) => {
    const value = t.symbol.kind === 'index' ? at[t.symbol.name] : world.sizes[t.symbol.name];
    if (value === undefined) throw new Error(`${t.symbol.name} has no value`);
    return sum + t.coefficient * value;
  }, a.constant);
}

/** @throws RangeError for a division by zero, and for functions (only rational expressions are exact). */
export function evaluate(e: Expression, world: World, at: Environment): Dual {
  switch (e.kind) {
    case 'number': return constant(e.value);
    case 'affine': return constant(Q.rational(affineOf(e.value, world, at)));
    case 'ref': return world.entry(e.tensor.name, e.indices.map((a) => affineOf(a, world, at)));
    case 'bracket': return constant(holds(e.test, world, at) ? Q.ONE : Q.ZERO);
    case 'sum': return over(e, world, at).map((x) => x.value).reduce(plus, constant(Q.ZERO));
    case 'product': return over(e, world, at).map((x) => x.value).reduce(times, constant(Q.ONE));
    case 'argmax': {
      const all = over(e, world, at);
      const first = all.find((x) => all.every((y) => Q.compare(x.value.value, y.value.value) >= 0));
      if (first === undefined) throw new RangeError('nothing is greatest of nothing');
      return constant(Q.rational(first.n));
    }
    case 'add': return e.terms.map((t) => evaluate(t, world, at)).reduce(plus);
    case 'multiply': {
      // Brackets are strong zeros: what they guard is not looked at.
      const guarded = e.factors.some((f) => f.kind === 'bracket' && !holds(f.test, world, at));
      return guarded ? constant(Q.ZERO) : e.factors.map((f) => evaluate(f, world, at)).reduce(times);
    }
    case 'power': {
      const base = evaluate(e.base, world, at);
      const n = Number(e.exponent.n);
      if (e.exponent.d !== 1n) throw new RangeError('a root is not rational');
      const slope = Q.multiply(Q.multiply(Q.rational(n), Q.power(base.value, n - 1)), base.slope);
      return { value: Q.power(base.value, n), slope };
    }
    case 'piecewise': {
      const branch = e.branches.find((b) => holds(b.when, world, at));
      return evaluate(branch === undefined ? e.otherwise : branch.then, world, at);
    }
    case 'constant': case 'symbol': case 'call': throw new RangeError(`${e.kind} has no rational value`);
  }
}

/** The body's values over the range, with the index. */
function over(e: Binder, world: World, at: Environment): { readonly n: number; readonly value: Dual }[] {
  const values: { n: number; value: Dual }[] = [];
  for (let n = affineOf(e.range.lo, world, at); n <= affineOf(e.range.hi, world, at); n += 1) values.push({ n, value: evaluate(e.body, world, { ...at, [e.index]: n }) });
  return values;
}

function holds(test: Test, world: World, at: Environment): boolean {
  switch (test.kind) {
    case 'index': {
      const value = affineOf(test.value, world, at);
      return test.relation === '=' ? value === 0 : value >= 0;
    }
    case 'compare': {
      const order = Q.compare(evaluate(test.left, world, at).value, evaluate(test.right, world, at).value);
      return test.relation === '=' ? order === 0 : test.relation === '>' ? order > 0 : order >= 0;
    }
    case 'and': return test.tests.every((t) => holds(t, world, at));
    case 'or': return test.tests.some((t) => holds(t, world, at));
    case 'not': return !holds(test.test, world, at);
  }
}

/** Entries drawn from a seed, the same for the same name and indices; `by` has slope 1. */
export function randomWorld(seed: number, sizes: Readonly<Record<string, number>>, by: string | null = null): World {
  return {
    sizes,
    entry: (name, indices) => {
      let hash = seed * 2654435761 + 97;
      for (const c of `${name}${indices.join(',')}`) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) | 0;
      const value = Q.rational((Math.abs(hash) % 13) - 6 === 0 ? 5 : (Math.abs(hash) % 13) - 6, 1 + (Math.abs(hash >> 8) % 4));
      return { value, slope: `${name}[${indices.join(',')}]` === by ? Q.ONE : Q.ZERO };
    },
  };
}
