// Recurrences of one and of several tensors, along one axis and along two, upwards and downwards.

import { describe, expect, test } from 'vitest';
import { type Affine, index } from '../../src/algebra/affine.ts';
import { add, bracket, elementary, type Expression, indexAtLeast, multiply, one, power, ref, subtract, sum, type Tensor } from '../../src/algebra/expression.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { type EmittedKernel, emitKernel } from '../../src/kernel/emit.ts';
import type { Network } from '../../src/spec/network.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { expectAgreement } from './agreement.ts';
import { at, axis, declare, equation, network, T } from './networks.ts';
import { differences, fill, largestDifference, load, random } from './run.ts';

const [x, h, c, L] = [T('x'), T('h'), T('c'), T('L')];
const [i, j, k, t] = [axis('i', 3), axis('j', 3), axis('k', 2), axis('t', 5)];
const before = (name: string): Affine => ({ ...index(name), constant: -1 });
const after = (name: string): Affine => ({ ...index(name), constant: 1 });
const sigmoid = (e: Expression): Expression => power(add([one, elementary('exp', multiply([{ kind: 'number', value: { n: -1n, d: 1n } }, e]))]), -1);

/** Σ_k U[i, k] x[t, k] + [t ≥ 2] Σ_j W[i, j] h[t-1, j] */
const drive = (U: Tensor, W: Tensor, of: Tensor = h): Expression => add([
  sum('k', k.range, multiply([ref(U, [at('i'), at('k')]), ref(x, [at('t'), at('k')])])),
  multiply([bracket(indexAtLeast({ ...index('t'), constant: -2 })), sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(of, [before('t'), at('j')])]))]),
]);
const squares = (of: Tensor): Expression => sum('t', t.range, sum('i', i.range, power(ref(of, [at('t'), at('i')]), 2)));

function elman(steps = 5): Network {
  const own = axis('t', steps);
  const [U, W] = [T('U'), T('W')];
  return network({
    declarations: [declare(x, [own, k], 'input'), declare(U, [i, k], 'parameter'), declare(W, [i, j], 'parameter')],
    equations: [
      equation(h, [own, i], elementary('tanh', drive(U, W))),
      equation(L, [], sum('t', own.range, sum('i', i.range, power(ref(h, [at('t'), at('i')]), 2)))),
    ],
    inputs: [x], outputs: [h], loss: L,
  });
}

/** Gates, cell and output in equations of their own, each of which needs the others. */
function lstm(): Network {
  const names = ['f', 'p', 'o', 'g'];
  const parameters = names.flatMap((n) => [declare(T(`U${n}`), [i, k], 'parameter'), declare(T(`W${n}`), [i, j], 'parameter')]);
  const gates = names.map((n) => {
    const value = drive(T(`U${n}`), T(`W${n}`));
    return equation(T(n), [t, i], n === 'g' ? elementary('tanh', value) : sigmoid(value));
  });
  const of = (name: string): Expression => ref(T(name), [at('t'), at('i')]);
  return network({
    declarations: [declare(x, [t, k], 'input'), ...parameters],
    equations: [
      ...gates,
      equation(c, [t, i], add([
        multiply([bracket(indexAtLeast({ ...index('t'), constant: -2 })), of('f'), ref(c, [before('t'), at('i')])]), multiply([of('p'), of('g')]),
      ])),
      equation(h, [t, i], multiply([of('o'), elementary('tanh', of('c'))])),
      equation(L, [], squares(h)),
    ],
    inputs: [x], outputs: [h], loss: L,
    instances: [{
      layer: { symbol: null, offset: 1 }, name: null, kind: 'cell', inputs: new Map(), outputs: new Map(), parameters: [],
      preActivations: [...names.map((n) => T(n)), c, h], slots: new Map(),
    }],
  });
}

/** One state that runs upwards, one downwards; the loss reads both. */
function bidirectional(): Network {
  const [U, W, V, g, y] = [T('U'), T('W'), T('V'), T('g'), T('y')];
  const down = add([
    sum('k', k.range, multiply([ref(U, [at('i'), at('k')]), ref(x, [at('t'), at('k')])])),
    multiply([bracket(indexAtLeast({ terms: [{ symbol: { kind: 'index', name: 't' }, coefficient: -1 }], constant: 4 })),
      sum('j', j.range, multiply([ref(V, [at('i'), at('j')]), ref(g, [after('t'), at('j')])]))]),
  ]);
  return network({
    declarations: [declare(x, [t, k], 'input'), declare(U, [i, k], 'parameter'), declare(W, [i, j], 'parameter'), declare(V, [i, j], 'parameter')],
    equations: [
      equation(h, [t, i], elementary('tanh', drive(U, W))), equation(g, [t, i], elementary('tanh', down)),
      equation(y, [t, i], multiply([ref(h, [at('t'), at('i')]), ref(g, [at('t'), at('i')])])), equation(L, [], squares(y)),
    ],
    inputs: [x], outputs: [y], loss: L,
  });
}

