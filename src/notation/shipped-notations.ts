// The notations that come with the program, by name.

import { shippedSpecs } from '../spec/shipped.ts';
import type { NotationSpec } from './notation-spec.ts';
import { readNotation } from './read-notation.ts';

const FOLDER = 'notations/';
const known = new Map<string, NotationSpec>();

/** Their names, in alphabetical order. */
export const shippedNotationNames = (): readonly string[] =>
  Object.keys(shippedSpecs).filter((path) => path.startsWith(FOLDER)).map((path) => path.slice(FOLDER.length, -'.yaml'.length)).sort();

/** The notation of a name, or null when none comes with the program. */
export function shippedNotation(name: string): NotationSpec | null {
  const path = `${FOLDER}${name}.yaml`;
  const text = Object.hasOwn(shippedSpecs, path) ? shippedSpecs[path] : undefined;
  if (text === undefined) return null;
  const notation = known.get(name) ?? readNotation({ file: `specs/${path}`, text });
  known.set(name, notation);
  return notation;
}

/** All of them. */
export const shippedNotations = (): readonly NotationSpec[] => shippedNotationNames().flatMap((name) => shippedNotation(name) ?? []);
