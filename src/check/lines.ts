// Lines through a point along which a kernel is moved: one parameter, one entry of an intermediate, a direction of all parameters.

import type { Floats, Kernel } from '../kernel/kernel.ts';
import type { Branches } from './branches.ts';
import type { Line } from './difference.ts';

/** What a line moves: an entry of the kernel, and the same entry of the forward equations. */
interface Moved {
  readonly kernel: Kernel;
  readonly branches: Branches;
  /** The step of the forward equations from which on a move is felt. */
  readonly from: number;
}

function lineOf(moved: Moved, start: number, reach: number, move: (x: number) => number, value: () => number): Line {
  const { kernel, branches, from } = moved;
  return {
    start, reach, move, value,
    sameBranch: () => branches.same(from, kernel),
    pin: () => branches.pin(from, kernel),
    pinned: () => branches.pinned(from, kernel),
    leave: () => {
      move(start);
      value();
      branches.restore(from, kernel);
    },
  };
}

/** One entry of an array of the kernel, which is the entry `at` of the tensor `key`. */
export function entryLine(
  moved: Moved, array: Floats, position: number, key: string, at: number, value: () => number,
): Line {
  const start = array[position]!;
  const { entries } = moved.branches.forward.blocks.get(key)!;
  const move = (x: number): number => {
    array[position] = x;
    const stored = array[position];
    entries[at] = stored;
    return stored;
  };
  return lineOf(moved, start, Math.max(1, Math.abs(start)), move, value);
}

/** All parameters at once: the coordinate counts steps along `direction` (in the kernel's flat order). */
export function directionLine(
  moved: Moved, direction: readonly number[], tensors: readonly { readonly key: string; readonly offset: number }[],
): Line {
  const { kernel, branches } = moved;
  const origin = Float64Array.from(kernel.parameters);
  const blocks = tensors.map(({ key, offset }) => ({ offset, entries: branches.forward.blocks.get(key)!.entries }));
  const move = (x: number): number => {
    for (let n = 0; n < origin.length; n += 1) kernel.parameters[n] = origin[n]! + x * direction[n]!;
    if (branches.comparisons > 0) {
      for (const { offset, entries } of blocks) {
        for (let n = 0; n < entries.length; n += 1) entries[n] = kernel.parameters[offset + n];
      }
    }
    return x;
  };
  return lineOf(moved, 0, 1, move, () => kernel.forward());
}
