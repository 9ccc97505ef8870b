// The derivations of everything that is shipped, each derived once.

import { readdirSync, readFileSync } from 'node:fs';
import type { Derivation } from '../../src/derive/derivation.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { shippedLibrary } from '../../src/spec/library.ts';

const known = new Map<string, Derivation>();

/**
 * @param file below specs/, such as `layers/dense.yaml`
 * @param general whether a network may be derived for layer k
 */
export function derivationOf(file: string, general = true): Derivation {
  const key = `${file} ${String(general)}`;
  const derivation = known.get(key) ?? deriveSpec({ file: `specs/${file}`, text: readFileSync(`specs/${file}`, 'utf8') }, shippedLibrary, { general });
  known.set(key, derivation);
  return derivation;
}

export const shippedFiles = (folder: 'layers' | 'losses' | 'networks'): readonly string[] => readdirSync(`specs/${folder}`).map((name) => `${folder}/${name}`);
