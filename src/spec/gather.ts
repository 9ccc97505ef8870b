// Entries at places that a tensor of integers gives, E[token[t], d], are read as Σ_v [token[t] = v] · E[v, d]: v runs over the
// values that the integers may have, and stands in the index for the entry of the integer tensor.

import { addAffine, type Affine, affineKey, index, integer, type Range, sameAffine, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import {
  affineValue, bracket, type Expression, indexAtLeast, indexEqual, multiply, not, type Reference, sum, tensorKey, type Test,
} from '../algebra/expression.ts';
import * as Q from '../algebra/rational.ts';
import { freshIndex } from '../algebra/traverse.ts';
import type { Scope } from './scope.ts';

interface Value {
  readonly of: Reference;
  readonly index: string;
  readonly range: Range;
}

/** The integers that stand in the indices of one entry, in the order in which they have to be known. */
export interface Gather {
  /** The letter that stands for the entry of an integer tensor. */
  readonly letterOf: (of: Reference, range: Range) => Affine;
  /** The scope in which the entry's indices stay inside its axes: the letters have ranges, and conditions on the integers hold for them. */
  readonly scope: () => Scope;
  /** Σ_v [token[t] = v] · e */
  readonly over: (e: Expression) => Expression;
}

export function newGather(scope: Scope): Gather {
  const values: Value[] = [];
  return {
    letterOf: (of, range) => {
      const known = values.find((v) => keyOf(v.of) === keyOf(of));
      if (known !== undefined) return index(known.index);
      const name = freshIndex(letterFor(range, scope), new Set([...scope.taken, ...values.map((v) => v.index)]));
      values.push({ of, index: name, range });
      return index(name);
    },
    scope: () => {
      if (values.length === 0) return scope;
      // No name of a file begins with #: these letters cannot be written.
      const letters = values.map((v): [string, Value] => [`#${v.index}`, v]);
      const letterOf = new Map(values.map((v) => [keyOf(v.of), index(v.index)]));
      const conditions = scope.conditions.flatMap((test) => [test, ...asIndexTest(test, letterOf)]);
      return { ...scope, letters: new Map([...scope.letters, ...letters]), taken: new Set([...scope.taken, ...values.map((v) => v.index)]), conditions };
    },
    over: (e) => values.reduceRight((inner, v) => {
      const same: Test = { kind: 'compare', relation: '=', left: v.of, right: affineValue(index(v.index)) };
      return sum(v.index, v.range, multiply([bracket(same), inner]));
    }, e),
  };
}

const keyOf = (r: Reference): string => `${tensorKey(r.tensor)}[${r.indices.map(affineKey).join()}]`;

/** The letter that the file has for the range of the integers. */
function letterFor(range: Range, scope: Scope): string {
  const same = (r: Range): boolean => sameAffine(r.lo, range.lo) && sameAffine(r.hi, range.hi);
  return [...scope.names].find(([, m]) => m.kind === 'letter' && same(m.range))?.[0] ?? 'v';
}

/** What a comparison of integers says of the letters that stand for them. */
function asIndexTest(test: Test, letterOf: ReadonlyMap<string, Affine>): readonly Test[] {
  switch (test.kind) {
    case 'index': return [];
    case 'compare': {
      const left = affineIn(test.left, letterOf);
      const right = affineIn(test.right, letterOf);
      if (left === null || right === null) return [];
      const difference = subtractAffine(left, right);
      switch (test.relation) {
        case '=': return [indexEqual(difference)];
        case '>=': return [indexAtLeast(difference)];
        case '>': return [indexAtLeast(addAffine(difference, integer(-1)))];
      }
    }
    // What holds of all parts; of an alternative, only where every part can be said.
    case 'and': return test.tests.flatMap((t) => asIndexTest(t, letterOf));
    case 'or': {
      const all = test.tests.map((t) => (t.kind === 'index' ? [t] : asIndexTest(t, letterOf)));
      return all.every((tests) => tests.length === 1) ? [{ kind: 'or', tests: all.flat() }] : [];
    }
    case 'not': {
      const [only, more] = test.test.kind === 'and' || test.test.kind === 'or' ? [] : asIndexTest(test.test, letterOf);
      return only === undefined || more !== undefined ? [] : [not(only)];
    }
  }
}

/** The value of integers, indices and sizes as an affine expression, letters in place of entries; null for anything else. */
function affineIn(e: Expression, letterOf: ReadonlyMap<string, Affine>): Affine | null {
  switch (e.kind) {
    case 'number': return Q.isInteger(e.value) ? integer(Q.toNumber(e.value)) : null;
    case 'affine': return e.value;
    case 'ref': return letterOf.get(keyOf(e)) ?? null;
    case 'add': {
      const terms = e.terms.map((t) => affineIn(t, letterOf));
      return terms.reduce((total, t) => (total === null || t === null ? null : addAffine(total, t)), integer(0));
    }
    case 'multiply': {
      const [factor, other, more] = e.factors;
      const value = other === undefined || more !== undefined ? null : affineIn(other, letterOf);
      return value === null || factor?.kind !== 'number' || !Q.isInteger(factor.value) ? null : scaleAffine(value, Q.toNumber(factor.value));
    }
    case 'constant': case 'symbol': case 'bracket': case 'sum': case 'product': case 'argmax': case 'power': case 'call': case 'piecewise':
      return null;
  }
}

/** token[t] = v has the integer on its left and an index on its right, however it is written: v + 1 = token[t] is token[t] = v + 1. */
export function integerEquality(left: Expression, right: Expression, isInteger: (r: Reference) => boolean): Test | null {
  const entries = [left, right].flatMap(integersIn).filter(isInteger);
  const [of] = entries;
  if (of === undefined || entries.some((r) => keyOf(r) !== keyOf(of))) return null;
  const name = '#';
  const letters = new Map([[keyOf(of), index(name)]]);
  const [u, v] = [affineIn(left, letters), affineIn(right, letters)];
  if (u === null || v === null) return null;
  const difference = subtractAffine(u, v);
  const own = difference.terms.find((t) => t.symbol.kind === 'index' && t.symbol.name === name);
  if (own === undefined || Math.abs(own.coefficient) !== 1) return null;
  const rest = { ...difference, terms: difference.terms.filter((t) => t !== own) };
  return { kind: 'compare', relation: '=', left: of, right: affineValue(scaleAffine(rest, -own.coefficient)) };
}

/** The entries in a sum of entries and indices. */
function integersIn(e: Expression): readonly Reference[] {
  return e.kind === 'ref' ? [e] : e.kind === 'add' ? e.terms.flatMap(integersIn) : e.kind === 'multiply' ? e.factors.flatMap(integersIn) : [];
}
