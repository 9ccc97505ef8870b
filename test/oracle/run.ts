// Runs a kernel and the oracle at the same random points, and compares E, outputs and gradients.

import { readFileSync } from 'node:fs';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { KernelModule, Slot } from '../../src/kernel/kernel.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import type { Cube, Matrix, Tesseract, Vector } from './parts.ts';
import { constant, over, plus, type Scalar, slopesOf } from './tape.ts';

export type Random = () => number;

/** The tensors of a kernel as nested arrays, by their name in the spec and the number of their layer. */
export interface Tensors {
  readonly scalar: (name: string, layer?: number) => Scalar;
  readonly vector: (name: string, layer?: number) => Vector;
  readonly matrix: (name: string, layer?: number) => Matrix;
  readonly cube: (name: string, layer?: number) => Cube;
  readonly tesseract: (name: string, layer?: number) => Tesseract;
}

/** One sample: its inputs, and the numbers of its only target. */
export interface Sample {
  readonly x: Tensors;
  readonly t: readonly number[];
}

/** What a network says of one sample, and what that costs. */
export interface Outcome {
  readonly y: Vector;
  readonly loss: Scalar;
}

export interface Example {
  readonly network: string;
  /** What is special about the numbers. */
  readonly remark?: string;
  /** The forward pass of one sample, or of all of them where they depend on each other. */
  readonly one?: (parameters: Tensors, sample: Sample) => Outcome;
  readonly all?: (parameters: Tensors, samples: readonly Sample[]) => readonly Outcome[];
  readonly mean?: boolean;
  /** The entries of an input or a target of one sample; numbers from -1 to 1 where it says nothing. */
  readonly inputs?: Readonly<Record<string, (random: Random, count: number) => readonly number[]>>;
  readonly target?: (random: Random, count: number) => readonly number[];
  /** Parameters that are not drawn: the tensor b of a layer. */
  readonly biases?: { readonly layer: number; readonly values: readonly number[] };
}

export const numbers = (random: Random, count: number): readonly number[] => Array.from({ length: count }, random);
/** Weights of `classes` classes that add up to 1, once or for several steps. */
export const weights = (classes: number) => (random: Random, count: number): readonly number[] => {
  const raw = Array.from({ length: count }, () => 0.05 + Math.abs(random()));
  return raw.map((x, n) => {
    const first = n - (n % classes);
    return x / raw.slice(first, first + classes).reduce((a, b) => a + b, 0);
  });
};
/** 1 for one class, 0 for the others. */
export const oneHot = (classes: number) => (random: Random, count: number): readonly number[] =>
  Array.from({ length: count / classes }, () => Math.floor(((random() + 1) / 2) * classes)).flatMap((right) => Array.from({ length: classes }, (_, i) => (i === right ? 1 : 0)));
/** Whole numbers from 1 to `most`. */
export const whole = (most: number) => (random: Random, count: number): readonly number[] =>
  Array.from({ length: count }, () => 1 + Math.floor(((random() + 1) / 2) * most));
export const bits = (random: Random, count: number): readonly number[] => Array.from({ length: count }, () => (random() > 0 ? 1 : 0));

/** Numbers from -1 to 1 (a linear congruential generator, Knuth's constants). */
export function randomFrom(seed: number): Random {
  let state = BigInt(seed) + 1n;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 2 ** 52 - 1;
  };
}

export type Form = 'loops' | 'straight-line';

