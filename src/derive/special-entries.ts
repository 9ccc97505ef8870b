// Entries at which a condition of the forward equations is decided: in the augmented form x̃[0] = [0 = 0] + [0 ≥ 1]·x[0] = 1,
// so ∂E/∂W̃[i, 0] = δ_i·x̃[0] is δ_i.

import { type Affine, index, sameAffine } from '../algebra/affine.ts';
import { contract } from '../algebra/contract.ts';
import { adjoint, type Expression, tensorKey } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { plain, plainAffine } from '../algebra/print.ts';
import { holdsBelow, rewrite, substituteIndices } from '../algebra/traverse.ts';
import type { Axis, Equation } from '../spec/network.ts';
import { type Draft, UnverifiedStepError } from './adjoint-steps.ts';
import type { AdjointEquation } from './backward.ts';
import type { LayerRange } from './derivation.ts';
import { agreement, type EquationIndex } from './direct.ts';
import { contextOf } from './use.ts';

/** A step for each axis at whose first entry a tensor with conditions in its equation becomes simpler. */
export function specialEntries(equation: AdjointEquation, lookup: EquationIndex, layers: LayerRange | null): readonly Draft[] {
  return equation.axes.flatMap((axis): Draft[] => {
    const at = new Map([[axis.index, axis.range.lo]]);
    const rest = equation.axes.filter((a) => a !== axis);
    const before = substituteIndices(equation.value, at);
    const used: Equation[] = [];
    const opened = rewrite(before, (x) => {
      if (x.kind !== 'ref' || x.adjoint) return null;
      const forward = lookup.byLeft.get(tensorKey(x.tensor));
      if (forward === undefined || !hasCondition(forward.value) || !touches(x.indices, axis)) return null;
      used.push(forward);
      return substituteIndices(forward.value, new Map(forward.axes.flatMap((a, n): [string, Affine][] => {
        const value = x.indices[n];
        return value === undefined ? [] : [[a.index, value]];
      })));
    });
    const after = contract(opened, contextOf(rest)).value;
    if (used.length === 0 || hasCondition(after)) return [];
    const agrees = agreement(opened, after, rest);
    if (agrees === null) throw new UnverifiedStepError(`${plain(opened)} is not proved to be ${plain(after)}`);
    const entry = equation.axes.map((a) => (a === axis ? axis.range.lo : index(a.index)));
    return [{
      section: 'gradients', role: 'result', rule: 'condition',
      title: `The same at ${axis.index} = ${plainAffine(axis.range.lo)}`,
      left: { kind: 'expression', value: adjoint(equation.tensor, entry) }, relation: '=',
      right: [
        { formula: { kind: 'expression', value: before }, rule: 'substitution' },
        { formula: { kind: 'expression', value: after }, rule: 'condition' },
      ],
      axes: rest, layers, sources: used.map((e) => e.place),
      remarks: used.map((e) => `\`${e.tensor.name}${e.tensor.layer === null ? '' : `^(${showLayer(e.tensor.layer)})`}\` has the entry ${plainAffine(axis.range.lo)} by its conditions alone.`),
      verified: agrees === 'proved' ? 'normal-form' : 'confirmed',
    }];
  });
}

const hasCondition = (e: Expression): boolean => holdsBelow(e, (x) => x.kind === 'bracket');

/** Whether one of the indices is the axis's first entry. */
const touches = (indices: readonly Affine[], axis: Axis): boolean =>
  indices.some((a) => sameAffine(a, axis.range.lo));
