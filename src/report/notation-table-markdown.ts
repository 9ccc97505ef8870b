// The notations side by side as Markdown: a table for each formula, a row for each notation, so that it fits a page.

import { pageMarkdown } from './page-markdown.ts';
import { isSaid, unsaidIn } from './notation-cell.ts';
import { sourceLines } from './notation-show.ts';
import type { NotationTable } from './notation-table.ts';
import { choiceLegend, type Legend, symbolLegend } from './notation-legend.ts';
import { type Block, heading, type Phrase } from './phrase.ts';

export function notationTableMarkdown(table: NotationTable): string {
  const specs = table.notations.map((n) => n.spec);
  return pageMarkdown([
    heading(1, table.title),
    ...table.intro.map((text): Block => ({ kind: 'paragraph', text })),
    heading(2, 'What the symbols stand for'), legendTable(symbolLegend(specs)),
    heading(2, 'What they choose'), legendTable(choiceLegend(specs)),
    ...table.groups.flatMap((group): readonly Block[] => [
      heading(2, group.title), { kind: 'paragraph', text: group.remark },
      ...group.rows.flatMap((row): readonly Block[] => {
        const cells = row.cells.map((cell, n) => ({ name: table.notations[n]?.spec.name ?? '', cell }));
        return [
          heading(3, capital(row.title)),
          {
            kind: 'table', head: [['notation'], ['in components'], ['in matrices and vectors']],
            rows: cells.filter((c) => isSaid(c.cell)).map(({ name, cell: { components, vectors, why } }) => [
              [[name]], components.map((c): Phrase => [c]), [...vectors.map((v): Phrase => [v]), ...(why === null ? [] : [why])],
            ]),
          },
          ...unsaidIn(cells).map(({ why, names }): Block => ({ kind: 'paragraph', text: [`${names.join(', ')}: `, ...why] })),
        ];
      }),
    ]),
    heading(2, 'Sources'),
    { kind: 'list', items: table.notations.map(({ spec }): Phrase => [`${spec.name}: `, ...sourceLines(spec).flatMap((line, n) => (n === 0 ? line : ['. ', ...line]))]) },
  ]);
}

const legendTable = ({ titles, rows }: Legend): Block => ({
  kind: 'table', head: [['notation'], ...titles.map((t): Phrase => [t])],
  rows: rows.map(({ spec, cells }) => [[[spec.name]], ...cells.map(({ words }) => [words])]),
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
