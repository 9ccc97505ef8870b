// How a command ends: 0 all hold, 1 something does not, 2 bad input; never with a stack trace.

import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { valueError } from './value-errors.ts';

/** What every command is given. */
export interface CommonOptions {
  readonly color: boolean;
  readonly format?: string;
  readonly output?: string;
}

/** How the command that runs wants its errors: set when its options are known. */
let errors: { readonly color: boolean; readonly json: boolean } = { color: true, json: false };

export function reportErrorsAs(options: CommonOptions): void {
  errors = { color: options.color, json: options.format === 'json' && options.output === undefined };
}

/** Runs the program to its end. A reader that goes away (`| head`) is no error. */
export async function finish(program: () => Promise<void>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
  process.on('uncaughtException', (error) => void failed(error).then(() => process.exit(2)));
  try {
    await program();
  } catch (error) {
    await failed(error);
  }
}

/** A command line that is none: status 2. */
export async function usage(words: { readonly message: string; readonly help: string }): Promise<void> {
  const { diagnostic } = await import('../diagnostics/report.ts');
  await failed(new DiagnosticError([diagnostic('bad-usage', null, words)]));
}

async function failed(error: unknown): Promise<void> {
  process.exitCode = 2;
  await show(error instanceof DiagnosticError ? error.diagnostics : [await valueError(error) ?? await internalError(error)]);
}

async function internalError(error: unknown): Promise<Diagnostic> {
  if (process.env['BACKPROOF_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  const { diagnostic } = await import('../diagnostics/report.ts');
  const reason = error instanceof Error ? error.message : String(error);
  return diagnostic('internal-error', null, { reason });
}

/** What a spec is warned of, once and on the error stream, whatever the format of the result. */
export async function warn(warnings: readonly Diagnostic[]): Promise<void> {
  const once = [...new Map(warnings.map((w) => [JSON.stringify(w), w])).values()];
  if (once.length > 0) await toErrors(once);
}

/** Diagnostics on the error stream, with code frames; as JSON on the output where that is what the reader expects. */
async function show(diagnostics: readonly Diagnostic[]): Promise<void> {
  if (errors.json) {
    process.stdout.write(`${JSON.stringify({ diagnostics }, null, 2)}\n`);
    return;
  }
  await toErrors(diagnostics);
}

async function toErrors(diagnostics: readonly Diagnostic[]): Promise<void> {
  const [{ renderDiagnostics }, { sourcesOf }, { colorOn }] =
    await Promise.all([import('../diagnostics/frame.ts'), import('./sources.ts'), import('./terminal.ts')]);
  process.stderr.write(`${renderDiagnostics(diagnostics, sourcesOf(diagnostics), { color: colorOn(process.stderr, errors.color) }).trimEnd()}\n`);
}
