// Vector forms as literal matrices: rows and columns are kept apart, nothing is broadcast, a number multiplies a matrix only
// where the form says that it does. And the value of components, by plain loops.

import type { Affine, Range } from '../../src/algebra/affine.ts';
import { type Expression, type FunctionName, type Reference, type Tensor, tensorKey, type Test } from '../../src/algebra/expression.ts';
import { showLayer } from '../../src/algebra/layer.ts';
import { toNumber } from '../../src/algebra/rational.ts';
import type { Arrangement } from '../../src/notation/arrangement.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { functionName, functionValue, valueOf } from './values.ts';

/** Rows of equal length. */
export type Matrix = readonly (readonly number[])[];
export type Scope = ReadonlyMap<string, number>;

export interface World {
  size(name: string, layer: string): number;
  /** The axes of a tensor, in order; null for one that no whole matrix is made of. */
  axesOf(t: Tensor): readonly (Range | null)[] | null;
  /** The integers that its entries can be. */
  integersOf(t: Tensor): Range | null;
  /** Whether a gradient by it is one by a parameter. */
  isParameter(t: Tensor): boolean;
  /** Values of entries by their names, as far as they were asked for. */
  readonly entries: Map<string, number>;
}

export const matrixOf = (rows: number, columns: number, at: (row: number, column: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));
export const shapeOf = (m: Matrix): readonly [number, number] => [m.length, m[0]?.length ?? 0];
const flipped = (m: Matrix): Matrix => (m[0] ?? []).map((_, j) => m.map((row) => row[j] ?? NaN));
const mapped = (m: Matrix, f: (x: number) => number): Matrix => m.map((row) => row.map(f));

export class ShapeError extends Error {}

function single(m: Matrix, what: string): number {
  const [rows, columns] = shapeOf(m);
  if (rows !== 1 || columns !== 1) throw new ShapeError(`${what} is a number, not ${String(rows)}×${String(columns)}`);
  return m[0]?.[0] ?? NaN;
}

function multiplied(a: Matrix, b: Matrix): Matrix {
  const [[rows, inner], [depth, columns]] = [shapeOf(a), shapeOf(b)];
  if (inner !== depth) throw new ShapeError(`${String(rows)}×${String(inner)} times ${String(depth)}×${String(columns)}`);
  return matrixOf(rows, columns, (i, j) => {
    let total = 0;
    for (let n = 0; n < inner; n += 1) total += (a[i]?.[n] ?? NaN) * (b[n]?.[j] ?? NaN);
    return total;
  });
}

