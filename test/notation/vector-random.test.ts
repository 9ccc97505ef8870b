// Vector forms of random layers: files that nobody wrote, each form worth what its components are worth, as literal matrices.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import type { ComponentFormula } from '../../src/notation/arrangement.ts';
import { einsumForm } from '../../src/notation/einsum.ts';
import { derivativesByVec, gradientByVec, kroneckerForm } from '../../src/notation/kronecker.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { batchForms, ofAllSamples } from '../../src/notation/samples-form.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { vectorForms } from '../../src/notation/vector.ts';
import type { WholeForm } from '../../src/notation/vector-box.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { System } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { liftSamples, oneSample } from '../../src/spec/samples.ts';
import { layerFiles } from '../properties/random-layers.ts';
import { einsumMismatch } from './einsum-literal.ts';
import { componentsOf, derivativeMismatch, mismatch } from './literal-check.ts';
import { worldOf } from './literal-world.ts';
import { productFiles } from './random-products.ts';
import { compare, emptyTally, layouts } from './vector-literal-run.ts';

const options = { seed: Number(process.env['SEED'] ?? 1), numRuns: Number(process.env['RUNS'] ?? 300) };
/** Of the layouts, so many in turn for each formula. */
const EACH = 3;

/** Forward equations and adjoints of what a file says; null where it says what can never hold. */
function formulasOf(text: string): { readonly system: System; readonly formulas: readonly ComponentFormula[] } | null {
  try {
    const network = readNetwork({ file: 'drawn.yaml', text }, shippedLibrary);
    const { system, equations } = backward(oneSample(network), signalsOf(network));
    return { system, formulas: [
      ...system.equations.map((e): ComponentFormula => ({ tensor: e.tensor, adjoint: false, axes: e.axes, value: e.value })),
      ...equations.map((e): ComponentFormula => ({ tensor: e.tensor, adjoint: true, axes: e.axes, value: e.value })),
    ] };
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostics.filter((d) => d.severity === 'error').every((d) => d.code.includes('never'))) return null;
    throw error;
  }
}

/** Forms with vec and ⊗, and the einsum. */
function others(text: string, formula: ComponentFormula, { declarations }: System, of: readonly MatrixLayout[], tally: { stacked: number; einsums: number; wrong: string[] }): void {
  const world = worldOf(formula, { declarations });
  if (world === null) return;
  const components = componentsOf(formula, world);
  const note = (form: WholeForm, reason: string | null): void => {
    if (reason !== null) tally.wrong.push(`${text}: ${unicodeVector(form)}: ${reason}`);
  };
  for (const layout of of) {
    const stacked = [kroneckerForm(formula, layout, declarations), gradientByVec(formula, layout, declarations)].filter((f) => f !== null);
    const local = derivativesByVec(formula, layout, declarations);
    for (const form of stacked) note(form, mismatch(form, formula, components, world));
    for (const form of local) note(form, derivativeMismatch(form, formula, components, world));
    tally.stacked += stacked.length + local.length;
  }
  const einsum = einsumForm(formula, declarations);
  if (einsum === null) return;
  note(einsum, einsumMismatch(einsum, formula, components, world));
  tally.einsums += 1;
}

const anyFeature = layerFiles(['mean', 'prod', 'max', 'logsumexp', 'gather', 'recurrence', 'share', 'outside']);
// How many of the formulas have a form at least, and how many einsums and forms with ⊗ there are for each file.
test.each([
  ['random layers', anyFeature, 0.5, 0.2, 0.01],
  ['random products', productFiles(), 0.9, 1.5, 1],
] as const)('%s: every vector form is what its components are', (_name, files, share, einsums, stacked) => {
  const [one, batch] = [emptyTally(), emptyTally()];
  const [ofOne, ofAll] = [layouts(['sum']), layouts(['sum', 'columns', 'rows'])];
  let [drawn, unequal] = [0, 0];
  const further = { stacked: 0, einsums: 0, wrong: [] as string[] };
  fc.assert(fc.property(files, (text) => {
    const { system, formulas } = formulasOf(text) ?? { system: null, formulas: [] };
    fc.pre(system !== null);
    for (const formula of formulas) {
      const some = <T>(all: readonly T[]): readonly T[] => Array.from({ length: EACH }, (_, n) => all.slice((drawn * EACH + n) % all.length)[0]).filter((l) => l !== undefined);
      drawn += 1;
      if (worldOf(formula, system) === null) {
        unequal += 1;
        continue;
      }
      others(text, formula, system, some(ofOne), further);
      compare(text, { formula, system }, some(ofOne), (layout) => vectorForms(formula, layout, system.declarations), one);
      const lifted = ofAllSamples(formula, system);
      const all = lifted === null ? null : { formula: lifted, system: liftSamples(system).system };
      if (all !== null && worldOf(all.formula, all.system) !== null) compare(text, all, some(ofAll), (layout) => batchForms(formula, layout, system), batch);
    }
    expect([...one.wrong, ...batch.wrong, ...further.wrong]).toEqual([]);
  }), options);
  if (options.numRuns > 300) console.log({ drawn, unequal, further, one: { ...one, better: one.better.length }, batch: { ...batch, better: batch.better.length } });
  // That no sizes keep axes apart is rare.
  expect(one.withForm).toBeGreaterThan(share * one.formulas);
  expect(batch.withForm).toBeGreaterThan(share * batch.formulas);
  expect(further.einsums).toBeGreaterThan(einsums * options.numRuns);
  expect(further.stacked).toBeGreaterThan(stacked * options.numRuns);
  expect(unequal).toBeLessThan(0.2 * drawn);
}, 3_600_000);
