// The gradients for all samples, derived anew with the samples axis: the gradient of a sum is the sum of the gradients.

import { index } from '../algebra/affine.ts';
import { adjoint, type Tensor, tensorKey } from '../algebra/expression.ts';
import type { System } from '../spec/network.ts';
import { type AdjointSource, type Draft, tensorWords, verifyAdjoint } from './adjoint-steps.ts';
import type { AdjointEquation } from './backward.ts';
import { indexEquations } from './direct.ts';
import { backward } from './reverse.ts';

/** A step for each of the parameters that `isParameter` names, in a system with the samples axis written out. */
export function sampleSteps(system: System, signals: readonly Tensor[], seeds: readonly Tensor[], isParameter: (t: Tensor) => boolean): readonly Draft[] {
  const reverse = backward(system, signals, seeds);
  const named = new Set([...reverse.equations.map((e) => tensorKey(e.tensor)), ...seeds.map(tensorKey)]);
  const source: AdjointSource = { lookup: indexEquations(system), named, total: system.total };
  return reverse.equations.filter((e) => e.role === 'parameter' && isParameter(e.tensor)).map((equation): Draft => ({
    ...shortStep(equation, source, `The gradient by ${tensorWords(equation.tensor)} for all samples`), section: 'samples', rule: 'sum-rule',
  }));
}

/** A verified formula without the way to it. */
export function shortStep(equation: AdjointEquation, source: AdjointSource, title: string): Draft {
  const rule = equation.role === 'parameter' ? 'gradient' : 'recursion';
  return {
    section: 'layers', role: equation.role === 'intermediate' ? 'intermediate' : 'result', rule, title,
    left: { kind: 'expression', value: adjoint(equation.tensor, equation.axes.map((a) => index(a.index))) }, relation: '=',
    right: [{ formula: { kind: 'expression', value: equation.value }, rule }],
    axes: equation.axes, layers: null, sources: [...new Set(equation.uses.map((u) => u.equation.place))], remarks: [],
    verified: verifyAdjoint(equation, source),
  };
}
