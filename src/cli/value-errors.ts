// What a kernel or an interpreter says of integers that it cannot use, as a diagnostic with its place.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** `gather-index-out-of-range: x[1] of sample 2 is 9, no integer from 1 to 7 (net.yaml:5)`, as emitted code has it. */
const words = /^gather-index-out-of-range: (.+) is (\S+), no integer from (-?\d+) to (-?\d+) \((.+):(\d+)\)$/;

/** Null for any other error. */
export async function valueError(error: unknown): Promise<Diagnostic | null> {
  if (!(error instanceof Error) || !error.message.startsWith('gather-index-out-of-range')) return null;
  const [{ GatherIndexError }, { diagnostic }] = await Promise.all([import('../evaluate/integers.ts'), import('../diagnostics/report.ts')]);
  if (error instanceof GatherIndexError) return error.diagnostic;
  const [, entry, value, lo, hi, file, at] = words.exec(error.message) ?? [];
  if (entry === undefined || file === undefined) return null;
  const line = Number(at);
  return diagnostic('gather-index-out-of-range', { file, line, column: 1, endLine: line, endColumn: 1 }, { entry, value: Number(value), lo: Number(lo), hi: Number(hi) });
}
