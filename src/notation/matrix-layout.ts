// How vectors, derivatives and samples lie in matrices: what a vector form has to know of a notation.

export interface MatrixLayout {
  readonly vectors: 'columns' | 'rows';
  /**
   * What a derivative by a column is: a row (numerator) or a column (denominator), and by a matrix: of the shape of its transpose, or
   * of its own. Mixed: gradients by parameters have the parameter's shape, all others are as in numerator layout.
   */
  readonly derivatives: 'numerator' | 'denominator' | 'mixed';
  /** Entry by entry: with a product sign, or with diagonal matrices. */
  readonly elementwise: 'product' | 'diag';
  /** Where all samples stand in one matrix: a sample is a column or a row of it; or sums over samples stay sums. */
  readonly samples: 'columns' | 'rows' | 'sum';
}

/** Columns, every derivative of the shape of what it is taken by, products with ⊙. */
export const inColumns: MatrixLayout = { vectors: 'columns', derivatives: 'denominator', elementwise: 'product', samples: 'sum' };

/** The article's: columns, the derivative by a column is a row, diagonal matrices. */
export const inRows: MatrixLayout = { vectors: 'columns', derivatives: 'numerator', elementwise: 'diag', samples: 'sum' };
