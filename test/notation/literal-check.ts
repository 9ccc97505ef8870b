// A vector form against the components that it was made from, entry by entry.

import { affineIndices, integer } from '../../src/algebra/affine.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import type { Arrangement, ComponentFormula, VectorForm, WholeTensor } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { shapeOf as extentOf } from '../../src/notation/shape.ts';
import type { Axis } from '../../src/spec/network.ts';
import { isOfSamples, literal, matrixOf, type Scope, ShapeError, shapeOf, span, valueIn, type World } from './literal.ts';

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

/** The tensor on the left side, and where an entry that it has in a row and a column stands in what is written. */
interface Frame {
  readonly of: WholeTensor;
  readonly layout: MatrixLayout;
  /** @param rows how many rows the tensor has */
  readonly place: (at: readonly [row: number, column: number], rows: number) => readonly [number, number];
}

/** Null where the left side is no tensor. */
function frameOf(left: Arrangement, layout: MatrixLayout): Frame | null {
  if (left.kind === 'tensor') return { of: left, layout, place: (at) => at };
  if (left.kind === 'vec' && left.of.kind === 'tensor') return { of: left.of, layout, place: ([row, column], rows) => [column * rows + row, 0] };
  if (left.kind !== 'by-vec' || left.of !== null) return null;
  return { of: left.by, layout: { ...layout, derivatives: 'denominator' }, place: ([row, column], rows) => (left.lies === 'across' ? [0, column * rows + row] : [column * rows + row, 0]) };
}

function difference({ left, right, layout }: VectorForm, formula: ComponentFormula, components: Components, world: World): string | null {
  const frame = frameOf(left, layout);
  if (frame === null) return 'the left side is no tensor';
  const { of } = frame;
  // The letters of indices that are held fast are those of the form, the others are counted by row and column.
  const letters = formula.axes.map((_, n) => of.at[n] ?? null).map((a) => (a === null ? null : affineIndices(a)[0] ?? null));
  const held = formula.axes.filter((_, n) => letters[n] !== null);
  const open = formula.axes.filter((_, n) => letters[n] === null);
  const [rows, columns] = expectedShape(formula, open, of.transposed, frame.layout, world);
  const expectedAs = frame.place([rows - 1, columns - 1], rows).map((n) => n + 1).join();
  const starts = open.map((a) => span(a.range, world)[0] ?? NaN);
  for (const fixed of some(points(held, world))) {
    const scope = new Map(formula.axes.flatMap((axis, n) => (letters[n] === null ? [] : [[letters[n] ?? '', fixed.get(axis.index) ?? NaN] as const])));
    const [shown, value] = [literal(left, layout, world, scope), literal(right, layout, world, scope)];
    if (shapeOf(shown).join() !== shapeOf(value).join()) return `${shapeOf(value).join('×')} for what is ${shapeOf(shown).join('×')}`;
    if (shapeOf(value).join() !== expectedAs) return `${shapeOf(value).join('×')} in this layout`;
    const said = saidShape(right, world);
    if (said.join() !== shapeOf(value).join()) return `${shapeOf(value).join('×')}, not ${said.join('×')}`;
    for (const point of points(open, world)) {
      const expected = components.get(formula.axes.map((a) => fixed.get(a.index) ?? point.get(a.index)).join(','));
      const own = place(formula, open, open.map((a, n) => (point.get(a.index) ?? NaN) - (starts[n] ?? NaN)), of.transposed, frame.layout, world);
      const [row, column] = frame.place(own, rows);
      const found = value[row]?.[column];
      if (found === undefined || expected === undefined || !near(found, expected)) return `${String(found)} for ${String(expected)}`;
    }
  }
  return null;
}

const near = (x: number, expected: number): boolean => Math.abs(x - expected) <= 1e-9 * (1 + Math.abs(expected));

const saidShape = (a: Arrangement, world: World): readonly number[] =>
  [extentOf(a).rows, extentOf(a).columns].map((sizes) => sizes.reduce((n, s) => n * span({ lo: integer(1), hi: s }, world).length, 1));

/** Why ∂a/∂vec(W) is not what the components of a, which are linear in W, change by when an entry of W is one more. */
export function derivativeMismatch({ left, right, layout }: VectorForm, formula: ComponentFormula, components: Components, world: World): string | null {
  if (left.kind !== 'by-vec' || left.of === null || formula.adjoint) return 'no derivative of a tensor';
  const { of, by, lies } = left;
  const letters = formula.axes.map((_, n) => of.at[n] ?? null).map((a) => (a === null ? null : affineIndices(a)[0] ?? null));
  const [held, open] = [formula.axes.filter((_, n) => letters[n] !== null), formula.axes.filter((_, n) => letters[n] === null)];
  const axes = world.axesOf(by.tensor)?.map((range, n) => ({ index: String(n), range: range ?? { lo: integer(1), hi: integer(0) } })) ?? [];
  const [rows] = expectedShape(formula, open, of.transposed, layout, world);
  const [byRows = 1] = axes.map((a) => span(a.range, world).length);
  const start = (axis: Axis): number => span(axis.range, world)[0] ?? NaN;
  for (const fixed of some(points(held, world))) {
    const scope = new Map(formula.axes.flatMap((axis, n) => (letters[n] === null ? [] : [[letters[n] ?? '', fixed.get(axis.index) ?? NaN] as const])));
    const across = literal(right, layout, world, scope);
    const value = lies === 'across' ? across : matrixOf(shapeOf(across)[1], shapeOf(across)[0], (i, j) => across[j]?.[i] ?? NaN);
    const said = saidShape(right, world);
    if (said.join() !== shapeOf(across).join() || saidShape(left, world).join() !== said.join()) return `${shapeOf(across).join('×')}, not ${said.join('×')}`;
    for (const entry of points(axes, world)) {
      const name = `${tensorKey(by.tensor)}[${axes.map((a) => entry.get(a.index)).join(',')}]`;
      const more: World = { ...world, entries: new Map([...world.entries, [name, (world.entries.get(name) ?? NaN) + 1]]) };
      const [i = NaN, j = NaN] = axes.map((a) => (entry.get(a.index) ?? NaN) - start(a));
      for (const point of points(open, world)) {
        const whole = new Map([...fixed, ...point]);
        const change = valueIn(formula.value, more, whole) - (components.get(nameOf(formula.axes, whole)) ?? NaN);
        const [row, column] = place(formula, open, open.map((a) => (point.get(a.index) ?? NaN) - start(a)), of.transposed, layout, world);
        const found = value[column * rows + row]?.[j * byRows + i];
        if (found === undefined || !near(found, change)) return `${String(found)} for ${String(change)}`;
      }
    }
  }
  return null;
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

function expectedShape(formula: ComponentFormula, open: ComponentFormula['axes'], transposed: boolean, layout: MatrixLayout, world: World): readonly [number, number] {
  const [row, column] = place(formula, open, open.map((a) => span(a.range, world).length - 1), transposed, layout, world);
  return [row + 1, column + 1];
}
