// Expressions from the program's own words to a notation's. What changes values (b = -θ, g = -∂E/∂a, a mean instead of a
// sum) is put in as a factor, so that both sides say the same.

import { type Affine, type AffineSymbol, fromSymbol, type Range, substituteAffine } from '../algebra/affine.ts';
import { add, affineValue, bind, type Expression, type ExpressionOf, type FunctionName, multiply, negate, number, one, power, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, shiftLayer } from '../algebra/layer.ts';
import { writing } from '../algebra/print.ts';
import { substituteSymbols } from '../algebra/traverse.ts';
import type { System } from '../spec/network.ts';
import { samplesSize } from '../spec/samples.ts';
import { tidySigns, withCountInFront } from './signs.ts';
import { throughout } from './throughout.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a formula belongs to, besides its vocabulary. */
export interface Renaming {
  readonly vocabulary: Vocabulary;
  readonly system: System;
  /** Tensors that formulas mention beside those of the system: E, and y for the network's output. */
  readonly mentioned: readonly Tensor[];
  /** The symbol that the notation has for ∂E/∂t; null where it is written as a derivative. */
  readonly signalName: (t: Tensor) => string | null;
  /** How much higher the letter for a layer is written: 1 turns k-1 into k. */
  readonly shift: number;
  /**
   * How the losses of samples make E in a formula of all of them: as a network's file says, or open, so that the notation may
   * choose; null in formulas of one sample.
   */
  readonly samples: 'sum' | 'mean' | 'open' | null;
}

/** sign · m^samples, m being the number of samples. */
export interface Factor {
  readonly sign: 1 | -1;
  readonly samples: number;
}

/** An expression is `factor` times what is written. */
export interface Factored<T> {
  readonly factor: Factor;
  readonly written: T;
}

export const noFactor: Factor = { sign: 1, samples: 0 };
const byFactor = (a: Factor, b: Factor): Factor => ({ sign: a.sign * b.sign === 1 ? 1 : -1, samples: a.samples + b.samples });
export const overFactor = (a: Factor, b: Factor): Factor => byFactor(a, { sign: b.sign, samples: 0 - b.samples });
export const isNoFactor = (f: Factor): boolean => f.sign === 1 && f.samples === 0;

/** As an expression. */
export const factorValue = (f: Factor): Expression => multiply([number(f.sign), power(affineValue(samplesSize), f.samples)]);

/** factor · e, a sign inside a sum of terms. */
export function scaled(e: Expression, factor: Factor): Expression {
  if (isNoFactor(factor)) return e;
  const met = factor.samples === 0 ? null : meeting(e, factor.samples);
  if (met !== null) return scaled(met, { ...factor, samples: 0 });
  return factor.sign === 1 ? multiply([factorValue(factor), e]) : tidySigns(multiply([factorValue(factor), e]));
}

export function renamed(e: Expression, r: Renaming): Expression {
  const named = throughout(e, {
    entry: (x) => renamedEntry(x, r),
    symbol: (x) => renamedSymbol(x, r),
    slot: (fn) => renamedSlot(fn, r),
  });
  const sized = substituteSymbols(named, (s) => renamedSize(s, r));
  const counted = r.samples === 'mean' && r.vocabulary.spec.samples.mean ? withCountInFront(sized) : sized;
  return turnsSigns(r) ? tidySigns(counted) : counted;
}

/** Where layers carry no numbers, constants keep theirs in their names. */
export function renamedSymbol({ name, layer }: ExpressionOf<'symbol'>, r: Renaming): ExpressionOf<'symbol'> {
  const [shown, at] = [r.vocabulary.symbolOf(name), layerIn(layer, r)];
  return at?.symbol === null && isLettered(r) ? { kind: 'symbol', name: `${shown}_${String(at.offset)}`, layer: null } : { kind: 'symbol', name: shown, layer: at };
}

/** Where layers carry no numbers, the name of a function says whose it is, or there is one function for all of them. */
export const renamedSlot = (fn: SlotName, r: Renaming): SlotName =>
  ({ ...fn, name: r.vocabulary.slotOf(fn.name, fn.layer), layer: fn.layer?.symbol === null && isLettered(r) ? null : layerIn(fn.layer, r) });

export type SlotName = Extract<FunctionName, { kind: 'slot' }>;

const isLettered = ({ vocabulary: { spec } }: Renaming): boolean => spec.layers.mark === 'letters';

/** Whether words of the notation have other signs. */
const turnsSigns = ({ vocabulary: { spec } }: Renaming): boolean => spec.bias === 'threshold' || spec.signal.sign < 0;

function renamedEntry(e: Reference, r: Renaming): Expression {
  const { factor, written } = factoredEntry(e, r);
  const added = addedEntry(e, r);
  return added === null ? scaled(written, factor) : add([scaled(written, factor), added]);
}

/** What an entry is more than what is written for it: the bias, where the notation has it in the function's argument. */
export function addedEntry(e: Reference, r: Renaming): Expression | null {
  const added = r.vocabulary.addedTo(e);
  return added === null ? null : renamedEntry(added, r);
}

