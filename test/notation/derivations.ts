// The derivations of everything that is shipped, each derived once.

import { readdirSync, readFileSync } from 'node:fs';
import type { Derivation } from '../../src/derive/derivation.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { shippedLibrary } from '../../src/spec/library.ts';

const known = new Map<string, Derivation>();

/** @param file below specs/, such as `layers/dense.yaml` */
export function derivationOf(file: string): Derivation {
  const derivation = known.get(file) ?? deriveSpec({ file: `specs/${file}`, text: readFileSync(`specs/${file}`, 'utf8') }, shippedLibrary);
  known.set(file, derivation);
  return derivation;
}

export const shippedFiles = (folder: 'layers' | 'losses' | 'networks'): readonly string[] => readdirSync(`specs/${folder}`).map((name) => `${folder}/${name}`);
