// Which range a letter would need so that an index such as t + r - 1 stays inside its axis, whatever the sizes are.

import { addAffine, type Affine, affineIndices, coefficientOf, constantOf, integer, type Range, sameAffine, subtractAffine } from '../algebra/affine.ts';
import type { Letters } from './affine-syntax.ts';
import { extentOf } from './port-sizes.ts';

export interface FittingRange {
  readonly letter: string;
  readonly range: Range;
}

/** A part of the range of one letter of the index; best one end of it is the end of the letter's own range. */
export function fittingRange(index: Affine, axis: Range, letters: Letters): FittingRange | null {
  const used = new Set(affineIndices(index));
  // Letters of the left side stand first: it is their range that the size of a result follows from.
  const candidates = [...letters.values()].filter((l) => used.has(l.index)).flatMap((l) => candidate(l.index, index, axis, letters));
  return candidates.find(({ kept }) => kept)?.fitting ?? candidates[0]?.fitting ?? null;
}

function candidate(name: string, index: Affine, axis: Range, letters: Letters): readonly { fitting: FittingRange; kept: boolean }[] {
  const [letter, own] = [...letters].find(([, l]) => l.index === name) ?? [];
  const coefficient = coefficientOf(index, { kind: 'index', name });
  const rest = boundsOf(index, name, letters);
  if (letter === undefined || own === undefined || rest === null || Math.abs(coefficient) !== 1) return [];
  const lo = coefficient > 0 ? subtractAffine(axis.lo, rest.lo) : subtractAffine(rest.hi, axis.hi);
  const hi = coefficient > 0 ? subtractAffine(axis.hi, rest.hi) : subtractAffine(rest.lo, axis.lo);
  const range = { lo: atMost(lo, own.range.lo) ? own.range.lo : lo, hi: atMost(own.range.hi, hi) ? own.range.hi : hi };
  // One entry, or none, is no range that anybody means.
  if (constantOf(extentOf(range)) !== null && constantOf(extentOf(own.range)) === null) return [];
  if (atMost(range.hi, subtractAffine(range.lo, integer(1)))) return [];
  return [{ fitting: { letter, range }, kept: sameAffine(range.lo, own.range.lo) || sameAffine(range.hi, own.range.hi) }];
}

/** The least and the largest value of what stands in an index beside one letter; null where a letter has no known range. */
function boundsOf(index: Affine, without: string, letters: Letters): Range | null {
  let lo: Affine = integer(index.constant);
  let hi: Affine = lo;
  for (const term of index.terms) {
    const { symbol, coefficient } = term;
    if (symbol.kind === 'size') {
      const alone: Affine = { terms: [term], constant: 0 };
      [lo, hi] = [addAffine(lo, alone), addAffine(hi, alone)];
    } else if (symbol.name !== without) {
      const range = [...letters.values()].find((l) => l.index === symbol.name)?.range;
      if (range === undefined) return null;
      lo = addAffine(lo, coefficient > 0 ? range.lo : range.hi, coefficient);
      hi = addAffine(hi, coefficient > 0 ? range.hi : range.lo, coefficient);
    }
  }
  return { lo, hi };
}

/** Whether a ≤ b for all sizes ≥ 1, as the coefficients show. */
function atMost(a: Affine, b: Affine): boolean {
  const { terms, constant } = subtractAffine(b, a);
  return terms.every((t) => t.symbol.kind === 'size' && t.coefficient >= 0) && terms.reduce((total, t) => total + t.coefficient, constant) >= 0;
}
