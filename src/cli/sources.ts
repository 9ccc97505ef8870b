// The files that a command line means, and the texts that diagnostics point into.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { readSource, reasonOf, shownPath, statOf } from '../files.ts';
import { shippedSpecs } from '../spec/shipped.ts';
import { forEach } from './each.ts';

/** Files as they are, a folder as its .yaml files by name; each file once. @throws DiagnosticError */
export const specFiles = (paths: readonly string[]): readonly string[] =>
  [...new Set(forEach(paths, (path) => (isFolder(path) ? yamlIn(path) : [path])).flat())];

export function isFolder(path: string): boolean {
  const about = statOf(path);
  return about !== null && !(about instanceof Error) && about.isDirectory();
}

export function yamlIn(folder: string): readonly string[] {
  const fail = (problem: Diagnostic): never => {
    throw new DiagnosticError([problem]);
  };
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort();
  } catch (error) {
    return fail(diagnostic('file-unreadable', null, { file: shownPath(folder), reason: reasonOf(error) }));
  }
  return names.length === 0 ? fail(diagnostic('no-specs', null, { folder: shownPath(folder) })) : names.map((name) => join(folder, name));
}

/** Texts that stand in no file, by the names that places in them have. */
const given = new Map<string, string>();

/** A formula of the command line: what is wrong with it is shown in it, as in a file. */
export const giveText = (name: string, text: string): void => void given.set(name, text);

/** The text of every file that a diagnostic points into, as far as it can be read. */
export function sourcesOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { place } of diagnostics) {
    if (place === null || sources.has(place.file)) continue;
    const text = textOf(place.file);
    if (text !== null) sources.set(place.file, text);
  }
  return sources;
}

function textOf(file: string): string | null {
  const known = given.get(file);
  if (known !== undefined) return known;
  if (!existsSync(file)) return shippedText(file);
  try {
    return readSource(file).text;
  } catch (error) {
    if (error instanceof DiagnosticError) return null;
    throw error;
  }
}

function shippedText(file: string): string | null {
  const path = file.replace(/^specs\//, '');
  return Object.hasOwn(shippedSpecs, path) ? shippedSpecs[path] ?? null : null;
}
