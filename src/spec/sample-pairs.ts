// Tensors of pairs of samples, S[s, r], and others whose samples axis does not stand first: memory has one samples axis, in
// front, so such a tensor has no entries of its own. Its equation is written out wherever it is used.

import { type Affine, sameAffine } from '../algebra/affine.ts';
import { type Expression, tensorKey, zero } from '../algebra/expression.ts';
import { references, rewrite, substituteIndices } from '../algebra/traverse.ts';
import type { Report } from '../diagnostics/report.ts';
import type { LayerTensor } from './layer-spec.ts';
import type { Axis, Equation } from './network.ts';
import { isSamplesAxis, samplesSize } from './samples.ts';
import { LARGEST, sizeOf } from './expression-size.ts';

/** The first axis, if any, that depends on how many samples there are without being the samples axis in front; else -1. */
export const oddSamplesAxis = (axes: readonly Axis[]): number =>
  axes.findIndex((axis, n) => (n > 0 || !isSamplesAxis(axis)) && [axis.range.lo, axis.range.hi].some(dependsOnSamples));

const dependsOnSamples = (end: Affine): boolean => end.terms.some((t) => sameAffine({ terms: [{ ...t, coefficient: 1 }], constant: 0 }, samplesSize));

export interface WrittenOut {
  readonly equations: readonly Equation[];
  /** The tensors that are gone, by name. */
  readonly gone: ReadonlySet<string>;
  /** An expression in which they are written out too. */
  readonly without: (e: Expression) => Expression;
}

/**
 * The equations without the local tensors that have a samples axis elsewhere than in front. Those that hold integers or need
 * themselves stay as they are. Of an equation that becomes too large nothing is left but 0, which is reported.
 * @param equations in evaluation order
 * @param locals the tensors that only equations define
 */
export function writeOutPairs(equations: readonly Equation[], locals: readonly LayerTensor[], report: Report): WrittenOut {
  const wanted = new Set(locals.filter((t) => oddSamplesAxis(t.axes) >= 0 && t.integer === undefined).map((t) => t.name));
  const known = new Map<string, Equation>();
  const without = (e: Expression): Expression => rewrite(e, (x) => {
    const written = x.kind === 'ref' ? known.get(tensorKey(x.tensor)) : undefined;
    if (x.kind !== 'ref' || written === undefined) return null;
    return substituteIndices(written.value, new Map(written.axes.map((axis, n) => [axis.index, x.indices[n]!])));
  });
  const kept: Equation[] = [];
  for (const equation of wanted.size === 0 ? [] : equations) {
    const size = references(equation.value).reduce((sum, r) => sum + sizeOf(known.get(tensorKey(r.tensor))?.value ?? zero), sizeOf(equation.value));
    if (size > LARGEST) report.add('expression-too-large', equation.place, { most: LARGEST });
    const done = { ...equation, value: size > LARGEST ? zero : without(equation.value) };
    const needsItself = references(done.value).some((r) => wanted.has(r.tensor.name));
    if (wanted.has(equation.tensor.name) && !needsItself) known.set(tensorKey(equation.tensor), done);
    else kept.push(done);
  }
  return { equations: wanted.size === 0 ? equations : kept, gone: new Set([...known.values()].map((e) => e.tensor.name)), without };
}
