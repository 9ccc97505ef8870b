// The sizes of a network's inputs by the names that its layers give them: `height`, where nothing but the place of the axis
// would be left to say (`inputs_x_2`).

import { type AffineSymbol, fromSymbol, sameAffine, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { isBinder } from '../algebra/expression.ts';
import { visit } from '../algebra/traverse.ts';
import type { Assembled } from './assemble.ts';
import type { Instantiated } from './instantiate.ts';
import type { Declaration } from './network.ts';
import type { Unified, Unifier } from './sizes.ts';

/** A size of an input that has several axes. */
export interface InputSize {
  readonly input: string;
  readonly symbol: AffineSymbol;
}

interface Naming {
  readonly unifier: Unifier | null;
  /** The symbolKeys of the sizes that are written by others. */
  readonly written: ReadonlySet<string>;
  /** The symbolKey of a size that is not, under its name. */
  readonly renamed: (key: string) => string;
}

/** What sizes are written by, those of inputs by the names that the layers give them. */
export function withInputNames(unified: Unified | null, unnamed: readonly InputSize[], assembled: Assembled, declarations: readonly Declaration[]): Naming {
  const written = unified?.written ?? new Set();
  const equal: Unifier = unified?.to ?? (() => null);
  const left = unnamed.filter(({ symbol }) => !written.has(symbolKey(symbol)));
  const names = namedByLayers(left, assembled.layers.map((l) => l.done), equal, takenNames(assembled, declarations));
  if (names.size === 0) return { unifier: unified?.to ?? null, written, renamed: (key) => key };
  const name: Unifier = (s) => {
    const symbol = names.get(symbolKey(s));
    return symbol === undefined ? null : fromSymbol(symbol);
  };
  return {
    written,
    unifier: (s) => {
      const value = equal(s);
      return value === null ? name(s) : substituteAffine(value, name);
    },
    renamed: (key) => {
      const symbol = names.get(key);
      return symbol === undefined ? key : symbolKey(symbol);
    },
  };
}

/**
 * New symbols by symbolKey: the names by which the first layer that reads the input calls its sizes. A size keeps its own where
 * there is none, or the name means something else somewhere.
 */
function namedByLayers(
  sizes: readonly InputSize[], layers: readonly Instantiated[], equal: Unifier, taken: ReadonlySet<string>,
): ReadonlyMap<string, AffineSymbol> {
  const called = sizes.flatMap(({ input, symbol }) => {
    const reads = ({ instance }: Instantiated): boolean => [...instance.inputs.values()].some((t) => t.name === input && t.layer === null);
    const name = layers.filter(reads).flatMap(({ ownSizes }) => [...ownSizes])
      .find(([, size]) => sameAffine(substituteAffine(size, equal), fromSymbol(symbol)))?.[0];
    return name === undefined ? [] : [{ symbol, short: name, long: `${name}_${input}` }];
  });
  const unlike = (names: readonly string[], name: string): boolean => !taken.has(name) && names.filter((n) => n === name).length === 1;
  const shorts = called.map((c) => c.short);
  const longs = called.map((c) => c.long);
  return new Map(called.flatMap(({ symbol, short, long }): [string, AffineSymbol][] => {
    const name = unlike(shorts, short) ? short : unlike(longs, long) ? long : null;
    return name === null ? [] : [[symbolKey(symbol), { kind: 'size', name, layer: null }]];
  }));
}

/** Whatever else a reader would take the name for: sizes of layers, tensors, indices. */
function takenNames({ layers, loss, sizes }: Assembled, declarations: readonly Declaration[]): ReadonlySet<string> {
  const taken = new Set(['samples', ...[...sizes.keys()].flatMap((key) => /^n:(.*)@[^@]*$/.exec(key)?.[1] ?? [])]);
  for (const { tensor, axes } of declarations) {
    taken.add(tensor.name);
    for (const axis of axes) taken.add(axis.index);
  }
  for (const { value } of [...layers.map((l) => l.done), loss].flatMap((done) => done.equations)) {
    visit(value, (e) => {
      if (isBinder(e)) taken.add(e.index);
    });
  }
  return taken;
}
