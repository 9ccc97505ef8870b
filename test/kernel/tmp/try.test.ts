import { test, expect } from 'vitest';
import { emitKernel } from '../../../src/kernel/emit.ts';
import { dense, activations, sum, ref, T, at, range, power } from '../networks.ts';
import { load, evaluate, differences, largestDifference } from '../run.ts';
const A = activations;
for (const form of ['loops', 'straight-line'] as const) for (const reduction of ['sum', 'mean'] as const) for (const signal of ['a', 'z'] as const) for (const augmented of [false, true]) for (const [n, acts] of [[A.sigmoid, A.gelu], [A.tanh, A.elu], [A.softplus, A.gaussian], [A.cube, A.relu]].entries())
test(`${form} ${signal} ${augmented} ${n}`, async () => {
  const k = emitKernel(dense({ sizes: [3, 4, 2], activations: acts, signal, augmented, reduction,
    penalty: sum('i', range(1, 4), sum('j', range(1, 3), power(ref(T('W', 1), [at('i'), at('j')]), 2))) }), { form });
  const m = await load(k.javascript);
  for (const samples of [1, 3]) {
    const r = evaluate(m, samples, 7);
    expect(r.E).toBe(r.forward);
    expect(largestDifference(r.gradient, differences(r.kernel))).toBeLessThan(1e-9);
  }
});
