// Vector forms are found, not known: a component formula is arranged as products of matrices and vectors by looking
// which indices its factors share. Where no arrangement exists there is none.

import { type Affine, affineIndices, index, plainIndex } from '../algebra/affine.ts';
import { adjoint, type Expression, isBinder, ref, type Reference, sum } from '../algebra/expression.ts';
import { freeIndices, mapChildren, references, substituteIndices, testAffines, visit } from '../algebra/traverse.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import { type Arrangement, arrangementsBelow, type ComponentFormula, type VectorForm } from './arrangement.ts';
import type { Declarations } from './declared.ts';
import { letterRules, lettersFor, withLetters } from './indices.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import { type Notation, notationOf } from './notation.ts';
import { orientation } from './orientation.ts';
import { arrange, tensorPart, type VectorContext } from './vector-arrange.ts';
import { arrangementKey, compareArrangements, transposesOf } from './vector-measure.ts';
import { spread } from './vector-part.ts';

export type { Arrangement, ComponentFormula, VectorForm } from './arrangement.ts';
export type { MatrixLayout } from './matrix-layout.ts';

/** What decides which letters indices get: those that are held fast are seen, with the letters of the component form. */
export type LetterChoice = Pick<Notation, 'convention' | 'unitsOf'>;

/** How many ways of writing a part are kept where all are wanted, and how many of the whole. */
const WAYS = 8;
const FORMS = 12;

/**
 * The shortest and most usual vector form (vector-measure.ts), with as few indices left as possible: first only those are held fast
 * that cannot be a row or a column (they stand in conditions, or with an offset: h_{t-1}) or are too many, then leading axes, one
 * after the other.
 * @param letters the notation that the form will be written in
 */
export function vectorForm(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null, letters: LetterChoice = notationOf({}),
): VectorForm | null {
  return firstLaidOut(lettered(formula, letters), layout, declarations)?.form ?? null;
}

/**
 * All vector forms that are found, each once, the shortest and most usual first: with the factors of a product entry by entry in other
 * orders, with diagonal matrices for ⊙ or ⊙ for them, (AB)ᵀ for BᵀAᵀ, sums as products with 𝟏 or as sums, transposed as a whole where that
 * has no more transposes. None where there is no `vectorForm`.
 */
export function vectorForms(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations = null, letters: LetterChoice = notationOf({}),
): readonly VectorForm[] {
  const shown = lettered(formula, letters);
  const first = firstLaidOut(shown, layout, declarations);
  if (first === null) return [];
  const { form, fixed } = first;
  // Σ_s of what each sample gives; but what all samples have of one unit, z_{:,j}, is neither a row nor a column that anybody names.
  const samples = layout.samples === 'sum' ? null : samplesIn(shown);
  const summed = boundIn(shown.value).filter((name) => !fixed.has(name) && (samples === null || samples.size === 0 || samples.has(name)))
    .map((name) => new Set([...fixed, name]));
  const others = [...formsWith(shown, layout, declarations, fixed, WAYS), ...summed.flatMap((held) => formsWith(shown, layout, declarations, held, 1))];
  const transposes = (f: VectorForm): number => transposesOf(f.left) + transposesOf(f.right);
  const distinct = new Map([form, ...others].map((f) => [`${arrangementKey(f.left)} = ${arrangementKey(f.right)}`, f]));
  const [, ...rest] = distinct.values();
  const sorted = rest.sort((a, b) => (transposesOf(a.left) - transposesOf(b.left)) || compareArrangements(a.right, b.right, layout));
  return [form, ...sorted.filter((f) => transposesOf(f.left) === 0 || transposes(f) <= transposes(form))].slice(0, FORMS);
}

interface LaidOut {
  readonly form: VectorForm;
  readonly fixed: ReadonlySet<string>;
}

function firstLaidOut(shown: ComponentFormula, layout: MatrixLayout, declarations: Declarations): LaidOut | null {
  const samples = layout.samples === 'sum' ? samplesIn(shown) : new Set<string>();
  const names = shown.axes.map((a) => a.index).filter((n) => !samples.has(n));
  const forced = new Set([...samples, ...forcedIn(shown.value)]);
  for (let leading = 0; leading <= Math.max(0, names.length - 1); leading += 1) {
    const fixed = withFewAxes(shown, new Set([...forced, ...names.slice(0, leading)]));
    if (names.length > 0 && names.every((n) => fixed.has(n))) return null;
    const [form] = formsWith(shown, layout, declarations, fixed, 1);
    if (form !== undefined) return { form, fixed };
  }
  return null;
}

/** Indices that count the samples. */
function samplesIn(formula: ComponentFormula): ReadonlySet<string> {
  const found = new Set(formula.axes.filter(isSamplesAxis).map((a) => a.index));
  visit(formula.value, (e) => {
    if (isBinder(e) && isSamplesAxis(e)) found.add(e.index);
  });
  return found;
}

function boundIn(value: Expression): readonly string[] {
  const found = new Set<string>();
  visit(value, (e) => {
    if (e.kind === 'sum') found.add(e.index);
  });
  return [...found];
}

