// Back from a notation's words to the program's own: the inverse of rename.ts. It asks the renaming itself what every tensor
// of the system would be called, so that the two cannot drift apart.

import { type Affine, type AffineSymbol, fromSymbol, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { add, type Expression, type ExpressionOf, type FunctionName, negate, ref, type Reference, symbol, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, layerK, layerN, shiftLayer, showLayer } from '../algebra/layer.ts';
import { references, substituteSymbols, visit } from '../algebra/traverse.ts';
import { samplesSize } from '../spec/samples.ts';
import type { Formula } from '../derive/derivation.ts';
import type { Axis } from '../spec/network.ts';
import { derivativeFactor, type Factor, type Factored, noFactor, overFactor, scaled, factoredEntry, layerIn, renamedSize, renamedSlot, renamedSymbol, type Renaming, type SlotName } from './rename.ts';
import { throughout } from './throughout.ts';

/** What stands for a symbol that nothing of the system is called. */
export class UnknownWordError extends Error {
  readonly word: string;
  constructor(word: string) {
    super(`nothing is called ${word}`);
    this.name = 'UnknownWordError';
    this.word = word;
  }
}

/** Tables from what is written to what is meant. */
export interface Meanings {
  readonly renaming: Renaming;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly sizes: ReadonlyMap<string, Affine>;
  /** The functions of the system by what is written, and their names by the name that is written. */
  readonly slots: ReadonlyMap<string, readonly SlotName[]>;
  readonly slotNames: ReadonlyMap<string, string>;
  /** Constants by what is written; their names by the name that is written. */
  readonly symbols: ReadonlyMap<string, ExpressionOf<'symbol'>>;
  readonly symbolNames: ReadonlyMap<string, string>;
}

/** Layers of a formula about layer k: some more than any formula has. */
const OFFSETS = [-3, -2, -1, 0, 1, 2, 3];

export function meaningsOf(r: Renaming): Meanings {
  const declared = [...r.system.declarations.values()].map((d) => d.tensor);
  const general = [...new Set(declared.filter((t) => t.layer !== null).map((t) => t.name))]
    .flatMap((name) => (r.vocabulary.spec.layers.mark === 'letters' && r.vocabulary.spec.layers.symbols.size > 0 ? [] : OFFSETS.flatMap((n) => [tensor(name, layerK(n)), tensor(name, layerN(n))])));
  const tensors = new Map<string, Tensor>();
  for (const t of [...declared, ...general, ...r.mentioned]) {
    const key = tensorKey(factoredEntry(ref(t, []), r).written.tensor);
    if (!tensors.has(key)) tensors.set(key, t);
  }
  const sizes = new Map<string, Affine>();
  const slots = new Map<string, SlotName[]>();
  const slotNames = new Map<string, string>();
  const symbols = new Map<string, ExpressionOf<'symbol'>>();
  for (const s of sizesIn(r)) {
    const key = shownKey(renamedSize(s, r) ?? fromSymbol(s));
    // Those of the system come first: where layers have no numbers, layer N + 1 would be written as layer 1.
    if (!sizes.has(key)) sizes.set(key, fromSymbol(s));
  }
  for (const e of r.system.equations) {
    visit(e.value, (x) => {
      if (x.kind === 'symbol') symbols.set(namedKey(renamedSymbol(x, r)), x);
      if (x.kind !== 'call' || x.fn.kind !== 'slot') return;
      const shown = renamedSlot(x.fn, r);
      slots.set(namedKey(shown), [...(slots.get(namedKey(shown)) ?? []), x.fn]);
      // Of layer k in general.
      for (const name of [shown.name, r.vocabulary.slotOf(x.fn.name, layerK())]) if (!slotNames.has(name)) slotNames.set(name, x.fn.name);
    });
  }
  return { renaming: r, tensors, sizes, slots, slotNames, symbols, symbolNames: new Map(r.vocabulary.moved.map(([name, shown]) => [shown, name])) };
}

const namedKey = ({ name, layer }: { readonly name: string; readonly layer: Layer | null }): string => `${name}@${showLayer(layer)}`;

const shownKey = (a: Affine): string => a.terms.map((t) => symbolKey(t.symbol)).join();

/** The sizes of the system, those of layer k and N included. */
function sizesIn(r: Renaming): readonly AffineSymbol[] {
  const own = [...r.system.declarations.values()].flatMap((d) => d.axes.flatMap((a) => [a.range.lo, a.range.hi]))
    .flatMap((a) => a.terms.map((t) => t.symbol)).filter((s) => s.kind === 'size');
  const general = own.filter((s) => s.layer !== null).flatMap((s) => OFFSETS.flatMap((n) => [{ ...s, layer: layerK(n) }, { ...s, layer: layerN(n) }]));
  return [...own, ...general, ...samplesSize.terms.map((t) => t.symbol)];
}

/** @throws UnknownWordError for a tensor or an activation function that the system doesn't have */
export function meant(e: Expression, m: Meanings): Expression {
  const named = throughout(e, {
    entry: (x) => meantEntry(x, m),
    symbol: (x) => m.symbols.get(namedKey(x)) ?? symbol(m.symbolNames.get(x.name) ?? x.name, meantLayer(x.layer, m)),
    slot: (fn, argument) => meantSlot(fn, argument, m),
  });
  return substituteSymbols(named, (s) => (s.kind === 'index' ? null : meantSize(s, m)));
}

const meantSize = (s: Extract<AffineSymbol, { kind: 'size' }>, m: Meanings): Affine =>
  m.sizes.get(symbolKey(s)) ?? fromSymbol({ ...s, layer: meantLayer(s.layer, m) });

const unknown = (word: string): never => {
  throw new UnknownWordError(word);
};

/** What is written is the entry, divided by the factor that stands between the two. */
function meantEntry(e: Reference, m: Meanings): Expression {
  const { factor, entry } = meantReference(e, m);
  const added = m.renaming.vocabulary.addedTo(entry);
  const own = scaled(entry, factor);
  return added === null ? own : add([own, negate(added)]);
}

/** `factor` times the program's own entry is what is written. */
export function meantReference(e: Reference, m: Meanings): { readonly factor: Factor; readonly entry: Reference } {
  const own = m.tensors.get(tensorKey(e.tensor)) ?? unknown(e.tensor.name);
  const { turned } = m.renaming.vocabulary.wordOf(own);
  const [row, column] = e.indices.slice(-2);
  const indices = turned && row !== undefined && column !== undefined ? [...e.indices.slice(0, -2), column, row] : e.indices;
  const entry: Reference = { ...e, tensor: own, indices };
  return { factor: overFactor(noFactor, factoredEntry(entry, m.renaming).factor), entry };
}

/** Where one name stands for the functions of several layers, the argument says of which: it is of that layer. */
function meantSlot(fn: SlotName, argument: Expression, m: Meanings): FunctionName {
  const found = m.slots.get(namedKey(fn)) ?? (fn.layer !== null ? [] : [...m.slots.values()].flat().filter((s) => renamedSlot(s, m.renaming).name === fn.name));
  const layers = new Set(references(argument).map((x) => showLayer(x.tensor.layer)));
  const own = found.find((s) => layers.has(showLayer(s.layer))) ?? found[0];
  return own !== undefined ? { ...own, order: fn.order } : { ...fn, name: m.slotNames.get(fn.name) ?? unknown(fn.name), layer: meantLayer(fn.layer, m) };
}

/** The layer that is written so. */
function meantLayer(layer: Layer | null, { renaming }: Meanings): Layer | null {
  if (layer === null) return null;
  const written = layerIn({ ...layer, offset: 0 }, renaming);
  return written === null ? null : shiftLayer(layer, -written.offset);
}

/** What is written is `factor` times the program's own formula. */
export function meantFormula(f: Formula, m: Meanings): Factored<Formula> {
  const inverse = (factor: Factor): Factor => overFactor(noFactor, factor);
  const own = (e: Reference): Reference => {
    const { entry } = meantReference(e, m);
    return { ...entry, indices: entry.indices.map((a) => substituteAffine(a, (s) => (s.kind === 'index' ? null : meantSize(s, m)))) };
  };
  switch (f.kind) {
    case 'expression': {
      if (f.value.kind !== 'ref') return { factor: noFactor, written: { ...f, value: meant(f.value, m) } };
      return { factor: meantReference(f.value, m).factor, written: { ...f, value: own(f.value) } };
    }
    case 'partial': {
      if (f.by.kind !== 'ref') return { factor: noFactor, written: { ...f, by: meant(f.by, m), of: f.of === null ? null : meant(f.of, m) } };
      const by = own(f.by);
      if (f.of === null) return { factor: inverse(derivativeFactor(by.tensor, m.renaming)), written: { ...f, by } };
      if (f.of.kind !== 'ref') return { factor: meantReference(f.by, m).factor, written: { ...f, by, of: meant(f.of, m) } };
      return { factor: overFactor(meantReference(f.of, m).factor, meantReference(f.by, m).factor), written: { ...f, by, of: own(f.of) } };
    }
    case 'chain': {
      const name = (t: Tensor): Tensor => own(ref(t, [])).tensor;
      const paths = f.paths.map((path) => path.map((link) => ({ ...link, of: link.of === null ? null : name(link.of), by: name(link.by) })));
      const last = paths[0]?.at(-1)?.by;
      return { factor: last === undefined ? noFactor : inverse(derivativeFactor(last, m.renaming)), written: { ...f, paths } };
    }
    case 'chain-rule': {
      const terms = f.terms.map((term) => ({
        axes: term.axes.map((a) => meantAxis(a, m)), factors: term.factors.map((x) => ({ of: x.of === null ? null : own(x.of), by: own(x.by) })),
      }));
      const [start, end] = [f.terms[0]?.factors[0], f.terms[0]?.factors.at(-1)];
      const factor = start === undefined || end === undefined ? noFactor
        : start.of === null ? inverse(derivativeFactor(own(end.by).tensor, m.renaming))
          : overFactor(meantReference(start.of, m).factor, meantReference(end.by, m).factor);
      return { factor, written: { ...f, terms } };
    }
    case 'multiple': {
      const inner = meantFormula(f.of, m);
      return { factor: inner.factor, written: { ...f, factor: meant(f.factor, m), of: inner.written } };
    }
  }
}

export const meantAxis = (axis: Axis, m: Meanings): Axis => {
  const end = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? null : meantSize(s, m)));
  return { ...axis, range: { lo: end(axis.range.lo), hi: end(axis.range.hi) } };
};
