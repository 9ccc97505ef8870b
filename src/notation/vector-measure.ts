// Which of several arrangements of one formula is the shortest and most usual: the one place that says so.

import { affineKey } from '../algebra/affine.ts';
import { type Expression, functionKey, rangeKey, tensorKey } from '../algebra/expression.ts';
import { writing } from '../algebra/print.ts';
import * as Q from '../algebra/rational.ts';
import { type Arrangement, arrangementsBelow } from './arrangement.ts';
import type { MatrixLayout } from './matrix-layout.ts';

/**
 * Arrangements are compared by these counts, one after the other; of those that agree in all of them the first is the one whose
 * factors stand as in the component form.
 */
interface Measure {
  /** Sums over indices that are left. */
  readonly sums: number;
  /** Products entry by entry that are written otherwise than the layout has it: ⊙ where it has diag, diag where it has ⊙. */
  readonly foreign: number;
  /** 𝟏 in the place of what can do without. */
  readonly detours: number;
  /** Those of a transposed product are those of its factors: (AB)ᵀ is no shorter than BᵀAᵀ. */
  readonly transposes: number;
  /** Tensors and numbers. */
  readonly symbols: number;
  readonly ones: number;
}

const order = ['sums', 'foreign', 'detours', 'transposes', 'symbols', 'ones'] as const;

/** Less than 0 where `a` is shorter and more usual than `b`. */
export function compareArrangements(a: Arrangement, b: Arrangement, layout: MatrixLayout): number {
  const [first, second] = [measureOf(a, layout), measureOf(b, layout)];
  for (const count of order) if (first[count] !== second[count]) return first[count] - second[count];
  return 0;
}

export const transposesOf = (a: Arrangement): number => counted(a).transposes;

const measureOf = (a: Arrangement, { elementwise }: MatrixLayout): Measure => {
  const { products, diagonals, ...rest } = counted(a);
  return { ...rest, foreign: elementwise === 'product' ? diagonals : products };
};

interface Counts extends Omit<Measure, 'foreign'> {
  readonly products: number;
  readonly diagonals: number;
}

const known = new WeakMap<Arrangement, Counts>();

function counted(a: Arrangement): Counts {
  const before = known.get(a);
  if (before !== undefined) return before;
  const below = arrangementsBelow(a).map(counted);
  const total = (count: keyof Counts, own: number): number => below.reduce((n, part) => n + part[count], own);
  const counts: Counts = {
    products: total('products', a.kind === 'hadamard' && a.vectors ? a.factors.length - 1 : 0),
    diagonals: total('diagonals', a.kind === 'diag' && a.use === 'entrywise' ? 1 : 0),
    sums: total('sums', a.kind === 'over' ? 1 : 0),
    detours: total('detours', a.kind === 'ones' && a.use === 'instead' ? 1 : 0),
    transposes: total('transposes', ownTransposes(a)),
    symbols: total('symbols', a.kind === 'tensor' || a.kind === 'scalar' ? 1 : 0),
    ones: total('ones', a.kind === 'ones' ? 1 : 0),
  };
  known.set(a, counts);
  return counts;
}

function ownTransposes(a: Arrangement): number {
  switch (a.kind) {
    case 'tensor': case 'ones': case 'apply': return a.transposed ? 1 : 0;
    case 'transpose': return turned(a.of);
    case 'scalar': case 'identity': case 'product': case 'hadamard': case 'kronecker': case 'vec': case 'by-vec': case 'scaled': case 'add': case 'diag': case 'power': case 'square':
    case 'chosen': case 'over': return 0;
  }
}

/** How many transposes a transpose in front of brackets is worth: of a product, as many as its factors would have in the other order. */
function turned(a: Arrangement): number {
  switch (a.kind) {
    case 'product': return Math.max(1, a.factors.reduce((n, f) => n + pushed(f), 0));
    case 'scaled': return a.of === null ? 0 : turned(a.of);
    case 'tensor': case 'ones': case 'apply': case 'transpose': case 'scalar': case 'hadamard': case 'add': case 'diag': case 'power': case 'square':
    case 'identity': case 'kronecker': case 'vec': case 'by-vec': case 'chosen': case 'over': return 1;
  }
}

/** How many transposes come of it when a transpose goes into the brackets. */
function pushed(a: Arrangement): number {
  switch (a.kind) {
    case 'scalar': case 'identity': case 'diag': case 'square': case 'transpose': return 0;
    case 'tensor': case 'ones': case 'apply': return a.transposed ? 0 : 1;
    case 'hadamard': case 'kronecker': case 'vec': case 'by-vec': return 1;
    case 'scaled': return a.of === null ? 0 : pushed(a.of);
    case 'product': return a.factors.reduce((n, f) => n + pushed(f), 0);
    case 'add': return a.terms.reduce((n, t) => n + pushed(t), 0);
    case 'power': return pushed(a.base);
    case 'chosen': case 'over': return pushed(a.of);
  }
}

const keys = new WeakMap<object, string>();

/** One string for arrangements that are written alike. */
export function arrangementKey(a: Arrangement): string {
  let key = keys.get(a);
  if (key === undefined) {
    key = `${ownKey(a)}(${arrangementsBelow(a).map(arrangementKey).join(' ')})`;
    keys.set(a, key);
  }
  return key;
}

/** What is written of an arrangement beside the parts below it. */
function ownKey(a: Arrangement): string {
  switch (a.kind) {
    case 'tensor': return `${a.adjoint ? '∂' : ''}${tensorKey(a.tensor)}[${a.at.map((i) => (i === null ? ':' : affineKey(i))).join(',')}]${turnedKey(a)}`;
    case 'scalar': return writtenOnce(a.value);
    case 'ones': return `1${turnedKey(a)}`;
    case 'scaled': return `scaled ${String(a.by.length)}`;
    case 'apply': return `${functionKey(a.fn)}${turnedKey(a)}`;
    case 'power': return `power ${Q.show(a.exponent)}${a.elementwise ? ' each' : ''}`;
    case 'chosen': return `chosen ${a.index} ${writtenOnce(a.by)}`;
    case 'over': return `over ${a.index} ${rangeKey(a.range)}`;
    case 'product': case 'hadamard': case 'add': case 'identity': case 'kronecker': case 'vec': case 'diag': case 'transpose': case 'square': return a.kind;
    case 'by-vec': return `${a.of === null ? '∂' : ''}by-vec ${a.lies}`;
  }
}

const turnedKey = ({ transposed }: { readonly transposed: boolean }): string => (transposed ? 'ᵀ' : '');

function writtenOnce(e: Expression): string {
  let key = keys.get(e);
  if (key === undefined) {
    key = writing(e);
    keys.set(e, key);
  }
  return key;
}

/** The best of several, best first, none twice: as many as are wanted, at least one is given. */
export function best(candidates: readonly Arrangement[], layout: MatrixLayout, limit: number): readonly Arrangement[] {
  if (limit === 1) {
    const [first, ...others] = candidates;
    return first === undefined ? [] : [others.reduce((least, c) => (compareArrangements(c, least, layout) < 0 ? c : least), first)];
  }
  const distinct = new Map<string, Arrangement>();
  for (const c of candidates) {
    const key = arrangementKey(c);
    if (!distinct.has(key)) distinct.set(key, c);
  }
  return [...distinct.values()].sort((a, b) => compareArrangements(a, b, layout)).slice(0, limit);
}
