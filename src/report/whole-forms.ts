// What a step says of whole matrices, vectors and arrays, beside its components.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { componentsOf } from '../notation/components.ts';
import { type EinsumForm, einsumForm } from '../notation/einsum.ts';
import { derivativesByVec, gradientByVec } from '../notation/kronecker.ts';
import { shownResult } from '../notation/formula.ts';
import { notationOf } from '../notation/notation.ts';
import { isClear, isClearEinsum } from '../notation/vector-clear.ts';
import { arrangementKey } from '../notation/vector-measure.ts';
import { holdsIndices, type LetterChoice, type MatrixLayout, type VectorForm, vectorForm, vectorForms } from '../notation/vector.ts';
import { sectionsOf } from './sections.ts';
import { ALSO, columns, type NamedVector, type Writing } from './writing.ts';

/**
 * The vector form of what a step gives for an entry T[i,j] or ∂E/∂T[i,j], where there is one.
 * @param letters the notation that it is written in
 */
export function vectorOf(step: Step, derivation: Derivation, layout: MatrixLayout, letters?: LetterChoice): VectorForm | null {
  const formula = componentsOf(step);
  const form = formula === null ? null : vectorForm(formula, layout, derivation.system.declarations, letters);
  return formula !== null && form !== null && isClear(form, formula.value) ? form : null;
}

/** The einsum of what a step gives, where no arrangement of whole matrices and vectors says it. */
export function einsumOf(step: Step, writing: Writing): EinsumForm | null {
  const { derivation, options } = writing;
  const formula = componentsOf(step);
  const whole = vectorOf(step, derivation, columns, notationOf(options));
  if (formula === null || (whole !== null && whole.left.kind === 'tensor' && whole.left.at.length === 0 && !holdsIndices(whole.right))) return null;
  const shown = shownResult(step, notationOf(options));
  const form = shown === null ? null : einsumForm({
    ...formula, value: shown.value, axes: formula.axes.map((a) => ({ ...a, index: shown.letters.get(a.index) ?? a.index })),
  }, derivation.system.declarations);
  return form !== null && isClearEinsum(form, formula.value) ? form : null;
}

/**
 * Whether a step has derivatives by variables that are matrices themselves (a row for each time): as rows they would be
 * transposed, which nobody writes.
 */
function hasTurnedRows(step: Step, { system }: Derivation): boolean {
  const sides = [step.left, step.right.at(-1)?.formula].flatMap((f) => (f?.kind === 'expression' ? references(f.value) : []));
  const isParameter = (t: Tensor): boolean => {
    const declared = system.declarations.get(tensorKey(t)) ?? [...system.declarations.values()].find((d) => d.tensor.name === t.name);
    return declared === undefined || declared.role === 'parameter';
  };
  return [...sides, ...(step.left.kind === 'partial' && step.left.by.kind === 'ref' ? [{ ...step.left.by, adjoint: true }] : [])]
    .some((r) => r.adjoint && r.indices.length >= 2 && !isParameter(r.tensor));
}

/** What a step says without indices: its vector forms, each with its layout, one where all layouts give the same; with vec and ⊗; its einsum. */
export function vectorsOf(step: Step, writing: Writing): readonly NamedVector[] {
  // Where whole tensors of different layers look alike, nothing is said of them.
  if (writing.layouts.shown.length === 0) return [];
  const { shapes = false } = writing.options;
  const samples = writing.samples?.(step, writing.all) ?? [];
  // What is said of all samples anyway is said by matrices that hold them all.
  const einsum = step.section === 'samples' && samples.length > 0 ? null : einsumOf(step, writing);
  return [
    ...arrangementsOf(step, writing).flatMap((v) => [v, ...(writing.all ? othersOf(step, writing, v.form) : [])]), ...stackedOf(step, writing),
    ...(einsum === null ? [] : [{ layout: 'einsum', form: einsum }]), ...(shapes ? samples.map((v) => ({ ...v, options: { ...writing.options, ...v.options, shapes } })) : samples),
  ];
}

/** Other ways to arrange the same, in the layout of the usual one. */
function othersOf(step: Step, { derivation, options }: Writing, { layout }: VectorForm): readonly NamedVector[] {
  const formula = componentsOf(step);
  const [, ...others] = formula === null ? [] : vectorForms(formula, layout, derivation.system.declarations, notationOf(options));
  return others.map((form) => ({ layout: ALSO, form }));
}

/** ∂a/∂vec(W) of a forward equation, and ∂E/∂vec(W) where such a derivative is a row: no matrix of the layout says the one, and the other is its product. */
function stackedOf(step: Step, { derivation, layouts, options }: Writing): readonly NamedVector[] {
  const formula = layouts.kronecker === true ? componentsOf(step) : null;
  if (formula === null) return [];
  const { declarations } = derivation.system;
  return layouts.shown.flatMap(({ layout }) => {
    const gradient = gradientByVec(formula, layout, declarations, notationOf(options));
    return [...derivativesByVec(formula, layout, declarations, notationOf(options)), ...(gradient === null ? [] : [gradient])]
      .map((form): NamedVector => ({ layout: 'by vec', form }));
  });
}

interface Arranged extends NamedVector {
  readonly form: VectorForm;
}

function arrangementsOf(step: Step, { derivation, layouts, options }: Writing): readonly Arranged[] {
  const letters = notationOf(options);
  const found = layouts.shown.flatMap(({ name, layout }) => {
    const form = vectorOf(step, derivation, layout, letters);
    return form === null ? [] : [{ layout: name, form }];
  });
  const straight = found.filter((v) => v.form.layout.derivatives === 'denominator');
  const forms = straight.length > 0 && hasTurnedRows(step, derivation) ? straight : found;
  const written = ({ form }: (typeof forms)[number]): string => `${arrangementKey(form.left)} = ${arrangementKey(form.right)}`;
  const last = forms.at(-1);
  return last !== undefined && forms.length > 1 && forms.length === layouts.shown.length && forms.every((v) => written(v) === written(last))
    ? [{ ...last, layout: layouts.same }] : forms;
}

/** What the layouts mean, said once where any step has one of several, or of the only one; formulas between backticks. */
export function layoutsOf(writing: Writing): string | null {
  const steps = sectionsOf(writing.derivation).flatMap((s) => (s.id === 'summary' ? [] : s.steps));
  const { meaning, same, shown } = writing.layouts;
  return meaning !== null && steps.some((s) => arrangementsOf(s, writing).some((v) => shown.length === 1 || v.layout !== same)) ? meaning : null;
}
