// Affine integer expressions over index variables and sizes: 2*t + s - 1, n - 1. They index tensors, bound sums and stand in conditions.

import { type Layer, sameLayer, showLayer } from './layer.ts';

/** An index variable (by its unique name) or the symbolic size of an axis (a positive integer). */
export type AffineSymbol =
  | { readonly kind: 'index'; readonly name: string }
  | { readonly kind: 'size'; readonly name: string; readonly layer: Layer | null };

export interface AffineTerm {
  readonly symbol: AffineSymbol;
  /** A non-zero integer. */
  readonly coefficient: number;
}

/** constant + Σ coefficient · symbol; terms sorted by symbolKey, each symbol once. */
export interface Affine {
  readonly terms: readonly AffineTerm[];
  readonly constant: number;
}

/** An inclusive range of integers. */
export interface Range {
  readonly lo: Affine;
  readonly hi: Affine;
}

/** One string for one symbol; an index sorts before a size. */
export const symbolKey = (s: AffineSymbol): string =>
  s.kind === 'index' ? `i:${s.name}` : `n:${s.name}@${showLayer(s.layer)}`;

export const sameSymbol = (a: AffineSymbol, b: AffineSymbol): boolean =>
  a.kind === 'index' ? b.kind === 'index' && a.name === b.name
    : b.kind === 'size' && a.name === b.name && sameLayer(a.layer, b.layer);

export const integer = (constant: number): Affine => ({ terms: [], constant });
export const index = (name: string): Affine => fromSymbol({ kind: 'index', name });
export const size = (name: string, layer: Layer | null = null): Affine => fromSymbol({ kind: 'size', name, layer });
export const fromSymbol = (symbol: AffineSymbol): Affine => ({ terms: [{ symbol, coefficient: 1 }], constant: 0 });

/** a + factor·b. */
export function addAffine(a: Affine, b: Affine, factor = 1): Affine {
  if (b.terms.length === 0) return { terms: a.terms, constant: a.constant + factor * b.constant };
  // Both lists are sorted: they are merged.
  const terms: AffineTerm[] = [];
  let at = 0;
  for (const { symbol, coefficient } of b.terms) {
    let term = a.terms[at];
    let order = term === undefined ? 1 : compareSymbols(term.symbol, symbol);
    while (term !== undefined && order < 0) {
      terms.push(term);
      at += 1;
      term = a.terms[at];
      order = term === undefined ? 1 : compareSymbols(term.symbol, symbol);
    }
    const own = term === undefined || order > 0 ? 0 : term.coefficient;
    if (order === 0) at += 1;
    const sum = own + factor * coefficient;
    if (sum !== 0) terms.push({ symbol, coefficient: sum });
  }
  for (let rest = a.terms[at]; rest !== undefined; rest = a.terms[at]) {
    terms.push(rest);
    at += 1;
  }
  return { terms, constant: a.constant + factor * b.constant };
}

/** The order of the symbols' keys; those of two indices need not be written. */
function compareSymbols(a: AffineSymbol, b: AffineSymbol): number {
  if (a.kind === 'index' && b.kind === 'index') return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
  if (a.kind !== b.kind) return a.kind === 'index' ? -1 : 1;
  if (a === b) return 0;
  const [x, y] = [symbolKey(a), symbolKey(b)];
  return x === y ? 0 : x < y ? -1 : 1;
}

export const subtractAffine = (a: Affine, b: Affine): Affine => addAffine(a, b, -1);
export const scaleAffine = (a: Affine, factor: number): Affine => addAffine(integer(0), a, factor);

export const affineKey = (a: Affine): string =>
  `${a.terms.map((t) => `${String(t.coefficient)}*${symbolKey(t.symbol)}`).join('+')}+${String(a.constant)}`;

export const sameAffine = (a: Affine, b: Affine): boolean =>
  a.constant === b.constant && a.terms.length === b.terms.length &&
  a.terms.every((t, n) => {
    const other = b.terms[n];
    return other?.coefficient === t.coefficient && sameSymbol(other.symbol, t.symbol);
  });

/** The constant itself when the expression has no symbol, else null. */
export const constantOf = (a: Affine): number | null => (a.terms.length === 0 ? a.constant : null);

/** The name of the index variable when the expression is exactly that variable, else null. */
export function plainIndex(a: Affine): string | null {
  const [term] = a.terms;
  return a.terms.length === 1 && a.constant === 0 && term?.coefficient === 1 && term.symbol.kind === 'index'
    ? term.symbol.name : null;
}

/** The coefficient of a symbol, 0 when it does not occur. */
export const coefficientOf = (a: Affine, symbol: AffineSymbol): number =>
  a.terms.find((t) => sameSymbol(t.symbol, symbol))?.coefficient ?? 0;

export const affineIndices = (a: Affine): readonly string[] =>
  a.terms.flatMap((t) => (t.symbol.kind === 'index' ? [t.symbol.name] : []));

/** Replaces symbols; `to` returns null for a symbol that stays. */
export function substituteAffine(a: Affine, to: (symbol: AffineSymbol) => Affine | null): Affine {
  let result: Affine = integer(a.constant);
  let changed = false;
  for (const term of a.terms) {
    const replacement = to(term.symbol);
    if (replacement !== null) changed = true;
    result = addAffine(result, replacement ?? fromSymbol(term.symbol), term.coefficient);
  }
  return changed ? result : a;
}

/** Whether a range lies in another for all sizes, as far as their ends differ by whole numbers. */
export function isWithin(inner: Range, outer: Range): boolean {
  const low = subtractAffine(inner.lo, outer.lo);
  const high = subtractAffine(outer.hi, inner.hi);
  return [low, high].every((d) => d.terms.length === 0 && d.constant >= 0);
}
