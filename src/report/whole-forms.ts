// What a step says of whole matrices, vectors and arrays, beside its components.

import { plainIndex } from '../algebra/affine.ts';
import { isNumber, type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { type EinsumForm, einsumForm } from '../notation/einsum.ts';
import { shownResult } from '../notation/formula.ts';
import { notationOf } from '../notation/notation.ts';
import type { WholeForm } from '../notation/vector-box.ts';
import { isClear, isClearEinsum } from '../notation/vector-clear.ts';
import { inColumns, inRows } from '../notation/matrix-layout.ts';
import { arrangementKey } from '../notation/vector-measure.ts';
import { type ComponentFormula, holdsIndices, type MatrixLayout, type VectorForm, vectorForm } from '../notation/vector.ts';
import { notationFor, sectionsOf } from './sections.ts';

/** Equations that name the samples themselves have one in every row, as they stand. */
export const columns: MatrixLayout = { ...inColumns, samples: 'rows' };
export const rows: MatrixLayout = { ...inRows, samples: 'rows' };

/** The vector form of what a step gives for an entry T[i,j] or ∂E/∂T[i,j], where there is one. */
export function vectorOf(step: Step, derivation: Derivation, layout: MatrixLayout): VectorForm | null {
  const formula = componentsOf(step);
  const form = formula === null ? null : vectorForm(formula, layout, derivation.system.declarations);
  return formula !== null && form !== null && isClear(form, formula.value) ? form : null;
}

/** What a step gives for an entry, where that is more than a number. */
export function componentsOf(step: Step): ComponentFormula | null {
  const result = step.right.at(-1)?.formula;
  const left = step.left.kind === 'expression' ? step.left.value
    : step.left.kind === 'partial' && step.left.of === null ? step.left.by : null;
  if (result?.kind !== 'expression' || left?.kind !== 'ref') return null;
  // Of numbers alone there is nothing to arrange.
  if (isNumber(result.value, 0) || [left, ...references(result.value)].every((r) => r.indices.length === 0)) return null;
  const axes = left.indices.map((a) => step.axes.find((axis) => axis.index === plainIndex(a)));
  const known = axes.filter((a) => a !== undefined);
  return known.length !== axes.length ? null
    : { tensor: left.tensor, adjoint: left.adjoint || step.left.kind === 'partial', axes: known, value: result.value };
}

/** The einsum of what a step gives, where no arrangement of whole matrices and vectors says it. */
export function einsumOf(step: Step, derivation: Derivation): EinsumForm | null {
  const formula = componentsOf(step);
  const whole = vectorOf(step, derivation, columns);
  if (formula === null || (whole !== null && whole.left.kind === 'tensor' && whole.left.at.length === 0 && !holdsIndices(whole.right))) return null;
  const shown = shownResult(step, notationOf(notationFor(derivation)));
  const form = shown === null ? null : einsumForm({
    ...formula, value: shown.value, axes: formula.axes.map((a) => ({ ...a, index: shown.letters.get(a.index) ?? a.index })),
  }, derivation.system.declarations);
  return form !== null && isClearEinsum(form, formula.value) ? form : null;
}

export interface NamedVector {
  readonly layout: 'in vectors' | 'in columns' | 'in rows' | 'einsum';
  readonly form: WholeForm;
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

/** What a step says without indices: its vector forms, each with its layout, one where both layouts give the same; and its einsum. */
export function vectorsOf(step: Step, derivation: Derivation): readonly NamedVector[] {
  const einsum = einsumOf(step, derivation);
  return [...arrangementsOf(step, derivation), ...(einsum === null ? [] : [{ layout: 'einsum' as const, form: einsum }])];
}

function arrangementsOf(step: Step, derivation: Derivation): readonly NamedVector[] {
  const odot = vectorOf(step, derivation, columns);
  const turned = vectorOf(step, derivation, rows);
  const diag = turned !== null && odot !== null && hasTurnedRows(step, derivation) ? null : turned;
  const written = (form: VectorForm): string => `${arrangementKey(form.left)} = ${arrangementKey(form.right)}`;
  if (odot !== null && diag !== null && written(odot) === written(diag)) return [{ layout: 'in vectors', form: diag }];
  return [
    ...(odot === null ? [] : [{ layout: 'in columns' as const, form: odot }]),
    ...(diag === null ? [] : [{ layout: 'in rows' as const, form: diag }]),
  ];
}

/** What the two layouts mean, said once where any step has them; formulas between backticks. */
export function layoutsOf(derivation: Derivation): string | null {
  const steps = sectionsOf(derivation).flatMap((s) => (s.id === 'summary' ? [] : s.steps));
  return steps.some((s) => arrangementsOf(s, derivation).some((v) => v.layout !== 'in vectors'))
    ? 'In columns: a derivative has the shape of what it is taken by. In rows: `∂E/∂v` of a column `v` is a row, and `∂E/∂W` has the shape of `Wᵀ`.'
    : null;
}