function entrywise(a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix {
  const [[rows, columns], [otherRows, otherColumns]] = [shapeOf(a), shapeOf(b)];
  if (rows !== otherRows || columns !== otherColumns) throw new ShapeError(`${String(rows)}×${String(columns)} beside ${String(otherRows)}×${String(otherColumns)}`);
  return matrixOf(rows, columns, (i, j) => f(a[i]?.[j] ?? NaN, b[i]?.[j] ?? NaN));
}

function diagonal(m: Matrix): Matrix {
  const [rows, columns] = shapeOf(m);
  if (rows !== 1 && columns !== 1) throw new ShapeError('the diagonal matrix of a matrix');
  const entries = m.flat();
  return matrixOf(entries.length, entries.length, (i, j) => (i === j ? entries[i] ?? NaN : 0));
}

const sizes = (a: Affine, scope: Scope, world: World): number => a.terms.reduce((total, { symbol, coefficient }) =>
  total + coefficient * (symbol.kind === 'index' ? scope.get(symbol.name) ?? NaN : world.size(symbol.name, showLayer(symbol.layer))), a.constant);

export const span = ({ lo, hi }: Range, world: World, scope: Scope = new Map()): readonly number[] => {
  const [first, last] = [sizes(lo, scope, world), sizes(hi, scope, world)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
};

/** What a form says, as a matrix; a number is one of one row and one column. */
export function literal(a: Arrangement, layout: MatrixLayout, world: World, scope: Scope): Matrix {
  const below = (part: Arrangement): Matrix => literal(part, layout, world, scope);
  switch (a.kind) {
    case 'tensor': {
      const native = tensorMatrix(a, layout, world, scope);
      const shown = a.transposed ? flipped(native) : native;
      const said = [sizes(a.shape.rows, scope, world), sizes(a.shape.columns, scope, world)].join('×');
      if (said !== shapeOf(shown).join('×')) throw new ShapeError(`${shapeOf(shown).join('×')}, not ${said}`);
      return shown;
    }
    case 'scalar': return [[valueIn(a.value, world, scope)]];
    case 'ones': return matrixOf(sizes(a.shape.rows, scope, world), sizes(a.shape.columns, scope, world), () => 1);
    case 'identity': return matrixOf(sizes(a.shape.rows, scope, world), sizes(a.shape.columns, scope, world), (i, j) => (i === j ? 1 : 0));
    case 'kronecker': return a.factors.map(below).reduce((x, y) => x.flatMap((row) => y.map((other) => row.flatMap((p) => other.map((q) => p * q)))));
    case 'vec': return flipped(below(a.of)).flat().map((x) => [x]);
    case 'by-vec': {
      if (a.of !== null) throw new Error('a derivative of a vector has no value by itself');
      const own = tensorMatrix({ ...a.by, adjoint: true }, { ...layout, derivatives: 'denominator' }, world, scope);
      const column = flipped(own).flat().map((x) => [x]);
      return a.lies === 'across' ? flipped(column) : column;
    }
    case 'product': return a.factors.map(below).reduce(multiplied);
    case 'hadamard': return a.factors.map(below).reduce((x, y) => entrywise(x, y, (p, q) => p * q));
    case 'scaled': {
      const factor = a.by.map((f) => single(below(f), 'what stands in front')).reduce((x, y) => x * y, 1);
      return a.of === null ? [[factor]] : mapped(below(a.of), (x) => factor * x);
    }
    case 'add': return a.terms.map(below).reduce((x, y) => entrywise(x, y, (p, q) => p + q));
    case 'diag': return diagonal(below(a.of));
    case 'transpose': return flipped(below(a.of));
    case 'apply': {
      const value = mapped(below(a.argument), (x) => functionValue(functionName(a.fn), x));
      return a.transposed ? flipped(value) : value;
    }
    case 'power': return mapped(below(a.base), (x) => x ** toNumber(a.exponent));
    case 'square': {
      const m = below(a.of);
      if (!shapeOf(m).includes(1)) throw new ShapeError('the norm of a matrix');
      return [[m.flat().reduce((total, x) => total + x * x, 0)]];
    }
    case 'chosen': return literal(a.of, layout, world, new Map([...scope, [a.index, valueIn(a.by, world, scope)]]));
    case 'over': return span(a.range, world, scope).map((n) => literal(a.of, layout, world, new Map([...scope, [a.index, n]])))
      .reduce((x, y) => entrywise(x, y, (p, q) => p + q));
  }
}

/** A whole tensor, or the part of it that an index leaves, lying as the layout says. */
function tensorMatrix(a: Extract<Arrangement, { kind: 'tensor' }>, layout: MatrixLayout, world: World, scope: Scope): Matrix {
  const axes = world.axesOf(a.tensor);
  if (axes === null) throw new Error(`${tensorKey(a.tensor)} has no axes`);
  const held = axes.map((_, n) => a.at[n] ?? null).map((i) => (i === null ? null : sizes(i, scope, world)));
  const open = axes.flatMap((range, n) => (held[n] === null ? [{ n, samples: range !== null && isOfSamples(range), values: range === null ? [] : span(range, world) }] : []));
  const entry = (...chosen: readonly number[]): number =>
    entryOf({ tensor: a.tensor, adjoint: a.adjoint }, axes.map((_, n) => held[n] ?? chosen[open.findIndex((o) => o.n === n)] ?? NaN), world);
  const [first, second] = open;
  const turned = a.adjoint && (layout.derivatives === 'numerator' || (layout.derivatives === 'mixed' && !world.isParameter(a.tensor)));
  const native = ((): Matrix => {
    if (first === undefined) return [[entry()]];
    const inSamples = layout.samples === 'sum' ? null : layout.samples;
    if (second === undefined) {
      const column = first.samples && inSamples !== null ? inSamples === 'rows' : layout.vectors === 'columns';
      const m = first.values.map((i) => [entry(i)]);
      return column ? m : flipped(m);
    }
    const m = first.values.map((i) => second.values.map((j) => entry(i, j)));
    const across = inSamples !== null && ((first.samples && inSamples === 'columns') || (second.samples && inSamples === 'rows'));
    return across ? flipped(m) : m;
  })();
  return turned ? flipped(native) : native;
}

export const isOfSamples = ({ hi }: Range): boolean => hi.terms.some(({ symbol }) => symbol.kind === 'size' && symbol.name === 'samples' && symbol.layer === null);

/** Between 0.25 and 2.25, or an integer that the tensor's entries can be. */
function entryOf({ tensor, adjoint }: Pick<Reference, 'tensor' | 'adjoint'>, indices: readonly number[], world: World): number {
  const name = `${adjoint ? '∂' : ''}${tensorKey(tensor)}[${indices.join(',')}]`;
  let value = world.entries.get(name);
  if (value === undefined) {
    value = valueOf(name);
    const range = adjoint ? null : world.integersOf(tensor);
    if (range !== null) {
      const integers = span(range, world);
      value = integers[Math.floor(value * 1000) % integers.length] ?? NaN;
    }
    world.entries.set(name, value);
  }
  return value;
}

/** The value of a component formula. */
export function valueIn(e: Expression, world: World, scope: Scope): number {
  const below = (x: Expression): number => valueIn(x, world, scope);
  const each = (x: Extract<Expression, { kind: 'sum' | 'product' | 'argmax' }>): readonly number[] =>
    span(x.range, world, scope).map((n) => valueIn(x.body, world, new Map([...scope, [x.index, n]])));
  switch (e.kind) {
    case 'number': return toNumber(e.value);
    case 'constant': return Math.PI;
    case 'symbol': return valueOf(`${e.name}@${showLayer(e.layer)}`);
    case 'affine': return sizes(e.value, scope, world);
    case 'ref': return entryOf(e, e.indices.map((a) => sizes(a, scope, world)), world);
    case 'bracket': return holds(e.test, world, scope) ? 1 : 0;
    case 'sum': return each(e).reduce((total, x) => total + x, 0);
    case 'product': return each(e).reduce((total, x) => total * x, 1);
    case 'argmax': return sizes(e.range.lo, scope, world) + each(e).indexOf(Math.max(...each(e)));
    case 'add': return e.terms.reduce((total, t) => total + below(t), 0);
    // A bracket is a strong zero: what stands beside it may not exist.
    case 'multiply': return e.factors.some((f) => f.kind === 'bracket' && below(f) === 0) ? 0 : e.factors.reduce((total, f) => total * below(f), 1);
    case 'power': return below(e.base) ** toNumber(e.exponent);
    case 'call': return functionValue(functionName(e.fn satisfies FunctionName), below(e.argument));
    case 'piecewise': return below(e.branches.find((b) => holds(b.when, world, scope))?.then ?? e.otherwise);
  }
}

function holds(test: Test, world: World, scope: Scope): boolean {
  switch (test.kind) {
    case 'index': return test.relation === '=' ? sizes(test.value, scope, world) === 0 : sizes(test.value, scope, world) >= 0;
    case 'compare': {
      const [left, right] = [valueIn(test.left, world, scope), valueIn(test.right, world, scope)];
      return test.relation === '>' ? left > right : test.relation === '=' ? left === right : left >= right;
    }
    case 'and': return test.tests.every((t) => holds(t, world, scope));
    case 'or': return test.tests.some((t) => holds(t, world, scope));
    case 'not': return !holds(test.test, world, scope);
  }
}
