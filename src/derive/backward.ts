// The result of reverse mode on equations: one equation for the adjoint of each tensor that keeps its own name.

import type { Expression, Tensor } from '../algebra/expression.ts';
import type { Axis, Equation, System } from '../spec/network.ts';

/** One summand of an adjoint: the part of ∂E/∂tensor that flows through one equation that uses the tensor. */
export interface Use {
  /** The forward equation that mentions the tensor. */
  readonly equation: Equation;
  /** Σ over the equation's indices of adj(lhs) · ∂rhs/∂tensor[axes], deltas contracted. */
  readonly value: Expression;
}

/** ∂E/∂tensor[axes] = value, in named adjoints of later tensors and in forward tensors. */
export interface AdjointEquation {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly value: Expression;
  /** Before adjoints without a name were written out: every use of the tensor, once. */
  readonly uses: readonly Use[];
  readonly role: 'signal' | 'parameter' | 'intermediate';
  /** The number of the derivation step that gives this formula (filled in by the derivation). */
  readonly step: number | null;
}

/** Adjoint equations in evaluation order: an adjoint is defined before it is used. */
export interface Backward {
  readonly system: System;
  readonly equations: readonly AdjointEquation[];
  /** Adjoints without a name of their own: written out wherever they were needed. In evaluation order. */
  readonly writtenOut: readonly AdjointEquation[];
}
