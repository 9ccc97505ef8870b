// Contraction decides cases by what is known of the indices, and by what the cases before did not take.

import { describe, expect, it } from 'vitest';
import { addAffine, type Affine, index, integer, size, subtractAffine } from '../../src/algebra/affine.ts';
import { type Context, emptyContext, withAssumption, withRange } from '../../src/algebra/bounds.ts';
import { contract } from '../../src/algebra/contract.ts';
import { add, bracket, type Expression, indexAtLeast, indexEqual, multiply, not, number, piecewise, ref, tensor, type Test } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';

const [i, n] = [index('i'), size('n')];
const entry = (name: string): Expression => ref(tensor(name), [i]);
const [a, b, c] = [entry('a'), entry('b'), entry('c')];
const atLeast = (value: Affine, bound: Affine): Test => indexAtLeast(subtractAffine(value, bound));
const atMost = (value: Affine, bound: Affine): Test => atLeast(bound, value);
const above = (value: Affine, bound: number): Test => atLeast(value, integer(bound + 1));
const inRange = withRange(emptyContext, 'i', { lo: integer(1), hi: n });
const cases = (...branches: readonly (readonly [Test, Expression])[]): Expression => piecewise(branches.map(([when, then]) => ({ when, then })), c);
const contracted = (e: Expression, context: Context = inRange): string => plain(contract(e, context).value);

describe('cases', () => {
  it('that the range of an index rules out leave', () => {
    expect(contracted(cases([above(i, 0), a]))).toBe(plain(a));
    expect(contracted(cases([atLeast(i, addAffine(n, integer(1))), a]))).toBe(plain(c));
    expect(contracted(cases([atMost(i, integer(0)), a], [above(i, 1), b]))).toBe(plain(cases([above(i, 1), b])));
  });

  it('behind one that is certain leave, and those before it stay', () => {
    expect(contracted(cases([above(i, 1), a], [above(i, 0), b], [above(i, 2), a]))).toBe(plain(piecewise([{ when: above(i, 1), then: a }], b)));
  });

  it('that an earlier case took, or left over, are decided by it', () => {
    // Not above 1, so neither above 2; and certainly at most 1.
    expect(contracted(cases([above(i, 1), a], [above(i, 2), b]))).toBe(plain(cases([above(i, 1), a])));
    expect(contracted(cases([above(i, 1), a], [atMost(i, integer(1)), b]))).toBe(plain(piecewise([{ when: above(i, 1), then: a }], b)));
    // What an undecided case says holds in it alone: behind it, its opposite does.
    expect(contracted(cases([above(i, 2), a], [above(i, 1), b]))).toBe(plain(cases([above(i, 2), a], [above(i, 1), b])));
  });

  it('hold inside what they guard, and not outside', () => {
    const guard = bracket(above(i, 1));
    expect(contracted(piecewise([{ when: above(i, 1), then: multiply([guard, a]) }], multiply([guard, b])))).toBe(plain(piecewise([{ when: above(i, 1), then: a }], number(0))));
    expect(contracted(piecewise([{ when: above(i, 2), then: a }], add([multiply([guard, b]), c])))).toBe(plain(piecewise([{ when: above(i, 2), then: a }], add([multiply([guard, b]), c]))));
    const first = bracket(indexEqual(subtractAffine(i, integer(1))));
    expect(contracted(piecewise([{ when: above(i, 1), then: add([multiply([first, a]), b]) }], c))).toBe(plain(cases([above(i, 1), b])));
  });

  it('are decided by what is assumed, and say so', () => {
    const known = withAssumption(inRange, subtractAffine(i, integer(3)));
    const { value, discharged } = contract(cases([not(above(i, 2)), a], [above(i, 1), b]), known);
    expect([plain(value), discharged]).toEqual([plain(b), [not(above(i, 2)), above(i, 1)]]);
    expect(contract(cases([above(i, 3), a]), known).discharged).toEqual([]);
  });
});
