// Formulas of matrices and vectors, before they are boxes.

import type { Affine, Range } from '../algebra/affine.ts';
import type { Expression, FunctionName, Reference, Tensor } from '../algebra/expression.ts';
import type * as Q from '../algebra/rational.ts';
import type { Axis } from '../spec/network.ts';
import type { MatrixLayout } from './matrix-layout.ts';

/** How many rows and columns a matrix has; a column vector has one column, a row vector one row, a number one of each. */
export interface Shape {
  readonly rows: Affine;
  readonly columns: Affine;
}

/** A whole tensor, or a part of it: `at` has an index for every axis that is held fast, null for the others; [] where none is. */
export interface WholeTensor {
  readonly kind: 'tensor';
  readonly tensor: Tensor;
  readonly adjoint: boolean;
  readonly transposed: boolean;
  readonly at: readonly (Affine | null)[];
  /** Of what is written, the transposed one where it is. */
  readonly shape: Shape;
}

export type Arrangement =
  | WholeTensor
  /** A number without indices, but for those that are held fast. */
  | { readonly kind: 'scalar'; readonly value: Expression }
  /** For the sum of a vector's entries, of a matrix's rows, or to repeat a vector as rows or columns; or `instead` of what needs no ones. */
  | { readonly kind: 'ones'; readonly transposed: boolean; readonly use: 'total' | 'rows' | 'repeat' | 'instead'; readonly shape: Shape }
  /** As many rows as columns. */
  | { readonly kind: 'identity'; readonly shape: Shape }
  | { readonly kind: 'product'; readonly factors: readonly Arrangement[] }
  /** Entry by entry; of vectors diagonal matrices could stand instead. */
  | { readonly kind: 'hadamard'; readonly factors: readonly Arrangement[]; readonly vectors: boolean }
  /** A ⊗ B: every entry of A times the whole of B. */
  | { readonly kind: 'kronecker'; readonly factors: readonly Arrangement[] }
  /** The columns of a matrix, one below the other. */
  | { readonly kind: 'vec'; readonly of: Arrangement }
  /**
   * The derivative of a vector, of the columns of a matrix one below the other, or (null) of the total, by the columns of a matrix one
   * below the other: ∂a/∂vec(W). What it is taken by lies across (numerator layout) or down.
   */
  | { readonly kind: 'by-vec'; readonly of: WholeTensor | null; readonly by: WholeTensor; readonly lies: 'across' | 'down' }
  | { readonly kind: 'scaled'; readonly by: readonly Arrangement[]; readonly of: Arrangement | null }
  | { readonly kind: 'add'; readonly terms: readonly Arrangement[] }
  /** `entrywise` where it multiplies a vector, so that a product entry by entry could stand instead. */
  | { readonly kind: 'diag'; readonly of: Arrangement; readonly use: 'entrywise' | 'factor' }
  | { readonly kind: 'transpose'; readonly of: Arrangement }
  | { readonly kind: 'apply'; readonly fn: FunctionName; readonly argument: Arrangement; readonly transposed: boolean; readonly entrywise: boolean }
  | { readonly kind: 'power'; readonly base: Arrangement; readonly exponent: Q.Rational; readonly elementwise: boolean }
  /** The sum of the squares of the entries. */
  | { readonly kind: 'square'; readonly of: Arrangement }
  /** What an entry picks, when it stands for an index that is held fast below: E_{x_t}. */
  | { readonly kind: 'chosen'; readonly index: string; readonly by: Reference; readonly of: Arrangement }
  /** A sum over an index that is held fast below: Σ_t δ_t h_{t-1}ᵀ. */
  | { readonly kind: 'over'; readonly index: string; readonly range: Range; readonly of: Arrangement };

export type ArrangementOf<K extends Arrangement['kind']> = Extract<Arrangement, { kind: K }>;

export interface VectorForm {
  readonly kind: 'matrices';
  readonly layout: MatrixLayout;
  readonly left: Arrangement;
  readonly right: Arrangement;
}

/** The formula of an equation or an adjoint equation; `declarations` say how far the axes of its tensors reach. */
export interface ComponentFormula {
  readonly tensor: Tensor;
  readonly adjoint: boolean;
  readonly axes: readonly Axis[];
  readonly value: Expression;
}

/** The arrangements directly below one. */
export function arrangementsBelow(a: Arrangement): readonly Arrangement[] {
  switch (a.kind) {
    case 'tensor': case 'scalar': case 'ones': case 'identity': return [];
    case 'by-vec': return a.of === null ? [a.by] : [a.of, a.by];
    case 'product': case 'hadamard': case 'kronecker': return a.factors;
    case 'scaled': return a.of === null ? a.by : [...a.by, a.of];
    case 'add': return a.terms;
    case 'apply': return [a.argument];
    case 'power': return [a.base];
    case 'diag': case 'transpose': case 'square': case 'vec': case 'chosen': case 'over': return [a.of];
  }
}
