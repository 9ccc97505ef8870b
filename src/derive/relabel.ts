// Shifting all layer numbers of an expression.

import { type Affine, fromSymbol } from '../algebra/affine.ts';
import { call, type Expression, symbol, tensor } from '../algebra/expression.ts';
import { type Layer, shiftLayer } from '../algebra/layer.ts';
import { mapChildren, substituteSymbols } from '../algebra/traverse.ts';

/** Adds `by` to every numeric layer; tensors, sizes, slots and symbols without a layer stay. */
export function shiftLayers(e: Expression, by: number): Expression {
  const shifted = (layer: Layer | null): Layer | null => (layer?.symbol === null ? shiftLayer(layer, by) : layer);
  const sized = substituteSymbols(e, (s): Affine | null => (s.kind === 'size' ? fromSymbol({ ...s, layer: shifted(s.layer) }) : null));
  const walk = (x: Expression): Expression => {
    if (x.kind === 'ref') return { ...x, tensor: tensor(x.tensor.name, shifted(x.tensor.layer)) };
    if (x.kind === 'symbol') return symbol(x.name, shifted(x.layer));
    if (x.kind === 'call' && x.fn.kind === 'slot') return call({ ...x.fn, layer: shifted(x.fn.layer) }, walk(x.argument));
    return mapChildren(x, walk);
  };
  return walk(sized);
}
