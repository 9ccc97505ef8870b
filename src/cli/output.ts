// Where results go: to the terminal, or to files that are written whole or not at all.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { reasonOf, shownPath } from '../files.ts';
import { isFolder } from './sources.ts';

export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

export interface Result {
  /** What it is a result of, for messages. */
  readonly of: string;
  /** Its name in a folder: `xor.ts`. */
  readonly name: string;
  readonly text: string;
}

/** `-o x.ts` is a file, `-o x` and `-o x/` are folders, and so is whatever is one already. */
export const isFolderPath = (path: string): boolean => path.endsWith('/') || isFolder(path) || extname(path) === '';

/** Results as files: one as it is called, several below a folder. @throws DiagnosticError when two have one name */
export function asFiles(results: readonly Result[], output: string): readonly OutputFile[] {
  const [first, second] = results;
  if (first !== undefined && second === undefined && !isFolderPath(output)) return [{ path: output, text: first.text }];
  if (!isFolderPath(output)) {
    throw new DiagnosticError([diagnostic('bad-usage', null, {
      message: `${output} is one file, and there are ${String(results.length)} results`, help: 'Give a folder with -o.',
    })]);
  }
  const taken = new Map<string, Result>();
  for (const result of results) {
    const other = taken.get(result.name);
    if (other !== undefined) {
      throw new DiagnosticError([diagnostic('same-output', null, { name: result.name, first: other.of, second: result.of })]);
    }
    taken.set(result.name, result);
  }
  return results.map((r) => ({ path: join(output, r.name), text: r.text }));
}

/** Writes all files, or none: first beside their places, then by renaming. @throws DiagnosticError */
export function writeFiles(files: readonly OutputFile[]): void {
  const unfinished: { readonly from: string; readonly to: string }[] = [];
  let at = '';
  try {
    for (const { path, text } of files) {
      at = path;
      mkdirSync(dirname(path), { recursive: true });
      const from = join(dirname(path), `.${basename(path)}.${String(process.pid)}`);
      unfinished.push({ from, to: path });
      writeFileSync(from, text);
    }
    for (const { from, to } of unfinished) {
      at = to;
      renameSync(from, to);
    }
  } catch (error) {
    for (const { from } of unfinished) rmSync(from, { force: true });
    throw new DiagnosticError([diagnostic('not-written', null, { file: shownPath(at), reason: reasonOf(error) })]);
  }
}

export const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
