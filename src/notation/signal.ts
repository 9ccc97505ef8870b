// What the symbol of a signal stands for, without a layer: δ = ∂E/∂a.

import type { Tensor } from '../algebra/expression.ts';
import { type Box, type Letter, letterOf } from './box.ts';
import type { Notation } from './notation.ts';
import { derivativeBox, isNumbered, partialBox } from './symbols.ts';
import { product, typeset } from './typeset.ts';

/** `symbol` is null where ∂E/∂a is written as it is. */
export interface SignalBoxes {
  readonly symbol: Box | null;
  readonly meaning: Box;
}

export function signalBoxes(tensor: Tensor, notation: Notation): SignalBoxes {
  const whole = notation.rankOf(tensor) !== 0;
  const letter = (name: string): Letter => ({ ...letterOf(name), whole, numbered: isNumbered(name, notation) });
  const name = notation.symbolOf(tensor);
  const written = derivativeBox(letter(tensor.name), notation);
  const symbol = name !== null ? letter(name) : written.kind === 'partial' ? null : written;
  const meaning = partialBox(null, letter(tensor.name), notation);
  const factor = notation.signalFactor;
  return { symbol, meaning: factor === null ? meaning : product([factor], (e) => typeset(e, notation), false, [meaning]) };
}
