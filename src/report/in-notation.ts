// A derivation as a text of another notation would have it.

import { type Layer, showLayer } from '../algebra/layer.ts';
import { tensor } from '../algebra/expression.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { FUNCTIONS_DIFFER } from '../derive/derive.ts';
import { EACH_DIVIDED } from '../derive/concrete.ts';
import { SUM_OF_LOSSES } from '../derive/generic.ts';
import type { Convention } from '../notation/convention.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { signalNames } from '../notation/derivation-options.ts';
import { conventionOf, layoutOf, unitsOf } from '../notation/setting.ts';
import { tellsLayersByUnits } from '../notation/unit-letters.ts';
import { translateDerivation } from '../notation/translation.ts';
import type { Vocabulary } from '../notation/vocabulary.ts';
import { inSamples } from './in-samples.ts';
import { layoutInWords } from './layout-words.ts';
import type { WritingStyle } from './writing.ts';

export interface InNotation {
  readonly derivation: Derivation;
  readonly style: WritingStyle;
}

/** @throws DiagnosticError for what the notation cannot say */
export function inNotation(derivation: Derivation, spec: NotationSpec): InNotation {
  const convention = conventionOf(spec, derivation.system);
  const names = signalNames(derivation, spec);
  const { derivation: said, steps, vocabulary, signalName, plain } = translateDerivation(derivation, spec, names);
  // Sentences of all layers speak of layer k as the text counts them.
  const base = -spec.layers.input;
  const sentences = steps.map(({ step, renaming }): Step => {
    const shift = step.layers === null ? base : renaming.shift;
    return { ...step, title: moved(step.title, shift, spec), remarks: step.remarks.map((r) => moved(sampleWords(r, spec), shift, spec)) };
  });
  return {
    derivation: { ...said, steps: sentences, assumptions: assumptionsIn(derivation, spec, convention).map((a) => moved(a, base, spec)) },
    style: {
      convention,
      // Whole tensors look alike where only the letters of units tell their layers apart.
      layouts: {
        shown: tellsLayersByUnits(spec) ? [] : [{ name: 'in vectors', layout: layoutOf(spec) }], same: 'in vectors',
        meaning: layoutInWords(layoutOf(spec), spec.samples.as !== 'sum'), kronecker: spec.kronecker,
      },
      signalName, unitsOf: unitsOf(derivation.system, plain),
      ...(spec.samples.as === 'sum' ? {} : { samples: inSamples(derivation, steps, spec, names) }),
      rename: (name, layer) => nameIn(name, layer, vocabulary),
      layer: vocabulary.layerOf,
    },
  };
}

/** How the samples make up E, as the notation has it. */
function sampleWords(remark: string, { samples }: NotationSpec): string {
  if (remark === SUM_OF_LOSSES && samples.mean) return 'E is the mean of their losses.';
  return samples.mean && samples.at === 'gradient' ? remark.replace(EACH_DIVIDED, 'the gradients by parameters are divided by the number of samples.') : remark;
}

function assumptionsIn({ assumptions }: Derivation, { symbols }: NotationSpec, { functions }: Convention): readonly string[] {
  return functions === 'each' ? assumptions
    : assumptions.map((a) => (a === FUNCTIONS_DIFFER ? `\`${symbols['activation-function'] ?? 'h'}\` stands for the activation functions of all layers, which may differ.` : a));
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
  const counted = text.replace(/\bN = (\d+) layers/g, (_, n: string) => `N = ${String(Number(n) + base)} layers`);
  return counted.split(/(k = (?:\d+|N(?:[+-]\d+)?)(?:\.\.(?:\d+|N(?:[+-]\d+)?))?)/).map((part, n) => (n % 2 === 1
    ? `k = ${part.slice('k = '.length).split('..').map(end).join('..')}`
    : part.replace(/(?<![A-Za-z_]|N-)k((?:[+-]\d+)?)(?![A-Za-z_])/g, (_, by: string) => showLayer({ symbol: 'k', offset: Number(by || 0) + shift }))
  )).join('');
}

/** What sentences about layers in general call the target. */
const TARGET = 't';

function nameIn(name: string, layer: Layer | null, { spec, wordOf, slotOf, layerOf, symbolOf, names }: Vocabulary): { readonly name: string; readonly layer: Layer | null } | null {
  switch (names.get(name)) {
    case 'tensor': return wordOf(tensor(name, layer)).shown;
    case 'slot': return { name: slotOf(name, layer), layer: layer === null ? null : layerOf(layer) };
    case 'symbol': return { name: symbolOf(name), layer: layer === null ? null : layerOf(layer) };
    case undefined: return layer !== null ? { name, layer: layerOf(layer) } : name === TARGET ? { name: spec.symbols.target ?? name, layer } : null;
  }
}
