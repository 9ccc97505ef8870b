// A diagnostic as people read it: place, code, message, the lines around it, and what would be right.

import { codeFrameColumns } from '@babel/code-frame';
import type { Diagnostic } from './diagnostic.ts';

export interface FrameOptions {
  readonly color?: boolean;
}

/** Texts by file name; of a file that is not among them no lines are shown. */
export type Texts = ReadonlyMap<string, string>;

const red = '\u001b[31m';
const yellow = '\u001b[33m';
const bold = '\u001b[1m';
const plain = '\u001b[0m';
const LONGEST_LINE = 300;

/** `file:line:column: error[code]: message`, the code frame, and the help. */
export function renderDiagnostic(diagnostic: Diagnostic, texts: Texts, options: FrameOptions = {}): string {
  const { code, severity, message, help, place } = diagnostic;
  const paint = (style: string, text: string): string => (options.color === true ? `${style}${text}${plain}` : text);
  const where = place === null ? '' : `${place.file}:${place.line}:${place.column}: `;
  const what = paint(severity === 'error' ? red : yellow, `${severity}[${code}]`);
  const head = `${paint(bold, where)}${what}: ${message}`;
  const lines = place === null ? null : linesAround(diagnostic, texts);
  return [head, ...(lines === null ? [] : [lines]), `help: ${help}`].join('\n');
}

/** All diagnostics, an empty line between them, and how many there are. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], texts: Texts, options: FrameOptions = {}): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const total = [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter((t) => t !== '').join(', ');
  return [...diagnostics.map((d) => renderDiagnostic(d, texts, options)), total].join('\n\n');
}

function linesAround({ place }: Diagnostic, texts: Texts): string | null {
  const text = place === null ? undefined : texts.get(place.file);
  if (place === null || text === undefined) return null;
  // The frame shows a few lines; a minified file of one endless line would be all of it.
  const all = text.split('\n');
  const shown = all.slice(Math.max(0, place.line - 4), place.endLine + 3);
  if (shown.some((line) => line.length > LONGEST_LINE)) return null;
  const end = place.endLine === place.line && place.endColumn <= place.column
    ? {} : { end: { line: place.endLine, column: Math.max(1, place.endColumn) } };
  return codeFrameColumns(text, { start: { line: place.line, column: place.column }, ...end }, { highlightCode: false });
}
