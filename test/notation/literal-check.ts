// A vector form against the components that it was made from, entry by entry.

import { affineIndices, integer } from '../../src/algebra/affine.ts';
import type { ComponentFormula, VectorForm } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { shapeOf as extentOf } from '../../src/notation/shape.ts';
import { isOfSamples, literal, type Scope, ShapeError, shapeOf, span, valueIn, type World } from './literal.ts';

/** The values of all entries of the left side, by index values. */
export type Components = ReadonlyMap<string, number>;

export function componentsOf({ axes, value }: ComponentFormula, world: World): Components {
  return new Map(points(axes, world).map((scope) => [nameOf(axes, scope), valueIn(value, world, scope)]));
}

const nameOf = (axes: ComponentFormula['axes'], scope: Scope): string => axes.map((a) => scope.get(a.index)).join(',');

function points(axes: ComponentFormula['axes'], world: World): readonly Scope[] {
  return axes.reduce<readonly Scope[]>((before, { index, range }) =>
    before.flatMap((scope) => span(range, world).map((n) => new Map([...scope, [index, n]]))), [new Map()]);
}

/** Why a form is not what its components are; null where it is. */
export function mismatch(form: VectorForm, formula: ComponentFormula, components: Components, world: World): string | null {
  try {
    return difference(form, formula, components, world);
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

function difference({ left, right, layout }: VectorForm, formula: ComponentFormula, components: Components, world: World): string | null {
  if (left.kind !== 'tensor') return 'the left side is no tensor';
  // The letters of indices that are held fast are those of the form, the others are counted by row and column.
  const letters = formula.axes.map((_, n) => left.at[n] ?? null).map((a) => (a === null ? null : affineIndices(a)[0] ?? null));
  const held = formula.axes.filter((_, n) => letters[n] !== null);
  const open = formula.axes.filter((_, n) => letters[n] === null);
  for (const fixed of some(points(held, world))) {
    const scope = new Map(formula.axes.flatMap((axis, n) => (letters[n] === null ? [] : [[letters[n] ?? '', fixed.get(axis.index) ?? NaN] as const])));
    const [shown, value] = [literal(left, layout, world, scope), literal(right, layout, world, scope)];
    if (shapeOf(shown).join() !== shapeOf(value).join()) return `${shapeOf(value).join('×')} for what is ${shapeOf(shown).join('×')}`;
    if (shapeOf(value).join() !== expectedShape(formula, open, left.transposed, layout, world)) return `${shapeOf(value).join('×')} in this layout`;
    const said = [extentOf(right).rows, extentOf(right).columns].map((sizes) => sizes.reduce((n, s) => n * span({ lo: integer(1), hi: s }, world).length, 1));
    if (said.join() !== shapeOf(value).join()) return `${shapeOf(value).join('×')}, not ${said.join('×')}`;
    const starts = open.map((a) => span(a.range, world)[0] ?? NaN);
    for (const point of points(open, world)) {
      const expected = components.get(formula.axes.map((a) => fixed.get(a.index) ?? point.get(a.index)).join(','));
      const [row, column] = place(formula, open, open.map((a, n) => (point.get(a.index) ?? NaN) - (starts[n] ?? NaN)), left.transposed, layout, world);
      const found = value[row]?.[column];
      if (found === undefined || expected === undefined || !(Math.abs(found - expected) <= 1e-9 * (1 + Math.abs(expected)))) {
        return `${String(found)} for ${String(expected)}`;
      }
    }
  }
  return null;
}

/** The same for a form of columns that stand one below the other: its left side is a vec, or a vector as a column. */
export function vecMismatch({ left, right, layout }: VectorForm, formula: ComponentFormula, components: Components, world: World): string | null {
  const tensor = left.kind === 'vec' ? left.of : left;
  if (tensor.kind !== 'tensor' || tensor.at.length > 0) return 'the left side is no whole tensor';
  const [rows = 0, columns = 0] = expectedShape(formula, formula.axes, tensor.transposed, layout, world).split(',').map(Number);
  const entries = Array.from({ length: rows }, () => Array.from({ length: columns }, () => NaN));
  for (const point of points(formula.axes, world)) {
    const at = formula.axes.map((a) => (point.get(a.index) ?? NaN) - (span(a.range, world)[0] ?? NaN));
    const [row, column] = place(formula, formula.axes, at, tensor.transposed, layout, world);
    const entry = components.get(nameOf(formula.axes, point));
    entries[row]?.splice(column, 1, entry ?? NaN);
  }
  if (left.kind !== 'vec' && columns !== 1) return 'the left side is no column';
  const expected = Array.from({ length: columns }, (_, j) => entries.map((row) => row[j] ?? NaN)).flat();
  const found = literal(right, layout, world, new Map());
  if (shapeOf(found).join() !== `${String(expected.length)},1`) return `${shapeOf(found).join('×')} for ${String(expected.length)}×1`;
  const wrong = expected.findIndex((x, n) => !(Math.abs((found[n]?.[0] ?? NaN) - x) <= 1e-9 * (1 + Math.abs(x))));
  return wrong < 0 ? null : `${String(found[wrong]?.[0])} for ${String(expected[wrong])}`;
}

/** The first, the last, and two between. */
const some = <T>(all: readonly T[]): readonly T[] => (all.length <= 4 ? all : [0, 1, Math.floor(all.length / 2), all.length - 1].flatMap((n) => all.slice(n, n + 1)));

/** Row and column of an entry of the left side: what the layouts are defined by. */
function place(
  formula: ComponentFormula, open: ComponentFormula['axes'], at: readonly number[], transposed: boolean, layout: MatrixLayout, world: World,
): readonly [number, number] {
  const [first = 0, second = 0] = at;
  const sample = layout.samples === 'sum' ? -1 : open.findIndex((a) => isOfSamples(a.range));
  const own = ((): readonly [number, number] => {
    if (open.length === 1) return (sample === 0 ? layout.samples === 'rows' : layout.vectors === 'columns') ? [first, 0] : [0, first];
    if (sample < 0) return [first, second];
    const [inSample, ofSample] = sample === 0 ? [second, first] : [first, second];
    return layout.samples === 'columns' ? [inSample, ofSample] : [ofSample, inSample];
  })();
  const turned = formula.adjoint && (layout.derivatives === 'numerator' || (layout.derivatives === 'mixed' && !world.isParameter(formula.tensor)));
  return turned !== transposed ? [own[1], own[0]] : own;
}

function expectedShape(formula: ComponentFormula, open: ComponentFormula['axes'], transposed: boolean, layout: MatrixLayout, world: World): string {
  return place(formula, open, open.map((a) => span(a.range, world).length - 1), transposed, layout, world).map((n) => n + 1).join();
}
