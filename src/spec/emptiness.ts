// Can a range be empty for some sizes? Axes of tensors never are: a network with one that has no entries is refused.

import { type Range, subtractAffine } from '../algebra/affine.ts';
import { type Known, whereOutside } from './extent.ts';
import type { Names } from './meaning.ts';

/** A case in which the range is empty, such as `n = 1`; null when there is none. */
export function whereEmpty(range: Range, known: Known): string | null {
  if (hasEntry(range)) return null;
  // Most ranges need no conditions, of which there may be too many to look at.
  if (whereOutside(range.lo, range, { ...known, conditions: [] }).kind === 'inside') return null;
  const found = whereOutside(range.lo, range, known);
  return found.kind === 'inside' ? null : found.kind === 'outside' ? found.example : '';
}

/** Whether a range of numbers and sizes runs backwards: 5..2, n..1. It has no entry, or has none once sizes are greater. */
export function isBackwards({ lo, hi }: Range): boolean {
  const span = subtractAffine(hi, lo);
  if (span.terms.length === 0) return span.constant < -1;
  return span.terms.every((t) => t.symbol.kind === 'size' && t.coefficient < 0);
}

/** Whether a range of sizes has an entry because sizes are at least 1. */
function hasEntry({ lo, hi }: Range): boolean {
  const span = subtractAffine(hi, lo);
  return span.terms.every((t) => t.symbol.kind === 'size' && t.coefficient > 0)
    && span.terms.reduce((total, t) => total + t.coefficient, span.constant) >= 0;
}

/** What is known, and that every axis of every tensor has an entry. */
export function withAxes(known: Known, names: Names): Known {
  const spans = [...names.values()].flatMap((meaning) => {
    const axes = meaning.kind === 'tensor' ? (meaning.axes ?? []) : [];
    return axes.flatMap(({ range }) => (hasEntry(range) ? [] : [subtractAffine(range.hi, range.lo)]));
  });
  return { ...known, facts: [...(known.facts ?? []), ...spans] };
}
