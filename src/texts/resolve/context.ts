// What a reader knows of a text before he reads a formula of it: its convention, its layout, and what its letters stand for.

import type { Range } from '../../algebra/affine.ts';
import { type Expression, isBinder, type Tensor } from '../../algebra/expression.ts';
import { type Layer, sameLayer } from '../../algebra/layer.ts';
import { testAffines, visit } from '../../algebra/traverse.ts';
import type { Convention } from '../../notation/convention.ts';
import type { MatrixLayout } from '../../notation/matrix-layout.ts';
import type { Declaration, Equation, System } from '../../spec/network.ts';
import type { Macros } from '../latex/katex.ts';

export interface ReadingContext {
  readonly convention: Convention;
  readonly layout: MatrixLayout;
  /** Declarations and equations in the words of the text. */
  readonly system: Pick<System, 'declarations' | 'equations' | 'slots'>;
  /** Tensors whose adjoints are written with the symbol of the signal, and which of the two symbols. */
  readonly signals: readonly SignalSymbol[];
  /** What a signal is of ∂E/∂T, where a text has it with another sign or factor; null where it is ∂E/∂T itself. */
  readonly signalFactor?: Expression | null;
  /** Names of numbers without indices, beside those that equations mention. */
  readonly scalars?: readonly string[];
  /** Names of activation functions, beside those that equations mention. */
  readonly functions?: readonly string[];
  /**
   * `none`: formulas of one sample; `entries` (where nothing is said): so, but entries may have the index of a sample in front;
   * `all`: every tensor that each sample has for itself has the samples for its first axis.
   */
  readonly samples?: 'none' | 'entries' | 'all';
  /** Where only the letters of units tell layers apart. */
  readonly units?: UnitLetters;
  readonly macros?: Macros;
}

export interface UnitLetters {
  readonly letters: readonly string[];
  /** The letter for what a range counts. */
  readonly letterOf: (range: Range) => string | null;
  /** Whether formulas are about layers in general, the last ones, or those of a network. */
  readonly of: Layer['symbol'];
}

export interface SignalSymbol {
  readonly tensor: Tensor;
  readonly symbol: 'a' | 'z';
  /** Its own symbol, where each layer has one; the convention's otherwise. */
  readonly name?: string;
}

/** Whether the adjoint of a tensor is written with a signal's symbol; of layer k it is if that of any general layer is. */
export const isSignal = (t: Tensor, { signals }: Pick<ReadingContext, 'signals'>): boolean =>
  signals.some((s) => s.tensor.name === t.name && (isGeneral(t.layer) ? isGeneral(s.tensor.layer) : sameLayer(s.tensor.layer, t.layer)));

/** Whether a layer is one of all, k or N. */
export const isGeneral = (layer: Layer | null): boolean => layer !== null && layer.symbol !== null;

/** The names that formulas may use. */
export interface Knowledge {
  readonly tensors: ReadonlyMap<string, readonly Declaration[]>;
  readonly scalars: ReadonlySet<string>;
  readonly sizes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Those of the numbers, sizes and functions that belong to layers. */
  readonly layered: ReadonlySet<string>;
  /** Equations of tensors that hold the places of greatest values. */
  readonly choices: readonly Equation[];
}

const known = new WeakMap<ReadingContext, Knowledge>();

export function knowledgeOf(context: ReadingContext): Knowledge {
  let knowledge = known.get(context);
  if (knowledge === undefined) {
    knowledge = gathered(context);
    known.set(context, knowledge);
  }
  return knowledge;
}

function gathered({ system, ...context }: ReadingContext): Knowledge {
  const tensors = new Map<string, Declaration[]>();
  const scalars = new Set(context.scalars);
  const sizes = new Set<string>(['samples']);
  const functions = new Set(context.functions);
  const layered = new Set<string>();
  const inRange = ({ lo, hi }: Range): void => {
    for (const end of [lo, hi]) for (const term of end.terms) {
      if (term.symbol.kind !== 'size') continue;
      sizes.add(term.symbol.name);
      if (term.symbol.layer !== null) layered.add(term.symbol.name);
    }
  };
  const inValue = (e: Expression): void => visit(e, (x) => {
    if (x.kind === 'symbol') {
      scalars.add(x.name);
      if (x.layer !== null) layered.add(x.name);
    } else if (x.kind === 'call' && x.fn.kind === 'slot') {
      functions.add(x.fn.name);
      if (x.fn.layer !== null) layered.add(x.fn.name);
    }
    else if (x.kind === 'affine') inRange({ lo: x.value, hi: x.value });
    else if (x.kind === 'ref') for (const i of x.indices) inRange({ lo: i, hi: i });
    else if (x.kind === 'bracket') for (const a of testAffines(x.test)) inRange({ lo: a, hi: a });
    else if (x.kind === 'piecewise') for (const b of x.branches) for (const a of testAffines(b.when)) inRange({ lo: a, hi: a });
    else if (isBinder(x)) inRange(x.range);
  });
  for (const d of system.declarations.values()) {
    tensors.set(d.tensor.name, [...(tensors.get(d.tensor.name) ?? []), d]);
    for (const axis of d.axes) inRange(axis.range);
    if (d.integer !== undefined) inRange(d.integer);
  }
  for (const e of system.equations) inValue(e.value);
  for (const [key, slot] of system.slots) {
    functions.add(key.replace(/@.*$/, ''));
    if (!key.endsWith('@')) layered.add(key.replace(/@.*$/, ''));
    scalars.add(slot.argument);
    inValue(slot.body);
  }
  return { tensors, scalars, sizes, functions, layered, choices: system.equations.filter((e) => e.value.kind === 'argmax') };
}
