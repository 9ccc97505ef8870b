// Runs emitted modules, fills their arrays, and takes central differences of their own forward pass.

import type { Floats, KernelModule } from '../../src/kernel/kernel.ts';

export async function load(javascript: string): Promise<KernelModule> {
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(javascript)}`);
  return module as KernelModule;
}

/** Reproducible numbers in (-1, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
}

export function fill(array: Floats, next: () => number, scale = 1): void {
  for (let n = 0; n < array.length; n += 1) array[n] = scale * next();
}

/** E, output and gradient of a kernel at seeded numbers; or at a given point. */
export function evaluate(module: KernelModule, samples: number, seed: number): {
  kernel: ReturnType<KernelModule['createKernel']>; E: number; forward: number; gradient: readonly number[]; output: readonly number[];
} {
  const kernel = module.createKernel({ samples });
  const next = random(seed);
  fill(kernel.parameters, next);
  fill(kernel.input, next);
  fill(kernel.target, next);
  const forward = kernel.forward();
  const output = [...kernel.output];
  const E = kernel.backward();
  return { kernel, E, forward, gradient: [...kernel.gradient], output };
}

/** dE/dparameter by Richardson's extrapolation of central differences. */
export function differences(kernel: ReturnType<KernelModule['createKernel']>, h = 1e-3): readonly number[] {
  const { parameters } = kernel;
  const central = (n: number, step: number): number => {
    const x = parameters[n]!;
    parameters[n] = x + step;
    const [up, right] = [kernel.forward(), parameters[n]];
    parameters[n] = x - step;
    const [down, left] = [kernel.forward(), parameters[n]];
    parameters[n] = x;
    return (up - down) / (right - left);
  };
  return Array.from(parameters, (_, n) => (4 * central(n, h / 2) - central(n, h)) / 3);
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, x, n) => {
    const y = b[n]!;
    const error = Math.abs(x - y) / (1 + Math.abs(x) + Math.abs(y));
    return Number.isNaN(error) ? Infinity : Math.max(most, error);
  }, a.length === b.length ? 0 : Infinity);
}
