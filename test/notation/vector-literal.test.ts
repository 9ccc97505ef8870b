// Every vector form of everything that is shipped, in every layout, is worth what its components are worth.

import { describe, expect, test } from 'vitest';
import type { Arrangement, VectorForm } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { batchForms } from '../../src/notation/samples-form.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { componentsOf, mismatch } from './literal-check.ts';
import { worldOf } from './literal-world.ts';
import { shippedFormulas } from './shipped-formulas.ts';
import { compareAll } from './vector-literal-run.ts';

const shipped = shippedFormulas('specs/layers', 'specs/losses', 'specs/networks');

// How many there are at least, so that none of them can get lost.
describe('vector forms are worth what their components are worth, as literal matrices', () => {
  test.each([
    ['specs/layers', 360, 6_500, 460, 16_000],
    ['specs/losses', 26, 280, 26, 520],
    ['specs/networks', 595, 10_500, 745, 27_000],
  ])('%s', (folder, formulas, forms, batchFormulas, inBatches) => {
    const { one, batch } = compareAll(shipped.filter(({ where }) => where.startsWith(folder)));
    expect([...one.wrong, ...batch.wrong].slice(0, 5)).toEqual([]);
    expect([...one.better, ...batch.better].slice(0, 5)).toEqual([]);
    expect(one.withForm).toBeGreaterThanOrEqual(formulas);
    expect(one.forms).toBeGreaterThanOrEqual(forms);
    expect(batch.withForm).toBeGreaterThanOrEqual(batchFormulas);
    expect(batch.forms).toBeGreaterThanOrEqual(inBatches);
  }, 300_000);
});

describe('what is wrong is found', () => {
  const some = shipped.filter(({ where }) => /layers\/(dense|elman|layer-normalisation|attention)\.yaml/.test(where));
  const layout: MatrixLayout = { vectors: 'columns', derivatives: 'numerator', elementwise: 'product', samples: 'columns' };
  const found = some.flatMap(({ formula, system, batch }) => {
    if (batch === null) return [];
    const world = worldOf(batch.formula, batch.system);
    if (world === null) return [];
    const components = componentsOf(batch.formula, world);
    return batchForms(formula, layout, system).map((form) => ({ form, check: (other: VectorForm) => mismatch(other, batch.formula, components, world) }));
  });
  test.each([
    ['a transpose more or less', (a: Arrangement): Arrangement | null => (a.kind === 'tensor' && a.shape.rows !== a.shape.columns ? { ...a, transposed: !a.transposed } : null)],
    ['ones that lie', (a: Arrangement): Arrangement | null => (a.kind === 'ones' ? { ...a, shape: { rows: a.shape.columns, columns: a.shape.rows } } : null)],
    ['factors in the other order', (a: Arrangement): Arrangement | null => (a.kind === 'product' ? { ...a, factors: [...a.factors].reverse() } : null)],
    ['⊙ for a product', (a: Arrangement): Arrangement | null => (a.kind === 'product' ? { kind: 'hadamard', factors: a.factors, vectors: false } : null)],
    ['a product for ⊙', (a: Arrangement): Arrangement | null => (a.kind === 'hadamard' ? { kind: 'product', factors: a.factors } : null)],
  ])('%s', (_name, change) => {
    let caught = 0;
    for (const { form, check } of found) {
      for (const right of changedOnce(form.right, change)) {
        expect(check({ ...form, right }), unicodeVector({ ...form, right })).not.toBeNull();
        caught += 1;
      }
    }
    expect(caught).toBeGreaterThan(20);
  });
});

/** Every arrangement that differs in one place. */
function changedOnce(a: Arrangement, change: (a: Arrangement) => Arrangement | null): readonly Arrangement[] {
  const own = change(a);
  const below = (parts: readonly Arrangement[], rebuilt: (parts: readonly Arrangement[]) => Arrangement): readonly Arrangement[] =>
    parts.flatMap((part, n) => changedOnce(part, change).map((other) => rebuilt(parts.map((p, m) => (m === n ? other : p)))));
  const one = (part: Arrangement, rebuilt: (part: Arrangement) => Arrangement): readonly Arrangement[] => changedOnce(part, change).map(rebuilt);
  const inside = ((): readonly Arrangement[] => {
    switch (a.kind) {
      case 'tensor': case 'scalar': case 'ones': case 'identity': case 'by-vec': return [];
      // A row or a column, and the same diagonal matrix, or norm.
      case 'diag': case 'square': return [];
      case 'product': case 'hadamard': case 'kronecker': return below(a.factors, (factors) => ({ ...a, factors }));
      case 'add': return below(a.terms, (terms) => ({ ...a, terms }));
      case 'scaled': return a.of === null ? [] : one(a.of, (of) => ({ ...a, of }));
      case 'transpose': case 'vec': case 'chosen': case 'over': return one(a.of, (of) => ({ ...a, of }));
      case 'apply': return one(a.argument, (argument) => ({ ...a, argument }));
      case 'power': return one(a.base, (base) => ({ ...a, base }));
    }
  })();
  return [...(own === null ? [] : [own]), ...inside];
}
