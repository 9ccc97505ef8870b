// Where the entries of every tensor lie: buffers, strides, offsets.

import { addAffine, type Affine, constantOf, integer, scaleAffine } from '../algebra/affine.ts';
import { type Reference, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import type { Axis, Network, System } from '../spec/network.ts';
import type { Slot } from './kernel.ts';
import { adjointName, type Namer, tensorName } from './names.ts';
import { overSamples, sizeOf } from './prepare.ts';
import type { Buffer } from './program.ts';
import { unsupported } from './unsupported.ts';

/** The entry with indices i lies at offset + Σ stride · (i - base); the first axis may be the samples. */
export interface Placement {
  /** The tensor's own name in the kernel. */
  readonly name: string;
  readonly buffer: string;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly bases: readonly number[];
  /** Extents of one sample's axes. */
  readonly shape: readonly number[];
  readonly perSample: boolean;
}

export interface Storage {
  readonly buffers: readonly Buffer[];
  /** By referenceKey. */
  readonly placements: ReadonlyMap<string, Placement>;
  readonly parameters: readonly Slot[];
  readonly input: readonly Slot[];
  readonly target: readonly Slot[];
  readonly output: readonly Slot[];
  /** The output tensor whose own buffer is the output array, else null: then outputs are copied. */
  readonly direct: Tensor | null;
}

export const referenceKey = (r: { readonly tensor: Tensor; readonly adjoint: boolean }): string =>
  `${r.adjoint ? 'd:' : ''}${tensorKey(r.tensor)}`;

/** The n-th output as it lies in the output array, where it is a copy. */
export const outputTensor = (n: number): Tensor => tensor(`#output${String(n)}`);

export function addressIn(placement: Placement, indices: readonly Affine[]): Affine {
  return indices.reduce<Affine>((at, value, n) => {
    const shifted = addAffine(value, integer(-(placement.bases[n] ?? 0)));
    return addAffine(at, scaleAffine(shifted, placement.strides[n] ?? 0));
  }, integer(placement.offset));
}

interface Shape {
  readonly shape: readonly number[];
  readonly bases: readonly number[];
  readonly perSample: boolean;
}

/** The extents of a tensor's axes; the samples may be the first. */
function shapeOf(system: System, tensor: Tensor): Shape & { readonly entries: number } {
  const declaration = system.declarations.get(tensorKey(tensor));
  if (declaration === undefined) throw unsupported(`the tensor ${tensorName(tensor)} is not declared`, 'every tensor is declared', null);
  const [first] = declaration.axes;
  const perSample = first !== undefined && overSamples(first.range);
  const own = perSample ? declaration.axes.slice(1) : declaration.axes;
  const extents = own.map((axis) => extent(system, axis, tensor));
  const shape = extents.map((e) => e.length);
  return { shape, bases: extents.map((e) => e.base), perSample, entries: shape.reduce((a, b) => a * b, 1) };
}

function extent(system: System, axis: Axis, tensor: Tensor): { length: number; base: number } {
  const place = system.declarations.get(tensorKey(tensor))?.place ?? null;
  const base = constantOf(sizeOf(system, axis.range.lo, place));
  const end = constantOf(sizeOf(system, axis.range.hi, place));
  if (base === null || end === null) {
    throw unsupported(`the axis ${axis.index} of ${tensorName(tensor)} has no fixed length`,
      'only the samples, as the first axis, may be as many as the caller says', place);
  }
  return { length: Math.max(0, end - base + 1), base };
}

/** Row-major strides; the samples' stride is the entries of one sample. */
function rowMajor(shape: readonly number[]): readonly number[] {
  return shape.map((_, n) => shape.slice(n + 1).reduce((a, b) => a * b, 1));
}

/** All entries of all parameters. */
export const parameterCount = (system: System): number => [...system.declarations.values()]
  .reduce((sum, d) => (d.role === 'parameter' ? sum + shapeOf(system, d.tensor).entries : sum), 0);

const lengthOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export interface LayoutOptions {
  /** Whether the one output is computed in the output array itself. */
  readonly directOutput: boolean;
  /** Tensors whose adjoints are computed and kept. */
  readonly adjoints: readonly Tensor[];
}

export function layStorage(network: Network, system: System, namer: Namer, options: LayoutOptions): Storage {
  const buffers: Buffer[] = [];
  const placements = new Map<string, Placement>();
  const place = (key: string, name: string, buffer: string, offset: number, s: Shape, sampleStride: number): void => {
    placements.set(key, {
      name, buffer, offset, shape: s.shape, perSample: s.perSample,
      strides: s.perSample ? [sampleStride, ...rowMajor(s.shape)] : rowMajor(s.shape),
      bases: s.perSample ? [1, ...s.bases] : s.bases,
    });
  };
  const slots = (tensors: readonly Tensor[]): readonly Slot[] => {
    let offset = 0;
    return tensors.map((tensor): Slot => {
      const { shape, bases, entries } = shapeOf(system, tensor);
      const name = tensorName(tensor);
      const slot: Slot = { name, tensor: tensor.name, layer: tensor.layer?.offset ?? 0, shape, base: bases, offset };
      offset += entries;
      return slot;
    });
  };
  const total = (all: readonly Slot[]): number => all.reduce((sum, s) => sum + lengthOf(s.shape), 0);

  const parameterTensors = [...system.declarations.values()].filter((d) => d.role === 'parameter').map((d) => d.tensor);
  const parameters = slots(parameterTensors).map((slot): Slot => ({ ...slot, name: namer.fresh(slot.name) }));
  for (const [n, tensor] of parameterTensors.entries()) {
    const slot = parameters[n];
    if (slot === undefined) continue;
    const entries = lengthOf(slot.shape);
    const shape: Shape = { shape: slot.shape, bases: slot.base, perSample: false };
    const gradient = namer.fresh(`d_${slot.name}`);
    buffers.push({ name: slot.name, kind: 'parameter', entries, perSample: false, within: { array: 'parameters', offset: slot.offset } });
    buffers.push({ name: gradient, kind: 'gradient', entries, perSample: false, within: { array: 'gradient', offset: slot.offset } });
    place(referenceKey({ tensor, adjoint: false }), slot.name, slot.name, 0, shape, 0);
    place(referenceKey({ tensor, adjoint: true }), gradient, gradient, 0, shape, 0);
  }

  const exchange = (kind: 'input' | 'target', tensors: readonly Tensor[]): readonly Slot[] => {
    const all = slots(tensors);
    const entries = total(all);
    buffers.push({ name: kind, kind, entries, perSample: true, within: null });
    for (const [n, tensor] of tensors.entries()) {
      const shape = shapeOf(system, tensor);
      if (!shape.perSample) {
        throw unsupported(`the ${kind} ${tensorName(tensor)} is not per sample`, 'inputs and targets have one value for each sample', null);
      }
      place(referenceKey({ tensor, adjoint: false }), namer.fresh(tensorName(tensor)), kind, all[n]?.offset ?? 0, shape, entries);
    }
    return all;
  };
  const input = exchange('input', network.inputs);
  const target = exchange('target', network.targets);
  const output = slots(network.outputs);
  buffers.push({ name: 'output', kind: 'output', entries: total(output), perSample: true, within: null });

  const [first, ...others] = network.outputs;
  const computed = first !== undefined && system.declarations.get(tensorKey(first))?.role === 'variable' && shapeOf(system, first).perSample;
  const direct = options.directOutput && computed && others.length === 0 ? first : null;
  for (const equation of system.equations) {
    const { tensor } = equation;
    const key = referenceKey({ tensor, adjoint: false });
    const shape = shapeOf(system, tensor);
    if (direct !== null && tensorKey(direct) === tensorKey(tensor)) {
      place(key, namer.fresh(tensorName(tensor)), 'output', 0, shape, shape.entries);
      continue;
    }
    const isTotal = system.total !== null && tensorKey(system.total) === tensorKey(tensor);
    const name = namer.fresh(tensorName(tensor));
    buffers.push({ name, kind: isTotal ? 'total' : 'forward', entries: shape.entries, perSample: shape.perSample, within: null });
    place(key, name, name, 0, shape, shape.entries);
  }
  for (const tensor of options.adjoints) {
    const key = referenceKey({ tensor, adjoint: true });
    if (placements.has(key)) continue;
    const shape = shapeOf(system, tensor);
    const name = namer.fresh(adjointName(tensor, system));
    buffers.push({ name, kind: 'adjoint', entries: shape.entries, perSample: shape.perSample, within: null });
    place(key, name, name, 0, shape, shape.entries);
  }
  if (direct === null) {
    for (const [n, tensor] of network.outputs.entries()) {
      const shape = { ...shapeOf(system, tensor), perSample: true };
      place(referenceKey({ tensor: outputTensor(n), adjoint: false }), 'output', 'output', output[n]?.offset ?? 0, shape, total(output));
    }
  }
  return { buffers, placements, parameters, input, target, output, direct };
}

/** The placement of a reference. @throws for a tensor that has none. */
export function placementOf(storage: ReadonlyMap<string, Placement>, r: Reference): Placement {
  const placement = storage.get(referenceKey(r));
  if (placement === undefined) {
    throw unsupported(`${r.adjoint ? 'the adjoint of ' : ''}${tensorName(r.tensor)} is used, but nothing computes it`,
      'an equation for it, or a port that binds it', null);
  }
  return placement;
}
