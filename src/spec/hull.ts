// The rectangle around what is not one: a range whose ends depend on other letters (1..t) lies in one of sizes alone (1..time).

import { addAffine, type Affine, affineIndices, integer, type Range } from '../algebra/affine.ts';

/** The least range of sizes and numbers that holds the range whatever its letters are; null where a letter has no known range. */
export function hullOf(range: Range, ranges: ReadonlyMap<string, Range>): Range | null {
  const lo = extreme(range.lo, 'lo', ranges);
  const hi = extreme(range.hi, 'hi', ranges);
  return lo === null || hi === null ? null : { lo, hi };
}

/** An end of a range, its letters at the ends of theirs; each letter's range mentions only letters that stand further out. */
function extreme(a: Affine, end: 'lo' | 'hi', ranges: ReadonlyMap<string, Range>): Affine | null {
  let result: Affine = integer(a.constant);
  for (const term of a.terms) {
    const { symbol, coefficient } = term;
    if (symbol.kind === 'size') {
      result = addAffine(result, { terms: [term], constant: 0 });
      continue;
    }
    const own = ranges.get(symbol.name);
    if (own === undefined) return null;
    const value = extreme(coefficient > 0 === (end === 'hi') ? own.hi : own.lo, coefficient > 0 === (end === 'hi') ? 'hi' : 'lo', ranges);
    if (value === null) return null;
    result = addAffine(result, value, coefficient);
  }
  return result;
}

/** Whether a range depends on letters. */
export const isSlanted = (range: Range): boolean => affineIndices(range.lo).length + affineIndices(range.hi).length > 0;
