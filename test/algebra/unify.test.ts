// Index values that make a pattern's entries entries of a monomial: found in few steps, however many ways lead to them.

import { expect, test } from 'vitest';
import { addAffine, type Affine, affineKey, index, integer } from '../../src/algebra/affine.ts';
import { multiply, ref, tensor } from '../../src/algebra/expression.ts';
import { normalize } from '../../src/algebra/normal/normalize.ts';
import { type Monomial, onlyMonomial, StepLimitError } from '../../src/algebra/normal/polynomial.ts';
import { unifications } from '../../src/algebra/normal/unify.ts';

const [i, j, p, q] = [index('i'), index('j'), index('p'), index('q')] as const;
const x = (...indices: readonly Affine[]): ReturnType<typeof ref> => ref(tensor('x'), indices);
const many = Array.from({ length: 12 }, (_, n) => integer(n));

/** x[p + q] x[p + q + 1] … with an entry x[p, q] of another tensor behind them. */
function monomial(a: Affine, b: Affine): Monomial {
  const product = multiply([...many.map((n) => x(addAffine(addAffine(a, b), n))), ref(tensor('y'), [a, b])]);
  return onlyMonomial(normalize(product)) ?? expect.unreachable();
}

test('entries that leave two variables open say nothing, once', () => {
  const budget = { steps: 100 };
  const found = unifications(monomial(p, q), ['p', 'q'], monomial(i, addAffine(j, integer(1))), budget);
  expect(found.map((values) => [...values].map(([name, value]) => `${name}=${affineKey(value)}`))).toEqual([['p=1*i:i+0', 'q=1*i:j+1']]);
  expect(budget.steps).toBeGreaterThan(0);
});

test('every entry may be the one, and the steps are counted', () => {
  const pattern = onlyMonomial(normalize(multiply([x(p), x(addAffine(p, integer(3)))]))) ?? expect.unreachable();
  const whole = onlyMonomial(normalize(multiply(many.map((n) => x(addAffine(i, n)))))) ?? expect.unreachable();
  const shifts = unifications(pattern, ['p'], whole, { steps: 100 }).map((values) => values.get('p')?.constant);
  // Each of the twelve may be x[p], and each may be x[p + 3].
  expect(shifts.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 15 }, (_, n) => n - 3));
  expect(() => unifications(pattern, ['p'], whole, { steps: 1 })).toThrow(StepLimitError);
});
