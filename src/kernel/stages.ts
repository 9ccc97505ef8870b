// From a network and its adjoints to assignments: one for each forward equation, one for each adjoint equation.

import { index, integer } from '../algebra/affine.ts';
import { adjoint, type Expression, ref, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import { plain } from '../algebra/print.ts';
import { freshIndex, visit } from '../algebra/traverse.ts';
import type { Backward } from '../derive/backward.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Axis, Network, System } from '../spec/network.ts';
import { samplesSize } from '../spec/samples.ts';
import { tensorName } from './names.ts';
import { type Assignment, overSamples, prepare, withSizes } from './prepare.ts';
import type { SlotResolver } from './slots.ts';
import { outputTensor, referenceKey, type Storage } from './storage.ts';

/** An equation of the kernel with the lines that say where it comes from. */
export interface Work {
  readonly assignment: Assignment;
  readonly tensor: Tensor;
  readonly comment: readonly string[];
  /** The name its routine begins with. */
  readonly purpose: string;
}

export interface Writing {
  readonly system: System;
  readonly storage: Storage;
  readonly resolve: SlotResolver;
}

export function forwardWork(writing: Writing): readonly Work[] {
  const { system, resolve } = writing;
  return system.equations.map((equation): Work => ({
    assignment: prepare(system, (indices) => ref(equation.tensor, indices), equation.axes, resolve(equation.value, false), equation.place),
    tensor: equation.tensor,
    comment: commentOf(writing, ref(equation.tensor, freeOf(equation.axes)), equation.value, [equation.place], null),
    purpose: `forward_${tensorName(equation.tensor)}`,
  }));
}

export function backwardWork(writing: Writing, backward: Backward): readonly Work[] {
  const { system, resolve } = writing;
  return backward.equations.map((equation): Work => {
    const place = system.declarations.get(tensorKey(equation.tensor))?.place ?? null;
    return {
      assignment: prepare(system, (indices) => adjoint(equation.tensor, indices), equation.axes, resolve(equation.value, true), place),
      tensor: equation.tensor,
      comment: commentOf(writing, adjoint(equation.tensor, freeOf(equation.axes)), equation.value, equation.uses.map((u) => u.equation.place), equation.step),
      purpose: `${equation.role === 'parameter' ? 'gradient' : 'backward'}_${tensorName(equation.tensor)}`,
    };
  });
}

/** Outputs that are not computed in the output array itself are copied into it, after the equation that computes them. */
export function outputCopies(writing: Writing, network: Network): readonly { readonly tensor: Tensor; readonly assignment: Assignment }[] {
  const { system, storage } = writing;
  if (storage.direct !== null) return [];
  return network.outputs.map((tensor, n) => {
    const axes = system.declarations.get(tensorKey(tensor))?.axes ?? [];
    const [first] = axes;
    const shared = first === undefined || !overSamples(first.range);
    const samples: Axis = { index: freshIndex('s', new Set(axes.map((a) => a.index))), range: { lo: integer(1), hi: samplesSize } };
    const all = shared ? [samples, ...axes] : axes;
    return { tensor, assignment: prepare(system, (indices) => ref(outputTensor(n), indices), all, ref(tensor, freeOf(axes)), null) };
  });
}

const freeOf = (axes: readonly Axis[]): Reference['indices'] => axes.map((a) => index(a.index));

/** `a_1[s, i] = Σ_{j=1..3} W_1[i, j]·x[s, j] + b_1[i]`, where h is what, and the places in specs that it comes from. */
function commentOf(
  { system, storage }: Writing, target: Reference, value: Expression, places: readonly Place[], step: number | null,
): readonly string[] {
  const name = (r: Reference): string =>
    storage.placements.get(referenceKey(r))?.name ?? `${r.adjoint ? '∂E/∂' : ''}${tensorName(r.tensor)}`;
  const formula = `${plain(target, { tensor: name })} = ${plain(withSizes(system, places[0] ?? null)(value), { tensor: name })}`;
  const functions = new Set<string>();
  visit(value, (e) => {
    if (e.kind !== 'call' || e.fn.kind !== 'slot') return;
    const key = tensorName({ name: e.fn.name, layer: e.fn.layer });
    const activation = system.slots.get(`${e.fn.name}@${String(e.fn.layer?.offset ?? '')}`);
    if (activation !== undefined) functions.add(`${key} = ${activation.name}`);
  });
  const from = new Set(places.map((place) => `${place.file}:${String(place.line)}`));
  const where = [...(step === null ? [] : [`step ${String(step)}`]), ...functions, ...from];
  return where.length === 0 ? [formula] : [formula, where.join(', ')];
}
