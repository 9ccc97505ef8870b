// What is known of index variables (ranges, conditions) and what follows: is an affine expression never negative?
// Sizes are positive integers, and stay symbolic.

import { addAffine, type Affine, type AffineTerm, coefficientOf, constantOf, type Range, sameSymbol, subtractAffine } from './affine.ts';

/** Ranges of the index variables in scope, and affine expressions known to be ≥ 0. */
export interface Context {
  readonly ranges: ReadonlyMap<string, Range>;
  readonly assumptions: readonly Affine[];
}

export const emptyContext: Context = { ranges: new Map(), assumptions: [] };

export const withRange = (context: Context, name: string, range: Range): Context =>
  ({ ...context, ranges: new Map([...context.ranges, [name, range]]) });

export const withAssumption = (context: Context, nonNegative: Affine): Context =>
  ({ ...context, assumptions: [...context.assumptions, nonNegative] });

const MOST_STEPS = 64;

/** Whether value ≥ 0 follows from the context for all positive sizes. False means: not shown. */
export function provablyNonNegative(value: Affine, context: Context): boolean {
  return lowerBoundHolds(value, context, MOST_STEPS)
    || context.assumptions.some((known) => lowerBoundHolds(subtractAffine(value, known), context, MOST_STEPS));
}

/** Puts the extreme value of one index variable after the other until only sizes are left. */
function lowerBoundHolds(value: Affine, context: Context, steps: number): boolean {
  if (steps === 0) return false;
  const indices = value.terms.filter((t) => t.symbol.kind === 'index');
  if (indices.length === 0) return sizesHold(value);
  const extremes = indices.map((t) => ({ term: t, value: extremeOf(t, context) }));
  // Ranges that mention no other index can be put in at once, in any order.
  if (extremes.every((e) => e.value === null || e.value.terms.every((t) => t.symbol.kind === 'size'))) {
    if (extremes.some((e) => e.value === null)) return false;
    return sizesHold(extremes.reduce((bound, e) => (e.value === null ? bound : substituteTerm(bound, e.term, e.value)), value));
  }
  // Any order of elimination gives a valid bound; try each variable first, since ranges may mention other variables.
  return extremes.some((e) => e.value !== null && lowerBoundHolds(substituteTerm(value, e.term, e.value), context, steps - 1));
}

/** The end of the variable's range at which its term is least; null where no range is known, or it is its own bound. */
function extremeOf(term: AffineTerm, context: Context): Affine | null {
  if (term.symbol.kind !== 'index') return null;
  const range = context.ranges.get(term.symbol.name);
  if (range === undefined) return null;
  const extreme = term.coefficient > 0 ? range.lo : range.hi;
  return coefficientOf(extreme, term.symbol) === 0 ? extreme : null;
}

const substituteTerm = (value: Affine, term: AffineTerm, by: Affine): Affine =>
  addAffine({ ...value, terms: value.terms.filter((t) => t !== term && !sameSymbol(t.symbol, term.symbol)) }, by, term.coefficient);

/** Sizes are at least 1. */
function sizesHold(value: Affine): boolean {
  let least = value.constant;
  for (const term of value.terms) {
    if (term.coefficient < 0) return false;
    least += term.coefficient;
  }
  return least >= 0;
}

/** Whether value = 0, ≠ 0 or neither follows from the context. */
export function decideEqual(value: Affine, context: Context): boolean | null {
  const constant = constantOf(value);
  if (constant !== null) return constant === 0;
  const shifted = addAffine(value, { terms: [], constant: -1 });
  const negated = subtractAffine({ terms: [], constant: -1 }, value);
  if (provablyNonNegative(shifted, context) || provablyNonNegative(negated, context)) return false;
  return null;
}

/** Whether value ≥ 0 holds, fails, or neither follows from the context. */
export function decideAtLeast(value: Affine, context: Context): boolean | null {
  if (provablyNonNegative(value, context)) return true;
  return provablyNonNegative(subtractAffine({ terms: [], constant: -1 }, value), context) ? false : null;
}
