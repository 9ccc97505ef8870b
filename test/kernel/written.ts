// Kernels of networks written as YAML in a test, run at numbers from a seed.

import { expect } from 'vitest';
import { constantOf } from '../../src/algebra/affine.ts';
import { type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Floats, Kernel, Slot } from '../../src/kernel/kernel.ts';
import { sizeOf } from '../../src/kernel/prepare.ts';
import type { Network } from '../../src/spec/network.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { differences, fill, largestDifference, load, random } from './run.ts';

export const written = (text: string): Network => readNetwork({ file: 'written.yaml', text }, shippedLibrary);

export async function kernelOf(net: Network, form: 'loops' | 'straight-line', samples: number): Promise<Kernel> {
  const module = await load(emitKernel(net, { form }).javascript);
  const kernel = module.createKernel({ samples });
  const { layout } = module;
  fill(kernel.parameters, random(3));
  give(kernel.input, net, net.inputs, layout.input, samples, random(4));
  give(kernel.target, net, net.targets, layout.target, samples, random(5));
  return kernel;
}

/** Numbers from -1 to 1; integers of their range where a tensor has one. */
function give(array: Floats, net: Network, tensors: readonly Tensor[], slots: readonly Slot[], samples: number, next: () => number): void {
  for (let s = 0; s < samples; s += 1) {
    for (const [n, tensor] of tensors.entries()) {
      const { offset, shape } = slots[n]!;
      const among = net.system.declarations.get(tensorKey(tensor))?.integer;
      const [lo, hi] = among === undefined ? [0, 0] : [among.lo, among.hi].map((end) => constantOf(sizeOf(net.system, end, null))!) as [number, number];
      for (let at = 0; at < shape.reduce((a, b) => a * b, 1); at += 1) {
        const value = next();
        array[s * (array.length / samples) + offset + at] = among === undefined ? value : lo + Math.floor(((value + 1) / 2) * (hi - lo + 1));
      }
    }
  }
}

/** Expects of both forms, asked for, that the gradient is that of differences, and that they agree. */
export async function expectGradient(net: Network, samples = 3): Promise<void> {
  const kernels = [await kernelOf(net, 'loops', samples), await kernelOf(net, 'straight-line', samples)] as const;
  const [E] = kernels.map((kernel) => kernel.backward());
  const gradients = kernels.map((kernel) => [...kernel.gradient]);
  expect(gradients[0]!.some((g) => g !== 0)).toBe(true);
  expect(largestDifference([kernels[1].forward()], [E!])).toBeLessThan(1e-13);
  expect(largestDifference(gradients[1]!, gradients[0]!)).toBeLessThan(1e-13);
  expect(largestDifference(gradients[0]!, differences(kernels[0]))).toBeLessThan(1e-9);
}
