// Quotients written as people know them, and the ones that must be left alone.

import { describe, expect, it } from 'vitest';
import { index } from '../../src/algebra/affine.ts';
import { add, divide, type Expression, multiply, negate, number, one, piecewise, ref, subtract, tensor, zero } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { asKnown } from '../../src/derive/as-known.ts';

const [z, t] = ['z', 't'].map((name) => ref(tensor(name), [index('i')])) as [Expression, Expression];
const slope = multiply([z, subtract(one, z)]);
const where = (entry: Expression, value: number, then: Expression, otherwise: Expression): Expression =>
  piecewise([{ when: { kind: 'compare', relation: '=', left: entry, right: number(value) }, then }], otherwise);

describe('as people know it', () => {
  it('the adjoint of cross-entropy through a sigmoid is z - t', () => {
    expect(plain(asKnown(multiply([negate(subtract(divide(t, z), divide(subtract(one, t), subtract(one, z)))), slope])))).toBe('z[i] - t[i]');
  });

  it('also where a target of 0 or 1 leaves its term out', () => {
    const terms = add([where(t, 0, zero, divide(t, z)), where(t, 1, zero, negate(divide(subtract(one, t), subtract(one, z))))]);
    expect(plain(asKnown(multiply([negate(terms), slope])))).toBe('z[i] - t[i]');
  });

  it('a case that is not what the rest says stays a case', () => {
    const odd = multiply([where(t, 0, number(5), divide(t, z)), z]);
    expect(asKnown(odd)).toBe(odd);
  });

  it('a case that compares otherwise is left alone', () => {
    const sided = multiply([piecewise([{ when: { kind: 'compare', relation: '>', left: t, right: zero }, then: divide(t, z) }], zero), z]);
    expect(asKnown(sided)).toBe(sided);
  });

  it('a quotient that is no polynomial is left alone', () => {
    const quotient = divide(t, add([z, t]));
    expect(asKnown(quotient)).toBe(quotient);
  });
});
