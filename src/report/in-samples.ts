// What the steps of a derivation say of all samples at once, in the words of a notation that has them in matrices: dW = 1/m dZ Aᵀ.

import { index } from '../algebra/affine.ts';
import { adjoint, ref, type Tensor } from '../algebra/expression.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { componentsOf } from '../notation/components.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { type NotationOptions, notationOf } from '../notation/notation.ts';
import { ofAllSamples } from '../notation/samples-form.ts';
import { conventionOf, layoutOf } from '../notation/setting.ts';
import { translateDerivation, translatedStep, type TranslatedStep } from '../notation/translation.ts';
import { isClear } from '../notation/vector-clear.ts';
import { vectorForm, vectorForms } from '../notation/vector.ts';
import { liftSamples } from '../spec/samples.ts';
import { notationFor } from '../notation/derivation-options.ts';
import { ALSO, type NamedVector } from './writing.ts';

/**
 * The vector form for all samples of each step that has one.
 * @param steps those that are shown, with what they are in the program's own words
 */
export function inSamples(
  derivation: Derivation, steps: readonly TranslatedStep[], spec: NotationSpec, signalName: (t: Tensor) => string | null,
): (step: Step, all: boolean) => readonly NamedVector[] {
  // Matrices of all samples may have symbols of their own.
  const matrices: NotationSpec = { ...spec, symbols: { ...spec.symbols, ...spec.samples.symbols } };
  const { derivation: said, plain, signalName: shownName } = translateDerivation(derivation, matrices, signalName);
  const layout = layoutOf(spec);
  const { declarations } = liftSamples(said.system).system;
  const options: NotationOptions = {
    ...notationFor(said), convention: conventionOf(matrices, derivation.system), signalName: shownName, system: { ...said.system, declarations },
  };
  const letters = notationOf(options);
  const own = new Map(steps.map((s) => [s.step.number, s]));
  return (step, all) => {
    const found = own.get(step.number);
    if (found === undefined || step.role === 'summary') return [];
    const formula = componentsOf(found.own);
    const lifted = formula === null ? null : ofAllSamples(formula, derivation.system, derivation.reduction ?? 'sum');
    if (lifted === null) return [];
    const entry = lifted.axes.map((a) => index(a.index));
    const left = lifted.adjoint ? adjoint(lifted.tensor, entry) : ref(lifted.tensor, entry);
    const renaming = { ...plain, shift: found.renaming.shift, samples: derivation.reduction ?? 'open' } as const;
    const translated = componentsOf(translatedStep({
      ...found.own, axes: lifted.axes, left: { kind: 'expression', value: left }, right: [{ rule: 'sum-rule', formula: { kind: 'expression', value: lifted.value } }],
    }, renaming));
    if (translated === null) return [];
    const form = vectorForm(translated, layout, declarations, letters);
    if (form === null || !isClear(form, translated.value)) return [];
    const [, ...others] = all ? vectorForms(translated, layout, declarations, letters) : [];
    return [{ layout: 'in samples', form, options }, ...others.map((other) => ({ layout: ALSO, form: other, options }))];
  };
}
