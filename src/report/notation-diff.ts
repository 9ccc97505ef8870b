// What differs between two notations: a row for each choice, how to get from one to the other, the same formulas side by side.

import type { NotationSpec } from '../notation/notation-spec.ts';
import { choices, sameChoice } from './notation-choices.ts';
import { cellOf } from './notation-cell.ts';
import { mainRows } from './notation-rows.ts';
import { translationSentences } from './notation-sentences.ts';
import { type Block, heading, paragraph, type Phrase, plainPhrase } from './phrase.ts';

export function notationDiff(a: NotationSpec, b: NotationSpec): readonly Block[] {
  const different = choices.filter((c) => !sameChoice(c, a, b));
  const title = heading(1, `${a.title} (${a.name}) and ${b.title} (${b.name})`);
  if (different.length === 0) return [title, paragraph('They write everything in the same way.')];
  const sentences = translationSentences(a, b);
  return [
    title,
    { kind: 'table', head: [['choice'], [a.name], [b.name]], rows: different.map((c) => [[[c.title]], [c.words(a)], [c.words(b)]]) },
    ...(sentences.length === 0 ? [] : [heading(2, `From ${a.name} to ${b.name}`), { kind: 'list' as const, items: sentences }]),
    heading(2, 'The same formulas'),
    { kind: 'table', head: [['formula'], [a.name], [b.name]], rows: mainRows.map((row) => [[[row.title]], cell(row, a), cell(row, b)]) },
  ];
}

const cell = (row: (typeof mainRows)[number], spec: NotationSpec): readonly Phrase[] => {
  const { components, vectors, why } = cellOf(row, spec);
  return [...components.map((c): Phrase => [c]), ...vectors.map((v): Phrase => [v]), ...(why === null ? [] : [why])];
};

export function notationDiffJson(a: NotationSpec, b: NotationSpec): unknown {
  const formulas = (row: (typeof mainRows)[number], spec: NotationSpec): unknown => {
    const { components, vectors, why } = cellOf(row, spec);
    const written = ({ unicode, latex }: { unicode: string; latex: string }): unknown => ({ unicode, latex });
    return { components: components.map(written), vectors: vectors.map(written), why: why === null ? null : plainPhrase(why) };
  };
  return {
    first: a.name, second: b.name,
    choices: choices.filter((c) => !sameChoice(c, a, b)).map((c) => ({
      choice: c.id, title: c.title, first: { value: c.value(a), words: plainPhrase(c.words(a)) }, second: { value: c.value(b), words: plainPhrase(c.words(b)) },
    })),
    translation: translationSentences(a, b).map(plainPhrase),
    formulas: mainRows.map((row) => ({ group: row.group, part: row.part, title: row.title, first: formulas(row, a), second: formulas(row, b) })),
  };
}
