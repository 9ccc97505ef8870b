// Values and gradients at extreme arguments, against formulas shifted by hand.

import { describe, expect, test } from 'vitest';
import { subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, bracket, divide, elementary, type Expression, indexAtLeast, multiply, negate, one, power, ref, subtract, sum,
} from '../../src/algebra/expression.ts';
import { backward } from '../../src/derive/reverse.ts';
import { emitKernel, emitSystem } from '../../src/kernel/emit.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { stabilize } from '../../src/kernel/stability/stabilize.ts';
import type { Equation, Network } from '../../src/spec/network.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { at, axis, declare, equation, network, T } from './networks.ts';
import { fill, largestDifference, load, random } from './run.ts';

const [x, z, e, s, L, W, y] = [T('x'), T('z'), T('e'), T('s'), T('L'), T('W'), T('t')];
const [i, j] = [axis('i', 4), axis('j', 4)];
const exp = (u: Expression): Expression => elementary('exp', u);
const log = (u: Expression): Expression => elementary('log', u);
const a = (letter: string): Expression => multiply([ref(W, [at(letter)]), ref(x, [at(letter)])]);
const crossEntropy = (p: Expression): Equation => equation(L, [], negate(sum('i', i.range, multiply([ref(y, [at('i')]), log(p)]))));

/** Softmax and cross-entropy of W[i] x[i], the softmax written by the given equations. */
const classifier = (equations: readonly Equation[], outputs = [z]): Network => network({
  declarations: [declare(x, [i], 'input'), declare(y, [i], 'target'), declare(W, [i], 'parameter')], equations, inputs: [x], targets: [y], outputs, loss: L,
});

const threeEquations = (): Network => classifier([
  equation(e, [i], exp(a('i'))), equation(s, [], sum('j', j.range, ref(e, [at('j')]))),
  equation(z, [i], divide(ref(e, [at('i')]), ref(s, []))), crossEntropy(ref(z, [at('i')])),
]);
const oneEquation = (): Network => classifier([
  equation(z, [i], divide(exp(a('i')), sum('j', j.range, exp(a('j'))))), crossEntropy(ref(z, [at('i')])),
]);
const logits = (): Network => classifier([
  equation(z, [i], a('i')),
  equation(L, [], subtract(multiply([sum('i', i.range, ref(y, [at('i')])), log(sum('j', j.range, exp(ref(z, [at('j')]))))]),
    sum('i', i.range, multiply([ref(y, [at('i')]), ref(z, [at('i')])])))),
]);

async function run(net: Network, given: { x: readonly number[]; W: readonly number[]; t?: readonly number[] }, samples = 1): Promise<{ kernel: Kernel; E: number }> {
  const kernel = (await load(emitKernel(net).javascript)).createKernel({ samples });
  kernel.input.set(given.x);
  kernel.parameters.set(given.W);
  kernel.target.set(given.t ?? []);
  const value = kernel.forward();
  expect(kernel.backward()).toBe(value);
  return { kernel, E: value };
}

/** By hand: E = Σ t_i (m + log Σ exp(a - m) - a_i), ∂E/∂a_i = p_i Σt - t_i. */
function byHand(logitsOf: readonly number[], t: readonly number[]): { E: number; p: readonly number[]; delta: readonly number[] } {
  const m = Math.max(...logitsOf);
  const weights = logitsOf.map((u) => Math.exp(u - m));
  const total = weights.reduce((p, q) => p + q, 0);
  const all = t.reduce((p, q) => p + q, 0);
  const p = weights.map((w) => w / total);
  return { E: t.reduce((sum_, ti, n) => sum_ + ti * (m + Math.log(total) - logitsOf[n]!), 0), p, delta: p.map((q, n) => q * all - t[n]!) };
}

