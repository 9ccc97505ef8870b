// How large an expression is: a file of a few lines must not become one without end.

import type { Expression } from '../algebra/expression.ts';
import { children } from '../algebra/traverse.ts';

/** The most nodes of one expression, each use of a repeated part counted (min, max and abs repeat theirs). */
export const LARGEST = 20_000;

const sizes = new WeakMap<Expression, number>();

/** The nodes of an expression, counted no further than LARGEST + 1. */
export function sizeOf(e: Expression): number {
  const known = sizes.get(e);
  if (known !== undefined) return known;
  const size = children(e).reduce((total, child) => Math.min(total + sizeOf(child), LARGEST + 1), 1);
  sizes.set(e, size);
  return size;
}
