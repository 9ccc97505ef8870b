// What a reader of a derivation in some notation knows: everything that its writer has said.

import { number, type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Derivation } from '../derive/derivation.ts';
import { conventionOf, layoutOf } from '../notation/setting.ts';
import type { Translation } from '../notation/translation.ts';
import type { ReadingContext, SignalSymbol } from './resolve/context.ts';

/** @param own the derivation in the program's own words, of which the translation is one */
export function notationContext(own: Derivation, { derivation, vocabulary, signalName }: Translation): ReadingContext {
  const { spec } = vocabulary;
  const signals = new Map<string, SignalSymbol>();
  for (const t of derivation.signals) {
    const name = signalName(t);
    if (name !== null) signals.set(tensorKey(t), { tensor: t, symbol: derivation.signal, name });
  }
  return {
    convention: conventionOf(spec, own.system), layout: layoutOf(spec), system: derivation.system, signals: [...signals.values()],
    signalFactor: spec.signal.sign < 0 && signals.size > 0 ? number(spec.signal.sign) : null,
    scalars: [...vocabulary.names].filter(([, kind]) => kind === 'symbol').map(([name]) => vocabulary.symbolOf(name)),
    functions: [...vocabulary.names].filter(([, kind]) => kind === 'slot').flatMap(([name]) => functionNames(name, own, vocabulary.slotOf)),
  };
}

/** A function's names in all layers. */
function functionNames(name: string, { system }: Derivation, slotOf: (name: string, layer: Tensor['layer']) => string): readonly string[] {
  return [...new Set([slotOf(name, null), ...system.instances.map((i) => slotOf(name, i.layer))])];
}
