import { describe, expect, it } from 'vitest';
import { elementaryNames } from '../../src/algebra/functions.ts';
import type { ElementaryName } from '../../src/algebra/expression.ts';
import { rational } from '../../src/algebra/rational.ts';
import { complex, complexFunction, complexPower } from '../../src/evaluate/complex.ts';
import { big, exactly, slopes, ulps, values } from './precise.ts';

const H = 1e-200;
const points = (name: ElementaryName): readonly number[] => {
  const positive = [1e-12, 1e-3, 0.1, 0.7, 1.3, 2.4, 2.6, 5.5];
  const everywhere = [...positive, ...positive.map((x) => -x)];
  if (name === 'log') return [...positive, 1e-30, 300];
  if (name === 'log1p') return [...positive, -1e-12, -0.1, -0.7, -0.999999];
  if (name === 'tanh' || name === 'atan') return [...everywhere, 15, -18];
  return everywhere;
};

describe('the complex step of every elementary function', () => {
  for (const name of elementaryNames) {
    it(`${name}: value and slope to the last digits at an imaginary part of 1e-200`, () => {
      for (const x of points(name)) {
        const { re, im } = complexFunction(name)({ re: x, im: H });
        expect(ulps(re, values[name](exactly(x))), `${name}(${x})`).toBeLessThan(8);
        expect(ulps(im / H, slopes[name](exactly(x))), `${name}'(${x})`).toBeLessThan(8);
      }
    });
  }

  it('is the function of a complex variable, not only its first order: the addition theorems at a large imaginary part', () => {
    for (const name of elementaryNames.filter((n) => n !== 'erf')) {
      const z = { re: 0.6, im: 0.4 };
      const { re, im } = complexFunction(name)(z);
      const other = big.evaluate(name === 'log1p' ? 'log(1+z)' : name === 'expm1' ? 'exp(z)-1' : `${name}(z)`, {
        z: big.complex(0.6, 0.4),
      }) as { re: number; im: number };
      expect(re, name).toBeCloseTo(other.re, 13);
      expect(im, name).toBeCloseTo(other.im, 13);
    }
  });

  it('tanh(±400) is ±1 with slope 0, not NaN', () => {
    expect(complexFunction('tanh')({ re: 400, im: H })).toEqual({ re: 1, im: 0 });
    expect(complexFunction('tanh')({ re: -4000, im: H })).toEqual({ re: -1, im: 0 });
  });

  it('keeps the real axis real: log of a negative number is NaN, as in the kernel', () => {
    expect(complexFunction('log')({ re: -2, im: H }).re).toBeNaN();
    expect(complexFunction('log1p')({ re: -2, im: H }).re).toBeNaN();
    expect(complexPower(rational(1, 3))({ re: -8, im: H }).re).toBeNaN();
  });
});

describe('powers in the complex step', () => {
  const cases: readonly (readonly [number, number])[] = [
    [2, 1], [3, 1], [-1, 1], [-2, 1], [-3, 1], [65, 1], [100, 1], [-71, 1], [1, 2], [-1, 2], [3, 2], [-5, 2], [1, 3], [2, 3],
  ];
  for (const [n, d] of cases) {
    it(`x^(${n}/${d}) for positive x${d === 1 ? ' and for negative x' : ''}`, () => {
      for (const x of d === 1 ? [0.3, 1.7, -0.3, -1.7] : [0.3, 1.7, 40]) {
        const { re, im } = complexPower(rational(n, d))({ re: x, im: H });
        const e = big.divide(big.bignumber(n), big.bignumber(d)) as ReturnType<typeof exactly>;
        const value = big.pow(exactly(x), e) as ReturnType<typeof exactly>;
        const slope = big.divide(big.multiply(e, value), exactly(x)) as ReturnType<typeof exactly>;
        const allowed = Math.abs(n) > 3 ? 2 * Math.abs(n) : 6;
        expect(ulps(re, value)).toBeLessThan(allowed);
        expect(ulps(im / H, slope)).toBeLessThan(allowed);
      }
    });
  }

  it('x² at 0 has slope 0, x³ too', () => {
    expect(complexPower(rational(2))({ re: 0, im: H })).toEqual({ re: 0, im: 0 });
    expect(complexPower(rational(3))({ re: 0, im: H }).im).toBe(0);
  });
});

describe('branches', () => {
  it('look at the real part alone', () => {
    expect(complex.compare({ re: 0, im: H }, { re: 0, im: 0 })).toBe(0);
    expect(complex.compare({ re: 1, im: -9 }, { re: 0, im: 9 })).toBe(1);
    expect(complex.compare({ re: NaN, im: 0 }, { re: 0, im: 0 })).toBeNull();
  });
});
