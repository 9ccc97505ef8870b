// What a layer's file means: its tensors and equations, before it is put to work in a network. A loss is a layer with
// targets whose one output is a scalar. Everything here carries no layer number.

import type { Affine } from '../algebra/affine.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Axis, Equation, Role } from './network.ts';

export interface LayerTensor {
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly role: Role;
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
  /** Slots for activation functions with the text of their default, null where each use has to choose. */
  readonly slots: ReadonlyMap<string, string | null>;
  readonly preActivations: readonly string[];
  readonly equations: readonly Equation[];
  /** The layer that is the same with the bias folded in. */
  readonly augmented: string | null;
  /** Of which layer this is the augmented form. */
  readonly separate: SeparateForm | null;
}
