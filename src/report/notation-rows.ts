// The rows of every comparison of notations: which formulas stand side by side, and what each is called.

import type { FormulaGroup, FormulaPart } from './notation-formulas.ts';

export interface FormulaRow {
  readonly group: FormulaGroup;
  readonly part: FormulaPart;
  readonly title: string;
}

const row = (group: FormulaGroup, part: FormulaPart, title: string): FormulaRow => ({ group, part, title });

/** What a derivation of one sample comes to. */
export const mainRows: readonly FormulaRow[] = [
  row('sample', 'forward', 'the forward step'), row('sample', 'last', 'the signal of the last layer'), row('sample', 'recursion', 'the recursion'),
  row('sample', 'weights', 'the gradient by the weights'), row('sample', 'bias', 'the gradient by the bias'),
];

export const augmentedRows: readonly FormulaRow[] = [
  row('augmented', 'forward', 'the forward step'), row('augmented', 'weights', 'the gradient by the weights'), row('augmented', 'recursion', 'the recursion'),
];

export const outputRows: readonly FormulaRow[] = [
  row('outputs', 'recursion', 'the recursion'), row('outputs', 'weights', 'the gradient by the weights'), row('outputs', 'bias', 'the gradient by the bias'),
];

export const batchRows: readonly FormulaRow[] = [
  row('batch', 'forward', 'the forward step'), row('batch', 'recursion', 'the recursion'), row('batch', 'weights', 'the gradient by the weights'),
  row('batch', 'bias', 'the gradient by the bias'),
];
