import { test } from 'vitest';
import { emitKernel } from '/work/main/src/kernel/emit.ts';
import { dense, activations } from '/work/main/test/kernel/networks.ts';
test('x', () => {
  console.log(emitKernel(dense({ sizes: [3, 4, 2], activations: [activations.sigmoid, activations.elu], signal: 'a' })).typescript);
  console.log(emitKernel(dense({ sizes: [2, 2, 1], activations: [activations.tanh, activations.elu], signal: 'z', augmented: true })).javascript);
});
