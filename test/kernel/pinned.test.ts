// Two stored integers that fix indices of one sum, and an index that is needed in several nests of one block.

import { describe, expect, test } from 'vitest';
import { expectGradient, kernelOf, written } from './written.ts';

const net = (equations: string): Parameters<typeof expectGradient>[0] => written(`
network: drawn
inputs: { token: [2] }
instances:
  one: { layer: own, in: { token: token }, n: 2, q: 4 }
loss: { use: half-squared-error, y: one.z }
define:
  layers:
    - layer: own
      axes: { i: n, k: q }
      input: { token: [n] }
      output: { z: [n] }
      parameters: { W: [q], b: [n] }
      values: { token: q }
      equations:
${equations}
`);

describe('a maximum whose argument does not hold its letter', () => {
  test.each([['min(k, W[token[i]] * b[i])'], ['max(k, W[token[i]] * b[i])']])('%s is its argument', async (formula) => {
    const network = net(`        z[i]: "${formula}"`);
    const kernel = await kernelOf(network, 'loops', 2);
    const [W, b, tokens, targets] = [[0.5, -2, 3, 0.25], [1.5, -0.75], [3, 1, 2, 4], [0.1, 0.2, 0.3, 0.4]];
    kernel.parameters.set([...W, ...b]);
    kernel.input.set(tokens);
    kernel.target.set(targets);
    const gradient = [0, 0, 0, 0, 0, 0];
    let E = 0;
    for (const [n, token] of tokens.entries()) {
      const i = n % 2;
      const error = W[token - 1]! * b[i]! - targets[n]!;
      E += error ** 2 / 2;
      gradient[token - 1]! += error * b[i]!;
      gradient[4 + i]! += error * W[token - 1]!;
    }
    expect(kernel.backward()).toBeCloseTo(E, 13);
    for (const [n, value] of gradient.entries()) expect(kernel.gradient[n]).toBeCloseTo(value, 13);
  });
});

test('a choice beside a sum under the same choice declares its index once', () => expectGradient(written(`
network: beside
inputs: { x: [3, 1] }
instances:
  one: { layer: own, in: x }
loss: { use: half-squared-error, y: one.z }
define:
  layers:
    - layer: own
      axes: { i: n, k: q }
      input: { x: [n, q] }
      output: { z: [n] }
      parameters: { W: [n, n] }
      equations:
        m: "max(i, sum(k, x[i, k] * W[i, i]))"
        z[i]: m * W[i, 1]
`)));