/** h[t] for t = 0..5, h[0] a parameter. */
function started(): Network {
  const [W, start] = [T('W'), T('start')];
  const all = axis('t', 5, 0);
  const step = add([
    ref(x, [at('t'), index('i')]), sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(h, [before('t'), at('j')])])),
  ]);
  return network({
    declarations: [declare(x, [t, i], 'input'), declare(W, [i, j], 'parameter'), declare(start, [i], 'parameter')],
    equations: [
      equation(h, [all, i], { kind: 'piecewise', branches: [{ when: { kind: 'index', relation: '=', value: index('t') }, then: ref(start, [at('i')]) }], otherwise: elementary('tanh', step) }),
      equation(L, [], sum('t', t.range, sum('i', i.range, power(subtract(ref(h, [at('t'), at('i')]), ref(x, [at('t'), at('i')])), 2)))),
    ],
    inputs: [x], outputs: [h], loss: L,
  });
}

/** h[t, u] from h[t-1, u] and h[t, u-1]: a recurrence inside a recurrence. */
function grid(): Network {
  const [a, b] = [T('a'), T('b')];
  const u = axis('u', 4);
  const from = (guard: string, to: readonly Affine[], weight: Tensor): Expression =>
    multiply([bracket(indexAtLeast({ ...index(guard), constant: -2 })), ref(weight, [at('u')]), ref(h, to)]);
  return network({
    declarations: [declare(x, [t, u], 'input'), declare(a, [u], 'parameter'), declare(b, [u], 'parameter')],
    equations: [
      equation(h, [t, u], elementary('tanh', add([
        ref(x, [at('t'), at('u')]), from('t', [before('t'), at('u')], a), from('u', [at('t'), before('u')], b),
      ]))),
      equation(L, [], sum('t', t.range, sum('u', u.range, power(ref(h, [at('t'), at('u')]), 2)))),
    ],
    inputs: [x], outputs: [h], loss: L,
  });
}

/** h[t] from h[t-1] and h[t-2]. */
function second(): Network {
  const [a, b] = [T('a'), T('b')];
  const back = (by: number, weight: Tensor): Expression => multiply([
    bracket(indexAtLeast({ ...index('t'), constant: -1 - by })), ref(weight, [at('i')]), ref(h, [{ ...index('t'), constant: -by }, at('i')]),
  ]);
  return network({
    declarations: [declare(x, [t, i], 'input'), declare(a, [i], 'parameter'), declare(b, [i], 'parameter')],
    equations: [equation(h, [t, i], elementary('sin', add([ref(x, [at('t'), at('i')]), back(1, a), back(2, b)]))), equation(L, [], squares(h))],
    inputs: [x], outputs: [h], loss: L,
  });
}

const emit = (net: Network, form: 'loops' | 'straight-line'): EmittedKernel =>
  emitKernel(net, { form, backward: backward(allSamples(net), signalsOf(net)) });

const nets: readonly [string, () => Network][] = [
  ['one state', () => elman()], ['gates, cell and state', lstm], ['both directions', bidirectional], ['from a learned start', started],
  ['two axes', grid], ['two places back', second],
];

describe.each(nets)('%s', (_, make) => {
  test('agrees with the equations read entry by entry', () => expectAgreement(make()));
  test.each(['loops', 'straight-line'] as const)('has the gradient of its differences, %s', async (form) => {
    const kernel = (await load(emit(make(), form).javascript)).createKernel({ samples: 2 });
    fill(kernel.parameters, random(3));
    fill(kernel.input, random(4));
    kernel.backward();
    expect(largestDifference([...kernel.gradient], differences(kernel))).toBeLessThan(1e-8);
  });
});

describe('a recurrence is never written out', () => {
  test('its code has as many lines for 5 steps as for 9', () => {
    const lines = (steps: number): number => emitKernel(elman(steps)).javascript.split('\n').length;
    expect(lines(9)).toBe(lines(5));
    expect(emitKernel(elman(5)).form).toBe('loops');
  });
  test('gradients that add up over time are outside it', () => {
    const { javascript } = emit(lstm(), 'loops');
    expect(javascript).toMatch(/function gradient_Wf\(/);
  });
});
