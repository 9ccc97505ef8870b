// The values of a whole network, all samples at once, by the small evaluator of the tests.

import { symbolKey } from '../../src/algebra/affine.ts';
import { type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Network } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { noise, valuesIn } from './value.ts';

export const read = (text: string): Network => readNetwork({ file: 'network.yaml', text }, shippedLibrary);

/** What is wrong with a network: the codes. */
export function codes(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
}

export type Given = (key: string, indices: readonly number[], tensor: Tensor) => number;

/** Numbers between -1 and 1 by the name of the entry. */
export const anything: Given = (key, indices) => noise(`${key}[${indices.join(',')}]`);

/** Values of all entries, such as `z@1[2,3]`: the second sample's third entry; `E@[]` is the loss of all samples. */
export function valuesOf(network: Network, samples: number, given: Given = anything): (name: string, ...indices: readonly number[]) => number {
  const system = allSamples(network);
  const sizes = new Map([...system.sizes, [symbolKey({ kind: 'size', name: 'samples', layer: null }), samples]]);
  const { values } = valuesIn(system, sizes, (tensor, indices) => given(tensorKey(tensor), indices, tensor));
  return (name, ...indices) => {
    const found = values.get(`${name}[${indices.join(',')}]`);
    if (found === undefined) throw new Error(`there is no ${name}[${indices.join(',')}]: ${[...values.keys()].join(' ')}`);
    return found;
  };
}

/** 1, 2, …, n */
export const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k + 1);

export const total = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);
