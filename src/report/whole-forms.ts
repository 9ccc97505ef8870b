// What a step says of whole matrices, vectors and arrays, beside its components.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { componentsOf } from '../notation/components.ts';
import { type EinsumForm, einsumForm } from '../notation/einsum.ts';
import { shownResult } from '../notation/formula.ts';
import { type NotationOptions, notationOf } from '../notation/notation.ts';
import type { WholeForm } from '../notation/vector-box.ts';
import { isClear, isClearEinsum } from '../notation/vector-clear.ts';
import { arrangementKey } from '../notation/vector-measure.ts';
import { holdsIndices, type MatrixLayout, type VectorForm, vectorForm } from '../notation/vector.ts';
import { sectionsOf } from './sections.ts';
import { columns, type Writing } from './writing.ts';

/** The vector form of what a step gives for an entry T[i,j] or ∂E/∂T[i,j], where there is one. */
export function vectorOf(step: Step, derivation: Derivation, layout: MatrixLayout): VectorForm | null {
  const formula = componentsOf(step);
  const form = formula === null ? null : vectorForm(formula, layout, derivation.system.declarations);
  return formula !== null && form !== null && isClear(form, formula.value) ? form : null;
}

/** The einsum of what a step gives, where no arrangement of whole matrices and vectors says it. */
export function einsumOf(step: Step, { derivation, options }: Writing): EinsumForm | null {
  const formula = componentsOf(step);
  const whole = vectorOf(step, derivation, columns);
  if (formula === null || (whole !== null && whole.left.kind === 'tensor' && whole.left.at.length === 0 && !holdsIndices(whole.right))) return null;
  const shown = shownResult(step, notationOf(options));
  const form = shown === null ? null : einsumForm({
    ...formula, value: shown.value, axes: formula.axes.map((a) => ({ ...a, index: shown.letters.get(a.index) ?? a.index })),
  }, derivation.system.declarations);
  return form !== null && isClearEinsum(form, formula.value) ? form : null;
}

export interface NamedVector {
  /** `in columns`, `einsum`. */
  readonly layout: string;
  readonly form: WholeForm;
  /** How it is written, where that is not as the step is. */
  readonly options?: NotationOptions;
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

/** What a step says without indices: its vector forms, each with its layout, one where all layouts give the same; and its einsum. */
export function vectorsOf(step: Step, writing: Writing): readonly NamedVector[] {
  // Where whole tensors of different layers look alike, nothing is said of them.
  if (writing.layouts.shown.length === 0) return [];
  const einsum = einsumOf(step, writing);
  return [...arrangementsOf(step, writing), ...(einsum === null ? [] : [{ layout: 'einsum', form: einsum }]), ...(writing.samples?.(step) ?? [])];
}

function arrangementsOf(step: Step, { derivation, layouts }: Writing): readonly NamedVector[] {
  const found = layouts.shown.flatMap(({ name, layout }) => {
    const form = vectorOf(step, derivation, layout);
    return form === null ? [] : [{ layout: name, form }];
  });
  const straight = found.filter((v) => v.form.layout.derivatives === 'denominator');
  const forms = straight.length > 0 && hasTurnedRows(step, derivation) ? straight : found;
  const written = ({ form }: (typeof forms)[number]): string => `${arrangementKey(form.left)} = ${arrangementKey(form.right)}`;
  const last = forms.at(-1);
  return last !== undefined && forms.length > 1 && forms.length === layouts.shown.length && forms.every((v) => written(v) === written(last))
    ? [{ ...last, layout: layouts.same }] : forms;
}

/** What the layouts mean, said once where any step has one of several; formulas between backticks. */
export function layoutsOf(writing: Writing): string | null {
  const steps = sectionsOf(writing.derivation).flatMap((s) => (s.id === 'summary' ? [] : s.steps));
  return writing.layouts.meaning !== null && steps.some((s) => arrangementsOf(s, writing).some((v) => v.layout !== writing.layouts.same))
    ? writing.layouts.meaning : null;
}
