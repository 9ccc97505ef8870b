// What a writer is told besides the formula: the convention, which adjoints are signals, how much of the ranges to show.

import type { Range } from '../algebra/affine.ts';
import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Equation, Signal, System } from '../spec/network.ts';
import { articleConvention, type Convention } from './convention.ts';

export interface NotationOptions {
  /** Tensors whose adjoints are written with the symbol of the signal instead of ∂E/∂T. */
  readonly signals?: readonly Tensor[];
  /** Which symbol that is: δ for pre-activations ('a', unless said otherwise), ζ for outputs ('z'). */
  readonly signal?: Signal;
  /** Signals that are outputs though `signal` is 'a' (of layers without a pre-activation): they are written with ζ. */
  readonly outputs?: readonly Tensor[];
  /** Show the range of every sum; otherwise only of those that do not run over a whole axis 1..size. */
  readonly ranges?: boolean;
  readonly convention?: Convention;
  /** What the formulas belong to: it tells which tensors hold integers, and which of them the place of a maximum. */
  readonly system?: Pick<System, 'declarations' | 'equations'>;
}

export interface Notation {
  /** The symbol for ∂E/∂t, or null where it is written so. */
  signalOf(t: Tensor): Signal | null;
  /** The values that the entries of an integer tensor can have; null for any other tensor. */
  valuesOf(t: Tensor): Range | null;
  /** The equation of a tensor that holds places of maxima; null for any other. */
  choiceOf(t: Tensor): Equation | null;
  readonly ranges: boolean;
  readonly convention: Convention;
}

const known = new WeakMap<NotationOptions, Notation>();

export function notationOf(options: NotationOptions): Notation {
  let notation = known.get(options);
  if (notation === undefined) {
    const choices = new Map((options.system?.equations ?? []).filter((e) => e.value.kind === 'argmax').map((e) => [tensorKey(e.tensor), e]));
    notation = {
      valuesOf: (t) => options.system?.declarations.get(tensorKey(t))?.integer ?? null,
      choiceOf: (t) => choices.get(tensorKey(t)) ?? null,
      signalOf: signalsOf(options), ranges: options.ranges ?? false, convention: options.convention ?? articleConvention,
    };
    known.set(options, notation);
  }
  return notation;
}

/**
 * A signal of layer k is one of layer k-1 and of layer N, too. Where one layer has several signals with one symbol (the
 * gates of a cell), the symbol would not say whose: then none of them has it.
 */
function signalsOf(options: NotationOptions): Notation['signalOf'] {
  const first = (options.signals ?? []).map((tensor) => ({ tensor, symbol: options.signal ?? 'a' }));
  const signals = [...first, ...(options.outputs ?? []).map((tensor) => ({ tensor, symbol: 'z' as const }))];
  const names = new Map<string, Set<string>>();
  for (const { tensor, symbol } of signals) {
    const key = `${layerOf(tensor)} ${symbol}`;
    names.set(key, (names.get(key) ?? new Set()).add(tensor.name));
  }
  const symbols = new Map(signals.filter(({ tensor, symbol }) => names.get(`${layerOf(tensor)} ${symbol}`)?.size === 1)
    .map(({ tensor, symbol }) => [signalKey(tensor), symbol] as const));
  return (t) => symbols.get(signalKey(t)) ?? null;
}

const isGeneric = (t: Tensor): boolean => t.layer !== null && t.layer.symbol !== null;
const layerOf = (t: Tensor): string => (isGeneric(t) ? 'k' : String(t.layer?.offset));
const signalKey = (t: Tensor): string => (isGeneric(t) ? `${t.name}@k` : tensorKey(t));
