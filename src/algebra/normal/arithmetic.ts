// Normal form, the arithmetic: sums, products and powers of polynomials, kept canonical.

import * as Q from '../rational.ts';
import type { Rational } from '../rational.ts';
import { baseFactors, clampAtoms } from './atoms.ts';
import { canonicalMonomials } from './canonical.ts';
import {
  constantMonomial, constantOfPolynomial, constantPolynomial, isZeroPolynomial, type Monomial, onlyMonomial, type Polynomial,
  polynomial, spend, StepLimitError, zeroPolynomial,
} from './polynomial.ts';
import { underOwnConditions } from './nested.ts';
import { reduceReciprocal } from './reciprocal.ts';
import { multiplyMonomials, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

export const addPolynomials = (polynomials: readonly Polynomial[]): Polynomial =>
  polynomial(polynomials.flatMap((p) => p.monomials));

export const scalePolynomial = (p: Polynomial, by: Rational): Polynomial =>
  Q.isZero(by) ? zeroPolynomial : polynomial(p.monomials.map((m) => ({ ...m, coefficient: Q.multiply(m.coefficient, by) })));

export const subtractPolynomials = (a: Polynomial, b: Polynomial): Polynomial =>
  addPolynomials([a, scalePolynomial(b, Q.MINUS_ONE)]);

export function multiplyPolynomials(a: Polynomial, b: Polynomial, scope: Scope): Polynomial {
  const products: Monomial[] = [];
  for (const x of a.monomials) {
    for (const y of b.monomials) products.push(...finish(multiplyMonomials(x, y), scope));
  }
  return polynomial(products);
}

/** Clamps, expands and canonicalises raw monomials. */
export function finish(raw: readonly Monomial[], scope: Scope): readonly Monomial[] {
  return raw.flatMap((m) => {
    spend(scope.budget);
    return clampAtoms(m).flatMap((clamped) => expandBases(clamped, scope))
      .flatMap((e) => canonicalMonomials(e, scope.context, scope.budget))
      .flatMap((c) => {
        const changed = reduceReciprocal(c, scope) ?? underOwnConditions(c, scope, powerPolynomial);
        return changed === null ? [c] : finish(changed, scope);
      });
  });
}

/** S^q with q ≥ 1 holds a whole power of S, which is multiplied out. */
function expandBases(m: Monomial, scope: Scope): readonly Monomial[] {
  for (const f of m.factors.values()) {
    if (f.atom.kind !== 'base' || Q.compare(f.exponent, Q.ONE) < 0) continue;
    const whole = Number(Q.floor(f.exponent));
    const rest = Q.subtract(f.exponent, Q.rational(whole));
    const factors = new Map(m.factors);
    if (Q.isZero(rest)) factors.delete(f.key);
    else factors.set(f.key, { ...f, exponent: rest });
    const others: Polynomial = { monomials: [{ ...m, factors }], key: '' };
    return multiplyRaw(others, integerPower(f.atom.base, whole, scope)).flatMap((p) => expandBases(p, scope));
  }
  return [m];
}

const multiplyRaw = (a: Polynomial, b: Polynomial): readonly Monomial[] =>
  a.monomials.flatMap((x) => b.monomials.flatMap((y) => multiplyMonomials(x, y).flatMap(clampAtoms)));

const MOST_EXPONENT = 64;

export function integerPower(p: Polynomial, exponent: number, scope: Scope): Polynomial {
  if (exponent > MOST_EXPONENT) throw new StepLimitError(`powers above ${String(MOST_EXPONENT)} are not multiplied out`);
  let result = constantPolynomial(Q.ONE);
  for (let n = 0; n < exponent; n += 1) result = multiplyPolynomials(result, p, scope);
  return result;
}

/** p^exponent. Fractional powers of a product are split only where the parts are known to be positive. */
export function powerPolynomial(p: Polynomial, exponent: Rational, scope: Scope): Polynomial {
  if (Q.isZero(exponent)) return constantPolynomial(Q.ONE);
  if (Q.isInteger(exponent) && exponent.n > 0n) return integerPower(p, Number(exponent.n), scope);
  if (isZeroPolynomial(p)) throw new StepLimitError('a reciprocal of zero has no normal form');
  const constant = constantOfPolynomial(p);
  const single = constant === null ? onlyMonomial(p) : constantMonomial(constant);
  let result: Monomial = constantMonomial(Q.ONE);
  for (const part of baseFactors(p, single, exponent)) {
    result = part.kind === 'number'
      ? { ...result, coefficient: Q.multiply(result.coefficient, part.value) }
      : withFactor(result, part.factor);
  }
  return polynomial(finish([result], scope));
}
