// From the normal form back to an expression that reads well: common factors in front, each sum with its own letters.

import { type Affine, affineIndices, coefficientOf, index, integer, plainIndex, type Range, scaleAffine, subtractAffine } from '../affine.ts';
import {
  add, adjoint, affineValue, bind, bracket, call, elementary, type Expression, indexAtLeast, indexEqual, multiply, number, power, ref, sum, symbol, type Tensor,
} from '../expression.ts';
import * as Q from '../rational.ts';
import { freshIndex } from '../traverse.ts';
import { clampAtoms, numberPower } from './atoms.ts';
import { components } from './divide.ts';
import { type Atom, constantMonomial, type Factor, factor, type Monomial, type Polynomial, polynomial } from './polynomial.ts';
import { substituteMonomial, variablesOfAtom, withFactor } from './rename.ts';

/** The letter that reads best for the n-th index of a tensor. */
export type Letters = (tensor: Tensor, n: number) => string | null;

/** Thrown where a summed variable has no range that a sum could be written with. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable';
}

interface Page {
  readonly letters: Letters;
  readonly taken: ReadonlySet<string>;
  /** Whether a factor may stand in front of conditions: all its entries lie in their tensors anyway. */
  readonly inside: (f: Factor) => boolean;
}

/** The polynomial as an expression. @throws Unwritable where a sum has no plain range */
export function write(p: Polynomial, letters: Letters, taken: ReadonlySet<string>, inside: (f: Factor) => boolean): Expression {
  return writePolynomial(polynomial(p.monomials.map(withPlainBases)), { letters, taken, inside });
}

/** √(0.001 + v), not √(1 + 1000 v) / (10 √10): sums under powers are scaled so that their first entry stands alone. */
function withPlainBases(m: Monomial): Monomial {
  let result = m;
  for (const f of m.factors.values()) {
    if (f.atom.kind !== 'base') continue;
    const scale = Q.absolute(f.atom.base.monomials.find((x) => x.factors.size > 0)?.coefficient ?? Q.ONE);
    if (Q.isOne(scale)) continue;
    const base = polynomial(f.atom.base.monomials.map((x) => ({ ...x, coefficient: Q.divide(x.coefficient, scale) })));
    result = withFactor(withFactor(result, { ...f, exponent: Q.negate(f.exponent) }), factor({ kind: 'base', base }, f.exponent));
    for (const part of numberPower(scale, f.exponent)) {
      result = part.kind === 'number' ? { ...result, coefficient: Q.multiply(result.coefficient, part.value) } : withFactor(result, part.factor);
    }
  }
  const [clamped, ...more] = clampAtoms(result);
  return clamped === undefined || more.length > 0 ? m : clamped;
}

function writePolynomial(p: Polynomial, page: Page): Expression {
  const { content, rest } = commonFactors(p, page.inside);
  const terms = readingOrder(rest.monomials).map((m) => writeMonomial(m, page));
  return multiply([number(content.coefficient), ...orderedFactors(content).map((f) => writeFactor(f, page)), add(terms)]);
}

/** What all monomials share: a rational, and powers of atoms that no summed variable enters. */
function commonFactors(p: Polynomial, inside: (f: Factor) => boolean): { readonly content: Monomial; readonly rest: Polynomial } {
  const [first] = p.monomials;
  if (first === undefined || p.monomials.length === 1) return { content: constantMonomial(Q.ONE), rest: p };
  // What a condition guards stays behind it.
  const guarded = new Set(p.monomials.flatMap((m) => [...m.equalities, ...m.inequalities].filter((a) => !mentions(a, m.bound)).flatMap(affineIndices)));
  const shared = [...first.factors.values()].flatMap((f): Factor[] => {
    if (variablesOfAtom(f.atom).some((name) => guarded.has(name)) && !inside(f)) return [];
    const exponents = p.monomials.map((m) => (isFree(f, m) ? m.factors.get(f.key)?.exponent : undefined));
    if (!exponents.every((e) => e !== undefined && Q.sign(e) === Q.sign(f.exponent))) return [];
    const least = exponents.reduce((a, b) => (a !== undefined && b !== undefined && Q.compare(Q.absolute(b), Q.absolute(a)) < 0 ? b : a));
    return least === undefined ? [] : [{ ...f, exponent: least }];
  });
  const magnitudes = p.monomials.map((m) => Q.absolute(m.coefficient));
  const sameSize = magnitudes.every((c) => magnitudes[0] !== undefined && Q.equals(c, magnitudes[0]));
  const allNegative = p.monomials.every((m) => Q.sign(m.coefficient) < 0);
  const size = sameSize && magnitudes[0] !== undefined ? magnitudes[0] : Q.ONE;
  const coefficient = allNegative ? Q.negate(size) : size;
  const content = shared.reduce<Monomial>((m, f) => withFactor(m, f), constantMonomial(coefficient));
  return {
    content,
    rest: polynomial(p.monomials.map((m) => shared.reduce<Monomial>(
      (left, f) => withFactor(left, { ...f, exponent: Q.negate(f.exponent) }), { ...m, coefficient: Q.divide(m.coefficient, coefficient) }))),
  };
}

