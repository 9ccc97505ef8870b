// Deltas inside branches: what Σ_i adds may be zero unless i = p although no factor says so, as in
// Σ_i (c[i] ? [i=p]·f(i) : [i=p]·g(i)). Then the sum is its one term, and no loop.

import { type Affine, coefficientOf, index, type Range, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import { type Context, decideAtLeast, withRange } from '../algebra/bounds.ts';
import { add, bracket, type Expression, indexAtLeast, isNumber, multiply, sum, type Test } from '../algebra/expression.ts';
import { mapChildren, substituteIndices } from '../algebra/traverse.ts';
import { keyOf } from './key.ts';

/** Equalities without which an expression is zero, by key; `all` where it is zero anyway. */
type Support = ReadonlyMap<string, Affine> | 'all';

const none: Support = new Map();

function supportOf(e: Expression): Support {
  switch (e.kind) {
    case 'number': return isNumber(e, 0) ? 'all' : none;
    case 'bracket': return ofTest(e.test);
    case 'multiply': return e.factors.map(supportOf).reduce(union, none);
    case 'add': return e.terms.map(supportOf).reduce(intersection, 'all');
    case 'piecewise': return [...e.branches.map((b) => b.then), e.otherwise].map(supportOf).reduce(intersection, 'all');
    case 'sum': {
      const inner = supportOf(e.body);
      if (inner === 'all') return 'all';
      return new Map([...inner].filter(([, value]) => coefficientOf(value, { kind: 'index', name: e.index }) === 0));
    }
    case 'power': return e.exponent.n > 0n ? supportOf(e.base) : none;
    case 'constant': case 'symbol': case 'affine': case 'ref': case 'product': case 'argmax': case 'call': return none;
  }
}

function ofTest(test: Test): Support {
  switch (test.kind) {
    case 'index': return test.relation === '=' ? new Map([[keyOf(test.value), test.value]]) : none;
    case 'and': return test.tests.map(ofTest).reduce(union, none);
    case 'compare': case 'or': case 'not': return none;
  }
}

const union = (a: Support, b: Support): Support => (a === 'all' || b === 'all' ? 'all' : new Map([...a, ...b]));

const intersection = (a: Support, b: Support): Support =>
  a === 'all' ? b : b === 'all' ? a : new Map([...a].filter(([key]) => b.has(key)));

/** The value of the index that the support fixes with coefficient ±1, or null. */
function solved(support: Support, name: string): Affine | null {
  if (support === 'all') return null;
  for (const value of support.values()) {
    const coefficient = coefficientOf(value, { kind: 'index', name });
    if (Math.abs(coefficient) !== 1) continue;
    return scaleAffine(subtractAffine(value, scaleAffine(index(name), coefficient)), -coefficient);
  }
  return null;
}

/** Replaces every sum by its one term where its support fixes the index, addend by addend. */
export function contractSupports(e: Expression, context: Context): Expression {
  if (e.kind !== 'sum') return mapChildren(e, (child) => contractSupports(child, context));
  const inner = withRange(context, e.index, e.range);
  const body = spread(contractSupports(e.body, inner), e.index);
  const terms = body.kind === 'add' ? body.terms : [body];
  const fixed = terms.map((t) => solved(supportOf(t), e.index));
  if (fixed.every((p) => p === null)) return sum(e.index, e.range, body);
  const rest = add(terms.filter((_, n) => fixed[n] === null));
  return add([
    ...terms.map((t, n) => {
      const p = fixed[n];
      return p === null || p === undefined ? add([]) : atValue(t, e.index, p, e.range, context);
    }),
    sum(e.index, e.range, rest),
  ]);
}

function atValue(term: Expression, name: string, value: Affine, range: Range, context: Context): Expression {
  const guards = [subtractAffine(value, range.lo), subtractAffine(range.hi, value)]
    .filter((g) => decideAtLeast(g, context) !== true).map((g) => bracket(indexAtLeast(g)));
  return multiply([...guards, substituteIndices(term, new Map([[name, value]]))]);
}

/** A product with a sum of addends of which only some are fixed, multiplied out. */
function spread(e: Expression, name: string): Expression {
  if (e.kind !== 'multiply' || solved(supportOf(e), name) !== null) return e;
  const at = e.factors.findIndex((f) => f.kind === 'add' && f.terms.some((t) => solved(supportOf(t), name) !== null));
  const factor = e.factors[at];
  if (factor?.kind !== 'add') return e;
  const others = [...e.factors.slice(0, at), ...e.factors.slice(at + 1)];
  return add(factor.terms.map((t) => spread(multiply([...others, t]), name)));
}
