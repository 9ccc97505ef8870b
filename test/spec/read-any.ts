// Reads a spec of any kind, and gives everything that is said about it.

import { type Diagnostic, DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import type { Source } from '../../src/spec/document.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { kindOf, readActivation, readLayer, readLoss, readNetwork, readPenalty } from '../../src/spec/read.ts';

/** Errors and warnings, in the order of the file. */
export function readAny(source: Source): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const onWarning = (d: Diagnostic): void => void found.push(d);
  try {
    const kind = kindOf(source);
    switch (kind) {
      case 'network': readNetwork(source, shippedLibrary, {}, onWarning); break;
      case 'layer': readLayer(source, shippedLibrary, onWarning); break;
      case 'activation': readActivation(source, onWarning); break;
      case 'loss': readLoss(source, onWarning); break;
      case 'penalty': readPenalty(source, onWarning); break;
    }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics;
  }
  return found;
}

/** `7:18-19 unknown-name: there is no tensor …`; the file in front where it is another one, `warning` where it is none. */
export function line(d: Diagnostic, file: string): string {
  const { place, severity, code, message } = d;
  const warning = severity === 'warning' ? 'warning ' : '';
  if (place === null) return `${warning}${code}: ${message}`;
  const end = place.endLine === place.line ? String(place.endColumn) : `${place.endLine}:${place.endColumn}`;
  return `${place.file === file ? '' : `${place.file} `}${place.line}:${place.column}-${end} ${warning}${code}: ${message}`;
}
