// Normal form, the laws of atoms: powers of products, e^u·e^v, squares of sines, idempotent comparisons.

import { addAffine, affineIndices, coefficientOf } from '../affine.ts';
import { emptyContext, provablyNonNegative } from '../bounds.ts';
import * as Q from '../rational.ts';
import type { Rational } from '../rational.ts';
import {
  type Atom, constantMonomial, constantOfPolynomial, type Factor, factor, type Monomial, onlyMonomial, type Polynomial, polynomial,
} from './polynomial.ts';
import { withFactor } from './rename.ts';

/** Whether an atom's value is > 0 wherever it is defined. */
export function isPositiveAtom(atom: Atom): boolean {
  switch (atom.kind) {
    case 'exp': case 'pi': case 'prime': return true;
    case 'integer': return atom.symbol.kind === 'size';
    case 'base': return isPositivePolynomial(atom.base);
    case 'product': return isPositivePolynomial(atom.body);
    case 'ref': case 'symbol': case 'call': case 'positive': case 'zero': case 'argmax': return false;
  }
}

/** Whether every value is > 0, as far as signs of coefficients and atoms show it. */
export function isPositivePolynomial(p: Polynomial): boolean {
  return p.monomials.length > 0 && p.monomials.every((m) => Q.sign(m.coefficient) > 0 && m.equalities.length === 0
    && [...m.factors.values()].every((f) => isPositiveAtom(f.atom) || isSquare(f)))
    && p.monomials.some((m) => hasPoint(m) && [...m.factors.values()].every((f) => isPositiveAtom(f.atom)));
}

/** Whether a monomial's sum has at least one term for all sizes: every summed variable runs over a range of its own that is not empty. */
function hasPoint(m: Monomial): boolean {
  if (m.inequalities.length !== 2 * m.bound.length) return false;
  return m.bound.every((name) => {
    const own = m.inequalities.filter((a) => affineIndices(a).includes(name));
    const [lower, upper] = [1, -1].map((sign) => own.find((a) => coefficientOf(a, { kind: 'index', name }) === sign));
    if (own.length !== 2 || lower === undefined || upper === undefined) return false;
    const last = addAffine(lower, upper);
    return affineIndices(last).length === 0 && provablyNonNegative(last, emptyContext);
  });
}

const isSquare = (f: Factor): boolean => Q.isInteger(f.exponent) && f.exponent.n > 0n && f.exponent.n % 2n === 0n;

export type PowerPart =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'factor'; readonly factor: Factor };

/** p^exponent (exponent no positive integer) as a product of powers of atoms. */
export function baseFactors(p: Polynomial, single: Monomial | null, exponent: Rational): readonly PowerPart[] {
  const whole = Q.isInteger(exponent);
  if (single !== null && single.bound.length === 0 && single.equalities.length === 0 && single.inequalities.length === 0) {
    const split = whole || Q.sign(single.coefficient) > 0;
    if (split) {
      const parts = numberPower(single.coefficient, exponent);
      const stuck: Factor[] = [];
      const powered = [...single.factors.values()].flatMap((f): PowerPart[] => {
        const raised = Q.multiply(f.exponent, exponent);
        if (f.atom.kind === 'integer' && f.atom.symbol.kind === 'index') return [reciprocalOf(f, exponent)];
        if (!whole && !isPositiveAtom(f.atom)) {
          stuck.push(f);
          return [];
        }
        return [{ kind: 'factor', factor: { ...f, exponent: raised } }];
      });
      if (stuck.length === 0) return [...parts, ...powered];
      let base = constantMonomial(Q.ONE);
      for (const f of stuck) base = withFactor(base, f);
      return [...parts, ...powered, { kind: 'factor', factor: factor({ kind: 'base', base: polynomial([base]) }, exponent) }];
    }
  }
  const { content, rest } = extractContent(p, whole);
  const parts = numberPower(content.coefficient, exponent);
  const powered = [...content.factors.values()].map((f): PowerPart =>
    ({ kind: 'factor', factor: { ...f, exponent: Q.multiply(f.exponent, exponent) } }));
  return [...parts, ...powered, { kind: 'factor', factor: factor({ kind: 'base', base: rest }, exponent) }];
}

function reciprocalOf(f: Factor, exponent: Rational): PowerPart {
  const base = polynomial([withFactor(constantMonomial(Q.ONE), { ...f, exponent: Q.ONE })]);
  return { kind: 'factor', factor: factor({ kind: 'base', base }, Q.multiply(f.exponent, exponent)) };
}

