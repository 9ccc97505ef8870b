// Substituting affine expressions for integer variables inside monomials and the polynomials nested in their atoms.

import { type Affine, affineIndices, type AffineSymbol, fromSymbol, index, substituteAffine } from '../affine.ts';
import { type Atom, atomKey, type Factor, type Monomial, type Polynomial, polynomial } from './polynomial.ts';
import * as Q from '../rational.ts';

export type Substitution = ReadonlyMap<string, Affine>;

const applyTo = (a: Affine, to: Substitution): Affine =>
  substituteAffine(a, (s: AffineSymbol) => (s.kind === 'index' ? (to.get(s.name) ?? null) : null));

/** An atom after a substitution, or null for an index as a number that has become a sum (see `integerTerms`). */
export function substituteAtom(atom: Atom, to: Substitution): Atom {
  switch (atom.kind) {
    case 'ref': return { ...atom, indices: atom.indices.map((a) => applyTo(a, to)) };
    case 'exp': case 'call': return { ...atom, argument: substitutePolynomial(atom.argument, to) };
    case 'base': return { ...atom, base: substitutePolynomial(atom.base, to) };
    case 'positive': case 'zero': return { ...atom, value: substitutePolynomial(atom.value, to) };
    case 'product': case 'argmax': return { ...atom, last: applyTo(atom.last, to), body: substitutePolynomial(atom.body, to) };
    case 'symbol': case 'pi': case 'prime': case 'integer': return atom;
  }
}

/**
 * A monomial after a substitution of its free or bound variables. Indices used as numbers can turn one monomial into
 * several (t → u - s), so the result is a list.
 */
export function substituteMonomial(m: Monomial, to: Substitution): readonly Monomial[] {
  let results: readonly Monomial[] = [{
    ...m,
    equalities: m.equalities.map((a) => applyTo(a, to)),
    inequalities: m.inequalities.map((a) => applyTo(a, to)),
    factors: new Map(),
  }];
  for (const f of m.factors.values()) {
    const replacement = f.atom.kind === 'integer' && f.atom.symbol.kind === 'index' ? to.get(f.atom.symbol.name) : undefined;
    if (replacement === undefined) {
      const atom = substituteAtom(f.atom, to);
      results = results.map((r) => withFactor(r, { atom, key: atomKey(atom), exponent: f.exponent }));
    } else {
      for (let n = 0n; n < f.exponent.n; n += 1n) {
        results = results.flatMap((r) => integerTerms(replacement).map((t) => multiplyTerm(r, t)));
      }
    }
  }
  return results;
}

export const substitutePolynomial = (p: Polynomial, to: Substitution): Polynomial =>
  freeOfPolynomial(p).some((name) => to.has(name)) ? polynomial(p.monomials.flatMap((m) => substituteMonomial(m, to))) : p;

interface IntegerTerm {
  readonly coefficient: Q.Rational;
  readonly factor: Factor | null;
}

/** An affine expression as a number: coefficient times size or index, and the constant. */
export function integerTerms(a: Affine): readonly IntegerTerm[] {
  const terms = a.terms.map((t): IntegerTerm => {
    const atom: Atom = { kind: 'integer', symbol: t.symbol };
    return { coefficient: Q.rational(t.coefficient), factor: { atom, key: atomKey(atom), exponent: Q.ONE } };
  });
  return a.constant === 0 ? terms : [...terms, { coefficient: Q.rational(a.constant), factor: null }];
}

function multiplyTerm(m: Monomial, t: IntegerTerm): Monomial {
  const scaled = { ...m, coefficient: Q.multiply(m.coefficient, t.coefficient) };
  return t.factor === null ? scaled : withFactor(scaled, t.factor);
}

/** The monomial times atom^exponent; like atoms add their exponents. */
export function withFactor(m: Monomial, f: Factor): Monomial {
  const factors = new Map(m.factors);
  const exponent = Q.add(factors.get(f.key)?.exponent ?? Q.ZERO, f.exponent);
  if (Q.isZero(exponent)) factors.delete(f.key);
  else factors.set(f.key, { ...f, exponent });
  return { ...m, factors };
}

/** The integer variables that occur in an atom (free ones of nested polynomials). */
export function variablesOfAtom(atom: Atom): readonly string[] {
  switch (atom.kind) {
    case 'ref': return atom.indices.flatMap(affineIndices);
    case 'exp': case 'call': return freeOfPolynomial(atom.argument);
    case 'base': return freeOfPolynomial(atom.base);
    case 'positive': case 'zero': return freeOfPolynomial(atom.value);
    case 'product': case 'argmax': return [...affineIndices(atom.last), ...freeOfPolynomial(atom.body).filter((name) => name !== atom.index)];
    case 'integer': return affineIndices(fromSymbol(atom.symbol));
    case 'symbol': case 'pi': case 'prime': return [];
  }
}

const freeCache = new WeakMap<Polynomial, readonly string[]>();

export function freeOfPolynomial(p: Polynomial): readonly string[] {
  let free = freeCache.get(p);
  if (free === undefined) {
    const names = new Set<string>();
    for (const m of p.monomials) for (const name of freeOfMonomial(m)) names.add(name);
    free = [...names];
    freeCache.set(p, free);
  }
  return free;
}

export function freeOfMonomial(m: Monomial): ReadonlySet<string> {
  const names = new Set<string>();
  for (const f of m.factors.values()) for (const name of variablesOfAtom(f.atom)) names.add(name);
  for (const a of [...m.equalities, ...m.inequalities]) for (const name of affineIndices(a)) names.add(name);
  for (const name of m.bound) names.delete(name);
  return names;
}

/** 1 + the greatest height of a summed variable inside the monomial's atoms: names `#height.number` never clash with nested ones. */
export function heightOfMonomial(m: Monomial): number {
  let height = 0;
  for (const f of m.factors.values()) height = Math.max(height, heightOfAtom(f.atom));
  return height + 1;
}

function heightOfAtom(atom: Atom): number {
  switch (atom.kind) {
    case 'exp': case 'call': return heightOfPolynomial(atom.argument);
    case 'base': return heightOfPolynomial(atom.base);
    case 'positive': case 'zero': return heightOfPolynomial(atom.value);
    case 'product': case 'argmax': return heightOfPolynomial(atom.body) + 1;
    case 'ref': case 'integer': case 'symbol': case 'pi': case 'prime': return 0;
  }
}

export const heightOfPolynomial = (p: Polynomial): number =>
  p.monomials.reduce((height, m) => Math.max(height, m.bound.length > 0 ? heightOfMonomial(m) : heightOfMonomial(m) - 1), 0);

/** The raw product: the second one's summed variables renamed apart. */
export function multiplyMonomials(x: Monomial, y: Monomial): readonly Monomial[] {
  const clash = y.bound.filter((name) => x.bound.includes(name));
  const taken = new Set([...x.bound, ...y.bound]);
  const renaming = new Map<string, Affine>();
  const bound = y.bound.map((name) => {
    if (!clash.includes(name)) return name;
    let fresh = `${name}'`;
    while (taken.has(fresh)) fresh += "'";
    taken.add(fresh);
    renaming.set(name, index(fresh));
    return fresh;
  });
  return substituteMonomial({ ...y, bound }, renaming).map((apart) => {
    let product: Monomial = {
      coefficient: Q.multiply(x.coefficient, apart.coefficient),
      bound: [...x.bound, ...apart.bound],
      equalities: [...x.equalities, ...apart.equalities],
      inequalities: [...x.inequalities, ...apart.inequalities],
      factors: x.factors,
    };
    for (const f of apart.factors.values()) product = withFactor(product, f);
    return product;
  });
}
