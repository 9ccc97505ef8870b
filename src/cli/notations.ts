// Which notation a command writes in: one that comes with the program, by name, or a file of one's own.

import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { readSource } from '../files.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { readNotation } from '../notation/read-notation.ts';
import { shippedNotation, shippedNotationNames } from '../notation/shipped-notations.ts';

/** @throws DiagnosticError where there is no such notation, or its file is wrong */
export function notationNamed(name: string): NotationSpec {
  if (/[./\\]/.test(name)) return readNotation(readSource(name));
  const found = shippedNotation(name);
  if (found !== null) return found;
  const known = shippedNotationNames();
  throw new DiagnosticError([diagnostic('unknown-notation', null, { name, suggestion: nearest(name, known), known })]);
}
