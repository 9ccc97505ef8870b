// Collects the diagnostics of one reading, so that all errors of a file are reported together.

import { catalogue, type Code, type DataOf, type Wording } from './catalogue.ts';
import { type Diagnostic, DiagnosticError, type Place } from './diagnostic.ts';

/** Where a reading puts what it finds. */
export interface Report {
  /** Adds a diagnostic of the catalogue. */
  add<C extends Code>(code: C, place: Place | null, data: DataOf<C>): void;
  /** Adds diagnostics of another reading (a spec that this one uses). */
  include(others: readonly Diagnostic[]): void;
  /** Everything found so far, in the order of the file. */
  all(): readonly Diagnostic[];
  hasErrors(): boolean;
}

/** The diagnostic that the catalogue has for a code. */
export function diagnostic<C extends Code>(code: C, place: Place | null, data: DataOf<C>): Diagnostic {
  const entry = catalogue[code] as { severity: Diagnostic['severity']; words: (data: DataOf<C>) => Wording };
  const { message, help } = entry.words(data);
  return { code, severity: entry.severity, message: tidy(message), help: tidy(help), place };
}

export function newReport(): Report {
  const found = new Map<string, Diagnostic>();
  const include = (d: Diagnostic): void => {
    found.set(JSON.stringify([d.code, d.place, d.message]), d);
  };
  return {
    add: (code, place, data) => include(diagnostic(code, place, data)),
    include: (others) => others.forEach(include),
    all: () => [...found.values()].sort(inOrder),
    hasErrors: () => [...found.values()].some((d) => d.severity === 'error'),
  };
}

/** @throws DiagnosticError when the report holds an error. */
export function throwErrors(report: Report): void {
  if (report.hasErrors()) throw new DiagnosticError(report.all());
}

function inOrder(a: Diagnostic, b: Diagnostic): number {
  if (a.place === null || b.place === null) return Number(a.place !== null) - Number(b.place !== null);
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

/** Texts quote what stands in the file: no line breaks or control characters of it, and not all of a long one. */
function tidy(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => (/\s/u.test(c) ? ' ' : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`));
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

const LONGEST = 600;
