// Where the layers, activations, losses and penalties that a spec names come from.

import { shippedSpecs } from './shipped.ts';

export type SpecKind = 'layers' | 'activations' | 'losses' | 'penalties';

/** The text of a spec by its kind and name, or null when there is none. */
export type SpecSource = (kind: SpecKind, name: string) => { readonly file: string; readonly text: string } | null;

/** The specs that come with the program. */
export const shippedLibrary: SpecSource = (kind, name) => {
  const path = `${kind}/${name}.yaml`;
  const text = Object.hasOwn(shippedSpecs, path) ? shippedSpecs[path] : undefined;
  return text === undefined ? null : { file: `specs/${path}`, text };
};

/** The names of the shipped specs of a kind, for suggestions. */
export const shippedNames = (kind: SpecKind): readonly string[] =>
  Object.keys(shippedSpecs).flatMap((path) => {
    const match = /^([a-z]+)\/([^/]+)\.yaml$/.exec(path);
    return match?.[1] === kind && match[2] !== undefined ? [match[2]] : [];
  });
