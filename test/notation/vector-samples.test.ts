// Formulas of one sample said of all: they are what reverse mode finds when the samples are written out, and have the known forms.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tensorKey } from '../../src/algebra/expression.ts';
import type { AdjointEquation } from '../../src/derive/backward.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { evaluateAdjoints } from '../../src/evaluate/adjoints.ts';
import { real } from '../../src/evaluate/real.ts';
import { inColumns, type MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { batchForm, ofAllSamples } from '../../src/notation/samples-form.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { sizesFor } from '../../src/check/subject.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { notationFor } from '../../src/notation/derivation-options.ts';
import { componentsOf } from '../../src/notation/components.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Network } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { allSamples, oneSample } from '../../src/spec/samples.ts';
import { valueOf } from './values.ts';

const SAMPLES = 3;

describe('what is lifted is what is derived for all samples', () => {
  test.each(readdirSync('specs/networks').filter((f) => f.endsWith('.yaml')))('%s', (name) => {
    const network = readNetwork({ file: name, text: readFileSync(`specs/networks/${name}`, 'utf8') }, shippedLibrary);
    const one = backward(oneSample(network), signalsOf(network));
    const lifted = one.equations.map((e): AdjointEquation => {
      const formula = ofAllSamples({ tensor: e.tensor, adjoint: true, axes: e.axes, value: e.value }, one.system, network.reduction);
      if (formula === null) throw new Error(tensorKey(e.tensor));
      return { ...e, axes: formula.axes, value: formula.value };
    });
    const derived = backward(allSamples(network), signalsOf(network)).equations;
    const [said, found] = [adjointsOf(network, lifted), adjointsOf(network, derived)];
    let compared = 0;
    for (const [key, values] of said) {
      const others = found.get(key);
      if (others === undefined) continue;
      expect(values.length).toBe(others.length);
      values.forEach((x, n) => {
        expect(Math.abs(x - (others[n] ?? NaN)), `${key} ${String(n)}`).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(x)));
      });
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(Math.min(lifted.length, derived.length));
  });
});

/** The adjoints by their equations, for given values of everything that is given. */
function adjointsOf(network: Network, equations: readonly AdjointEquation[]): ReadonlyMap<string, readonly number[]> {
  const system = allSamples(network);
  const evaluation = evaluateAdjoints({ system, equations }, real, { sizes: sizesFor(SAMPLES) });
  for (const [key, block] of evaluation.forward.blocks) {
    if (system.declarations.get(key)?.role === 'variable') continue;
    for (let n = 0; n < block.entries.length; n += 1) {
      const value = valueOf(`${key} ${String(n)}`) - 1.2;
      block.entries[n] = block.integer === undefined ? value
        : block.integer.lo + Math.floor(Math.abs(value) * 1000) % (block.integer.hi - block.integer.lo + 1);
    }
  }
  evaluation.run();
  return new Map(equations.map((e) => {
    const key = tensorKey(e.tensor);
    return [key, (evaluation.adjoints.get(key)?.entries ?? []).map((x) => x ?? NaN)];
  }));
}

describe('the forms that are known', () => {
  const dense = deriveSpec({ file: 'dense', text: readFileSync('specs/layers/dense.yaml', 'utf8') }, shippedLibrary);
  const columns: MatrixLayout = { ...inColumns, samples: 'columns' };
  const rows: MatrixLayout = { ...inColumns, vectors: 'rows', samples: 'rows' };
  const each: MatrixLayout = inColumns;
  const numerator: MatrixLayout = { ...inColumns, derivatives: 'numerator', samples: 'columns' };
  const mixed: MatrixLayout = { ...rows, derivatives: 'mixed' };
  const written = (title: string, layout: MatrixLayout): string | null => {
    const step = dense.steps.find((s) => s.title.startsWith(title) && s.section !== 'summary');
    const formula = step === undefined ? null : componentsOf(step);
    const form = formula === null ? null : batchForm(formula, layout, dense.system);
    return form && unicodeVector(form, notationFor(dense));
  };
  test.each([
    ['Forward equation of a', columns, 'a⁽ᵏ⁾ = W⁽ᵏ⁾ z⁽ᵏ⁻¹⁾ + b⁽ᵏ⁾ 𝟏ᵀ'],
    ['Forward equation of a', rows, 'a⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ W⁽ᵏ⁾ᵀ + 𝟏 b⁽ᵏ⁾'],
    ['Forward equation of a', each, 'aₛ⁽ᵏ⁾ = W⁽ᵏ⁾ zₛ⁽ᵏ⁻¹⁾ + b⁽ᵏ⁾'],
    ['The gradient by W', columns, '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ z⁽ᵏ⁻¹⁾ᵀ'],
    ['The gradient by W', rows, '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ᵀ z⁽ᵏ⁻¹⁾'],
    ['The gradient by W', each, '∂E/∂W⁽ᵏ⁾ = Σₛ δₛ⁽ᵏ⁾ zₛ⁽ᵏ⁻¹⁾ᵀ'],
    ['The gradient by W', numerator, '∂E/∂W⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ · δ⁽ᵏ⁾'],
    ['The gradient by b', columns, '∂E/∂b⁽ᵏ⁾ = δ⁽ᵏ⁾ 𝟏'],
    ['The gradient by b', rows, '∂E/∂b⁽ᵏ⁾ = 𝟏ᵀ δ⁽ᵏ⁾'],
    ['The gradient by b', each, '∂E/∂b⁽ᵏ⁾ = Σₛ δₛ⁽ᵏ⁾'],
    ['The gradient by b', mixed, '∂E/∂b⁽ᵏ⁾ = 𝟏ᵀ δ⁽ᵏ⁾ᵀ'],
    ['The recursion', columns, 'δ⁽ᵏ⁻¹⁾ = (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)'],
    ['The recursion', rows, 'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ W⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)'],
    ['The recursion', numerator, 'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ · W⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾ᵀ)'],
  ])('%s', (title, layout, expected) => {
    expect(written(title, layout)).toBe(expected);
  });
  test('a sum over time stands outside the products of all samples', () => {
    const elman = deriveSpec({ file: 'elman', text: readFileSync('specs/layers/elman.yaml', 'utf8') }, shippedLibrary);
    const step = elman.steps.find((s) => s.title.startsWith('The gradient by U'));
    const formula = step === undefined ? null : componentsOf(step);
    const form = formula === null ? null : batchForm(formula, columns, elman.system);
    expect(form && unicodeVector(form, notationFor(elman))).toBe('∂E/∂U = Σ_t [t ≥ 2] δ[:,t] h[:,t-1]ᵀ');
  });
});
