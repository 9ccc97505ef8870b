// Factors that do not depend on a summed index leave the sum: Σ_j f(i) g(j) = f(i) Σ_j g(j), where the sum is not empty.

import { addAffine, integer, subtractAffine } from '../algebra/affine.ts';
import { type Context, provablyNonNegative, withRange } from '../algebra/bounds.ts';
import { affineValue, type Expression, type ExpressionOf, isNumber, multiply, sum } from '../algebra/expression.ts';
import { freeIndices, mapChildren, references } from '../algebra/traverse.ts';
import { assume } from '../algebra/contract.ts';

/** Pulls factors out of every sum of e. An empty sum is 0 whatever the factor is, so only where it cannot be empty. */
export function pullInvariants(e: Expression, context: Context): Expression {
  if (e.kind !== 'sum') return mapChildren(e, (child) => pullInvariants(child, context));
  const inner = withRange(context, e.index, e.range);
  return outOf({ ...e, body: pullInvariants(e.body, inner) }, context);
}

function outOf(e: ExpressionOf<'sum'>, context: Context): Expression {
  const factors = e.body.kind === 'multiply' ? e.body.factors : [e.body];
  const invariant = factors.filter((f) => !freeIndices(f).has(e.index));
  if (invariant.length === 0 || !provablyNonNegative(subtractAffine(e.range.hi, e.range.lo), context)) return e;
  const rest = factors.filter((f) => !invariant.includes(f));
  if (rest.some((f) => f.kind === 'bracket')) return e;
  const count = affineValue(addAffine(subtractAffine(e.range.hi, e.range.lo), integer(1)));
  const remaining = multiply(rest);
  return multiply([...invariant, isNumber(remaining, 1) ? count : sum(e.index, e.range, remaining)]);
}

/** Whether every entry that e reads exists, whatever brackets around e say. `ranges` gives a tensor's index ranges. */
export function readsInside(
  e: Expression, context: Context, extents: (r: ExpressionOf<'ref'>) => readonly { base: number; end: number | null }[],
): boolean {
  switch (e.kind) {
    case 'sum': case 'product': case 'argmax': return readsInside(e.body, withRange(context, e.index, e.range), extents);
    case 'multiply': {
      const known = e.factors.reduce((c, f) => (f.kind === 'bracket' ? assume(c, f.test) : c), context);
      return e.factors.every((f) => readsInside(f, known, extents));
    }
    case 'ref': return extents(e).every(({ base, end }, n) => {
      const value = e.indices[n];
      if (value === undefined) return false;
      return provablyNonNegative(addAffine(value, integer(-base)), context)
        && (end === null || provablyNonNegative(subtractAffine(integer(end), value), context));
    });
    case 'piecewise': return references(e).length === 0 || (e.branches.every((b) => readsInside(b.then, assume(context, b.when), extents))
      && readsInside(e.otherwise, context, extents));
    case 'number': case 'constant': case 'symbol': case 'affine': case 'bracket': case 'add': case 'power': case 'call':
      return childrenInside(e, context, extents);
  }
}

function childrenInside(e: Expression, context: Context, extents: Parameters<typeof readsInside>[2]): boolean {
  let inside = true;
  mapChildren(e, (child) => {
    inside &&= readsInside(child, context, extents);
    return child;
  });
  return inside;
}
