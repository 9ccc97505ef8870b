// Several files at once: the errors of all of them are reported together.

import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';

/** Runs f on every item; the errors of all are thrown together. */
export function forEach<T, R>(items: readonly T[], f: (item: T) => R): readonly R[] {
  const results: R[] = [];
  const found: Diagnostic[] = [];
  for (const item of items) {
    try {
      results.push(f(item));
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      found.push(...error.diagnostics);
    }
  }
  if (found.length > 0) throw new DiagnosticError(unique(found));
  return results;
}

/** A layer that two networks share is wrong once. */
const unique = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
  [...new Map(found.map((d) => [JSON.stringify(d), d])).values()];
