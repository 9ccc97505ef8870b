// A tensor that is defined through its own earlier entries, h[t] by h[t-1]: its axis runs forwards, or backwards where
// the equation looks ahead (as adjoints do), outside all other axes.

import { constantOf, plainIndex, subtractAffine } from '../algebra/affine.ts';
import { references } from '../algebra/traverse.ts';
import { tensorName } from './names.ts';
import type { Assignment, Loop } from './prepare.ts';
import { referenceKey } from './storage.ts';
import { unsupported } from './unsupported.ts';

export interface Recurrence {
  /** All loops of the assignment, those of the recurrence outermost. */
  readonly loops: readonly Loop[];
  /** How many of them are the recurrence's. */
  readonly outer: number;
}

/** The loops in an order in which every entry is computed before it is used; null where the tensor does not use itself. */
export function recurrence(assignment: Assignment): Recurrence | null {
  const own = references(assignment.value).filter((r) => referenceKey(r) === referenceKey(assignment.target));
  if (own.length === 0) return null;
  const offsets = assignment.target.indices.map((value, n) => own.map((r) => {
    const used = r.indices[n];
    return used === undefined ? null : constantOf(subtractAffine(used, value));
  }));
  const axis = offsets.findIndex((all) => all.every((o) => o !== null && o < 0) || all.every((o) => o !== null && o > 0));
  const name = plainName(assignment, axis);
  const along = assignment.loops.find((l) => l.index === name);
  if (along === undefined) {
    throw unsupported(`${tensorName(assignment.target.tensor)} is defined through itself in no fixed order`,
      'a recurrence looks back, or ahead, by a fixed number of places along one axis', assignment.place);
  }
  // Axes on which every use has the index itself may stay outside: each of their values is a recurrence of its own.
  const apart = assignment.loops.slice(0, assignment.loops.indexOf(along)).filter((l) =>
    offsets.some((all, n) => plainName(assignment, n) === l.index && all.every((o) => o === 0)));
  const directed: Loop = { ...along, descending: (offsets[axis]?.[0] ?? 0) > 0 };
  const others = assignment.loops.filter((l) => l !== along && !apart.includes(l));
  return { loops: [...apart, directed, ...others], outer: apart.length + 1 };
}

/** The index variable of an axis of the target, a shift left aside. */
function plainName(assignment: Assignment, axis: number): string | null {
  const value = assignment.target.indices[axis];
  return value === undefined ? null : plainIndex({ ...value, constant: 0 });
}

/** The axis of a recurrence: it is never cut into pieces, which could come in the wrong order. */
export function recurrenceAxes(assignment: Assignment): ReadonlySet<string> {
  const found = recurrence(assignment);
  return new Set(found === null ? [] : found.loops.slice(0, found.outer).map((l) => l.index));
}
