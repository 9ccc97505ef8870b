// Does every entry that a formula reads stay inside its axes? Asked again of a formula that moves to an equation of its
// own, where fewer conditions surround it.

import type { Range } from '../algebra/affine.ts';
import { type Expression, isBinder, not, type Test } from '../algebra/expression.ts';
import { children } from '../algebra/traverse.ts';
import { type Known, whereOutside } from './extent.ts';
import type { Axis } from './network.ts';

/** @param axesOf the axes of a tensor; null where they are not known, which is not judged */
export function staysInside(e: Expression, known: Known, axesOf: (name: string) => readonly Axis[] | null): boolean {
  const holds = (x: Expression, here: Known): boolean => staysInside(x, here, axesOf);
  if (e.kind === 'ref') {
    const axes = axesOf(e.tensor.name);
    return axes === null || e.indices.every((index, n) => {
      const range = axes[n]?.range;
      return range === undefined || whereOutside(index, range, known).kind === 'inside';
    });
  }
  if (isBinder(e)) return holds(e.body, withRange(known, e.index, e.range));
  if (e.kind === 'multiply') {
    const inner = under(known, e.factors.flatMap((f) => (f.kind === 'bracket' ? [f.test] : [])));
    return e.factors.every((f) => holds(f, f.kind === 'bracket' ? known : inner));
  }
  if (e.kind === 'piecewise') {
    let here = known;
    for (const branch of e.branches) {
      if (!children({ kind: 'bracket', test: branch.when }).every((child) => holds(child, here))) return false;
      if (!holds(branch.then, under(here, [branch.when]))) return false;
      here = under(here, [not(branch.when)]);
    }
    return holds(e.otherwise, here);
  }
  return children(e).every((child) => holds(child, known));
}

const under = (known: Known, tests: readonly Test[]): Known => ({ ...known, conditions: [...known.conditions, ...tests] });
const withRange = (known: Known, name: string, range: Range): Known => ({ ...known, ranges: new Map([...known.ranges, [name, range]]) });
