// From a network and its adjoints to assignments: one for each forward equation, one for each adjoint equation.

import { index, integer } from '../algebra/affine.ts';
import { adjoint, type Expression, ref, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import { plain } from '../algebra/print.ts';
import { freshIndex, visit } from '../algebra/traverse.ts';
import type { Backward } from '../derive/backward.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Axis, Network, System } from '../spec/network.ts';
import { samplesSize } from '../spec/samples.ts';
import { flatStages, schedule, type Stage } from '../spec/schedule.ts';
import { tensorName } from './names.ts';
import { type Assignment, overSamples, prepare, withSizes } from './prepare.ts';
import type { SlotResolver } from './slots.ts';
import type { Source } from './source.ts';
import { stableFunctions } from './stability/functions.ts';
import { outputTensor, referenceKey, type Storage } from './storage.ts';
import { unsupported } from './unsupported.ts';
import { withZeros } from './zeros.ts';

/** An equation, or the equations of a recurrence, with the lines that say where they come from. */
export interface Work {
  readonly stage: Stage<Source>;
  readonly tensors: readonly Tensor[];
  readonly comment: readonly string[];
  /** The name its routine begins with. */
  readonly purpose: string;
}

export interface Writing {
  readonly system: System;
  readonly storage: Storage;
  readonly resolve: SlotResolver;
  /** What else is to be said of an equation, by tensorKey. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
}

export function forwardWork(writing: Writing): readonly Work[] {
  const { system, resolve } = writing;
  const sources = system.equations.map((equation): Source => ({
    tensor: equation.tensor, adjoint: false, axes: equation.axes, value: resolve(equation.value, false), place: equation.place,
    comment: commentOf(writing, ref(equation.tensor, freeOf(equation.axes)), equation.value, [equation.place], null),
  }));
  return stagesOf(withZeros(sources), system, () => 'forward');
}

/** The forward equations as far as their conditions go. */
const forwardConditions = ({ system }: Writing): readonly Source[] => system.equations.map((equation): Source =>
  ({ tensor: equation.tensor, adjoint: false, axes: equation.axes, value: equation.value, place: equation.place, comment: [] }));

export function backwardWork(writing: Writing, backward: Backward): readonly Work[] {
  const { system, resolve } = writing;
  const sources = backward.equations.map((equation): Source => ({
    tensor: equation.tensor, adjoint: true, axes: equation.axes, value: stableFunctions(resolve(equation.value, true)),
    place: system.declarations.get(tensorKey(equation.tensor))?.place ?? null,
    comment: commentOf(writing, adjoint(equation.tensor, freeOf(equation.axes)), equation.value, equation.uses.map((u) => u.equation.place), equation.step),
  }));
  const parameters = new Set(backward.equations.filter((e) => e.role === 'parameter').map((e) => tensorKey(e.tensor)));
  return stagesOf(withZeros(sources, forwardConditions(writing)), system, (source) => (parameters.has(tensorKey(source.tensor)) ? 'gradient' : 'backward'));
}

/** One work for an equation, one for all equations of a recurrence. @throws for equations that no order computes. */
function stagesOf(sources: readonly Source[], system: System, purpose: (source: Source) => string): readonly Work[] {
  const scheduled = schedule(sources.map((s) => ({ ...s, value: withSizes(system, s.place)(s.value), axes: s.axes })));
  if (scheduled.kind === 'cycle') {
    const [first] = scheduled.equations;
    throw unsupported(`${scheduled.equations.map((e) => tensorName(e.tensor)).join(', ')}: defined through earlier and later entries in no fixed order`,
      'a recurrence looks back, or ahead, along one axis', first?.place ?? null);
  }
  return scheduled.stages.map((stage): Work => {
    const all = flatStages([stage]);
    const [first] = all;
    if (first === undefined) throw new Error('a stage has an equation');
    const comment = stage.kind === 'equation' ? first.comment : [recurrenceComment(stage), ...all.flatMap((s) => s.comment)];
    return { stage, tensors: all.map((s) => s.tensor), comment, purpose: `${purpose(first)}_${tensorName(first.tensor)}` };
  });
}

function recurrenceComment({ direction, members }: Extract<Stage<Source>, { kind: 'recurrence' }>): string {
  const [first] = members;
  const letter = first?.equation.axes[first.axis]?.index ?? '';
  return `Entry by entry, ${letter} ${direction === 'up' ? 'upwards' : 'downwards'}:`;
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
  { system, storage, remarks }: Writing, target: Reference, value: Expression, places: readonly Place[], step: number | null,
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
  const said = target.adjoint ? [] : remarks.get(tensorKey(target.tensor)) ?? [];
  const where = [...(step === null ? [] : [`step ${String(step)}`]), ...functions, ...said, ...from];
  return where.length === 0 ? [formula] : [formula, where.join(', ')];
}
