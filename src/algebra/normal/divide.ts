// Dividing one monomial by another: factor by factor, or by a whole sum that stands in it as a component of its own.

import { affineIndices } from '../affine.ts';
import { emptyContext } from '../bounds.ts';
import * as Q from '../rational.ts';
import { canonicalMonomials } from './canonical.ts';
import { type Factor, type Monomial, monomialKey } from './polynomial.ts';
import { variablesOfAtom, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

/** m / leading (without leading's coefficient), or null where leading does not divide m. */
export function divideBy(m: Monomial, leading: Monomial, scope: Scope): Monomial | null {
  if (leading.bound.length === 0) {
    if (leading.equalities.length > 0 || leading.inequalities.length > 0) return null;
    return divideFactors(m, [...leading.factors.values()]);
  }
  const parts = components(leading);
  const [only] = parts.summed;
  if (parts.summed.length !== 1 || only === undefined) return null;
  const rest = divideFactors(m, parts.free);
  if (rest === null) return null;
  const wanted = canonicalKey(only, scope);
  const own = components(rest);
  const match = own.summed.find((c) => c.bound.length === only.bound.length && canonicalKey(c, scope) === wanted);
  if (match === undefined) return null;
  const factors = new Map(rest.factors);
  for (const key of match.factors.keys()) factors.delete(key);
  return {
    coefficient: rest.coefficient,
    bound: rest.bound.filter((name) => !match.bound.includes(name)),
    equalities: rest.equalities.filter((a) => !match.equalities.includes(a)),
    inequalities: rest.inequalities.filter((a) => !match.inequalities.includes(a)),
    factors,
  };
}

export function divideFactors(m: Monomial, by: readonly Factor[]): Monomial | null {
  let result = m;
  for (const f of by) {
    const own = m.factors.get(f.key);
    const sameSign = own !== undefined && Q.sign(own.exponent) === Q.sign(f.exponent);
    if (!sameSign || Q.compare(Q.absolute(own.exponent), Q.absolute(f.exponent)) < 0) return null;
    result = withFactor(result, { ...f, exponent: Q.negate(f.exponent) });
  }
  return result;
}

const canonicalKey = (m: Monomial, scope: Scope): string =>
  canonicalMonomials({ ...m, coefficient: Q.ONE }, emptyContext, scope.budget).map(monomialKey).join('+');

/** The parts of a monomial that share no summed variable. */
export function components(m: Monomial): { readonly free: readonly Factor[]; readonly summed: readonly Monomial[] } {
  const parent = new Map(m.bound.map((name) => [name, name]));
  const root = (name: string): string => {
    const up = parent.get(name);
    return up === undefined || up === name ? name : root(up);
  };
  const join = (names: readonly string[]): void => {
    const [first, ...others] = names.filter((n) => parent.has(n));
    if (first !== undefined) for (const other of others) parent.set(root(other), root(first));
  };
  for (const f of m.factors.values()) join(variablesOfAtom(f.atom));
  for (const a of [...m.equalities, ...m.inequalities]) join(affineIndices(a));
  const groups = new Map<string, Monomial>();
  const groupOf = (names: readonly string[]): Monomial | null => {
    const name = names.find((n) => parent.has(n));
    if (name === undefined) return null;
    const key = root(name);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const created: Monomial = { coefficient: Q.ONE, bound: [], equalities: [], inequalities: [], factors: new Map() };
    groups.set(key, created);
    return created;
  };
  const put = (names: readonly string[], change: (group: Monomial) => Monomial): boolean => {
    const group = groupOf(names);
    const name = names.find((n) => parent.has(n));
    if (group === null || name === undefined) return false;
    groups.set(root(name), change(group));
    return true;
  };
  for (const name of m.bound) put([name], (g) => ({ ...g, bound: [...g.bound, name] }));
  const free = [...m.factors.values()].filter((f) => !put(variablesOfAtom(f.atom), (g) => ({ ...g, factors: new Map([...g.factors, [f.key, f]]) })));
  for (const a of m.equalities) put(affineIndices(a), (g) => ({ ...g, equalities: [...g.equalities, a] }));
  for (const a of m.inequalities) put(affineIndices(a), (g) => ({ ...g, inequalities: [...g.inequalities, a] }));
  return { free, summed: [...groups.values()] };
}
