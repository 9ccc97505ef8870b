// A derivation as data: numbered steps, each with the rule that justifies it; writers turn it into text.

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Expression, Reference, Tensor } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';
import type { Axis, Bias, Signal, System } from '../spec/network.ts';
import type { Backward } from './backward.ts';

/** One factor of a chain written with whole tensors: ∂of/∂by. `of` null stands for E. */
export interface ChainFactor {
  readonly of: Tensor | null;
  readonly by: Tensor;
  /** Whether the factor also stands in the chain of the layer above (it has been computed already). */
  readonly shared: boolean;
}

/** One side of an equality. */
export type Formula =
  | { readonly kind: 'expression'; readonly value: Expression }
  /** ∂of/∂by with indices: of[ofIndices] by by[byIndices]; `of` null stands for E. */
  | { readonly kind: 'partial'; readonly of: Expression | null; readonly by: Expression }
  /** Σ over paths of a product of whole-tensor partial derivatives; one path where the network is a plain chain. */
  | { readonly kind: 'chain'; readonly paths: readonly (readonly ChainFactor[])[] }
  /** The chain rule with indices: Σ over uses, Σ over their indices, of a product of partial derivatives of entries. */
  | { readonly kind: 'chain-rule'; readonly terms: readonly ChainTerm[] };

/** Σ over `axes` of ∂of/∂by · ∂of/∂by · …; `of` null stands for E. */
export interface ChainTerm {
  readonly axes: readonly Axis[];
  readonly factors: readonly { readonly of: Reference | null; readonly by: Reference }[];
}

/** left = first = second = …, each equality with the rule that justifies it. */
export interface Step {
  /** Counted from 1 through the derivation. */
  readonly number: number;
  readonly section: SectionId;
  /** Whether it states a definition, is on the way to a result, is one, or repeats one in the summary. */
  readonly role: 'definition' | 'intermediate' | 'result' | 'summary';
  /** The rule of the last equality, by name (`chain-rule`, `delta-contraction`, …): see rules in the documentation. */
  readonly rule: string;
  /** What is done, to what: one English sentence. */
  readonly title: string;
  readonly left: Formula;
  readonly relation: '=' | ':=';
  readonly right: readonly Equality[];
  /** The ranges of free indices and of the layer number, in words of the formula (`k = 2..N`). */
  readonly axes: readonly Axis[];
  readonly layers: LayerRange | null;
  /** The places in the spec that the step came from. */
  readonly sources: readonly Place[];
  /** Further remarks, as sentences (English); formulas in them between backticks. */
  readonly remarks: readonly string[];
  readonly verified: Verification;
}

/**
 * How a step was verified: both sides have the same normal form; the chain agrees with direct differentiation; it is a
 * definition; it was counted on the equations; or, where nothing was proved, both sides agree at many random points.
 */
export type Verification = 'normal-form' | 'direct-differentiation' | 'definition' | 'counted' | 'confirmed';

export interface Equality {
  readonly formula: Formula;
  readonly rule: string;
}

export interface LayerRange {
  readonly from: Layer;
  readonly to: Layer;
}

export type SectionId =
  | 'forward' | 'loss' | 'chains' | 'signal' | 'gradients' | 'recursion' | 'ends' | 'samples' | 'activations' | 'layers' | 'summary';

export interface Derivation {
  readonly name: string;
  readonly title: string;
  readonly system: System;
  readonly signal: Signal;
  readonly bias: Bias;
  /** Assumptions stated to the reader (`the neighbouring layers are of the same kind`). */
  readonly assumptions: readonly string[];
  readonly steps: readonly Step[];
  /** Tensors whose adjoint is the signal: written δ (pre-activations) or ζ (outputs) instead of ∂E/∂T. */
  readonly signals: readonly Tensor[];
  /** The adjoint equations of the concrete network, one sample; null for a layer by itself. */
  readonly backward: Backward | null;
}
