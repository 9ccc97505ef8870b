// Vector forms are found, not known: a component formula is arranged as products of matrices and vectors by looking
// which indices its factors share. Where no arrangement exists there is none.

import { type Affine, affineIndices, index, plainIndex } from '../algebra/affine.ts';
import { type Expression, isBinder, ref, sum } from '../algebra/expression.ts';
import { freeIndices, mapChildren, references, substituteIndices, testAffines, visit } from '../algebra/traverse.ts';
import type { Declaration } from '../spec/network.ts';
import type { Arrangement, ComponentFormula, VectorForm, VectorStyle } from './arrangement.ts';
import { letterRules, lettersFor, withLetters } from './indices.ts';
import { notationOf } from './notation.ts';
import { arrange, tensorPart, type VectorContext } from './vector-arrange.ts';
import { spread } from './vector-part.ts';

export type { Arrangement, ComponentFormula, VectorForm, VectorStyle } from './arrangement.ts';

/**
 * A vector form with as few indices left as possible: first only those are held fast that cannot be a row or a column (they
 * stand in conditions, or with an offset: h_{t-1}) or are too many, then leading axes, one after the other.
 */
export function vectorForm(
  formula: ComponentFormula, style: VectorStyle, declarations: ReadonlyMap<string, Declaration> | null = null,
): VectorForm | null {
  const shown = lettered(formula);
  const names = shown.axes.map((a) => a.index);
  const forced = forcedIn(shown.value);
  for (let leading = 0; leading <= Math.max(0, names.length - 1); leading += 1) {
    const fixed = withFewAxes(shown, new Set([...forced, ...names.slice(0, leading)]));
    if (names.length > 0 && names.every((n) => fixed.has(n))) return null;
    const form = formWith(shown, style, declarations, fixed);
    if (form !== null) return form;
  }
  return null;
}

function formWith(formula: ComponentFormula, style: VectorStyle, declarations: VectorContext['declarations'], fixed: ReadonlySet<string>): VectorForm | null {
  const context: VectorContext = { style, declarations, fixed, ranges: new Map(formula.axes.map((a) => [a.index, a.range])) };
  const all = formula.axes.map((a) => a.index);
  const names = all.filter((n) => !fixed.has(n));
  const left = tensorPart({ kind: 'ref', tensor: formula.tensor, adjoint: formula.adjoint, indices: all.map((n) => index(n)) }, context);
  const value = arrange(renamedApart(formula.value, fixed, { count: 0 }), context);
  const right = value === null ? null : spread(value, names);
  if (left === null || right === null) return null;
  const flipped = style === 'diag' && formula.adjoint;
  const [first = null, second = null] = names;
  const [down, across] = flipped ? [second, first] : [first, second];
  const form = { style, left: left.as(down, across), right: right.as(down, across) };
  return hasBareReciprocal(form.right) ? null : form;
}

/** Every bound index that is not held fast gets a name of its own, so that sums of one product can be taken together. */
function renamedApart(e: Expression, fixed: ReadonlySet<string>, names: { count: number }): Expression {
  if (e.kind !== 'sum' || fixed.has(e.index)) return mapChildren(e, (child) => renamedApart(child, fixed, names));
  names.count += 1;
  const name = `#${String(names.count)}`;
  return sum(name, e.range, renamedApart(substituteIndices(e.body, new Map([[e.index, index(name)]])), fixed, names));
}

/** The formula with the letters that its step has: indices that are held fast are seen. */
function lettered(formula: ComponentFormula): ComponentFormula {
  const rules = letterRules([formula.value], notationOf({}), false);
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
  switch (a.kind) {
    case 'tensor': case 'scalar': case 'ones': return false;
    case 'product': case 'hadamard': return a.factors.some(hasBareReciprocal);
    case 'scaled': return (a.of === null ? a.by : [...a.by, a.of]).some(hasBareReciprocal);
    case 'add': return a.terms.some(hasBareReciprocal);
    case 'diag': return hasBareReciprocal(a.of.kind === 'power' ? a.of.base : a.of);
    case 'apply': return hasBareReciprocal(a.argument);
    case 'power': return (a.elementwise && (a.exponent.n < 0n || a.exponent.d !== 1n)) || hasBareReciprocal(a.base);
    case 'square': case 'transpose': case 'over': case 'chosen': return hasBareReciprocal(a.of);
  }
}

/** Whether a form still has indices: entries that are held fast, or sums over them. */
export function holdsIndices(a: Arrangement): boolean {
  switch (a.kind) {
    case 'ones': case 'scalar': return false;
    case 'tensor': return a.at.length > 0;
    case 'over': case 'chosen': return true;
    case 'product': case 'hadamard': return a.factors.some(holdsIndices);
    case 'scaled': return (a.of === null ? a.by : [...a.by, a.of]).some(holdsIndices);
    case 'add': return a.terms.some(holdsIndices);
    case 'apply': return holdsIndices(a.argument);
    case 'power': return holdsIndices(a.base);
    case 'diag': case 'square': case 'transpose': return holdsIndices(a.of);
  }
}
