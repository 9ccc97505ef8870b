// Complex numbers for the complex step: f(x + ih) = f(x) + ih·f'(x) + O(h²) with h = 1e-200 loses nothing to cancellation,
// if every function is continued analytically from the real axis and keeps the last digits of a tiny imaginary part.

import type { ElementaryName } from '../algebra/expression.ts';
import { isInteger, type Rational, toNumber } from '../algebra/rational.ts';
import { type Domain, orderOf } from './domain.ts';
import { erf, erfSlope } from './erf.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const complexNumber = (re: number, im = 0): Complex => ({ re, im });

const multiply = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

/** Branches look at the real part: the point itself decides, not the direction of the step. */
export const complex: Domain<Complex> = {
  name: 'complex',
  number: (value) => complexNumber(toNumber(value)),
  integer: (value) => complexNumber(value),
  whole: ({ re }) => re,
  pi: complexNumber(Math.PI),
  add: (a, b) => ({ re: a.re + b.re, im: a.im + b.im }),
  multiply,
  negate: (a) => ({ re: -a.re, im: -a.im }),
  power: complexPower,
  elementary: complexFunction,
  compare: (a, b) => orderOf(a.re, b.re),
};

/** Smith's division keeps the tiny part: nothing is squared. */
function reciprocal(z: Complex): Complex {
  if (Math.abs(z.re) < Math.abs(z.im)) {
    const r = z.re / z.im;
    const d = z.im + z.re * r;
    return { re: r / d, im: -1 / d };
  }
  const r = z.im / z.re;
  const d = z.re + z.im * r;
  return { re: 1 / d, im: -r / d };
}

export function complexPower(exponent: Rational): (z: Complex) => Complex {
  const e = toNumber(exponent);
  if (isInteger(exponent) && Math.abs(e) <= 64) {
    const n = Math.abs(e);
    return e > 0 ? (z) => repeated(z, n) : (z) => reciprocal(repeated(z, n));
  }
  if (isInteger(exponent)) {
    // A negative base is turned to the right half plane, where the angle is tiny: (-z)^n = (-1)^n z^n.
    const sign = e % 2 === 0 ? 1 : -1;
    return (z) => {
      if (z.re >= 0) return principal(z, e);
      const turned = principal({ re: -z.re, im: -z.im }, e);
      return { re: sign * turned.re, im: sign * turned.im };
    };
  }
  // As on the real axis, a negative base has no such power.
  return (z) => (z.re < 0 ? complexNumber(NaN, NaN) : principal(z, e));
}

/** |z|^e (cos eθ + i sin eθ), for Re z ≥ 0. */
function principal(z: Complex, e: number): Complex {
  const modulus = Math.pow(Math.hypot(z.re, z.im), e);
  const angle = e * Math.atan2(z.im, z.re);
  return { re: modulus * Math.cos(angle), im: modulus * Math.sin(angle) };
}

/** z^n by squaring, n ≥ 1. */
function repeated(z: Complex, n: number): Complex {
  let result: Complex | null = null;
  let square = z;
  for (let rest = n; ; square = multiply(square, square)) {
    if (rest % 2 === 1) result = result === null ? square : multiply(result, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result ?? square;
  }
}

/** Each function at x + iy, by its addition theorem. */
export function complexFunction(name: ElementaryName): (z: Complex) => Complex {
  switch (name) {
    case 'exp': return exp;
    case 'log': return log;
    case 'sin': return ({ re: x, im: y }) => ({ re: Math.sin(x) * Math.cosh(y), im: Math.cos(x) * Math.sinh(y) });
    case 'cos': return ({ re: x, im: y }) => ({ re: Math.cos(x) * Math.cosh(y), im: -Math.sin(x) * Math.sinh(y) });
    case 'atan': return atan;
    // To first order in the step, which is exact where y² vanishes beside 1: the step is 1e-200.
    case 'erf': return ({ re: x, im: y }) => ({ re: erf(x), im: erfSlope(x) * y });
    case 'tan': return tan;
    case 'sinh': return ({ re: x, im: y }) => ({ re: Math.sinh(x) * Math.cos(y), im: Math.cosh(x) * Math.sin(y) });
    case 'cosh': return ({ re: x, im: y }) => ({ re: Math.cosh(x) * Math.cos(y), im: Math.sinh(x) * Math.sin(y) });
    case 'tanh': return tanh;
    case 'log1p': return log1p;
    case 'expm1': return expm1;
  }
}

function exp({ re: x, im: y }: Complex): Complex {
  const modulus = Math.exp(x);
  return { re: modulus * Math.cos(y), im: modulus * Math.sin(y) };
}

/** log x + ½ log(1 + (y/x)²) + i atan(y/x), continued from the positive axis; NaN on the left, as on the real axis. */
function log({ re: x, im: y }: Complex): Complex {
  if (x < 0) return complexNumber(NaN, NaN);
  if (x === 0) return { re: Math.log(Math.abs(y)), im: Math.atan2(y, x) };
  const q = y / x;
  return { re: Math.log(x) + 0.5 * Math.log1p(q * q), im: Math.atan(q) };
}

/** The same at 1 + x, where log1p keeps the digits of a small x. */
function log1p({ re: x, im: y }: Complex): Complex {
  if (x <= -1) return log({ re: 1 + x, im: y });
  const q = y / (1 + x);
  return { re: Math.log1p(x) + 0.5 * Math.log1p(q * q), im: Math.atan(q) };
}

function expm1({ re: x, im: y }: Complex): Complex {
  const half = Math.sin(y / 2);
  return { re: Math.expm1(x) * Math.cos(y) - 2 * half * half, im: Math.exp(x) * Math.sin(y) };
}

function atan({ re: x, im: y }: Complex): Complex {
  const below = 1 - y;
  return {
    re: 0.5 * (Math.atan2(x, below) + Math.atan2(x, 1 + y)),
    im: 0.25 * Math.log1p((4 * y) / (x * x + below * below)),
  };
}

/** (t + iT)/(1 - itT) with t = tan x and T = tanh y, numerator and denominator multiplied by 1 + itT. */
function tan({ re: x, im: y }: Complex): Complex {
  const t = Math.tan(x);
  const T = Math.tanh(y);
  const d = 1 + t * T * t * T;
  return { re: (t * (1 - T * T)) / d, im: (T * (1 + t * t)) / d };
}

/** (t + iT)/(1 + itT) with t = tanh x and T = tan y; 1 - t² as 1/cosh²x, which neither cancels nor overflows to NaN. */
function tanh({ re: x, im: y }: Complex): Complex {
  const t = Math.tanh(x);
  const T = Math.tan(y);
  const s = 1 / Math.cosh(x);
  const d = 1 + t * T * t * T;
  return { re: (t * (1 + T * T)) / d, im: (T * s * s) / d };
}
