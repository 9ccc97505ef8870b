// Names that the normal form gives to summed indices never meet indices that stand free.

import { expect, it } from 'vitest';
import { index, integer, size } from '../../src/algebra/affine.ts';
import { multiply, ref, sum, tensor } from '../../src/algebra/expression.ts';
import { provablyEqual } from '../../src/algebra/normal/equal.ts';
import { plain } from '../../src/algebra/print.ts';
import { deriveLayer } from '../../src/derive/derive.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';

it('a free index may be called as a summed one is called', () => {
  const n = size('n');
  const W = (i: string, j: string) => ref(tensor('W'), [index(i), index(j)]);
  const over = (name: string, first: string) => sum(name, { lo: integer(1), hi: n }, multiply([W(first, name), ref(tensor('x'), [index(name)])]));
  expect(provablyEqual(over('b', 'b'), over('j', '#1.0'))).toBe('different');
  expect(provablyEqual(over('b', '#1.0'), over('j', '#1.0'))).toBe('equal');
});

it('a sum over a diagonal is not taken for a row', () => {
  const text = `
layer: trace
axes: { i: units, j: units }
input: { x: [units], v: [units] }
parameters: { W: [units, units], c: [units] }
output: { z: [units] }
equations:
  row[i]: sum(j, W[i, j] * x[j])
  z[i]: row[i] * v[i] + exp(c[i]) * sum(j, W[j, j] * x[j])
`;
  const { steps } = deriveLayer(readLayer({ file: 'trace.yaml', text }, shippedLibrary), { signal: 'a' });
  const step = steps.find((s) => s.title === 'The gradient by c');
  const last = step?.right.at(-1)?.formula;
  expect(last?.kind === 'expression' ? plain(last.value) : null).toBe('∂E/∂z[i]·exp(c[i])·Σ_{j=1..units} W[j, j]·x[j]');
});
