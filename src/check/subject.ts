// What is checked: a network, its equations for a number of samples, its kernel, and how values get into both.

import { tensorKey } from '../algebra/expression.ts';
import type { Backward } from '../derive/backward.ts';
import { type Block, emptyBlock, sizeValue, tensorTitle } from '../evaluate/block.ts';
import type { Evaluation } from '../evaluate/equations.ts';
import { UNIT_F32, UNIT_F64 } from '../evaluate/rounding.ts';
import type { Kernel, KernelModule, Slot } from '../kernel/kernel.ts';
import type { Network, System } from '../spec/network.ts';
import { allSamples, samplesSize } from '../spec/samples.ts';
import { symbolKey } from '../algebra/affine.ts';

export interface Subject {
  readonly network: Network;
  /** The equations for all samples, E included. */
  readonly system: System;
  readonly samples: number;
  readonly module: KernelModule;
  /** The derived adjoint equations of `system`. */
  readonly backward: Backward;
  /** Sizes for an evaluation: the number of samples. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Keys of the given tensors, in the order of declaration. */
  readonly parameters: readonly string[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** The unit roundoff of the kernel's numbers. */
  readonly unit: number;
}

export function subjectOf(
  network: Network, module: KernelModule, samples: number, derive: (system: System) => Backward,
): Subject {
  const system = allSamples(network);
  const keys = (role: string): readonly string[] =>
    [...system.declarations].filter(([, d]) => d.role === role).map(([key]) => key);
  return {
    network, system, samples, module,
    backward: derive(system),
    sizes: sizesFor(samples),
    parameters: keys('parameter'), inputs: keys('input'), targets: keys('target'),
    unit: module.precision === 'f32' ? UNIT_F32 : UNIT_F64,
  };
}

/** The sizes that an evaluation needs besides those of the network. */
export function sizesFor(samples: number): ReadonlyMap<string, number> {
  const [term] = samplesSize.terms;
  return term === undefined ? new Map() : new Map([[symbolKey(term.symbol), samples]]);
}

/** Entries by tensor key: parameters once, inputs and targets sample by sample. */
export type Values = ReadonlyMap<string, readonly number[]>;

/** An empty block for a tensor of the system: its shape and the names of its entries, as in the kernel's layout. */
export function blockOf(subject: Pick<Subject, 'system' | 'sizes' | 'module'>, key: string): Block<number> {
  const declaration = subject.system.declarations.get(key);
  if (declaration === undefined) throw new RangeError(`${key} is not declared`);
  return emptyBlock(titleOf(subject, key) ?? tensorTitle(declaration.tensor), declaration.axes, new Map([...subject.system.sizes, ...subject.sizes]), declaration.integer);
}

function titleOf({ system, module: { layout, stages } }: Pick<Subject, 'system' | 'module'>, key: string): string | null {
  const slots = [...layout.parameters, ...layout.input, ...layout.target, ...layout.output, ...stages];
  return slots.find((slot) => keyOf(system, slot) === key)?.name ?? null;
}

/** The number of entries of a tensor over all samples. */
export const entryCount = (subject: Pick<Subject, 'system' | 'sizes'>, key: string): number => {
  const sizes = new Map([...subject.system.sizes, ...subject.sizes]);
  const axes = subject.system.declarations.get(key)?.axes ?? [];
  return axes.reduce((n, { range }) => n * (sizeValue(range.hi, sizes) - sizeValue(range.lo, sizes) + 1), 1);
};

/** The key of the tensor that a slot or stage of a kernel holds. */
export function keyOf(system: System, slot: { readonly tensor: string; readonly layer: number }): string {
  const numbered = tensorKey({ name: slot.tensor, layer: { symbol: null, offset: slot.layer } });
  return slot.layer !== 0 || system.declarations.has(numbered) ? numbered : tensorKey({ name: slot.tensor, layer: null });
}

/** Puts parameters, inputs and targets into a kernel. */
export function fillKernel(subject: Pick<Subject, 'system' | 'module'>, kernel: Kernel, values: Values): void {
  const { layout } = subject.module;
  const put = (slots: readonly Slot[], into: Kernel['parameters'], stride: number, copies: number): void => {
    for (const slot of slots) {
      const from = values.get(keyOf(subject.system, slot));
      if (from === undefined) throw new RangeError(`the kernel wants ${slot.name}, which the network does not have`);
      const each = from.length / copies;
      for (let n = 0; n < from.length; n += 1) {
        into[Math.floor(n / each) * stride + slot.offset + (n % each)] = from[n]!;
      }
    }
  };
  put(layout.parameters, kernel.parameters, 0, 1);
  put(layout.input, kernel.input, layout.sizes.input, kernel.samples);
  put(layout.target, kernel.target, layout.sizes.target, kernel.samples);
}

/** Puts the given tensors into an evaluation. */
export function fillBlocks<T>(blocks: Evaluation<T>['blocks'], values: Values, lift: (x: number) => T): void {
  for (const [key, from] of values) {
    const block = blocks.get(key);
    if (block === undefined) throw new RangeError(`${key} is not declared`);
    for (let n = 0; n < from.length; n += 1) block.entries[n] = lift(from[n]!);
  }
}

/** The entries of a flat array of parameters (or of their gradient), tensor by tensor. */
export function byTensor(subject: Pick<Subject, 'system' | 'module'>, flat: ArrayLike<number>): ReadonlyMap<string, readonly number[]> {
  return new Map(subject.module.layout.parameters.map((slot) => {
    const length = slot.shape.reduce((n, extent) => n * extent, 1);
    return [keyOf(subject.system, slot), Array.from({ length }, (_, n) => flat[slot.offset + n]!)];
  }));
}

/** Where in the flat parameters a tensor begins. */
export function offsets(subject: Pick<Subject, 'system' | 'module'>): ReadonlyMap<string, number> {
  return new Map(subject.module.layout.parameters.map((slot) => [keyOf(subject.system, slot), slot.offset]));
}

export const largest = (entries: Iterable<number>): number => {
  let most = 0;
  for (const x of entries) if (Math.abs(x) > most) most = Math.abs(x);
  return most;
};