/** A number to a rational power: primes to fractional powers are atoms. */
export function numberPower(value: Rational, exponent: Rational): readonly PowerPart[] {
  if (Q.isInteger(exponent)) return [{ kind: 'number', value: Q.power(value, Number(exponent.n)) }];
  const parts: PowerPart[] = [];
  for (const [prime, times] of primePowers(value)) {
    const raised = Q.multiply(Q.rational(times), exponent);
    const whole = Q.floor(raised);
    const rest = Q.subtract(raised, Q.rational(whole));
    parts.push({ kind: 'number', value: Q.power(Q.rational(prime), Number(whole)) });
    if (!Q.isZero(rest)) parts.push({ kind: 'factor', factor: factor({ kind: 'prime', prime }, rest) });
  }
  return parts;
}

const MOST_TRIAL_DIVISOR = 10_000n;

/** The prime powers of a positive rational; a cofactor beyond trial division counts as a prime of its own. */
export function primePowers(value: Rational): readonly (readonly [bigint, number])[] {
  const powers = new Map<bigint, number>();
  const split = (n: bigint, direction: number): void => {
    let rest = n;
    for (let p = 2n; p * p <= rest && p <= MOST_TRIAL_DIVISOR; p += 1n) {
      while (rest % p === 0n) {
        powers.set(p, (powers.get(p) ?? 0) + direction);
        rest /= p;
      }
    }
    if (rest > 1n) powers.set(rest, (powers.get(rest) ?? 0) + direction);
  };
  split(value.n, 1);
  split(value.d, -1);
  return [...powers].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Takes out of a sum what all its monomials share and what may leave a power: rational content, exponentials, sizes. */
export function extractContent(p: Polynomial, whole: boolean): { readonly content: Monomial; readonly rest: Polynomial } {
  const [first] = p.monomials;
  if (first === undefined) return { content: constantMonomial(Q.ONE), rest: p };
  // Σ_i c·f_i: the content of a summed monomial stays inside, its coefficient does not.
  const least = new Map<string, Factor>();
  const keys = new Set(p.monomials.flatMap((m) => [...m.factors.keys()]));
  for (const key of keys) {
    const sample = p.monomials.map((m) => m.factors.get(key)).find((f) => f !== undefined);
    if (sample === undefined || !mayLeave(sample.atom, whole)) continue;
    const present = p.monomials.every((m) => [...m.factors.keys()].includes(key));
    const exponents = p.monomials.map((m) => m.factors.get(key)?.exponent ?? Q.ZERO);
    if (!present && sample.atom.kind !== 'exp') continue;
    const lowest = exponents.reduce((a, b) => (Q.compare(b, a) < 0 ? b : a));
    const bound = p.monomials.some((m) => m.bound.length > 0 && m.factors.has(key) && mentionsBound(m, key));
    if (!Q.isZero(lowest) && !bound) least.set(key, { ...sample, exponent: lowest });
  }
  const magnitude = p.monomials.map((m) => Q.absolute(m.coefficient)).reduce(rationalGcd);
  const coefficient = whole && Q.sign(first.coefficient) < 0 ? Q.negate(magnitude) : magnitude;
  const content: Monomial = { ...constantMonomial(coefficient), factors: least };
  const rest = polynomial(p.monomials.map((m) => {
    let divided: Monomial = { ...m, coefficient: Q.divide(m.coefficient, coefficient) };
    for (const f of least.values()) divided = withFactor(divided, { ...f, exponent: Q.negate(f.exponent) });
    return divided;
  }));
  return { content, rest };
}

const mayLeave = (atom: Atom, whole: boolean): boolean =>
  isPositiveAtom(atom) || (whole && (atom.kind === 'ref' || atom.kind === 'symbol' || atom.kind === 'call'));

const mentionsBound = (m: Monomial, key: string): boolean => m.bound.some((name) => key.includes(name));

function rationalGcd(a: Rational, b: Rational): Rational {
  const gcd = (x: bigint, y: bigint): bigint => (y === 0n ? x : gcd(y, x % y));
  return Q.rational(gcd(a.n * b.d, b.n * a.d), a.d * b.d);
}

/** sin² → 1 - cos², comparisons squared are themselves, whole powers of primes are numbers, [p > 0]·[-p > 0] = 0. */
export function clampAtoms(m: Monomial): readonly Monomial[] {
  let current = m;
  for (const f of m.factors.values()) {
    const { atom, exponent } = f;
    if ((atom.kind === 'positive' || atom.kind === 'zero') && !Q.isOne(exponent)) current = replace(current, f, Q.ONE);
    if (atom.kind === 'prime' && (Q.compare(exponent, Q.ONE) >= 0 || Q.sign(exponent) < 0)) {
      const whole = Q.floor(exponent);
      current = replace(current, f, Q.subtract(exponent, Q.rational(whole)));
      current = { ...current, coefficient: Q.multiply(current.coefficient, Q.power(Q.rational(atom.prime), Number(whole))) };
    }
    if (atom.kind === 'call' && atom.fn.kind === 'elementary' && atom.fn.name === 'sin' && Q.isInteger(exponent) && exponent.n >= 2n) {
      const lowered = replace(current, f, Q.subtract(exponent, Q.rational(2)));
      const cosine = factor({ ...atom, fn: { kind: 'elementary', name: 'cos' } }, Q.rational(2));
      return [lowered, { ...withFactor(lowered, cosine), coefficient: Q.negate(lowered.coefficient) }].flatMap(clampAtoms);
    }
  }
  return contradictoryComparisons(current) ? [] : [current];
}

function contradictoryComparisons(m: Monomial): boolean {
  const zero = new Set([...m.factors.values()].flatMap((f) => (f.atom.kind === 'zero' ? [f.atom.value.key, onlyNegation(f.atom.value)] : [])));
  if ([...m.factors.values()].some((f) => f.atom.kind === 'positive' && zero.has(f.atom.value.key))) return true;
  const positive = [...m.factors.values()].flatMap((f) => (f.atom.kind === 'positive' ? [f.atom.value] : []));
  return positive.some((p, at) => positive.slice(at + 1).some((q) => {
    const [a, b] = [onlyNegation(p), q.key];
    return a === b;
  }));
}

const onlyNegation = (p: Polynomial): string =>
  polynomial(p.monomials.map((m) => ({ ...m, coefficient: Q.negate(m.coefficient) }))).key;

function replace(m: Monomial, f: Factor, exponent: Rational): Monomial {
  const factors = new Map(m.factors);
  if (Q.isZero(exponent)) factors.delete(f.key);
  else factors.set(f.key, { ...f, exponent });
  return { ...m, factors };
}

/** The atom [p = 0] with p scaled to content 1 and a positive first coefficient, or a number where it is known. */
export function zeroAtom(p: Polynomial): Factor | 0 | 1 {
  const constant = constantOfPolynomial(p);
  const [first] = p.monomials;
  if (constant !== null || first === undefined) return constant === null || Q.isZero(constant) ? 1 : 0;
  const magnitude = p.monomials.map((m) => Q.absolute(m.coefficient)).reduce(rationalGcd);
  const by = Q.sign(first.coefficient) < 0 ? Q.negate(magnitude) : magnitude;
  return factor({ kind: 'zero', value: polynomial(p.monomials.map((m) => ({ ...m, coefficient: Q.divide(m.coefficient, by) }))) });
}

/** The atom [p > 0] with p scaled to content 1, or a number where the sign is known. */
export function positiveAtom(p: Polynomial): Factor | 0 | 1 {
  const constant = constantOfPolynomial(p);
  if (constant !== null) return Q.sign(constant) > 0 ? 1 : 0;
  if (isPositivePolynomial(p)) return 1;
  if (isPositivePolynomial(polynomial(p.monomials.map((m) => ({ ...m, coefficient: Q.negate(m.coefficient) }))))) return 0;
  const magnitude = p.monomials.map((m) => Q.absolute(m.coefficient)).reduce(rationalGcd);
  const value = polynomial(p.monomials.map((m) => ({ ...m, coefficient: Q.divide(m.coefficient, magnitude) })));
  const single = onlyMonomial(value);
  if (single !== null && single.bound.length === 0) {
    // Positive factors do not change the sign.
    let bare: Monomial = single;
    for (const f of single.factors.values()) if (isPositiveAtom(f.atom)) bare = replace(bare, f, Q.ZERO);
    return factor({ kind: 'positive', value: polynomial([bare]) });
  }
  return factor({ kind: 'positive', value });
}
