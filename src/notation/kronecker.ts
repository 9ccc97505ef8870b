// Formulas that are linear in matrices, with the columns of a matrix one below the other: vec(A X B) = (Bᵀ ⊗ A) vec X, and
// so ∂vec(A X B)/∂vec(X) = Bᵀ ⊗ A.

import { type Affine, constantOf } from '../algebra/affine.ts';
import { tensorKey } from '../algebra/expression.ts';
import { type Arrangement, arrangementsBelow, type ComponentFormula, type Shape, type VectorForm, type WholeTensor } from './arrangement.ts';
import { declaredAs, type Declarations } from './declared.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import { isParameter } from './orientation.ts';
import { shapeOf } from './shape.ts';
import { turnedAround } from './turned-around.ts';
import { type LetterChoice, vectorForm } from './vector.ts';

/**
 * vec(∂E/∂W) = (z ⊗ I) δ, a = (zᵀ ⊗ I) vec(W) + b: every term that holds the unknown (in an adjoint formula the adjoints, in a forward
 * one the matrices that are parameters) as a matrix times its vec, all other terms as their vec. Null where the vector form has another
 * shape, and where no ⊗ would stand in it.
 */
export function kroneckerForm(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null, letters?: LetterChoice,
): VectorForm | null {
  const found = linearForm(formula, layout, declarations, letters);
  if (found?.terms.some((t) => t.kind === 'linear' && t.matrix?.kind === 'kronecker') !== true) return null;
  const terms = found.terms.map((t) => (t.kind === 'linear' ? scaled(t.by, t.matrix === null ? t.x : chained([t.matrix, t.x])) : t.value));
  return { kind: 'matrices', layout: found.layout, left: found.left, right: added(terms) };
}

/**
 * The gradient by a matrix in strict numerator layout, ∂E/∂vec(W) = δ (zᵀ ⊗ I): a row, as the derivative by any column is. Null where
 * the layout has it otherwise.
 */
export function gradientByVec(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null, letters?: LetterChoice,
): VectorForm | null {
  if (!formula.adjoint || layout.derivatives !== 'numerator' || layout.vectors !== 'columns') return null;
  // As columns of the own shape, and all of it turned around.
  const found = linearForm(formula, { ...layout, derivatives: 'denominator' }, declarations, letters);
  if (found?.left.kind !== 'vec' || found.left.of.kind !== 'tensor' || found.left.of.at.length > 0) return null;
  const terms = found.terms.map((t): Arrangement | null => {
    if (t.kind === 'constant') return turnedAround(t.value);
    if (t.by.some(holdsAdjoint)) return null;
    const row = rowOf(t.x);
    return row === null ? null : scaled(t.by, t.matrix === null ? row : chained([row, turnedAround(t.matrix)]));
  });
  const right = terms.filter((t) => t !== null);
  if (right.length < terms.length || !right.some(holdsKronecker)) return null;
  return { kind: 'matrices', layout, left: { kind: 'by-vec', of: null, by: { ...found.left.of, adjoint: false }, lies: 'across' }, right: added(right) };
}

/** The derivatives by the matrices of parameters that an equation is linear in, one for each: ∂a/∂vec(W) = zᵀ ⊗ I; in denominator layout transposed. */
export function derivativesByVec(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null, letters?: LetterChoice,
): readonly VectorForm[] {
  const found = formula.adjoint || layout.vectors !== 'columns' ? null : linearForm(formula, layout, declarations, letters);
  if (found === null) return [];
  const of = found.left.kind === 'vec' ? found.left.of : found.left;
  if (of.kind !== 'tensor' || of.transposed) return [];
  const lies = layout.derivatives === 'denominator' ? 'down' : 'across';
  const linear = found.terms.filter((t) => t.kind === 'linear');
  const unknowns = [...new Map(linear.map((t) => [tensorKey(t.unknown.tensor), t.unknown])).values()];
  return unknowns.flatMap((by): readonly VectorForm[] => {
    const own = linear.filter((t) => tensorKey(t.unknown.tensor) === tensorKey(by.tensor));
    const matrices = own.map((t) => (t.matrix?.kind === 'kronecker' && t.x.kind === 'vec' ? scaled(t.by, t.matrix) : null)).filter((m) => m !== null);
    const others = found.terms.filter((t) => t.kind === 'constant' || !own.includes(t));
    const elsewhere = others.some((t) => holds(t.kind === 'linear' ? added([...t.by, t.matrix ?? t.x]) : t.value, by)) || own.some((t) => holds(added([...t.by, t.matrix ?? t.x]), by));
    if (matrices.length < own.length || elsewhere || by.at.length > 0 || by.transposed) return [];
    const sum = added(matrices);
    return [{ kind: 'matrices', layout: found.layout, left: { kind: 'by-vec', of, by, lies }, right: lies === 'across' ? sum : turnedAround(sum) }];
  });
}

/** A number times a matrix times the vec of what is unknown; or what does not hold it. */
type LinearTerm =
  | { readonly kind: 'linear'; readonly by: readonly Arrangement[]; readonly matrix: Arrangement | null; readonly x: Arrangement; readonly unknown: WholeTensor }
  | { readonly kind: 'constant'; readonly value: Arrangement };

