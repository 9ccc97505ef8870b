// How a derivation is written: which adjoints have symbols, and which.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Derivation } from '../derive/derivation.ts';
import type { NotationSpec } from './notation-spec.ts';
import { type NotationOptions, notationOf } from './notation.ts';
import { conventionOf } from './setting.ts';

const notations = new WeakMap<Derivation, NotationOptions>();

/** How a derivation is written: signals that no layer declares as pre-activations are adjoints of outputs. */
export function notationFor(derivation: Derivation): NotationOptions {
  let options = notations.get(derivation);
  if (options === undefined) {
    // A layer without a pre-activation carries the adjoint of its output.
    const declared = new Set(derivation.system.instances.flatMap((i) => {
      const outputs = new Set([...i.outputs.values()].map(tensorKey));
      return i.preActivations.filter((t) => !outputs.has(tensorKey(t))).flatMap((t) => [t.name, tensorKey(t)]);
    }));
    const isPreActivation = (t: Tensor): boolean => declared.has((t.layer?.symbol ?? null) === null ? tensorKey(t) : t.name);
    const outputs = derivation.signal === 'a' && declared.size > 0 ? derivation.signals.filter((t) => !isPreActivation(t)) : [];
    options = { signals: derivation.signals.filter((t) => !outputs.includes(t)), signal: derivation.signal, outputs, system: derivation.system };
    notations.set(derivation, options);
  }
  return options;
}

/** The symbols for adjoints: one for all layers, none where a layer has several signals, or one for each layer. */
export function signalNames(derivation: Derivation, spec: NotationSpec): (t: Tensor) => string | null {
  const plain = notationOf({ ...notationFor(derivation), convention: conventionOf(spec, derivation.system) });
  const signals = new Set(derivation.signals.map(tensorKey));
  return (t) => {
    const role = plain.signalOf(t);
    // Where a layer has several signals, its symbol would not say whose.
    const table = role !== null && t.layer?.symbol === null && signals.has(tensorKey(t)) ? spec.layers.symbols.get(t.layer.offset + spec.layers.input) : undefined;
    return table?.[role === 'z' ? 'output-signal' : 'signal'] ?? plain.symbolOf(t);
  };
}
