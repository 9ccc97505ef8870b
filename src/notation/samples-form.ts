// A formula of one sample said of all samples at once, and its vector form: Z = W A + b 𝟏ᵀ, ∂E/∂W = dZ Aᵀ, ∂E/∂b = dZ 𝟏.

import { index, integer } from '../algebra/affine.ts';
import { contract } from '../algebra/contract.ts';
import { differentiate } from '../algebra/differentiate.ts';
import { add, affineValue, divide, type Expression, isBinder, multiply, ref, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { freeIndices, freshIndex, holdsBelow, mapChildren, references, visit } from '../algebra/traverse.ts';
import { contextOf } from '../derive/use.ts';
import type { Axis, System } from '../spec/network.ts';
import { isSamplesAxis, liftExpression, liftSamples, samplesSize } from '../spec/samples.ts';
import type { ComponentFormula, VectorForm } from './arrangement.ts';
import { declaredAs, type Declarations } from './declared.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import { type LetterChoice, vectorForm, vectorForms } from './vector.ts';

/** How the losses of the samples make up E, besides penalties. */
export type Reduction = 'sum' | 'mean';

/**
 * The vector form for all samples of what a formula says of one, with the samples as the layout has them; where there is none with a
 * sample for each column or row, one for each sample. Null where there is neither.
 * @param system the equations of one sample that the formula belongs to; with E, where there are penalties
 */
export function batchForm(formula: ComponentFormula, layout: MatrixLayout, system: System, reduction: Reduction = 'sum', letters?: LetterChoice): VectorForm | null {
  return firstOf(formula, layout, system, reduction, (...of) => vectorForm(...of, letters));
}

/** The same, all forms that are found. */
export function batchForms(formula: ComponentFormula, layout: MatrixLayout, system: System, reduction: Reduction = 'sum', letters?: LetterChoice): readonly VectorForm[] {
  return firstOf(formula, layout, system, reduction, (...of) => {
    const found = vectorForms(...of, letters);
    return found.length === 0 ? null : found;
  }) ?? [];
}

function firstOf<T>(
  formula: ComponentFormula, layout: MatrixLayout, system: System, reduction: Reduction,
  find: (formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations) => T | null,
): T | null {
  const lifted = ofAllSamples(formula, system, reduction);
  if (lifted === null) return null;
  const { declarations } = liftSamples(system).system;
  return find(lifted, layout, declarations) ?? (layout.samples === 'sum' ? null : find(lifted, { ...layout, samples: 'sum' }, declarations));
}

/**
 * A formula of one sample with the samples index in front of every tensor that each sample has for itself; what is shared gets the sum
 * over the samples. A formula that names the samples stays as it is. Null where it cannot be told which parts of a gradient come from the samples and which from a penalty.
 */
export function ofAllSamples(formula: ComponentFormula, system: System, reduction: Reduction = 'sum'): ComponentFormula | null {
  if (formula.axes.some(isSamplesAxis) || holdsBelow(formula.value, (e) => isBinder(e) && isSamplesAxis(e))) return formula;
  const s = sampleLetter(formula);
  const axis: Axis = { index: s, range: { lo: integer(1), hi: samplesSize } };
  const named = references(formula.value).map((r) => r.tensor);
  const perSample = new Set([formula.tensor, ...named].filter((t) => isPerSample(t, system)).map(tensorKey));
  const lift = (e: Expression): Expression => {
    const lifted = liftExpression(e, perSample, s);
    return formula.adjoint && reduction === 'mean' ? withoutSeed(lifted, (part) => divide(part, affineValue(samplesSize))) : lifted;
  };
  if (perSample.has(tensorKey(formula.tensor))) return { ...formula, axes: [axis, ...formula.axes], value: lift(formula.value) };
  const parts = formula.value.kind === 'add' ? formula.value.terms : [formula.value];
  const ofSamples = (e: Expression): boolean => holdsBelow(e, (x) => x.kind === 'ref' && perSample.has(tensorKey(x.tensor)));
  const fixed = parts.filter((p) => !ofSamples(p));
  if (!isPenalty(fixed, formula, system)) return null;
  return { ...formula, value: add(parts.map((p) => (fixed.includes(p) ? p : sum(s, axis.range, lift(p))))) };
}

/** The sample index of a formula: s, unless something else has that letter. */
function sampleLetter({ axes, value }: ComponentFormula): string {
  const taken = new Set([...axes.map((a) => a.index), ...freeIndices(value)]);
  visit(value, (e) => {
    if (isBinder(e)) taken.add(e.index);
  });
  return freshIndex('s', taken);
}

function isPerSample(tensor: Tensor, { declarations }: System): boolean {
  const declared = declaredAs(tensor, declarations);
  return declared?.perSample === true && !isSamplesAxis(declared.axes[0]);
}

/** Every part without an adjoint, which stands for ∂E/∂L = 1 times it. */
function withoutSeed(e: Expression, change: (part: Expression) => Expression): Expression {
  const hasAdjoint = (x: Expression): boolean => holdsBelow(x, (y) => y.kind === 'ref' && y.adjoint);
  if (!hasAdjoint(e)) return change(e);
  if (e.kind === 'multiply') return multiply(e.factors.map((f) => (hasAdjoint(f) ? withoutSeed(f, change) : f)));
  if (e.kind === 'add' || e.kind === 'sum') return mapChildren(e, (child) => withoutSeed(child, change));
  return e;
}

/** Whether parts of an adjoint that no sample is mentioned in are what the penalties give, or flow on from what is shared. */
function isPenalty(parts: readonly Expression[], formula: ComponentFormula, system: System): boolean {
  const own = parts.filter((p) => !holdsBelow(p, (x) => x.kind === 'ref' && x.adjoint));
  const total = system.equations.find((e) => system.total !== null && tensorKey(e.tensor) === tensorKey(system.total));
  if (!formula.adjoint || (own.length === 0 && total === undefined)) return true;
  if (total === undefined) return false;
  const ofSamples = (e: Expression): boolean => references(e).some((r) => isPerSample(r.tensor, system));
  const terms = total.value.kind === 'add' ? total.value.terms : [total.value];
  const entry = ref(formula.tensor, formula.axes.map((a) => index(a.index)));
  const context = contextOf(formula.axes);
  const penalty = contract(add(terms.filter((t) => !ofSamples(t)).map((t) => differentiate(t, entry))), context).value;
  return provablyEqual(add(own), penalty, context) === 'equal';
}
