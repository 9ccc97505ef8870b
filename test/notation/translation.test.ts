// Derivations in other notations say the same: everything read back is equal to what was there, and what the other words
// say of their own forward formulas is what differentiating those formulas gives.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { index } from '../../src/algebra/affine.ts';
import { type Expression, type FunctionName, multiply, number, type Reference, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { provablyEqual } from '../../src/algebra/normal/equal.ts';
import { plain as plainText, writing } from '../../src/algebra/print.ts';
import { substituteIndices, visit } from '../../src/algebra/traverse.ts';
import type { Derivation, Step } from '../../src/derive/derivation.ts';
import { backward } from '../../src/derive/reverse.ts';
import { contextOf } from '../../src/derive/use.ts';
import { meaningsOf, meant } from '../../src/notation/meant.ts';
import type { NotationSpec } from '../../src/notation/notation-spec.ts';
import { throughout } from '../../src/notation/throughout.ts';
import { translateDerivation } from '../../src/notation/translation.ts';
import { vocabularyOf } from '../../src/notation/vocabulary.ts';
import { signalNames } from '../../src/notation/derivation-options.ts';
import { derivationOf, shippedFiles } from './derivations.ts';
import { notations, plainNotation } from './random-notations.ts';

const RUNS = Number(process.env['RUNS'] ?? 40);
const files = (['layers', 'losses', 'networks'] as const).flatMap(shippedFiles);

type Slot = Extract<FunctionName, { kind: 'slot' }>;

function slotsIn(e: Expression): readonly Slot[] {
  const found: Slot[] = [];
  visit(e, (x) => {
    if (x.kind === 'call' && x.fn.kind === 'slot') found.push(x.fn);
  });
  return found;
}

/** How many formulas were there and back. */
function thereAndBack(derivation: Derivation, spec: NotationSpec): number {
  let count = 0;
  const { steps } = translateDerivation(derivation, spec, signalNames(derivation, spec));
  for (const { step, renaming, own } of steps) {
    if (step.left.kind !== 'expression' || own.left.kind !== 'expression' || own.left.value.kind !== 'ref') continue;
    const meanings = meaningsOf(renaming);
    const left = meant(step.left.value, meanings);
    const entry = writing(own.left.value);
    step.right.forEach(({ formula }, m) => {
      const before = own.right[m]?.formula;
      if (formula.kind !== 'expression' || before?.kind !== 'expression') return;
      count += 1;
      // What the left side means, with the right side of before for its entry.
      const expected = throughout(left, { entry: (e) => (writing(e) === entry ? before.value : e), symbol: (e) => e, slot: (fn) => fn });
      expect(provablyEqual(meant(formula.value, meanings), expected, contextOf(own.axes)), `${derivation.name} (${String(own.number)})`).toBe('equal');
    });
  }
  return count;
}

describe('every derivation, there and back', () => {
  test('in the program\'s own words nothing changes', () => {
    let sameNames = 0;
    for (const file of files) {
      const derivation = derivationOf(file);
      const vocabulary = vocabularyOf(derivation.system, plainNotation);
      const { derivation: same } = translateDerivation(derivation, plainNotation, signalNames(derivation, plainNotation));
      // Where a layer calls its output h, or its activation function f, those words change.
      const slots = derivation.system.equations.flatMap((e) => slotsIn(e.value));
      if (!slots.every((fn) => vocabulary.slotOf(fn.name, fn.layer) === fn.name)) continue;
      if (vocabulary.moved.length > 0) continue;
      if (![...derivation.system.declarations.values()].every((d) => vocabulary.wordOf(d.tensor).shown.name === d.tensor.name)) continue;
      sameNames += 1;
      // The argument of an activation function by itself gets another letter where a tensor has its name.
      const shown = (steps: readonly Step[]): unknown => steps.filter((s) => s.section !== 'activations').map((s) => [s.left, s.right, s.axes, s.layers]);
      expect(shown(same.steps), file).toEqual(shown(derivation.steps));
    }
    expect(sameNames).toBeGreaterThan(0.5 * files.length);
  }, 300_000);

  test('in random notations', () => {
    let count = 0;
    fc.assert(fc.property(notations, fc.constantFrom(...files), (spec, file) => {
      count += thereAndBack(derivationOf(file), spec);
    }), { numRuns: RUNS, seed: Number(process.env['SEED'] ?? 1) });
    expect(count).toBeGreaterThan(5 * RUNS);
  }, 3_600_000);
});

describe('what is said is true of the notation\'s own forward formulas', () => {
  // The gradients, derived anew from the translated equations, against the translated gradients.
  const networks = ['networks/article.yaml', 'networks/xor.yaml', 'networks/article-augmented.yaml', 'networks/residual.yaml', 'networks/gated.yaml', 'networks/tied-autoencoder.yaml'];
  test('in random notations', () => {
    let count = 0;
    fc.assert(fc.property(notations, fc.constantFrom(...networks), (spec, file) => {
      const derivation = derivationOf(file);
      const { derivation: said } = translateDerivation(derivation, spec, signalNames(derivation, spec));
      const isConcrete = (t: Tensor): boolean => (t.layer?.symbol ?? null) === null;
      const signals = said.signals.filter(isConcrete);
      const names = new Set(signals.map(tensorKey));
      const anew = backward(said.system, signals, said.system.equations.slice(-1).map((e) => e.tensor));
      for (const step of said.steps.filter((s) => s.section === 'layers' || s.section === 'gradients')) {
        const last = step.right.at(-1)?.formula;
        if (step.left.kind !== 'expression' || step.left.value.kind !== 'ref' || !step.left.value.adjoint || last?.kind !== 'expression') continue;
        const left = step.left.value;
        const own = anew.equations.find((e) => tensorKey(e.tensor) === tensorKey(left.tensor) && e.role === 'parameter');
        if (own === undefined || !isConcrete(left.tensor)) continue;
        // What the text calls the signal has its sign; it is written out, since parameters may lie beside it.
        const signed = spec.symbols.signal === undefined ? 1 : spec.signal.sign;
        const writtenOut = (e: Reference): Expression => {
          const signal = anew.equations.find((s) => tensorKey(s.tensor) === tensorKey(e.tensor));
          return signal === undefined ? e : substituteIndices(signal.value, new Map(signal.axes.map((a, n) => [a.index, e.indices[n] ?? index(a.index)])));
        };
        const out = (value: Expression, sign: number): Expression => throughout(value, {
          entry: (e) => (e.adjoint && names.has(tensorKey(e.tensor)) ? multiply([number(sign), writtenOut(e)]) : e), symbol: (e) => e, slot: (fn) => fn,
        });
        const plain = out(last.value, signed);
        const truth = out(own.value, 1);
        count += 1;
        expect(provablyEqual(substituted(plain, left.indices.map((a) => a.terms[0]?.symbol.name ?? ''), own.axes.map((a) => a.index)), truth, contextOf(own.axes)), `${file} (${String(step.number)}) ${plainText(plain)} against ${plainText(truth)}`).toBe('equal');
      }
    }), { numRuns: RUNS, seed: Number(process.env['SEED'] ?? 1) });
    expect(count).toBeGreaterThan(RUNS);
  }, 3_600_000);
});

/** The free indices `from` called `to`. */
const substituted = (e: Expression, from: readonly string[], to: readonly string[]): Expression =>
  substituteIndices(e, new Map(from.map((name, n) => [name, index(to[n] ?? name)])));
