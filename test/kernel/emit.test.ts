// Emitted kernels compute E, the output and all derivatives, in both forms.

import { describe, expect, test } from 'vitest';
import { emitKernel, emitSystem } from '../../src/kernel/emit.ts';
import type { Activation, Axis, Declaration, Network, System } from '../../src/spec/network.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { allSamples, E, samplesSize } from '../../src/spec/samples.ts';
import { activations, at, axis, declare, dense, equation, network, place, range, T } from './networks.ts';
import {
  add, affineValue, bracket, call, elementary, type Expression, indexAtLeast, multiply, number, power, ref, subtract, sum, tensorKey,
} from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import { addAffine, integer, subtractAffine } from '../../src/algebra/affine.ts';
import { differences, evaluate, fill, largestDifference, load, random } from './run.ts';

const forms = ['loops', 'straight-line'] as const;
const { cube, elu, gaussian, gelu, relu, sigmoid, softplus, tanh } = activations;
const pairs: readonly (readonly [Activation, Activation])[] = [[sigmoid, gelu], [tanh, elu], [softplus, gaussian], [cube, relu]];

describe.each(forms)('in the form %s', (form) => {
  test.each(['sum', 'mean'] as const)('a dense network over a %s of samples agrees with loops written here', async (reduction) => {
    const kernelText = emitKernel(dense({ sizes: [3, 4, 2], activations: [sigmoid, tanh], reduction }), { form }).javascript;
    const kernel = (await load(kernelText)).createKernel({ samples: 5 });
    const next = random(3);
    for (const array of [kernel.parameters, kernel.input, kernel.target]) fill(array, next);
    const E = kernel.forward();
    const [W1, b1, W2, b2] = [kernel.parameters.subarray(0, 12), kernel.parameters.subarray(12, 16), kernel.parameters.subarray(16, 24), kernel.parameters.subarray(24)];
    let expected = 0;
    for (let s = 0; s < 5; s += 1) {
      const hidden = [0, 1, 2, 3].map((i) => {
        const a = [0, 1, 2].reduce((total, j) => total + W1[i * 3 + j]! * kernel.input[s * 3 + j]!, b1[i]!);
        return 1 / (1 + Math.exp(-a));
      });
      for (const i of [0, 1]) {
        const z = Math.tanh(hidden.reduce((total, x, j) => total + W2[i * 4 + j]! * x, b2[i]!));
        expect(kernel.output[s * 2 + i]).toBeCloseTo(z, 12);
        expected += (z - kernel.target[s * 2 + i]!) ** 2 / 2;
      }
    }
    expect(E).toBeCloseTo(reduction === 'mean' ? expected / 5 : expected, 12);
  });

  test.each(pairs)('derivatives are those of the forward pass: $name, $name', async (first, second) => {
    const penalty = sum('i', range(1, 4), sum('j', range(1, 3), power(ref(T('W', 1), [at('i'), at('j')]), 2)));
    for (const signal of ['a', 'z'] as const) {
      for (const augmented of [false, true]) {
        for (const reduction of ['sum', 'mean'] as const) {
          const sketch = { sizes: [3, 4, 2], activations: [first, second], signal, augmented, reduction, penalty };
          const module = await load(emitKernel(dense(sketch), { form }).javascript);
          for (const samples of [1, 3]) {
            const { E, forward, gradient, kernel } = evaluate(module, samples, 7);
            expect(E).toBe(forward);
            expect(largestDifference(gradient, differences(kernel))).toBeLessThan(1e-9);
          }
        }
      }
    }
  });

  test('backward() can be called again and again, with other numbers', async () => {
    const module = await load(emitKernel(dense({ sizes: [2, 3, 1], activations: [tanh, sigmoid] }), { form }).javascript);
    const kernel = module.createKernel({ samples: 2 });
    fill(kernel.parameters, random(1));
    fill(kernel.input, random(2));
    kernel.backward();
    const first = [...kernel.gradient];
    fill(kernel.parameters, random(9));
    kernel.backward();
    expect([...kernel.gradient]).not.toEqual(first);
    fill(kernel.parameters, random(1));
    kernel.backward();
    expect([...kernel.gradient]).toEqual(first);
  });

  test('batch statistics, sums of sums, windows and conditions come out right', async () => {
    const emitted = [emitSystem(...batchNormalised(), { form }), emitKernel(convolution(), { form }), emitKernel(attentionLike(), { form })];
    for (const { javascript } of emitted) {
      const module = await load(javascript);
      const { gradient, kernel } = evaluate(module, 3, 11);
      expect(largestDifference(gradient, differences(kernel))).toBeLessThan(1e-8);
      expect(gradient.some((g) => Math.abs(g) > 1e-3)).toBe(true);
    }
  });

  test('several outputs lie side by side, sample by sample, also where one is an input', async () => {
    const base = dense({ sizes: [2, 3, 2], activations: [tanh, sigmoid] });
    const sketch = { ...base, outputs: [T('z', 2), T('x'), T('z', 1)] };
    const module = await load(emitKernel(sketch, { form }).javascript);
    const alone = await load(emitKernel({ ...base, outputs: [T('z', 2)] }, { form }).javascript);
    const { kernel, output } = evaluate(module, 2, 5);
    expect(module.layout.output.map((o) => [o.name, o.offset])).toEqual([['z_2', 0], ['x', 2], ['z_1', 4]]);
    expect(output.slice(7, 9)).toEqual(evaluate(alone, 2, 5).output.slice(2));
    expect([...output.slice(2, 4), ...output.slice(9, 11)]).toEqual([...kernel.input]);
  });

  test('32-bit storage computes in doubles', async () => {
    const module = await load(emitKernel(dense({ sizes: [3, 4, 2], activations: [sigmoid, tanh], precision: 'f32' }), { form }).javascript);
    const exact = await load(emitKernel(dense({ sizes: [3, 4, 2], activations: [sigmoid, tanh] }), { form }).javascript);
    const { kernel, gradient } = evaluate(module, 3, 4);
    expect(module.precision).toBe('f32');
    expect(kernel.gradient).toBeInstanceOf(Float32Array);
    expect(largestDifference(gradient, evaluate(exact, 3, 4).gradient)).toBeLessThan(1e-6);
  });
});

