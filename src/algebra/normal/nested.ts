// What a monomial's own conditions say is known inside its functions and denominators, too: [t ≥ 2] · exp([t ≥ 2] u) is
// [t ≥ 2] · exp(u).

import { affineIndices } from '../affine.ts';
import { withAssumption } from '../bounds.ts';
import * as Q from '../rational.ts';
import { canonicalMonomials } from './canonical.ts';
import { tighten } from './conditions.ts';
import { type Atom, constantMonomial, type Factor, factor, isZeroPolynomial, type Monomial, type Polynomial, polynomial } from './polynomial.ts';
import { multiplyMonomials, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

/** p^exponent, from the arithmetic above this file. */
type Power = (p: Polynomial, exponent: Q.Rational, scope: Scope) => Polynomial;

/** The monomials that m becomes, to be finished again; null where its conditions change nothing. */
export function underOwnConditions(m: Monomial, scope: Scope, power: Power): readonly Monomial[] | null {
  if (m.inequalities.length === 0 || ![...m.factors.values()].some((f) => nestedIn(f.atom).some(holdsConditions))) return null;
  return withFactorsUnder(m, { ...scope, context: m.inequalities.reduce(withAssumption, scope.context) }, power);
}

/** m with what is known put into its factors; null where nothing changes. */
function withFactorsUnder(m: Monomial, known: Scope, power: Power): readonly Monomial[] | null {
  let results: readonly Monomial[] = [{ ...m, factors: new Map() }];
  let changed = false;
  for (const f of m.factors.values()) {
    const replaced = simplified(f, known, power);
    if (replaced === null) results = results.map((r) => withFactor(r, f));
    else {
      changed = true;
      results = results.flatMap((r) => replaced.monomials.flatMap((x) => multiplyMonomials(r, x)));
    }
  }
  return changed ? results : null;
}

/** The factor with its nested conditions settled; null where nothing changes. */
function simplified(f: Factor, scope: Scope, power: Power): Polynomial | null {
  const { atom, exponent } = f;
  switch (atom.kind) {
    case 'exp': {
      const argument = settle(atom.argument, scope, power);
      if (argument === null) return null;
      return product(argument.monomials.map((m) =>
        factor({ kind: 'exp', argument: polynomial([{ ...m, coefficient: Q.ONE }]) }, Q.multiply(exponent, m.coefficient))));
    }
    case 'call': {
      const argument = settle(atom.argument, scope, power);
      return argument === null ? null : product([factor({ ...atom, argument }, exponent)]);
    }
    case 'base': {
      const base = settle(atom.base, scope, power);
      return base === null || isZeroPolynomial(base) ? null : power(base, exponent, scope);
    }
    case 'positive': case 'zero': case 'product': case 'argmax':
    case 'ref': case 'symbol': case 'integer': case 'pi': case 'prime': return null;
  }
}

const product = (factors: readonly Factor[]): Polynomial =>
  polynomial([factors.reduce<Monomial>((m, f) => withFactor(m, f), constantMonomial(Q.ONE))]);

/** A nested polynomial under what is known outside; null where nothing changes. */
function settle(p: Polynomial, scope: Scope, power: Power): Polynomial | null {
  const settled = p.monomials.map((m) => settleMonomial(m, scope, power));
  return settled.every((s) => s === null) ? null : polynomial(settled.flatMap((s, n) => s ?? p.monomials.slice(n, n + 1)));
}

function settleMonomial(m: Monomial, scope: Scope, power: Power): readonly Monomial[] | null {
  const inequalities = m.inequalities.length === 0 ? m.inequalities : tighten(m.inequalities, scope.context);
  if (inequalities === null) return [];
  const kept = withRanges(m, inequalities);
  const inner = withFactorsUnder(m, { ...scope, context: kept.reduce(withAssumption, scope.context) }, power);
  if (kept.length === m.inequalities.length && inner === null) return null;
  return (inner ?? [m]).flatMap((x) => canonicalMonomials({ ...x, inequalities: kept }, scope.context, scope.budget));
}

/** Conditions on summed variables stay: they are the ranges of the sums. */
const withRanges = (m: Monomial, left: readonly Monomial['inequalities'][number][]): Monomial['inequalities'] =>
  m.inequalities.filter((a) => left.includes(a) || affineIndices(a).some((name) => m.bound.includes(name)));

function nestedIn(atom: Atom): readonly Polynomial[] {
  switch (atom.kind) {
    case 'exp': case 'call': return [atom.argument];
    case 'base': return [atom.base];
    case 'positive': case 'zero': return [atom.value];
    case 'product': case 'argmax': return [atom.body];
    case 'ref': case 'symbol': case 'integer': case 'pi': case 'prime': return [];
  }
}

const conditional = new WeakMap<Polynomial, boolean>();

/** Whether a condition that is no range of a sum stands in it, however deep. */
function holdsConditions(p: Polynomial): boolean {
  let known = conditional.get(p);
  if (known === undefined) {
    known = p.monomials.some((m) => m.inequalities.some((a) => !affineIndices(a).some((name) => m.bound.includes(name)))
      || [...m.factors.values()].some((f) => nestedIn(f.atom).some(holdsConditions)));
    conditional.set(p, known);
  }
  return known;
}
