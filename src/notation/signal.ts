// What the symbol of a signal stands for, without a layer: δ = ∂E/∂a.

import type { Tensor } from '../algebra/expression.ts';
import { type Box, letterOf } from './box.ts';
import type { Notation } from './notation.ts';

/** `symbol` is null where ∂E/∂a is written as it is. */
export interface SignalBoxes {
  readonly symbol: Box | null;
  readonly meaning: Box;
}

export function signalBoxes(tensor: Tensor, notation: Notation): SignalBoxes {
  const role = notation.signalOf(tensor);
  return {
    symbol: role === null ? null : letterOf(notation.convention.signal[role]),
    meaning: { kind: 'partial', of: letterOf(notation.convention.total), by: letterOf(tensor.name) },
  };
}
