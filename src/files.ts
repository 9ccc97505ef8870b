// The edge to the file system for specs: reading them, and finding the layers that they name beside them.

import { readFileSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { type Diagnostic, DiagnosticError } from './diagnostics/diagnostic.ts';
import { diagnostic } from './diagnostics/report.ts';
import { LARGEST_FILE, type Source } from './spec/document.ts';
import { shippedLibrary, type SpecSource } from './spec/library.ts';
import type { Bias, Network, Signal } from './spec/network.ts';
import { type OnWarning, readNetwork } from './spec/read.ts';

/** What may be chosen otherwise than the network's file does. */
export interface Variant {
  readonly signal?: Signal;
  readonly bias?: Bias;
}

/** The text of a spec's file, its path as a person would write it. @throws DiagnosticError where it cannot be a spec */
export function readSource(path: string): Source {
  const file = shownPath(path);
  const fail = (problem: Diagnostic): never => {
    throw new DiagnosticError([problem]);
  };
  const about = statOf(path);
  if (about === null) return fail(diagnostic('file-not-found', null, { file }));
  if (about instanceof Error) return fail(diagnostic('file-unreadable', null, { file, reason: reasonOf(about) }));
  if (!about.isFile()) {
    return fail(diagnostic('file-unreadable', null, { file, reason: about.isDirectory() ? 'it is a folder' : 'it is no regular file' }));
  }
  // A character takes up to four bytes.
  if (about.size > 4 * LARGEST_FILE) return fail(diagnostic('file-too-large', null, { file, bytes: about.size, most: LARGEST_FILE }));
  const bytes = readable(path, (reason) => fail(diagnostic('file-unreadable', null, { file, reason })));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? fail(diagnostic('not-text', null, { file })) : { file, text };
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return fail(diagnostic('not-text', null, { file }));
  }
}

/** What is there: null for nothing, an error where the system does not say. */
export function statOf(path: string): Stats | Error | null {
  try {
    return statSync(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR') ? null : error;
  }
}

function readable(path: string, otherwise: (reason: string) => never): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    return otherwise(reasonOf(error));
  }
}

/** `permission denied`: what the system says, without code and path. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(text)?.[1] ?? text;
}

/** Relative where the file lies below the current folder, with / on every system. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  const shown = short !== '' && !short.startsWith('..') && !isAbsolute(short) ? short : path;
  return shown.replaceAll('\\', '/');
}

const kindFolders: ReadonlySet<string> = new Set(['networks', 'layers', 'activations', 'losses', 'penalties']);

/** What a spec may name: first the files of its own folder of specs (`…/layers/NAME.yaml`), then the shipped ones. */
export function libraryBeside(path: string): SpecSource {
  const folder = dirname(path);
  const specs = kindFolders.has(basename(folder)) ? dirname(folder) : folder;
  return (kind, name) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return null;
    const file = join(specs, kind, `${name}.yaml`);
    return statOf(file) === null ? shippedLibrary(kind, name) : readSource(file);
  };
}

/** @throws DiagnosticError with all errors of the file */
export const loadNetwork = (path: string, variant: Variant = {}, onWarning?: OnWarning): Network =>
  readNetwork(readSource(path), libraryBeside(path), variant, onWarning);

/** The variants of a network's file that differ in their signal or in how the bias is written; those that exist. */
export function variantsOf(path: string, network: Network): readonly Network[] {
  const source = readSource(path);
  // What is folded in front and what is folded behind share no names: each is compared with what is separate.
  const folded = network.bias === 'augmented-last' ? network.bias : 'augmented';
  const all: readonly Required<Variant>[] = (['a', 'z'] as const).flatMap((signal) =>
    (['separate', folded] as const).map((bias) => ({ signal, bias })));
  return all.filter((v) => v.signal !== network.signal || v.bias !== network.bias).flatMap((variant) => {
    try {
      return [readNetwork(source, libraryBeside(path), variant)];
    } catch (error) {
      if (error instanceof DiagnosticError) return [];
      throw error;
    }
  });
}
