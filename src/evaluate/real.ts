// Double precision.

import type { ElementaryName } from '../algebra/expression.ts';
import { isInteger, type Rational, toNumber } from '../algebra/rational.ts';
import { type Domain, orderOf } from './domain.ts';
import { erf } from './erf.ts';

export const real: Domain<number> = {
  name: 'f64',
  number: toNumber,
  integer: (value) => value,
  whole: (value) => value,
  pi: Math.PI,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  negate: (a) => -a,
  power: realPower,
  elementary: realFunction,
  compare: orderOf,
};

/** base^exponent; NaN for a negative base and an exponent that is no integer. */
export function realPower(exponent: Rational): (base: number) => number {
  const e = toNumber(exponent);
  if (e === -1) return (base) => 1 / base;
  if (e === 0.5) return Math.sqrt;
  if (e === -0.5) return (base) => 1 / Math.sqrt(base);
  if (!isInteger(exponent) || Math.abs(e) > 64) return (base) => Math.pow(base, e);
  const n = Math.abs(e);
  return e > 0 ? (base) => repeated(base, n) : (base) => 1 / repeated(base, n);
}

/** base^n by squaring, n ≥ 1. */
function repeated(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let rest = n; ; square *= square) {
    if (rest % 2 === 1) result *= square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result;
  }
}

export function realFunction(name: ElementaryName): (u: number) => number {
  switch (name) {
    case 'exp': return Math.exp;
    case 'log': return Math.log;
    case 'sin': return Math.sin;
    case 'cos': return Math.cos;
    case 'atan': return Math.atan;
    case 'erf': return erf;
    case 'tan': return Math.tan;
    case 'sinh': return Math.sinh;
    case 'cosh': return Math.cosh;
    case 'tanh': return Math.tanh;
    case 'log1p': return Math.log1p;
    case 'expm1': return Math.expm1;
  }
}