test.each(forms)('a recurrence runs along its axis, its adjoint backwards, in the form %s', async (form) => {
  const module = await load(emitKernel(recurrent(), { form }).javascript);
  const { gradient, kernel, output } = evaluate(module, 2, 9);
  const [w, x] = [[...kernel.parameters], [...kernel.input]];
  const expected: number[] = [];
  for (let s = 0; s < 2; s += 1) {
    let before = [0, 0];
    for (let t = 0; t < 4; t += 1) {
      const [p, q] = before as [number, number];
      before = [0, 1].map((i) => x[s * 8 + i * 4 + t]! + (t === 0 ? 0 : Math.tanh(w[2 * i]! * p + w[2 * i + 1]! * q)));
      expected.push(...before);
    }
  }
  // h is stored as h[s, i, t].
  expect(largestDifference(output, [0, 1].flatMap((s) => [0, 1].flatMap((i) => [0, 1, 2, 3].map((t) => expected[s * 8 + t * 2 + i]!))))).toBeLessThan(1e-15);
  expect(largestDifference(gradient, differences(kernel))).toBeLessThan(1e-9);
});

test.each(forms)('a false bracket is a strong zero: what it guards may be infinite or not exist, in the form %s', async (form) => {
  const [x, W, y, L] = [T('x'), T('W'), T('y'), T('L')];
  const [i, j] = [axis('i', 2), axis('j', 4)];
  const later = bracket(indexAtLeast(addAffine(subtractAffine(at('j'), at('i')), integer(-3))));
  const sketch = network({
    declarations: [declare(x, [i], 'input'), declare(W, [j], 'parameter')],
    equations: [
      equation(y, [i], add([
        sum('j', j.range, multiply([later, power(ref(x, [at('i')]), -1), ref(W, [at('j')])])),
        multiply([bracket(indexAtLeast({ ...at('i'), constant: -3 })), ref(W, [{ ...at('i'), constant: 7 }])]),
      ])),
      equation(L, [], sum('i', i.range, ref(y, [at('i')]))),
    ],
    inputs: [x], outputs: [y], loss: L,
  });
  const kernel = (await load(emitKernel(sketch, { form }).javascript)).createKernel({ samples: 1 });
  kernel.input.set([2, 0]);
  kernel.parameters.set([1, 1, 1, 6]);
  expect(kernel.backward()).toBe(3);
  expect([...kernel.output]).toEqual([3, 0]);
  expect([...kernel.gradient]).toEqual([0, 0, 0, 0.5]);
});

test('a tensor that needs itself in no fixed order is refused', () => {
  const base = recurrent();
  const [h, i, t] = [T('h'), axis('i', 2), axis('t', 4)];
  const value = add([ref(h, [at('i'), { ...at('t'), constant: -1 }]), ref(h, [at('i'), { ...at('t'), constant: 1 }])]);
  const equations = base.system.equations.map((e) => (e.tensor.name === 'h' ? equation(h, [i, t], value) : e));
  expect(() => emitKernel({ ...base, system: { ...base.system, equations } }, { backward: backward(allSamples(base), []) })).toThrow(/no fixed order/);
});

