// The derivation of one layer, or one loss, by itself: the adjoints of its outputs are given, those of everything else follow,
// of its inputs too.

import { index } from '../algebra/affine.ts';
import { adjoint, ref, tensor, type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import { bind, type PortBinding } from '../spec/instantiate.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import type { Axis, Declaration, Equation, Signal, System } from '../spec/network.ts';
import { isSamplesAxis, liftSamples } from '../spec/samples.ts';
import { type AdjointSource, adjointStep, type Draft, tensorWords, withCompactForm } from './adjoint-steps.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import { indexEquations } from './direct.ts';
import { inOrder } from './in-order.ts';
import { localDrafts } from './local-steps.ts';
import { backward } from './reverse.ts';
import { sampleSteps } from './sample-steps.ts';

export interface Alone {
  readonly drafts: readonly Draft[];
  readonly signals: readonly Tensor[];
  readonly system: System;
  readonly assumptions: readonly string[];
}

/** Every adjoint of the layer from those of its outputs; of a loss, from ∂E/∂E = 1. */
export function aloneDerivation(spec: LayerSpec, signal: Signal): Alone {
  const isLoss = spec.targets.length > 0 || isScalar(spec);
  const own = systemOf(spec);
  const seen = isLoss ? { system: { ...own, total: tensor(spec.outputs[0] ?? '') }, seeds: [], copies: [] } : outsideView(own, spec);
  const { system, seeds } = seen;
  const signals = isLoss ? [] : (signal === 'a' ? spec.preActivations : spec.outputs).map((name) => tensor(name));
  const reverse = backward(system, signals, seeds);
  const named = new Set([...reverse.equations.map((e) => tensorKey(e.tensor)), ...seeds.map(tensorKey)]);
  const source: AdjointSource = { lookup: indexEquations(system), named, total: system.total };
  return {
    system, signals,
    assumptions: isLoss ? ['The loss of one sample is E.'] : given(spec, seen.copies),
    drafts: [
      ...system.equations.map(definitionDraft),
      ...inOrder(reverse, system.total).flatMap((e) => stepsOf(e, spec, reverse, source)),
      ...(isLoss || namesSamples(system) ? [] : sampleSteps(liftSamples(system).system, signals, seeds, (t) => spec.parameters.includes(t.name))),
    ],
  };
}

/** Batch statistics: the samples axis is written out already. */
const namesSamples = (system: System): boolean => [...system.declarations.values()].some((d) => d.axes.some(isSamplesAxis));

const isScalar = (spec: LayerSpec): boolean => spec.outputs.every((name) => spec.tensors.get(name)?.axes.length === 0) && spec.parameters.length === 0;

const given = (spec: LayerSpec, copies: readonly string[]): readonly string[] => [
  `${spec.outputs.map((name) => `\`∂E/∂${name}\``).join(', ')} ${spec.outputs.length === 1 ? 'is' : 'are'} given, from the layers above or from the loss.`,
  ...copies.map((name) => `\`${name}_out\` is \`${name}\` as the layers above see it; \`∂E/∂${name}\` also counts what the layer itself makes of \`${name}\` later.`),
];

/** The layer's equations, its tensors without a layer number; inputs have adjoints as parameters do. */
function systemOf(spec: LayerSpec): System {
  const declarations: Declaration[] = [];
  const inputs = new Map([...spec.inputs, ...spec.targets].map((port): [string, PortBinding] => {
    const own = spec.tensors.get(port);
    const axes = own?.axes ?? [];
    const fixed = own?.integer !== undefined || spec.targets.includes(port);
    declarations.push({
      tensor: tensor(port), axes, role: fixed ? 'input' : 'parameter', perSample: true, place: own?.place ?? spec.place,
      ...(own?.integer === undefined ? {} : { integer: own.integer }),
    });
    return [port, { tensor: tensor(port), axes }];
  }));
  const made = bind(spec, null, inputs, {});
  return {
    name: spec.name, equations: made.equations, instances: [], slots: new Map(), sizes: new Map(), total: null,
    declarations: new Map([...made.declarations, ...declarations].map((d) => [tensorKey(d.tensor), d])),
    assumptions: made.assumptions, facts: made.facts,
  };
}

/** What is given: the adjoint of each output, or of a copy of it where the layer reads its own output. */
function outsideView(system: System, spec: LayerSpec): { system: System; seeds: readonly Tensor[]; copies: readonly string[] } {
  const read = new Set(system.equations.flatMap((e) => references(e.value).map((r) => tensorKey(r.tensor))));
  const copies = spec.outputs.filter((name) => read.has(tensorKey(tensor(name))));
  const copied = copies.flatMap((name): readonly { equation: Equation; declaration: Declaration }[] => {
    const declaration = system.declarations.get(tensorKey(tensor(name)));
    if (declaration === undefined) return [];
    const { axes, place } = declaration;
    const outside = tensor(`${name}_out`);
    const value = ref(tensor(name), axes.map((a: Axis) => index(a.index)));
    return [{ equation: { tensor: outside, axes, value, place, text: name }, declaration: { ...declaration, tensor: outside } }];
  });
  return {
    copies,
    seeds: spec.outputs.map((name) => tensor(copies.includes(name) ? `${name}_out` : name)),
    system: {
      ...system,
      equations: [...system.equations, ...copied.map((c) => c.equation)],
      declarations: new Map([...system.declarations, ...copied.map((c): [string, Declaration] => [tensorKey(c.declaration.tensor), c.declaration])]),
    },
  };
}

const definitionDraft = (equation: Equation): Draft => ({
  section: 'forward', role: 'definition', rule: 'definition', title: `Forward equation of ${tensorWords(equation.tensor)}`,
  left: { kind: 'expression', value: ref(equation.tensor, equation.axes.map((a) => index(a.index))) }, relation: ':=',
  right: [{ formula: { kind: 'expression', value: equation.value }, rule: 'definition' }],
  axes: equation.axes, layers: null, sources: [equation.place], remarks: [], verified: 'definition',
});

function stepsOf(equation: AdjointEquation, spec: LayerSpec, reverse: Backward, source: AdjointSource): readonly Draft[] {
  const { name } = equation.tensor;
  const isInput = spec.inputs.includes(name);
  const isParameter = spec.parameters.includes(name);
  const title = isParameter ? `The gradient by ${name}` : isInput ? `The adjoint of the input ${name}` : equation.role === 'signal' ? `The signal of ${name}` : `On the way: the adjoint of ${name}`;
  const written = reverse.writtenOut.includes(equation);
  const words = { section: 'layers', role: written ? 'intermediate' : 'result', title, layers: null } as const;
  if (equation.uses.length === 0) {
    const left = adjoint(equation.tensor, equation.axes.map((a) => index(a.index)));
    return [{
      ...words, rule: 'constant', left: { kind: 'expression', value: left }, relation: '=', axes: equation.axes, sources: [], verified: 'definition',
      right: [{ formula: { kind: 'expression', value: equation.value }, rule: 'constant' }], remarks: ['No output depends on it.'],
    }];
  }
  return [...localDrafts(equation, reverse, source, words), withCompactForm(adjointStep(equation, source, words), equation, equation.value, reverse, source)];
}
