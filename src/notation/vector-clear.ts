// Whether a vector form says a thing more clearly than its components do; otherwise nobody is helped by it.

import { type Expression, isNumber } from '../algebra/expression.ts';
import { notationOf } from './notation.ts';
import { type Box, parts } from './box.ts';
import { typeset } from './typeset.ts';
import type { Arrangement, VectorForm } from './arrangement.ts';
import type { EinsumForm } from './einsum.ts';
import { vectorBoxes } from './vector-box.ts';

/**
 * No more symbols than the components, no totals of a vector with ones, no diag within diag, at most one constant in front,
 * and slices (P_{:,t}) only where matrices are multiplied.
 */
export function isClear(form: VectorForm, components: Expression): boolean {
  const notation = notationOf({});
  if (!reads(form.right, false) || (isSlice(form.left) && !contracts(form.right))) return false;
  return symbols(vectorBoxes(form, notation).right) <= symbols(typeset(components, notation));
}

/** The same for an einsum, and three axes or more: of two, matrices say it. */
export function isClearEinsum(form: EinsumForm, components: Expression): boolean {
  const notation = notationOf({});
  const axes = Math.max(...form.terms.map((t) => new Set(t.operands.flatMap((o) => Array.from(o.letters))).size));
  return axes >= 3 && symbols(vectorBoxes(form, notation).right) <= symbols(typeset(components, notation));
}

/** P_{:,t}, but not h_t: an index that is held fast stands behind one that is not. */
const isSlice = (a: Arrangement): boolean => a.kind === 'tensor' && a.at.some((index, n) => index !== null && a.at.slice(0, n).includes(null));

/** Whether matrices are multiplied: more than numbers, diagonals and ones. */
function contracts(a: Arrangement): boolean {
  switch (a.kind) {
    case 'tensor': case 'scalar': case 'ones': case 'identity': case 'by-vec': return false;
    case 'product': return a.factors.filter((f) => f.kind !== 'diag' && f.kind !== 'ones').length > 1 || a.factors.some(contracts);
    case 'hadamard': return a.factors.some(contracts);
    case 'scaled': return (a.of === null ? a.by : [...a.by, a.of]).some(contracts);
    case 'add': return a.terms.some(contracts);
    case 'square': case 'kronecker': return true;
    case 'diag': case 'transpose': case 'vec': case 'over': case 'chosen': return contracts(a.of);
    case 'apply': return contracts(a.argument);
    case 'power': return contracts(a.base);
  }
}

function reads(a: Arrangement, inDiag: boolean): boolean {
  const all = (of: readonly Arrangement[]): boolean => of.every((part) => reads(part, inDiag));
  switch (a.kind) {
    case 'tensor': case 'scalar': case 'identity': case 'by-vec': return true;
    case 'ones': return a.use !== 'total';
    case 'product': case 'hadamard': case 'kronecker': return all(a.factors);
    case 'scaled': return a.by.filter((factor) => factor.kind === 'scalar' && !isNumber(factor.value, -1)).length <= 1 && all(a.of === null ? a.by : [...a.by, a.of]);
    case 'add': return all(a.terms);
    case 'diag': return !inDiag && reads(a.of, true);
    case 'apply': return reads(a.argument, inDiag);
    case 'power': return reads(a.base, inDiag);
    case 'square': case 'transpose': case 'vec': case 'over': case 'chosen': return reads(a.of, inDiag);
  }
}

/** Letters, numbers and signs of sums; ones, scripts, signs between them, brackets and diag do not count. */
function symbols(m: Box): number {
  const inner = parts(m).reduce((n, part) => n + symbols(part), 0);
  switch (m.kind) {
    case 'integer': case 'decimal': case 'letter': return 1;
    case 'ones': case 'identity': return 0;
    case 'shaped': return symbols(m.body);
    case 'over': case 'elementary': case 'einsum': return 1 + inner;
    case 'power': return m.base.kind === 'diag' ? symbols(m.base) : inner;
    case 'plus': case 'times': case 'fraction': case 'root': case 'apply': case 'bracket': case 'cases': case 'partial': case 'nabla': case 'diag':
    case 'transpose': case 'norm': case 'absolute': case 'vec': case 'group': case 'brace': return inner;
  }
}
