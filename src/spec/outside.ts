// Entries outside the axes of a tensor, where the file says what they are worth: guarded where an index can leave.

import { type Affine, type Range, subtractAffine } from '../algebra/affine.ts';
import { bracket, type Expression, indexAtLeast, multiply, number, piecewise, type Reference, type Test } from '../algebra/expression.ts';
import { isZero, type Rational } from '../algebra/rational.ts';
import { type Known, whereOutside } from './extent.ts';
import type { Meaning } from './meaning.ts';

/** The entry, or what is outside: [0 <= t - 1] · x[t - 1] for 0, cases for any other number. */
export function orOutside(entry: Reference, worth: Rational, meaning: Meaning | undefined, known: Known): Expression {
  const axes = meaning?.kind === 'tensor' ? (meaning.axes ?? []) : [];
  const tests = axes.flatMap(({ range }, n): readonly Test[] => {
    const index = entry.indices[n];
    return index === undefined ? [] : leaving(index, range, known);
  });
  const [only] = tests;
  if (only === undefined) return entry;
  const inside: Test = tests.length === 1 ? only : { kind: 'and', tests };
  return isZero(worth) ? multiply([bracket(inside), entry]) : piecewise([{ when: inside, then: entry }], number(worth));
}

/** The conditions that keep an index inside: for each end that it can pass. */
function leaving(index: Affine, range: Range, known: Known): readonly Test[] {
  const passes = (only: Range): boolean => whereOutside(index, only, known).kind !== 'inside';
  return [
    ...(passes({ lo: range.lo, hi: index }) ? [indexAtLeast(subtractAffine(index, range.lo))] : []),
    ...(passes({ lo: index, hi: range.hi }) ? [indexAtLeast(subtractAffine(range.hi, index))] : []),
  ];
}
