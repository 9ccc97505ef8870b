// What a layer's file means: its tensors and equations, before it is put to work in a network. A loss is a layer with
// targets whose one output is a scalar. Everything here carries no layer number.

import type { Affine, Range } from '../algebra/affine.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { DerivedSize } from './derived-size.ts';
import type { Assumption, Axis, Equation, Role } from './network.ts';

/** A whole number as a file declares it. */
export interface WholeNumber {
  readonly value: number;
  /** The default. */
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

export interface LayerTensor {
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly role: Role;
  /** Given where every entry is an integer of this range. */
  readonly integer?: Range;
  readonly place: Place;
}

/** The entry `name[letters]` of the separate layer is the entry `augmented[entry]` of this one. */
export interface SeparateEntry {
  readonly name: string;
  readonly letters: readonly string[];
  readonly augmented: string;
  readonly entry: readonly Affine[];
  readonly place: Place;
}

export interface SeparateForm {
  readonly layer: string;
  readonly parameters: readonly SeparateEntry[];
  readonly place: Place;
}

export interface LayerSpec {
  readonly name: string;
  readonly title: string | null;
  readonly file: string;
  readonly place: Place;
  /** The layer's own sizes, in the order in which they are first mentioned. */
  readonly sizes: readonly string[];
  /** Ports, in the order of the file. */
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly outputs: readonly string[];
  readonly parameters: readonly string[];
  /** Every tensor by its name: ports, parameters, and those that only the equations define. */
  readonly tensors: ReadonlyMap<string, LayerTensor>;
  /** Hyperparameters with their defaults. */
  readonly constants: ReadonlyMap<string, Rational>;
  /** Whole numbers by name, with the values with which this was read. */
  readonly integers: ReadonlyMap<string, WholeNumber>;
  /** Sizes that follow from others, in the order of the file. */
  readonly derived: readonly DerivedSize[];
  /** Affine expressions of sizes that are ≥ 0 because of how sizes follow from others. */
  readonly facts: readonly Affine[];
  /** What the file states of its tensors. */
  readonly assumptions: readonly Assumption[];
  /** Slots for activation functions with the text of their default, null where each use has to choose. */
  readonly slots: ReadonlyMap<string, string | null>;
  readonly preActivations: readonly string[];
  readonly equations: readonly Equation[];
  /** The layer that is the same with the bias folded in, as the first entry of each row of weights. */
  readonly augmented: string | null;
  /** The same with the bias as the last one. */
  readonly augmentedLast: string | null;
  /** Of which layer this is the augmented form. */
  readonly separate: SeparateForm | null;
}
