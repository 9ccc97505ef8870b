// What is known of index variables (ranges, conditions) and what follows: is an affine expression never negative?
// Sizes are positive integers, and stay symbolic.

import { addAffine, type Affine, coefficientOf, constantOf, type Range, subtractAffine } from './affine.ts';

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

/** Puts the extreme value of one index variable after the other, inner ranges first, until only sizes are left. */
function lowerBoundHolds(value: Affine, context: Context, steps: number): boolean {
  if (steps === 0) return false;
  const constant = constantOf(value);
  if (constant !== null) return constant >= 0;
  const indices = value.terms.filter((t) => t.symbol.kind === 'index');
  if (indices.length === 0) {
    let least = value.constant;
    for (const term of value.terms) {
      if (term.coefficient < 0) return false;
      least += term.coefficient;
    }
    return least >= 0;
  }
  // Any order of elimination gives a valid bound; try each variable first, since ranges may mention other variables.
  return indices.some((term) => {
    if (term.symbol.kind !== 'index') return false;
    const range = context.ranges.get(term.symbol.name);
    if (range === undefined) return false;
    const extreme = term.coefficient > 0 ? range.lo : range.hi;
    if (coefficientOf(extreme, term.symbol) !== 0) return false;
    const without: Affine = { ...value, terms: value.terms.filter((t) => t !== term) };
    return lowerBoundHolds(addAffine(without, extreme, term.coefficient), context, steps - 1);
  });
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
