// Formulas about layer k said of another layer: k-1 for k.

import { type Affine, fromSymbol, substituteAffine } from '../algebra/affine.ts';
import type { Expression, Reference, Tensor } from '../algebra/expression.ts';
import { symbol } from '../algebra/expression.ts';
import { type Layer, shiftLayer } from '../algebra/layer.ts';
import { references, substituteSymbols } from '../algebra/traverse.ts';
import type { Formula } from '../derive/derivation.ts';
import type { Axis } from '../spec/network.ts';
import { throughout } from './throughout.ts';

export function movedExpression(e: Expression, by: number): Expression {
  const named = throughout(e, {
    entry: (x) => ({ ...x, tensor: movedTensor(x.tensor, by) }),
    symbol: (x) => symbol(x.name, movedLayer(x.layer, by)),
    slot: (fn) => ({ ...fn, layer: movedLayer(fn.layer, by) }),
  });
  return substituteSymbols(named, (s) => (s.kind === 'size' ? fromSymbol({ ...s, layer: movedLayer(s.layer, by) }) : null));
}

export function movedFormula(f: Formula, by: number): Formula {
  const entry = (e: Reference): Reference => ({
    ...e, tensor: movedTensor(e.tensor, by), indices: e.indices.map((a) => movedAffine(a, by)),
  });
  switch (f.kind) {
    case 'expression': return { ...f, value: movedExpression(f.value, by) };
    case 'partial': return { ...f, of: f.of === null ? null : movedExpression(f.of, by), by: movedExpression(f.by, by) };
    case 'chain': return {
      ...f, paths: f.paths.map((path) => path.map((link) => ({ ...link, of: link.of === null ? null : movedTensor(link.of, by), by: movedTensor(link.by, by) }))),
    };
    case 'chain-rule': return {
      ...f, terms: f.terms.map((t) => ({ axes: t.axes.map((a) => movedAxis(a, by)), factors: t.factors.map((x) => ({ of: x.of === null ? null : entry(x.of), by: entry(x.by) })) })),
    };
    case 'multiple': return { ...f, factor: movedExpression(f.factor, by), of: movedFormula(f.of, by) };
  }
}

export const movedAxis = (axis: Axis, by: number): Axis => ({ ...axis, range: { lo: movedAffine(axis.range.lo, by), hi: movedAffine(axis.range.hi, by) } });

/** How far above layer k the tensors of a formula reach; null where none is of layer k. */
export function topOf(f: Formula): number | null {
  const offsets = tensorsIn(f).flatMap((t) => (t.layer?.symbol === 'k' ? [t.layer.offset] : []));
  return offsets.length === 0 ? null : Math.max(...offsets);
}

function tensorsIn(f: Formula): readonly Tensor[] {
  const of = (e: Expression | null): readonly Tensor[] => (e === null ? [] : references(e).map((r) => r.tensor));
  switch (f.kind) {
    case 'expression': return of(f.value);
    case 'partial': return [...of(f.of), ...of(f.by)];
    case 'chain': return f.paths.flat().flatMap((link) => [...(link.of === null ? [] : [link.of]), link.by]);
    case 'chain-rule': return f.terms.flatMap((t) => t.factors.flatMap((x) => [...of(x.of), ...of(x.by)]));
    case 'multiple': return [...of(f.factor), ...tensorsIn(f.of)];
  }
}

const movedLayer = (layer: Layer | null, by: number): Layer | null => (layer?.symbol === 'k' ? shiftLayer(layer, by) : layer);
const movedTensor = (t: Tensor, by: number): Tensor => ({ ...t, layer: movedLayer(t.layer, by) });
const movedAffine = (a: Affine, by: number): Affine =>
  substituteAffine(a, (s) => (s.kind === 'size' ? fromSymbol({ ...s, layer: movedLayer(s.layer, by) }) : null));
