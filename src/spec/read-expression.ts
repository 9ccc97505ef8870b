// An expression of a file: parsed, translated, and what is wrong with it reported where it stands.

import type { Expression } from '../algebra/expression.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Path, SpecDocument } from './document.ts';
import type { Names, ReportAt } from './meaning.ts';
import type { Axis } from './network.ts';
import { byItself, type Surroundings } from './scope.ts';
import { parseSyntax, type Span, type Syntax } from './syntax.ts';
import { DEEPEST_NESTING, LONGEST_EXPRESSION, type Slip } from './tokens.ts';
import { translate } from './translate.ts';

/** A parsed expression and where it stands. */
export interface Written {
  readonly text: string;
  readonly syntax: Syntax;
  readonly at: (span: Span) => Place;
}

/** The syntax of a value, or null when its form is wrong (which is reported). */
export const readSyntax = (document: SpecDocument, path: Path, report: Report): Written | null =>
  readTextSyntax(document.written(path), (span) => document.placeIn(path, span), report);

/** The syntax of a key. */
export const readKeySyntax = (document: SpecDocument, path: Path, report: Report): Written | null =>
  readTextSyntax(String(path.at(-1) ?? ''), (span) => document.placeInKey(path, span), report);

/** The syntax of a text whose parts stand where `at` says. */
export function readTextSyntax(text: string, at: (span: Span) => Place, report: Report): Written | null {
  const { syntax, slips } = parseSyntax(text);
  if (syntax !== null) return { text, syntax, at };
  for (const slip of slips) reportSlip(slip, at(slip), report);
  return null;
}

/** The value of a parsed expression; 0 stands where something is wrong. */
export function evaluateNames(
  written: Written, names: Names, free: readonly Axis[], report: Report, around: Surroundings = byItself,
): Expression {
  const reportAt: ReportAt = (code, span, data) => report.add(code, written.at(span), data);
  return translate(written.syntax, written.text, names, free, reportAt, around);
}

function reportSlip(slip: Slip, place: Place, report: Report): void {
  switch (slip.kind) {
    case 'too-long': { report.add('expression-too-long', place, { most: LONGEST_EXPRESSION }); return; }
    case 'too-deep': { report.add('expression-too-deep', place, { most: DEEPEST_NESTING }); return; }
    case 'not-allowed': { report.add('not-allowed', place, { text: slip.text }); return; }
    case 'implicit-product': { report.add('implicit-product', place, { before: slip.before, after: slip.after }); return; }
    case 'unbalanced': { report.add('unbalanced-bracket', place, { text: slip.text }); return; }
    case 'equals': { report.add('misplaced-equals', place, null); return; }
    case 'unexpected': { report.add('unexpected', place, { text: slip.text }); return; }
    case 'empty': { report.add('expression-empty', place, null); return; }
  }
}