const isFree = (f: Factor, m: Monomial): boolean => !variablesOfAtom(f.atom).some((name) => m.bound.includes(name));

/** Terms without sums first, positive ones before negative ones. */
const readingOrder = (monomials: readonly Monomial[]): readonly Monomial[] =>
  monomials.map((m, n) => ({ m, n })).sort((a, b) =>
    Number(Q.sign(a.m.coefficient) < 0) - Number(Q.sign(b.m.coefficient) < 0) || a.m.bound.length - b.m.bound.length || a.m.factors.size - b.m.factors.size || a.n - b.n).map(({ m }) => m);

function writeMonomial(m: Monomial, page: Page): Expression {
  const { free, summed } = components({ ...m, coefficient: Q.ONE });
  const conditions = m.equalities.filter((a) => !mentions(a, m.bound)).map((a) => bracket(indexEqual(a)));
  const guards = m.inequalities.filter((a) => !mentions(a, m.bound)).map((a) => bracket(indexAtLeast(a)));
  return multiply([
    number(m.coefficient), ...conditions, ...guards,
    ...ordered(free).map((f) => writeFactor(f, page)),
    ...summed.map((part) => writeSum(part, page)),
  ]);
}

const mentions = (a: Affine, names: readonly string[]): boolean => affineIndices(a).some((name) => names.includes(name));

/** One component: nested sums over its variables, innermost the factors. */
function writeSum(part: Monomial, page: Page): Expression {
  const taken = new Set(page.taken);
  const to = new Map<string, Affine>();
  const names = part.bound.map((name) => {
    const letter = freshIndex(letterFor(name, part, page) ?? 'i', taken);
    taken.add(letter);
    to.set(name, index(letter));
    return letter;
  });
  const [renamed, ...more] = substituteMonomial({ ...part, bound: names }, to);
  if (renamed === undefined || more.length > 0) throw new Unwritable('a summed index stands as a number in a sum of several terms');
  const { ranges, left } = rangesOf(renamed);
  const inner: Page = { ...page, taken };
  const body = multiply([
    ...renamed.equalities.map((a) => bracket(indexEqual(a))), ...left.map((a) => bracket(indexAtLeast(a))),
    ...orderedFactors(renamed).map((f) => writeFactor(f, inner)),
  ]);
  return ranges.reduceRight<Expression>((e, { name, range }) => sum(name, range, e), body);
}

/** A letter that a tensor's declaration gives to the axis on which the variable stands alone. */
function letterFor(name: string, m: Monomial, page: Page): string | null {
  const look = (atom: Atom): string | null => {
    switch (atom.kind) {
      case 'ref': {
        const at = atom.indices.findIndex((a) => plainIndex(a) === name);
        return at < 0 ? null : page.letters(atom.tensor, at);
      }
      case 'exp': case 'call': return lookBelow(atom.argument);
      case 'base': return lookBelow(atom.base);
      case 'positive': case 'zero': return lookBelow(atom.value);
      case 'product': case 'argmax': return lookBelow(atom.body);
      case 'symbol': case 'integer': case 'pi': case 'prime': return null;
    }
  };
  const lookBelow = (p: Polynomial): string | null => firstOf(p.monomials.flatMap((x) => [...x.factors.values()]), (f) => look(f.atom));
  return firstOf([...m.factors.values()], (f) => look(f.atom));
}

function firstOf<T, R>(items: readonly T[], f: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = f(item);
    if (found !== null) return found;
  }
  return null;
}

interface NamedRange {
  readonly name: string;
  readonly range: Range;
}

/** A range for every summed variable, those without other summed variables in their ends first; the conditions that are left. */
function rangesOf(m: Monomial): { readonly ranges: readonly NamedRange[]; readonly left: readonly Affine[] } {
  let left = [...m.inequalities];
  let open = [...m.bound];
  const ranges: NamedRange[] = [];
  while (open.length > 0) {
    const found = firstOf(open, (name) => {
      const others = open.filter((o) => o !== name);
      const ends = left.filter((a) => !mentions(a, others));
      const lower = simplest(ends.filter((a) => coefficientOf(a, { kind: 'index', name }) === 1));
      const upper = simplest(ends.filter((a) => coefficientOf(a, { kind: 'index', name }) === -1));
      return lower === null || upper === null ? null : { name, lower, upper };
    });
    if (found === null) throw new Unwritable('a summed index has no range of its own');
    const { name, lower, upper } = found;
    const self = index(name);
    // lower = name - lo, upper = hi - name
    ranges.push({ name, range: { lo: scaleAffine(subtractAffine(lower, self), -1), hi: subtractAffine(upper, scaleAffine(self, -1)) } });
    left = left.filter((a) => a !== lower && a !== upper);
    open = open.filter((o) => o !== name);
  }
  return { ranges, left };
}