test('sums run along contiguous entries: a local sum for W x, rows for the transposed product and for gradients', () => {
  const { javascript } = emitKernel(dense({ sizes: [30, 40, 20], activations: [tanh, sigmoid] }), { form: 'loops' });
  const routine = (name: string): string => javascript.slice(javascript.indexOf(`function ${name}(`)).split('\n}')[0]!.replaceAll(/\s+/g, ' ');
  expect(routine('forward_a_2')).toContain('let sum = 0; for (let j = 0; j < 40; j += 1) { sum += W_2[i * 40 + j] * z_1[s * 40 + j]; } a_2[s * 20 + i] = sum + b_2[i];');
  expect(routine('backward_a_1')).toContain('const delta_2_i = delta_2[s * 20 + i]; for (let j = 0; j < 40; j += 1) { delta_1[s * 40 + j] += delta_2_i * W_2[i * 40 + j]; }');
  expect(routine('gradient_W_2')).toContain('const delta_2_i = delta_2[s * 20 + i]; for (let j = 0; j < 40; j += 1) { d_W_2[i * 40 + j] += delta_2_i * z_1[s * 40 + j]; }');
});

test('forward(n + 1) goes on from the buffer of stage n', async () => {
  const module = await load(emitKernel(dense({ sizes: [3, 4, 2], activations: [sigmoid, tanh] }), { form: 'loops' }).javascript);
  const { kernel } = evaluate(module, 2, 8);
  const stage = module.stages.find((s) => s.name === 'a_1')!;
  expect(stage.adjoint).toBe('delta_1');
  const a = kernel.tensor('a_1')!;
  const delta = [...kernel.tensor('delta_1')!];
  for (const [n, value] of [...a].entries()) {
    const h = 1e-4;
    a[n] = value + h;
    const up = kernel.forward(stage.stage + 1);
    a[n] = value - h;
    const down = kernel.forward(stage.stage + 1);
    a[n] = value;
    expect((up - down) / (2 * h)).toBeCloseTo(delta[n]!, 7);
  }
});

test('small networks become straight-line code, larger ones loops of little text', () => {
  expect(emitKernel(dense({ sizes: [4, 8, 3], activations: [tanh, sigmoid] })).form).toBe('straight-line');
  const large = emitKernel(dense({ sizes: [784, 128, 10], activations: [relu, sigmoid] }));
  expect(large.form).toBe('loops');
  expect(large.typescript.length).toBeLessThan(12_000);
});

test('a network of a thousand layers is emitted in text that grows with the layers', () => {
  const deep = (layers: number): string => emitKernel(dense({
    sizes: Array.from({ length: layers + 1 }, () => 2), activations: Array.from({ length: layers }, () => tanh),
  }), { form: 'loops' }).javascript;
  expect(deep(1000).length / deep(100).length).toBeLessThan(11);
});

test('a derivation given from outside is what the kernel computes', async () => {
  const sketch = dense({ sizes: [2, 3, 1], activations: [tanh, sigmoid] });
  const derived = backward(allSamples(sketch), signalsOf(sketch));
  const wrong = { ...derived, equations: derived.equations.map((e) => ({ ...e, value: multiply([number(2), e.value]) })) };
  const right = evaluate(await load(emitKernel(sketch).javascript), 2, 3);
  const doubled = evaluate(await load(emitKernel(sketch, { backward: wrong }).javascript), 2, 3);
  expect(doubled.E).toBe(right.E);
  expect(doubled.gradient).not.toEqual(right.gradient);
});

test('samples must be a positive integer', async () => {
  const module = await load(emitKernel(dense({ sizes: [1, 1], activations: [tanh] })).javascript);
  for (const samples of [0, -1, 1.5, NaN, Infinity, 1e12]) expect(() => module.createKernel({ samples })).toThrow(RangeError);
});

test('what is left open is said, not computed', () => {
  const sketch = dense({ sizes: [2, 2], activations: [{ name: 'open', argument: 'u', body: { kind: 'symbol', name: 'alpha', layer: null }, place: place(1) }] });
  expect(() => emitKernel(sketch)).toThrow(/alpha has no value/);
});

