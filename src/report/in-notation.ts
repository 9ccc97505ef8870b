// A derivation as a text of another notation would have it.

import { type Layer, showLayer } from '../algebra/layer.ts';
import { tensor } from '../algebra/expression.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { conventionOf, layoutOf, unitsOf } from '../notation/setting.ts';
import { translateDerivation } from '../notation/translation.ts';
import type { Vocabulary } from '../notation/vocabulary.ts';
import type { WritingStyle } from './writing.ts';

export interface InNotation {
  readonly derivation: Derivation;
  readonly style: WritingStyle;
}

/** @throws DiagnosticError for what the notation cannot say */
export function inNotation(derivation: Derivation, spec: NotationSpec): InNotation {
  const { derivation: said, steps, vocabulary } = translateDerivation(derivation, spec);
  const sentences = steps.map(({ step, renaming }): Step => ({
    ...step, title: moved(step.title, renaming.shift, spec), remarks: step.remarks.map((r) => moved(r, renaming.shift, spec)),
  }));
  return {
    derivation: { ...said, steps: sentences },
    style: {
      convention: conventionOf(spec, derivation.system),
      layouts: { shown: [{ name: 'in vectors', layout: layoutOf(spec) }], same: 'in vectors', meaning: null },
      unitsOf: unitsOf(derivation.system, vocabulary),
      rename: (name, layer) => nameIn(name, layer, vocabulary),
      layer: vocabulary.layerOf,
    },
  };
}

/**
 * A sentence about layer k, once k has been moved: names and layers go with it. `k = 2..N` says of which layers a formula is
 * true: of those that its left side has.
 */
function moved(text: string, shift: number, { layers }: NotationSpec): string {
  const base = layers.input;
  const end = (layer: string): string => {
    const by = -shift - base;
    return layer.startsWith('N') ? showLayer({ symbol: 'N', offset: Number(layer.slice(1) || 0) + by }) : String(Number(layer) + by);
  };
  return text.split(/(k = (?:\d+|N(?:[+-]\d+)?)(?:\.\.(?:\d+|N(?:[+-]\d+)?))?)/).map((part, n) => (n % 2 === 1
    ? `k = ${part.slice('k = '.length).split('..').map(end).join('..')}`
    : part.replace(/(?<![A-Za-z_])k((?:[+-]\d+)?)(?![A-Za-z_])/g, (_, by: string) => showLayer({ symbol: 'k', offset: Number(by || 0) + shift }))
  )).join('');
}

function nameIn(name: string, layer: Layer | null, { wordOf, slotOf, layerOf, symbolOf, names }: Vocabulary): { readonly name: string; readonly layer: Layer | null } | null {
  switch (names.get(name)) {
    case 'tensor': return wordOf(tensor(name, layer)).shown;
    case 'slot': return { name: slotOf(name, layer), layer: layer === null ? null : layerOf(layer) };
    case 'symbol': return { name: symbolOf(name), layer: layer === null ? null : layerOf(layer) };
    case undefined: return layer === null ? null : { name, layer: layerOf(layer) };
  }
}
