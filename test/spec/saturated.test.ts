// Losses at outputs that rounding has brought to the ends of their range: what is exactly right costs 0, and nothing is NaN.

import { describe, expect, test } from 'vitest';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLoss, readNetwork } from '../../src/spec/read.ts';
import { load } from '../kernel/run.ts';
import { valueOf } from './value.ts';

/** The loss of one output y at the target t. */
function lossAt(name: string, y: number, t: number): number {
  const { equations } = readLoss(shippedLibrary('losses', name)!);
  return valueOf(equations.at(-1)!.value, {
    sizes: new Map([['n:outputs@', 1]]), entry: (tensor) => (tensor.name === 'y' ? y : t),
  });
}

test.each([
  ['binary-cross-entropy', 1, 1, 0], ['binary-cross-entropy', 0, 0, 0], ['binary-cross-entropy', 1, 0, Infinity],
  ['binary-cross-entropy', 0, 1, Infinity], ['binary-cross-entropy', 0.5, 0.5, Math.LN2], ['binary-cross-entropy', 0.25, 1, 2 * Math.LN2],
  ['binary-cross-entropy', 0.25, 0, -Math.log(0.75)],
  ['poisson', 0, 0, 0], ['poisson', 2, 0, 2], ['poisson', 0, 1, Infinity], ['poisson', 2, 3, 2 - 3 * Math.LN2],
] as const)('%s at y = %d, t = %d is %d', (name, y, t, value) => {
  expect(lossAt(name, y, t)).toBeCloseTo(value, 14);
});

/** One layer with the bias b everywhere and no weights. */
async function saturated(line: string, loss: string, b: number, t: number, form: 'loops' | 'straight-line', signal: 'a' | 'z'): Promise<Kernel> {
  const text = `network: example\ninput: 2\nlayers:\n  - ${line}\nloss: ${loss}\nsignal: ${signal}\n`;
  const network = readNetwork({ file: 'example.yaml', text }, shippedLibrary);
  const kernel = (await load(emitKernel(network, { form }).javascript)).createKernel({ samples: 2 });
  kernel.parameters.fill(b);
  kernel.input.fill(0);
  kernel.target.fill(t);
  return kernel;
}

const forms = (['loops', 'straight-line'] as const).flatMap((form) => (['a', 'z'] as const).map((signal) => ({ form, signal })));

describe.each(forms)('kernels: $form, signal $signal', ({ form, signal }) => {
  test.each([
    ['2 sigmoid', 'binary-cross-entropy', 40, 1], ['2 sigmoid', 'binary-cross-entropy', 800, 1],
    ['2 sigmoid', 'binary-cross-entropy', -800, 0], ['2 exp', 'poisson', -800, 0],
  ])('%s, %s, bias %d, target %d: E and gradient are 0', async (line, loss, b, t) => {
    const kernel = await saturated(line, loss, b, t, form, signal);
    expect(kernel.forward()).toBeCloseTo(0, 12);
    expect(kernel.backward()).toBeCloseTo(0, 12);
    for (const g of kernel.gradient) expect(g).toBeCloseTo(0, 12);
  });

  test('xor with the bias 40 in front of its sigmoid, and the target 1', async () => {
    const source = readNetwork({ file: 'xor.yaml', text: 'network: xor\ninput: 2\nlayers:\n  - 3 tanh\n  - 1 sigmoid\nloss: binary-cross-entropy\nsamples: mean\n' }, shippedLibrary, { signal });
    const kernel = (await load(emitKernel(source, { form }).javascript)).createKernel({ samples: 4 });
    kernel.parameters.fill(0.1);
    kernel.parameters[kernel.parameters.length - 1] = 40;
    kernel.input.set([0, 0, 0, 1, 1, 0, 1, 1]);
    kernel.target.fill(1);
    expect(Number.isFinite(kernel.backward())).toBe(true);
    expect([...kernel.gradient].filter((g) => !Number.isFinite(g))).toEqual([]);
  });
});
