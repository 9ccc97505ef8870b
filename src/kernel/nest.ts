// Loop nests: conditions that are affine in a loop's index become its bounds, the others branches.

import { addAffine, type Affine, coefficientOf, constantOf, index, integer, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import type { Test } from '../algebra/expression.ts';
import { testAffines } from '../algebra/traverse.ts';
import type { Loop } from './prepare.ts';
import type { Statement } from './program.ts';

/** The loops, outermost first, around the body; each condition acts at the innermost loop that it mentions. */
export function nest(loops: readonly Loop[], conditions: readonly Test[], body: readonly Statement[]): readonly Statement[] {
  const levels = conditions.map((test) => levelOf(test, loops));
  let inner = body;
  for (let level = loops.length - 1; level >= 0; level -= 1) {
    const loop = loops[level];
    if (loop === undefined) continue;
    if (loop.pin !== undefined) {
      inner = [...loop.pin.statements, ...guarded(conditions.filter((_, n) => levels[n] === level), inner)];
      continue;
    }
    const from: Affine[] = [loop.range.lo];
    const to: Affine[] = [loop.range.hi];
    const branches: Test[] = [];
    for (const [n, test] of conditions.entries()) {
      if (levels[n] !== level) continue;
      const bounds = boundsOf(test, loop.index);
      if (bounds === null) branches.push(test);
      else {
        from.push(...bounds.from);
        to.push(...bounds.to);
      }
    }
    inner = [{
      kind: 'loop', index: loop.index, from: tightest(from, Math.max), to: tightest(to, Math.min), descending: loop.descending,
      body: guarded(branches, inner),
    }];
  }
  return guarded(conditions.filter((_, n) => levels[n] === -1), inner);
}

function guarded(tests: readonly Test[], body: readonly Statement[]): readonly Statement[] {
  const [only] = tests;
  if (only === undefined) return body;
  const conditions = tests.map(indexCondition);
  const [first] = conditions;
  return first === undefined ? body : [{ kind: 'if', test: tests.length === 1 ? first : { kind: 'and', tests: conditions }, body, otherwise: [] }];
}

/** A test of index conditions only, as a condition of the loop program. */
function indexCondition(test: Test): Extract<Statement, { kind: 'if' }>['test'] {
  switch (test.kind) {
    case 'index': return test;
    case 'compare': throw new Error('conditions of loops compare no values');
    case 'and': case 'or': return { kind: test.kind, tests: test.tests.map(indexCondition) };
    case 'not': return { kind: 'not', test: indexCondition(test.test) };
  }
}

/** Whether a test looks at indices only. */
export function isIndexTest(test: Test): boolean {
  switch (test.kind) {
    case 'index': return true;
    case 'compare': return false;
    case 'and': case 'or': return test.tests.every(isIndexTest);
    case 'not': return isIndexTest(test.test);
  }
}

/** The conjunction's parts; not (v ≥ 0) becomes -v - 1 ≥ 0. */
export function conjuncts(test: Test): readonly Test[] {
  if (test.kind === 'and') return test.tests.flatMap(conjuncts);
  if (test.kind === 'not' && test.test.kind === 'index' && test.test.relation === '>=') {
    return [{ kind: 'index', relation: '>=', value: addAffine(scaleAffine(test.test.value, -1), integer(-1)) }];
  }
  return [test];
}

/** The innermost loop whose index a test mentions, -1 for none. */
export function levelOf(test: Test, loops: readonly Loop[]): number {
  const names = new Set(testAffines(test).flatMap((a) => a.terms.flatMap((t) => (t.symbol.kind === 'index' ? [t.symbol.name] : []))));
  return loops.reduce((level, loop, n) => (names.has(loop.index) ? n : level), -1);
}

/** The bounds on the index that a condition amounts to, or null where it amounts to none. */
function boundsOf(test: Test, name: string): { from: readonly Affine[]; to: readonly Affine[] } | null {
  if (test.kind !== 'index') return null;
  const coefficient = coefficientOf(test.value, { kind: 'index', name });
  const rest = subtractAffine(test.value, scaleAffine(index(name), coefficient));
  if (Math.abs(coefficient) === 1) {
    // coefficient·i + rest ≥ 0
    const value = scaleAffine(rest, -coefficient);
    if (test.relation === '=') return { from: [value], to: [value] };
    return coefficient === 1 ? { from: [value], to: [] } : { from: [], to: [value] };
  }
  const constant = constantOf(rest);
  if (constant === null || test.relation === '=') return null;
  return coefficient > 0
    ? { from: [integer(Math.ceil(-constant / coefficient))], to: [] }
    : { from: [], to: [integer(Math.floor(constant / -coefficient))] };
}

/** The bounds with all constants merged into one. */
function tightest(bounds: readonly Affine[], choose: (...values: number[]) => number): readonly Affine[] {
  const constants = bounds.map(constantOf).filter((c) => c !== null);
  const others = bounds.filter((b) => constantOf(b) === null);
  return constants.length === 0 ? others : [...others, integer(choose(...constants))];
}
