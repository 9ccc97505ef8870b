// The relation of reciprocals and roots: with S a sum and q < 0, the leading monomial L of S (coefficient c) gives
// L · S^q = (S^(q+1) - (S - c·L) · S^q) / c. L may hold summed variables: Σ_j e^{a_j} · (Σ_j e^{a_j})^{-1} = 1.

import * as Q from '../rational.ts';
import { divideBy } from './divide.ts';
import { type Factor, isConstant, type Monomial, monomialKey, type Polynomial, spend } from './polynomial.ts';
import { multiplyMonomials, withFactor } from './rename.ts';
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
