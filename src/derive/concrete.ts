// The derivation for one network as it stands: loss, last layer, activation derivatives, and every layer's formulas with
// its own activation function written out.

import { index } from '../algebra/affine.ts';
import { call, type Expression, type FunctionName, isNumber, ref, symbol, tensorKey } from '../algebra/expression.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { plain } from '../algebra/print.ts';
import { rewrite } from '../algebra/traverse.ts';
import type { Activation, Network, System } from '../spec/network.ts';
import { allSamples, E, oneSample } from '../spec/samples.ts';
import { type AdjointSource, adjointStep, type Draft, tensorWords, UnverifiedStepError, withCompactForm } from './adjoint-steps.ts';
import { asKnown } from './as-known.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import type { Formula } from './derivation.ts';
import { chainDrafts } from './chain-steps.ts';
import { indexEquations, inlineForward, settled } from './direct.ts';
import { inOrder } from './in-order.ts';
import { localDrafts } from './local-steps.ts';
import { backward, signalsOf } from './reverse.ts';
import { sampleSteps, shortStep } from './sample-steps.ts';
import { slotResolver } from './slots.ts';
import { type ActivationDerivative, throughOutput } from './through-output.ts';

export interface Concrete {
  readonly drafts: readonly Draft[];
  readonly backward: Backward;
}

/** @param full whether every layer's adjoints are derived step by step here, because no generic derivation did so. */
export function concreteDerivation(network: Network, full: boolean): Concrete {
  const system = oneSample(network);
  const reverse = backward(system, signalsOf(network));
  const named = new Set(reverse.equations.map((e) => tensorKey(e.tensor)));
  const source: AdjointSource = { lookup: indexEquations(system), named, total: E };
  return {
    backward: reverse,
    drafts: [
      ...(full ? [...forwardDrafts(network.system), ...topChains(network)] : []),
      ...lossDrafts(network),
      ...activationDrafts(system),
      ...outputDrafts(network, reverse, source, full),
      ...layerDrafts(system, reverse, source, full),
      ...(full && network.coupled === undefined ? sampleSteps(allSamples(network), signalsOf(network), [], () => true) : []),
    ],
  };
}

function definitionDraft(system: System, at: number, section: Draft['section'], title: string): Draft[] {
  const equation = system.equations[at];
  return equation === undefined ? [] : [{
    section, role: 'definition', rule: 'definition', title,
    left: { kind: 'expression', value: ref(equation.tensor, equation.axes.map((a) => index(a.index))) }, relation: ':=',
    right: [{ formula: { kind: 'expression', value: equation.value }, rule: 'definition' }],
    axes: equation.axes, layers: null, sources: [equation.place], remarks: [], verified: 'definition',
  }];
}

const forwardDrafts = (system: System): readonly Draft[] =>
  system.equations.flatMap((equation, n) => (equation.tensor.layer === null ? [] : definitionDraft(system, n, 'forward', `Forward equation of ${tensorWords(equation.tensor)}`)));

/** The chains to the parameters of the last two layers that have any. */
function topChains({ system, outputs }: Network): readonly Draft[] {
  const [output] = outputs;
  const [upper, lower] = system.instances.filter((i) => i.parameters.length > 0).reverse();
  return output === undefined || upper === undefined ? [] : chainDrafts(system, output, upper.parameters, lower?.parameters ?? []);
}

const MEAN_OF_LOSSES = 'For several samples E is the mean of their losses:';
/** Where the program has the 1/m of a mean. */
export const EACH_DIVIDED = 'each sample\'s adjoints are divided by the number of samples.';

/** The loss of one sample, and how samples add up. */
function lossDrafts(network: Network): readonly Draft[] {
  const { system } = network;
  const own = system.equations.flatMap((equation, n) =>
    (equation.tensor.layer === null ? definitionDraft(system, n, 'loss', tensorKey(equation.tensor) === tensorKey(network.loss) ? `The loss of one sample: ${tensorWords(equation.tensor)}` : `On the way to the loss: ${tensorWords(equation.tensor)}`) : []));
  const one = oneSample(network);
  const penalties = isNumber(network.penalty, 0) ? '' : ' The penalties on parameters are added once, whatever the number of samples.';
  const mean = network.coupled !== undefined ? ['The samples meet in the equations: no sample has a loss of its own.'] : network.reduction === 'mean'
    ? [`${MEAN_OF_LOSSES} ${EACH_DIVIDED}${penalties}`]
    : [`For several samples E is the sum of their losses.${penalties}`];
  return [...own, ...definitionDraft(one, one.equations.length - 1, 'loss', network.coupled === undefined ? 'E, for one sample' : 'E, for all samples').map((d) => ({ ...d, sources: network.penalties.map((p) => p.place), remarks: mean }))];
}

