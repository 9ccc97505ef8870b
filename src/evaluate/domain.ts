// The numbers that equations can be evaluated in: one interface, so that one interpreter serves reals, complex numbers,
// exact fractions, values with rounding errors, and written-out text. (Intervals will be one more implementation.)

import type { ElementaryName } from '../algebra/expression.ts';
import type { Rational } from '../algebra/rational.ts';

/** Negative, zero or positive as left < right, left = right or left > right; null when they have no order (NaN). */
export type Order = -1 | 0 | 1 | null;

/** Arithmetic on T. Powers and functions are handed out as closures: an expression is compiled once and run often. */
export interface Domain<T> {
  readonly name: string;
  readonly number: (value: Rational) => T;
  /** An index or a size used as a number. */
  readonly integer: (value: number) => T;
  /** The number that such an integer is. */
  readonly whole: (value: T) => number;
  readonly pi: T;
  readonly add: (a: T, b: T) => T;
  readonly multiply: (a: T, b: T) => T;
  readonly negate: (a: T) => T;
  readonly power: (exponent: Rational) => (base: T) => T;
  readonly elementary: (name: ElementaryName) => (argument: T) => T;
  /** How branches are decided; a test on values without an order does not hold, as in JavaScript. */
  readonly compare: (left: T, right: T) => Order;
}

/** Thrown where an exact domain meets a value that has no exact representation in it. */
export class NotExact extends Error {
  override readonly name = 'NotExact';
}

/** Thrown where equations cannot be evaluated at all: an unknown size, an entry outside of its tensor, an open slot. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

export const orderOf = (left: number, right: number): Order =>
  left > right ? 1 : left < right ? -1 : left === right ? 0 : null;
