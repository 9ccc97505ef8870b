import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementaryNames } from '../../src/algebra/functions.ts';
import * as Q from '../../src/algebra/rational.ts';
import { exact } from '../../src/evaluate/exact.ts';
import { real } from '../../src/evaluate/real.ts';
import { noisy } from '../../src/evaluate/noisy.ts';
import { represented, rounded, rounding, UNIT_F64 } from '../../src/evaluate/rounding.ts';
import { exactly, slopes, values } from './precise.ts';

const bounded = rounding(UNIT_F64);
const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-30), { minLength: 2, maxLength: 12 });
/** The bound is of first order and computed in doubles itself. */
const ROUNDED = 1 + 1e-9;
const error = (computed: number, value: Q.Rational): number => Math.abs(Q.toNumber(Q.subtract(Q.fromNumber(computed), value)));

describe('the running bound of rounding errors', () => {
  it('covers sums and products, in any order of summation', () => {
    fc.assert(fc.property(numbers, fc.integer({ min: 0, max: 1000 }), (xs, turn) => {
      const terms = xs.map((x, n): [number, number] => [x, xs[(n * 7 + turn) % xs.length]!]);
      const value = terms.reduce((sum, [a, b]) => exact.add(sum, exact.multiply(Q.fromNumber(a), Q.fromNumber(b))), Q.ZERO);
      const bound = terms.map(([a, b]) => bounded.multiply(represented(a), represented(b))).reduce(bounded.add);
      for (const order of [terms, [...terms].reverse(), [...terms].sort(([a, b], [c, d]) => a * b - c * d)]) {
        const computed = order.map(([a, b]) => real.multiply(a, b)).reduce(real.add);
        expect(error(computed, value)).toBeLessThanOrEqual(bound.error * ROUNDED);
      }
      // and does not allow anything: a few units in the last place of the terms
      expect(bound.error).toBeLessThanOrEqual(4 * terms.length * UNIT_F64 * bound.mass * ROUNDED + Number.MIN_VALUE);
    }));
  });

  it('covers whole powers of sums', () => {
    fc.assert(fc.property(numbers, fc.constantFrom(-3, -2, -1, 2, 3, 5), (xs, e) => {
      const sum = xs.map(Q.fromNumber).reduce(exact.add);
      fc.pre(!Q.isZero(sum));
      const base = xs.map(represented).reduce(bounded.add);
      fc.pre(Math.abs(base.value) > 1e3 * base.error);
      const power = bounded.power(Q.rational(e))(base);
      expect(error(power.value, exact.power(Q.rational(e))(sum))).toBeLessThanOrEqual(power.error * ROUNDED);
    }));
  });

  it('covers every elementary function at an argument that is itself in error', () => {
    for (const name of elementaryNames) {
      for (const x of [0.3, 0.9, 1.7, 2.6]) {
        for (const step of [0, 1e-14, 1e-9]) {
          const off = x + step - x;
          const argument = rounded(x, off);
          const { value, error: allowed } = bounded.elementary(name)(argument);
          const truth = values[name](exactly(x + off)).toNumber();
          // First order: the square of the error times a curvature of up to 920 (of tan) is left out.
          expect(Math.abs(value - truth), `${name}(${x} + ${off})`).toBeLessThanOrEqual(allowed + 1e3 * off * off + 1e-16);
          expect(allowed).toBeLessThanOrEqual(2 * off * Math.abs(slopes[name](exactly(x)).toNumber()) * 3 + 3e-15 * Math.max(1, Math.abs(truth)) + 1.1 * off);
        }
      }
    }
  });

  it('a strong zero leaves no error behind', () => {
    expect(bounded.multiply(represented(0), rounded(1e300, Infinity))).toEqual(represented(0));
  });
});

describe('disturbed arithmetic', () => {
  it('varies by as much as the sensitivity to single rounding errors', () => {
    const unit = 1e-6;
    for (const [f, expected] of [
      [(d: typeof real) => d.add(3, 4), 7], [(d: typeof real) => d.multiply(3, 4), 12],
      [(d: typeof real) => d.elementary('exp')(1), 4 * Math.E], [(d: typeof real) => d.add(1e3, -1e3), 2e3],
    ] as const) {
      let n = 0;
      const alternating = noisy(unit, () => ((n += 1) % 2 === 0 ? 1 : -1));
      const [low, high] = [f(alternating), f(alternating)].sort((a, b) => a - b) as [number, number];
      expect((high - low) / 2 / unit).toBeCloseTo(expected, 4);
    }
  });
});

describe('exact roots', () => {
  it('are taken where they are rational, and refused elsewhere', () => {
    const half = exact.power(Q.HALF);
    expect(half(Q.rational(4, 9))).toEqual(Q.rational(2, 3));
    expect(exact.power(Q.rational(-2, 3))(Q.rational(8, 27))).toEqual(Q.rational(9, 4));
    expect(() => half(Q.rational(2))).toThrow('2 has no rational root of degree 2');
    expect(() => half(Q.rational(-4))).toThrow('-4 has no rational root of degree 2');
    expect(() => exact.power(Q.MINUS_ONE)(Q.ZERO)).toThrow('zero has no reciprocal');
    expect(() => exact.elementary('exp')(Q.ZERO)).toThrow('exp has no exact value');
    expect(() => exact.pi).toThrow('π is not rational');
  });
});
