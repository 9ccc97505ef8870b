// A derivation as a document: its sections in order, each step with its vector forms. What all writers of it share.

import type { Derivation, SectionId, Step } from '../derive/derivation.ts';
import { plainIndex } from '../algebra/affine.ts';
import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import { withMarks } from './chain-marks.ts';
import type { NotationOptions } from '../notation/notation.ts';
import { isClear } from '../notation/vector-clear.ts';
import { type VectorForm, vectorForm, type VectorStyle } from '../notation/vector.ts';

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
    else sections.push({ id: step.section, title: titles[step.section], steps: [step] });
  }
  return sections.map((s) => (s.id === 'chains' ? { ...s, title: chainsTitle(s.steps), steps: withMarks(s.steps) } : s));
}

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

/** The vector form of what a step gives for an entry T[i,j] or ∂E/∂T[i,j], where there is one. */
export function vectorOf(step: Step, derivation: Derivation, style: VectorStyle): VectorForm | null {
  const result = step.right.at(-1)?.formula;
  const left = step.left.kind === 'expression' ? step.left.value
    : step.left.kind === 'partial' && step.left.of === null ? step.left.by : null;
  if (result?.kind !== 'expression' || left?.kind !== 'ref') return null;
  // Of numbers alone there is nothing to arrange.
  if ([left, ...references(result.value)].every((r) => r.indices.length === 0)) return null;
  const axes = left.indices.map((a) => step.axes.find((axis) => axis.index === plainIndex(a)));
  const known = axes.filter((a) => a !== undefined);
  if (known.length !== axes.length) return null;
  const isAdjoint = left.adjoint || step.left.kind === 'partial';
  const form = vectorForm(
    { tensor: left.tensor, adjoint: isAdjoint, axes: known, value: result.value }, style, derivation.system.declarations);
  return form !== null && isClear(form, result.value) ? form : null;
}

export interface NamedVector {
  readonly layout: 'in vectors' | 'in columns' | 'in rows';
  readonly form: VectorForm;
}

/**
 * Whether a step has derivatives by variables that are matrices themselves (a row for each time): as rows they would be
 * transposed, which nobody writes.
 */
function hasTurnedRows(step: Step, { system }: Derivation): boolean {
  const sides = [step.left, step.right.at(-1)?.formula].flatMap((f) => (f?.kind === 'expression' ? references(f.value) : []));
  const isParameter = (t: Tensor): boolean => {
    const declared = system.declarations.get(tensorKey(t)) ?? [...system.declarations.values()].find((d) => d.tensor.name === t.name);
    return declared === undefined || declared.role === 'parameter';
  };
  return [...sides, ...(step.left.kind === 'partial' && step.left.by.kind === 'ref' ? [{ ...step.left.by, adjoint: true }] : [])]
    .some((r) => r.adjoint && r.indices.length === 2 && !isParameter(r.tensor));
}

/** The vector forms of a step, each with its layout; one where both layouts give the same. */
export function vectorsOf(step: Step, derivation: Derivation): readonly NamedVector[] {
  const odot = vectorOf(step, derivation, 'odot');
  const inRows = vectorOf(step, derivation, 'diag');
  const diag = inRows !== null && odot !== null && hasTurnedRows(step, derivation) ? null : inRows;
  const written = (form: VectorForm): string => JSON.stringify([form.left, form.right], withoutBigInts);
  if (odot !== null && diag !== null && written(odot) === written(diag)) return [{ layout: 'in vectors', form: diag }];
  return [
    ...(odot === null ? [] : [{ layout: 'in columns' as const, form: odot }]),
    ...(diag === null ? [] : [{ layout: 'in rows' as const, form: diag }]),
  ];
}

/** What the two layouts mean, said once where any step has them; formulas between backticks. */
export function layoutsOf(derivation: Derivation): string | null {
  const steps = sectionsOf(derivation).flatMap((s) => (s.id === 'summary' ? [] : s.steps));
  return steps.some((s) => vectorsOf(s, derivation).some((v) => v.layout !== 'in vectors'))
    ? 'In columns: a derivative has the shape of what it is taken by. In rows: `∂E/∂v` of a column `v` is a row, and `∂E/∂W` has the shape of `Wᵀ`.'
    : null;
}

/** The signals, each symbol once, as `write` has it: δ = ∂E/∂a. */
export const signalsIn = (derivation: Derivation, write: (t: Tensor, options: NotationOptions) => string): readonly string[] =>
  [...new Set(derivation.signals.map((t) => write(t, notationFor(derivation))))];

const withoutBigInts = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

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
