// Exact rational numbers over BigInt: the only numbers of the algebra.

/** An exact rational number n/d in lowest terms, d > 0. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The rational n/d in lowest terms. @throws RangeError when d is zero. */
export function rational(n: bigint | number, d: bigint | number = 1n): Rational {
  const numerator = BigInt(n);
  const denominator = BigInt(d);
  if (denominator === 0n) throw new RangeError('a rational number has no zero denominator');
  const g = gcd(numerator, denominator);
  const sign = denominator < 0n ? -1n : 1n;
  return g === 0n ? ZERO : { n: (sign * numerator) / g, d: (sign * denominator) / g };
}

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };
export const MINUS_ONE: Rational = { n: -1n, d: 1n };
export const HALF: Rational = { n: 1n, d: 2n };

export const add = (a: Rational, b: Rational): Rational =>
  a.d === 1n && b.d === 1n ? { n: a.n + b.n, d: 1n } : rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
export const multiply = (a: Rational, b: Rational): Rational =>
  a.d === 1n && b.d === 1n ? { n: a.n * b.n, d: 1n } : rational(a.n * b.n, a.d * b.d);
/** @throws RangeError when b is zero. */
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);
export const equals = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const isZero = (a: Rational): boolean => a.n === 0n;
export const isOne = (a: Rational): boolean => a.n === 1n && a.d === 1n;
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const sign = (a: Rational): -1 | 0 | 1 => (a.n > 0n ? 1 : a.n < 0n ? -1 : 0);
export const absolute = (a: Rational): Rational => (a.n < 0n ? negate(a) : a);

/** Negative, zero or positive as a < b, a = b or a > b. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.n * b.d - b.n * a.d;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** The largest integer that is not above a. */
export function floor(a: Rational): bigint {
  const quotient = a.n / a.d;
  return a.n < 0n && a.n % a.d !== 0n ? quotient - 1n : quotient;
}

/** a to an integer power. @throws RangeError for zero to a negative power. */
export function power(a: Rational, exponent: number): Rational {
  const e = BigInt(Math.abs(exponent));
  const raised = { n: a.n ** e, d: a.d ** e };
  return exponent < 0 ? rational(raised.d, raised.n) : raised;
}

/** The nearest double. */
export function toNumber(a: Rational): number {
  if (a.d === 1n) return Number(a.n);
  const direct = Number(a.n) / Number(a.d);
  const exact = a.n >= -MAX_SAFE && a.n <= MAX_SAFE && a.d <= MAX_SAFE;
  return exact ? direct : nearestDouble(a);
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Rounds n/d to nearest through a 64-bit quotient (one rounding, so correct but for ties of subnormals). */
function nearestDouble(a: Rational): number {
  const negative = a.n < 0n;
  const n = negative ? -a.n : a.n;
  const shift = 64 - (n.toString(2).length - a.d.toString(2).length);
  const scaled = shift >= 0 ? (n << BigInt(shift)) / a.d : n / (a.d << BigInt(-shift));
  const sticky = shift >= 0 ? (n << BigInt(shift)) % a.d !== 0n : n % (a.d << BigInt(-shift)) !== 0n;
  const half = Math.trunc(-shift / 2);
  const value = Number(sticky ? scaled | 1n : scaled) * 2 ** half * 2 ** (-shift - half);
  return negative ? -value : value;
}

/**
 * The exact value of a decimal literal such as `0.01`, `3` or `1e-3`.
 * @returns null when the text is no decimal literal, or its exponent is beyond ±400.
 */
export function parseDecimal(text: string): Rational | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (match === null) return null;
  const [, signText = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole + fraction === '') return null;
  const exponent = Number(exponentText) - fraction.length;
  if (Math.abs(exponent) > 400) return null;
  const digits = BigInt(signText + whole + fraction);
  return exponent >= 0 ? rational(digits * 10n ** BigInt(exponent)) : rational(digits, 10n ** BigInt(-exponent));
}

/** The exact value of a finite double. @throws RangeError for NaN and infinities. */
export function fromNumber(x: number): Rational {
  if (!Number.isFinite(x)) throw new RangeError('only finite numbers are rational');
  if (Number.isInteger(x)) return rational(BigInt(x));
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return rational(BigInt(mantissa), 1n << BigInt(exponent));
}

/** `-3/4`, `5`. */
export const show = (a: Rational): string => (a.d === 1n ? String(a.n) : `${String(a.n)}/${String(a.d)}`);
