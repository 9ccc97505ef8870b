// A sum that a bracket reduces to one term, Σ_v [I = v] f(v), is f with the entry I for its index: E_{x_t,d}. Where I is
// known to be the place of the greatest f, it is the maximum of f.

import { index, plainIndex, type Range, sameAffine } from '../algebra/affine.ts';
import {
  bind, type Expression, type ExpressionOf, isBinder, multiply, negate, one, type Reference, sum, type Test,
} from '../algebra/expression.ts';
import { writing } from '../algebra/print.ts';
import { freeIndices, holdsBelow, mapChildren, substituteIndices } from '../algebra/traverse.ts';
import type { Notation } from './notation.ts';

/** What is known of integer tensors. */
export type Integers = Pick<Notation, 'valuesOf' | 'choiceOf'>;

export type Selection =
  /** f with `by` in the place of the sum's index. */
  | { readonly kind: 'entry'; readonly index: string; readonly by: Reference; readonly body: Expression }
  /** The greatest or least f. */
  | { readonly kind: 'extreme'; readonly operator: 'max' | 'min'; readonly index: string; readonly range: Range; readonly body: Expression };

/** The one term of a sum over all the values that an integer entry can have, or null for any other sum. */
export function selectionOf(e: ExpressionOf<'sum'>, notation: Integers): Selection | null {
  const picked = pick(e.index, e.body);
  if (picked === null) return null;
  const { by, body } = picked;
  const values = notation.valuesOf(by.tensor);
  if (values === null || !sameAffine(values.lo, e.range.lo) || !sameAffine(values.hi, e.range.hi)) return null;
  return extreme(e, by, body, notation)
    ?? (freeIndices(body).has(e.index) && !inRanges(e.index, body) ? { kind: 'entry', index: e.index, by, body } : null);
}

interface Picked {
  readonly by: Reference;
  readonly body: Expression;
}

/** [I = v] and what it multiplies, where I stands fast when v runs. */
function pick(name: string, body: Expression): Picked | null {
  switch (body.kind) {
    case 'bracket': return fromTest(name, body.test);
    case 'multiply': {
      for (const [n, factor] of body.factors.entries()) {
        const found = factor.kind === 'bracket' ? fromTest(name, factor.test) : null;
        if (found !== null) return { by: found.by, body: multiply([...body.factors.slice(0, n), found.body, ...body.factors.slice(n + 1)]) };
      }
      return null;
    }
    case 'sum': {
      const inner = pick(name, body.body);
      return inner === null || freeIndices(inner.by).has(body.index) ? null
        : { by: inner.by, body: sum(body.index, body.range, inner.body) };
    }
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'product': case 'argmax': case 'add': case 'power': case 'call':
    case 'piecewise': return null;
  }
}

function fromTest(name: string, test: Test): Picked | null {
  if (test.kind === 'compare') {
    if (test.relation !== '=') return null;
    const [by, value] = test.left.kind === 'ref' ? [test.left, test.right] : [test.right, test.left];
    const isOwn = value.kind === 'affine' && plainIndex(value.value) === name;
    return isOwn && by.kind === 'ref' && !by.adjoint && !freeIndices(by).has(name) ? { by, body: one } : null;
  }
  if (test.kind !== 'and') return null;
  for (const [n, part] of test.tests.entries()) {
    const found = fromTest(name, part);
    const others = test.tests.filter((_, m) => m !== n);
    const [only] = others;
    if (found !== null && only !== undefined) {
      const rest: Test = others.length === 1 ? only : { kind: 'and', tests: others };
      return { by: found.by, body: multiply([found.body, { kind: 'bracket', test: rest }]) };
    }
  }
  return null;
}

/** Whether an index stands in the range of a sum below: there no entry can be written. */
const inRanges = (name: string, e: Expression): boolean => holdsBelow(e, (x) =>
  isBinder(x) && [x.range.lo, x.range.hi].some((end) => end.terms.some((t) => t.symbol.kind === 'index' && t.symbol.name === name)));

/** max_v f(v), where the entry is defined as the argmax of the very same f. */
function extreme(e: ExpressionOf<'sum'>, by: Reference, body: Expression, notation: Integers): Selection | null {
  const choice = notation.choiceOf(by.tensor);
  if (choice?.value.kind !== 'argmax' || choice.axes.length !== by.indices.length) return null;
  const at = new Map(choice.axes.map((axis, n) => [axis.index, by.indices[n] ?? index(axis.index)] as const));
  const meant = substituteIndices(choice.value, at);
  if (meant.kind !== 'argmax' || !sameAffine(meant.range.lo, e.range.lo) || !sameAffine(meant.range.hi, e.range.hi)) return null;
  const compared = substituteIndices(meant.body, new Map([[meant.index, index(e.index)]]));
  const operator = sameUpToNames(compared, body) ? 'max' : sameUpToNames(compared, negate(body)) ? 'min' : null;
  return operator === null ? null : { kind: 'extreme', operator, index: e.index, range: e.range, body };
}

/** Whether two expressions differ in the names of their bound indices alone. */
const sameUpToNames = (a: Expression, b: Expression): boolean => writing(numbered(a, 0)) === writing(numbered(b, 0));

/** Bound indices are called by their depth. */
function numbered(e: Expression, depth: number): Expression {
  if (!isBinder(e)) return mapChildren(e, (child) => numbered(child, depth));
  const name = `#${String(depth)}`;
  return bind(e.kind, name, e.range, numbered(substituteIndices(e.body, new Map([[e.index, index(name)]])), depth + 1));
}
