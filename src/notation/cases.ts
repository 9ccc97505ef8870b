// Case distinctions as they are written on paper: |x| and sgn(x) for what abs and sign stand for, and no cases within
// the last case.

import { type Branch, type Expression, type ExpressionOf, isNumber, multiply, negate } from '../algebra/expression.ts';

export type Cases =
  | { readonly kind: 'cases'; readonly branches: readonly Branch[]; readonly otherwise: Expression }
  /** factor · |of| */
  | { readonly kind: 'absolute'; readonly factor: Expression | null; readonly of: Expression }
  /** factor · sgn(of) */
  | { readonly kind: 'sign'; readonly factor: Expression | null; readonly of: Expression };

export function casesOf(e: ExpressionOf<'piecewise'>): Cases {
  const { branches, otherwise } = flat(e);
  const [up, down] = branches;
  const of = up === undefined ? null : positive(up);
  const opposite = down === undefined ? null : negative(down);
  const isSign = up !== undefined && down !== undefined && of !== null && opposite !== null && branches.length === 2
    && isNumber(otherwise, 0) && same(of, opposite) && same(negate(up.then), down.then);
  if (!isSign) return { kind: 'cases', branches, otherwise };
  if (same(up.then, of)) return { kind: 'absolute', factor: null, of };
  const factors = up.then.kind === 'multiply' ? up.then.factors : [up.then];
  const at = factors.findIndex((f) => same(f, of));
  if (at >= 0) return { kind: 'absolute', factor: multiply(factors.filter((_, n) => n !== at)), of };
  return { kind: 'sign', factor: isNumber(up.then, 1) ? null : up.then, of };
}

/** { a if p; { b if q; c otherwise } otherwise } as { a if p; b if q; c otherwise }. */
function flat(e: ExpressionOf<'piecewise'>): { readonly branches: readonly Branch[]; readonly otherwise: Expression } {
  if (e.otherwise.kind !== 'piecewise') return e;
  const inner = flat(e.otherwise);
  return { branches: [...e.branches, ...inner.branches], otherwise: inner.otherwise };
}

/** x for the condition x > 0. */
const positive = ({ when }: Branch): Expression | null =>
  (when.kind === 'compare' && when.relation === '>' && isNumber(when.right, 0) ? when.left : null);

/** x for the condition 0 > x. */
const negative = ({ when }: Branch): Expression | null =>
  (when.kind === 'compare' && when.relation === '>' && isNumber(when.left, 0) ? when.right : null);

const same = (a: Expression, b: Expression): boolean => a === b || writing(a) === writing(b);
const writing = (e: Expression): string => JSON.stringify(e, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
