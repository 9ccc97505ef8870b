// The formulas in which texts differ, and no more: forward, δ^N, the recursion, the gradients; of one sample, or of all of
// them at once. For layer k in general, or for a network of a few layers with an unknown loss on top.

import { type Affine, index, size } from '../algebra/affine.ts';
import { ref, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { layerK, layerN, layerNumber, sameLayer } from '../algebra/layer.ts';
import { biasOf } from '../spec/correspond.ts';
import { instantiate, type PortBinding } from '../spec/instantiate.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import type { Axis, Declaration, Equation, Instance, Signal, System } from '../spec/network.ts';
import { liftSamples } from '../spec/samples.ts';
import { type AdjointSource, type Draft, tensorWords } from './adjoint-steps.ts';
import type { Derivation, LayerRange, SectionId } from './derivation.ts';
import { loneLayer } from './derive.ts';
import { indexEquations } from './direct.ts';
import { signalsOfInstance } from './generic.ts';
import { backward } from './reverse.ts';
import { shortStep } from './sample-steps.ts';
import { specialEntries } from './special-entries.ts';
import { type Window, windowOf } from './window.ts';

export interface OutlineOptions {
  readonly signal: Signal;
  /** One sample, or all of them, an axis in front of every tensor that each has for itself. */
  readonly samples: 'one' | 'all';
  /** How many layers there are, each with a number; null for layer k in general. */
  readonly layers: number | null;
}

/** Its steps stand in the sections forward, ends, recursion and gradients. @throws Error where layers of the kind cannot stand on each other */
export function outlineOf(spec: LayerSpec, options: OutlineOptions): Derivation {
  const { drafts, system, signals } = options.layers === null ? generic(spec, options) : stacked(spec, options, options.layers);
  return {
    name: spec.name, title: spec.title ?? spec.name, system, signal: options.signal, bias: biasOf(spec),
    assumptions: [], signals, backward: null, steps: drafts.map((draft, n) => ({ ...draft, number: n + 1 })),
  };
}

interface Outline {
  readonly drafts: readonly Draft[];
  readonly system: System;
  readonly signals: readonly Tensor[];
}

const ALL: LayerRange = { from: layerNumber(1), to: layerN() };
const UPPER: LayerRange = { from: layerNumber(2), to: layerN() };

function generic(spec: LayerSpec, { signal, samples }: OutlineOptions): Outline {
  const { system, instance } = loneLayer(spec);
  const [at, top] = [windowOf(system, instance, layerK()), windowOf(system, instance, layerN())];
  if (at === null || top === null) throw new Error(`layers of the kind ${spec.name} cannot stand on each other`);
  const signals = signalsOfInstance(at.upper, signal);
  const of = (window: Window, wanted: readonly Tensor[]): readonly Draft[] =>
    adjointDrafts(lifted(window.system, samples), [window.lower, window.upper], signal, new Set(wanted.map(tensorKey)));
  const isRecursion = (draft: Draft): boolean => draft.section === 'recursion';
  return {
    system: lifted(at.system, samples), signals,
    drafts: [
      ...forwardDrafts(lifted(at.system, samples), [at.upper]).map((d) => ({ ...d, layers: ALL })),
      ...of(top, signalsOfInstance(top.upper, signal)).map((d): Draft => ({ ...d, section: 'ends' })),
      ...of(at, [...signalsOfInstance(at.lower, signal), ...at.upper.parameters]).map((d) => ({ ...d, layers: isRecursion(d) ? UPPER : ALL })),
    ],
  };
}

function stacked(spec: LayerSpec, { signal, samples }: OutlineOptions, layers: number): Outline {
  const system = lifted(stackOf(spec, layers), samples);
  const { instances } = system;
  const signals = instances.flatMap((i) => signalsOfInstance(i, signal));
  const wanted = [...signals, ...instances.flatMap((i) => i.parameters)];
  return { system, signals, drafts: [...forwardDrafts(system, instances), ...adjointDrafts(system, instances, signal, new Set(wanted.map(tensorKey)))] };
}

const lifted = (system: System, samples: OutlineOptions['samples']): System => (samples === 'one' ? system : liftSamples(system).system);

/** Layers of one kind, each on the output of the one below; the first one reads x. */
function stackOf(spec: LayerSpec, layers: number): System {
  const x = tensor('x');
  const axes = spec.inputs.flatMap((port) => spec.tensors.get(port)?.axes ?? []).map((axis): Axis => ({ ...axis, range: { lo: axis.range.lo, hi: inputSize(axis) } }));
  const declarations: Declaration[] = [{ tensor: x, axes, role: 'input', perSample: true, place: spec.place }];
  const equations: Equation[] = [];
  const instances: Instance[] = [];
  let below: PortBinding = { tensor: x, axes };
  for (let n = 1; n <= layers; n += 1) {
    const made = instantiate(spec, layerNumber(n), new Map(spec.inputs.map((port) => [port, below])));
    declarations.push(...made.declarations);
    equations.push(...made.equations);
    instances.push(made.instance);
    below = [...made.outputs.values()][0] ?? below;
  }
  return { name: spec.name, declarations: new Map(declarations.map((d) => [tensorKey(d.tensor), d])), equations, instances, slots: new Map(), sizes: new Map(), total: null };
}

function inputSize({ range }: Axis): Affine {
  const [term] = range.hi.terms;
  return size(term?.symbol.kind === 'size' ? term.symbol.name : 'inputs', layerNumber(0));
}

const forwardDrafts = ({ equations }: System, instances: readonly Instance[]): readonly Draft[] =>
  equations.filter((e) => instances.some((i) => sameLayer(i.layer, e.tensor.layer))).map((equation): Draft => ({
    section: 'forward', role: 'definition', rule: 'definition', title: `Forward equation of ${tensorWords(equation.tensor)}`,
    left: { kind: 'expression', value: ref(equation.tensor, equation.axes.map((a) => index(a.index))) }, relation: ':=',
    right: [{ formula: { kind: 'expression', value: equation.value }, rule: 'definition' }],
    axes: equation.axes, layers: null, sources: [equation.place], remarks: [], verified: 'definition',
  }));

/** The adjoints of the wanted tensors, those of the top layer's outputs given, each verified; and what gradients are at special entries. */
function adjointDrafts(system: System, instances: readonly Instance[], signal: Signal, wanted: ReadonlySet<string>): readonly Draft[] {
  const seeds = [...(instances.at(-1)?.outputs.values() ?? [])];
  const signals = instances.flatMap((i) => signalsOfInstance(i, signal));
  const reverse = backward(system, signals, seeds);
  const named = new Set([...reverse.equations.map((e) => tensorKey(e.tensor)), ...seeds.map(tensorKey)]);
  const source: AdjointSource = { lookup: indexEquations(system), named, total: null };
  const last = new Set(instances.at(-1)?.preActivations.map(tensorKey) ?? []);
  const sectionOf = (t: Tensor, isParameter: boolean): SectionId => (isParameter ? 'gradients' : last.has(tensorKey(t)) ? 'ends' : 'recursion');
  return reverse.equations.filter((e) => wanted.has(tensorKey(e.tensor))).flatMap((equation) => [
    { ...shortStep(equation, source, `The adjoint of ${tensorWords(equation.tensor)}`), section: sectionOf(equation.tensor, equation.role === 'parameter') },
    ...(equation.role === 'parameter' ? specialEntries(equation, source.lookup, null) : []),
  ]);
}
