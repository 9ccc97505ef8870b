// What an entry of a tensor is, by the tensor's equation.

import { type Expression, type Reference, tensorKey } from '../../algebra/expression.ts';
import { substituteIndices } from '../../algebra/traverse.ts';
import type { Equation } from '../../spec/network.ts';

/** Equations by the tensorKey of what they define. */
export type Defining = ReadonlyMap<string, Equation>;

/** What an entry is, by its equation; null where it has none. */
export function definitionOf(r: Reference, defining: Defining): Expression | null {
  const equation = r.adjoint ? undefined : defining.get(tensorKey(r.tensor));
  if (equation === undefined) return null;
  return substituteIndices(equation.value, new Map(equation.axes.flatMap((axis, n) => {
    const at = r.indices[n];
    return at === undefined ? [] : [[axis.index, at]];
  })));
}
