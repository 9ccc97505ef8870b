// Doubles with a running bound of their rounding errors (Higham, Accuracy and Stability of Numerical Algorithms, 3.3).
// The bound is of first order and assumes that +, -, *, /, sqrt are correctly rounded and that an elementary function
// is off by at most 2 ulp (erf 16 ulp). It holds for any order of summation and for distributed products too, since each
// addition is charged with all terms of its sum (`mass`), not with a partial sum: emitted code may group terms as it likes.

import type { ElementaryName } from '../algebra/expression.ts';
import { isInteger, type Rational, toNumber } from '../algebra/rational.ts';
import { type Domain, orderOf } from './domain.ts';
import { erfSlope } from './erf.ts';
import { realFunction, realPower } from './real.ts';

export interface Rounded {
  readonly value: number;
  /** |computed - exact| is at most this. */
  readonly error: number;
  /** Σ |terms| of the sum that the value is; |value| where it is no sum. */
  readonly mass: number;
  /** The number of those terms, and the errors that they came with: error = carried + (terms - 1)·unit·mass. */
  readonly terms: number;
  readonly carried: number;
}

export const UNIT_F64 = 2 ** -53;
export const UNIT_F32 = 2 ** -24;

/** A value that is no sum. */
export const rounded = (value: number, error: number, mass: number = Math.abs(value)): Rounded =>
  ({ value, error, mass, terms: 1, carried: error });

/** A number that is stored as it is. */
export const represented = (value: number): Rounded => rounded(value, 0);

/** @param unit the unit roundoff of the arithmetic that is to be bounded. */
export function rounding(unit: number): Domain<Rounded> {
  return {
    name: 'rounding',
    number: (value) => constant(toNumber(value), value.d === 1n ? 0 : unit),
    integer: represented,
    whole: ({ value }) => value,
    pi: constant(Math.PI, unit),
    add: (a, b) => {
      const mass = a.mass + b.mass;
      const terms = a.terms + b.terms;
      const carried = a.carried + b.carried;
      return { value: a.value + b.value, error: carried + (terms - 1) * unit * mass, mass, terms, carried };
    },
    multiply: (a, b) => {
      // A strong zero and an exact zero factor leave no error behind, whatever the other factor is.
      if (isExactZero(a) || isExactZero(b)) return represented(0 * a.value * b.value);
      const mass = a.mass * b.mass;
      const error = Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error + unit * mass;
      return rounded(a.value * b.value, error, mass);
    },
    negate: (a) => ({ ...a, value: -a.value }),
    power: (exponent) => powerWith(exponent, unit),
    elementary: (name) => functionWith(name, unit),
    compare: (a, b) => orderOf(a.value, b.value),
  };
}

const isExactZero = (a: Rounded): boolean => a.value === 0 && a.error === 0;

const constant = (value: number, relative: number): Rounded => rounded(value, Math.abs(value) * relative);

/** The larger error of two ways to compute the same number, and what they disagree by. */
export const widest = (a: Rounded, b: Rounded): Rounded =>
  rounded(a.value, Math.max(a.error, b.error) + Math.abs(a.value - b.value), Math.max(a.mass, b.mass));

function powerWith(exponent: Rational, unit: number): (base: Rounded) => Rounded {
  const e = toNumber(exponent);
  const raise = realPower(exponent);
  const operations = isInteger(exponent) && Math.abs(e) <= 64 ? 2 * Math.log2(Math.abs(e)) + 2 : 4;
  return (base) => {
    const value = raise(base.value);
    // The mean value theorem at that end of the base's interval where the slope is largest.
    const steepest = Math.max(Math.abs(base.value) + base.error, 0);
    const flattest = Math.max(Math.abs(base.value) - base.error, 0);
    const slope = Math.abs(e) * Math.pow(e >= 1 ? steepest : flattest, e - 1);
    const carried = base.error === 0 ? 0 : slope * base.error;
    return rounded(value, carried + operations * unit * Math.abs(value));
  };
}

function functionWith(name: ElementaryName, unit: number): (argument: Rounded) => Rounded {
  const f = realFunction(name);
  const slope = slopeOf(name);
  const relative = (name === 'erf' ? 16 : 4) * unit;
  return (u) => {
    const value = f(u.value);
    const carried = u.error === 0 ? 0 : slope(u.value, value) * u.error;
    return rounded(value, carried + relative * Math.abs(value));
  };
}

/** |f'(x)|, given x and y = f(x). */
function slopeOf(name: ElementaryName): (x: number, y: number) => number {
  switch (name) {
    case 'exp': return (_x, y) => y;
    case 'log': return (x) => 1 / x;
    case 'sin': case 'cos': return () => 1;
    case 'atan': return (x) => 1 / (1 + x * x);
    case 'erf': return (x) => erfSlope(x);
    case 'tan': return (_x, y) => 1 + y * y;
    case 'sinh': return (x) => Math.cosh(x);
    case 'cosh': return (x) => Math.abs(Math.sinh(x));
    case 'tanh': return (x) => 1 / Math.cosh(x) ** 2;
    case 'log1p': return (x) => 1 / (1 + x);
    case 'expm1': return (x) => Math.exp(x);
  }
}