/** e without a term that it holds, or with its opposite. */
export function without(e: Expression, term: Expression): Expression {
  const terms = e.kind === 'add' ? e.terms : [e];
  const at = terms.findIndex((t) => writing(t) === writing(term));
  return at < 0 ? add([e, negate(term)]) : add(terms.filter((_, n) => n !== at));
}

/** An entry, or the entry of an adjoint, and the number that it is of what is written. Sizes in its indices are still the program's. */
export function factoredEntry(e: Reference, r: Renaming): Factored<Reference> {
  const word = r.vocabulary.wordOf(e.tensor);
  const n = e.indices.length;
  const [row, column] = e.indices.slice(-2);
  const indices = word.turned && row !== undefined && column !== undefined ? [...e.indices.slice(0, n - 2), column, row] : e.indices;
  return { factor: e.adjoint ? adjointFactor(e.tensor, r) : { sign: word.sign, samples: 0 }, written: { ...e, tensor: shownTensor(e.tensor, r), indices } };
}

/** The tensor as it is named, its layer letter moved. */
export function shownTensor(t: Tensor, r: Renaming): Tensor {
  const { shown } = r.vocabulary.wordOf(t);
  return { ...shown, layer: moved(shown.layer, r) };
}

const moved = (layer: Layer | null, { shift }: Renaming): Layer | null => (layer?.symbol === 'k' ? shiftLayer(layer, shift) : layer);
export const layerIn = (layer: Layer | null, r: Renaming): Layer | null => (layer === null ? null : moved(r.vocabulary.layerOf(layer), r));

/** ∂E/∂T is that many times what the notation calls it. */
function adjointFactor(t: Tensor, r: Renaming): Factor {
  const { signal } = r.vocabulary.spec;
  const sign: Factor = { sign: r.signalName(t) === null ? 1 : signal.sign, samples: signalSamples(t, r) };
  return byFactor(sign, { sign: r.vocabulary.wordOf(t).sign, samples: 0 });
}

/** ∂E/∂T is that many times the derivative of what the notation calls the loss. */
export const derivativeFactor = (t: Tensor, r: Renaming): Factor => ({ sign: r.vocabulary.wordOf(t).sign, samples: totalSamples(r) });

/** E is m to that power times the text's: only where nobody has said what E is may a notation make it a mean. */
const totalSamples = ({ vocabulary, samples }: Renaming): number => (samples === 'open' && vocabulary.spec.samples.mean ? 1 : 0);

/** With the mean in the gradients, signals are those of one sample's own loss. */
function signalSamples(t: Tensor, r: Renaming): number {
  const { mean, at } = r.vocabulary.spec.samples;
  // ∂J/∂a is what it says; dz and a bar stand for what the text takes them for, as δ does.
  const isSymbol = r.signalName(t) !== null || r.vocabulary.spec.derivative === 'd' || r.vocabulary.spec.derivative === 'bar';
  const own = r.samples !== null && mean && at === 'gradient' && isSymbol && isPerSample(t, r.system);
  return !own ? totalSamples(r) : r.samples === 'mean' ? -1 : 0;
}

/** m^power · e, where that meets m^-power in e and both vanish; null where it does not. */
function meeting(e: Expression, power: number): Expression | null {
  const isInverse = (f: Expression): boolean => writing(f) === writing(factorValue({ sign: 1, samples: 0 - power }));
  if (isInverse(e)) return one;
  switch (e.kind) {
    case 'multiply': {
      for (const [n, factor] of e.factors.entries()) {
        const met = meeting(factor, power);
        if (met !== null) return multiply([...e.factors.slice(0, n), met, ...e.factors.slice(n + 1)]);
      }
      return null;
    }
    case 'sum': {
      const body = meeting(e.body, power);
      return body === null ? null : bind('sum', e.index, e.range, body);
    }
    case 'add': {
      const terms = e.terms.map((t) => meeting(t, power));
      return terms.some((t) => t === null) ? null : add(terms.filter((t) => t !== null));
    }
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'product': case 'argmax': case 'power': case 'call':
    case 'piecewise': return null;
  }
}

const isPerSample = (t: Tensor, system: System): boolean =>
  (system.declarations.get(tensorKey(t)) ?? [...system.declarations.values()].find((d) => d.tensor.name === t.name))?.perSample ?? true;

export const renamedAffine = (a: Affine, r: Renaming): Affine => substituteAffine(a, (s) => renamedSize(s, r));
export const renamedRange = (range: Range, r: Renaming): Range => ({ lo: renamedAffine(range.lo, r), hi: renamedAffine(range.hi, r) });

export function renamedSize(s: AffineSymbol, r: Renaming): Affine | null {
  if (s.kind === 'index') return null;
  if (s.layer === null) return null;
  const layer = layerIn(s.layer, r);
  // Where layers carry no numbers, sizes keep theirs in their names.
  return fromSymbol(r.vocabulary.spec.layers.mark === 'letters' && r.vocabulary.spec.layers.symbols.size > 0 && layer !== null
    ? { ...s, name: `${s.name}_${String(layer.offset)}`, layer: null } : { ...s, layer });
}
