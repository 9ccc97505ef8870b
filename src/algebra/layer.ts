// Layer numbers: 3, k, k-1, N, N-1. Tensors, sizes and activation functions carry one where they belong to a layer.

/** A layer number: `offset` alone when `symbol` is null, else `symbol + offset` (k-1 is {symbol: 'k', offset: -1}). */
export interface Layer {
  readonly symbol: 'k' | 'N' | null;
  readonly offset: number;
}

export const layerNumber = (n: number): Layer => ({ symbol: null, offset: n });
export const layerK = (offset = 0): Layer => ({ symbol: 'k', offset });
export const layerN = (offset = 0): Layer => ({ symbol: 'N', offset });

export const shiftLayer = (layer: Layer, by: number): Layer => ({ ...layer, offset: layer.offset + by });

export const sameLayer = (a: Layer | null, b: Layer | null): boolean =>
  a === b || (a !== null && b !== null && a.symbol === b.symbol && a.offset === b.offset);

/** `3`, `k`, `k-1`, `N`; empty for a tensor that belongs to no layer. */
export function showLayer(layer: Layer | null): string {
  if (layer === null) return '';
  if (layer.symbol === null) return String(layer.offset);
  if (layer.offset === 0) return layer.symbol;
  return layer.offset > 0 ? `${layer.symbol}+${String(layer.offset)}` : `${layer.symbol}${String(layer.offset)}`;
}
