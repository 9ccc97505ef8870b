// Exact fractions: +, ·, integer powers and those roots that are rational. Whatever else is refused as NotExact.

import * as Q from '../algebra/rational.ts';
import type { Rational } from '../algebra/rational.ts';
import { type Domain, NotExact } from './domain.ts';

/** The largest exponent, root or digit count that is computed exactly. */
const LIMIT = 4096;

export const exact: Domain<Rational> = {
  name: 'exact',
  number: (value) => value,
  integer: (value) => Q.rational(value),
  whole: Q.toNumber,
  get pi(): Rational {
    throw new NotExact('π is not rational');
  },
  add: Q.add,
  multiply: Q.multiply,
  negate: Q.negate,
  power: exactPower,
  elementary: (name) => () => {
    throw new NotExact(`${name} has no exact value`);
  },
  compare: Q.compare,
};

function exactPower(exponent: Rational): (base: Rational) => Rational {
  if (exponent.n > LIMIT || exponent.n < -LIMIT || exponent.d > LIMIT) {
    return () => {
      throw new NotExact(`the exponent ${Q.show(exponent)} is too large to be computed exactly`);
    };
  }
  const numerator = Number(exponent.n);
  const degree = Number(exponent.d);
  return (base) => {
    if (Q.isZero(base) && numerator < 0) throw new NotExact('zero has no reciprocal');
    return Q.power(degree === 1 ? base : root(base, degree), numerator);
  };
}

function root(value: Rational, degree: number): Rational {
  const n = value.n < 0n ? null : integerRoot(value.n, BigInt(degree));
  const d = integerRoot(value.d, BigInt(degree));
  if (n === null || d === null) throw new NotExact(`${Q.show(value)} has no rational root of degree ${degree}`);
  return Q.rational(n, d);
}

/** The integer r ≥ 0 with r^degree = value, by bisection; null when there is none. */
function integerRoot(value: bigint, degree: bigint): bigint | null {
  let low = 0n;
  let high = 1n << (BigInt(value.toString(2).length) / degree + 1n);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** degree <= value) low = middle;
    else high = middle - 1n;
  }
  return low ** degree === value ? low : null;
}
