import { test, expect } from 'vitest';
import { emitKernel } from '/work/main/src/kernel/emit.ts';
import { dense, activations, add, sum, ref, T, at, range, multiply, number, power } from '../networks.ts';
import { load, evaluate, differences, largestDifference } from '../run.ts';
const A = activations;
for (const reduction of ['sum', 'mean'] as const) for (const signal of ['a', 'z'] as const) for (const augmented of [false, true]) for (const [n, acts] of [[A.sigmoid, A.gelu], [A.tanh, A.elu], [A.softplus, A.gaussian], [A.cube, A.relu]].entries())
test(`${signal} ${augmented} ${n}`, async () => {
  const k = emitKernel(dense({ sizes: [3, 4, 2], activations: acts, signal, augmented, reduction,
    penalty: multiply([number(0.25 as never === 0 ? 1 : 1), sum('i', range(1, 4), sum('j', range(1, 3), power(ref(T('W', 1), [at('i'), at('j')]), 2)))]) }));
  const m = await load(k.javascript);
  for (const samples of [1, 3]) {
    const r = evaluate(m, samples, 7);
    expect(r.E).toBe(r.forward);
    expect(largestDifference(r.gradient, differences(r.kernel))).toBeLessThan(1e-9);
  }
});
