// The derivation of a layer kind or of a network, as numbered, verified steps.

import { size } from '../algebra/affine.ts';
import { isNumber, tensor, tensorKey } from '../algebra/expression.ts';
import { layerNumber } from '../algebra/layer.ts';
import { biasOf } from '../spec/correspond.ts';
import { instantiate, type PortBinding } from '../spec/instantiate.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import type { Axis, Declaration, Instance, Network, Signal, System } from '../spec/network.ts';
import { allSamples, isSamplesAxis } from '../spec/samples.ts';
import { aloneDerivation } from './alone.ts';
import type { Draft } from './adjoint-steps.ts';
import type { Backward } from './backward.ts';
import { concreteDerivation } from './concrete.ts';
import type { Derivation, SectionId, Step } from './derivation.ts';
import { type Generic, genericDerivation } from './generic.ts';
import { backward, signalsOf } from './reverse.ts';

/** What a text denies that has one symbol for all activation functions. */
export const FUNCTIONS_DIFFER = '`h^(k)` may differ in every layer.';
const KIND = ['The layers below and above are of the same kind.', FUNCTIONS_DIFFER,
  'For one sample E is any differentiable function of the network\'s output `z^(N)` and the target `t`.'];

/** The order of sections in a derivation. */
const sections: readonly SectionId[] =
  ['forward', 'loss', 'chains', 'signal', 'gradients', 'recursion', 'ends', 'activations', 'layers', 'samples', 'summary'];

/**
 * The recursion and gradients of layer k of a kind, for every width; of a layer whose neighbours can't be of its own kind
 * (several inputs, outputs of another shape), and of a loss, every adjoint from those of its outputs.
 */
export function deriveLayer(spec: LayerSpec, options: { readonly signal: Signal }): Derivation {
  const generic = genericOf(spec, options.signal);
  if (generic === null) {
    const { drafts, ...rest } = aloneDerivation(spec, options.signal);
    return {
      ...rest, name: spec.name, title: spec.title ?? spec.name, signal: options.signal, bias: 'separate', backward: null,
      steps: numbered([...drafts, ...summary(drafts)]),
    };
  }
  return {
    name: spec.name,
    title: spec.title ?? spec.name,
    system: generic.system,
    signal: options.signal,
    bias: biasOf(spec),
    assumptions: KIND,
    steps: numbered([...generic.drafts, ...summary(generic.drafts)]),
    signals: generic.signals,
    backward: null,
  };
}

/** Layer k of the kind; null where the layer can't be its own neighbour, or its derivation by itself says more. */
function genericOf(spec: LayerSpec, signal: Signal): Generic | null {
  if (spec.targets.length > 0 || [...spec.tensors.values()].some((t) => t.axes.some(isSamplesAxis))) return null;
  const { system, instance } = loneLayer(spec);
  return genericDerivation(system, instance, signal);
}

/** The layer as number 1, its inputs bound to tensors of their own. */
export function loneLayer(spec: LayerSpec): { readonly system: System; readonly instance: Instance } {
  const at = layerNumber(1);
  const declarations: Declaration[] = [];
  const inputs = new Map(spec.inputs.map((port): [string, PortBinding] => {
    const declared = spec.tensors.get(port);
    const axes = (declared?.axes ?? []).map((axis, n): Axis => ({ index: axis.index, range: { lo: axis.range.lo, hi: outerSize(port, n, axis) } }));
    const source = tensor(port, layerNumber(0));
    declarations.push({ tensor: source, axes, role: 'input', perSample: true, place: declared?.place ?? spec.place });
    return [port, { tensor: source, axes }];
  }));
  const made = instantiate(spec, at, inputs, {});
  const all = new Map([...declarations, ...made.declarations].map((d): [string, Declaration] => [tensorKey(d.tensor), d]));
  const system: System = {
    name: spec.name, declarations: all, equations: made.equations, instances: [made.instance], slots: new Map(), sizes: new Map(), total: null,
    assumptions: made.assumptions, facts: made.facts,
  };
  return { system, instance: made.instance };
}

/** A size for every axis that an input brings, under the name that the layer's file gives it. */
function outerSize(port: string, n: number, axis: Axis): Axis['range']['hi'] {
  const { terms } = axis.range.hi;
  const [term] = terms;
  if (term === undefined) return axis.range.hi;
  const name = terms.length === 1 && term.symbol.kind === 'size' ? term.symbol.name : `${port}_${String(n)}`;
  return size(name, layerNumber(0));
}

