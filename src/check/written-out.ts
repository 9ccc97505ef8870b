// E of one sample written out as a single scalar expression in flat names, as a computer algebra system wants it:
// either in all parameters at once, or in one parameter alone, with everything that does not depend on it as a constant.

import type { ElementaryName } from '../algebra/expression.ts';
import { isInteger, ONE, type Rational } from '../algebra/rational.ts';
import type { Domain } from '../evaluate/domain.ts';
import { represented, rounding, type Rounded, UNIT_F64 } from '../evaluate/rounding.ts';

/** A text with its value at the point (which decides the branches) and that value's rounding error. */
export interface Written {
  /** Null where it depends on nothing and has no name yet. */
  readonly text: string | null;
  readonly value: Rounded;
  readonly varies: boolean;
}

/** Thrown where the text would not be understood by a computer algebra system, or would get too long. */
export class NotWritable extends Error {
  override readonly name = 'NotWritable';
}

export const variable = (name: string, value: number): Written => ({ text: name, value: represented(value), varies: true });
export const constant = (value: number): Written => ({ text: null, value: represented(value), varies: false });

const arithmetic = rounding(UNIT_F64);

/**
 * @param limit the length of text that is still worth writing.
 * @param named collects the constants that were given a name, with their values.
 */
export function writing(limit: number, named: Map<string, Rounded>): Domain<Written> {
  const textOf = (a: Written): string => {
    if (a.text !== null) return a.text;
    const whole = wholeNumber(a.value);
    if (whole !== null) return whole;
    const name = `c${named.size + 1}`;
    named.set(name, a.value);
    return name;
  };
  const build = (value: Rounded, parts: readonly Written[], text: (parts: readonly string[]) => string): Written => {
    if (parts.every((p) => !p.varies)) return { text: null, value, varies: false };
    const whole = text(parts.map(textOf));
    if (whole.length > limit) throw new NotWritable(`E written out is longer than ${limit} characters`);
    return { text: whole, value, varies: true };
  };
  return {
    name: 'text',
    number: (value) => ({ text: fraction(value), value: arithmetic.number(value), varies: false }),
    integer: (value) => ({ text: fraction({ n: BigInt(value), d: 1n }), value: represented(value), varies: false }),
    pi: { text: 'pi', value: arithmetic.pi, varies: false },
    add: (a, b) => isExactly(a, 0) ? b : isExactly(b, 0) ? a
      : build(arithmetic.add(a.value, b.value), [a, b], (parts) => `(${parts.join('+')})`),
    multiply: (a, b) => isExactly(a, 0) || isExactly(b, 1) ? a : isExactly(b, 0) || isExactly(a, 1) ? b
      : build(arithmetic.multiply(a.value, b.value), [a, b], (parts) => parts.join('*')),
    negate: (a) => build(arithmetic.negate(a.value), [a], ([text]) => `(-${text ?? ''})`),
    power: (exponent) => {
      const raise = arithmetic.power(exponent);
      return (base) => build(raise(base.value), [base], ([text]) => `(${text ?? ''})^${fraction(exponent)}`);
    },
    elementary: (name) => {
      const f = arithmetic.elementary(name);
      return (u) => build(f(u.value), [u], ([text]) => callText(name, text ?? ''));
    },
    compare: (a, b) => arithmetic.compare(a.value, b.value),
  };
}

const isExactly = (a: Written, value: number): boolean => !a.varies && a.value.value === value && a.value.error === 0;

const wholeNumber = (a: Rounded): string | null =>
  a.error === 0 && Number.isSafeInteger(a.value) ? fraction({ n: BigInt(a.value), d: ONE.d }) : null;

const fraction = (value: Rational): string =>
  isInteger(value) ? (value.n >= 0n ? value.n.toString() : `(${value.n.toString()})`) : `(${value.n.toString()}/${value.d.toString()})`;

function callText(name: ElementaryName, u: string): string {
  switch (name) {
    case 'exp': case 'log': case 'sin': case 'cos': case 'atan': case 'tan': case 'sinh': case 'cosh': case 'tanh':
      return `${name}(${u})`;
    case 'log1p': return `log(1+${u})`;
    case 'expm1': return `(exp(${u})-1)`;
    case 'erf': throw new NotWritable('erf is not among the functions that the systems differentiate');
  }
}
