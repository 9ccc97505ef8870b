// The library for Node: everything of index.ts, and the same on files.

import type { CheckReport } from './check/report.ts';
import type { Derivation } from './derive/derivation.ts';
import { libraryBeside, loadNetwork, readSource, type Variant, variantsOf } from './files.ts';
import { checkNetwork } from './check/check.ts';
import { emitKernel, type EmittedKernel, type EmitOptions } from './kernel/emit.ts';
import { deriveSpec } from './report/derive-spec.ts';

export * from './index.ts';
export { libraryBeside, loadNetwork, readSource, type Variant, variantsOf } from './files.ts';

/** The derivation of a network's file, of a layer's for layer k, or of an activation's. @throws DiagnosticError */
export const deriveFile = (path: string, variant: Variant = {}): Derivation =>
  deriveSpec(readSource(path), libraryBeside(path), variant);

/** The kernel of a network's file. @throws DiagnosticError */
export const emitFile = (path: string, options: EmitOptions & Variant = {}): EmittedKernel =>
  emitKernel(loadNetwork(path, options), options);

/** Checks the kernel of a network's file (3 samples, seed 1, unless said otherwise). @throws DiagnosticError */
export async function checkFile(path: string, options: { samples?: number; seed?: number } & Variant = {}): Promise<CheckReport> {
  const network = loadNetwork(path, options);
  return checkNetwork(network, {
    samples: options.samples ?? 3, seed: options.seed ?? 1, variants: variantsOf(path, network),
  });
}
