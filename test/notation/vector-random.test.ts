// Vector forms of random layers: files that nobody wrote, each form worth what its components are worth, as literal matrices.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import type { ComponentFormula } from '../../src/notation/arrangement.ts';
import { batchForms, ofAllSamples } from '../../src/notation/samples-form.ts';
import { vectorForms } from '../../src/notation/vector.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { System } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { liftSamples, oneSample } from '../../src/spec/samples.ts';
import { layerFiles } from '../properties/random-layers.ts';
import { worldOf } from './literal-world.ts';
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

test('random layers: every vector form is what its components are', () => {
  const [one, batch] = [emptyTally(), emptyTally()];
  const [ofOne, ofAll] = [layouts(['sum']), layouts(['sum', 'columns', 'rows'])];
  let [drawn, unequal] = [0, 0];
  fc.assert(fc.property(layerFiles(['mean', 'prod', 'max', 'logsumexp', 'gather', 'recurrence', 'share', 'outside']), (text) => {
    const found = formulasOf(text);
    fc.pre(found !== null);
    if (found === null) return;
    const { system, formulas } = found;
    for (const formula of formulas) {
      const some = <T>(all: readonly T[]): readonly T[] => Array.from({ length: EACH }, (_, n) => all.slice((drawn * EACH + n) % all.length)[0]).filter((l) => l !== undefined);
      drawn += 1;
      if (worldOf(formula, system) === null) {
        unequal += 1;
        continue;
      }
      compare(text, { formula, system }, some(ofOne), (layout) => vectorForms(formula, layout, system.declarations), one);
      const lifted = ofAllSamples(formula, system);
      const all = lifted === null ? null : { formula: lifted, system: liftSamples(system).system };
      if (all !== null && worldOf(all.formula, all.system) !== null) compare(text, all, some(ofAll), (layout) => batchForms(formula, layout, system), batch);
    }
    expect([...one.wrong, ...batch.wrong]).toEqual([]);
  }), options);
  if (options.numRuns > 300) console.log({ drawn, unequal, one: { ...one, better: one.better.length }, batch: { ...batch, better: batch.better.length } });
  // Most of what is drawn has a form; that no sizes keep its axes apart is rare.
  expect(one.withForm).toBeGreaterThan(0.2 * one.formulas);
  expect(batch.withForm).toBeGreaterThan(0.2 * batch.formulas);
  expect(unequal).toBeLessThan(0.2 * drawn);
}, 3_600_000);
