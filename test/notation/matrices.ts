// The value of a box of matrices and vectors, by plain loops: what a reader would compute from the printed form.

import { showLayer } from '../../src/algebra/layer.ts';
import type { Box, Letter, Relation } from '../../src/notation/box.ts';
import { affine, entryValue, functionValue, type Scope, sizeOf } from './values.ts';

/** A number, or a matrix; a column of ones is as long as its neighbours need it: then `rows` is null. */
export type Value = number | Matrix;
export interface Matrix {
  readonly rows: number | null;
  readonly columns: number | null;
  at(row: number, column: number): number;
}

export interface World {
  /** How many entries each axis of a tensor has, by its name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly scope: Scope;
  /** In numerator layout derivatives are rows, or transposed. */
  readonly rows: boolean;
}

const transposed = (m: Value): Value => (typeof m === 'number' ? m : { rows: m.columns, columns: m.rows, at: (i, j) => m.at(j, i) });
const mapped = (m: Value, f: (x: number) => number): Value => (typeof m === 'number' ? f(m) : { ...m, at: (i, j) => f(m.at(i, j)) });

function agreed(a: number | null, b: number | null): number | null {
  if (a !== null && b !== null && a !== b) throw new Error(`${String(a)} entries do not fit ${String(b)}`);
  return a ?? b;
}

function entrywise(a: Value, b: Value, f: (x: number, y: number) => number): Value {
  if (typeof a === 'number' && typeof b === 'number') return f(a, b);
  if (typeof a === 'number' || typeof b === 'number') throw new Error('a number beside a matrix');
  return { rows: agreed(a.rows, b.rows), columns: agreed(a.columns, b.columns), at: (i, j) => f(a.at(i, j), b.at(i, j)) };
}

function multiplied(a: Value, b: Value): Value {
  if (typeof a === 'number') return mapped(b, (x) => a * x);
  if (typeof b === 'number') return mapped(a, (x) => x * b);
  const inner = agreed(a.columns, b.rows);
  if (inner === null) throw new Error('a product of unknown length');
  const at = (i: number, j: number): number => {
    let total = 0;
    for (let n = 1; n <= inner; n += 1) total += a.at(i, n) * b.at(n, j);
    return total;
  };
  return a.rows === 1 && b.columns === 1 ? at(1, 1) : { rows: a.rows, columns: b.columns, at };
}

export function valueOfBox(m: Box, world: World): Value {
  const value = (box: Box): Value => valueOfBox(box, world);
  const number = (box: Box): number => {
    const found = value(box);
    if (typeof found !== 'number') throw new Error('a matrix where a number belongs');
    return found;
  };
  switch (m.kind) {
    case 'integer': return Number(m.value);
    case 'decimal': return Number(m.digits);
    case 'letter': return letter(m, '', world);
    case 'plus': return m.terms.map((t) => (t.negative ? mapped(value(t.body), (x) => -x) : value(t.body)))
      .reduce((a, b) => entrywise(a, b, (x, y) => x + y));
    case 'times': return m.factors.map(value).reduce((a, b) => (m.sign === 'odot' ? entrywise(a, b, (x, y) => x * y) : multiplied(a, b)));
    case 'fraction': return multiplied(value(m.top), 1 / number(m.bottom));
    case 'root': return mapped(value(m.body), (x) => x ** (1 / m.degree));
    case 'power': {
      const exponent = number(m.exponent);
      if (m.elementwise) return mapped(value(m.base), (x) => x ** exponent);
      if (m.base.kind === 'diag') return diagonal(mapped(value(m.base.body), (x) => x ** exponent));
      return number(m.base) ** exponent;
    }
    case 'elementary': return mapped(value(m.argument), (x) => functionValue(m.name, x) ** m.power);
    case 'apply': return mapped(value(m.argument), (x) => functionValue(`${m.fn.name}@${showLayer(m.fn.layer)}${"'".repeat(m.fn.primes)}`, x));
    case 'over': {
      if (m.operator !== 'sum' || m.range === null) throw new Error('only sums with their ranges');
      let total: Value | null = null;
      for (let n = affine(m.range.lo, world.scope); n <= affine(m.range.hi, world.scope); n += 1) {
        const next = valueOfBox(m.body, { ...world, scope: new Map([...world.scope, [m.index, n]]) });
        total = total === null ? next : entrywise(total, next, (x, y) => x + y);
      }
      return total ?? 0;
    }
    case 'bracket': return holds(m.test, number) ? 1 : 0;
    case 'partial': case 'nabla': {
      if (m.by.kind !== 'letter') throw new Error('a derivative by something else than a tensor');
      return letter(m.by, '∂E/∂', world);
    }
    case 'diag': return diagonal(value(m.body));
    case 'transpose': return transposed(value(m.body));
    case 'ones': return { rows: null, columns: 1, at: () => 1 };
    case 'einsum': throw new Error('arrays of any number of axes are checked elsewhere');
    case 'norm': {
      const v = value(m.body);
      if (typeof v === 'number' || v.rows === null) throw new Error('the norm of something else than a column');
      return Math.sqrt(Array.from({ length: v.rows }, (_, n) => v.at(n + 1, 1) ** 2).reduce((a, b) => a + b, 0));
    }
    case 'group': case 'brace': return value(m.body);
    case 'identity': case 'vec': case 'shaped': case 'absolute': case 'cases': throw new Error(`${m.kind} does not stand in a vector form`);
  }
}

/** Of a column or a row. */
function diagonal(v: Value): Value {
  if (typeof v === 'number') throw new Error('the diagonal of a number');
  const length = v.columns === 1 ? v.rows : v.columns;
  return { rows: length, columns: length, at: (i, j) => (i !== j ? 0 : v.columns === 1 ? v.at(i, 1) : v.at(1, i)) };
}

function letter(m: Letter, before: string, world: World): Value {
  const layer = showLayer(m.layer);
  const inScope = world.scope.get(m.name);
  if (m.indices.length === 0 && inScope !== undefined) return inScope;
  const isSignal = m.name === 'delta';
  const shape = world.shapes.get(m.name);
  if (shape === undefined) return m.indices.length === 0 ? sizeOf(m.name, layer) : NaN;
  const held = shape.map((_, n): number | null => {
    const box = m.indices[n];
    const held = box === undefined || (box.kind === 'letter' && box.name === ':') ? null : valueOfBox(box, world);
    return held === null || typeof held === 'number' ? held : NaN;
  });
  const open = shape.flatMap((size, n) => (held[n] === null ? [{ size, n }] : []));
  const entry = (...at: readonly number[]): number => entryValue(before + m.name, layer, held.map((h, n) => h ?? at[open.findIndex((o) => o.n === n)] ?? NaN));
  const [down, across] = open;
  if (down === undefined) return entry();
  const native: Value = { rows: down.size, columns: across?.size ?? 1, at: (i, j) => (across === undefined ? entry(i) : entry(i, j)) };
  const laid = world.rows && (before !== '' || isSignal) ? transposed(native) : native;
  return m.transposed ? transposed(laid) : laid;
}

function holds(r: Relation, number: (box: Box) => number): boolean {
  switch (r.kind) {
    case 'compare': {
      const [left, right] = [number(r.left), number(r.right)];
      return { '=': left === right, '≠': left !== right, '<': left < right, '≤': left <= right, '>': left > right, '≥': left >= right }[r.sign];
    }
    case 'between': return number(r.low) <= number(r.middle) && number(r.middle) <= number(r.high);
    case 'and': return r.parts.every((p) => holds(p, number));
    case 'or': return r.parts.some((p) => holds(p, number));
    case 'not': return !holds(r.part, number);
  }
}
