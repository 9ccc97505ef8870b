// Vector forms of given formulas in every layout, computed as literal matrices and compared with the components.

import type { ComponentFormula, VectorForm } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { batchForms } from '../../src/notation/samples-form.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { vectorForms } from '../../src/notation/vector.ts';
import { compareArrangements } from '../../src/notation/vector-measure.ts';
import type { System } from '../../src/spec/network.ts';
import { type Components, componentsOf, mismatch } from './literal-check.ts';
import { worldOf } from './literal-world.ts';
import type { ShippedFormula } from './shipped-formulas.ts';

export const layouts = (samples: readonly MatrixLayout['samples'][]): readonly MatrixLayout[] => (['columns', 'rows'] as const).flatMap((vectors) =>
  (['numerator', 'denominator', 'mixed'] as const).flatMap((derivatives) => (['product', 'diag'] as const).flatMap((elementwise) =>
    samples.map((s) => ({ vectors, derivatives, elementwise, samples: s })))));

export interface Tally {
  formulas: number;
  withForm: number;
  forms: number;
  readonly wrong: string[];
  /** Where another form than the first is shorter and more usual. */
  readonly better: string[];
}

export const emptyTally = (): Tally => ({ formulas: 0, withForm: 0, forms: 0, wrong: [], better: [] });

/** The forms of one formula in each of the layouts, each compared once. */
export function compare(
  where: string, { formula, system }: { formula: ComponentFormula; system: System }, of: readonly MatrixLayout[],
  find: (layout: MatrixLayout) => readonly VectorForm[], tally: Tally,
): void {
  const world = worldOf(formula, system);
  if (world === null) throw new Error(`no sizes keep the axes apart: ${where}`);
  let components: Components | null = null;
  const seen = new Set<string>();
  let found = false;
  for (const layout of of) {
    const forms = find(layout);
    const [first] = forms;
    for (const form of forms) {
      if (first !== undefined && form.left.kind === 'tensor' && !form.left.transposed && compareArrangements(form.right, first.right, layout) < 0) {
        tally.better.push(`${where}: ${unicodeVector(form)} is better than ${unicodeVector(first)}`);
      }
      // What two layouts have alike is the same matrices: shapes are written into the arrangement.
      const key = JSON.stringify([form.left, form.right, form.layout.samples], (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      if (seen.has(key)) continue;
      seen.add(key);
      components ??= componentsOf(formula, world);
      const reason = mismatch(form, formula, components, world);
      if (reason !== null) tally.wrong.push(`${where}, ${Object.values(form.layout).join(' ')}: ${unicodeVector(form)}: ${reason}`);
      tally.forms += 1;
      found = true;
    }
  }
  tally.formulas += 1;
  if (found) tally.withForm += 1;
}

export function compareAll(shipped: readonly ShippedFormula[]): { readonly one: Tally; readonly batch: Tally } {
  const [one, all] = [emptyTally(), emptyTally()];
  for (const { where, formula, system, batch } of shipped) {
    compare(where, { formula, system }, layouts(batch === null ? ['sum', 'columns', 'rows'] : ['sum']), (layout) => vectorForms(formula, layout, system.declarations), one);
    if (batch !== null) compare(where, batch, layouts(['sum', 'columns', 'rows']), (layout) => batchForms(formula, layout, system), all);
  }
  return { one, batch: all };
}
