// Whether a vector form says a thing more clearly than its components do; otherwise nobody is helped by it.

import type { Expression } from '../algebra/expression.ts';
import { notationOf } from './notation.ts';
import { type Box, parts } from './box.ts';
import { typeset } from './typeset.ts';
import type { Arrangement, VectorForm } from './vector.ts';
import { vectorBoxes } from './vector-box.ts';

/** No more symbols than the components, no products with ones, no diag within diag, and at most one constant in front. */
export function isClear(form: VectorForm, components: Expression): boolean {
  const notation = notationOf({});
  return reads(form.right, false) && symbols(vectorBoxes(form, notation).right) <= symbols(typeset(components, notation));
}

function reads(a: Arrangement, inDiag: boolean): boolean {
  const all = (of: readonly Arrangement[]): boolean => of.every((part) => reads(part, inDiag));
  switch (a.kind) {
    case 'tensor': case 'scalar': case 'ones': return true;
    case 'product': return a.factors.every((f) => f.kind !== 'ones') && all(a.factors);
    case 'hadamard': return all(a.factors);
    case 'scaled': return a.by.filter((factor) => factor.kind === 'scalar').length <= 1 && all(a.of === null ? a.by : [...a.by, a.of]);
    case 'add': return all(a.terms);
    case 'diag': return !inDiag && reads(a.of, true);
    case 'apply': return reads(a.argument, inDiag);
    case 'power': return reads(a.base, inDiag);
    case 'square': return reads(a.of, inDiag);
  }
}

/** Letters, numbers and signs of sums; scripts, signs between them, brackets and diag do not count. */
function symbols(m: Box): number {
  const inner = parts(m).reduce((n, part) => n + symbols(part), 0);
  switch (m.kind) {
    case 'integer': case 'decimal': case 'letter': case 'ones': return 1;
    case 'sum': case 'elementary': return 1 + inner;
    case 'plus': case 'times': case 'fraction': case 'power': case 'root': case 'apply': case 'bracket': case 'cases': case 'partial': case 'diag':
    case 'transpose': case 'norm': case 'absolute': case 'group': case 'brace': return inner;
  }
}
