// Choices and products: entries chosen by stored integers, argmax tensors, products over an index.

import { describe, expect, test } from 'vitest';
import { addAffine, index, integer, type Range, scaleAffine, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, argmax, bracket, elementary, type Expression, multiply, negate, number, power, product, ref, sum, type Tensor,
} from '../../src/algebra/expression.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Declaration, Network } from '../../src/spec/network.ts';
import { expectAgreement } from './agreement.ts';
import { at, axis, declare, equation, network, range, T } from './networks.ts';
import { differences, fill, largestDifference, load, random } from './run.ts';

const integers = (d: Declaration, among: Range): Declaration => ({ ...d, integer: among });
/** The bracket of a choice: entry = v. */
const chosen = (entry: Expression, v: string): Expression =>
  bracket({ kind: 'compare', relation: '=', left: entry, right: { kind: 'affine', value: index(v) } });

function declaring(net: Network, t: Tensor, among: Range): Network {
  const declarations = new Map([...net.system.declarations].map(([key, d]) => [key, d.tensor.name === t.name ? integers(d, among) : d]));
  return { ...net, system: { ...net.system, declarations } };
}

const [x, y, L, token, table, W] = [T('x'), T('y'), T('L'), T('token'), T('table'), T('W')];
const [v, t, d] = [axis('v', 7), axis('t', 4), axis('d', 3)];

/** y[t, d] = table[token[t], d]; L = Σ_t Σ_d tanh(y[t, d])². */
function embedding(): Network {
  return network({
    declarations: [integers(declare(token, [t], 'input'), v.range), declare(table, [v, d], 'parameter')],
    equations: [
      equation(y, [t, d], sum('v', v.range, multiply([chosen(ref(token, [at('t')]), 'v'), ref(table, [at('v'), at('d')])]))),
      equation(L, [], sum('t', t.range, sum('d', d.range, power(elementary('tanh', ref(y, [at('t'), at('d')])), 2)))),
    ],
    inputs: [token], outputs: [y], loss: L,
  });
}

/** L = -Σ_t log p[t, class[t]], p[t, v] = exp(x[t, v] W[v]). */
function likelihood(): Network {
  const [p, label] = [T('p'), T('class')];
  return network({
    declarations: [declare(x, [t, v], 'input'), integers(declare(label, [t], 'target'), v.range), declare(W, [v], 'parameter')],
    equations: [
      equation(p, [t, v], elementary('exp', multiply([ref(x, [at('t'), at('v')]), ref(W, [at('v')])]))),
      equation(L, [], negate(sum('t', t.range, sum('v', v.range, multiply([chosen(ref(label, [at('t')]), 'v'), elementary('log', ref(p, [at('t'), at('v')]))]))))),
    ],
    inputs: [x], targets: [label], outputs: [p], loss: L,
  });
}

/** a[p] = W[p] x[p]; m[t] = max over s of a[2t + s - 1], s = 1..3, t = 1..4. */
function pooling(stride: number): Network {
  const [a, m, best] = [T('a'), T('m'), T('best')];
  const p = axis('p', stride * 4 + 2);
  const place = subtractAffine(addAffine(scaleAffine(index('t'), stride), index('s')), integer(1));
  const net = network({
    declarations: [declare(x, [p], 'input'), declare(W, [p], 'parameter')],
    equations: [
      equation(a, [p], multiply([ref(x, [at('p')]), ref(W, [at('p')])])),
      equation(best, [t], argmax('s', range(1, 3), ref(a, [place]))),
      equation(m, [t], sum('s', range(1, 3), multiply([chosen(ref(best, [at('t')]), 's'), ref(a, [place])]))),
      equation(L, [], sum('t', t.range, power(ref(m, [at('t')]), 3))),
    ],
    inputs: [x], outputs: [m], loss: L,
  });
  return declaring(net, best, range(1, 3));
}

/** y[t] = Π_d (W[d] + x[t, d]). */
function products(): Network {
  return network({
    declarations: [declare(x, [t, d], 'input'), declare(W, [d], 'parameter')],
    equations: [
      equation(y, [t], product('d', d.range, add([ref(W, [at('d')]), ref(x, [at('t'), at('d')])]))),
      equation(L, [], sum('t', t.range, power(ref(y, [at('t')]), 2))),
    ],
    inputs: [x], outputs: [y], loss: L,
  });
}

/** y[t, d] = table[label[place[t]], d]: an index that is itself chosen. */
function twice(): Network {
  const [placeOf, label] = [T('place'), T('label')];
  const u = axis('u', 5);
  return network({
    declarations: [
      integers(declare(placeOf, [t], 'input'), u.range), integers(declare(label, [u], 'input'), v.range), declare(table, [v, d], 'parameter'),
    ],
    equations: [
      equation(y, [t, d], sum('v', v.range, multiply([
        chosen(sum('u', u.range, multiply([chosen(ref(placeOf, [at('t')]), 'u'), ref(label, [at('u')])])), 'v'), ref(table, [at('v'), at('d')]),
      ]))),
      equation(L, [], sum('t', t.range, sum('d', d.range, power(ref(y, [at('t'), at('d')]), 2)))),
    ],
    inputs: [placeOf, label], outputs: [y], loss: L,
  });
}

