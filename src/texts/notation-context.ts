// What a reader of a derivation in some notation knows: everything that its writer has said.

import { number, type Tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, layerK, layerN, layerNumber } from '../algebra/layer.ts';
import type { Derivation } from '../derive/derivation.ts';
import { conventionOf, layoutOf } from '../notation/setting.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { isGeneric, symbolsIn, translatedDeclaration, type Translation } from '../notation/translation.ts';
import type { Declaration } from '../spec/network.ts';
import type { ReadingContext, SignalSymbol } from './resolve/context.ts';
import { declaredIn } from './resolve/declared.ts';

/**
 * @param own the derivation in the program's own words, of which the translation is one
 * @param about the layer that a formula is about, where the letters of units alone tell layers apart: the letter for the units
 *   above is that of the output units, too
 */
export function notationContext(own: Derivation, translation: Translation, about: Layer | null = null): ReadingContext {
  const { derivation, vocabulary, signalName } = translation;
  const { spec } = vocabulary;
  const signals = new Map<string, SignalSymbol>();
  for (const t of derivation.signals) {
    const name = signalName(t);
    if (name !== null) signals.set(tensorKey(t), { tensor: t, symbol: derivation.signal, name });
  }
  const { declarations, equations } = derivation.system;
  const general = generalDeclarations(own, translation).map((d) => [tensorKey(d.tensor), d] as const);
  return {
    convention: conventionOf(spec, own.system), layout: layoutOf(spec), signals: [...signals.values()],
    system: { declarations: new Map([...general, ...declarations]), equations, slots: new Map() },
    signalFactor: spec.signal.sign < 0 && signals.size > 0 ? number(spec.signal.sign) : null,
    ...(spec.layers.mark === 'letters' && spec.layers.symbols.size === 0 ? { unitLayers: unitLayers(spec, isGeneric(own), about) } : {}),
    scalars: symbolsIn(derivation),
    functions: [...vocabulary.names].filter(([, kind]) => kind === 'slot').flatMap(([name]) => functionNames(name, own, vocabulary.slotOf)),
  };
}

/** i, j, k of layers k-1, k and k+1, or of the first ones: which units each letter counts. */
function unitLayers({ letters, layers, weights }: NotationSpec, generic: boolean, about: Layer | null): NonNullable<ReadingContext['unitLayers']> {
  const layerOf = (n: number): Layer => {
    if (!generic) return layerNumber(n + layers.input);
    return about?.symbol === 'N' ? layerN(n - 2) : layerK(n - 1);
  };
  return { of: new Map(letters.layers.map((letter, n) => [letter, layerOf(n)])), own: weights === 'to-from' ? 'first' : 'last' };
}

/** The tensors of layer k where a derivation speaks of it and its system does not: the last layer stands for all. */
function generalDeclarations(own: Derivation, { plain }: Translation): readonly Declaration[] {
  if (!isGeneric(own)) return [];
  const declared = [...own.system.declarations.values()];
  const numbered = new Map(declared.flatMap((d) => (d.tensor.layer?.symbol === null ? [[d.tensor.name, d] as const] : [])));
  return [...numbered.values()].map((d) => translatedDeclaration(declaredIn(d, layerK()), plain));
}

/** A function's names in all layers. */
function functionNames(name: string, { system }: Derivation, slotOf: (name: string, layer: Tensor['layer']) => string): readonly string[] {
  return [...new Set([slotOf(name, null), ...system.instances.map((i) => slotOf(name, i.layer))])];
}
