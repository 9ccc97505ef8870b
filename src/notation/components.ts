// What a step gives for an entry of a tensor or of an adjoint: what vector forms are found for.

import { plainIndex } from '../algebra/affine.ts';
import { isNumber } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Step } from '../derive/derivation.ts';
import type { ComponentFormula } from './arrangement.ts';

/** What a step gives for an entry, where that is more than a number. */
export function componentsOf(step: Step): ComponentFormula | null {
  const result = step.right.at(-1)?.formula;
  const left = step.left.kind === 'expression' ? step.left.value
    : step.left.kind === 'partial' && step.left.of === null ? step.left.by : null;
  if (result?.kind !== 'expression' || left?.kind !== 'ref') return null;
  // Of numbers alone there is nothing to arrange.
  if (isNumber(result.value, 0) || [left, ...references(result.value)].every((r) => r.indices.length === 0)) return null;
  const axes = left.indices.map((a) => step.axes.find((axis) => axis.index === plainIndex(a)));
  const known = axes.filter((a) => a !== undefined);
  return known.length !== axes.length ? null
    : { tensor: left.tensor, adjoint: left.adjoint || step.left.kind === 'partial', axes: known, value: result.value };
}
