// What equations mean, entry by entry and without any cleverness: the oracle for emitted kernels.

import type { Affine } from '../../src/algebra/affine.ts';
import type { Binder, ElementaryName, Expression, Reference, Test } from '../../src/algebra/expression.ts';
import { differentiateBySymbol } from '../../src/algebra/differentiate.ts';
import * as Q from '../../src/algebra/rational.ts';
import type { Axis, System } from '../../src/spec/network.ts';
import { referenceKey } from '../../src/kernel/storage.ts';

export type Values = Map<string, number>;
export type Scope = ReadonlyMap<string, number>;

export const entryKey = (r: Pick<Reference, 'tensor' | 'adjoint'>, indices: readonly number[]): string =>
  `${referenceKey(r)}[${indices.join()}]`;

export interface Meaning {
  readonly system: System;
  readonly samples: number;
  readonly values: Values;
  readonly symbols: ReadonlyMap<string, number>;
  /** By referenceKey: entries that have no value yet are computed when they are read, whatever the order. */
  readonly defined?: ReadonlyMap<string, { readonly axes: readonly Axis[]; readonly value: Expression }>;
}

/** An entry's value, computed from its equation where it is not known. */
function entryOf(r: Reference, indices: readonly number[], meaning: Meaning): number {
  const key = entryKey(r, indices);
  const known = meaning.values.get(key);
  if (known !== undefined) return known;
  const equation = meaning.defined?.get(referenceKey(r));
  const inside = equation?.axes.every((axis, n) => {
    const [lo, hi] = [affineNumber(axis.range.lo, new Map(), meaning.samples), affineNumber(axis.range.hi, new Map(), meaning.samples)];
    return lo <= (indices[n] ?? NaN) && (indices[n] ?? NaN) <= hi;
  });
  if (equation === undefined || inside !== true) throw new Error(`${key} is read, but does not exist`);
  const value = valueOf(equation.value, new Map(equation.axes.map((axis, n) => [axis.index, indices[n] ?? NaN])), meaning);
  meaning.values.set(key, value);
  return value;
}

export const affineNumber = (a: Affine, scope: Scope, samples: number): number => a.terms.reduce((total, t) => {
  const value = t.symbol.kind === 'size' ? samples : scope.get(t.symbol.name);
  if (value === undefined) throw new Error(`the index ${t.symbol.name} is not bound`);
  return total + t.coefficient * value;
}, a.constant);

/** Calls f for every entry of the axes. */
export function forEntries(axes: readonly Axis[], meaning: Meaning, f: (indices: readonly number[], scope: Scope) => void, scope: Scope = new Map()): void {
  const [first, ...rest] = axes;
  if (first === undefined) {
    f([], scope);
    return;
  }
  const [lo, hi] = [affineNumber(first.range.lo, scope, meaning.samples), affineNumber(first.range.hi, scope, meaning.samples)];
  for (let i = lo; i <= hi; i += 1) {
    forEntries(rest, meaning, (indices, inner) => f([i, ...indices], inner), new Map([...scope, [first.index, i]]));
  }
}

export function valueOf(e: Expression, scope: Scope, meaning: Meaning): number {
  const at = (x: Expression): number => valueOf(x, scope, meaning);
  switch (e.kind) {
    case 'number': return Q.toNumber(e.value);
    case 'constant': return Math.PI;
    case 'symbol': return meaning.symbols.get(e.name) ?? NaN;
    case 'affine': return affineNumber(e.value, scope, meaning.samples);
    case 'ref': return entryOf(e, e.indices.map((i) => affineNumber(i, scope, meaning.samples)), meaning);
    case 'bracket': return holds(e.test, scope, meaning) ? 1 : 0;
    case 'product': return bodies(e, scope, meaning).reduce((total, [, value]) => total * value, 1);
    case 'sum': return bodies(e, scope, meaning).reduce((total, [, value]) => total + value, 0);
    case 'argmax': return bodies(e, scope, meaning).reduce((best, next) => (next[1] > best[1] ? next : best))[0];
    case 'add': return e.terms.reduce((total, t) => total + at(t), 0);
    case 'multiply': {
      // A false bracket is a strong zero: the other factors are not looked at.
      if (e.factors.some((f) => f.kind === 'bracket' && !holds(f.test, scope, meaning))) return 0;
      return e.factors.reduce((total, f) => total * at(f), 1);
    }
    case 'power': return Math.pow(at(e.base), Q.toNumber(e.exponent));
    case 'call': return e.fn.kind === 'elementary' ? elementaryValue(e.fn.name, at(e.argument)) : slotValue(e, at(e.argument), meaning);
    case 'piecewise': {
      const branch = e.branches.find((b) => holds(b.when, scope, meaning));
      return at(branch?.then ?? e.otherwise);
    }
  }
}

/** Every index of a binder with the body's value there. */
function bodies(e: Binder, scope: Scope, meaning: Meaning): readonly (readonly [number, number])[] {
  const [lo, hi] = [affineNumber(e.range.lo, scope, meaning.samples), affineNumber(e.range.hi, scope, meaning.samples)];
  return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, n) => [lo + n, valueOf(e.body, new Map([...scope, [e.index, lo + n]]), meaning)]);
}

function slotValue(e: Extract<Expression, { kind: 'call' }>, argument: number, meaning: Meaning): number {
  if (e.fn.kind !== 'slot') throw new Error('a slot is a slot');
  const activation = meaning.system.slots.get(`${e.fn.name}@${String(e.fn.layer?.offset ?? '')}`);
  if (activation === undefined) throw new Error('every slot is filled');
  let body = activation.body;
  for (let n = 0; n < e.fn.order; n += 1) body = differentiateBySymbol(body, activation.argument);
  return valueOf(body, new Map(), { ...meaning, symbols: new Map([[activation.argument, argument]]) });
}

function holds(test: Test, scope: Scope, meaning: Meaning): boolean {
  switch (test.kind) {
    case 'index': {
      const value = affineNumber(test.value, scope, meaning.samples);
      return test.relation === '=' ? value === 0 : value >= 0;
    }
    case 'compare': {
      const [left, right] = [valueOf(test.left, scope, meaning), valueOf(test.right, scope, meaning)];
      return test.relation === '=' ? left === right : test.relation === '>' ? left > right : left >= right;
    }
    case 'and': return test.tests.every((t) => holds(t, scope, meaning));
    case 'or': return test.tests.some((t) => holds(t, scope, meaning));
    case 'not': return !holds(test.test, scope, meaning);
  }
}

function elementaryValue(name: ElementaryName, x: number): number {
  if (name === 'erf') throw new Error('the oracle knows no erf');
  return Math[name](x);
}
