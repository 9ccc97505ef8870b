// Entries that are zero by their equation's conditions: P[t, s] = [s ≤ t]·… is nothing for s > t, so sums that read it
// run over s ≤ t only.

import { index } from '../algebra/affine.ts';
import { bracket, type Expression, isBinder, multiply, type Reference, type Test } from '../algebra/expression.ts';
import { mapChildren, substituteIndices, testAffines } from '../algebra/traverse.ts';
import { conjuncts, isIndexTest } from './nest.ts';
import type { Source } from './source.ts';
import { referenceKey } from './storage.ts';

interface Support {
  readonly letters: readonly string[];
  readonly tests: readonly Test[];
}

/** The sources with the conditions of what they read beside it, in sums over an index that these mention. */
export function withZeros(sources: readonly Source[], known: readonly Source[] = []): readonly Source[] {
  const supports = new Map<string, Support>();
  for (const source of [...known, ...sources]) {
    const factors = source.value.kind === 'multiply' ? source.value.factors : [source.value];
    const tests = factors.flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : [])).filter(isIndexTest);
    if (tests.length > 0) supports.set(referenceKey(source), { letters: source.axes.map((a) => a.index), tests });
  }
  return supports.size === 0 ? sources : sources.map((s) => ({ ...s, value: withConditions(s.value, new Set(), supports) }));
}

function withConditions(e: Expression, bound: ReadonlySet<string>, supports: ReadonlyMap<string, Support>): Expression {
  if (isBinder(e)) {
    const inner = e.kind === 'sum' ? new Set([...bound, e.index]) : new Set<string>();
    const below = mapChildren(e, (child) => withConditions(child, inner, supports));
    return e.kind === 'sum' && below.kind === 'sum' && below.body.kind === 'ref'
      ? { ...below, body: multiply([...conditionsOf(below.body, inner, supports), below.body]) } : below;
  }
  if (e.kind !== 'multiply') return mapChildren(e, (child) => withConditions(child, e.kind === 'add' ? bound : new Set(), supports));
  const tests = e.factors.flatMap((f) => (f.kind === 'ref' ? conditionsOf(f, bound, supports) : []));
  return multiply([...tests, ...e.factors.map((f) => withConditions(f, bound, supports))]);
}

function conditionsOf(r: Reference, bound: ReadonlySet<string>, supports: ReadonlyMap<string, Support>): readonly Expression[] {
  const support = supports.get(referenceKey(r));
  if (support === undefined) return [];
  const to = new Map(support.letters.map((letter, n) => [letter, r.indices[n] ?? index(letter)]));
  return support.tests.map((test) => substituteIndices(bracket(test), to)).filter((b) =>
    b.kind === 'bracket' && testAffines(b.test).some((a) => a.terms.some((t) => t.symbol.kind === 'index' && bound.has(t.symbol.name))));
}
