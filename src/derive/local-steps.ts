// Local derivatives worth a step of their own: those that the forward tensors make short, as ∂p_i/∂a_j = p_i ([i = j] - p_j).

import { index } from '../algebra/affine.ts';
import { contract } from '../algebra/contract.ts';
import { ref } from '../algebra/expression.ts';
import { type AdjointSource, type AdjointWords, type Draft, tensorWords } from './adjoint-steps.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import { compactLocal } from './compact-adjoint.ts';
import { contextOf, useOf } from './use.ts';

/** A step for each use of the adjoint's tensor whose local derivative has a compact form. */
export function localDrafts(equation: AdjointEquation, reverse: Backward, source: AdjointSource, words: AdjointWords): readonly Draft[] {
  return equation.uses.flatMap(({ equation: using }): readonly Draft[] => {
    const use = useOf(using, equation.tensor, equation.axes);
    const axes = [...use.axes, ...equation.axes];
    const value = contract(use.derivative, contextOf(axes)).value;
    const compact = compactLocal(value, axes, reverse.system, source.lookup);
    if (compact === null) return [];
    const by = ref(equation.tensor, equation.axes.map((a) => index(a.index)));
    return [{
      section: words.section, role: 'intermediate', rule: 'compact-form', layers: words.layers, axes, remarks: [], sources: [using.place],
      title: `The derivative of ${tensorWords(using.tensor)} by ${tensorWords(equation.tensor)}`,
      left: { kind: 'partial', of: use.left, by }, relation: '=',
      right: [
        { formula: { kind: 'expression', value }, rule: 'differentiation' },
        { formula: { kind: 'expression', value: compact.value }, rule: 'compact-form' },
      ],
      verified: compact.verified === 'proved' ? 'normal-form' : 'confirmed',
    }];
  });
}
