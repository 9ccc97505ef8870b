// What a reader of a derivation in some notation knows: everything that its writer has said.

import { number, tensorKey } from '../algebra/expression.ts';
import { type Layer, layerK, layerN, layerNumber } from '../algebra/layer.ts';
import { references } from '../algebra/traverse.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Derivation } from '../derive/derivation.ts';
import { declaredIn } from '../notation/declared.ts';
import { conventionOf, layoutOf } from '../notation/setting.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { expressionsOf, functionsIn, isGeneric, symbolsIn, translatedDeclaration, type Translation } from '../notation/translation.ts';
import type { Declaration } from '../spec/network.ts';
import type { ReadingContext, SignalSymbol } from './resolve/context.ts';

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
    system: { declarations: new Map([...outputsIn(derivation), ...general, ...declarations]), equations, slots: new Map() },
    signalFactor: spec.signal.sign < 0 && signals.size > 0 ? number(spec.signal.sign) : null,
    ...(spec.layers.mark === 'letters' && spec.layers.symbols.size === 0 ? { unitLayers: unitLayers(spec, isGeneric(own), about) } : {}),
    scalars: symbolsIn(derivation),
    functions: functionsIn(derivation),
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

const nowhere: Place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Tensors that formulas mention and no system declares, as they stand there: the output y of layer N. */
export function outputsIn({ steps, system: { declarations, total } }: Derivation): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const step of steps) {
    for (const { tensor, indices } of [step.left, ...step.right.map((r) => r.formula)].flatMap(expressionsOf).flatMap(references)) {
      const key = tensorKey(tensor);
      if (tensor.layer !== null || declarations.has(key) || (total !== null && key === tensorKey(total)) || found.has(key)) continue;
      const axes = indices.flatMap((a) => step.axes.filter((axis) => a.terms[0]?.symbol.name === axis.index));
      if (axes.length !== indices.length || axes.length === 0) continue;
      found.set(key, { tensor, axes, role: 'variable', perSample: true, place: step.sources[0] ?? nowhere });
    }
  }
  return found;
}
