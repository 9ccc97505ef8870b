// Formulas that are linear in one matrix, with its columns one below the other: vec(A X B) = (Bᵀ ⊗ A) vec X.

import { type Affine, constantOf } from '../algebra/affine.ts';
import { type Arrangement, type ArrangementOf, arrangementsBelow, type ComponentFormula, type Shape, type VectorForm } from './arrangement.ts';
import { declaredAs, type Declarations } from './declared.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import { shapeOf } from './shape.ts';
import { vectorForm } from './vector.ts';

/**
 * vec(∂E/∂W) = (z ⊗ I) δ, a = (zᵀ ⊗ I) vec(W) + b: every term that holds the unknown (in an adjoint formula the adjoints, in a forward
 * one the matrices that are parameters) as a matrix times its vec, all other terms as their vec. Null where the vector form has another
 * shape, and where no ⊗ would stand in it.
 */
export function kroneckerForm(formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null): VectorForm | null {
  const form = vectorForm(formula, { ...layout, elementwise: 'diag' }, declarations);
  if (form?.left.kind !== 'tensor') return null;
  const isUnknown = (t: ArrangementOf<'tensor'>): boolean =>
    (formula.adjoint ? t.adjoint : declaredAs(t.tensor, declarations)?.role === 'parameter' && isMatrix(t.shape));
  const terms = form.right.kind === 'add' ? form.right.terms : [form.right];
  // Vectors that lie across are the same numbers as their columns.
  const across = [false, true].map((turn) => {
    const parts = terms.map((t) => vecOf(turn ? transposed(t) : t, isUnknown)).filter((p) => p !== null);
    return parts.length === terms.length && parts.some(holdsKronecker) ? { left: columnOf(turn ? transposed(form.left) : form.left), parts } : null;
  });
  const found = across.find((a) => a !== null) ?? null;
  const [first] = found?.parts ?? [];
  if (found === null || first === undefined || found.left === null) return null;
  return { kind: 'matrices', layout: form.layout, left: found.left, right: found.parts.length === 1 ? first : { kind: 'add', terms: found.parts } };
}

const isMatrix = ({ rows, columns }: Shape): boolean => constantOf(rows) !== 1 && constantOf(columns) !== 1;
const holdsKronecker = (a: Arrangement): boolean => a.kind === 'kronecker' || (a.kind === 'product' && a.factors.some(holdsKronecker))
  || (a.kind === 'scaled' && a.of !== null && holdsKronecker(a.of));

const holdsUnknown = (a: Arrangement, isUnknown: (t: ArrangementOf<'tensor'>) => boolean): boolean =>
  (a.kind === 'tensor' && isUnknown(a)) || arrangementsBelow(a).some((part) => holdsUnknown(part, isUnknown));

/** The vec of a term; null where the unknown is no factor of it, or twice. */
function vecOf(a: Arrangement, isUnknown: (t: ArrangementOf<'tensor'>) => boolean): Arrangement | null {
  if (a.kind === 'scaled') {
    const of = a.of === null ? null : vecOf(a.of, isUnknown);
    return of === null ? null : { ...a, of };
  }
  const factors = a.kind === 'product' ? a.factors : [a];
  const at = factors.findIndex((f) => f.kind === 'tensor' && isUnknown(f));
  const unknown = factors[at];
  if (unknown?.kind !== 'tensor' || factors.some((f, n) => n !== at && holdsUnknown(f, isUnknown))) return holdsUnknown(a, isUnknown) ? null : columnOf(a);
  const x = columnOf(unknown);
  if (x === null) return null;
  const [before, after] = [factors.slice(0, at), factors.slice(at + 1)];
  const left = before.length === 0 ? identity(unknown.shape.rows) : chain(before);
  const right = after.length === 0 ? identity(unknown.shape.columns) : transposed(chain(after));
  const both = [right, left].filter((f): f is Arrangement => f !== null);
  if (before.length === 0 && after.length === 0) return x;
  const [only] = both;
  const matrix: Arrangement | undefined = both.length === 1 ? only : { kind: 'kronecker', factors: both };
  return matrix === undefined ? x : chain([matrix, x]);
}

/** The columns one below the other; null for a transposed matrix, whose entries would change places. */
function columnOf(a: Arrangement): Arrangement | null {
  const { rows, columns } = shapeOf(a);
  if (columns.length === 0) return a;
  if (rows.length === 0) return transposed(a);
  return a.kind === 'tensor' && a.transposed ? null : { kind: 'vec', of: a };
}

/** Of one row and one column it would be the number 1. */
const identity = (size: Affine): Arrangement | null => (constantOf(size) === 1 ? null : { kind: 'identity', shape: { rows: size, columns: size } });

function chain(factors: readonly Arrangement[]): Arrangement {
  const flat = factors.flatMap((f) => (f.kind === 'product' ? f.factors : [f]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: 'product', factors: flat };
}

/** With the transpose as far inside as it goes. */
function transposed(a: Arrangement): Arrangement {
  switch (a.kind) {
    case 'tensor': case 'ones': return { ...a, transposed: !a.transposed, shape: { rows: a.shape.columns, columns: a.shape.rows } };
    case 'product': return { ...a, factors: a.factors.map(transposed).reverse() };
    case 'scaled': return a.of === null ? a : { ...a, of: transposed(a.of) };
    case 'add': return { ...a, terms: a.terms.map(transposed) };
    case 'transpose': return a.of;
    case 'scalar': case 'identity': case 'diag': case 'square': return a;
    case 'apply': return { ...a, transposed: !a.transposed };
    case 'hadamard': case 'kronecker': case 'vec': case 'power': case 'chosen': case 'over': return { kind: 'transpose', of: a };
  }
}