const derived = new WeakMap<Network, Derivation>();

/** The derivation of a network: generic where it is a plain chain of one layer kind, and every layer's own formulas. */
export function deriveNetwork(network: Network): Derivation {
  // Networks are immutable, and text, kernel and table all ask for the same derivation.
  let known = derived.get(network);
  if (known === undefined) {
    known = derive(network, uniformKind(network));
    derived.set(network, known);
  }
  return known;
}

/** The derivation of a network layer by layer, for notations that have no way to speak of layer k in general. */
export const deriveEachLayer = (network: Network): Derivation => derive(network, null);

function derive(network: Network, kind: Instance | null): Derivation {
  const generic = kind === null ? null : genericDerivation(network.system, kind, network.signal);
  const concrete = concreteDerivation(network, generic === null);
  const drafts = [...(generic?.drafts ?? []), ...concrete.drafts]
    .map((draft, n) => ({ draft, n }))
    .sort((x, y) => sections.indexOf(x.draft.section) - sections.indexOf(y.draft.section) || x.n - y.n)
    .map(({ draft }) => draft);
  const depth = network.system.instances.length;
  const steps = numbered([...drafts, ...summary((generic ?? concrete).drafts)]);
  return {
    name: network.name,
    title: network.title ?? network.name,
    system: network.system,
    signal: network.signal,
    bias: network.bias,
    reduction: network.reduction,
    assumptions: [...(generic === null ? [] : [`N = ${String(depth)} layers.`, FUNCTIONS_DIFFER])],
    steps,
    signals: [...signalsOf(network), ...(generic?.signals ?? [])],
    backward: withSteps(concrete.backward, steps),
  };
}

/**
 * An instance that stands for all, where each reads its predecessor's output and all are of one kind, the loss reads the
 * last one's output alone, and E is nothing but the loss. One layer has no neighbour to stand for.
 */
function uniformKind(network: Network): Instance | null {
  const { instances } = network.system;
  const [first] = instances;
  const top = [...(instances.at(-1)?.outputs.values() ?? [])].map(tensorKey);
  if (network.coupled !== undefined || instances.length < 2 || !isNumber(network.penalty, 0)) return null;
  if (network.outputs.length !== top.length || !network.outputs.every((t) => top.includes(tensorKey(t)))) return null;
  const uniform = instances.every((instance, n) => {
    const before = instances[n - 1];
    const inputs = [...instance.inputs.values()];
    const source = before === undefined ? network.inputs : [...before.outputs.values()];
    return instance.kind === first?.kind && inputs.length === 1 && source.length === 1
      && inputs[0] !== undefined && source[0] !== undefined && tensorKey(inputs[0]) === tensorKey(source[0]);
  });
  return uniform && first !== undefined ? (instances.at(-1) ?? first) : null;
}

/** The formulas that an implementation needs, once more. */
function summary(drafts: readonly Draft[]): readonly Draft[] {
  const wanted = drafts.filter((d) => d.role === 'result');
  const order: readonly SectionId[] = ['ends', 'recursion', 'gradients', 'layers'];
  return order.flatMap((section) => wanted.filter((d) => d.section === section)).map((d) => ({
    ...d, section: 'summary', role: 'summary', rule: 'summary', right: d.right.slice(-1), remarks: [], sources: [],
  }));
}

const numbered = (drafts: readonly Draft[]): readonly Step[] => drafts.map((draft, n) => ({ ...draft, number: n + 1 }));

/** Each adjoint equation with the number of the step of section `layers` that gives it. */
function withSteps(reverse: Backward, steps: readonly Step[]): Backward {
  const number = new Map(steps.flatMap((s): [string, number][] => {
    const { left } = s;
    return s.section === 'layers' && left.kind === 'expression' && left.value.kind === 'ref' ? [[tensorKey(left.value.tensor), s.number]] : [];
  }));
  return { ...reverse, equations: reverse.equations.map((e) => ({ ...e, step: number.get(tensorKey(e.tensor)) ?? null })) };
}

/** Adjoint equations for all samples, as a kernel computes them, with the numbers of the derivation's steps. */
export function kernelBackward(network: Network): Backward {
  const steps = new Map<string, number | null>(
    (deriveNetwork(network).backward?.equations ?? []).map((e): [string, number | null] => [tensorKey(e.tensor), e.step]));
  const lifted = backward(allSamples(network), signalsOf(network));
  return { ...lifted, equations: lifted.equations.map((e) => ({ ...e, step: steps.get(tensorKey(e.tensor)) ?? null })) };
}