/** Constants and sizes before what mentions other indices. */
const simplest = (ends: readonly Affine[]): Affine | null =>
  [...ends].sort((a, b) => affineIndices(a).length - affineIndices(b).length || a.terms.length - b.terms.length)[0] ?? null;

const orderedFactors = (m: Monomial): readonly Factor[] => ordered([...m.factors.values()]);

/** Sizes and numbers, adjoints, entries, functions, denominators. */
const ordered = (factors: readonly Factor[]): readonly Factor[] =>
  factors.map((f, n) => ({ f, n })).sort((a, b) => rank(a.f) - rank(b.f) || a.n - b.n).map(({ f }) => f);

function rank(f: Factor): number {
  if (Q.sign(f.exponent) < 0) return 9;
  switch (f.atom.kind) {
    case 'prime': case 'pi': return 0;
    case 'integer': return 1;
    case 'positive': case 'zero': return 2;
    case 'ref': return f.atom.adjoint ? 3 : 4;
    case 'symbol': return 4;
    case 'call': case 'exp': case 'base': case 'product': case 'argmax': return 5;
  }
}

function writeFactor({ atom, exponent }: Factor, page: Page): Expression {
  if (atom.kind === 'exp') return elementary('exp', multiply([number(exponent), writePolynomial(atom.argument, page)]));
  return power(writeAtom(atom, page), exponent);
}

function writeAtom(atom: Atom, page: Page): Expression {
  switch (atom.kind) {
    case 'ref': return atom.adjoint ? adjoint(atom.tensor, atom.indices) : ref(atom.tensor, atom.indices);
    case 'symbol': return symbol(atom.name, atom.layer);
    case 'integer': return affineValue({ terms: [{ symbol: atom.symbol, coefficient: 1 }], constant: 0 });
    case 'pi': return { kind: 'constant', name: 'pi' };
    case 'prime': return number(Q.rational(atom.prime));
    case 'exp': return elementary('exp', writePolynomial(atom.argument, page));
    case 'call': return call(atom.fn, writePolynomial(atom.argument, page));
    case 'base': return writePolynomial(atom.base, page);
    case 'positive': return bracket({ kind: 'compare', relation: '>', left: writePolynomial(atom.value, page), right: number(0) });
    case 'zero': return bracket(equation(atom.value, page));
    case 'product': case 'argmax': {
      const name = freshIndex('l', page.taken);
      const inner: Page = { ...page, taken: new Set([...page.taken, name]) };
      const body = polynomial(atom.body.monomials.flatMap((m) => substituteMonomial(m, new Map([[atom.index, index(name)]]))));
      return bind(atom.kind, name, { lo: integer(0), hi: atom.last }, writePolynomial(body, inner));
    }
  }
}

/** [token_t = v]: entries on one side, indices and numbers on the other. */
function equation(p: Polynomial, page: Page): { kind: 'compare'; relation: '='; left: Expression; right: Expression } {
  const plain = (m: Monomial): boolean => [...m.factors.values()].every((f) => f.atom.kind === 'integer');
  const entries = polynomial(p.monomials.filter((m) => !plain(m)));
  const others = polynomial(p.monomials.filter(plain).map((m) => ({ ...m, coefficient: Q.negate(m.coefficient) })));
  const flip = entries.monomials.every((m) => Q.sign(m.coefficient) < 0);
  const turned = (x: Polynomial): Polynomial => (flip ? polynomial(x.monomials.map((m) => ({ ...m, coefficient: Q.negate(m.coefficient) }))) : x);
  return { kind: 'compare', relation: '=', left: writePolynomial(turned(entries), page), right: asAffine(turned(others)) ?? writePolynomial(turned(others), page) };
}

function asAffine(p: Polynomial): Expression | null {
  let value: Affine = integer(0);
  for (const m of p.monomials) {
    const [f, ...more] = m.factors.values();
    if (more.length > 0 || !Q.isInteger(m.coefficient) || (f !== undefined && (f.atom.kind !== 'integer' || !Q.isOne(f.exponent)))) return null;
    const coefficient = Number(m.coefficient.n);
    const term: Affine = f?.atom.kind === 'integer' ? { terms: [{ symbol: f.atom.symbol, coefficient: 1 }], constant: 0 } : integer(1);
    value = subtractAffine(value, scaleAffine(term, -coefficient));
  }
  return affineValue(value);
}
