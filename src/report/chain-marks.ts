// What the chains of neighbouring layers have in common is marked in both of them, so that the eye finds it.

import { tensorKey } from '../algebra/expression.ts';
import type { ChainFactor, Formula, Step } from '../derive/derivation.ts';

const keyOf = (f: ChainFactor): string => `${f.of === null ? 'E' : tensorKey(f.of)}/${tensorKey(f.by)}`;

const chainsIn = (step: Step): readonly (readonly ChainFactor[])[] =>
  step.right.flatMap((r) => (r.formula.kind === 'chain' ? r.formula.paths : []));

/** The steps with every factor marked that a chain of the layer below takes over. */
export function withMarks(steps: readonly Step[]): readonly Step[] {
  const taken = new Set(steps.flatMap(chainsIn).flat().filter((f) => f.shared).map(keyOf));
  const marked = (formula: Formula): Formula => (formula.kind !== 'chain' ? formula
    : { ...formula, paths: formula.paths.map((path) => path.map((f) => ({ ...f, shared: f.shared || taken.has(keyOf(f)) }))) });
  return steps.map((step) => ({ ...step, right: step.right.map((r) => ({ ...r, formula: marked(r.formula) })) }));
}
