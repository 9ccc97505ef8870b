// Turns an emitted kernel into a running module: the one place where text that this program has printed is executed.

import type { KernelModule } from '../kernel/kernel.ts';

/** Imports the kernel's JavaScript as a module of its own (by a data: URL, so that it works in Node and in browsers). */
export async function loadKernel(emitted: { readonly name: string; readonly javascript: string }): Promise<KernelModule> {
  const url = `data:text/javascript;charset=utf-8,${encodeURIComponent(emitted.javascript)}`;
  const loaded: unknown = await import(/* @vite-ignore */ url);
  if (!isKernelModule(loaded)) throw new TypeError(`the emitted kernel ${emitted.name} does not export what a kernel exports`);
  return loaded;
}

function isKernelModule(value: unknown): value is KernelModule {
  if (typeof value !== 'object' || value === null) return false;
  return 'createKernel' in value && typeof value.createKernel === 'function' &&
    'layout' in value && typeof value.layout === 'object' &&
    'stages' in value && Array.isArray(value.stages) &&
    'precision' in value && 'name' in value;
}
