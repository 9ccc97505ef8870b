// Layers that look at all samples: both forms compute the same, and no entry of another sample is taken for one's own.

import { describe, expect, test } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Network } from '../../src/spec/network.ts';
import { expectGradient, kernelOf, written } from './written.ts';
import { largestDifference } from './run.ts';

/** Two vectors of each sample, compared with those of all samples. */
const pairs = (equation: string): Network => written(`
network: pairs
inputs: { x: 2, y: 2 }
instances:
  u: { layer: dense, units: 2, h: identity, in: x }
  v: { layer: dense, units: 2, h: identity, in: y }
  n: { layer: pairs, in: { u: u, v: v } }
loss: half-squared-error
define:
  layers:
    - layer: pairs
      axes: { q: 1, s: samples, r: samples, d: width }
      input: { u: [samples, width], v: [samples, width] }
      output: { l: [samples, 1] }
      equations:
        l[s, q]: "${equation}"
`);
/** One layer over the samples after a dense one. */
const features = (equations: readonly string[]): Network => written(`
network: features
input: 3
layers:
  - 2 identity
  - over-samples
loss: half-squared-error
define:
  layers:
    - layer: over-samples
      axes: { s: samples, r: samples, i: features }
      input: { x: [samples, features] }
      output: { z: [samples, features] }
      equations:
${equations.map((e) => `        ${e}`).join('\n')}
`);

const similarity = 'sum(d, u[s, d] * v[r, d])';
const own = 'sum(d, u[s, d] * v[s, d])';

describe('the gradient is that of differences, in both forms', () => {
  test('squares of all pairs', () => expectGradient(pairs(`sum(r, ${similarity}^2) - ${own}`)));
  test('squares of all other pairs', () => expectGradient(pairs(`sum(r, tanh(${similarity})) * ${own} - mean(r, u[r, 1] * v[s, 1])`)));
  test('the greatest of all pairs', () => expectGradient(pairs(`max(r, ${similarity})`)));
  test('logarithm of a sum of exponentials', () => expectGradient(pairs(`log(sum(r, exp(${similarity}))) - ${own}`)));
  test('logarithm of a quotient of exponentials', () => expectGradient(pairs(`-log(exp(${own}) / sum(r, exp(${similarity})))`)));
  test('weights over the samples', () => expectGradient(pairs(`sum(r, exp(${similarity}) * v[r, 1]) / sum(r, exp(${similarity}))`)));
  test('deviation from the mean', () => expectGradient(features(['z[s, i]: (x[s, i] - mean(r, x[r, i]))^2'])));
  test('softmax over the samples', () => expectGradient(features(['z[s, i]: exp(x[s, i]) / sum(r, exp(x[r, i]))'])));
  test('a logarithm that all samples share', () => expectGradient(features(['m[i]: log(sum(r, exp(x[r, i])))', 'z[s, i]: x[s, i] - m[i]'])));
});

test('straight-line code reads the δ of other samples from their array', () => {
  const { javascript, form } = emitKernel(pairs(`sum(r, ${similarity}^2) - ${own}`), { form: 'straight-line' });
  expect(form).toBe('straight-line');
  const shadowed = [...javascript.matchAll(/^( *)for \(let (\w+) = .*\n(?:\1 .*\n)*/gm)].filter(([loop, , name]) => loop.split(`for (let ${name!} `).length > 2);
  expect(shadowed.map(([loop]) => loop)).toEqual([]);
});

test.each([1, -1])('the logarithm of a sum over samples at large exponents, sign %i', async (sign) => {
  const net = pairs(`logsumexp(r, ${similarity}) - ${own}`);
  const kernel = await kernelOf(net, 'loops', 3);
  // u = x, v = y: weights 1, biases 0.
  kernel.parameters.set([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
  kernel.input.set([40, 0, 30 * sign, 1, 50, 1, 20 * sign, 1, -40, 2, 10 * sign, -3]);
  kernel.target.fill(0);
  const samples = [0, 1, 2].map((s) => ({ u: [...kernel.input.slice(4 * s, 4 * s + 2)], v: [...kernel.input.slice(4 * s + 2, 4 * s + 4)] }));
  let E = 0;
  const uGradient = [0, 0];
  for (const [s, { u }] of samples.entries()) {
    const logits = samples.map(({ v }) => u[0]! * v[0]! + u[1]! * v[1]!);
    const m = Math.max(...logits);
    const weights = logits.map((x) => Math.exp(x - m));
    const total = weights.reduce((a, b) => a + b, 0);
    const l = m + Math.log(total) - logits[s]!;
    E += l * l / 2;
    for (const d of [0, 1]) {
      uGradient[d]! += l * (weights.reduce((sum, w, r) => sum + w / total * samples[r]!.v[d]!, 0) - samples[s]!.v[d]!);
    }
  }
  expect(largestDifference([kernel.backward()], [E])).toBeLessThan(1e-14);
  expect(largestDifference([...kernel.gradient.slice(4, 6)], uGradient)).toBeLessThan(1e-14);
});
