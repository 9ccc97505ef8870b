// The relation of reciprocals and roots: with S a sum and q < 0, the leading monomial L of S (coefficient c) gives
// L · S^q = (S^(q+1) - (S - c·L) · S^q) / c. L may hold summed variables: Σ_j e^{a_j} · (Σ_j e^{a_j})^{-1} = 1.

import { affineIndices } from '../affine.ts';
import { emptyContext } from '../bounds.ts';
import * as Q from '../rational.ts';
import { canonicalMonomials } from './canonical.ts';
import { type Factor, isConstant, type Monomial, monomialKey, type Polynomial, spend } from './polynomial.ts';
import { multiplyMonomials, variablesOfAtom, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

/** One reduction of m, or null where none applies; the result is raw (to be multiplied out and made canonical again). */
export function reduceReciprocal(m: Monomial, scope: Scope): readonly Monomial[] | null {
  for (const f of m.factors.values()) {
    if (f.atom.kind !== 'base' || Q.sign(f.exponent) >= 0) continue;
    const { base } = f.atom;
    const leading = leadingMonomial(base);
    const quotient = leading === null ? null : divideBy(m, leading, scope);
    if (leading !== null && quotient !== null) {
      spend(scope.budget);
      return solvedFor(leading, base, f, quotient);
    }
    const constant = constantBelow(m, base);
    if (constant !== null) {
      spend(scope.budget);
      return solvedFor(constant, base, f, m);
    }
  }
  return null;
}

/** part · quotient · S^q = (quotient · S^(q+1) - (S - part) · quotient · S^q), divided by part's coefficient. */
function solvedFor(part: Monomial, base: Polynomial, f: Factor, quotient: Monomial): readonly Monomial[] {
  const inverse = Q.divide(Q.ONE, part.coefficient);
  const raised = { ...withFactor(quotient, { ...f, exponent: Q.ONE }), coefficient: Q.multiply(quotient.coefficient, inverse) };
  const rest = base.monomials.filter((x) => x !== part).flatMap((x) => multiplyMonomials(quotient, x))
    .map((x): Monomial => ({ ...x, coefficient: Q.negate(Q.multiply(x.coefficient, inverse)) }));
  return [raised, ...rest];
}

/**
 * Partial fractions from below: x^(-p) · S^q where S is a constant plus terms that all hold the exponential x. Solving for
 * the constant raises the power of x until it is gone.
 */
function constantBelow(m: Monomial, base: Polynomial): Monomial | null {
  const constant = base.monomials.find(isConstant);
  if (constant === undefined) return null;
  const others = base.monomials.filter((x) => x !== constant);
  const helps = [...m.factors.values()].some((x) => x.atom.kind === 'exp' && Q.sign(x.exponent) < 0
    && others.length > 0 && others.every((o) => Q.sign(o.factors.get(x.key)?.exponent ?? Q.ZERO) > 0));
  return helps ? constant : null;
}

const leadingCache = new WeakMap<Polynomial, { readonly monomial: Monomial | null }>();

/** The monomial of greatest degree (then greatest key) of a sum without conditions on it. */
function leadingMonomial(p: Polynomial): Monomial | null {
  let known = leadingCache.get(p);
  if (known === undefined) {
    const ranked = p.monomials.map((m) => ({ m, degree: degreeOf(m), key: monomialKey(m) }))
      .sort((a, b) => Q.compare(b.degree, a.degree) || (a.key < b.key ? 1 : -1));
    const top = ranked[0];
    known = { monomial: top === undefined || Q.sign(top.degree) <= 0 ? null : top.m };
    leadingCache.set(p, known);
  }
  return known.monomial;
}

const degreeOf = (m: Monomial): Q.Rational =>
  [...m.factors.values()].reduce((sum, f) => Q.add(sum, Q.absolute(f.exponent)), Q.ZERO);

/** m / leading (without leading's coefficient), or null where leading does not divide m. */
function divideBy(m: Monomial, leading: Monomial, scope: Scope): Monomial | null {
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

function divideFactors(m: Monomial, by: readonly Factor[]): Monomial | null {
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
function components(m: Monomial): { readonly free: readonly Factor[]; readonly summed: readonly Monomial[] } {
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
