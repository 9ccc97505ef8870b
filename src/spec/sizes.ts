// Values of sizes: given, or following from what a layer is bound to; and sizes that must be equal become one.

import { type Affine, type AffineSymbol, constantOf, integer, type Range, scaleAffine, size, subtractAffine, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { substituteSymbols } from '../algebra/traverse.ts';
import type { Assumption, Axis, Declaration, Equation } from './network.ts';

export const LARGEST_SIZE = 1_000_000;

/** The value of an affine expression of sizes, or null where one of them has none. */
export function sizeValue(a: Affine, values: ReadonlyMap<string, number>): number | null {
  return constantOf(substituteAffine(a, (s) => {
    const value = values.get(symbolKey(s));
    return value === undefined ? null : integer(value);
  }));
}

/** The one size without a value in left = right, solved for; null when there is not exactly one, or no whole number. */
export function solveOne(left: Affine, right: Affine, values: ReadonlyMap<string, number>): { symbol: AffineSymbol; value: number } | null {
  const rest = substituteAffine(subtractAffine(left, right), (s) => {
    const value = values.get(symbolKey(s));
    return value === undefined ? null : integer(value);
  });
  const [term] = rest.terms;
  if (term === undefined || rest.terms.length !== 1) return null;
  const value = -rest.constant / term.coefficient;
  return Number.isInteger(value) ? { symbol: term.symbol, value } : null;
}

/** Sizes in terms of others, from equations left = right that hold for the values of the network. */
export type Unifier = (a: AffineSymbol) => Affine | null;

/** The unifier, and the symbolKeys of the sizes that it writes by others. */
export interface Unified {
  readonly to: Unifier;
  readonly written: ReadonlySet<string>;
}

/** Null when nothing is to be unified. */
export function unify(equalities: readonly { readonly left: Affine; readonly right: Affine }[]): Unified | null {
  const known = new Map<string, Affine>();
  const resolve = (a: Affine): Affine => substituteAffine(a, (s) => known.get(symbolKey(s)) ?? null);
  for (const { left, right } of equalities) {
    const difference = resolve(subtractAffine(left, right));
    // The size of the highest layer is written by those below it.
    const term = [...difference.terms].filter((t) => Math.abs(t.coefficient) === 1).sort((a, b) => layerOf(b.symbol) - layerOf(a.symbol))[0];
    if (term === undefined) continue;
    const rest: Affine = { ...difference, terms: difference.terms.filter((t) => t !== term) };
    const value = scaleAffine(rest, -term.coefficient);
    for (const [key, older] of known) {
      known.set(key, substituteAffine(older, (s) => (symbolKey(s) === symbolKey(term.symbol) ? value : null)));
    }
    known.set(symbolKey(term.symbol), value);
  }
  const to: Unifier = (s) => (s.kind === 'size' ? (known.get(symbolKey(s)) ?? null) : null);
  return known.size === 0 ? null : { to, written: new Set(known.keys()) };
}

const layerOf = (s: AffineSymbol): number => (s.kind === 'size' && s.layer !== null ? s.layer.offset : -1);

const unifyRange = ({ lo, hi }: Range, unifier: Unifier): Range => ({ lo: substituteAffine(lo, unifier), hi: substituteAffine(hi, unifier) });

export const unifyAxes = (axes: readonly Axis[], unifier: Unifier): readonly Axis[] =>
  axes.map(({ index, range }) => ({ index, range: unifyRange(range, unifier) }));

export const unifyDeclaration = (d: Declaration, unifier: Unifier): Declaration => ({
  ...d, axes: unifyAxes(d.axes, unifier), ...(d.integer === undefined ? {} : { integer: unifyRange(d.integer, unifier) }),
});

export const unifyEquation = (e: Equation, unifier: Unifier): Equation =>
  ({ ...e, axes: unifyAxes(e.axes, unifier), value: substituteSymbols(e.value, unifier) });

export const unifyAssumption = (a: Assumption, unifier: Unifier): Assumption =>
  ({ ...a, axes: unifyAxes(a.axes, unifier), left: substituteSymbols(a.left, unifier), right: substituteSymbols(a.right, unifier) });

/** The size of an axis of the network's inputs, as long as no layer has named it. */
export function inputSize(input: string, axis: number, axes: number, inputs: number): Affine {
  if (inputs === 1 && axes === 1) return size('inputs');
  return size(axes === 1 ? `inputs_${input}` : `inputs_${input}_${axis + 1}`);
}

