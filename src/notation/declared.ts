// The declaration of a tensor of any layer: its own, or that of a namesake with the layer numbers of its sizes moved along.

import { type Affine, fromSymbol, type Range, substituteAffine } from '../algebra/affine.ts';
import { type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, sameLayer } from '../algebra/layer.ts';
import type { Declaration } from '../spec/network.ts';

export type Declarations = ReadonlyMap<string, Declaration> | null;

/** Its own declaration, or for layer k or N that of a tensor of its name, in sizes of that layer. */
export function declaredAs(of: Tensor, declarations: Declarations): Declaration | undefined {
  const own = declarations?.get(tensorKey(of));
  if (own !== undefined || declarations === null || (of.layer?.symbol ?? null) === null) return own;
  return declarationFor(of, [...declarations.values()].filter((d) => d.tensor.name === of.name)) ?? undefined;
}

/** Null where no tensor of the name has a layer, or has none, as this one. */
export function declarationFor(of: Tensor, namesakes: readonly Declaration[]): Declaration | null {
  const own = namesakes.find((d) => sameLayer(d.tensor.layer, of.layer));
  if (own !== undefined || of.layer === null) return own ?? null;
  // Of a network's own layers each has its own tensors.
  if (of.layer.symbol === null && namesakes.some((d) => d.tensor.layer?.symbol === null)) return null;
  const { layer } = of;
  // The first layer reads the input, whose sizes belong to no layer: the last namesake stands for all.
  const model = namesakes.filter((d) => d.tensor.layer !== null).reduce<Declaration | null>((best, d) => (best === null || fits(d, layer) > fits(best, layer) ? d : best), null);
  return model === null ? null : declaredIn(model, layer);
}

const fits = (d: Declaration, layer: Layer): number => (d.tensor.layer?.symbol === layer.symbol ? 1000 : 0) + (d.tensor.layer?.offset ?? 0);

/** The same of another layer. */
export function declaredIn(model: Declaration, to: Layer): Declaration {
  const from = model.tensor.layer;
  const shift = (a: Affine): Affine => substituteAffine(a, (s) => {
    if (s.kind !== 'size' || s.layer === null || s.layer.symbol !== from?.symbol) return null;
    return fromSymbol({ ...s, layer: { symbol: to.symbol, offset: to.offset + s.layer.offset - from.offset } });
  });
  const range = ({ lo, hi }: Range): Range => ({ lo: shift(lo), hi: shift(hi) });
  return {
    ...model, tensor: tensor(model.tensor.name, to), axes: model.axes.map((a) => ({ ...a, range: range(a.range) })),
    ...(model.integer === undefined ? {} : { integer: range(model.integer) }),
  };
}
