// Values of parts of a formula: matrices, of which vectors and numbers are special ones, or arrays of any number of axes;
// each knows how to write its entries.

import { type Affine, index, integer, type Range, sameAffine } from '../../algebra/affine.ts';
import { add, type Expression, multiply, sum } from '../../algebra/expression.ts';
import { plainAffine, plainRange } from '../../algebra/print.ts';
import type { Axis } from '../../spec/network.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';

/** How far a dimension reaches: one entry, an axis, or what it is added to or multiplied with (𝟏). */
export type Extent =
  | { readonly kind: 'one' }
  | { readonly kind: 'axis'; readonly range: Range }
  | { readonly kind: 'open'; readonly cell: { is: Extent | null }; readonly text: string; readonly place: Span };

export interface Value {
  /** Down and across; of an array, its axes. */
  readonly dims: readonly Extent[];
  at(point: readonly Affine[]): Expression;
  /** The entries on the diagonal of a matrix that has no others. */
  readonly diagonal?: (i: Affine) => Expression;
  /** Where it is one tensor, or a part of one: its axes that are left open, in their order, and where an entry of them stands. */
  readonly whole?: { readonly axes: readonly Axis[]; readonly point: (indices: readonly Affine[]) => readonly Affine[] };
}

export const one: Extent = { kind: 'one' };
export const axisExtent = (range: Range): Extent => ({ kind: 'axis', range });
export const openExtent = (text: string, place: Span): Extent => ({ kind: 'open', cell: { is: null }, text, place });

/** What is known of an extent by now. */
export function settled(e: Extent): Extent {
  let now = e;
  while (now.kind === 'open' && now.cell.is !== null) now = now.cell.is;
  return now;
}

/** Whether two extents are, or may be made, the same. */
export function unify(a: Extent, b: Extent): boolean {
  const [x, y] = [settled(a), settled(b)];
  if (x === y) return true;
  if (x.kind === 'open') x.cell.is = y;
  else if (y.kind === 'open') y.cell.is = x;
  else if (x.kind === 'axis' && y.kind === 'axis') return sameRange(x.range, y.range);
  else return x.kind === y.kind;
  return true;
}

export const sameRange = (a: Range, b: Range): boolean => sameAffine(a.lo, b.lo) && sameAffine(a.hi, b.hi);

/** The range of an extent that is to be summed over; null for a single entry. */
export function rangeOf(e: Extent): Range | null {
  const now = settled(e);
  switch (now.kind) {
    case 'one': return null;
    case 'axis': return now.range;
    case 'open': return refuse('length-unknown', now.place, { text: now.text });
  }
}

export const isScalar = (v: Value): boolean => v.dims.every((d) => settled(d).kind === 'one');

/** `n^(k) × 1`, for messages. */
export function shapeText(v: Value): string {
  if (isScalar(v)) return 'a number';
  return v.dims.map((d) => {
    const now = settled(d);
    if (now.kind === 'one') return '1';
    if (now.kind === 'open') return '?';
    return sameAffine(now.range.lo, integer(1)) ? plainAffine(now.range.hi) : `(${plainRange(now.range)})`;
  }).join(' × ');
}

/** A number: as a matrix, or within arrays. */
export const scalar = (value: Expression, asArray = false): Value => ({ dims: asArray ? [] : [one, one], at: () => value });

/** A function on every entry. */
export const mapped = (v: Value, f: (e: Expression) => Expression): Value => ({ dims: v.dims, at: (p) => f(v.at(p)) });

/** Values of one shape, entry by entry; numbers go with any array. */
export function together(values: readonly Value[], f: (entries: readonly Expression[]) => Expression, operation: string, place: Span): Value {
  const shaped = values.filter((v) => !(v.dims.length === 0));
  const [first] = shaped;
  for (const other of shaped.slice(1)) {
    if (first !== undefined && !(first.dims.length === other.dims.length && first.dims.every((d, n) => unify(d, other.dims[n] ?? one)))) {
      refuse('shapes', place, { operation, left: shapeText(first), right: shapeText(other) });
    }
  }
  return { dims: first?.dims ?? [], at: (p) => f(values.map((v) => v.at(v.dims.length === 0 ? [] : p))) };
}

export const summed = (values: readonly Value[], place: Span): Value => (values.length === 1 && values[0] !== undefined ? values[0] : together(values, add, 'add', place));
export const hadamard = (values: readonly Value[], place: Span): Value =>
  (values.length === 1 && values[0] !== undefined ? values[0] : together(values, multiply, 'multiply entry by entry', place));

export function transposed(v: Value): Value {
  const [down = one, across = one] = v.dims;
  const { whole } = v;
  return {
    dims: [across, down], at: ([i = integer(1), j = integer(1)]) => v.at([j, i]),
    ...(v.diagonal === undefined ? {} : { diagonal: v.diagonal }),
    ...(whole === undefined ? {} : { whole: { axes: whole.axes, point: (indices: readonly Affine[]) => [...whole.point(indices)].reverse() } }),
  };
}

/** A number times anything, else the product of matrices. */
export function multiplied(a: Value, b: Value, fresh: (stem: string) => string, place: Span): Value {
  if (isScalar(a) || isScalar(b)) {
    const [number, other] = isScalar(a) ? [a, b] : [b, a];
    const value = { dims: other.dims, at: (p: readonly Affine[]) => multiply([a, b].map((v) => v.at(v === other ? p : ones(v)))) };
    const { diagonal } = other;
    return diagonal === undefined ? value : { ...value, diagonal: (i) => multiply([number.at(ones(number)), diagonal(i)]) };
  }
  const [down = one, inner = one] = a.dims;
  const [second = one, across = one] = b.dims;
  if (a.dims.length !== 2 || b.dims.length !== 2 || !unify(inner, second)) refuse('shapes', place, { operation: 'multiply', left: shapeText(a), right: shapeText(b) });
  const [left, right] = [a.diagonal, b.diagonal];
  const name = fresh('m');
  return {
    dims: [down, across],
    at: ([i = integer(1), j = integer(1)]) => {
      if (left !== undefined) return multiply([left(i), b.at([i, j])]);
      if (right !== undefined) return multiply([a.at([i, j]), right(j)]);
      const range = rangeOf(inner);
      const body = multiply([a.at([i, index(name)]), b.at([index(name), j])]);
      return range === null ? multiply([a.at([i, integer(1)]), b.at([integer(1), j])]) : sum(name, range, body);
    },
    ...(left !== undefined && right !== undefined ? { diagonal: (i: Affine) => multiply([left(i), right(i)]) } : {}),
  };
}

const ones = (v: Value): readonly Affine[] => v.dims.map(() => integer(1));
export const numberIn = (v: Value): Expression => v.at(ones(v));
