// Derivatives of activation functions: derived, and found through the output where that is exactly possible.

import { describe, expect, it } from 'vitest';
import { add, divide, elementary, type Expression, multiply, negate, number, one, piecewise, power, subtract, symbol, type Test, zero } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { throughOutput } from '../../src/derive/through-output.ts';

const a = symbol('a');
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const positive: Test = { kind: 'compare', relation: '>', left: a, right: zero };
const exp = (u: Expression): Expression => elementary('exp', u);
const logistic = power(add([one, exp(negate(a))]), -1);
const abs = piecewise([{ when: { kind: 'compare', relation: '>=', left: a, right: zero }, then: a }], negate(a));

describe('h′ and h′ through z = h(a)', () => {
  const cases: readonly (readonly [string, Expression, string, string | null])[] = [
    ['sigmoid', logistic, '(1 - 1 / (1 + exp(-a))) / (1 + exp(-a))', 'z·(1 - z)'],
    ['tanh', elementary('tanh', a), '1 - tanh(a)^2', '1 - z^2'],
    ['tanh by its exponentials', divide(subtract(exp(multiply([number(2), a])), one), add([exp(multiply([number(2), a])), one])), '4·(1 - 1 / (exp(2·a) + 1)) / (exp(2·a) + 1)', '1 - z^2'],
    ['exp', exp(a), 'exp(a)', 'z'],
    ['gaussian', exp(negate(power(a, 2))), '-2·exp(-a^2)·a', '-2·z·a'],
    ['relu', piecewise([{ when: positive, then: a }], zero), '(a > 0 ? 1 : 0)', null],
    ['elu', piecewise([{ when: positive, then: a }], multiply([symbol('alpha'), subtract(exp(a), one)])), '(a > 0 ? 1 : alpha·exp(a))', '(a > 0 ? 1 : z + alpha)'],
    ['softsign', divide(a, add([one, abs])), '(a ≥ 0 ? 1 / (1 + a) - a / (1 + a)^2 : 1 / (1 - a) + a / (1 - a)^2)', '(a ≥ 0 ? (1 - z)^2 : (1 + z)^2)'],
    // Written through 1/(1+e^-a) again: e^-a/(1+e^-a)² would be ∞·0 for large -a.
    ['silu', multiply([a, logistic]), '1 / (1 + exp(-a)) + (1 - 1 / (1 + exp(-a)))·a / (1 + exp(-a))', null],
    ['sech', power(elementary('cosh', a), -1), '-tanh(a) / cosh(a)', null],
    ['cube', power(a, 3), '3·a^2', null],
    ['sin', elementary('sin', a), 'cos(a)', null],
    ['tan', elementary('tan', a), '1 + tan(a)^2', '1 + z^2'],
    ['sinh', elementary('sinh', a), 'cosh(a)', null],
    ['log1p', elementary('log1p', a), '1 / (1 + a)', null],
    ['a decaying exponential nobody listed', exp(multiply([number(-3), a])), '-3·exp(-3·a)', '-3·z'],
    ['a Riccati function nobody listed', divide(number(2), add([one, multiply([number(5), exp(a)])])), '-2·(1 - 1 / (1 + 5·exp(a))) / (1 + 5·exp(a))', '-z·(1 - 1/2·z)'],
  ];
  it.each(cases)('%s', (_, body, derivative, through) => {
    const found = throughOutput({ name: 'h', argument: 'a', body, place });
    expect(plain(found.derivative)).toBe(derivative);
    expect(found.through === null ? null : plain(found.through)).toBe(through);
  });
});

it('a function whose argument is called z has its output under another letter', () => {
  const z = symbol('z');
  const found = throughOutput({ name: 'h', argument: 'z', body: power(add([one, exp(negate(z))]), -1), place });
  expect(found.output).toBe('y');
  expect(plain(found.derivative)).toBe('(1 - 1 / (1 + exp(-z))) / (1 + exp(-z))');
  expect(found.through === null ? null : plain(found.through)).toBe('y·(1 - y)');
});
