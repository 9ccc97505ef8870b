// Tensors with entries: flat, row-major, the last axis contiguous.

import { type Affine, type Range, symbolKey } from '../algebra/affine.ts';
import type { Tensor } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { EvaluationError } from './domain.ts';

export interface Block<T> {
  /** What an error calls it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** The first index value of each axis. */
  readonly base: readonly number[];
  /** Entries between neighbours along each axis. */
  readonly strides: readonly number[];
  /** Undefined until it is computed or given. */
  readonly entries: (T | undefined)[];
  /** Where every entry is an integer of a range, that range. */
  readonly integer?: { readonly lo: number; readonly hi: number };
}

/** No tensor, and no loop, is larger. */
const LIMIT = 2 ** 28;

/** The value of an affine expression in sizes alone. @throws EvaluationError for an unknown size. */
export function sizeValue(a: Affine, sizes: ReadonlyMap<string, number>): number {
  return a.terms.reduce((total, { symbol, coefficient }) => {
    const value = symbol.kind === 'size' ? sizes.get(symbolKey(symbol)) : undefined;
    if (value === undefined) throw new EvaluationError(`the size ${symbol.name} has no value`);
    return total + coefficient * value;
  }, a.constant);
}

/** A block for a tensor over these axes, no entry computed yet. @throws EvaluationError for sizes that are unknown or too large. */
export function emptyBlock<T>(
  name: string, axes: readonly { readonly range: Range }[], sizes: ReadonlyMap<string, number>, integer: Range | null = null,
): Block<T> {
  const base = axes.map(({ range }) => sizeValue(range.lo, sizes));
  const shape = axes.map(({ range }, n) => Math.max(0, sizeValue(range.hi, sizes) - base[n]! + 1));
  const strides = shape.map((_, n) => shape.slice(n + 1).reduce((product, extent) => product * extent, 1));
  const length = shape.reduce((product, extent) => product * extent, 1);
  if (!(length <= LIMIT)) throw new EvaluationError(`${name} would have ${length} entries; at most ${LIMIT} are evaluated`);
  const block: Block<T> = { name, shape, base, strides, entries: new Array<T | undefined>(length) };
  return integer === null ? block : { ...block, integer: { lo: sizeValue(integer.lo, sizes), hi: sizeValue(integer.hi, sizes) } };
}

/** `W_2`, `x`: a tensor as errors and reports call it. */
export function tensorTitle({ name, layer }: Tensor): string {
  const number = showLayer(layer);
  return number === '' ? name : `${name}_${number}`;
}

/** `W_2[1, 3]`: the name of the entry at a flat position. */
export function entryName(block: Pick<Block<unknown>, 'name' | 'shape' | 'base' | 'strides'>, position: number): string {
  const indices = block.shape.map((extent, n) => (Math.floor(position / block.strides[n]!) % extent) + block.base[n]!);
  return indices.length === 0 ? block.name : `${block.name}[${indices.join(', ')}]`;
}

export function missing(block: Block<unknown>, position: number): never {
  throw new EvaluationError(`${entryName(block, position)} is used before it is computed`);
}
