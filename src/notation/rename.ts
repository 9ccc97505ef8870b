// Expressions from the program's own words to a notation's. What changes values (b = -θ, g = -∂E/∂a, a mean instead of a
// sum) is put in as a factor, so that both sides say the same.

import { type Affine, type AffineSymbol, fromSymbol, type Range, substituteAffine } from '../algebra/affine.ts';
import { add, affineValue, call, divide, type Expression, multiply, number, one, type Reference, symbol, type Tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, shiftLayer } from '../algebra/layer.ts';
import { rewrite, substituteSymbols } from '../algebra/traverse.ts';
import type { System } from '../spec/network.ts';
import { samplesSize } from '../spec/samples.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a formula belongs to, besides its vocabulary. */
export interface Renaming {
  readonly vocabulary: Vocabulary;
  readonly system: System;
  /** Tensors whose adjoints the notation has a symbol for. */
  readonly isSignal: (t: Tensor) => boolean;
  /** How much higher the letter for a layer is written: 1 turns k-1 into k. */
  readonly shift: number;
  /** How the loss of all samples comes of theirs in the formula; null for the formulas of one sample. */
  readonly samples: 'sum' | 'mean' | null;
}

/** An expression is `factor` times what is written. */
export interface Factored<T> {
  readonly factor: Expression;
  readonly written: T;
}

export function renamed(e: Expression, r: Renaming): Expression {
  const named = rewrite(e, (x) => {
    if (x.kind === 'ref') return renamedEntry(x, r);
    if (x.kind === 'symbol') return symbol(r.vocabulary.symbolOf(x.name), layerIn(x.layer, r));
    if (x.kind === 'call' && x.fn.kind === 'slot') {
      return call({ ...x.fn, name: r.vocabulary.slotOf(x.fn.name, x.fn.layer), layer: layerIn(x.fn.layer, r) }, x.argument);
    }
    return null;
  });
  return substituteSymbols(named, (s) => renamedSize(s, r));
}

const renamedEntry = (e: Reference, r: Renaming): Expression => {
  const { factor, written } = factoredEntry(e, r);
  return multiply([factor, written]);
};

/** An entry, or the entry of an adjoint, and the number that it is of what is written. Sizes in its indices are still the program's. */
export function factoredEntry(e: Reference, r: Renaming): Factored<Reference> {
  const word = r.vocabulary.wordOf(e.tensor);
  const n = e.indices.length;
  const [row, column] = e.indices.slice(-2);
  const indices = word.turned && row !== undefined && column !== undefined ? [...e.indices.slice(0, n - 2), column, row] : e.indices;
  return { factor: e.adjoint ? adjointFactor(e.tensor, r) : number(word.sign), written: { ...e, tensor: shownTensor(e.tensor, r), indices } };
}

/** The tensor as it is named, its layer letter moved. */
export function shownTensor(t: Tensor, r: Renaming): Tensor {
  const { shown } = r.vocabulary.wordOf(t);
  return { ...shown, layer: moved(shown.layer, r) };
}

const moved = (layer: Layer | null, { shift }: Renaming): Layer | null => (layer?.symbol === 'k' ? shiftLayer(layer, shift) : layer);
const layerIn = (layer: Layer | null, r: Renaming): Layer | null => (layer === null ? null : moved(r.vocabulary.layerOf(layer), r));

/** ∂E/∂T is that many times what the notation calls it. */
function adjointFactor(t: Tensor, r: Renaming): Expression {
  const { signal } = r.vocabulary.spec;
  const sign = r.vocabulary.wordOf(t).sign * (r.isSignal(t) ? signal.sign : 1);
  return multiply([number(sign), lossFactor(t, r)]);
}

/** ∂E/∂T is that many times the derivative of what the notation calls the loss. */
export function derivativeFactor(t: Tensor, r: Renaming): Expression {
  return multiply([number(r.vocabulary.wordOf(t).sign), totalFactor(r)]);
}

/** E is that many times the text's. */
function totalFactor({ vocabulary, samples }: Renaming): Expression {
  const mean = vocabulary.spec.samples.mean;
  if (samples === null || mean === (samples === 'mean')) return one;
  const count = affineValue(samplesSize);
  return mean ? count : divide(one, count);
}

function lossFactor(t: Tensor, r: Renaming): Expression {
  const { samples } = r.vocabulary.spec;
  if (r.samples === null || !isPerSample(t, r.system) || (samples.mean && samples.at === 'signal')) return totalFactor(r);
  // The signal of one sample's own loss.
  return r.samples === 'mean' ? divide(one, affineValue(samplesSize)) : one;
}

const isPerSample = (t: Tensor, system: System): boolean =>
  (system.declarations.get(tensorKey(t)) ?? [...system.declarations.values()].find((d) => d.tensor.name === t.name))?.perSample ?? true;

export const renamedAffine = (a: Affine, r: Renaming): Affine => substituteAffine(a, (s) => renamedSize(s, r));
export const renamedRange = (range: Range, r: Renaming): Range => ({ lo: renamedAffine(range.lo, r), hi: renamedAffine(range.hi, r) });

function renamedSize(s: AffineSymbol, r: Renaming): Affine | null {
  if (s.kind === 'index') return null;
  if (s.layer === null) return s.name === SAMPLES ? fromSymbol({ ...s, name: r.vocabulary.spec.letters.samples }) : null;
  const layer = layerIn(s.layer, r);
  // Where layers carry no numbers, sizes keep theirs in their names.
  return fromSymbol(r.vocabulary.spec.layers.mark === 'letters' && layer !== null
    ? { ...s, name: `${s.name}_${String(layer.offset)}`, layer: null } : { ...s, layer });
}

const SAMPLES = 'samples';

/** factor · e, a sign inside a sum of terms. */
export function scaled(e: Expression, factor: Expression): Expression {
  return e.kind === 'add' && factor.kind === 'number' ? add(e.terms.map((t) => multiply([factor, t]))) : multiply([factor, e]);
}

export const quotient = (a: Expression, b: Expression): Expression =>
  (b.kind === 'number' && b.value.d === 1n && (b.value.n === 1n || b.value.n === -1n) ? multiply([b, a]) : divide(a, b));
