// An einsum against the components that it was made from: every letter runs over the axis that it stands for, as in a loop.

import { integer } from '../../src/algebra/affine.ts';
import type { Expression } from '../../src/algebra/expression.ts';
import { mapChildren, references } from '../../src/algebra/traverse.ts';
import type { ComponentFormula } from '../../src/notation/arrangement.ts';
import type { EinsumForm, EinsumTerm } from '../../src/notation/einsum.ts';
import { span, valueIn, type World } from './literal.ts';
import type { Components } from './literal-check.ts';

/** Why an einsum is not what its components are; null where it is. */
export function einsumMismatch({ left, terms }: EinsumForm, formula: ComponentFormula, components: Components, world: World): string | null {
  if (left.indices.length > 0) return 'the left side has indices';
  const sums = terms.map((term) => valuesOf(term, formula, world));
  const axes = formula.axes.map((a) => span(a.range, world));
  if (sums.some((s) => s === null)) return 'a letter stands for axes of two lengths, or the result for another';
  for (const [key, expected] of components) {
    const at = key === '' ? [] : key.split(',').map((n, axis) => Number(n) - (axes[axis]?.[0] ?? NaN));
    const found = sums.reduce((total, s) => total + (s?.(at) ?? NaN), 0);
    if (!(Math.abs(found - expected) <= 1e-9 * (1 + Math.abs(expected)))) return `${String(found)} for ${String(expected)}`;
  }
  return null;
}

/** The entries of a term by their places, from 0 on; null where lengths disagree. */
function valuesOf(term: EinsumTerm, formula: ComponentFormula, world: World): ((at: readonly number[]) => number) | null {
  const lengths = new Map<string, readonly number[]>();
  const agrees = (letter: string, values: readonly number[]): boolean => {
    const known = lengths.get(letter);
    if (known === undefined) lengths.set(letter, values);
    return known === undefined || known.length === values.length;
  };
  const given = formula.axes.every((axis, n) => agrees(term.result[n] ?? '', span(axis.range, world)));
  const taken = term.operands.every(({ value, letters }) => value === null || references(value).every((r) => {
    const axes = world.axesOf(r.tensor) ?? [];
    return axes.length === letters.length && axes.every((range, n) => range !== null && agrees(letters[n] ?? '', span(range, world)));
  }));
  if (!given || !taken || term.result.length !== formula.axes.length) return null;
  const summed = [...new Set(term.operands.flatMap((o) => Array.from(o.letters)))].filter((l) => !term.result.includes(l));
  const points = summed.reduce<readonly ReadonlyMap<string, number>[]>((before, letter) =>
    before.flatMap((p) => (lengths.get(letter) ?? []).map((_, n) => new Map([...p, [letter, n]]))), [new Map()]);
  const factor = valueIn(term.coefficient, world, new Map());
  return (at) => factor * points.reduce((total, point) => {
    const place = new Map([...point, ...Array.from(term.result).map((letter, n) => [letter, at[n] ?? NaN] as const)]);
    return total + term.operands.reduce((product, { value, letters }) =>
      (value === null ? product : product * valueIn(entry(value, Array.from(letters).map((l) => place.get(l) ?? NaN), world), world, new Map())), 1);
  }, 0);
}

/** The entry of what is worked out entry by entry, at a place counted from 0. */
function entry(e: Expression, at: readonly number[], world: World): Expression {
  if (e.kind !== 'ref') return mapChildren(e, (child) => entry(child, at, world));
  const axes = world.axesOf(e.tensor) ?? [];
  return { ...e, indices: axes.map((range, n) => integer((range === null ? NaN : span(range, world)[0] ?? NaN) + (at[n] ?? NaN))) };
}
