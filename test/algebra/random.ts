// Random expressions over W[i, j], x[j], y[i] with sums, affine indices, conditions and cases; all rational.

import fc from 'fast-check';
import { addAffine, type Affine, index, integer, type Range, scaleAffine, size, subtractAffine } from '../../src/algebra/affine.ts';
import { emptyContext, withRange } from '../../src/algebra/bounds.ts';
import {
  add, affineValue, bracket, type Expression, indexAtLeast, indexEqual, multiply, negate, number, piecewise, power, ref, sum, tensor, type Test,
} from '../../src/algebra/expression.ts';

export const n = size('n');
export const m = size('m');
export const upTo = (hi: Affine): Range => ({ lo: integer(1), hi });
/** p is free in 1..n, q in 1..m. */
export const context = withRange(withRange(emptyContext, 'p', upTo(n)), 'q', upTo(m));

interface Scope {
  /** The indices that inequalities may mention: pieces of a sum's domain are not always counted alike. */
  readonly ordered: 'all' | 'free';
  readonly names: readonly string[];
  readonly depth: number;
  readonly next: number;
}

const affineIn = (scope: Scope): fc.Arbitrary<Affine> => fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...scope.names).map((name) => index(name)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...scope.names), fc.constantFrom(...scope.names), fc.integer({ min: -1, max: 2 }))
    .map(([a, b, c]) => addAffine(addAffine(index(a), index(b)), integer(c))) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...scope.names), fc.integer({ min: -2, max: 2 })).map(([a, c]) => addAffine(scaleAffine(index(a), -1), addAffine(n, integer(c)))) },
);

/** Conditions compare indices with indices and numbers (one that ties an index to a multiple of a size is not always decided). */
const testIn = (scope: Scope): fc.Arbitrary<Test> => {
  const over = (names: readonly string[]): fc.Arbitrary<Affine> =>
    fc.tuple(fc.constantFrom(...names), fc.integer({ min: -1, max: 1 })).map(([name, c]) => addAffine(index(name), integer(c)));
  const any = over(scope.names);
  const plain = scope.ordered === 'all' ? any : over(['p', 'q']);
  return fc.oneof(
    fc.tuple(any, any).map(([a, b]) => indexEqual(subtractAffine(a, b))),
    fc.tuple(plain, plain).map(([a, b]) => indexAtLeast(subtractAffine(a, b))),
    plain.map((a): Test => ({ kind: 'not', test: indexAtLeast(addAffine(a, integer(-2))) })),
  );
};

function expressionIn(scope: Scope): fc.Arbitrary<Expression> {
  const leaf = fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((v) => number(v)),
    affineIn(scope).map((a) => ref(tensor('x'), [a])),
    affineIn(scope).map((a) => ref(tensor('y'), [a])),
    fc.tuple(affineIn(scope), affineIn(scope)).map(([a, b]) => ref(tensor('W'), [a, b])),
    affineIn(scope).map((a) => affineValue(a)),
    testIn(scope).map((t) => bracket(t)),
  );
  if (scope.depth === 0) return leaf;
  const below: Scope = { ...scope, depth: scope.depth - 1 };
  // Few names, so that inner sums often shadow outer ones.
  const bound = `s${String(scope.next % 2)}`;
  const inner: Scope = { ...scope, names: [...scope.names, bound], depth: scope.depth - 1, next: scope.next + 1 };
  const e = expressionIn(below);
  return fc.oneof(
    leaf,
    fc.array(e, { minLength: 2, maxLength: 3 }).map(add),
    fc.array(e, { minLength: 2, maxLength: 3 }).map(multiply),
    fc.tuple(fc.constantFrom(n, m), expressionIn(inner)).map(([hi, body]) => sum(bound, upTo(hi), body)),
    fc.tuple(fc.constantFrom(n, m), expressionIn(inner)).map(([hi, body]) => sum(bound, upTo(hi), body)),
    e.map((x) => power(x, 2)),
    e.map(negate),
    fc.tuple(testIn(below), e, e).map(([when, then, otherwise]) => piecewise([{ when, then }], otherwise)),
  );
}

export const expressions = (depth: number, ordered: Scope['ordered'] = 'all'): fc.Arbitrary<Expression> =>
  expressionIn({ ordered, names: ['p', 'q'], depth, next: 0 });
