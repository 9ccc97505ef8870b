import { describe, expect, it } from 'vitest';
import { addAffine, index, integer, subtractAffine } from '../../src/algebra/affine.ts';
import { adjoint, bracket, indexAtLeast, indexEqual, multiply, number, one, power, ref, sum, symbol, tensor, zero, add } from '../../src/algebra/expression.ts';
import * as Q from '../../src/algebra/rational.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { evaluateAdjoints } from '../../src/evaluate/adjoints.ts';
import { complex } from '../../src/evaluate/complex.ts';
import { compile, type Setting } from '../../src/evaluate/compile.ts';
import { type Domain, EvaluationError, NotExact } from '../../src/evaluate/domain.ts';
import { evaluation, type Evaluation } from '../../src/evaluate/equations.ts';
import { exact } from '../../src/evaluate/exact.ts';
import { real } from '../../src/evaluate/real.ts';
import { represented, rounding, UNIT_F64 } from '../../src/evaluate/rounding.ts';
import type { Declaration, System } from '../../src/spec/network.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { cube, denseNetwork, identity, place, relu, samplesKey, sigmoid, squares, tanh } from './dense.ts';

/** Numbers without a pattern, the same every time. */
const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.sin(seed * 12.9898 + n * 78.233) * 1.3);

function fill<T>(e: Evaluation<T>, key: string, entries: readonly T[]): void {
  const block = e.blocks.get(key)!;
  expect(block.entries.length).toBe(entries.length);
  entries.forEach((v, n) => (block.entries[n] = v));
}

const network = denseNetwork({ sizes: [3, 4, 2], activations: [tanh, sigmoid], reduction: 'mean', penalty: squares });
const S = 3;
const given: Readonly<Record<string, number[]>> = {
  'x@': numbers(S * 3, 1), 't@': numbers(S * 2, 2),
  'W@1': numbers(12, 3), 'b@1': numbers(4, 4), 'W@2': numbers(8, 5), 'b@2': numbers(2, 6),
};
const options = { sizes: new Map([[samplesKey, S]]) };

function run<T>(domain: Domain<T>, lift: (x: number) => T, change?: (key: string, n: number) => T | null): Evaluation<T> {
  const e = evaluation(allSamples(network), domain, options);
  for (const [key, entries] of Object.entries(given)) fill(e, key, entries.map((v, n) => change?.(key, n) ?? lift(v)));
  e.run();
  return e;
}

/** The same network as plain loops, and its gradient as the books have it. */
function byHand(): { E: number; z: number[]; gradient: Record<string, number[]> } {
  const { 'x@': x, 't@': t, 'W@1': W1, 'b@1': b1, 'W@2': W2, 'b@2': b2 } = given as Record<string, number[]> & typeof given;
  const gradient = { 'W@1': new Array<number>(12).fill(0), 'b@1': [0, 0, 0, 0], 'W@2': new Array<number>(8).fill(0), 'b@2': [0, 0] };
  let E = 0;
  const outputs: number[] = [];
  for (let s = 0; s < S; s += 1) {
    const z1: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      let a = b1![i]!;
      for (let j = 0; j < 3; j += 1) a += W1![i * 3 + j]! * x![s * 3 + j]!;
      z1.push(Math.tanh(a));
    }
    const delta2: number[] = [];
    for (let i = 0; i < 2; i += 1) {
      let a = b2![i]!;
      for (let j = 0; j < 4; j += 1) a += W2![i * 4 + j]! * z1[j]!;
      const z = 1 / (1 + Math.exp(-a));
      outputs.push(z);
      E += (z - t![s * 2 + i]!) ** 2 / 2 / S;
      delta2.push(((z - t![s * 2 + i]!) * z * (1 - z)) / S);
    }
    for (let i = 0; i < 2; i += 1) {
      gradient['b@2'][i]! += delta2[i]!;
      for (let j = 0; j < 4; j += 1) gradient['W@2'][i * 4 + j]! += delta2[i]! * z1[j]!;
    }
    for (let j = 0; j < 4; j += 1) {
      const delta1 = (delta2[0]! * W2![j]! + delta2[1]! * W2![4 + j]!) * (1 - z1[j]! ** 2);
      gradient['b@1'][j]! += delta1;
      for (let p = 0; p < 3; p += 1) gradient['W@1'][j * 3 + p]! += delta1 * x![s * 3 + p]!;
    }
  }
  for (const key of ['W@1', 'W@2'] as const) {
    given[key]!.forEach((w, n) => {
      E += (w * w) / 16;
      gradient[key][n]! += w / 8;
    });
  }
  return { E, z: outputs, gradient };
}

