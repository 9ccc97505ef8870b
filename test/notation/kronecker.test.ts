// Formulas with vec and ⊗: as people know them, and worth what their components are worth, as literal matrices.

import { describe, expect, test } from 'vitest';
import type { Arrangement, VectorForm } from '../../src/notation/arrangement.ts';
import { inColumns, inRows, type MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { derivativesByVec, gradientByVec, kroneckerForm } from '../../src/notation/kronecker.ts';
import { latexVector } from '../../src/notation/latex.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { turnedAround } from '../../src/notation/turned-around.ts';
import { componentsOf, derivativeMismatch, mismatch } from './literal-check.ts';
import { worldOf } from './literal-world.ts';
import { shippedFormulas } from './shipped-formulas.ts';
import { layouts } from './vector-literal-run.ts';

const shipped = shippedFormulas('specs/layers');
const dense = (title: string): (typeof shipped)[number] => {
  const found = shipped.find(({ where }) => where.startsWith(`specs/layers/dense.yaml: ${title}`));
  if (found === undefined) throw new Error(title);
  return found;
};
const inDense = (title: string, layout: MatrixLayout): VectorForm | null => kroneckerForm(dense(title).formula, layout, dense(title).system.declarations);

test.each([
  ['The gradient by W', inColumns, 'vec(∂E/∂W⁽ᵏ⁾) = (z⁽ᵏ⁻¹⁾ ⊗ I[units⁽ᵏ⁾]) · ∂E/∂a⁽ᵏ⁾'],
  ['Forward equation of a', inColumns, 'a⁽ᵏ⁾ = (z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾]) vec(W⁽ᵏ⁾) + b⁽ᵏ⁾'],
  ['The gradient by W', inRows, 'vec(∂E/∂W⁽ᵏ⁾) = (I[units⁽ᵏ⁾] ⊗ z⁽ᵏ⁻¹⁾) · (∂E/∂a⁽ᵏ⁾)ᵀ'],
])('%s', (title, layout, expected) => {
  const form = inDense(title, layout);
  expect(form && unicodeVector(form)).toBe(expected);
});

test('in LaTeX', () => {
  const form = inDense('Forward equation of a', inColumns);
  expect(form && latexVector(form)).toBe('a^{(k)} = (z^{(k-1)T} \\otimes I_{\\mathrm{units}^{(k)}}) \\mathrm{vec}(W^{(k)}) + b^{(k)}');
});

test.each([
  ['The gradient by W', gradientByVec, '∂E/∂vec(W⁽ᵏ⁾) = ∂E/∂a⁽ᵏ⁾ · (z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾])'],
  ['Forward equation of a', (...of: Parameters<typeof derivativesByVec>) => derivativesByVec(...of)[0] ?? null, '∂a⁽ᵏ⁾/∂vec(W⁽ᵏ⁾) = z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾]'],
])('by vec: %s', (title, find, expected) => {
  const { formula, system } = dense(title);
  const form = find(formula, inRows, system.declarations);
  expect(form && unicodeVector(form)).toBe(expected);
});

describe('every form is what its components are', () => {
  let [stacked, gradients, derivatives, mutants] = [0, 0, 0, 0];
  test.each([...new Set(shipped.map(({ where }) => where.split(':')[0] ?? ''))])('%s', (file) => {
    for (const { where, formula: one, system, batch } of shipped.filter((s) => s.where.startsWith(`${file}:`))) {
      for (const [formula, own, samples] of [[one, system, ['sum'] as const] as const, ...(batch === null ? [] : [[batch.formula, batch.system, ['columns', 'rows'] as const] as const])]) {
        const world = worldOf(formula, own);
        if (world === null) continue;
        const components = componentsOf(formula, world);
        for (const layout of layouts(samples).filter((l) => l.elementwise === 'diag')) {
          const form = kroneckerForm(formula, layout, own.declarations);
          const gradient = gradientByVec(formula, layout, own.declarations);
          const local = derivativesByVec(formula, layout, own.declarations);
          for (const found of [form, gradient].filter((f) => f !== null)) expect(mismatch(found, formula, components, world), `${where}: ${unicodeVector(found)}`).toBeNull();
          for (const found of local) expect(derivativeMismatch(found, formula, components, world), `${where}: ${unicodeVector(found)}`).toBeNull();
          stacked += form === null ? 0 : 1;
          gradients += gradient === null ? 0 : 1;
          derivatives += local.length;
          // A transpose more or less, and ⊗ the other way round.
          if (file.endsWith('/dense.yaml') || file.endsWith('/time-distributed-dense.yaml')) {
            const wrong = [form, gradient].filter((f) => f !== null).flatMap((f) => changed(f.right).map((right) => mismatch({ ...f, right }, formula, components, world)));
            const wrongly = local.flatMap((f) => changed(f.right).map((right) => derivativeMismatch({ ...f, right }, formula, components, world)));
            expect([...wrong, ...wrongly]).not.toContain(null);
            mutants += wrong.length + wrongly.length;
          }
        }
      }
    }
  });
  test('there are many', () => {
    expect([stacked > 1_000, gradients > 80, derivatives > 200, mutants > 100], [stacked, gradients, derivatives, mutants].join()).toEqual([true, true, true, true]);
  });
});

/** Every arrangement with one product of Kronecker the other way round, or one of its factors transposed. */
function changed(a: Arrangement): readonly Arrangement[] {
  const inside = (parts: readonly Arrangement[], rebuilt: (parts: readonly Arrangement[]) => Arrangement): readonly Arrangement[] =>
    parts.flatMap((part, n) => changed(part).map((other) => rebuilt(parts.map((p, m) => (m === n ? other : p)))));
  if (a.kind === 'product') return inside(a.factors, (factors) => ({ ...a, factors }));
  if (a.kind === 'add') return inside(a.terms, (terms) => ({ ...a, terms }));
  if (a.kind === 'scaled' && a.of !== null) return inside([a.of], ([of]) => ({ ...a, of: of ?? null }));
  if (a.kind !== 'kronecker') return [];
  const turned = a.factors.flatMap((f, n) => (f.kind === 'tensor' ? [{ ...a, factors: a.factors.map((g, m) => (m === n ? turnedAround(g) : g)) }] : []));
  return [{ ...a, factors: [...a.factors].reverse() }, ...turned];
}
