// Plain text for terminals: widths, wrapping, columns, boxes.

import { columnsOf as width } from '../notation/layout.ts';

export { width };

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/** Breaks at spaces; what stands between backticks stays together. */
export function wrap(text: string, columns: number): readonly string[] {
  const words = text.match(/(?:`[^`]*`|[^ \n`])+/g) ?? [];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Lines in a frame. */
export function boxed(lines: readonly string[]): readonly string[] {
  const inner = Math.max(0, ...lines.map(width));
  return [`┌─${'─'.repeat(inner)}─┐`, ...lines.map((l) => `│ ${padEnd(l, inner)} │`), `└─${'─'.repeat(inner)}─┘`];
}

/** Rows in columns, two spaces apart, the last one as long as it is. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, n) => (widths[n] = Math.max(widths[n] ?? 0, width(cell))));
  return rows.map((row) => row.map((cell, n) => padEnd(cell, widths[n] ?? 0)).join('  ').trimEnd());
}

/** Two or three digits that a person compares: 0.031, 1.2e-11. */
export function short(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 0.001 && size < 1000 ? String(Number(value.toPrecision(2))) : value.toExponential(1).replace('e+', 'e');
}

export const bytes = (count: number): string => (count < 1000 ? `${String(count)} B` : `${short(count / 1000)} kB`);
