// All notations side by side: what each chooses, and the same formulas in every one of them.

import type { NotationSpec } from '../notation/notation-spec.ts';
import { type Cell, cellOf } from './notation-cell.ts';
import { specialWords } from './notation-choices.ts';
import { augmentedRows, batchRows, type FormulaRow, mainRows, outputRows } from './notation-rows.ts';
import type { Phrase } from './phrase.ts';

export interface TableGroup {
  readonly id: FormulaRow['group'];
  readonly title: string;
  readonly remark: Phrase;
  readonly rows: readonly TableRow[];
}

export interface TableRow extends FormulaRow {
  /** One for each notation, in their order. */
  readonly cells: readonly Cell[];
}

export interface NotationTable {
  readonly title: string;
  readonly intro: readonly Phrase[];
  readonly notations: readonly { readonly spec: NotationSpec; readonly special: Phrase }[];
  readonly groups: readonly TableGroup[];
}

const groups: readonly Omit<TableGroup, 'rows'>[] = [
  { id: 'sample', title: 'One sample', remark: ['The forward step, the signal of the last layer, the recursion, and the gradients, with the signal that the notation carries. Nothing is known of the loss but that it depends on the output.'] },
  { id: 'augmented', title: 'The bias folded into the weights', remark: ['The input of a layer gets an entry that is always 1, and the bias is what that entry is multiplied with. The recursion has no use for it.'] },
  { id: 'outputs', title: 'With the derivative by the outputs as signal', remark: ['The other way to organise the same recursion: what is carried down is the derivative by the activation, not by the pre-activation.'] },
  { id: 'batch', title: 'All samples', remark: ['As matrices where the notation has them; as sums otherwise. In components the letter of the sample stands first.'] },
];

const rows: readonly FormulaRow[] = [...mainRows, ...augmentedRows, ...outputRows, ...batchRows];

export const notationTable = (specs: readonly NotationSpec[]): NotationTable => ({
  title: 'The same derivation in every notation',
  intro: [
    [
      'Backpropagation is one short derivation, and no two textbooks write it alike: put the letters of one into the formulas of another, count layers from 1 instead of 0, ',
      'transpose the weights, and the same line can no longer be recognised. But nothing in it has changed. Below, one derivation is written in ', String(specs.length), ' notations; ',
      'each formula is derived from the forward equations once, translated by what the notation declares, and read back from the page: what is read is proved equal to what was derived.',
    ],
    [
      'The first two tables say what the symbols of each notation stand for, and what it chooses; what is as in the first one is faint. Then every formula has a table of its own, with a row for each notation: ',
      'in components, and in matrices and vectors where the notation has them. The sources print some of these formulas with numbers put in, or only in components, and leave others to the reader: those are what they would be there.',
    ],
  ],
  notations: specs.map((spec) => ({ spec, special: specialWords(spec) })),
  groups: groups.map((group) => ({ ...group, rows: rows.filter((r) => r.group === group.id).map((row) => ({ ...row, cells: specs.map((spec) => cellOf(row, spec)) })) })),
});
