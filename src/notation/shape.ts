// How many rows and columns the parts of a vector form have, as symbols.

import { type Affine, constantOf } from '../algebra/affine.ts';
import type { Arrangement, Shape } from './arrangement.ts';

/** A product of sizes; 1 where there are none. */
export type Extent = readonly Affine[];

export interface Extents {
  readonly rows: Extent;
  readonly columns: Extent;
}

const number: Extents = { rows: [], columns: [] };
const turned = ({ rows, columns }: Extents): Extents => ({ rows: columns, columns: rows });
const extent = (size: Affine): Extent => (constantOf(size) === 1 ? [] : [size]);
const extents = ({ rows, columns }: Shape): Extents => ({ rows: extent(rows), columns: extent(columns) });

/** The numbers of rows and columns of what is written. */
export function shapeOf(a: Arrangement): Extents {
  switch (a.kind) {
    case 'tensor': case 'ones': case 'identity': return extents(a.shape);
    case 'scalar': case 'square': return number;
    case 'product': return { rows: ofOne(a.factors[0]).rows, columns: ofOne(a.factors.at(-1)).columns };
    case 'hadamard': return ofOne(a.factors[0]);
    case 'add': return ofOne(a.terms[0]);
    case 'scaled': return ofOne(a.of);
    case 'transpose': return turned(shapeOf(a.of));
    case 'apply': return a.transposed ? turned(shapeOf(a.argument)) : shapeOf(a.argument);
    case 'power': return shapeOf(a.base);
    case 'chosen': case 'over': return shapeOf(a.of);
    case 'diag': {
      const { rows, columns } = shapeOf(a.of);
      return { rows: [...rows, ...columns], columns: [...rows, ...columns] };
    }
    case 'kronecker': {
      const parts = a.factors.map(shapeOf);
      return { rows: parts.flatMap((p) => p.rows), columns: parts.flatMap((p) => p.columns) };
    }
    case 'vec': return { rows: stacked(shapeOf(a.of)), columns: [] };
    case 'by-vec': {
      const derivative = { rows: a.of === null ? [] : stacked(shapeOf(a.of)), columns: stacked(shapeOf(a.by)) };
      return a.lies === 'across' ? derivative : turned(derivative);
    }
  }
}

/** Of columns one below the other. */
const stacked = ({ rows, columns }: Extents): Extent => [...columns, ...rows];

const ofOne = (a: Arrangement | null | undefined): Extents => (a === null || a === undefined ? number : shapeOf(a));