describe('forward equations', () => {
  it('give what loops written by hand give: mean over the samples, penalty once', () => {
    const e = run(real, (x) => x);
    expect(e.total()).toBeCloseTo(byHand().E, 14);
    e.blocks.get('z@2')!.entries.forEach((z, n) => expect(z).toBeCloseTo(byHand().z[n]!, 14));
  });

  it('give the gradient by the complex step, entry by entry, as the books have it', () => {
    const { gradient } = byHand();
    for (const [key, entries] of Object.entries(gradient)) {
      entries.forEach((value, n) => {
        const e = run(complex, (x) => ({ re: x, im: 0 }), (k, m) => (k === key && m === n ? { re: given[k]![m]!, im: 1e-200 } : null));
        expect(e.total().im / 1e-200).toBeCloseTo(value, 14);
      });
    }
  });

  it('go on from a later step with what the earlier ones left', () => {
    const e = run(real, (x) => x);
    const before = e.total();
    e.blocks.get('a@2')!.entries[0] = 7;
    e.run(3);
    expect(e.total()).not.toBe(before);
    e.run();
    expect(e.total()).toBe(before);
  });

  it('have rounding errors within the running bound', () => {
    const { error, value } = run(rounding(UNIT_F64), represented).total();
    expect(Math.abs(value - byHand().E)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-13);
  });

  it('can be computed exactly where they are rational, and say so where they are not', () => {
    const polynomial = denseNetwork({ sizes: [2, 2, 1], activations: [cube, identity] });
    const e = evaluation(allSamples(polynomial), exact, { sizes: new Map([[samplesKey, 1]]) });
    const half = (n: number): Q.Rational => Q.rational(n, 2);
    fill(e, 'x@', [half(1), half(3)]);
    fill(e, 't@', [half(0)]);
    fill(e, 'W@1', [half(1), half(2), half(-1), half(1)]);
    fill(e, 'b@1', [half(0), half(1)]);
    fill(e, 'W@2', [half(1), half(1)]);
    fill(e, 'b@2', [half(0)]);
    e.run();
    // a = (7/4, 1), z = (343/64, 1), y = 407/128
    expect(Q.show(e.total())).toBe(Q.show(Q.rational(407 * 407, 2 * 128 * 128)));
    expect(() => run(exact, Q.fromNumber)).toThrow(NotExact);
  });

  it('name what is missing', () => {
    expect(() => evaluation(allSamples(network), real)).toThrow('the size samples has no value');
    const e = evaluation(allSamples(network), real, options);
    expect(() => e.run()).toThrow(new EvaluationError('W_1[1, 1] is used before it is computed'));
    const open = allSamples({ ...network, system: { ...network.system, slots: new Map() } });
    expect(() => evaluation(open, real, options)).toThrow('the activation function h_1 is not given');
  });
});

describe('the derived adjoint equations, interpreted', () => {
  it('give the gradient as the books have it', () => {
    const e = evaluateAdjoints(backward(allSamples(network), signalsOf(network)), real, options);
    for (const [key, entries] of Object.entries(given)) fill(e.forward, key, entries);
    e.run();
    for (const [key, entries] of Object.entries(byHand().gradient)) {
      entries.forEach((value, n) => expect(e.adjoints.get(key)!.entries[n]).toBeCloseTo(value, 14));
    }
  });
});

