// What a writer is told besides the formula: the convention, which adjoints are signals, how much of the ranges to show.

import type { Layer } from '../algebra/layer.ts';
import { sameTensor, type Tensor } from '../algebra/expression.ts';
import type { Signal } from '../spec/network.ts';
import { articleConvention, type Convention } from './convention.ts';

export interface NotationOptions {
  /** Tensors whose adjoints are written with the symbol of the signal instead of ∂E/∂T. */
  readonly signals?: readonly Tensor[];
  /** Which symbol that is: δ for pre-activations ('a', unless said otherwise), ζ for outputs ('z'). */
  readonly signal?: Signal;
  /** Show the range of every sum; otherwise only of those that do not run over a whole axis 1..size. */
  readonly ranges?: boolean;
  readonly convention?: Convention;
}

export interface Notation {
  readonly signals: readonly Tensor[];
  readonly signal: Signal;
  readonly ranges: boolean;
  readonly convention: Convention;
}

export const notationOf = (options: NotationOptions): Notation => ({
  signals: options.signals ?? [],
  signal: options.signal ?? 'a',
  ranges: options.ranges ?? false,
  convention: options.convention ?? articleConvention,
});

/**
 * Whether ∂E/∂t has the signal's symbol. A signal of layer k is one of layer k-1, too. Where one layer has several
 * signals (gates), the symbol would not say whose: then none of them has it.
 */
export function isSignal(t: Tensor, notation: Notation): boolean {
  const generic = (layer: Layer | null): boolean => layer !== null && layer.symbol !== null;
  const known = notation.signals.some(
    (s) => sameTensor(s, t) || (s.name === t.name && generic(s.layer) && generic(t.layer)));
  const names = new Set(notation.signals.filter((s) => s.layer?.symbol === t.layer?.symbol
    && (generic(t.layer) || s.layer?.offset === t.layer?.offset)).map((s) => s.name));
  return known && names.size <= 1;
}
