// A page for a terminal: headings underlined, tables in columns as wide as there is room, formulas never broken.

import { columnsOf } from '../notation/layout.ts';
import type { Block, Phrase, Table } from './phrase.ts';
import { padEnd, wrap } from './text.ts';

/** Stands for a space that no line may be broken at. */
const FAST = '\u00a0';
const GAP = 2;

export const pageText = (blocks: readonly Block[], columns: number): string =>
  `${blocks.map((b) => blockText(b, columns)).join('\n\n')}\n`;

function blockText(block: Block, columns: number): string {
  switch (block.kind) {
    case 'heading': {
      const lines = wrapped(block.text, columns);
      const rule = block.level === 1 ? '═' : block.level === 2 ? '─' : '';
      return [...lines, ...(rule === '' ? [] : [rule.repeat(Math.max(...lines.map(columnsOf)))])].join('\n');
    }
    case 'paragraph': return wrapped(block.text, columns).join('\n');
    case 'list': return block.items.map((item) => wrapped(item, columns - 2).map((l, n) => (n === 0 ? `• ${l}` : `  ${l}`)).join('\n')).join('\n');
    case 'table': return tableText(block, columns);
  }
}

const line = (phrase: Phrase): string => phrase.map((part) =>
  (typeof part === 'string' ? part : part.kind === 'maths' ? part.unicode.replaceAll(' ', FAST) : part.text === part.url ? part.url : `${part.text} <${part.url}>`)).join('');

const wrapped = (phrase: Phrase, columns: number): readonly string[] => {
  const lines = wrap(line(phrase), columns).map((l) => l.replaceAll(FAST, ' '));
  return lines.length === 0 ? [''] : lines;
};

function tableText({ head, rows }: Table, columns: number): string {
  const cells = rows.map((row) => row.map((cell) => (cell.length === 0 ? [''] : cell.map(line))));
  const titles = head.map((title) => line(title).toUpperCase());
  const least = titles.map((title, n) => Math.max(...[title, ...cells.flatMap((row) => row[n] ?? [])].flatMap((l) => l.split(' ')).map(columnsOf)));
  const most = titles.map((title, n) => Math.max(...[title, ...cells.flatMap((row) => row[n] ?? [])].map(columnsOf)));
  const widths = fitted(least, most, columns - GAP * (head.length - 1));
  const across = (texts: readonly (readonly string[])[]): string => {
    const lines = texts.map((cell, n) => cell.flatMap((l) => wrap(l, widths[n] ?? 0)).map((l) => l.replaceAll(FAST, ' ')));
    const height = Math.max(...lines.map((l) => l.length));
    return Array.from({ length: height }, (_, at) => lines.map((l, n) => padEnd(l[at] ?? '', widths[n] ?? 0)).join(' '.repeat(GAP)).trimEnd()).join('\n');
  };
  const body = cells.map(across);
  const loose = body.some((row) => row.includes('\n'));
  return [across(titles.map((t) => [t])), ...body].join(loose ? '\n\n' : '\n');
}

/** As wide as they would like to be, the widest narrowed first where there is no room; never narrower than a word. */
function fitted(least: readonly number[], most: readonly number[], room: number): readonly number[] {
  const widths = [...most];
  for (let over = widths.reduce((a, b) => a + b, 0) - room; over > 0; over -= 1) {
    const wide = widths.map((w, n) => (w > (least[n] ?? 0) ? w : 0));
    const widest = wide.indexOf(Math.max(...wide));
    if ((wide[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