describe('recurrent equations', () => {
  const t = index('t');
  const back = (value: typeof t): typeof t => addAffine(value, integer(-1));
  const axes = [{ index: 't', range: { lo: integer(0), hi: integer(4) } }];
  const channels = [{ index: 'c', range: { lo: integer(1), hi: integer(2) } }, ...axes];
  const declared = (name: string, over: typeof axes, role: 'input' | 'variable'): [string, Declaration] =>
    [`${name}@`, { tensor: tensor(name), axes: over, role, perSample: false, place }];
  const c = index('c');
  const h = tensor('h');
  const u = tensor('u');
  const E = tensor('E');
  // h[c, t] = u[t] + [t ≥ 1] (h[1, t-1] + h[2, t-1]), E = h[1, 4]
  const system: System = {
    name: 'recurrence', declarations: new Map([declared('u', axes, 'input'), declared('h', channels, 'variable'), declared('E', [], 'variable')]),
    equations: [
      { tensor: h, axes: channels, place, text: '', value: add([ref(u, [t]), multiply([
        bracket(indexAtLeast(back(t))), add([ref(h, [integer(1), back(t)]), ref(h, [integer(2), back(t)])])])]) },
      { tensor: E, axes: [], place, text: '', value: ref(h, [integer(1), integer(4)]) },
    ],
    instances: [], slots: new Map(), sizes: new Map(), total: E,
  };

  it('run forward along the axis that they look back on, whatever the order of the axes', () => {
    const e = evaluation(system, real);
    fill(e, 'u@', [1, 0, 0, 0, 3]);
    e.run();
    expect(e.total()).toBe(16 + 3);
  });

  it('and their adjoints backward', () => {
    const ahead = addAffine(t, integer(1));
    const value = add([
      multiply([bracket(indexEqual(addAffine(c, integer(-1)))), bracket(indexEqual(addAffine(t, integer(-4))))]),
      multiply([bracket(indexAtLeast(addAffine(integer(3), t, -1))), add([adjoint(h, [integer(1), ahead]), adjoint(h, [integer(2), ahead])])]),
    ]);
    const e = evaluateAdjoints({ system, equations: [{ tensor: h, axes: channels, value }] }, real);
    fill(e.forward, 'u@', [1, 0, 0, 0, 3]);
    e.run();
    expect(e.adjoints.get('h@')!.entries).toEqual([8, 4, 2, 1, 1, 8, 4, 2, 1, 0]);
  });
});

const bare: Setting<number> = {
  domain: real, sizes: new Map(), symbols: new Map([['u@', 0]]), argument: null, indices: [], watch: null, newSite: () => 0,
  block: (r) => ({ name: r.tensor.name, shape: [3], base: [1], strides: [1], entries: [10, 20, 30] }),
  slot: () => Math.abs,
};

describe('strong zeros', () => {
  const i = index('i');
  const x = ref(tensor('x'), [i]);

  it('a bracket that does not hold keeps its product from being evaluated: no entry outside, no 0·∞', () => {
    const guarded = sum('i', { lo: integer(0), hi: integer(3) }, multiply([x, bracket(indexAtLeast(subtractAffine(i, integer(1))))]));
    expect(compile(guarded, bare, new Map())()).toBe(60);
    const pole = sum('i', { lo: integer(0), hi: integer(1) }, multiply([power(symbol('u'), -1), bracket(indexEqual(subtractAffine(i, integer(5))))]));
    expect(compile(pole, bare, new Map())()).toBe(0);
  });

  it('without its bracket the same entry is an error, never a silent undefined', () => {
    const open = sum('i', { lo: integer(0), hi: integer(3) }, x);
    expect(() => compile(open, bare, new Map())()).toThrow('x: index 0 of axis 1 is outside 1..3');
  });

  it('empty sums and products are 0 and 1', () => {
    expect(compile(sum('i', { lo: integer(1), hi: integer(0) }, x), bare, new Map())()).toBe(0);
    expect(compile(add([zero]), bare, new Map())()).toBe(0);
    expect(compile(multiply([one]), bare, new Map())()).toBe(1);
    expect(compile(number({ n: 1n, d: 4n }), bare, new Map())()).toBe(0.25);
  });
});

describe('comparisons', () => {
  it('are reported with their site and outcome, and the first branch that holds is taken', () => {
    const net = denseNetwork({ sizes: [1, 2], activations: [relu] });
    const seen: string[] = [];
    const e = evaluation(allSamples(net), real, {
      sizes: new Map([[samplesKey, 1]]), watch: (site, order) => seen.push(`${site}:${String(order)}`),
    });
    fill(e, 'x@', [1]);
    fill(e, 't@', [0, 0]);
    fill(e, 'W@1', [2, -2]);
    fill(e, 'b@1', [0, 2]);
    e.run();
    expect(seen).toEqual(['0:1', '0:0']);
    expect(e.total()).toBe(2);
    expect(e.sites.map((site) => site.step)).toEqual([1]);
  });
});
