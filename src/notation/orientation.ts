// Which index of an entry counts the rows of its tensor as it is written, and which the columns: all that a layout decides.

import { type Affine, addAffine, integer, type Range, subtractAffine } from '../algebra/affine.ts';
import type { Reference, Tensor } from '../algebra/expression.ts';
import type { Declaration } from '../spec/network.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import type { Shape } from './arrangement.ts';
import { declaredAs, type Declarations } from './declared.ts';
import type { MatrixLayout } from './matrix-layout.ts';

/** The index that runs down and the one that runs across; null where there is but one row or column. */
export interface Orientation {
  readonly down: string | null;
  readonly across: string | null;
}

/**
 * Vectors are columns or rows; a matrix has its first axis down; where one of the axes counts the samples, a sample is a column or a
 * row. A derivative lies as the layout of derivatives has it.
 * @param open the indices of the entry that are not held fast, in order, at most two
 */
export function orientation(
  { tensor, adjoint }: Reference, open: readonly string[], ranges: ReadonlyMap<string, Range>, layout: MatrixLayout, declarations: Declarations,
): Orientation {
  const own = forward(open, ranges, layout);
  return adjoint && isTurned(tensor, layout, declarations) ? { down: own.across, across: own.down } : own;
}

function forward(open: readonly string[], ranges: ReadonlyMap<string, Range>, layout: MatrixLayout): Orientation {
  const [first = null, second = null] = open;
  const sample = open.find((name) => isSample(name, ranges)) ?? null;
  if (sample !== null && layout.samples !== 'sum') {
    const other = first === sample ? second : first;
    return layout.samples === 'columns' ? { down: other, across: sample } : { down: sample, across: other };
  }
  if (second !== null) return { down: first, across: second };
  return layout.vectors === 'columns' ? { down: first, across: null } : { down: null, across: first };
}

/** Whether the derivative by a tensor lies across where the tensor lies down. */
function isTurned(tensor: Tensor, { derivatives }: MatrixLayout, declarations: Declarations): boolean {
  switch (derivatives) {
    case 'denominator': return false;
    case 'numerator': return true;
    case 'mixed': return !isParameter(declaredAs(tensor, declarations));
  }
}

/** What every sample has for itself is none, though a layer by itself is differentiated by its inputs as by parameters. */
export const isParameter = (declared: Declaration | undefined): boolean => declared?.role === 'parameter' && !declared.perSample;

export function isSample(name: string, ranges: ReadonlyMap<string, Range>): boolean {
  const range = ranges.get(name);
  return range !== undefined && isSamplesAxis({ index: name, range });
}

/** How many values an index has; one where there is none. */
export function lengthOf(name: string | null, ranges: ReadonlyMap<string, Range>): Affine {
  const range = name === null ? undefined : ranges.get(name);
  return range === undefined ? integer(1) : addAffine(subtractAffine(range.hi, range.lo), integer(1));
}

export const shapeAt = (down: string | null, across: string | null, ranges: ReadonlyMap<string, Range>): Shape =>
  ({ rows: lengthOf(down, ranges), columns: lengthOf(across, ranges) });
