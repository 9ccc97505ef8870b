// W[i, j]^2 for W[i, j] in the dense layer's file, and nothing else: derivation (test/derive), kernel and checks follow.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkNetwork } from '../../src/check/check.ts';
import { loadKernel } from '../../src/check/load.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import { shippedLibrary, type SpecSource } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';

const dense = readFileSync('specs/layers/dense.yaml', 'utf8');
// The folded form is another file, which still says W: this layer has none.
const squared = dense.replace('W[i, j] * x[j]', 'W[i, j]^2 * x[j]').replace(/^augmented:.*\n/m, '');
const library: SpecSource = (kind, name) =>
  (kind === 'layers' && name === 'dense' ? { file: 'specs/layers/dense.yaml', text: squared } : shippedLibrary(kind, name));
const network = readNetwork({ file: 'squared.yaml', text: 'network: squared\ninput: 3\nlayers: [4 tanh, 2 identity]\nloss: half-squared-error\n' }, library);

it('the kernel computes the gradient of the changed layer', async () => {
  expect(squared).not.toBe(dense);
  const module = await loadKernel(emitKernel(network));
  const kernel = module.createKernel({ samples: 1 });
  kernel.parameters.forEach((_, n) => (kernel.parameters[n] = 0.4 * Math.sin(1 + 2.3 * n)));
  kernel.input.set([0.3, -0.7, 1.1]);
  kernel.target.set([0.2, -0.5]);
  kernel.backward();

  // The same by hand.
  const p = [...kernel.parameters];
  const W1 = (i: number, j: number): number => p[3 * i + j] ?? NaN;
  const W2 = (i: number, j: number): number => p[16 + 4 * i + j] ?? NaN;
  const x = [...kernel.input];
  const z1 = [0, 1, 2, 3].map((i) => Math.tanh(x.reduce((sum, v, j) => sum + W1(i, j) ** 2 * v, p[12 + i] ?? NaN)));
  const delta2 = [0, 1].map((i) => z1.reduce((sum, v, j) => sum + W2(i, j) ** 2 * v, p[24 + i] ?? NaN) - (kernel.target[i] ?? NaN));
  const delta1 = z1.map((v, j) => delta2.reduce((sum, d, i) => sum + d * W2(i, j) ** 2, 0) * (1 - v * v));
  const expected = [
    ...delta1.flatMap((d, i) => x.map((v, j) => 2 * d * W1(i, j) * v)), ...delta1,
    ...delta2.flatMap((d, i) => z1.map((v, j) => 2 * d * W2(i, j) * v)), ...delta2,
  ];
  expect(kernel.gradient).toHaveLength(expected.length);
  expected.forEach((value, n) => expect(kernel.gradient[n]).toBeCloseTo(value, 13));
});

it('every road that applies holds', async () => {
  const report = await checkNetwork(network, { samples: 2, seed: 1 });
  expect(report.roads.filter((r) => r.status === 'fails')).toEqual([]);
  expect(report.holds).toBe(true);
});
