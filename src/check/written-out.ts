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
  /** A constant still to be added to the text: constants of a sum are collected into one. */
  readonly plus: Rounded | null;
}

/** Thrown where the text would not be understood by a computer algebra system. */
export class NotWritable extends Error {
  override readonly name = 'NotWritable';
}

/** Thrown where the text would get longer than its limit. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

export const variable = (name: string, value: number): Written => ({ text: name, value: represented(value), varies: true, plus: null });
export const constant = (value: number): Written => ({ text: null, value: represented(value), varies: false, plus: null });

const arithmetic = rounding(UNIT_F64);

/**
 * Arithmetic that writes; `finish` completes what it has written.
 * @param limit the length of text that is still worth writing.
 * @param named collects the constants that were given a name, with their values.
 */
export function writing(limit: number, named: Map<string, Rounded>): Domain<Written> & { readonly finish: (e: Written) => string } {
  const nameOf = (value: Rounded): string => {
    const whole = wholeNumber(value);
    if (whole !== null) return whole;
    const name = `c${named.size + 1}`;
    named.set(name, value);
    return name;
  };
  const textOf = (a: Written): string => {
    if (a.text === null) return nameOf(a.value);
    return a.plus === null ? a.text : `(${a.text}+${nameOf(a.plus)})`;
  };
  const checked = (text: string): string => {
    if (text.length > limit) throw new TooLong(`E written out is longer than ${limit} characters`);
    return text;
  };
  const build = (value: Rounded, parts: readonly Written[], text: (parts: readonly string[]) => string): Written =>
    parts.every((p) => !p.varies) ? { text: null, value, varies: false, plus: null }
      : { text: checked(text(parts.map(textOf))), value, varies: true, plus: null };
  const add = (a: Written, b: Written): Written => {
    if (isExactly(a, 0)) return b;
    if (isExactly(b, 0)) return a;
    const value = arithmetic.add(a.value, b.value);
    if (!a.varies && !b.varies) return { text: null, value, varies: false, plus: null };
    const constants = [a, b].flatMap((p) => (!p.varies ? [p.value] : p.plus === null ? [] : [p.plus]));
    const texts = [a, b].flatMap((p) => (p.varies && p.text !== null ? [p.text] : []));
    const [first, second] = constants;
    return {
      text: checked(texts.length === 1 ? texts.join('') : `(${texts.join('+')})`), value, varies: true,
      plus: first === undefined ? null : second === undefined ? first : arithmetic.add(first, second),
    };
  };
  return {
    name: 'text',
    finish: textOf,
    number: (value) => ({ text: fraction(value), value: arithmetic.number(value), varies: false, plus: null }),
    integer: (value) => ({ text: fraction({ n: BigInt(value), d: 1n }), value: represented(value), varies: false, plus: null }),
    whole: ({ value }) => value.value,
    pi: { text: 'pi', value: arithmetic.pi, varies: false, plus: null },
    add,
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
