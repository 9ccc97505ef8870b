// What a reader of a derivation in some notation knows: everything that its writer has said.

import { number, tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, layerK, layerN } from '../algebra/layer.ts';
import { references } from '../algebra/traverse.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { declarationFor, declaredIn } from '../notation/declared.ts';
import { conventionOf, layoutOf, unitsOf } from '../notation/setting.ts';
import { expressionsOf } from '../notation/expressions-of.ts';
import { functionsIn, isGeneric, symbolsIn, translatedDeclaration, type Translation } from '../notation/translation.ts';
import { tellsLayersByUnits, unitLetters } from '../notation/unit-letters.ts';
import type { Declaration } from '../spec/network.ts';
import type { ReadingContext, SignalSymbol } from './resolve/context.ts';

/** @param own the derivation in the program's own words, of which the translation is one */
export function notationContext(own: Derivation, translation: Translation): ReadingContext {
  const { derivation, vocabulary, signalName } = translation;
  const { spec } = vocabulary;
  const signals = new Map<string, SignalSymbol>();
  for (const t of derivation.signals) {
    const name = signalName(t);
    if (name !== null) signals.set(tensorKey(t), { tensor: t, symbol: derivation.signal, name });
  }
  const { declarations, equations } = derivation.system;
  const general = generalDeclarations(own, translation).map((d) => [tensorKey(d.tensor), d] as const);
  const numbered = new Map([...outputsIn(derivation), ...general, ...declarations]);
  const known = tellsLayersByUnits(spec) && isGeneric(own) ? new Map([...besides(numbered), ...numbered]) : numbered;
  return {
    convention: conventionOf(spec, own.system), layout: layoutOf(spec), signals: [...signals.values()],
    system: { declarations: known, equations, slots: new Map() },
    ...(tellsLayersByUnits(spec) ? { units: { letters: spec.letters.layers, letterOf: unitLetters(spec, unitsOf(own.system, translation.plain)), of: isGeneric(own) ? 'k' as const : null } } : {}),
    signalFactor: spec.signal.sign < 0 && signals.size > 0 ? number(spec.signal.sign) : null,
    scalars: symbolsIn(derivation),
    functions: functionsIn(derivation),
  };
}

/** The tensors of layer k where a derivation speaks of it and its system does not: the last layer stands for all. */
function generalDeclarations(own: Derivation, { plain }: Translation): readonly Declaration[] {
  if (!isGeneric(own)) return [];
  const declared = [...own.system.declarations.values()];
  const numbered = new Map(declared.flatMap((d) => (d.tensor.layer?.symbol === null ? [[d.tensor.name, d] as const] : [])));
  return [...numbered.values()].map((d) => translatedDeclaration(declaredIn(d, layerK()), plain));
}

/** Layers that letters of units may stand for, where the derivation does not name their tensors. */
function besides(declarations: ReadonlyMap<string, Declaration>): readonly (readonly [string, Declaration])[] {
  const all = [...declarations.values()];
  return [...new Set(all.flatMap((d) => (d.tensor.layer === null ? [] : [d.tensor.name])))].flatMap((name) => {
    const namesakes = all.filter((d) => d.tensor.name === name);
    return [layerK(-1), layerK(), layerK(1), layerN(-1), layerN()].flatMap((layer) => {
      const found = declarationFor(tensor(name, layer), namesakes);
      return found === null ? [] : [[tensorKey(found.tensor), found] as const];
    });
  });
}

/** Where letters of units tell layers apart, the words around a formula say which layers it is about: any, the last ones, the network's own. */
export function contextAt({ left, right }: Pick<Step, 'left' | 'right'>, context: ReadingContext): ReadingContext {
  if (context.units === undefined) return context;
  const symbols = new Set([left, ...right.map((r) => r.formula)].flatMap(expressionsOf).flatMap(references).flatMap(({ tensor: t }): Layer['symbol'][] => (t.layer === null ? [] : [t.layer.symbol])));
  const of = symbols.has('k') ? 'k' : symbols.has('N') ? 'N' : null;
  return of === context.units.of ? context : { ...context, units: { ...context.units, of } };
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
