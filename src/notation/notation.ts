// What a writer is told besides the formula: the convention, which adjoints are signals, how much of the ranges to show.

import type { Range } from '../algebra/affine.ts';
import { type Expression, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';
import type { Equation, Signal, System } from '../spec/network.ts';
import { articleConvention, type Convention } from './convention.ts';

export interface NotationOptions {
  /** Tensors whose adjoints are written with the symbol of the signal instead of ∂E/∂T. */
  readonly signals?: readonly Tensor[];
  /** Which symbol that is: δ for pre-activations ('a', unless said otherwise), ζ for outputs ('z'). */
  readonly signal?: Signal;
  /** Signals that are outputs though `signal` is 'a' (of layers without a pre-activation): they are written with ζ. */
  readonly outputs?: readonly Tensor[];
  /** The symbol for ∂E/∂t where it has one, in place of the convention's: each layer may have its own. */
  readonly signalName?: (t: Tensor) => string | null;
  /** Show the range of every sum; otherwise only of those that do not run over a whole axis 1..size. */
  readonly ranges?: boolean;
  /** Write the numbers of rows and columns below every vector and matrix of a vector form. */
  readonly shapes?: boolean;
  readonly convention?: Convention;
  /** What the formulas belong to: it tells which tensors hold integers, and which of them the place of a maximum. */
  readonly system?: Pick<System, 'declarations' | 'equations'>;
  /** Which indices count the units of a layer: they get the letters that the convention has for units. */
  readonly unitsOf?: UnitsOf;
  /** What the signal's symbol is of ∂E/∂T, where a text has it with another sign or factor. */
  readonly signalFactor?: Expression;
}

/**
 * The layer whose units an index counts; 'some' where it counts units, but nobody knows of which layer; null for any other index.
 * @param index its name in the algebra, `j` or `j#2`
 * @param range null where nothing tells it
 */
export type UnitsOf = (index: string, range: Range | null) => Layer | 'some' | null;

export interface Notation {
  /** Which signal ∂E/∂t is; null where it is none, or where nothing would say whose. */
  signalOf(t: Tensor): Signal | null;
  /** The symbol for ∂E/∂t, or null where it is written as a derivative. */
  symbolOf(t: Tensor): string | null;
  /** How many axes a tensor has, null where nothing tells it. */
  rankOf(t: Tensor): number | null;
  /** The range of an axis as it is declared, null where nothing tells it; samples may stand in front. */
  axisOf(r: Reference, axis: number): Range | null;
  /** Whether tensors or sizes of that name belong to layers. */
  isLayered(name: string): boolean;
  /** Whether a tensor or a symbol of the convention has that name. */
  isSymbol(name: string): boolean;
  readonly unitsOf: UnitsOf;
  readonly signalFactor: Expression | null;
  /** The values that the entries of an integer tensor can have; null for any other tensor. */
  valuesOf(t: Tensor): Range | null;
  /** The equation of a tensor that holds places of maxima; null for any other. */
  choiceOf(t: Tensor): Equation | null;
  readonly ranges: boolean;
  readonly shapes: boolean;
  readonly convention: Convention;
}

const known = new WeakMap<NotationOptions, Notation>();

export function notationOf(options: NotationOptions): Notation {
  let notation = known.get(options);
  if (notation === undefined) {
    const choices = new Map((options.system?.equations ?? []).filter((e) => e.value.kind === 'argmax').map((e) => [tensorKey(e.tensor), e]));
    const convention = options.convention ?? articleConvention;
    const signalOf = signalsOf(options);
    const names = namesOf(options.system);
    const ofSignals = [...options.signals ?? [], ...options.outputs ?? []].map((t) => options.signalName?.(t) ?? null);
    const symbols = new Set([convention.total, convention.signal.a, convention.signal.z, ...ofSignals]);
    notation = {
      valuesOf: (t) => options.system?.declarations.get(tensorKey(t))?.integer ?? null,
      choiceOf: (t) => choices.get(tensorKey(t)) ?? null,
      signalOf,
      symbolOf: options.signalName ?? ((t) => {
        const role = signalOf(t);
        const symbol = role === null ? null : convention.signal[role];
        return symbol === '' ? null : symbol;
      }),
      rankOf: (t) => names.ranks.get(tensorKey(t)) ?? names.ranks.get(t.name) ?? null,
      axisOf: ({ tensor, indices }, axis) => {
        const declared = options.system?.declarations.get(tensorKey(tensor))?.axes ?? [];
        return declared[axis - (indices.length - declared.length)]?.range ?? null;
      },
      isLayered: (name) => names.layered.has(name),
      isSymbol: (name) => names.names.has(name) || symbols.has(name),
      unitsOf: options.unitsOf ?? (() => null), signalFactor: options.signalFactor ?? null,
      ranges: options.ranges ?? false, shapes: options.shapes ?? false, convention,
    };
    known.set(options, notation);
  }
  return notation;
}

interface Names {
  /** By tensorKey; tensors of layers also by their names, for layer k is like the others. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly names: ReadonlySet<string>;
  /** Of tensors and sizes that belong to layers. */
  readonly layered: ReadonlySet<string>;
}

function namesOf(system: NotationOptions['system']): Names {
  const declared = [...(system?.declarations.values() ?? [])];
  const ofLayers = declared.filter((d) => d.tensor.layer !== null);
  const sizes = declared.flatMap((d) => d.axes).flatMap((a) => [...a.range.lo.terms, ...a.range.hi.terms]).map((t) => t.symbol);
  return {
    ranks: new Map([...ofLayers.map((d) => [d.tensor.name, d.axes.length] as const), ...declared.map((d) => [tensorKey(d.tensor), d.axes.length] as const)]),
    names: new Set(declared.map((d) => d.tensor.name)),
    layered: new Set([...ofLayers.map((d) => d.tensor.name), ...sizes.filter((s) => s.kind === 'size' && s.layer !== null).map((s) => s.name)]),
  };
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
