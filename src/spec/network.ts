// What a spec means once it is read: tensors with axes, equations in evaluation order, layer instances, a network.

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Affine, Range } from '../algebra/affine.ts';
import type { Expression, Tensor } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';

/** One axis of a tensor: the index letter that the spec uses for it, and its inclusive range. */
export interface Axis {
  readonly index: string;
  readonly range: Range;
}

export type Role = 'input' | 'target' | 'parameter' | 'variable';

export interface Declaration {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly role: Role;
  /** Whether every sample has its own (inputs, targets, variables) or all share one (parameters, E, penalties). */
  readonly perSample: boolean;
  /** Given where every entry is an integer of this range: an index by which other tensors are read. It has no derivative. */
  readonly integer?: Range;
  readonly place: Place;
}

/** tensor[free indices] = value; the free indices are those of `axes`, in order. */
export interface Equation {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly value: Expression;
  /** Where it stands in the spec, and the text as it stands there. */
  readonly place: Place;
  readonly text: string;
}

/** An activation function: `body` is an expression in the one symbol `argument` (layer null). */
export interface Activation {
  readonly name: string;
  readonly argument: string;
  readonly body: Expression;
  readonly place: Place;
}

/** A layer at work: which tensors its ports are bound to, and the tensors that belong to it. */
export interface Instance {
  readonly layer: Layer;
  /** The name that a long-form network gives it; null in a plain list. */
  readonly name: string | null;
  /** The name of its layer spec, with what is not as the spec has it: layers of one kind have the same equations. */
  readonly kind: string;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
  readonly parameters: readonly Tensor[];
  /** Parameters that belong to another layer, by the names that they have in this one. */
  readonly shared?: ReadonlyMap<string, Tensor>;
  /** The tensors that the layer declares as pre-activations: their adjoints are the signal δ. */
  readonly preActivations: readonly Tensor[];
  /** Activation functions by slot key (`h@3`); empty for a layer taken by itself, where they stay uninterpreted. */
  readonly slots: ReadonlyMap<string, Activation>;
}

/** What a file states of its tensors (targets that add up to 1): a step may use it, and says so. left[axes] = right for all axes. */
export interface Assumption {
  readonly axes: readonly Axis[];
  readonly left: Expression;
  readonly right: Expression;
  readonly place: Place;
  readonly text: string;
}

/** Equations with everything that they mention: all that derivation, evaluation and kernels need to know. */
export interface System {
  readonly name: string;
  /** By tensorKey. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /**
   * In evaluation order: a tensor is defined before it is used, but for recurrences, whose equations stand together (see
   * schedule.ts, which tells how to run them).
   */
  readonly equations: readonly Equation[];
  readonly instances: readonly Instance[];
  /** By slotKey; a slot that is not here is uninterpreted. */
  readonly slots: ReadonlyMap<string, Activation>;
  /** Values of sizes by symbolKey; a size that is not here stays symbolic. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The scalar that is differentiated, E; null in a window of layers whose loss is not known. */
  readonly total: Tensor | null;
  readonly assumptions?: readonly Assumption[];
  /** Affine expressions of sizes that are ≥ 0, because of how sizes follow from others; that a size is ≥ 1 is always known. */
  readonly facts?: readonly Affine[];
}

export type Signal = 'a' | 'z';
export type Bias = 'separate' | 'augmented' | 'augmented-last';
export type Precision = 'f64' | 'f32';

/** A network as it stands in its file: the equations of one sample, and how samples add up to E. */
export interface Network {
  readonly name: string;
  readonly title: string | null;
  readonly file: string;
  /**
   * The equations of one sample, or where samples are `coupled`, of all of them, the samples axis written out; the last one
   * defines `loss`, a scalar for each sample. `system.total` is null.
   */
  readonly system: System;
  /** The samples axis where some equation names it itself (batch statistics): no sample can then be looked at alone. */
  readonly coupled?: Axis;
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The loss of one sample, L. */
  readonly loss: Tensor;
  /** Penalties on parameters, added once whatever the number of samples; zero when there are none. */
  readonly penalty: Expression;
  /** The terms of `penalty`, one for each parameter of each layer that a penalty is on. */
  readonly penalties: readonly PenaltyTerm[];
  readonly reduction: 'sum' | 'mean';
  readonly signal: Signal;
  readonly bias: Bias;
  readonly precision: Precision;
  /** How the entries of a parameter of the separate form are named in the augmented form, and the other way round. */
  readonly correspondence: readonly Correspondence[];
}

/** A penalty on all entries of one parameter. */
export interface PenaltyTerm {
  /** The name of its spec, such as `l2`. */
  readonly name: string;
  /** Where its formula stands. */
  readonly place: Place;
  readonly value: Expression;
}

/** In the augmented form the entry `separate[indices]` is written `augmented[entry]`. */
export interface Correspondence {
  readonly separate: Tensor;
  readonly axes: readonly Axis[];
  readonly augmented: Tensor;
  readonly entry: readonly Affine[];
}
