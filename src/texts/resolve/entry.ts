// Tensors and their entries as values: how a whole one lies, and which axes are left open.

import { type Affine, integer } from '../../algebra/affine.ts';
import { adjoint, type Expression, ref } from '../../algebra/expression.ts';
import { isParameter } from '../../notation/orientation.ts';
import { isSamplesAxis, samplesSize } from '../../spec/samples.ts';
import type { Axis, Declaration } from '../../spec/network.ts';
import { refuse } from '../problem.ts';
import type { Env } from './env.ts';
import { choosing, indexOf, type IndexValue, itemsOf, noteUse } from './indices.ts';
import { type Meaning, type Named, shownName } from './meaning.ts';
import { axisExtent, one, type Value } from './value.ts';

type TensorMeaning = Extract<Meaning, { kind: 'tensor' }>;

/** Without what stands above. */
export function tensorValue(meaning: TensorMeaning, named: Named, env: Env): Value {
  const { declared, below } = meaning;
  const axes = axesOf(declared, below.length, env);
  const lifted = isOneOfSamples(declared) && (env.reading.context.samples ?? 'entries') === 'entries' ? [axes.length + 1] : [];
  const items = itemsOf(below, [axes.length, ...lifted], env) ?? leading(below, axes.length, env);
  if (items === null) return refuse('wrong-subscripts', named, { text: shownName(named), count: below.length, axes: declared.axes.map((a) => a.index) });
  const all = items.length > axes.length ? [samplesAxis, ...axes] : axes;
  const values = items.map((item, n): IndexValue | null => {
    if (item.kind === 'colon') return null;
    const value = indexOf(item, env);
    noteUse(value, all[n]?.range ?? null);
    return value;
  });
  const open = all.flatMap((axis, n) => ((values[n] ?? null) === null ? [{ axis, n }] : []));
  const chosen = values.flatMap((v) => v?.chosen ?? []);
  const entry = (indices: readonly Affine[]): Expression => {
    const full = all.map((_, n) => values[n]?.affine ?? indices[open.findIndex((o) => o.n === n)] ?? integer(1));
    return choosing((meaning.adjoint ? adjoint : ref)(declared.tensor, full), chosen);
  };
  return laidOut(open.map((o) => o.axis), entry, meaning, named, env);
}

export const samplesAxis: Axis = { index: 's', range: { lo: integer(1), hi: samplesSize } };

/** Whether each sample has its own, and the declaration is of one of them. */
const isOneOfSamples = (d: Declaration): boolean => d.perSample && !isSamplesAxis(d.axes[0]);

/** With the samples in front where the formula speaks of all of them. */
function axesOf(declared: Declaration, written: number, { reading: { context }, rank }: Env): readonly Axis[] {
  if (!isOneOfSamples(declared)) return declared.axes;
  const isLifted = context.samples === 'all' || (context.samples !== 'none' && written === 0 && rank === declared.axes.length + 1);
  return isLifted ? [samplesAxis, ...declared.axes] : declared.axes;
}

/** Fewer indices than axes: the first axes are held fast, or those beside a colon. */
function leading(below: Named['below'], count: number, env: Env): Named['below'] | null {
  for (let fewer = count - 1; fewer >= 1; fewer -= 1) {
    const items = itemsOf(below, [fewer], env);
    if (items !== null) return items;
  }
  return below.length === 0 ? [] : null;
}

function laidOut(open: readonly Axis[], entry: (indices: readonly Affine[]) => Expression, meaning: TensorMeaning, named: Named, env: Env): Value {
  const extents = open.map((a) => axisExtent(a.range));
  if (env.rank !== null) return { dims: extents, at: entry, whole: { axes: open, point: (indices) => indices } };
  const [first, second] = extents;
  if (first === undefined) return { dims: [one, one], at: () => entry([]), whole: { axes: [], point: () => [integer(1), integer(1)] } };
  if (open.length > 2) return refuse('no-shape', named, { what: shownName(named), shape: `an array with ${String(open.length)} axes`, wanted: 'a matrix or a vector' });
  const turned = isAcross(open, meaning, env);
  const straight = second === undefined ? [first, one] : [first, second];
  return {
    dims: turned ? [...straight].reverse() : straight,
    at: (point) => entry(turned ? [...point].reverse() : point),
    whole: { axes: open, point: (indices) => ((p) => (turned ? p.reverse() : p))([indices[0] ?? integer(1), indices[1] ?? integer(1)]) },
  };
}

/** Whether the first open axis lies across, as the layout has it. */
function isAcross(open: readonly Axis[], { adjoint: isAdjoint, declared }: TensorMeaning, { reading: { context: { layout } } }: Env): boolean {
  const sample = open.findIndex((a) => isSamplesAxis(a));
  const forward = sample >= 0 && layout.samples !== 'sum'
    ? (sample === 0) === (layout.samples === 'columns') : open.length === 1 && layout.vectors === 'rows';
  return isAdjoint && isTurned(declared, layout.derivatives) ? !forward : forward;
}

function isTurned(declared: Declaration, derivatives: 'numerator' | 'denominator' | 'mixed'): boolean {
  switch (derivatives) {
    case 'denominator': return false;
    case 'numerator': return true;
    case 'mixed': return !isParameter(declared);
  }
}