export async function moduleOf(file: string, form: Form): Promise<KernelModule> {
  const { javascript } = emitKernel(readNetwork({ file, text: readFileSync(file, 'utf8') }, shippedLibrary), { form });
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(javascript)}`);
  return module as KernelModule;
}

export interface Comparison {
  readonly entries: number;
  /** Differences as parts of the size of the numbers compared. */
  readonly E: number;
  readonly again: number;
  readonly output: number;
  readonly gradient: number;
  /** Parameters whose gradient is 0 in every entry, but for rounding. */
  readonly silent: readonly string[];
}

export function compare(module: KernelModule, example: Example, samples: number, seed: number): Comparison {
  const random = randomFrom(seed);
  const kernel = module.createKernel({ samples });
  const { layout } = module;
  kernel.parameters.set(Array.from(kernel.parameters, random));
  const { biases } = example;
  if (biases !== undefined) kernel.parameters.set(biases.values, layout.parameters.find((s) => s.tensor === 'b' && s.layer === biases.layer)!.offset);
  for (let s = 0; s < samples; s += 1) {
    for (const slot of layout.input) {
      kernel.input.set((example.inputs?.[slot.tensor] ?? numbers)(random, sizeOf(slot)), s * layout.sizes.input + slot.offset);
    }
    for (const slot of layout.target) {
      kernel.target.set((example.target ?? numbers)(random, sizeOf(slot)), s * layout.sizes.target + slot.offset);
    }
  }
  const leaves = Array.from(kernel.parameters, constant);
  const parameters = tensors(layout.parameters, leaves);
  const given = Array.from({ length: samples }, (_, s): Sample => ({
    x: tensors(layout.input, Array.from(kernel.input.slice(s * layout.sizes.input, (s + 1) * layout.sizes.input), constant)),
    t: [...kernel.target.slice(s * layout.sizes.target, (s + 1) * layout.sizes.target)],
  }));
  const { one, all } = example;
  const outcomes = all?.(parameters, given) ?? given.map((sample) => one!(parameters, sample));
  const sum = plus(...outcomes.map((o) => o.loss));
  const total = example.mean === true ? over(sum, samples) : sum;
  const slopes = slopesOf(total, leaves);
  const E = kernel.forward();
  const output = [...kernel.output];
  const again = kernel.backward();
  const gradient = [...kernel.gradient];
  const overall = Math.max(...slopes.map(Math.abs));
  const ofSlots = layout.parameters.map((slot) => {
    const of = (all: readonly number[]): readonly number[] => all.slice(slot.offset, slot.offset + sizeOf(slot));
    return { slot, error: apart(of(gradient), of(slopes), overall / 1000), silent: of(slopes).every((x) => Math.abs(x) <= 1e-9 * overall) };
  });
  return {
    entries: leaves.length,
    E: apart([E], [total.value]), again: apart([again], [total.value]),
    output: apart(output, outcomes.flatMap((o) => o.y.map((y) => y.value))),
    gradient: Math.max(...ofSlots.map((s) => s.error)),
    silent: ofSlots.filter((s) => s.silent).map((s) => s.slot.name),
  };
}

/** The largest difference, as a part of the largest number expected (at least `floor`). */
function apart(found: readonly number[], expected: readonly number[], floor = 0): number {
  if (found.length !== expected.length || found.length === 0) return Infinity;
  const size = Math.max(floor, ...expected.map(Math.abs));
  return Math.max(...found.map((x, n) => {
    const error = Math.abs(x - expected[n]!);
    return Number.isNaN(error) ? Infinity : error === 0 ? 0 : error / size;
  }));
}

const sizeOf = (slot: Slot): number => slot.shape.reduce((n, extent) => n * extent, 1);

function tensors(slots: readonly Slot[], values: readonly Scalar[]): Tensors {
  const flat = (name: string, layer: number | undefined, axes: number): { shape: readonly number[]; entries: Vector } => {
    const found = slots.filter((s) => s.tensor === name && (layer === undefined || s.layer === layer));
    const [slot] = found;
    if (slot === undefined || found.length > 1 || slot.shape.length !== axes) {
      throw new Error(`${name} of layer ${String(layer)} with ${axes} axes is not one of ${slots.map((s) => `${s.name}[${s.shape.join()}]`).join(' ')}`);
    }
    return { shape: slot.shape, entries: values.slice(slot.offset, slot.offset + sizeOf(slot)) };
  };
  const rows = <T>(entries: readonly T[], length: number): readonly (readonly T[])[] =>
    Array.from({ length: entries.length / length }, (_, i) => entries.slice(i * length, (i + 1) * length));
  const vector = (name: string, layer?: number): Vector => flat(name, layer, 1).entries;
  return {
    scalar: (name, layer) => flat(name, layer, 0).entries[0]!,
    vector,
    matrix: (name, layer) => {
      const { shape, entries } = flat(name, layer, 2);
      return rows(entries, shape[1]!);
    },
    cube: (name, layer) => {
      const { shape, entries } = flat(name, layer, 3);
      return rows(rows(entries, shape[2]!), shape[1]!);
    },
    tesseract: (name, layer) => {
      const { shape, entries } = flat(name, layer, 4);
      return rows(rows(rows(entries, shape[3]!), shape[2]!), shape[1]!);
    },
  };
}
