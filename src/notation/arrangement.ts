// Formulas of matrices and vectors, before they are boxes.

import type { Affine, Range } from '../algebra/affine.ts';
import type { Expression, FunctionName, Reference, Tensor } from '../algebra/expression.ts';
import type * as Q from '../algebra/rational.ts';
import type { Axis } from '../spec/network.ts';

/**
 * `odot`: denominator layout, every vector and every adjoint of a vector a column, elementwise products with ⊙.
 * `diag`: numerator layout as in the article, ∂E/∂(column) a row, ∂E/∂(matrix) transposed, elementwise products with diag.
 */
export type VectorStyle = 'odot' | 'diag';

export type Arrangement =
  /** A whole tensor, or a part of it: `at` has an index for every axis that is held fast, null for the others; [] where none is. */
  | {
    readonly kind: 'tensor'; readonly tensor: Tensor; readonly adjoint: boolean; readonly transposed: boolean;
    readonly at: readonly (Affine | null)[];
  }
  /** A number without indices, but for those that are held fast. */
  | { readonly kind: 'scalar'; readonly value: Expression }
  /** For the sum of a vector's entries, of a matrix's rows, or to repeat a vector as rows or columns. */
  | { readonly kind: 'ones'; readonly transposed: boolean; readonly use: 'total' | 'rows' | 'repeat' }
  | { readonly kind: 'product'; readonly factors: readonly Arrangement[] }
  | { readonly kind: 'hadamard'; readonly factors: readonly Arrangement[] }
  | { readonly kind: 'scaled'; readonly by: readonly Arrangement[]; readonly of: Arrangement | null }
  | { readonly kind: 'add'; readonly terms: readonly Arrangement[] }
  | { readonly kind: 'diag'; readonly of: Arrangement }
  | { readonly kind: 'transpose'; readonly of: Arrangement }
  | { readonly kind: 'apply'; readonly fn: FunctionName; readonly argument: Arrangement; readonly transposed: boolean; readonly entrywise: boolean }
  | { readonly kind: 'power'; readonly base: Arrangement; readonly exponent: Q.Rational; readonly elementwise: boolean }
  /** The sum of the squares of the entries. */
  | { readonly kind: 'square'; readonly of: Arrangement }
  /** What an entry picks, when it stands for an index that is held fast below: E_{x_t}. */
  | { readonly kind: 'chosen'; readonly index: string; readonly by: Reference; readonly of: Arrangement }
  /** A sum over an index that is held fast below: Σ_t δ_t h_{t-1}ᵀ. */
  | { readonly kind: 'over'; readonly index: string; readonly range: Range; readonly of: Arrangement };

export interface VectorForm {
  readonly style: VectorStyle;
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