describe.each([['in three equations', threeEquations], ['in one equation', oneEquation], ['as logits', logits]])('softmax with cross-entropy, %s', (name, make) => {
  test.each([
    [[1000, -1000, 999, 0], [1, 0, 0, 0]], [[-1000, -1000, -1001, -5000], [0, 1, 0, 0]], [[1000, -1000, 0, 3], [0, 1, 0, 0]], [[0.3, -0.2, 1.1, 0.7], [0.1, 0.2, 0.3, 0.4]],
    [[1e300, 0, 0, 0], [0.5, 0.5, 0, 0]],
  ])('logits %j, targets %j', async (u, t) => {
    const expected = byHand(u, t);
    const { kernel, E } = await run(make(), { x: [1, 1, 1, 1], W: u, t });
    expect(largestDifference([E], [expected.E])).toBeLessThan(1e-14);
    expect(largestDifference([...kernel.gradient], expected.delta)).toBeLessThan(1e-14);
    if (name !== 'as logits') expect(largestDifference([...kernel.output], expected.p)).toBeLessThan(1e-14);
  });
});

/** Attention with a mask: p[i, j] = [j ≤ i] exp(a[i, j])/Σ_k [k ≤ i] exp(a[i, k]), L = Σ_i Σ_j p[i, j] x[j]. */
function masked(separate: boolean): Network {
  const A = T('A');
  const before = (letter: string): Expression => bracket(indexAtLeast(subtractAffine(at('i'), at(letter))));
  const weight = (letter: string): Expression => multiply([before(letter), exp(multiply([ref(A, [at('i'), at(letter)]), ref(x, [at(letter)])]))]);
  const k = axis('k', 4);
  const [own, total] = separate ? [ref(e, [at('i'), at('j')]), sum('k', k.range, ref(e, [at('i'), at('k')]))] : [weight('j'), sum('k', k.range, weight('k'))];
  return network({
    declarations: [declare(x, [i], 'input'), declare(A, [i, j], 'parameter')],
    equations: [
      ...(separate ? [equation(e, [i, j], weight('j'))] : []),
      equation(z, [i, j], divide(own, total)),
      equation(L, [], sum('i', i.range, sum('j', j.range, multiply([ref(z, [at('i'), at('j')]), ref(x, [at('j')])])))),
    ],
    inputs: [x], outputs: [z], loss: L,
  });
}

test.each([true, false])('softmax along one axis of two, with a mask, weights in an equation of their own: %s', async (separate) => {
  const [xs, A] = [[1, 2, -1, 3], Array.from({ length: 16 }, (_, n) => 400 * Math.sin(3 * n + 1))];
  const { kernel, E } = await run(masked(separate), { x: xs, W: A });
  let expected = 0;
  const gradient = new Array<number>(16).fill(0);
  for (let r = 0; r < 4; r += 1) {
    const u = xs.slice(0, r + 1).map((v, c) => A[r * 4 + c]! * v);
    const { p } = byHand(u, []);
    const mean = p.reduce((total, q, c) => total + q * xs[c]!, 0);
    expected += mean;
    for (let c = 0; c <= r; c += 1) gradient[r * 4 + c] = p[c]! * (xs[c]! - mean) * xs[c]!;
  }
  expect(largestDifference([E], [expected])).toBeLessThan(1e-14);
  expect(largestDifference([...kernel.gradient], gradient)).toBeLessThan(1e-13);
});

