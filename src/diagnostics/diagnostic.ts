// Diagnostics are values: a stable code, a place, what is wrong, and what would be right.

/** A place in a source text; lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic {
  /** A code of the catalogue (catalogue.ts), such as `unknown-name`; stable between versions. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What would be right, as a sentence. */
  readonly help: string;
  readonly place: Place | null;
}

/** Thrown at the end of a reading that found errors; holds all of them. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}
