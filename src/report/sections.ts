// A derivation as a document: its sections in order, how it is written, and what is said below a step. What all writers of it share.

import type { Derivation, SectionId, Step } from '../derive/derivation.ts';
import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { withMarks } from './chain-marks.ts';
import type { NotationOptions } from '../notation/notation.ts';

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  readonly steps: readonly Step[];
}

const titles: Readonly<Record<SectionId, string>> = {
  forward: 'Forward formulas',
  loss: 'Loss',
  chains: 'Chains',
  signal: 'The signal',
  gradients: 'Gradients',
  recursion: 'The recursion',
  ends: 'The ends',
  samples: 'Samples',
  activations: 'Activation derivatives',
  layers: 'The layers of this network',
  summary: 'Summary',
};

/** Consecutive steps of one section, in the order of the derivation. */
export function sectionsOf(derivation: Derivation): readonly Section[] {
  const sections: { id: SectionId; title: string; steps: Step[] }[] = [];
  for (const step of derivation.steps) {
    const last = sections.at(-1);
    if (last?.id === step.section) last.steps.push(step);
    else sections.push({ id: step.section, title: titleOf(step.section, derivation), steps: [step] });
  }
  return sections.map((s) => (s.id === 'chains' ? { ...s, title: chainsTitle(s.steps), steps: withMarks(s.steps) } : s));
}

/** What is derived by itself, a layer or a loss, belongs to no network. */
const titleOf = (id: SectionId, { backward }: Derivation): string => (id === 'layers' && backward === null ? 'Backwards' : titles[id]);

/** The chains of layer N and of the one below it, or those of a network's own layers, which the steps name. */
function chainsTitle(steps: readonly Step[]): string {
  const ends = steps.flatMap((s) => s.right).flatMap((r) => (r.formula.kind === 'chain' ? r.formula.paths : [])).map((path) => path.at(-1)?.by.layer ?? null);
  return ends.every((layer) => layer !== null && layer.symbol !== null) ? 'Layer N and layer N-1 as chains' : titles.chains;
}

const notations = new WeakMap<Derivation, NotationOptions>();

/** How a derivation is written: signals that no layer declares as pre-activations are adjoints of outputs. */
export function notationFor(derivation: Derivation): NotationOptions {
  let options = notations.get(derivation);
  if (options === undefined) {
    // A layer without a pre-activation carries the adjoint of its output.
    const declared = new Set(derivation.system.instances.flatMap((i) => {
      const outputs = new Set([...i.outputs.values()].map(tensorKey));
      return i.preActivations.filter((t) => !outputs.has(tensorKey(t))).flatMap((t) => [t.name, tensorKey(t)]);
    }));
    const isPreActivation = (t: Tensor): boolean => declared.has((t.layer?.symbol ?? null) === null ? tensorKey(t) : t.name);
    const outputs = derivation.signal === 'a' && declared.size > 0 ? derivation.signals.filter((t) => !isPreActivation(t)) : [];
    options = { signals: derivation.signals.filter((t) => !outputs.includes(t)), signal: derivation.signal, outputs, system: derivation.system };
    notations.set(derivation, options);
  }
  return options;
}

/** The signals, each symbol once, as `write` has it: δ = ∂E/∂a. */
export const signalsIn = (derivation: Derivation, options: NotationOptions, write: (t: Tensor, options: NotationOptions) => string): readonly string[] =>
  [...new Set(derivation.signals.map((t) => write(t, options)))];

/** How a step was verified, where that says more than the step itself: definitions and counts do not. */
const verifiedBy: Readonly<Record<Step['verified'], string | null>> = {
  'normal-form': 'both sides have the same normal form',
  'direct-differentiation': 'agrees with direct differentiation',
  definition: null,
  counted: null,
  confirmed: 'not proved; agrees with direct differentiation at many random points',
};

/** `specs/layers/dense.yaml:9`, each place once. */
const sourcesOf = (step: Step): readonly string[] =>
  [...new Set(step.sources.map((p) => `${p.file}:${String(p.line)}`))];

/** The line below a step: where it comes from, and how it was verified; empty where neither is to be said. */
export function evidenceOf(step: Step, write: (source: string) => string = (source) => source): readonly string[] {
  const words = verifiedBy[step.verified];
  return [...sourcesOf(step).map(write), ...(words === null ? [] : [words])];
}
