// Tensors, their entries and their adjoints as boxes: W_ij, δ_i, ∂E/∂W_ij, ∇_W E, dW.

import type { Tensor } from '../algebra/expression.ts';
import { type Box, type Letter, letterOf } from './box.ts';
import type { Notation } from './notation.ts';

export interface Named {
  readonly tensor: Tensor;
  readonly adjoint: boolean;
  readonly indices: readonly Box[];
  readonly transposed?: boolean;
  /** Whether it is a vector or a matrix, or a part of one: then some axes have no index. */
  readonly whole: boolean;
}

/** A tensor or its adjoint, with as many indices as are shown. */
export function tensorBox({ tensor, adjoint, indices, transposed = false, whole }: Named, notation: Notation): Box {
  const letter = (name: string): Letter => withNamesakes({ ...letterOf(name, tensor.layer, indices), transposed, whole }, notation);
  if (!adjoint) return letter(tensor.name);
  const symbol = notation.symbolOf(tensor);
  return symbol === null ? derivativeBox(letter(tensor.name), notation) : letter(symbol);
}

/** A letter that is told of others with its name: those that belong to layers, and the one without the number b_1 has. */
export const withNamesakes = <B extends Box>(box: B, notation: Notation): B => (box.kind !== 'letter' ? box : {
  ...box, namesakes: box.layer === null && notation.isLayered(box.name), numbered: isNumbered(box.name, notation),
});

/** Whether the number in a name, b_1, cannot be an index. */
export function isNumbered(name: string, notation: Notation): boolean {
  const [, base] = /^(.+?)_\d+(?![A-Za-z0-9])/.exec(name) ?? [];
  return base !== undefined && !notation.isSymbol(base) && notation.convention.layer.kind !== 'subscript';
}

/** The derivative of the total by what a letter names; transposed if the letter is. */
export function derivativeBox(by: Letter, notation: Notation): Box {
  const { derivative, total } = notation.convention;
  if (derivative === 'd' || derivative === 'bar') return { ...by, derivative };
  const plain: Letter = { ...by, transposed: false };
  const body: Box = { kind: derivative === 'nabla' && by.whole ? 'nabla' : 'partial', of: letterOf(total), by: plain };
  return by.transposed ? { kind: 'transpose', body } : body;
}

/** ∂of/∂by of entries or of whole tensors; `of` null stands for the total. */
export const partialBox = (of: Box | null, by: Box, { convention }: Notation): Box =>
  ({ kind: 'partial', of: of ?? letterOf(convention.total), by });
