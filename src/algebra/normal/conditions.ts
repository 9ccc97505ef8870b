// The affine conditions of one monomial: solved where they fix a summed variable, tightened, and stripped of what follows
// from the others.

import {
  addAffine, type Affine, affineIndices, type AffineSymbol, affineKey, coefficientOf, constantOf, index, integer, scaleAffine, subtractAffine, substituteAffine,
} from '../affine.ts';
import { type Context, provablyNonNegative } from '../bounds.ts';
import type { Monomial } from './polynomial.ts';
import { substituteMonomial } from './rename.ts';

function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

const contentOf = (a: Affine): number => a.terms.reduce((g, t) => gcd(g, t.coefficient), 0);

/** Solves value = 0 for a variable with coefficient ±1. */
export function solveFor(value: Affine, name: string): Affine | null {
  const coefficient = coefficientOf(value, { kind: 'index', name });
  if (coefficient !== 1 && coefficient !== -1) return null;
  return scaleAffine(subtractAffine(value, scaleAffine(index(name), coefficient)), -coefficient);
}

/** Eliminates summed variables that an equality fixes. */
export function solveEqualities(m: Monomial): readonly Monomial[] {
  for (const [at, equality] of m.equalities.entries()) {
    for (const name of m.bound) {
      const solution = solveFor(equality, name);
      if (solution === null) continue;
      const rest: Monomial = {
        ...m,
        bound: m.bound.filter((b) => b !== name),
        equalities: m.equalities.filter((_, n) => n !== at),
      };
      return substituteMonomial(rest, new Map([[name, solution]])).flatMap(solveEqualities);
    }
  }
  return [m];
}

/**
 * What remains of equalities: those on free variables are brought to one echelon form over the integers and solved for
 * their greatest variable, which is replaced everywhere else, so that [p = q] f(p) and [p = q] f(q) are written alike.
 * Null when one can't hold.
 */
export function settleEqualities(m: Monomial): readonly Monomial[] | null {
  const summed = (a: Affine): boolean => affineIndices(a).some((name) => m.bound.includes(name));
  const free = echelon(m.equalities.filter((a) => !summed(a)));
  if (free === null) return null;
  const to = new Map(free.flatMap((a): [string, Affine][] => {
    const name = greatestIndex(a);
    const solution = name === null ? null : solveFor(a, name);
    return name === null || solution === null ? [] : [[name, solution]];
  }));
  const replaced = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? (to.get(s.name) ?? null) : null));
  const others = m.equalities.filter(summed).map((a) => normalEquality(replaced(a)));
  if (others.includes(null)) return null;
  const kept = unique([...free, ...others.flatMap((a) => (a === null || constantOf(a) === 0 ? [] : [a]))]);
  return substituteMonomial({ ...m, equalities: [] }, to).map((r) => ({ ...r, equalities: kept }));
}

const greatestIndex = (a: Affine): string | null => [...affineIndices(a)].sort().at(-1) ?? null;

/** Integer row echelon form, greatest index first, entries above a pivot reduced; null for a contradiction. */
function echelon(equalities: readonly Affine[]): readonly Affine[] | null {
  let rows: Affine[] = [...equalities];
  const names = [...new Set(equalities.flatMap(affineIndices))].sort().reverse();
  const done: { readonly row: Affine; readonly symbol: AffineSymbol }[] = [];
  for (const name of names) {
    const symbol: AffineSymbol = { kind: 'index', name };
    // Euclid on the rows until one holds the variable.
    for (;;) {
      const holding = rows.filter((r) => coefficientOf(r, symbol) !== 0)
        .sort((a, b) => Math.abs(coefficientOf(a, symbol)) - Math.abs(coefficientOf(b, symbol)));
      const [pivot, next] = holding;
      if (pivot === undefined) break;
      if (next === undefined) {
        rows = rows.filter((r) => r !== pivot);
        const normal = normalEquality(pivot);
        if (normal === null) return null;
        done.push({ row: coefficientOf(normal, symbol) < 0 ? scaleAffine(normal, -1) : normal, symbol });
        break;
      }
      const factor = Math.trunc(coefficientOf(next, symbol) / coefficientOf(pivot, symbol));
      rows = rows.map((r) => (r === next ? addAffine(r, pivot, -factor) : r));
    }
  }
  // What is left mentions sizes alone: true, false, or a condition on sizes.
  const sizes = rows.map(normalEquality);
  if (sizes.includes(null)) return null;
  const reduced = done.map(({ row }, n) => done.slice(n + 1).reduce((r, later) => {
    const pivot = coefficientOf(later.row, later.symbol);
    return addAffine(r, later.row, -Math.floor(coefficientOf(r, later.symbol) / pivot));
  }, row));
  return [...reduced, ...sizes.flatMap((a) => (a === null || constantOf(a) === 0 ? [] : [a]))];
}

/** Equalities in their normal form after a renaming (their signs depend on the order of names). */
export const renormalised = (equalities: readonly Affine[]): readonly Affine[] => unique(equalities.map((a) => normalEquality(a) ?? a));

/** Divided by the greatest common divisor, first coefficient positive; null when no integers satisfy it. */
function normalEquality(a: Affine): Affine | null {
  const g = contentOf(a);
  if (g === 0) return a.constant === 0 ? integer(0) : null;
  const indices = a.terms.filter((t) => t.symbol.kind === 'index');
  // Sizes are integers too, so a constant that the common divisor does not divide can't be met.
  if (a.constant % g !== 0) return null;
  const first = (indices[0] ?? a.terms[0])?.coefficient ?? 1;
  const factor = first < 0 ? -g : g;
  return { terms: a.terms.map((t) => ({ symbol: t.symbol, coefficient: t.coefficient / factor })), constant: a.constant / factor + 0 };
}

/**
 * Inequalities divided by their common divisor and tightened, without those that the context or another one implies.
 * Null when one can't hold.
 */
export function tighten(inequalities: readonly Affine[], context: Context): readonly Affine[] | null {
  const tightened: Affine[] = [];
  for (const a of inequalities) {
    const g = contentOf(a);
    const normal: Affine = g <= 1 ? a : {
      terms: a.terms.map((t) => ({ symbol: t.symbol, coefficient: t.coefficient / g })), constant: Math.floor(a.constant / g),
    };
    const impossible = subtractAffine(integer(-1), normal);
    if (provablyNonNegative(impossible, context)) return null;
    if (!provablyNonNegative(normal, context)) tightened.push(normal);
  }
  // Longer conditions are dropped first, so that what stays is the same whatever order they came in.
  const ordered = unique(tightened).sort((a, b) => b.terms.length - a.terms.length || (affineKey(a) < affineKey(b) ? 1 : -1));
  const kept = new Set(ordered);
  for (const a of ordered) {
    const others = [...kept].filter((o) => o !== a);
    if (others.some((o) => provablyNonNegative(subtractAffine(a, o), context))) kept.delete(a);
    else if (others.some((o) => provablyNonNegative(subtractAffine(integer(-1), addAffine(a, o)), context))) return null;
    else if (impliedByPair(a, others, context)) kept.delete(a);
  }
  return [...kept];
}

/** Whether a ≥ 0 follows from the sum of two of the others. */
const impliedByPair = (a: Affine, others: readonly Affine[], context: Context): boolean =>
  others.some((o, n) => others.slice(n + 1).some((p) => provablyNonNegative(subtractAffine(a, addAffine(o, p)), context)));

function unique(items: readonly Affine[]): Affine[] {
  return [...new Map(items.map((a) => [affineKey(a), a])).values()];
}