describe('functions of one value', () => {
  const scalar = (f: (u: Expression) => Expression): Network => network({
    declarations: [declare(x, [i], 'input'), declare(W, [i], 'parameter')],
    equations: [equation(z, [i], f(a('i'))), equation(L, [], sum('i', i.range, ref(z, [at('i')])))], inputs: [x], outputs: [z], loss: L,
  });
  const u = [800, -800, 1e-12, 2];
  const sigma = (v: number): number => (v > 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));
  test('log(1 + exp(u))', async () => {
    const { kernel } = await run(scalar((v) => log(add([one, exp(v)]))), { x: [1, 1, 1, 1], W: u });
    expect(largestDifference([...kernel.output], u.map((v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))))).toBeLessThan(1e-15);
    expect(largestDifference([...kernel.gradient], u.map(sigma))).toBeLessThan(1e-15);
  });
  test('exp(u)/(1 + exp(u))', async () => {
    const { kernel } = await run(scalar((v) => divide(exp(v), add([one, exp(v)]))), { x: [1, 1, 1, 1], W: u });
    expect(largestDifference([...kernel.output], u.map(sigma))).toBeLessThan(1e-15);
    expect(largestDifference([...kernel.gradient], u.map((v) => sigma(v) * sigma(-v)))).toBeLessThan(1e-15);
  });
  test('1/(1 + exp(-u))', async () => {
    const { kernel } = await run(scalar((v) => power(add([one, exp(negate(v))]), -1)), { x: [1, 1, 1, 1], W: u });
    expect(largestDifference([...kernel.output], u.map(sigma))).toBeLessThan(1e-15);
    expect(largestDifference([...kernel.gradient], u.map((v) => sigma(v) * sigma(-v)))).toBeLessThan(1e-15);
  });
  test('exp(u) - 1 and log(1 + u) lose nothing near 0', async () => {
    const [minus, plus] = [scalar((v) => subtract(exp(v), one)), scalar((v) => log(add([one, v])))];
    const tiny = [1e-12, -1e-9, 1e-20, 0.5];
    const of = async (net: Network): Promise<readonly number[]> => [...(await run(net, { x: [1, 1, 1, 1], W: tiny })).kernel.output];
    expect(await of(minus)).toEqual(tiny.map(Math.expm1));
    expect(await of(plus)).toEqual(tiny.map(Math.log1p));
  });
});

describe('what is rewritten, and what is not', () => {
  const changed = (net: Network): readonly string[] => [...stabilize(allSamples(net), new Set(net.outputs.map((t) => `${t.name}@`))).remarks.keys()];
  test('the comment says so', () => {
    expect(emitKernel(threeEquations()).typescript).toContain('softmax shift');
  });
  test('weights that are seen from outside stay as they are', () => {
    const net = classifier([...threeEquations().system.equations], [e]);
    expect(changed(net).filter((key) => key !== 'L@')).toEqual([]);
  });
  test('a sum of exponentials that is not divided by stays as it is', () => {
    const net = classifier([equation(z, [i], exp(a('i'))), equation(L, [], sum('i', i.range, multiply([ref(y, [at('i')]), ref(z, [at('i')])])))], []);
    expect(changed(net)).toEqual([]);
  });
  test('exp(u)/(1 + Σ exp(u)) has no such shift', () => {
    const net = classifier([
      equation(e, [i], exp(a('i'))), equation(z, [i], divide(ref(e, [at('i')]), add([one, sum('j', j.range, ref(e, [at('j')]))]))),
      equation(L, [], sum('i', i.range, ref(z, [at('i')]))),
    ]);
    expect(changed(net)).toEqual([]);
  });
});

test.each([threeEquations, oneEquation, logits, () => masked(true), () => masked(false)])('at ordinary numbers the rewritten kernel is the written one', async (make) => {
  const net = make();
  const system = allSamples(net);
  const plain = (await load(emitSystem(net, system, { backward: backward(system, []) }).javascript)).createKernel({ samples: 3 });
  const stable = (await load(emitKernel(net).javascript)).createKernel({ samples: 3 });
  for (const kernel of [plain, stable]) {
    fill(kernel.parameters, random(1));
    fill(kernel.input, random(2));
    for (let n = 0; n < kernel.target.length; n += 1) kernel.target[n] = (n % 4) / 6;
  }
  expect(largestDifference([stable.backward()], [plain.backward()])).toBeLessThan(1e-14);
  expect(largestDifference([...stable.gradient], [...plain.gradient])).toBeLessThan(1e-14);
  expect(largestDifference([...stable.output], [...plain.output])).toBeLessThan(1e-14);
});

