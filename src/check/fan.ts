// How many entries of a parameter are added up where it is used: what its entries must be small against for sums to stay of
// order one, whatever the order of its axes is.

import { type Affine, affineIndices } from '../algebra/affine.ts';
import { type Expression, tensorKey } from '../algebra/expression.ts';
import { children } from '../algebra/traverse.ts';
import { sizeValue } from '../evaluate/block.ts';
import type { System } from '../spec/network.ts';

/** By tensor key: the extents of the sums over the indices of an entry, multiplied, where that is most. */
export function fans(system: System, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  const walk = (e: Expression, summed: ReadonlyMap<string, number>): void => {
    if (e.kind === 'ref') {
      const own = new Set(e.indices.flatMap(affineIndices));
      const fan = [...summed].reduce((n, [index, extent]) => (own.has(index) ? n * extent : n), 1);
      const key = tensorKey(e.tensor);
      most.set(key, Math.max(most.get(key) ?? 1, fan));
      return;
    }
    const inside = e.kind === 'sum' ? new Map([...summed, [e.index, isSelected(e.body, e.index) ? 1 : extentOf(e.range.lo, e.range.hi, sizes)]])
      : e.kind === 'product' || e.kind === 'argmax' ? new Map([...summed].filter(([index]) => index !== e.index)) : summed;
    for (const child of children(e)) walk(child, inside);
  };
  for (const { value } of system.equations) walk(value, new Map());
  return most;
}

const extentOf = (lo: Affine, hi: Affine, sizes: ReadonlyMap<string, number>): number =>
  [lo, hi].every((a) => affineIndices(a).length === 0) ? Math.max(1, sizeValue(hi, sizes) - sizeValue(lo, sizes) + 1) : 1;

/** Whether the sum has but one term that is not zero: Σ_v [token = v]·f(v). */
const isSelected = (body: Expression, index: string): boolean =>
  (body.kind === 'multiply' ? body.factors : [body]).some((f) => f.kind === 'bracket' && (
    f.test.kind === 'compare' ? f.test.relation === '=' && [f.test.left, f.test.right].some((side) => side.kind === 'affine' && affineIndices(side.value).includes(index))
      : f.test.kind === 'index' && f.test.relation === '=' && affineIndices(f.test.value).includes(index)));