/** z = tanh((a - mean over the samples) / √(variance + ¼)): equations that name the samples are written out here. */
function batchNormalised(): [Network, System] {
  const [x, W, t, a, z, L, m, v] = [T('x'), T('W'), T('t'), T('a'), T('z'), T('L'), T('m'), T('v')];
  const [i, j] = [axis('i', 2), axis('j', 3)];
  const s: Axis = { index: 's', range: { lo: integer(1), hi: samplesSize } };
  const mean = (e: Expression): Expression => multiply([power(affineValue(samplesSize), -1), sum('r', s.range, e)]);
  const centred = (sample: string): Expression => subtract(ref(a, [at(sample), at('i')]), ref(m, [at('i')]));
  const perSample = (d: Declaration): Declaration => ({ ...d, axes: [s, ...d.axes] });
  const declarations = [
    perSample(declare(x, [j], 'input')), declare(W, [i, j], 'parameter'), perSample(declare(t, [i], 'target')),
    perSample(declare(a, [i], 'variable')), declare(m, [i], 'variable'), declare(v, [i], 'variable'),
    perSample(declare(z, [i], 'variable')), perSample(declare(L, [], 'variable')), declare(E, [], 'variable'),
  ];
  const equations = [
    equation(a, [s, i], sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(x, [at('s'), at('j')])]))),
    equation(m, [i], mean(ref(a, [at('r'), at('i')]))),
    equation(v, [i], mean(power(centred('r'), 2))),
    equation(z, [s, i], elementary('tanh', multiply([
      centred('s'), power(add([ref(v, [at('i')]), number({ n: 1n, d: 4n })]), { n: -1n, d: 2n }),
    ]))),
    equation(L, [s], sum('i', i.range, power(subtract(ref(z, [at('s'), at('i')]), ref(t, [at('s'), at('i')])), 2))),
    equation(E, [], sum('s', s.range, ref(L, [at('s')]))),
  ];
  const sketch = network({ declarations: [], equations: [], inputs: [x], targets: [t], outputs: [z], loss: L });
  const system: System = {
    ...sketch.system, declarations: new Map(declarations.map((d) => [tensorKey(d.tensor), d])), equations, total: E,
  };
  return [{ ...sketch, system }, system];
}

/** A layer's convolution with stride 1 over two channels, then a mean of squares over positions with t ≥ 2. */
function convolution(): ReturnType<typeof network> {
  const [x, K, c, L] = [T('x'), T('K'), T('c'), T('L')];
  const [o, p, d, u] = [axis('o', 2), axis('p', 4), axis('d', 2), axis('u', 3)];
  const xAxes = [d, axis('q', 6)];
  return network({
    declarations: [declare(x, xAxes, 'input'), declare(K, [o, d, u], 'parameter')],
    equations: [
      equation(c, [o, p], elementary('tanh', sum('d', d.range, sum('u', u.range, multiply([
        ref(K, [at('o'), at('d'), at('u')]),
        ref(x, [at('d'), { terms: [...at('p').terms, ...at('u').terms], constant: -1 }]),
      ]))))),
      equation(L, [], sum('o', o.range, sum('p', p.range, multiply([
        bracket(indexAtLeast({ terms: at('p').terms, constant: -2 })), power(ref(c, [at('o'), at('p')]), 2),
        add([number(1), call({ kind: 'slot', name: 'g', layer: layerNumber(1), order: 0 }, ref(c, [at('o'), at('p')]))]),
      ])))),
    ],
    slots: new Map([['g@1', tanh]]), inputs: [x], outputs: [c], loss: L,
  });
}

/** p = exp(a)/Σ exp(a) over keys, mixed with values: sums inside quotients inside sums. */
function attentionLike(): ReturnType<typeof network> {
  const [x, Q, V, a, y, L] = [T('x'), T('Q'), T('V'), T('a'), T('y'), T('L')];
  const [i, j] = [axis('i', 3), axis('j', 3)];
  const e = (name: string) => elementary('exp', ref(a, [at('i'), at(name)]));
  return network({
    declarations: [declare(x, [i], 'input'), declare(Q, [i, j], 'parameter'), declare(V, [i, j], 'parameter')],
    equations: [
      equation(a, [i, j], multiply([ref(Q, [at('i'), at('j')]), ref(x, [at('i')]), ref(x, [at('j')])])),
      equation(y, [i], sum('j', j.range, multiply([
        e('j'), power(sum('k', j.range, e('k')), -1), sum('l', j.range, multiply([ref(V, [at('j'), at('l')]), ref(x, [at('l')])])),
      ]))),
      equation(L, [], sum('i', i.range, power(ref(y, [at('i')]), 3))),
    ],
    inputs: [x], outputs: [y], loss: L,
  });
}

/** h[i, t] = x[i, t] + [t ≥ 2]·tanh(Σ_j W[i, j] h[j, t-1]), the axis of the recurrence behind the other. */
function recurrent(): ReturnType<typeof network> {
  const [x, W, h, L] = [T('x'), T('W'), T('h'), T('L')];
  const [i, j, t] = [axis('i', 2), axis('j', 2), axis('t', 4)];
  const step = sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(h, [at('j'), { ...at('t'), constant: -1 }])]));
  return network({
    declarations: [declare(x, [i, t], 'input'), declare(W, [i, j], 'parameter')],
    equations: [
      equation(h, [i, t], add([ref(x, [at('i'), at('t')]), multiply([bracket(indexAtLeast({ ...at('t'), constant: -2 })), elementary('tanh', step)])])),
      equation(L, [], sum('i', i.range, sum('t', t.range, power(ref(h, [at('i'), at('t')]), 2)))),
    ],
    inputs: [x], outputs: [h], loss: L,
  });
}
