// Whatever the equations are, and whatever their tensors are called: the kernel in loop form, the straight-line kernel,
// and the equations read entry by entry say the same.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import { expectAgreement } from './agreement.ts';
import { crossed } from './networks.ts';
import { networks } from './random-networks.ts';
import { substituteTensorNames } from './rename.ts';
import { load } from './run.ts';

const options = { seed: Number(process.env['SEED'] ?? 1) };
const runs = (n: number): number => Number(process.env['RUNS'] ?? n);

test('random networks: both forms say what the equations say, and touch only entries that exist', async () => {
  await fc.assert(fc.asyncProperty(networks, expectAgreement), { ...options, numRuns: runs(150) });
});

/** Names that a kernel uses itself, that its passes make, and that tensors with a layer or an entry are written by. */
const contested = [
  'c', 'v', 'sum', 'sums', 'stored', 'once', 'part', 'then', 'value', 'a', 'z', 'a_1', 'c_1', 'c_2', 'v_2', 'sum_2', 'delta', 'delta_1', 'd_W', 'd_c', 'd_c_1', 'd_x',
  'n', 's', 'i', 'j', 's_2', 'samples', 'state', 'parameters', 'gradient', 'input', 'target', 'output', 'total', 'forward', 'backward', 'run_forward',
  'forward_a_1', 'tensors', 'from', 'E_1', 'e', 'L', 'L_1', 'erf', 'Math', 'constructor', '__proto__', 'await', 'allocate', 'name', 'layout', 'stages', 'W_1', 'x_1', 'y_1', 'y_1_1', 'h',
];

/** Each name stands for one other. */
const renaming = fc.shuffledSubarray(contested, { minLength: contested.length, maxLength: contested.length })
  .map((names) => (kinds: readonly string[]) => (name: string): string => names[kinds.indexOf(name)] ?? name);

test('tensors of any names: nothing that a pass makes hides another thing', async () => {
  await fc.assert(fc.asyncProperty(networks, renaming, (network, rename) =>
    expectAgreement(substituteTensorNames(network, rename(['x', 'W', 'b', 'y', 'L'])))), { ...options, numRuns: runs(100) });
  await fc.assert(fc.asyncProperty(fc.nat(2), fc.constantFrom('a', 'z'), renaming, (layers, signal, rename) =>
    expectAgreement(substituteTensorNames(crossed(layers + 1, signal), rename(['x', 'W', 'a', 'c', 'z', 'L', 't'])))), { ...options, numRuns: runs(60) });
}, 120_000);

test('a tensor called c, in layer 2, of which the kernel keeps a buffer', async () => {
  for (const signal of ['a', 'z'] as const) {
    for (const layers of [1, 2, 3]) {
      await expectAgreement(crossed(layers, signal));
      for (const form of ['loops', 'straight-line'] as const) {
        const module = await load(emitKernel(crossed(layers, signal), { form }).javascript);
        expect(() => module.createKernel({ samples: 1 }).backward()).not.toThrow();
      }
    }
  }
});
