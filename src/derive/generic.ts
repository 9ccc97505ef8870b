// The derivation for layer k in general: chains, signal, gradients, recursion, ends and samples, from one window of two
// neighbouring layers.

import { index } from '../algebra/affine.ts';
import { adjoint, type Expression, ref, sum, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { layerK, layerN, layerNumber, sameLayer } from '../algebra/layer.ts';
import { references } from '../algebra/traverse.ts';
import type { Instance, Signal, System } from '../spec/network.ts';
import { liftExpression, liftSamples } from '../spec/samples.ts';
import { type AdjointSource, adjointStep, type AdjointWords, type Draft, tensorWords, UnverifiedStepError, withCompactForm } from './adjoint-steps.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import { genericChainDrafts } from './chain-steps.ts';
import type { LayerRange } from './derivation.ts';
import { agreement, indexEquations } from './direct.ts';
import { localDrafts } from './local-steps.ts';
import { backward } from './reverse.ts';
import { specialEntries } from './special-entries.ts';
import { type Window, windowOf } from './window.ts';

/** The generic derivation of a layer kind. */
export interface Generic {
  readonly drafts: readonly Draft[];
  readonly signals: readonly Tensor[];
  readonly system: System;
}

const ALL: LayerRange = { from: layerNumber(1), to: layerN() };
const UPPER: LayerRange = { from: layerNumber(2), to: layerN() };

/** Null where the layer's neighbours can't be of its own kind. */
export function genericDerivation(system: System, instance: Instance, signal: Signal): Generic | null {
  const at = windowOf(system, instance, layerK());
  const top = windowOf(system, instance, layerN());
  if (readsItself(system, instance)) return null;
  if (at === null || top === null) return null;
  const reverse = reverseOf(at, signal);
  const shown = new Set<AdjointEquation>();
  const drafts = [
    ...forwardDrafts(at),
    ...genericChainDrafts(top.system, top.upper, top.lower),
    ...signalDrafts(at.upper, signal, reverse),
    ...gradientDrafts(at, reverse, shown),
    ...recursionDrafts(at, reverse, shown),
    ...endDrafts(top, signal),
    ...sampleDrafts(at, signal, reverse),
  ];
  return { drafts, signals: signalsOfInstance(at.upper, signal), system: at.system };
}

/** A layer that reads its own output (a recurrence): the adjoint from above is not all of that output's adjoint. */
function readsItself(system: System, instance: Instance): boolean {
  const outputs = new Set([...instance.outputs.values()].map(tensorKey));
  return system.equations.some((e) => sameLayer(e.tensor.layer, instance.layer) && references(e.value).some((r) => outputs.has(tensorKey(r.tensor))));
}

export const signalsOfInstance = (instance: Instance, signal: Signal): readonly Tensor[] =>
  signal === 'a' ? instance.preActivations : [...instance.outputs.values()];

interface Reversed {
  readonly backward: Backward;
  readonly source: AdjointSource;
}

/** Reverse mode through the window, the adjoints of the upper layer's outputs given. */
function reverseOf({ system, lower, upper }: Window, signal: Signal): Reversed {
  const seeds = [...upper.outputs.values()];
  const signals = [...signalsOfInstance(lower, signal), ...signalsOfInstance(upper, signal)];
  const result = backward(system, signals, seeds);
  const named = new Set([...result.equations.map((e) => tensorKey(e.tensor)), ...seeds.map(tensorKey)]);
  return { backward: result, source: { lookup: indexEquations(system), named, total: null } };
}

function forwardDrafts({ system, upper }: Window): readonly Draft[] {
  const own = system.equations.filter((e) => e.tensor.layer !== null && e.tensor.layer.offset === upper.layer.offset);
  const input = [...upper.inputs.values()][0];
  const outputs = [...upper.outputs.values()].map((t) => t.name);
  return own.map((equation, n): Draft => ({
    section: 'forward',
    role: 'definition',
    rule: 'definition',
    title: `Forward equation of ${tensorWords(equation.tensor)}`,
    left: { kind: 'expression', value: ref(equation.tensor, equation.axes.map((a) => index(a.index))) },
    relation: ':=',
    right: [{ formula: { kind: 'expression', value: equation.value }, rule: 'definition' }],
    axes: equation.axes,
    layers: ALL,
    sources: [equation.place],
    remarks: n === own.length - 1 && input !== undefined
      ? [`The network's input x is \`${input.name}^(0)\`, its output y is \`${outputs.join(', ')}^(N)\`; the loss depends on the parameters through y alone.`] : [],
    verified: 'definition',
  }));
}

function signalDrafts(upper: Instance, signal: Signal, { backward: reverse }: Reversed): readonly Draft[] {
  return signalsOfInstance(upper, signal).map((t): Draft => {
    const declaration = reverse.system.declarations.get(tensorKey(t));
    const axes = declaration?.axes ?? [];
    const entry = axes.map((a) => index(a.index));
    return {
      section: 'signal',
      role: 'definition',
      rule: 'definition',
      title: `The signal is the adjoint of ${tensorWords(t)}`,
      left: { kind: 'expression', value: adjoint(t, entry) },
      relation: ':=',
      right: [{ formula: { kind: 'partial', of: null, by: ref(t, entry) }, rule: 'definition' }],
      axes,
      layers: ALL,
      sources: declaration === undefined ? [] : [declaration.place],
      remarks: [],
      verified: 'definition',
    };
  });
}

function gradientDrafts({ upper }: Window, { backward: reverse, source }: Reversed, shown: Set<AdjointEquation>): readonly Draft[] {
  const stops = new Set(upperOwn(reverse, upper));
  return upper.parameters.flatMap((parameter) => {
    const equation = reverse.equations.find((e) => tensorKey(e.tensor) === tensorKey(parameter));
    return equation === undefined ? [] : [
      ...unseen(leadingTo(equation, reverse, stops), shown).flatMap((e) => intermediateSteps(e, reverse, source, ALL, 'gradients')),
      ...derived(equation, reverse, source, { section: 'gradients', role: 'result', title: `The gradient by ${tensorWords(parameter)}`, layers: ALL }),
      ...specialEntries(equation, source.lookup, ALL),
    ];
  });
}

/** The equations that no step has shown yet; from now on they count as shown. */
function unseen(equations: readonly AdjointEquation[], shown: Set<AdjointEquation>): readonly AdjointEquation[] {
  const fresh = equations.filter((e) => !shown.has(e));
  for (const e of fresh) shown.add(e);
  return fresh;
}

/** Keys of the signals and outputs of the upper layer: where a derivation stops to look further up. */
function upperOwn(reverse: Backward, upper: Instance): readonly string[] {
  const outputs = [...upper.outputs.values()].map(tensorKey);
  const signals = reverse.equations.filter((e) => e.role === 'signal' && e.tensor.layer?.offset === upper.layer.offset);
  return [...outputs, ...signals.map((e) => tensorKey(e.tensor))];
}

/** The adjoints that were written out, or kept a name, on the way to `equation`, in evaluation order, down to the stops. */
function leadingTo(equation: AdjointEquation, reverse: Backward, stops: ReadonlySet<string>): readonly AdjointEquation[] {
  const all = new Map([...reverse.writtenOut, ...reverse.equations].map((e) => [tensorKey(e.tensor), e]));
  const needed = new Set<AdjointEquation>();
  const seen = new Set<AdjointEquation>();
  const look = (e: AdjointEquation): void => {
    seen.add(e);
    for (const use of e.uses) {
      for (const r of references(use.value)) {
        const key = tensorKey(r.tensor);
        const below = r.adjoint && !stops.has(key) ? all.get(key) : undefined;
        // In a recurrence the way leads back to where it came from.
        if (below !== undefined && !seen.has(below)) {
          look(below);
          needed.add(below);
        }
      }
    }
  };
  look(equation);
  return [...needed];
}

/** The step of an adjoint with its compact form, after the local derivatives that have one. */
const derived = (equation: AdjointEquation, reverse: Backward, source: AdjointSource, words: AdjointWords): readonly Draft[] => [
  ...localDrafts(equation, reverse, source, words),
  withCompactForm(adjointStep(equation, source, words), equation, equation.value, reverse, source),
];

const intermediateSteps = (
  equation: AdjointEquation, reverse: Backward, source: AdjointSource, layers: LayerRange | null, section: 'gradients' | 'recursion' | 'ends',
): readonly Draft[] => derived(equation, reverse, source, { section, role: source.named.has(tensorKey(equation.tensor)) ? 'result' : 'intermediate', title: `On the way: the adjoint of ${tensorWords(equation.tensor)}`, layers });

function recursionDrafts({ lower, upper }: Window, { backward: reverse, source }: Reversed, shown: Set<AdjointEquation>): readonly Draft[] {
  const stops = new Set(upperOwn(reverse, upper));
  const signals = reverse.equations.filter((e) => e.role === 'signal' && e.tensor.layer?.offset === lower.layer.offset);
  return signals.flatMap((equation) => {
    shown.add(equation);
    return [
      ...unseen(leadingTo(equation, reverse, stops), shown).flatMap((e) => intermediateSteps(e, reverse, source, UPPER, 'recursion')),
      ...derived(equation, reverse, source, {
        section: 'recursion',
        role: 'result',
        title: 'The recursion: the signal of layer k-1 from the signal of layer k',
        layers: UPPER,
        remarks: [endRemark(equation.tensor, lower)],
      }),
    ];
  });
}

/** Why the recursion stops: layer 0 is the input. */
function endRemark(signal: Tensor, lower: Instance): string {
  const isOutput = [...lower.outputs.values()].some((t) => tensorKey(t) === tensorKey(signal));
  const why = isOutput
    ? `the adjoint of \`${signal.name}^(0)\`, the input, exists, but no gradient needs it`
    : `layer 0 is the input, where no \`${signal.name}^(0)\` is computed, so there is no signal of layer 0`;
  return `The recursion runs for k = 2..N only: ${why}.`;
}

/** The signals of layer N, from ∂E/∂y; one that is the output itself is ∂E/∂y. */
function endDrafts(top: Window, signal: Signal): readonly Draft[] {
  const { backward: reverse, source } = reverseOf(top, signal);
  const outputs = new Set([...top.upper.outputs.values()].map(tensorKey));
  const shown = new Set<AdjointEquation>();
  return signalsOfInstance(top.upper, signal).flatMap((t): readonly Draft[] => {
    if (outputs.has(tensorKey(t))) return [outputEnd(t, top.system)];
    const equation = reverse.equations.find((e) => tensorKey(e.tensor) === tensorKey(t));
    if (equation === undefined) return [];
    const before = unseen(leadingTo(equation, reverse, outputs).filter((e) => e !== equation), shown);
    shown.add(equation);
    return [
      ...before.filter((e) => e.role !== 'signal').flatMap((e) => intermediateSteps(e, reverse, source, null, 'ends')),
      ...derived(equation, reverse, source, {
        section: 'ends',
        role: 'result',
        title: 'The signal of the last layer comes from the loss',
        layers: null,
        remarks: [...top.upper.outputs.values()].map((y) => `\`y = ${y.name}^(N)\` is the network's output: its adjoint is the derivative of the loss by the output.`),
      }),
    ];
  });
}

function outputEnd(t: Tensor, system: System): Draft {
  const axes = system.declarations.get(tensorKey(t))?.axes ?? [];
  const entry = axes.map((a) => index(a.index));
  return {
    section: 'ends', role: 'result', rule: 'definition', title: 'The signal of the last layer comes from the loss',
    left: { kind: 'expression', value: adjoint(t, entry) }, relation: '=',
    right: [{ formula: { kind: 'partial', of: null, by: ref(tensor('y'), entry) }, rule: 'definition' }],
    axes, layers: null, sources: [], remarks: [`\`y = ${t.name}^(N)\` is the network's output.`], verified: 'definition',
  };
}

/** The gradient of the sum over samples is the sum of the gradients: derived anew with the samples axis, and compared. */
function sampleDrafts(window: Window, signal: Signal, one: Reversed): readonly Draft[] {
  const { system, axis } = liftSamples(window.system);
  const seeds = [...window.upper.outputs.values()];
  const signals = [...signalsOfInstance(window.lower, signal), ...signalsOfInstance(window.upper, signal)];
  const lifted = backward(system, signals, seeds);
  const perSample = new Set([...window.system.declarations].filter(([, d]) => d.perSample).map(([key]) => key));
  return window.upper.parameters.flatMap((parameter): Draft[] => {
    const all = lifted.equations.find((e) => tensorKey(e.tensor) === tensorKey(parameter));
    const single = one.backward.equations.find((e) => tensorKey(e.tensor) === tensorKey(parameter));
    if (all === undefined || single === undefined) return [];
    const summed: Expression = sum(axis.index, axis.range, liftExpression(single.value, perSample, axis.index));
    const agrees = agreement(summed, all.value, all.axes);
    if (agrees === null) {
      throw new UnverifiedStepError(`the gradient by ${tensorWords(parameter)} of a sum is not the sum of the gradients`);
    }
    return [{
      section: 'samples', role: 'result', rule: 'sum-rule',
      title: `The gradient by ${tensorWords(parameter)} of the sum over samples is the sum of the gradients`,
      left: { kind: 'expression', value: adjoint(parameter, all.axes.map((a) => index(a.index))) }, relation: '=',
      right: [{ formula: { kind: 'expression', value: summed }, rule: 'sum-rule' }],
      axes: all.axes, layers: ALL, sources: all.uses.map((u) => u.equation.place),
      remarks: [`\`${axis.index}\` counts the samples: E is the sum of their losses, each with its own inputs, variables and signals, all with the same parameters.`],
      verified: agrees === 'proved' ? 'normal-form' : 'confirmed',
    }];
  });
}
