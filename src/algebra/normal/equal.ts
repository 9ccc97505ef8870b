// Equality by normal form. `equal` is a proof; `different` means only that the normal forms differ.

import { addAffine, type Affine, affineIndices, integer, scaleAffine } from '../affine.ts';
import { type Context, decideAtLeast, decideEqual, emptyContext, withAssumption } from '../bounds.ts';
import { type Expression, isBinder, subtract, type Test } from '../expression.ts';
import { writing } from '../print.ts';
import * as Q from '../rational.ts';
import { children } from '../traverse.ts';
import { finish, multiplyPolynomials, powerPolynomial } from './arithmetic.ts';
import { solveFor, tighten } from './conditions.ts';
import { DEFAULT_STEPS, normalizeWithin } from './normalize.ts';
import { type Factor, isZeroPolynomial, type Monomial, monomialKey, type Polynomial, polynomial, spend, StepLimitError } from './polynomial.ts';
import { freeOfPolynomial, substituteMonomial, variablesOfAtom, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

export type Equality = 'equal' | 'different' | 'undecided';

/** Compares two expressions for all sizes and all values of tensors; `context` bounds their free indices. */
export function provablyEqual(a: Expression, b: Expression, context: Context = emptyContext, steps = DEFAULT_STEPS): Equality {
  if (writing(a) === writing(b)) return 'equal';
  try {
    return equalIn(subtract(a, b), { context, budget: { steps } }, MOST_SPLITS) ? 'equal' : 'different';
  } catch (error) {
    if (error instanceof StepLimitError) return 'undecided';
    throw error;
  }
}

const MOST_SPLITS = 3;

/**
 * Conditions on free indices that stand inside functions and denominators are settled case by case, each with a normal form of its
 * own; one budget is for all of them.
 */
function equalIn(difference: Expression, scope: Scope, splits: number): boolean {
  const { context } = scope;
  if (vanishes(normalizeWithin(difference, scope), scope, MOST_CASES)) return true;
  const split = splits === 0 ? null : nestedCondition(difference, context);
  if (split === null) return false;
  const { value, relation } = split;
  const below = addAffine(integer(-1), value, -1);
  const cases = relation === '>=' ? [[value], [below]] : [[value, scaleAffine(value, -1)], [addAffine(value, integer(-1))], [below]];
  return cases.every((assumptions) => assumptions.some((a) => decideAtLeast(a, context) === false)
    || equalIn(difference, { ...scope, context: assumptions.reduce(withAssumption, context) }, splits - 1));
}

/** An index condition below a function, a power or a comparison, on indices that are free in e, which the context does not decide. */
function nestedCondition(e: Expression, context: Context): FreeCondition | null {
  let found: FreeCondition | null = null;
  const look = (x: Expression, bound: ReadonlySet<string>, nested: boolean): void => {
    if (found !== null) return;
    const tests = x.kind === 'bracket' ? [x.test] : x.kind === 'piecewise' ? x.branches.map((b) => b.when) : [];
    for (const { value, relation } of nested ? tests.flatMap(indexTests) : []) {
      const open = relation === '=' ? decideEqual(value, context) : decideAtLeast(value, context);
      if (open === null && !affineIndices(value).some((name) => bound.has(name))) found ??= { value, relation };
    }
    const inner = isBinder(x) ? new Set([...bound, x.index]) : bound;
    const below = nested || x.kind === 'call' || x.kind === 'power' || x.kind === 'product' || x.kind === 'argmax';
    for (const child of children(x)) look(child, inner, below);
  };
  look(e, new Set(), false);
  return found;
}

function indexTests(test: Test): readonly FreeCondition[] {
  switch (test.kind) {
    case 'index': return [test];
    case 'compare': return [];
    case 'and': case 'or': return test.tests.flatMap(indexTests);
    case 'not': return indexTests(test.test);
  }
}

const MOST_CASES = 6;
const MOST_ROUNDS = 4;

function vanishes(p: Polynomial, scope: Scope, cases: number): boolean {
  if (isZeroPolynomial(p)) return true;
  const cleared = clearDenominators(p, scope);
  if (isZeroPolynomial(cleared) || vanishesByDomains(cleared, scope)) return true;
  return cases > 0 && vanishesByCases(p, scope, cases);
}

const MOST_DOMAIN_CASES = 8;

/**
 * Sums over pieces of a domain: monomials that differ in their inequalities alone add up to Σ (Σ_k c_k [P_k]) · f, which
 * vanishes when the weighted conditions do at every point.
 */
function vanishesByDomains(p: Polynomial, scope: Scope): boolean {
  const groups = new Map<string, Piece[]>();
  for (const m of p.monomials) {
    const key = monomialKey({ ...m, inequalities: [] });
    const piece: Piece = { coefficient: m.coefficient, inequalities: m.inequalities };
    groups.set(key, [...(groups.get(key) ?? []), piece]);
  }
  return [...groups.values()].every((pieces) => pieces.length > 1 && piecesVanish(pieces, scope, MOST_DOMAIN_CASES));
}

interface Piece {
  readonly coefficient: Q.Rational;
  readonly inequalities: readonly Affine[];
}

function piecesVanish(pieces: readonly Piece[], scope: Scope, cases: number): boolean {
  spend(scope.budget);
  const left = pieces.flatMap((piece): Piece[] => {
    const inequalities = tighten(piece.inequalities, scope.context);
    return inequalities === null ? [] : [{ ...piece, inequalities }];
  });
  const condition = left.find((piece) => piece.inequalities.length > 0)?.inequalities[0];
  if (condition === undefined) return Q.isZero(left.reduce((sum, piece) => Q.add(sum, piece.coefficient), Q.ZERO));
  if (cases === 0) return false;
  return [condition, addAffine(integer(-1), condition, -1)].every((assumption) =>
    decideAtLeast(assumption, scope.context) === false
    || piecesVanish(left, { ...scope, context: withAssumption(scope.context, assumption) }, cases - 1));
}

/** Multiplies by sums that stand in denominators: S ≠ 0 wherever S^(-1) means anything. */
function clearDenominators(p: Polynomial, scope: Scope): Polynomial {
  let current = p;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const denominator = denominatorOf(current);
    if (denominator === null) return current;
    const { atom, exponent } = denominator;
    if (atom.kind !== 'base') return current;
    const factor = powerPolynomial(atom.base, Q.rational(exponent), scope);
    const raised = current.monomials.map((m): Monomial => withFactor(m, { ...denominator, exponent: Q.rational(exponent) }));
    const cleared: Monomial[] = [];
    for (const [n, m] of raised.entries()) {
      const original = current.monomials[n];
      const has = original?.factors.has(denominator.key) ?? false;
      if (has) cleared.push(...finish([m], scope));
      else if (original !== undefined) cleared.push(...multiplyPolynomials(polynomial([original]), factor, scope).monomials);
    }
    current = polynomial(cleared);
  }
  return current;
}

