// What the emitter cannot turn into a kernel is said as a diagnostic with the place of the equation.

import { DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';

export function unsupported(message: string, help: string, place: Place | null): DiagnosticError {
  return new DiagnosticError([{ code: 'no-kernel', severity: 'error', message, help, place }]);
}
