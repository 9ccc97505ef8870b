// Sizes and whole numbers of a layer that its network gives by the name of a size: stride: taps, units: encode.units.

import { symbolKey } from '../algebra/affine.ts';
import type { Affine } from '../algebra/affine.ts';
import { sizeValue } from './sizes.ts';

/** What a network knows when it comes to a layer. */
export interface KnownSizes {
  /** Values by symbolKey. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The sizes of the layers before it, by the names of the layers. */
  readonly layers: ReadonlyMap<string, ReadonlyMap<string, Affine>>;
  /** Its own sizes, as far as its ports tell them. */
  readonly own: ReadonlyMap<string, Affine>;
}

/** Whether a text may be the name of a size: `inputs`, `encode.units`. */
export const isSizeName = (text: string): boolean => /^\s*\p{L}[^\s.]*(?:\.\p{L}[^\s.]*)?\s*$/u.test(text);

/** The value of the size of a name: of the layer itself, `layer.size` of one before it, or of the network's inputs; null when there is none. */
export function sizeNamed(text: string, { sizes, layers, own }: KnownSizes): number | null {
  const [first = '', second] = text.trim().split('.');
  const size = second === undefined ? own.get(first) : layers.get(first)?.get(second);
  const value = size === undefined ? null : sizeValue(size, sizes);
  if (value !== null || second !== undefined) return value;
  return sizes.get(symbolKey({ kind: 'size', name: first, layer: null })) ?? null;
}

/** The names that sizes have here. */
export const namesOfSizes = ({ sizes, layers, own }: KnownSizes): readonly string[] => [
  ...own.keys(), ...[...sizes.keys()].flatMap((key) => /^n:(.*)@$/.exec(key)?.[1] ?? []),
  ...[...layers].flatMap(([layer, names]) => [...names.keys()].map((name) => `${layer}.${name}`)),
];