interface Denominator extends Omit<Factor, 'exponent'> {
  readonly exponent: bigint;
}

/** A sum with a negative power that no summed variable of its monomial enters, with the whole power that clears it everywhere. */
function denominatorOf(p: Polynomial): Denominator | null {
  for (const m of p.monomials) {
    for (const f of m.factors.values()) {
      if (f.atom.kind !== 'base' || Q.sign(f.exponent) >= 0) continue;
      const names = new Set(variablesOfAtom(f.atom));
      if (m.bound.some((name) => names.has(name))) continue;
      const lowest = p.monomials.map((x) => x.factors.get(f.key)?.exponent ?? Q.ZERO).reduce((a, b) => (Q.compare(b, a) < 0 ? b : a));
      return { atom: f.atom, key: f.key, exponent: -Q.floor(lowest) };
    }
  }
  return null;
}

/** Splits on a condition on free indices: p vanishes if it does in every case. */
function vanishesByCases(p: Polynomial, scope: Scope, cases: number): boolean {
  const split = freeCondition(p);
  if (split === null) return false;
  const { value, relation } = split;
  const below = addAffine(integer(-1), value, -1); // value ≤ -1
  const within = (assumption: Affine): boolean => {
    // A case that can't occur asks for nothing.
    if (decideAtLeast(assumption, scope.context) === false) return true;
    const narrowed: Scope = { ...scope, context: withAssumption(scope.context, assumption) };
    return vanishes(polynomial(finish(p.monomials, narrowed)), narrowed, cases - 1);
  };
  if (relation === '>=') return within(value) && within(below);
  const above = addAffine(value, integer(-1));
  return within(above) && within(below) && vanishesWhere(p, value, scope, cases - 1);
}

/** The case value = 0: solved for one of its indices, which is replaced. */
function vanishesWhere(p: Polynomial, value: Affine, scope: Scope, cases: number): boolean {
  for (const name of freeOfPolynomial(p)) {
    const solution = solveFor(value, name);
    if (solution === null) continue;
    const range = scope.context.ranges.get(name);
    let context = scope.context;
    if (range !== undefined) {
      // The replaced index's range is now a fact about the others.
      context = withAssumption(context, addAffine(solution, range.lo, -1));
      context = withAssumption(context, addAffine(range.hi, solution, -1));
    }
    const narrowed: Scope = { ...scope, context };
    const replaced = p.monomials.flatMap((m) => substituteMonomial(m, new Map([[name, solution]])));
    return vanishes(polynomial(finish(replaced, narrowed)), narrowed, cases);
  }
  return false;
}

interface FreeCondition {
  readonly value: Affine;
  readonly relation: '=' | '>=';
}

function freeCondition(p: Polynomial): FreeCondition | null {
  for (const m of p.monomials) {
    const free = (a: Affine): boolean => a.terms.every((t) => t.symbol.kind === 'size' || !m.bound.includes(t.symbol.name));
    const equality = m.equalities.find(free);
    if (equality !== undefined) return { value: equality, relation: '=' };
    const inequality = m.inequalities.find(free);
    if (inequality !== undefined) return { value: inequality, relation: '>=' };
  }
  return null;
}