/** Each distinct activation function: its derivative, and the same through its output where that was found. */
function activationDrafts(system: System): readonly Draft[] {
  const groups = new Map<string, { activation: Activation; slots: FunctionName[] }>();
  for (const instance of system.instances) {
    for (const [key, activation] of instance.slots) {
      const writing = `${activation.name} ${plain(activation.body)}`;
      const group = groups.get(writing) ?? { activation, slots: [] };
      group.slots.push({ kind: 'slot', name: key.slice(0, key.lastIndexOf('@')), layer: instance.layer, order: 0 });
      groups.set(writing, group);
    }
  }
  return [...groups.values()].flatMap(({ activation, slots }): Draft[] => {
    const [slot] = slots;
    if (slot?.kind !== 'slot') return [];
    const a = symbol(activation.argument);
    const found = throughOutput(activation);
    const { derivative, through } = found;
    const layers = slots.map((s) => (s.kind === 'slot' && s.layer !== null ? String(s.layer.offset) : '')).join(', ');
    if (through !== null && provablyEqual(putOutput(through, found, activation), derivative) !== 'equal') {
      throw new UnverifiedStepError(`the derivative of ${activation.name} through its output is not proved`);
    }
    const left = (order: number): Formula => ({ kind: 'expression', value: call({ ...slot, order }, a) });
    const shared = { section: 'activations', axes: [], layers: null, sources: [activation.place] } as const;
    return [
      {
        ...shared, role: 'definition', rule: 'definition',
        title: `The activation function of layer${slots.length === 1 ? '' : 's'} ${layers}: ${activation.name}`,
        left: left(0), relation: ':=',
        right: [{ formula: { kind: 'expression', value: activation.body }, rule: 'definition' }],
        remarks: [], verified: 'definition',
      },
      {
        ...shared, role: 'result', rule: through === null ? 'differentiation' : 'through-output',
        title: `The derivative of ${activation.name}`,
        left: left(1), relation: '=',
        right: [
          { formula: { kind: 'expression', value: derivative }, rule: 'differentiation' },
          ...(through === null ? [] : [{ formula: { kind: 'expression', value: through } as const, rule: 'through-output' }]),
        ],
        remarks: through === null ? [] : [`\`${found.output} = ${slot.name}(${activation.argument})\` is the output, which is known after the forward pass.`],
        verified: 'normal-form',
      },
    ];
  });
}

const putOutput = (through: Expression, { output }: ActivationDerivative, { body }: Activation): Expression =>
  rewrite(through, (e) => (e.kind === 'symbol' && e.name === output && e.layer === null ? body : null));

/** ∂E/∂y from the loss, where no step of the layers derives it. */
function outputDrafts(network: Network, reverse: Backward, source: AdjointSource, full: boolean): readonly Draft[] {
  if (full) return [];
  const outputs = new Set(network.outputs.map(tensorKey));
  return reverse.writtenOut.filter((e) => outputs.has(tensorKey(e.tensor))).map((equation) =>
    adjointStep(equation, source, { section: 'ends', role: 'intermediate', title: `From the loss: the adjoint of the output ${tensorWords(equation.tensor)}`, layers: null }));
}

function layerDrafts(system: System, reverse: Backward, source: AdjointSource, full: boolean): readonly Draft[] {
  const resolve = slotResolver(system);
  const shown = full ? inOrder(reverse, E) : reverse.equations;
  return shown.flatMap((equation): readonly Draft[] => {
    const role = equation.role === 'intermediate' ? 'intermediate' : 'result';
    const title = `${equation.role === 'parameter' ? 'The gradient by' : equation.role === 'signal' ? 'The signal of' : 'On the way: the adjoint of'} ${tensorWords(equation.tensor)}`;
    const base = full ? adjointStep(equation, source, { section: 'layers', role, title, layers: null }) : shortStep(equation, source, title);
    const spelled = resolve(equation.value, true);
    const known = asKnown(spelled);
    const right = [
      ...base.right,
      ...(plain(spelled) === plain(equation.value) ? [] : [{ formula: { kind: 'expression', value: spelled } as const, rule: 'activation' }]),
      ...(known === spelled ? [] : [{ formula: { kind: 'expression', value: known } as const, rule: 'simplification' }]),
    ];
    const local = full ? localDrafts(equation, reverse, source, { section: 'layers', role, title, layers: null }) : [];
    const compacted = (draft: Draft): readonly Draft[] => [...local, withCompactForm(draft, equation, known, reverse, source)];
    if (right.length === base.right.length) return compacted(base);
    // The simplification carries its own proof (asKnown).
    const agrees = agreesInArguments(system, equation, spelled, source);
    return compacted({ ...base, rule: right.at(-1)?.rule ?? base.rule, right, verified: agrees === 'proved' ? base.verified : 'confirmed' });
  });
}

/** The spelled-out formula against the derivative put in directly, both in the functions' arguments: no output is trusted. */
export function agreesInArguments(system: System, equation: AdjointEquation, spelled: Expression, source: AdjointSource): 'proved' | 'confirmed' {
  const resolve = slotResolver(system);
  const outputs = new Set(system.equations.filter((e) => e.value.kind === 'call' && e.value.fn.kind === 'slot').map((e) => tensorKey(e.tensor)));
  const opened = (e: Expression): Expression => resolve(inlineForward(e, source.lookup, outputs, new Set(equation.axes.map((a) => a.index))), false);
  const agrees = settled(source.lookup, equation.tensor, equation.axes, opened(equation.value), opened(spelled));
  if (agrees === null) throw new UnverifiedStepError(`the formula for ${tensorWords(equation.tensor)} with its activation functions written out is wrong`);
  return agrees;
}
