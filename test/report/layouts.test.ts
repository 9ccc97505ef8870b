// Layouts of a notation in a derivation: said in words that are true of its formulas, and with vec and ⊗ where the notation has them.

import { describe, expect, test } from 'vitest';
import { sameAffine } from '../../src/algebra/affine.ts';
import type { Shape } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import type { NotationSpec } from '../../src/notation/notation-spec.ts';
import { shippedNotation } from '../../src/notation/shipped-notations.ts';
import { vectorForm } from '../../src/notation/vector.ts';
import { derivationText } from '../../src/report/derivation-text.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { inNotation } from '../../src/report/in-notation.ts';
import { layoutInWords } from '../../src/report/layout-words.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { shippedFormulas } from '../notation/shipped-formulas.ts';
import { readFileSync } from 'node:fs';

const dense = shippedFormulas('specs/layers').filter(({ where }) => where.includes('/dense.yaml'));

/** The shape of the left side of a step. */
function shapeIn(layout: MatrixLayout, title: string): Shape {
  const found = dense.find(({ where }) => where.includes(title));
  const left = found === undefined ? undefined : vectorForm(found.formula, layout, found.system.declarations)?.left;
  if (left?.kind !== 'tensor') throw new Error(title);
  return left.shape;
}
const one = { terms: [], constant: 1 };
const isColumn = ({ columns }: Shape): boolean => sameAffine(columns, one);

describe('a layout in words is what its formulas are', () => {
  const all = (['columns', 'rows'] as const).flatMap((vectors) => (['numerator', 'denominator', 'mixed'] as const).map((derivatives) => ({ vectors, derivatives })));
  test.each(all)('$vectors, $derivatives', ({ vectors, derivatives }) => {
    const layout: MatrixLayout = { vectors, derivatives, elementwise: 'product', samples: 'sum' };
    const words = layoutInWords(layout, false);
    const vector = isColumn(shapeIn(layout, 'Forward equation of a^')) ? 'column' : 'row';
    const signal = isColumn(shapeIn(layout, 'the adjoint of z^')) ? 'column' : 'row';
    const [gradient, weights] = [shapeIn(layout, 'gradient by W^'), shapeIn({ ...layout, derivatives: 'denominator' }, 'gradient by W^')];
    expect(words).toContain(`a vector is a ${vector};`);
    expect(words.includes('the shape of what it is taken by') ? vector : /a derivative by a \w+ is a (\w+)/.exec(words)?.[1]).toBe(signal);
    expect(!words.includes('shape of its transpose')).toBe(sameAffine(gradient.rows, weights.rows));
  });
  test('samples', () => {
    const layout: MatrixLayout = { vectors: 'columns', derivatives: 'denominator', elementwise: 'product', samples: 'rows' };
    expect(layoutInWords(layout, true)).toContain('In samples: each is a row of one matrix.');
    expect(layoutInWords(layout, false)).not.toContain('samples');
  });
});

describe('with vec and ⊗', () => {
  const derivation = deriveSpec({ file: 'dense', text: readFileSync('specs/layers/dense.yaml', 'utf8') }, shippedLibrary);
  const written = (change: Partial<NotationSpec>): string => {
    const article = shippedNotation('article');
    if (article === null) throw new Error('article');
    const { derivation: said, style } = inNotation(derivation, { ...article, ...change });
    return derivationText(said, style);
  };
  test('where the notation has them', () => {
    const text = written({ kronecker: true });
    expect(text).toContain('∂a⁽ᵏ⁾/∂vec(W⁽ᵏ⁾) = z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾]');
    expect(text).toContain('∂E/∂vec(W⁽ᵏ⁾) = δ⁽ᵏ⁾ · (z⁽ᵏ⁻¹⁾ᵀ ⊗ I[units⁽ᵏ⁾])');
  });
  test('a gradient of the shape of its parameter needs none', () => {
    const text = written({ kronecker: true, layout: 'denominator' });
    expect(text).toContain('∂a⁽ᵏ⁾/∂vec(W⁽ᵏ⁾) = z⁽ᵏ⁻¹⁾ ⊗ I[units⁽ᵏ⁾]');
    expect(text).not.toContain('∂E/∂vec');
  });
  test('not where it has none', () => {
    expect(written({})).not.toContain('⊗');
  });
});
