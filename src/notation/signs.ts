// Signs in front of sums: what a substitution such as b = -θ leaves inside is taken out, where it meets other signs.

import { add, bind, type Expression, multiply, number } from '../algebra/expression.ts';
import { SAMPLES } from '../spec/names.ts';
import * as Q from '../algebra/rational.ts';
import { mapChildren } from '../algebra/traverse.ts';

/** The same with Σ(-x) as -Σx, and -(a - b) as b - a. */
export function tidySigns(e: Expression): Expression {
  const below = mapChildren(e, tidySigns);
  switch (below.kind) {
    case 'sum': {
      const { sign, rest } = signOf(below.body);
      return sign ? multiply([number(-1), bind('sum', below.index, below.range, rest)]) : below;
    }
    case 'multiply': {
      const [first, second] = below.factors;
      const isSign = first?.kind === 'number' && Q.equals(first.value, Q.MINUS_ONE);
      return isSign && second?.kind === 'add' && below.factors.length === 2 ? add(second.terms.map(opposite)) : below;
    }
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'product': case 'argmax': case 'add': case 'power': case 'call':
    case 'piecewise': return below;
  }
}

/** The same with Σ x/m as 1/m Σx, where m counts the samples. */
export function withCountInFront(e: Expression): Expression {
  const below = mapChildren(e, withCountInFront);
  if (below.kind !== 'sum' || below.body.kind !== 'multiply') return below;
  const counts = below.body.factors.filter(isCount);
  const rest = below.body.factors.filter((f) => !isCount(f));
  return counts.length === 0 ? below : multiply([...counts, bind('sum', below.index, below.range, multiply(rest))]);
}

/** m, or a power of it. */
function isCount(e: Expression): boolean {
  if (e.kind === 'power') return isCount(e.base);
  const [term, ...others] = e.kind === 'affine' ? e.value.terms : [];
  return e.kind === 'affine' && others.length === 0 && e.value.constant === 0 && term?.symbol.kind === 'size' && term.symbol.name === SAMPLES;
}

const opposite = (e: Expression): Expression => multiply([number(-1), e]);

/** A product's sign, and what is left without it; of a sum of terms only where all have one. */
function signOf(e: Expression): { readonly sign: boolean; readonly rest: Expression } {
  const isNegative = (x: Expression): boolean => (x.kind === 'number' ? Q.sign(x.value) < 0 : x.kind === 'multiply' && x.factors.some((f) => f.kind === 'number' && Q.sign(f.value) < 0));
  if (isNegative(e)) return { sign: true, rest: opposite(e) };
  return e.kind === 'add' && e.terms.every(isNegative) ? { sign: true, rest: add(e.terms.map(opposite)) } : { sign: false, rest: e };
}
