// Which tensors hold integers, and of what range: entries by which other tensors are read.

import { constantOf } from '../algebra/affine.ts';
import { tensorKey } from '../algebra/expression.ts';
import type { System } from '../spec/network.ts';
import type { IntegerRange } from './pin.ts';
import { sizeOf } from './prepare.ts';

/** The range of a tensor's entries, in numbers. */
export function integerRanges(system: System): IntegerRange {
  return (r) => {
    const declaration = r.adjoint ? undefined : system.declarations.get(tensorKey(r.tensor));
    if (declaration?.integer === undefined) return null;
    const [lo, hi] = [declaration.integer.lo, declaration.integer.hi].map((end) => constantOf(sizeOf(system, end, declaration.place)));
    return lo === null || lo === undefined || hi === null || hi === undefined ? null : { lo, hi };
  };
}