function formsWith(
  formula: ComponentFormula, layout: MatrixLayout, declarations: Declarations, fixed: ReadonlySet<string>, limit: number,
): readonly VectorForm[] {
  const context: VectorContext = { layout, limit, declarations, fixed, ranges: new Map(formula.axes.map((a) => [a.index, a.range])) };
  const all = formula.axes.map((a) => a.index);
  const names = all.filter((n) => !fixed.has(n));
  const entry: Reference = { kind: 'ref', tensor: formula.tensor, adjoint: formula.adjoint, indices: all.map((n) => index(n)) };
  const left = tensorPart(entry, context);
  const value = arrange(renamedApart(heldOutside(formula.value, fixed), fixed, { count: 0 }), context);
  const right = value === null ? null : spread(value, names, context);
  if (left === null || right === null) return [];
  const { down, across } = orientation(entry, names, context.ranges, layout, declarations);
  const turned = limit > 1 && names.length > 0;
  return [[down, across] as const, ...(turned ? [[across, down] as const] : [])].flatMap(([d, a]) => left.as(d, a).flatMap((l) =>
    right.as(d, a).filter((r) => !hasBareReciprocal(r)).map((r): VectorForm => ({ kind: 'matrices', layout, left: l, right: r }))));
}

/** Sums over indices that are held fast stand outside those that are carried out: Σ_s Σ_t δ_{s,t} h_{s,t-1} is a sum over t of products of matrices. */
function heldOutside(e: Expression, fixed: ReadonlySet<string>): Expression {
  const inside = mapChildren(e, (child) => heldOutside(child, fixed));
  if (inside.kind !== 'sum' || fixed.has(inside.index) || inside.body.kind !== 'sum' || !fixed.has(inside.body.index)) return inside;
  const { index: held, range, body } = inside.body;
  if ([range.lo, range.hi].some((a) => affineIndices(a).includes(inside.index))) return inside;
  return sum(held, range, heldOutside(sum(inside.index, inside.range, body), fixed));
}

/** Every bound index that is not held fast gets a name of its own, so that sums of one product can be taken together. */
function renamedApart(e: Expression, fixed: ReadonlySet<string>, names: { count: number }): Expression {
  if (e.kind !== 'sum' || fixed.has(e.index)) return mapChildren(e, (child) => renamedApart(child, fixed, names));
  names.count += 1;
  const name = `#${String(names.count)}`;
  return sum(name, e.range, renamedApart(substituteIndices(e.body, new Map([[e.index, index(name)]])), fixed, names));
}

/** The formula with the letters that its step has: indices that are held fast are seen. */
function lettered(formula: ComponentFormula, choice: LetterChoice): ComponentFormula {
  const left = formula.axes.map((a) => index(a.index));
  const rules = letterRules([formula.adjoint ? adjoint(formula.tensor, left) : ref(formula.tensor, left), formula.value], choice, false);
  const letters = lettersFor(formula.axes.map((a) => ({ name: a.index, range: a.range })), rules);
  return {
    ...formula, value: withLetters(formula.value, letters, rules),
    axes: formula.axes.map((a) => ({ ...a, index: letters.get(a.index) ?? a.index })),
  };
}

/** Indices that no row or column can stand for: with an offset or beside others in an entry, in conditions, ranges, or as numbers. */
function forcedIn(value: Expression): ReadonlySet<string> {
  const forced = new Set<string>();
  const force = (affines: readonly Affine[]): void => affines.flatMap(affineIndices).forEach((name) => forced.add(name));
  visit(value, (e) => {
    if (e.kind === 'ref') force(e.indices.filter((a) => plainIndex(a) === null));
    else if (e.kind === 'bracket') freeIndices(e).forEach((name) => forced.add(name));
    else if (e.kind === 'affine') force([e.value]);
    else if (e.kind === 'piecewise') e.branches.forEach((b) => force(testAffines(b.when)));
    else if (isBinder(e)) force([e.range.lo, e.range.hi]);
  });
  return forced;
}

/** More indices held fast, until no tensor has more than two others. */
function withFewAxes(formula: ComponentFormula, fixed: ReadonlySet<string>): ReadonlySet<string> {
  const entries = [ref(formula.tensor, formula.axes.map((a) => index(a.index))), ...references(formula.value)];
  for (const entry of entries) {
    const open = entry.indices.map(plainIndex).filter((n) => n !== null && !fixed.has(n));
    const [first] = open;
    if (open.length > 2 && first !== undefined && first !== null) return withFewAxes(formula, new Set([...fixed, first]));
  }
  return fixed;
}

/** Reciprocals and roots of vectors are read as factors of rows, diag{v}⁻¹ M, not by themselves. */
function hasBareReciprocal(a: Arrangement): boolean {
  if (a.kind === 'diag') return hasBareReciprocal(a.of.kind === 'power' ? a.of.base : a.of);
  if (a.kind === 'power' && a.elementwise && (a.exponent.n < 0n || a.exponent.d !== 1n)) return true;
  return arrangementsBelow(a).some(hasBareReciprocal);
}

/** Whether a form still has indices: entries that are held fast, or sums over them. */
export const holdsIndices = (a: Arrangement): boolean =>
  (a.kind === 'tensor' && a.at.length > 0) || a.kind === 'over' || a.kind === 'chosen' || arrangementsBelow(a).some(holdsIndices);
