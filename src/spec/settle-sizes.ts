// The values of a layer's sizes in its network: given, or following from ports and from other sizes; and whether they agree.

import { type Affine, integer, symbolKey } from '../algebra/affine.ts';
import { layerNumber } from '../algebra/layer.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { type DerivedSize, sizeFormula } from './derived-size.ts';
import type { Instantiated } from './instantiate.ts';
import type { LayerSpec } from './layer-spec.ts';
import { mismatch, type SameExtent } from './port-sizes.ts';
import { namesIn } from './range.ts';
import { sizeValue, solveOne } from './sizes.ts';

export interface SizeState {
  readonly report: Report;
  /** Values by symbolKey; NaN where a value was wrong, which has been reported. */
  readonly sizes: Map<string, number>;
  readonly equalities: { left: Affine; right: Affine }[];
}

type Bound = Omit<Instantiated, 'instance'>;

/** Finds the sizes that follow, asks for those that are missing, and checks that extents which meet are equal. */
export function settleSizes(spec: LayerSpec, n: number | null, done: Bound, place: Place, state: SizeState): void {
  const { sizes, report } = state;
  const solve = (): void => {
    for (const { left, right } of done.sameExtents) {
      const solved = solveOne(left, right, sizes);
      if (solved !== null) sizes.set(symbolKey(solved.symbol), solved.value);
    }
  };
  solve();
  for (const derived of spec.derived) {
    settleDerived(spec, derived, done, place, state);
    solve();
  }
  const derived = new Set(spec.derived.map((d) => d.name));
  const unknown = spec.sizes.filter((name) => {
    const own = done.ownSizes.get(name);
    return own !== undefined && sizeValue(own, sizes) === null;
  });
  const missing = unknown.filter((name) => !derived.has(name));
  if (missing.length > 0) report.add('missing-size', place, { layer: spec.name, names: missing });
  for (const name of unknown) sizes.set(symbolKey({ kind: 'size', name, layer: n === null ? null : layerNumber(n) }), NaN);
  for (const extent of done.sameExtents) checkExtent(spec, extent, place, state);
  for (const { name, value, follows } of done.givenTwice) {
    const known = sizeValue(follows, sizes);
    if (known !== null && known !== value && !Number.isNaN(known + value)) report.add('size-conflict', place, { name, given: value, follows: known });
  }
}

function settleDerived(spec: LayerSpec, derived: DerivedSize, done: Bound, place: Place, { sizes, report }: SizeState): void {
  const own = done.ownSizes.get(derived.name);
  if (own === undefined) return;
  const valueOf = (name: string): number | null => {
    const size = done.ownSizes.get(name);
    return spec.integers.get(name)?.value ?? (size === undefined ? null : sizeValue(size, sizes));
  };
  const operands = [...new Set(namesIn(derived.syntax))].map((name) => ({ name, value: valueOf(name) }));
  const value = operands.some((o) => o.value === null || Number.isNaN(o.value)) ? NaN : sizeFormula(derived.syntax, valueOf);
  const words = { name: derived.name, layer: spec.name, formula: derived.text, numbers: operands.map((o) => `${o.name} = ${String(o.value)}`).join(', ') };
  if (value === null) report.add('size-without-value', place, words);
  else if (value < 1) report.add('size-too-small', place, { ...words, value });
  const usable = value === null || value < 1 ? NaN : value;
  const known = sizeValue(own, sizes);
  if (known === null) {
    const [term] = own.terms;
    const solved = Number.isNaN(usable) && term !== undefined ? { symbol: term.symbol, value: NaN } : solveOne(own, integer(usable), sizes);
    if (solved !== null) sizes.set(symbolKey(solved.symbol), solved.value);
  } else if (known !== usable && !Number.isNaN(known + usable)) {
    report.add('size-conflict', place, { name: derived.name, given: known, follows: usable });
  }
}

function checkExtent(spec: LayerSpec, extent: SameExtent, place: Place, state: SizeState): void {
  const left = sizeValue(extent.left, state.sizes);
  const right = sizeValue(extent.right, state.sizes);
  if (left === null || right === null || Number.isNaN(left + right)) return;
  if (left === right) state.equalities.push({ left: extent.left, right: extent.right });
  else {
    const problem = mismatch(spec, extent, place);
    const of = extent.of === 'shape' ? `${left} and ${right} entries` : `${left} and ${right}`;
    state.report.include([{ ...problem, message: `${problem.message} (${of})` }]);
  }
}
