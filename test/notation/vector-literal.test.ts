// Every vector form of everything that is shipped, in every layout, is worth what its components are worth.

import { describe, expect, test } from 'vitest';
import { shippedFormulas } from './shipped-formulas.ts';
import { compareAll } from './vector-literal-run.ts';

describe('vector forms are worth what their components are worth, as literal matrices', () => {
  test.each([
    ['specs/layers', 0, 0, 0, 0],
    ['specs/losses', 0, 0, 0, 0],
    ['specs/networks', 0, 0, 0, 0],
  ])('%s', (folder, formulas, forms, batchFormulas, inBatches) => {
    const { one, batch } = compareAll(shippedFormulas(folder));
    console.log(folder, JSON.stringify({ one, batch }));
    expect(one.wrong.slice(0, 5)).toEqual([]);
    expect(batch.wrong.slice(0, 5)).toEqual([]);
    expect(one.withForm).toBeGreaterThanOrEqual(formulas);
    expect(one.forms).toBeGreaterThanOrEqual(forms);
    expect(batch.withForm).toBeGreaterThanOrEqual(batchFormulas);
    expect(batch.forms).toBeGreaterThanOrEqual(inBatches);
  }, 300_000);
});
