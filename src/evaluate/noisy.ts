// Doubles with every operation's result disturbed at random (Monte Carlo arithmetic, Parker 1997): how much a result
// varies tells its sensitivity to rounding errors, signs and cancellation included, where worst-case bounds explode.

import type { Rational } from '../algebra/rational.ts';
import type { Domain } from './domain.ts';
import { real } from './real.ts';
import { represented, rounding, type Rounded } from './rounding.ts';

/**
 * @param unit the size of a disturbance, relative to what the rounding error of the operation is relative to.
 * @param random from -1 to 1.
 */
export function noisy(unit: number, random: () => number): Domain<number> {
  const bounded = rounding(unit);
  return {
    ...real,
    name: 'noisy',
    number: (value: Rational) => disturb(bounded.number(value), random),
    add: (a, b) => a + b + random() * unit * (Math.abs(a) + Math.abs(b)),
    multiply: (a, b) => a * b * (1 + random() * unit),
    power: (exponent) => disturbed(bounded.power(exponent), random),
    elementary: (name) => disturbed(bounded.elementary(name), random),
  };
}

/** The value of a function, disturbed by its own rounding error at an exact argument. */
export const disturbed = (f: (argument: Rounded) => Rounded, random: () => number): ((argument: number) => number) =>
  (argument) => disturb(f(represented(argument)), random);

const disturb = (a: Rounded, random: () => number): number => (a.error === 0 ? a.value : a.value + random() * a.error);
