// The normal form proves what is equal, and nothing else.

import { describe, expect, it } from 'vitest';
import { addAffine, type Affine, index, integer, size, subtractAffine } from '../../src/algebra/affine.ts';
import { emptyContext, withRange } from '../../src/algebra/bounds.ts';
import {
  add, affineValue, bracket, divide, elementary, type Expression, indexAtLeast, indexEqual, multiply, negate, number, one,
  piecewise, power, ref, squareRoot, subtract, sum, symbol, tensor, zero,
} from '../../src/algebra/expression.ts';
import { provablyEqual } from '../../src/algebra/normal/equal.ts';

const n = size('n');
const m = size('m');
const one_to = (hi: Affine) => ({ lo: integer(1), hi });
const W = (i: Affine, j: Affine): Expression => ref(tensor('W'), [i, j]);
const x = (i: Affine): Expression => ref(tensor('x'), [i]);
const y = (i: Affine): Expression => ref(tensor('y'), [i]);
const [i, j, p, q, s, t] = ['i', 'j', 'p', 'q', 's', 't'].map((name) => index(name)) as [Affine, Affine, Affine, Affine, Affine, Affine];
const over = (name: string, hi: Affine, body: Expression): Expression => sum(name, one_to(hi), body);
const a = symbol('a');
const exp = (u: Expression): Expression => elementary('exp', u);
const log = (u: Expression): Expression => elementary('log', u);
const sigmoid = (u: Expression): Expression => power(add([one, exp(negate(u))]), -1);
const free = ['i', 'j', 'p', 'q'].reduce((c, name) => withRange(c, name, one_to(n)), emptyContext);

describe('the normal form proves', () => {
  const proved: readonly (readonly [string, Expression, Expression])[] = [
    ['Σ_i 1 = n', over('i', n, one), affineValue(n)],
    ['(1/n) Σ_i 1 = 1', divide(over('i', n, one), affineValue(n)), one],
    ['renaming of a summed index', over('i', n, x(i)), over('j', n, x(j))],
    ['Σ_i Σ_j W_ij x_j y_i in either order', over('i', n, over('j', m, multiply([W(i, j), x(j), y(i)]))), over('j', m, over('i', n, multiply([y(i), x(j), W(i, j)])))],
    ['names of two symmetric sums', over('i', n, over('j', n, multiply([x(i), x(j)]))), power(over('p', n, x(p)), 2)],
    ['contraction of a delta', over('i', n, multiply([x(i), bracket(indexEqual(subtractAffine(i, p)))])), x(p)],
    ['s → n + 1 - s', over('s', n, x(addAffine(addAffine(n, integer(1)), s, -1))), over('s', n, x(s))],
    ['correlation, flipped', over('t', n, over('s', n, multiply([x(addAffine(t, s)), y(s)]))), over('s', n, over('t', n, multiply([x(addAffine(t, s)), y(t)])))],
    ['σ(1-σ) is the derivative of σ', multiply([sigmoid(a), subtract(one, sigmoid(a))]), multiply([exp(negate(a)), power(add([one, exp(negate(a))]), -2)])],
    ['tanh through exp(2a)', elementary('tanh', a), divide(subtract(exp(multiply([number(2), a])), one), add([exp(multiply([number(2), a])), one]))],
    ['softplus, stable', piecewise([{ when: { kind: 'compare', relation: '>', left: a, right: zero }, then: add([a, elementary('log1p', exp(negate(a)))]) }], elementary('log1p', exp(a))), log(add([one, exp(a)]))],
    ['exp of a sum', exp(add([a, symbol('b')])), multiply([exp(a), exp(symbol('b'))])],
    ['log of exp', log(exp(a)), a],
    ['sqrt squared', power(squareRoot(add([one, power(a, 2)])), 2), add([one, power(a, 2)])],
    ['√8 = 2√2', squareRoot(number(8)), multiply([number(2), squareRoot(number(2))])],
    ['Σ_j softmax_j = 1', over('i', n, multiply([exp(x(i)), power(over('j', n, exp(x(j))), -1)])), one],
    ['partial fractions', subtract(power(a, -1), power(add([a, one]), -1)), power(multiply([a, add([a, one])]), -1)],
    ['[i = p] + [i ≠ p] = 1', add([bracket(indexEqual(subtractAffine(i, p))), bracket({ kind: 'not', test: { kind: 'index', relation: '=', value: subtractAffine(i, p) } })]), one],
    ['[i ≥ p] + [p ≥ i] - [i = p] = 1', subtract(add([bracket(indexAtLeast(subtractAffine(i, p))), bracket(indexAtLeast(subtractAffine(p, i)))]), bracket(indexEqual(subtractAffine(i, p)))), one],
    ['[p = q] x_p = [p = q] x_q', multiply([bracket(indexEqual(subtractAffine(p, q))), x(p)]), multiply([bracket(indexEqual(subtractAffine(p, q))), x(q)])],
    ['Σ (x - mean) = 0', over('i', n, subtract(x(i), divide(over('j', n, x(j)), affineValue(n)))), zero],
    ['a sum in two pieces', add([over('s', n, multiply([x(s), bracket(indexAtLeast(subtractAffine(p, s)))])), over('s', n, multiply([x(s), bracket(indexAtLeast(subtractAffine(subtractAffine(s, p), integer(1))))]))]), over('s', n, x(s))],
    ['sin² + cos² = 1', add([power(elementary('sin', a), 2), power(elementary('cos', a), 2)]), one],
  ];
  it.each(proved)('%s', (_, left, right) => {
    expect(provablyEqual(left, right, free)).toBe('equal');
  });
});

describe('the normal form does not prove', () => {
  const refused: readonly (readonly [string, Expression, Expression])[] = [
    ['a transpose', over('j', n, multiply([W(i, j), x(j)])), over('j', n, multiply([W(j, i), x(j)]))],
    ['a captured index', over('i', n, multiply([x(i), x(i)])), power(over('i', n, x(i)), 2)],
    ['sqrt(a²) = a', squareRoot(power(a, 2)), a],
    ['log(a b) = log a + log b for any a, b', log(multiply([a, symbol('b')])), add([log(a), log(symbol('b'))])],
    ['another range', over('i', n, x(i)), over('i', m, x(i))],
    ['a count that could be negative', over('i', addAffine(n, integer(-3)), one), affineValue(addAffine(n, integer(-3)))],
    ['σ(1+σ)', multiply([sigmoid(a), add([one, sigmoid(a)])]), multiply([sigmoid(a), subtract(one, sigmoid(a))])],
    ['reversal of a convolution', over('s', n, multiply([x(s), y(subtractAffine(p, s))])), over('s', n, multiply([x(s), y(addAffine(p, s))]))],
    ['a sum in two overlapping pieces', add([over('s', n, multiply([x(s), bracket(indexAtLeast(subtractAffine(p, s)))])), over('s', n, multiply([x(s), bracket(indexAtLeast(subtractAffine(s, p)))]))]), over('s', n, x(s))],
    ['[i ≥ p] + [p ≥ i] = 1', add([bracket(indexAtLeast(subtractAffine(i, p))), bracket(indexAtLeast(subtractAffine(p, i)))]), one],
  ];
  it.each(refused)('%s', (_, left, right) => {
    expect(provablyEqual(left, right, free)).toBe('different');
  });
});
