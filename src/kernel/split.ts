// Index-set splitting: where a formula's conditions depend on one axis and numbers, as in x̃[j] = [j=0] + [j≥1]·x[j],
// the axis is cut into pieces in each of which they are decided: no condition is left in the loop.

import { addAffine, constantOf, integer } from '../algebra/affine.ts';
import { type Expression, type Test } from '../algebra/expression.ts';
import { substituteIndices, testAffines, visit } from '../algebra/traverse.ts';
import { type Assignment, contextOf, type Loop, simplify } from './prepare.ts';

/** More pieces than this are left as conditions in one loop. */
const MOST_PIECES = 6;

/** The assignment, as several over parts of its axes where that decides conditions. Loops in `keep` stay whole. */
export function splitAxes(whole: Assignment, keep: ReadonlySet<string> = new Set()): readonly Assignment[] {
  for (const loop of whole.loops) {
    const end = constantOf(loop.range.hi);
    if (end === null || keep.has(loop.index)) continue;
    if (end === 0) return splitAxes(piece(whole, loop, 0, 0), keep);
    const cuts = [...new Set(breakpoints(whole.value, loop.index))].filter((c) => c > 0 && c <= end).sort((a, b) => a - b);
    if (cuts.length === 0 || cuts.length >= MOST_PIECES) continue;
    const starts = [0, ...cuts];
    return starts.flatMap((start, n) => {
      const stop = (starts[n + 1] ?? end + 1) - 1;
      return splitAxes(piece(whole, loop, start, stop), keep);
    });
  }
  return [whole];
}

/** The part start ≤ index ≤ stop, its index counted from 0; one value of the index needs no loop. */
function piece(whole: Assignment, loop: Loop, start: number, stop: number): Assignment {
  const single = start === stop;
  const value = single ? integer(start) : addAffine({ terms: [{ symbol: { kind: 'index', name: loop.index }, coefficient: 1 }], constant: 0 }, integer(start));
  const to = new Map([[loop.index, value]]);
  const loops = whole.loops.flatMap((l) => (l !== loop ? [l]
    : single ? [] : [{ ...l, range: { lo: integer(0), hi: integer(stop - start) } }]));
  const target = substituteIndices(whole.target, to);
  if (target.kind !== 'ref') throw new Error('an entry stays an entry');
  return { ...whole, loops, target, value: simplify(substituteIndices(whole.value, to), contextOf(loops)) };
}

/** The first values of the index at which a condition on it alone changes. */
export function breakpoints(e: Expression, name: string): readonly number[] {
  const found: number[] = [];
  const look = (test: Test): void => {
    if (test.kind === 'and' || test.kind === 'or') test.tests.forEach(look);
    else if (test.kind === 'not') look(test.test);
    else if (test.kind === 'index') {
      const [value] = testAffines(test);
      const [term] = value?.terms ?? [];
      if (value === undefined || term === undefined || value.terms.length !== 1) return;
      if (term.symbol.kind !== 'index' || term.symbol.name !== name) return;
      const root = -value.constant / term.coefficient;
      if (test.relation === '=') {
        if (Number.isInteger(root)) found.push(root, root + 1);
      } else found.push(term.coefficient > 0 ? Math.ceil(root) : Math.floor(root) + 1);
    }
  };
  visit(e, (x) => {
    if (x.kind === 'bracket') look(x.test);
    if (x.kind === 'piecewise') for (const branch of x.branches) look(branch.when);
  });
  return found;
}
