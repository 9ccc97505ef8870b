// Sums of products in which an index moves along an axis as a summed one grows: correlations, x_{l+s-1} W_s, where it
// rises, and convolutions, δ_{p-s+1} W_s, where it falls. Found by the shapes of the indices alone.

import { type Affine, affineIndices, affineKey, plainIndex } from '../algebra/affine.ts';
import { type Expression, isBinder, type Reference } from '../algebra/expression.ts';
import { children } from '../algebra/traverse.ts';

export interface Correlation {
  readonly kind: 'correlation' | 'convolution';
  /** The summed index. */
  readonly over: string;
  /** What moves as it grows: l + s - 1. */
  readonly place: Affine;
  /** By how much for each step. */
  readonly stride: number;
}

/** Each correlation of a formula once. */
export function correlationsIn(e: Expression): readonly Correlation[] {
  const found = correlations(e, []);
  return found.filter((c, n) => found.findIndex((d) => d.over === c.over && affineKey(d.place) === affineKey(c.place)) === n);
}

function correlations(e: Expression, bound: readonly string[]): readonly Correlation[] {
  if (isBinder(e)) return correlations(e.body, e.kind === 'sum' ? [...bound, e.index] : bound);
  const entries = e.kind === 'multiply' ? entriesOf(e) : [];
  const here = entries.flatMap((entry) => entry.indices.flatMap((place): readonly Correlation[] => {
    const names = affineIndices(place);
    const over = names.find((name) => bound.includes(name) && entries.some((other) => other !== entry && other.indices.some((a) => plainIndex(a) === name)));
    if (names.length !== 2 || over === undefined) return [];
    const [step = 0, along = 0] = [over, names.find((name) => name !== over)].map((name) => place.terms.find((t) => t.symbol.name === name)?.coefficient);
    return [{ kind: step * along > 0 ? 'correlation' : 'convolution', over, place, stride: Math.abs(step) }];
  }));
  const below = e.kind === 'multiply' ? e.factors.filter((f) => f.kind !== 'ref') : children(e);
  return [...here, ...below.flatMap((child) => correlations(child, bound))];
}

/** The entries that a product multiplies, those below sums within it too. */
function entriesOf(e: Expression): readonly Reference[] {
  if (e.kind === 'ref') return [e];
  return e.kind === 'multiply' ? e.factors.flatMap(entriesOf) : e.kind === 'sum' ? entriesOf(e.body) : [];
}
