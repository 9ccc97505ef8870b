// Logarithms of what an integer chooses, softmax over two axes at once, and tensors that only a choice reads.

import { describe, expect, test } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Network } from '../../src/spec/network.ts';
import { largestDifference } from './run.ts';
import { expectGradient, kernelOf, written } from './written.ts';

const classifier = (loss: string): Network => written(`
network: picked
input: 1
layers:
  - 4 identity
  - softmax
loss: picked
define:
  losses:
    - loss: picked
      axes: { i: classes }
      input: { y: [classes] }
      target: { k: [] }
      values: { k: i }
      expression: "${loss}"
`);

/** log p of a softmax, by hand. */
function logarithms(logits: readonly number[]): readonly number[] {
  const m = Math.max(...logits);
  const sum = logits.reduce((all, u) => all + Math.exp(u - m), 0);
  return logits.map((u) => u - m - Math.log(sum));
}

describe.each<[string, (logP: readonly number[], k: number) => { readonly E: number; readonly ofLog: readonly number[] }]>([
  ['-log(y[k])', (logP, k) => ({ E: -logP[k]!, ofLog: logP.map((_, i) => (i === k ? -1 : 0)) })],
  ['log(1 / y[k]^2)', (logP, k) => ({ E: -2 * logP[k]!, ofLog: logP.map((_, i) => (i === k ? -2 : 0)) })],
  ['-log(max(i, y[i])) - log(y[k])', (logP, k) => {
    const best = logP.indexOf(Math.max(...logP));
    return { E: -logP[best]! - logP[k]!, ofLog: logP.map((_, i) => (i === k ? -1 : 0) - (i === best ? 1 : 0)) };
  }],
])('%s', (loss, byHand) => {
  test.each([[[500, -500, 0, 1]], [[-500, 500, 499, -1000]], [[0.5, -0.25, 1.5, 0]]])('logits %j', async (logits) => {
    const kernel = await kernelOf(classifier(loss), 'loops', 1);
    kernel.parameters.set([...logits, 0, 0, 0, 0]);
    kernel.input.set([1]);
    const logP = logarithms(logits);
    for (const k of [1, 2, 3, 4]) {
      kernel.target.set([k]);
      const { E, ofLog } = byHand(logP, k - 1);
      const all = ofLog.reduce((a, b) => a + b, 0);
      // Logits cancel in E: a few units in the last place of the greatest.
      const rounding = 4 * 2 ** -52 * Math.max(...logits.map(Math.abs));
      expect(Math.abs(kernel.backward() - E)).toBeLessThanOrEqual(rounding);
      expect(largestDifference([...kernel.gradient.slice(0, 4)], ofLog.map((d, i) => d - Math.exp(logP[i]!) * all))).toBeLessThan(1e-14);
    }
  });
  test('the gradient is that of differences', () => expectGradient(classifier(loss)));
  test('the comment says so', () => {
    expect(emitKernel(classifier(loss)).typescript).toMatch(/\/\/ L\[s\] = .*\n\/\/ logarithm by parts, softmax shift/);
  });
});

test('a choice that may lie outside the range has no logarithm by parts', () => {
  const net = written(`
network: beside
input: 1
layers: [4 identity, softmax]
loss: beside
define:
  losses:
    - loss: beside
      axes: { i: classes, v: classes }
      input: { y: [classes] }
      target: { k: [] }
      values: { k: v }
      expression: "log(1 + (k > 1 ? y[k - 1] : 0))"
`);
  expect(emitKernel(net).typescript).not.toContain('logarithm by parts');
});

const joint = (equations: readonly string[]): Network => written(`
network: joint
inputs: { x: [3, 4] }
instances:
  p: { layer: joint, in: x }
loss: squares
define:
  losses:
    - loss: squares
      axes: { i: rows, j: columns }
      input: { y: [rows, columns] }
      target: { t: [rows, columns] }
      expression: sum(i, j, (y[i, j] - t[i, j])^2) / 2
  layers:
    - layer: joint
      axes: { i: rows, j: columns }
      input: { x: [rows, columns] }
      parameters: { W: [rows, columns] }
      output: { z: [rows, columns] }
      equations:
${equations.map((e) => `        ${e}`).join('\n')}
`);
const a = 'W[i, j] * x[i, j]';

describe.each<[string, readonly string[], (i: number, j: number) => boolean]>([
  ['in one equation', [`z[i, j]: exp(${a}) / sum(i, j, exp(${a}))`], () => true],
  ['in two equations', [`e[i, j]: exp(${a})`, 'z[i, j]: e[i, j] / sum(i, j, e[i, j])'], () => true],
  ['with a mask', [`z[i, j]: "[j >= i + 2] * exp(${a}) / sum(i, j, [j >= i + 2] * exp(${a}))"`], (i, j) => j >= i + 2],
  ['with a mask that leaves rows empty', [`z[i, j]: "[j + 1 <= i] * exp(${a}) / sum(i, j, [j + 1 <= i] * exp(${a}))"`], (i, j) => j + 1 <= i],
])('softmax over two axes at once, %s', (_, equations, counts) => {
  test('the gradient is that of differences', () => expectGradient(joint(equations)));
  test.each([0, -2000])('logits up to a thousand, beside %i', async (shift) => {
    const kernel = await kernelOf(joint(equations), 'loops', 1);
    const logits = Array.from({ length: 12 }, (__, n) => shift + 1000 * Math.sin(2 * n + 1));
    kernel.parameters.set(logits);
    kernel.input.fill(1);
    kernel.forward();
    const inside = logits.map((__, n) => counts(Math.floor(n / 4), n % 4));
    const greatest = Math.max(...logits.filter((__, n) => inside[n]));
    const weights = logits.map((u, n) => (inside[n] === true ? Math.exp(u - greatest) : 0));
    const total = weights.reduce((p, q) => p + q, 0);
    expect(largestDifference([...kernel.output], weights.map((w) => w / total))).toBeLessThan(1e-14);
    kernel.backward();
    expect([...kernel.gradient].every(Number.isFinite)).toBe(true);
  });
});

test('no derivative flows through what only a choice reads', async () => {
  const net = written(`
network: jump
input: 3
layers:
  - 4 tanh
  - jump
loss: half-squared-error
define:
  layers:
    - layer: jump
      axes: { i: inputs, q: 1 }
      input: { x: [inputs] }
      parameters: { c: [inputs] }
      output: { z: [1] }
      equations:
        y[i]: exp(x[i])
        z[q]: c[argmax(i, y[i])]
`);
  await expectGradient(net);
  const kernel = await kernelOf(net, 'loops', 2);
  kernel.backward();
  expect([...kernel.gradient.slice(0, 16)]).toEqual(new Array<number>(16).fill(0));
});

test('an index that nothing reads is not declared', () => {
  const { javascript } = emitKernel(written('network: classes\ninput: 2\nlayers: [3 identity]\nloss: class-index-cross-entropy'));
  const routines = javascript.split('\n}\n');
  expect(routines.some((r) => /const \w+ = target\[/.test(r))).toBe(true);
  for (const routine of routines) {
    for (const [, name] of routine.matchAll(/const (\w+) = \w+\[[^\]]*\] - 1;/g)) expect(routine.split(new RegExp(`\\b${name!}\\b`)).length).toBeGreaterThan(2);
  }
});
