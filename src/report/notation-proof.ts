// A formula as a comparison shows it, read back by the reader of texts, put into the program's own words, and proved equal to
// what was derived: nothing of how it was written is used for that, but what the notation declares.

import { emptyContext, withRange } from '../algebra/bounds.ts';
import { type Expression, type Reference, tensorKey } from '../algebra/expression.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { plain } from '../algebra/print.ts';
import { mapChildren, references, rewrite, substituteIndices } from '../algebra/traverse.ts';
import type { Formula } from '../derive/derivation.ts';
import { latexStep, latexVector } from '../notation/latex.ts';
import { meaningsOf, meant } from '../notation/meant.ts';
import type { Axis } from '../spec/network.ts';
import { contextAt, notationContext } from '../texts/notation-context.ts';
import { readFormula } from '../texts/read.ts';
import type { Form, NotationFormula } from './notation-formulas.ts';

export type Proof = { readonly proved: true } | { readonly proved: false; readonly latex: string; readonly why: string };

/** An equality in the words of a notation, and what its free indices run over. */
export interface ReadEquality {
  readonly left: Expression;
  readonly right: Expression;
  readonly axes: readonly Axis[];
}

/** How the LaTeX of a formula is read: an equality, or why it is none. */
export type EqualityReader = (latex: string, formula: NotationFormula) => ReadEquality | string;

/** Null where the formula has no such form. */
export function proofOf(formula: NotationFormula, form: Form, read: EqualityReader = readEquality): Proof | null {
  const latex = latexOf(formula, form);
  if (latex === null) return null;
  const equality = read(latex, formula);
  const why = typeof equality === 'string' ? equality : whyDifferent(equality, formula);
  return why === null ? { proved: true } : { proved: false, latex, why };
}

function latexOf({ said, vector, forms, writing: { options } }: NotationFormula, form: Form): string | null {
  if (!forms.includes(form)) return null;
  if (form === 'vector') return vector === null ? null : latexVector(vector, options);
  const written = latexStep(said, options);
  return `${written.left} = ${written.right[0]?.text ?? ''}`;
}

/** By the reader of texts. */
export function readEquality(latex: string, formula: NotationFormula): ReadEquality | string {
  const read = readFormula(latex, contextAt(formula.said, notationContext(formula.outline, formula.translation)));
  if (!read.ok) return read.problems.map((p) => `${p.code}: ${p.message}`).join('; ');
  const [statement] = read.statements;
  const [left, right] = [statement?.left.formula, statement?.right[0]?.formula].map((f) => (f === undefined ? null : valueOf(f)));
  return statement === undefined || left === undefined || left === null || right === undefined || right === null || read.statements.length !== 1 ? 'it is not read as one equality' : { left, right, axes: statement.axes };
}

/** ∂E/∂T is an entry of an adjoint. */
function valueOf(f: Formula): Expression | null {
  switch (f.kind) {
    case 'expression': return f.value;
    case 'partial': return f.of === null && f.by.kind === 'ref' ? { ...f.by, adjoint: true } : null;
    case 'chain': case 'chain-rule': case 'multiple': return null;
  }
}

/** Null where both sides come to what was derived. */
function whyDifferent({ left, right, axes }: ReadEquality, { own, renaming }: NotationFormula): string | null {
  const entry = own.left.kind === 'expression' ? own.left.value : null;
  const derived = own.right[0]?.formula;
  if (entry?.kind !== 'ref' || derived?.kind !== 'expression') return 'it is no equality of entries';
  const meanings = meaningsOf(renaming);
  const [said, wanted] = [withFunctionLayers(meant(right, meanings)), meant(left, meanings)];
  if (!references(wanted).some((r) => sameEntry(r, entry))) return `its left side is ${plain(wanted)}, and not ${plain(entry)}`;
  const put = rewrite(wanted, (e) => {
    if (e.kind !== 'ref' || !sameEntry(e, entry)) return null;
    return substituteIndices(derived.value, new Map(entry.indices.flatMap((a, n) => {
      const name = a.terms[0]?.symbol.name;
      const at = e.indices[n];
      return name === undefined || at === undefined ? [] : [[name, at] as const];
    })));
  });
  const bounds = axes.reduce((c, a) => withRange(c, a.index, a.range), emptyContext);
  return provablyEqual(put, said, bounds) === 'equal' ? null : `it says ${plain(said)}, and not ${plain(put)}`;
}

const sameEntry = (a: Reference, b: Reference): boolean => tensorKey(a.tensor) === tensorKey(b.tensor) && a.adjoint === b.adjoint && a.indices.length === b.indices.length;

/** One symbol for the functions of all layers: what it is applied to says of which. */
function withFunctionLayers(e: Expression): Expression {
  const inside = mapChildren(e, withFunctionLayers);
  if (inside.kind !== 'call' || inside.fn.kind !== 'slot' || inside.fn.layer !== null) return inside;
  const [first] = references(inside.argument);
  return { ...inside, fn: { ...inside.fn, layer: first?.tensor.layer ?? null } };
}
