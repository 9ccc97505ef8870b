// Sums inside forward equations, such as x_i - μ in (x_i - μ) r, under names of their own while a compact form is sought: what
// an equation writes as one thing is one thing to its readers.

import { index } from '../algebra/affine.ts';
import { type Expression, ref, tensor, tensorKey } from '../algebra/expression.ts';
import type { Definition } from '../algebra/normal/fold.ts';
import { writing } from '../algebra/print.ts';
import { children, freeIndices, rewrite, substituteIndices } from '../algebra/traverse.ts';
import type { Equation } from '../spec/network.ts';

const MOST_PARTS = 6;

export interface Parts {
  readonly definitions: readonly Definition[];
  /** Puts the sums back in place of their names. */
  readonly expand: (e: Expression) => Expression;
}

/** The sums of forward entries that stand inside the equations' right sides, but are not the whole of one. */
export function partsOf(equations: readonly Equation[]): Parts {
  const found = new Map<string, Definition>();
  for (const equation of equations) {
    const look = (e: Expression, inside: boolean): void => {
      if (inside && e.kind === 'add' && found.size < MOST_PARTS) offer(e, equation);
      for (const child of children(e)) look(child, true);
    };
    look(equation.value, false);
  }
  function offer(e: Expression, equation: Equation): void {
    const free = freeIndices(e);
    const axes = equation.axes.filter((a) => free.has(a.index));
    // An index that is summed around it is no axis of the equation: the part then has no name of its own.
    if (axes.length !== free.size || found.has(writing(e))) return;
    const name = tensor(`#part${String(found.size + 1)}`);
    found.set(writing(e), { axes, left: ref(name, axes.map((a) => index(a.index))), value: e });
  }
  const definitions = [...found.values()];
  const byName = new Map(definitions.flatMap((d): [string, Definition][] => (d.left.kind === 'ref' ? [[tensorKey(d.left.tensor), d]] : [])));
  return {
    definitions,
    expand: (e) => rewrite(e, (x) => {
      const d = x.kind === 'ref' ? byName.get(tensorKey(x.tensor)) : undefined;
      if (d === undefined || x.kind !== 'ref') return null;
      return substituteIndices(d.value, new Map(d.axes.flatMap((a, n) => {
        const value = x.indices[n];
        return value === undefined ? [] : [[a.index, value] as const];
      })));
    }),
  };
}
