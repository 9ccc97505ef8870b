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

interface Special {
  readonly at: Affine;
  readonly rest: readonly Axis[];
  /** With the entry put in, with the equations of what has conditions, and without what they decide. */
  readonly before: Expression;
  readonly opened: Expression;
  readonly after: Expression;
  readonly used: readonly Equation[];
  /** Whether those equations come to numbers there. */
  readonly constant: boolean;
}

/** A step for each axis at whose first entry a tensor with conditions in its equation becomes simpler; at the last, if it is a number only there. */
export function specialEntries(equation: AdjointEquation, lookup: EquationIndex, layers: LayerRange | null): readonly Draft[] {
  return equation.axes.flatMap((axis): Draft[] => {
    const [first, last] = [axis.range.lo, axis.range.hi].map((at) => specialAt(at, axis, equation, lookup));
    const special = last?.constant === true && first?.constant !== true ? last : first ?? null;
    if (special === null) return [];
    const { at, rest, before, opened, after, used } = special;
    const agrees = agreement(opened, after, rest);
    if (agrees === null) throw new UnverifiedStepError(`${plain(opened)} is not proved to be ${plain(after)}`);
    const entry = equation.axes.map((a) => (a === axis ? at : index(a.index)));
    return [{
      section: 'gradients', role: 'result', rule: 'condition',
      title: `The same at \`${axis.index} = ${plainAffine(at)}\``,
      left: { kind: 'expression', value: adjoint(equation.tensor, entry) }, relation: '=',
      right: [
        { formula: { kind: 'expression', value: before }, rule: 'substitution' },
        { formula: { kind: 'expression', value: after }, rule: 'condition' },
      ],
      axes: rest, layers, sources: used.map((e) => e.place),
      remarks: used.map((e) => `\`${e.tensor.name}${e.tensor.layer === null ? '' : `^(${showLayer(e.tensor.layer)})`}\` has the entry ${plainAffine(at)} by its conditions alone.`),
      verified: agrees === 'proved' ? 'normal-form' : 'confirmed',
    }];
  });
}

/** Null where nothing becomes simpler. */
function specialAt(at: Affine, axis: Axis, equation: AdjointEquation, lookup: EquationIndex): Special | null {
  const rest = equation.axes.filter((a) => a !== axis);
  const before = substituteIndices(equation.value, new Map([[axis.index, at]]));
  const used: Equation[] = [];
  const values: Expression[] = [];
  const opened = rewrite(before, (x) => {
    if (x.kind !== 'ref' || x.adjoint) return null;
    const forward = lookup.byLeft.get(tensorKey(x.tensor));
    if (forward === undefined || !hasCondition(forward.value) || !x.indices.some((a) => sameAffine(a, at))) return null;
    const value = substituteIndices(forward.value, new Map(forward.axes.flatMap((a, n): [string, Affine][] => {
      const to = x.indices[n];
      return to === undefined ? [] : [[a.index, to]];
    })));
    used.push(forward);
    values.push(contract(value, contextOf(rest)).value);
    return value;
  });
  const after = contract(opened, contextOf(rest)).value;
  return used.length === 0 || hasCondition(after) ? null : { at, rest, before, opened, after, used, constant: values.every((v) => v.kind === 'number') };
}

const hasCondition = (e: Expression): boolean => holdsBelow(e, (x) => x.kind === 'bracket');
