// backproof emit: the kernels of networks, as TypeScript or JavaScript modules.

import { extname } from 'node:path';
import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { loadNetwork, type Variant } from '../files.ts';
import { emitKernel } from '../kernel/emit.ts';
import { asFiles, isFolderPath, print, type Result, writeFiles } from './output.ts';
import { forEach } from './each.ts';
import { type CommonOptions, reportErrorsAs, warn } from './run.ts';
import { specFiles } from './sources.ts';

export interface EmitCommandOptions extends CommonOptions, Variant {
  readonly form: 'auto' | 'loops' | 'straight-line';
}

export async function emit(paths: readonly string[], options: EmitCommandOptions): Promise<void> {
  reportErrorsAs(options);
  const { output } = options;
  const files = specFiles(paths);
  if (output === undefined && files.length > 1) fail(`${String(files.length)} kernels cannot be printed one after the other`, 'Give a folder with -o.');
  const ending = output === undefined || isFolderPath(output) ? '.ts' : extname(output);
  if (ending !== '.ts' && ending !== '.js') fail(`a kernel cannot be written as ${ending}`, 'Give a file that ends in .ts or .js, or a folder.');
  const warnings: Diagnostic[] = [];
  const results = forEach(files, (file): Result => {
    const kernel = emitKernel(loadNetwork(file, options, (w) => warnings.push(w)), { form: options.form });
    return { of: file, name: kernel.fileName, text: ending === '.js' ? kernel.javascript : kernel.typescript };
  });
  await warn(warnings);
  if (output !== undefined) writeFiles(asFiles(results, output));
  else for (const { text } of results) print(text);
}

function fail(message: string, help: string): never {
  throw new DiagnosticError([diagnostic('bad-usage', null, { message, help })]);
}