describe('emitted code agrees with the equations read entry by entry', () => {
  test('a row chosen by an integer input', () => expectAgreement(embedding()));
  test('an entry chosen by an integer target', () => expectAgreement(likelihood()));
  test('an index that is itself chosen', () => expectAgreement(twice()));
  test.each([1, 2, 3])('the greatest of a window, stride %i', (stride) => expectAgreement(pooling(stride)));
  test('a product over an index', () => expectAgreement(products()));
  test('a choice of the first of equals', async () => {
    const kernel = (await load(emitKernel(pooling(2)).javascript)).createKernel({ samples: 1 });
    kernel.input.fill(1);
    kernel.parameters.fill(2);
    expect(kernel.backward()).toBe(4 * 8);
    // Windows begin at 2, 4, 6, 8.
    expect([...kernel.gradient]).toEqual([0, 12, 0, 12, 0, 12, 0, 12, 0, 0]);
  });
});

test.each<[string, Network]>([['pooling', pooling(2)], ['products', products()], ['likelihood', likelihood()]])('%s: the gradient is that of differences', async (_, net) => {
  const kernel = (await load(emitKernel(net).javascript)).createKernel({ samples: 2 });
  fill(kernel.parameters, random(3));
  fill(kernel.input, random(4));
  for (let n = 0; n < kernel.target.length; n += 1) kernel.target[n] = 1 + (n % 7);
  kernel.backward();
  expect(largestDifference([...kernel.gradient], differences(kernel))).toBeLessThan(1e-8);
});

describe('no loop tests what an index decides', () => {
  const routine = (net: Network, name: string): string => {
    const { javascript } = emitKernel(net);
    return javascript.slice(javascript.indexOf(`function ${name}(`)).split('\n}')[0]!.replaceAll(/\s+/g, ' ');
  };
  test('a chosen row is read at its index', () => {
    expect(routine(embedding(), 'forward_y')).toContain(
      'for (let t = 0; t < 4; t += 1) { const v_1 = input[s * 4 + t] - 1; for (let d = 0; d < 3; d += 1) { output[s * 12 + t * 3 + d] = table[v_1 * 3 + d]; } }');
  });
  test('its gradient is added at its index', () => {
    expect(routine(embedding(), 'gradient_table')).not.toMatch(/===|\?/);
    expect(routine(embedding(), 'gradient_table')).toContain(
      'for (let t = 0; t < 4; t += 1) { const v_2 = input[s * 4 + t] - 1; for (let d = 0; d < 3; d += 1) {');
  });
  test.each([1, 2, 3])('the gradient of a window goes to its greatest, stride %i', (stride) => {
    const { javascript } = emitKernel(pooling(stride));
    expect(javascript.slice(javascript.includes('function backward_') ? javascript.indexOf('function backward_') : javascript.indexOf('function gradient_'))).not.toMatch(/===/);
  });
});

describe('integers are checked before anything is computed', () => {
  test.each([0, 8, 1.5, NaN, -1, Infinity])('%d is no entry of the table', async (bad) => {
    const kernel = (await load(emitKernel(embedding()).javascript)).createKernel({ samples: 2 });
    kernel.input.fill(1);
    kernel.input[6] = bad;
    const message = `gather-index-out-of-range: token[3] of sample 2 is ${String(bad)}, no integer from 1 to 7 (by-hand.yaml:1)`;
    expect(() => kernel.forward()).toThrow(new RangeError(message));
    expect(() => kernel.backward()).toThrow(new RangeError(message));
    kernel.input[6] = 7;
    expect(Number.isFinite(kernel.backward())).toBe(true);
  });
});

test('a choice outside its range, where brackets allow it, is nothing', async () => {
  // y[t] = Σ_v [class[t] = v] W[v] over v = 2..4, class in 1..7.
  const label = T('class');
  const net = network({
    declarations: [integers(declare(label, [t], 'input'), v.range), declare(W, [v], 'parameter')],
    equations: [
      equation(y, [t], sum('v', range(2, 4), multiply([chosen(ref(label, [at('t')]), 'v'), ref(W, [at('v')])]))),
      equation(L, [], sum('t', t.range, multiply([number(3), ref(y, [at('t')])]))),
    ],
    inputs: [label], outputs: [y], loss: L,
  });
  await expectAgreement(net);
  const kernel = (await load(emitKernel(net).javascript)).createKernel({ samples: 1 });
  kernel.parameters.set([1, 10, 100, 1000, 10_000, 100_000, 1_000_000]);
  kernel.input.set([1, 2, 4, 7]);
  expect(kernel.backward()).toBe(3 * 1010);
  expect([...kernel.gradient]).toEqual([0, 3, 0, 3, 0, 0, 0]);
});

