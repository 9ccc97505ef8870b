// Activation derivatives, found through the output.
import { describe, expect, it } from 'vitest';
import { add, divide, elementary, type Expression, multiply, negate, number, one, piecewise, power, subtract, symbol, type Test, zero } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { throughOutput } from '../../src/derive/through-output.ts';

const a = symbol('a');
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const positive: Test = { kind: 'compare', relation: '>', left: a, right: zero };
const exp = (u: Expression): Expression => elementary('exp', u);
const forms = (body: Expression): { derivative: string; through: string | null } => {
  const { derivative, through } = throughOutput({ name: 'h', argument: 'a', body, place });
  return { derivative: plain(derivative), through: through === null ? null : plain(through) };
};

describe('h through z', () => {
  it('prints', () => {
    const abs = piecewise([{ when: { kind: 'compare', relation: '>=', left: a, right: zero }, then: a }], negate(a));
    const s = power(add([one, exp(negate(a))]), -1);
    const out = {
      sigmoid: forms(s), tanh: forms(elementary('tanh', a)), exp: forms(exp(a)), gaussian: forms(exp(negate(power(a, 2)))),
      relu: forms(piecewise([{ when: positive, then: a }], zero)), elu: forms(piecewise([{ when: positive, then: a }], multiply([symbol('alpha'), subtract(exp(a), one)]))),
      softsign: forms(divide(a, add([one, abs]))), silu: forms(multiply([a, s])), cube: forms(power(a, 3)), sin: forms(elementary('sin', a)),
      tan: forms(elementary('tan', a)), sinh: forms(elementary('sinh', a)), tanhexp: forms(divide(subtract(exp(multiply([number(2), a])), one), add([exp(multiply([number(2), a])), one]))),
      sqrt: forms(power(a, { n: 1n, d: 2n })),
    };
    console.log(out);
    expect(out.sigmoid.through).toBe('z * (1 - z)');
  });
});