interface LinearForm {
  readonly layout: MatrixLayout;
  readonly left: Arrangement;
  readonly terms: readonly LinearTerm[];
}

function linearForm(formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations, letters?: LetterChoice): LinearForm | null {
  const form = vectorForm(formula, { ...layout, elementwise: 'diag' }, declarations, letters);
  if (form?.left.kind !== 'tensor') return null;
  const isUnknown = (t: WholeTensor): boolean => (formula.adjoint ? t.adjoint : isParameter(declaredAs(t.tensor, declarations)) && isMatrix(t.shape));
  const terms = form.right.kind === 'add' ? form.right.terms : [form.right];
  // Vectors that lie across are the same numbers as their columns.
  for (const turn of [false, true]) {
    const parts = terms.map((t) => linearTerm(turn ? turnedAround(t) : t, isUnknown)).filter((p) => p !== null);
    const left = columnOf(turn ? turnedAround(form.left) : form.left);
    if (left !== null && parts.length === terms.length && parts.some((p) => p.kind === 'linear')) return { layout: form.layout, left, terms: parts };
  }
  return null;
}

const isMatrix = ({ rows, columns }: Shape): boolean => constantOf(rows) !== 1 && constantOf(columns) !== 1;
const some = (a: Arrangement, test: (part: Arrangement) => boolean): boolean => test(a) || arrangementsBelow(a).some((part) => some(part, test));
const holdsKronecker = (a: Arrangement): boolean => some(a, (part) => part.kind === 'kronecker');
const holdsAdjoint = (a: Arrangement): boolean => some(a, (part) => part.kind === 'tensor' && part.adjoint);
const holds = (a: Arrangement, t: WholeTensor): boolean => some(a, (part) => part.kind === 'tensor' && !part.adjoint && tensorKey(part.tensor) === tensorKey(t.tensor));

/** Null where the unknown is no factor of the term, or twice. */
function linearTerm(a: Arrangement, isUnknown: (t: WholeTensor) => boolean): LinearTerm | null {
  if (a.kind === 'scaled' && a.of !== null) {
    const of = linearTerm(a.of, isUnknown);
    if (of === null) return null;
    return of.kind === 'constant' ? { ...of, value: scaled(a.by, of.value) } : { ...of, by: [...a.by, ...of.by] };
  }
  const holdsUnknown = (part: Arrangement): boolean => some(part, (p) => p.kind === 'tensor' && isUnknown(p));
  const factors = a.kind === 'product' ? a.factors : [a];
  const at = factors.findIndex((f) => f.kind === 'tensor' && isUnknown(f));
  const unknown = factors[at];
  if (unknown?.kind !== 'tensor' || factors.some((f, n) => n !== at && holdsUnknown(f))) {
    const value = holdsUnknown(a) ? null : columnOf(a);
    return value === null ? null : { kind: 'constant', value };
  }
  const x = columnOf(unknown);
  if (x === null) return null;
  const [before, after] = [factors.slice(0, at), factors.slice(at + 1)];
  const left = before.length === 0 ? identity(unknown.shape.rows) : chained(before);
  const right = after.length === 0 ? identity(unknown.shape.columns) : turnedAround(chained(after));
  const both = before.length === 0 && after.length === 0 ? [] : [right, left].filter((f): f is Arrangement => f !== null);
  const [only] = both;
  return { kind: 'linear', by: [], matrix: both.length > 1 ? { kind: 'kronecker', factors: both } : only ?? null, x, unknown };
}

/** The columns one below the other; null for a transposed matrix, whose entries would change places. */
function columnOf(a: Arrangement): Arrangement | null {
  const { rows, columns } = shapeOf(a);
  if (columns.length === 0) return a;
  if (rows.length === 0) return turnedAround(a);
  return a.kind === 'tensor' && a.transposed ? null : { kind: 'vec', of: a };
}

/** The same adjoint where derivatives by columns are rows. */
function rowOf(x: Arrangement): Arrangement | null {
  if (x.kind === 'tensor') return { ...x, shape: { rows: x.shape.columns, columns: x.shape.rows } };
  const by = x.kind === 'vec' && x.of.kind === 'tensor' && x.of.at.length === 0 && !x.of.transposed ? x.of : null;
  return by === null ? null : { kind: 'by-vec', of: null, by: { ...by, adjoint: false }, lies: 'across' };
}

/** Of one row and one column it would be the number 1. */
const identity = (size: Affine): Arrangement | null => (constantOf(size) === 1 ? null : { kind: 'identity', shape: { rows: size, columns: size } });

const scaled = (by: readonly Arrangement[], of: Arrangement): Arrangement => (by.length === 0 ? of : { kind: 'scaled', by, of });

function added(terms: readonly Arrangement[]): Arrangement {
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind: 'add', terms };
}

function chained(factors: readonly Arrangement[]): Arrangement {
  const flat = factors.flatMap((f) => (f.kind === 'product' ? f.factors : [f]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: 'product', factors: flat };
}
