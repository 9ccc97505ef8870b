// Layer numbers with the letters of a convention: what the algebra calls k-1 and N is l-1 and L elsewhere.

import type { Layer } from '../algebra/layer.ts';
import type { Convention } from './convention.ts';

/** `l-1`, `L`, `3`; `print` writes the letter, which may be the name of a Greek one. */
export function layerNumberText({ symbol, offset }: Layer, { layer: mark }: Convention, print: (name: string) => string): string {
  if (symbol === null) return String(offset);
  const letter = print(symbol === 'k' ? mark.letter : mark.last);
  return offset === 0 ? letter : `${letter}${offset > 0 ? '+' : ''}${String(offset)}`;
}

/** The same between the brackets of the convention. */
export const layerMarkText = (layer: Layer, convention: Convention, print: (name: string) => string): string =>
  convention.layer.open + layerNumberText(layer, convention, print) + convention.layer.close;
