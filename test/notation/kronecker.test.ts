// Formulas with vec and ⊗: as people know them, and worth what their components are worth, as literal matrices.

import { expect, test } from 'vitest';
import { inColumns, inRows, type MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { kroneckerForm } from '../../src/notation/kronecker.ts';
import { latexVector } from '../../src/notation/latex.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { ShapeError } from './literal.ts';
import { componentsOf, vecMismatch } from './literal-check.ts';
import { worldOf } from './literal-world.ts';
import { shippedFormulas } from './shipped-formulas.ts';
import { layouts } from './vector-literal-run.ts';

const shipped = shippedFormulas('specs/layers');
const dense = (title: string, layout: MatrixLayout): ReturnType<typeof kroneckerForm> => {
  const found = shipped.find(({ where }) => where.startsWith(`specs/layers/dense.yaml: ${title}`));
  return found === undefined ? null : kroneckerForm(found.formula, layout, found.system.declarations);
};

test.each([
  ['The gradient by W', inColumns, 'vec(∂E/∂W⁽ᵏ⁾) = (z⁽ᵏ⁻¹⁾ ⊗ I[units⁽ᵏ⁾]) · ∂E/∂a⁽ᵏ⁾'],
  ['Forward equation of a', inColumns, 'a⁽ᵏ⁾ = (z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾]) vec(W⁽ᵏ⁾) + b⁽ᵏ⁾'],
  ['The gradient by W', inRows, 'vec(∂E/∂W⁽ᵏ⁾) = (I[units⁽ᵏ⁾] ⊗ z⁽ᵏ⁻¹⁾) · (∂E/∂a⁽ᵏ⁾)ᵀ'],
])('%s', (title, layout, expected) => {
  const form = dense(title, layout);
  expect(form && unicodeVector(form)).toBe(expected);
});

test('in LaTeX', () => {
  const form = dense('Forward equation of a', inColumns);
  expect(form && latexVector(form)).toBe('a^{(k)} = (z^{(k-1)T} \\otimes I_{\\mathrm{units}^{(k)}}) \\mathrm{vec}(W^{(k)}) + b^{(k)}');
});

test('every form is what its components are', () => {
  let compared = 0;
  for (const { where, formula, system, batch } of shipped) {
    for (const [{ formula: said, system: own }, samples] of [[{ formula, system }, ['sum'] as const], ...(batch === null ? [] : [[batch, ['columns', 'rows'] as const] as const])] as const) {
      for (const layout of layouts(samples).filter((l) => l.elementwise === 'diag')) {
        const form = kroneckerForm(said, layout, own.declarations);
        const world = form === null ? null : worldOf(said, own);
        if (form === null || world === null) continue;
        const left = form.left.kind === 'vec' ? form.left.of : form.left;
        if (left.kind === 'tensor' && left.at.length > 0) continue;
        let reason: string | null;
        try {
          reason = vecMismatch(form, said, componentsOf(said, world), world);
        } catch (error) {
          if (!(error instanceof ShapeError)) throw error;
          reason = error.message;
        }
        expect(reason, `${where}: ${unicodeVector(form)}`).toBeNull();
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(1_000);
});
