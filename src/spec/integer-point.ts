// Is there a whole-number point where all of some affine expressions are ≥ 0? Fourier–Motzkin elimination says when
// there is none; otherwise a point is built backwards, variable by variable. Both within a stated number of steps.

import { addAffine, type Affine, affineKey, type AffineSymbol, coefficientOf, constantOf, substituteAffine, symbolKey } from '../algebra/affine.ts';

export type Search =
  | { readonly kind: 'none' }
  | { readonly kind: 'point'; readonly values: ReadonlyMap<string, number> }
  /** There is a point of rational numbers, and no whole one near it; or the limits were reached. */
  | { readonly kind: 'unknown' };

const MOST_CONSTRAINTS = 2_000;
const MOST_TRIES = 2_000;
const LARGEST_COEFFICIENT = 2 ** 40;

/**
 * @param constraints expressions that must be ≥ 0
 * @param symbols all symbols in them, those to be chosen first at the front
 */
export function integerPoint(constraints: readonly Affine[], symbols: readonly AffineSymbol[]): Search {
  const stages: { symbol: AffineSymbol; constraints: readonly Affine[] }[] = [];
  let rest = distinct(constraints);
  for (const symbol of [...symbols].reverse()) {
    if (rest === null) return { kind: 'unknown' };
    stages.push({ symbol, constraints: rest.filter((c) => coefficientOf(c, symbol) !== 0) });
    rest = eliminate(rest, symbol);
  }
  if (rest === null) return { kind: 'unknown' };
  if (rest.some((c) => (constantOf(c) ?? 0) < 0)) return { kind: 'none' };
  return build(stages.reverse());
}

/** The projection along one symbol: every lower bound is below every upper bound. */
function eliminate(constraints: readonly Affine[], symbol: AffineSymbol): readonly Affine[] | null {
  const projected: Affine[] = constraints.filter((c) => coefficientOf(c, symbol) === 0);
  const lower = constraints.filter((c) => coefficientOf(c, symbol) > 0);
  const upper = constraints.filter((c) => coefficientOf(c, symbol) < 0);
  if (lower.length * upper.length > MOST_CONSTRAINTS) return null;
  for (const l of lower) {
    for (const u of upper) {
      const scaled = addAffine({ terms: [], constant: 0 }, l, -coefficientOf(u, symbol));
      projected.push(addAffine(scaled, u, coefficientOf(l, symbol)));
    }
  }
  return distinct(projected);
}

function distinct(constraints: readonly Affine[]): readonly Affine[] | null {
  const found = new Map<string, Affine>();
  for (const c of constraints) {
    const reduced = reduce(c);
    if (Math.abs(reduced.constant) > LARGEST_COEFFICIENT) return null;
    if (reduced.terms.some((t) => Math.abs(t.coefficient) > LARGEST_COEFFICIENT)) return null;
    if (reduced.terms.length > 0 || reduced.constant < 0) found.set(affineKey(reduced), reduced);
  }
  return found.size > MOST_CONSTRAINTS ? null : [...found.values()];
}

/** Divided by the gcd of the coefficients, the constant rounded down: 2x - 1 ≥ 0 says x - 1 ≥ 0 of whole numbers. */
function reduce(c: Affine): Affine {
  const g = c.terms.reduce((d, t) => gcd(d, Math.abs(t.coefficient)), 0);
  if (g <= 1) return c;
  return { terms: c.terms.map((t) => ({ ...t, coefficient: t.coefficient / g })), constant: Math.floor(c.constant / g) };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function build(stages: readonly { symbol: AffineSymbol; constraints: readonly Affine[] }[]): Search {
  const values = new Map<string, number>();
  let tries = 0;
  const choose = (n: number): boolean => {
    const stage = stages[n];
    if (stage === undefined) return true;
    let lo = Number.NEGATIVE_INFINITY;
    let hi = Number.POSITIVE_INFINITY;
    for (const constraint of stage.constraints) {
      const own = coefficientOf(constraint, stage.symbol);
      const others = substituteAffine(constraint, (s) => ({ terms: [], constant: s === stage.symbol || symbolKey(s) === symbolKey(stage.symbol) ? 0 : (values.get(symbolKey(s)) ?? 0) }));
      if (own > 0) lo = Math.max(lo, Math.ceil(-others.constant / own));
      else hi = Math.min(hi, Math.floor(others.constant / -own));
    }
    const first = lo === Number.NEGATIVE_INFINITY ? Math.min(hi, 1) : lo;
    for (let value = first; value <= Math.min(hi, first + 64); value += 1) {
      tries += 1;
      if (tries > MOST_TRIES) return false;
      values.set(symbolKey(stage.symbol), value);
      if (choose(n + 1)) return true;
    }
    return false;
  };
  return choose(0) ? { kind: 'point', values } : { kind: 'unknown' };
}
