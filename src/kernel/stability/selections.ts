// What a stored integer chooses, Σ_v [k = v] f(v) with k in the range of v, is f(k); so g(Σ_v [k = v] f(v)) = Σ_v [k = v] g(f(v)).

import { constantOf, subtractAffine } from '../../algebra/affine.ts';
import { type Context, withRange } from '../../algebra/bounds.ts';
import { decide } from '../../algebra/contract.ts';
import { bracket, type Expression, type ExpressionOf, indexAtLeast, multiply, sum, type Test } from '../../algebra/expression.ts';
import { children, freeIndices, mapChildren, rewrite } from '../../algebra/traverse.ts';
import type { System } from '../../spec/network.ts';
import { keyOf } from '../key.ts';
import { type Defining, definitionOf } from './definitions.ts';
import { integerRanges } from '../integers.ts';
import { conjuncts } from '../nest.ts';
import { needsOf, pinOf } from '../pin.ts';
import { sizeOf, withSizes } from '../prepare.ts';

/** f(k): what is chosen, and the sums and tests that choose it. */
export interface Selection {
  readonly chosen: Expression;
  /** Σ_v [k = v] of another value. */
  readonly of: (value: Expression) => Expression;
  /** The letters of its sums, and their ranges. */
  readonly inside: (context: Context) => Context;
}

/** e(Σ_v [k = v] f(v)) as e(f(v)), and what chooses v; null where e holds no selection, or only below other sums. */
export function liftSelection(e: Expression, system: System, defining: Defining, context: Context): Selection | null {
  const taken = freeIndices(e);
  const find = (x: Expression): { readonly at: Expression; readonly selection: Selection } | null => {
    const written = x.kind === 'ref' ? definitionOf(x, defining) : x;
    const selection = written?.kind === 'sum' || written?.kind === 'multiply' ? selectionOf(rewrite(written, () => null, taken), system, context) : null;
    if (selection !== null) return { at: x, selection };
    if (x.kind !== 'add' && x.kind !== 'multiply' && x.kind !== 'power') return null;
    for (const child of children(x)) {
      const found = find(child);
      if (found !== null) return found;
    }
    return null;
  };
  const found = find(e);
  if (found === null) return null;
  const key = keyOf(found.at);
  const lifted = (x: Expression): Expression => (keyOf(x) === key ? found.selection.chosen : mapChildren(x, lifted));
  return { ...found.selection, chosen: lifted(e) };
}

/** e as a selection; null where it is none, or a choice could lie outside its range. */
export function selectionOf(e: Expression, system: System, context: Context): Selection | null {
  const sums: ExpressionOf<'sum'>[] = [];
  const tests: Test[] = [];
  const rest: Expression[] = [];
  for (let body: Expression | null = e; body !== null;) {
    if (body.kind === 'sum') {
      const { index: letter } = body;
      if (tests.some((test) => freeIndices(bracket(test)).has(letter))) return null;
      sums.push(body);
      body = body.body;
      continue;
    }
    const factors: readonly Expression[] = body.kind === 'multiply' ? body.factors : [body];
    const others = factors.filter((f) => f.kind !== 'bracket');
    tests.push(...factors.flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : [])));
    const [only] = others;
    body = only?.kind === 'sum' && others.length === 1 && factors.length > 1 ? only : null;
    if (body === null) rest.push(...others);
  }
  const letters = new Set(sums.map((s) => s.index));
  if (sums.length === 0 || letters.size < sums.length || tests.length !== sums.length) return null;
  if (!sums.every((s) => tests.some((test) => choosesOne(test, s, letters, system, context)))) return null;
  return {
    chosen: multiply(rest),
    of: (value) => sums.reduceRight<Expression>((body, s) => sum(s.index, s.range, body), multiply([...tests.map((test) => bracket(test)), value])),
    inside: (outer) => sums.reduce((c, s) => withRange(c, s.index, s.range), outer),
  };
}

/** Whether a test holds for exactly one index of a sum, whatever the other letters are. */
function choosesOne(test: Test, { index: letter, range }: ExpressionOf<'sum'>, letters: ReadonlySet<string>, system: System, context: Context): boolean {
  const sized = withSizes(system, null)(bracket(test));
  const pin = sized.kind === 'bracket' ? pinOf(sized.test, letter, integerRanges(system)) : null;
  if (pin === null || needsOf(pin).some((name) => letters.has(name))) return false;
  const [lo, hi] = [sizeOf(system, range.lo, null), sizeOf(system, range.hi, null)];
  if (constantOf(lo) === null || constantOf(hi) === null) return false;
  return [subtractAffine(pin.range.lo, lo), subtractAffine(hi, pin.range.hi)].every((least) => decide(indexAtLeast(least), context) === true);
}
