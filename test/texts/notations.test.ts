// Whatever is written in a notation is read back in it: every formula of a derivation in the words of a text, in components and as
// matrices, is proved equal to what was written. Those words mean what they should: see test/notation/translation.test.ts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import type { Derivation } from '../../src/derive/derivation.ts';
import type { NotationSpec } from '../../src/notation/notation-spec.ts';
import { shippedNotations } from '../../src/notation/shipped-notations.ts';
import { translateDerivation } from '../../src/notation/translation.ts';
import { signalNames } from '../../src/notation/derivation-options.ts';
import { inNotation } from '../../src/report/in-notation.ts';
import { writingOf } from '../../src/report/writing.ts';
import { notationContext } from '../../src/texts/notation-context.ts';
import { derivationOf, shippedFiles } from '../notation/derivations.ts';
import { notations } from '../notation/random-notations.ts';
import { roundTripOf } from './round-trip.ts';

/** Notations for all files, and ten times as many for small ones. */
const RUNS = Number(process.env['RUNS'] ?? 200);
const SEED = Number(process.env['SEED'] ?? 1);

/** `step: code`; `differs` where something else was read than was written. */
function failures(derivation: Derivation, spec: NotationSpec): { readonly formulas: number; readonly found: readonly string[] } {
  const said = inNotation(derivation, spec);
  const context = notationContext(derivation, translateDerivation(derivation, spec, signalNames(derivation, spec)));
  const { formulas, failures: all } = roundTripOf(writingOf(said.derivation, said.style), context);
  return { formulas, found: all.map((f) => `${String(f.step)}: ${f.latex}   ${f.why}`) };
}

const withLetters = (spec: NotationSpec): boolean => spec.layers.mark === 'letters' && spec.layers.symbols.size > 0;
const general = shippedNotations().filter((n) => !withLetters(n));
const twoLayers = shippedNotations().filter(withLetters);

describe('shipped notations', () => {
  const files = ['layers/dense.yaml', 'layers/dense-augmented.yaml', 'networks/xor.yaml', 'layers/highway.yaml', 'networks/residual.yaml', 'layers/lstm.yaml', 'networks/softmax.yaml', 'layers/multi-head-attention.yaml'];
  /** Only letters of units tell layers apart, and in these two layers have the same units. */
  const alike = ['highway', 'residual', 'softmax', 'multi-head-attention'].map((name) => `bishop ${name}`);
  const isAlike = (spec: NotationSpec, file: string): boolean => alike.includes(`${spec.name} ${file.replace(/^.*\/|\.yaml$/g, '')}`);
  it.each(general.flatMap((spec) => files.filter((file) => isAlike(spec, file)).map((file) => [spec.name, file, spec] as const)))('%s refuses %s', (_name, file, spec) => {
    expect(() => failures(derivationOf(file), spec)).toThrow('notation-layers-look-alike');
  });
  it.each(general.flatMap((spec) => files.filter((file) => !isAlike(spec, file)).map((file) => [spec.name, file, spec] as const)))('%s: %s', (_name, file, spec) => {
    expect(failures(derivationOf(file), spec).found).toEqual([]);
  });

  it.each(twoLayers.flatMap((spec) => ['networks/xor.yaml', 'networks/iris.yaml'].map((file) => [spec.name, file, spec] as const)))('%s: %s', (_name, file, spec) => {
    expect(failures(derivationOf(file, false), spec).found).toEqual([]);
  });
});

describe('random notations', () => {
  const all = (['layers', 'losses', 'networks'] as const).flatMap(shippedFiles);
  const small = ['layers/dense.yaml', 'layers/dense-augmented.yaml', 'layers/conv1d.yaml', 'layers/softmax.yaml', 'layers/glu.yaml', ...shippedFiles('losses')];
  it.each([['small files', small, 10 * RUNS], ['all files', all, RUNS]] as const)('%s', (_what, files, runs) => {
    let formulas = 0;
    let refused = 0;
    fc.assert(fc.property(notations, fc.constantFrom(...files), (spec, file) => {
      try {
        const { formulas: count, found } = failures(derivationOf(file), spec);
        formulas += count;
        expect(found, file).toEqual([]);
      } catch (error) {
        // What a notation cannot say is refused.
        if (!(error instanceof DiagnosticError)) throw error;
        refused += 1;
      }
    }), { numRuns: runs, seed: SEED });
    expect(formulas).toBeGreaterThan(10 * runs);
    expect(refused).toBeLessThan(0.01 * runs);
  }, 3_600_000);
});
