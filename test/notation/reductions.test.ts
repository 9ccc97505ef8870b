// Products, maxima and gathers over an index, and conditions with two bounds, in Unicode and LaTeX.

import { describe, expect, test } from 'vitest';
import { addAffine, type Affine, index, integer, type Range, scaleAffine, size, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, adjoint, argmax, bracket, elementary, type Expression, indexAtLeast, multiply, negate, power, product, ref, sum, tensor, tensorKey, type Test,
} from '../../src/algebra/expression.ts';
import type { Declaration, Equation } from '../../src/spec/network.ts';
import { latex } from '../../src/notation/latex.ts';
import type { NotationOptions } from '../../src/notation/notation.ts';
import { unicode } from '../../src/notation/unicode.ts';

const [x, E, m, c] = [tensor('x'), tensor('E'), tensor('m'), tensor('c')];
const [top, low, token, shift] = [tensor('top'), tensor('low'), tensor('x_id'), tensor('k')];
const [i, j, s, t, v, d, p] = ['i', 'j', 's', 't', 'v', 'd', 'p'].map((name) => index(name)) as [Affine, Affine, Affine, Affine, Affine, Affine, Affine];
const range = (name: string): Range => ({ lo: integer(1), hi: size(name) });
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const integers = (of: typeof x, values: string): [string, Declaration] => [tensorKey(of), {
  tensor: of, axes: [{ index: 't', range: range('T') }], role: 'input', perSample: true, integer: range(values), place,
}];
const choice = (of: typeof x, body: Expression): Equation => ({
  tensor: of, axes: [{ index: 't', range: range('T') }], value: argmax('s', range('S'), body), place, text: '',
});
const system: NotationOptions['system'] = {
  declarations: new Map([integers(top, 'S'), integers(low, 'S'), integers(token, 'V'), integers(shift, 'K')]),
  equations: [choice(top, ref(x, [t, index('s')])), choice(low, negate(sum('j', range('n'), ref(x, [j, index('s')]))))],
};
const is = (of: typeof x, at: Affine, value: Affine): Test => ({ kind: 'compare', relation: '=', left: ref(of, [at]), right: { kind: 'affine', value } });

const written = (rows: readonly (readonly [string, Expression, string, string])[]): void => {
  test.each(rows)('%s', (_what, expression, text, tex) => {
    expect(unicode(expression, { system })).toBe(text);
    expect(latex(expression, { system })).toBe(tex);
  });
};

describe('products and places of maxima', () => {
  written([
    ['a product', product('j', range('n'), ref(x, [j])), 'Πⱼ xⱼ', '\\prod_j x_j'],
    ['of a sum, with a part of a range', product('j', { lo: integer(2), hi: size('n') }, add([ref(x, [j]), ref(c, [])])),
      'Πⱼ₌₂ⁿ (xⱼ + c)', '\\prod_{j=2}^{n} (x_j + c)'],
    ['before another factor', multiply([product('j', range('n'), ref(x, [j])), ref(c, [])]), '(Πⱼ xⱼ) · c', '\\left(\\prod_j x_j\\right) \\cdot c'],
    ['to a power', power(product('j', range('n'), ref(x, [j])), 2), '(Πⱼ xⱼ)²', '\\left(\\prod_j x_j\\right)^2'],
    ['inside a sum', sum('i', range('n'), product('j', range('n'), ref(x, [i, j]))), 'Σᵢ Πⱼ xᵢⱼ', '\\sum_i \\prod_j x_{ij}'],
    ['a bound index that is free elsewhere gets another letter', multiply([ref(c, [j]), product('j', range('n'), ref(x, [j]))]),
      'cⱼ Πₗ xₗ', 'c_j \\prod_l x_l'],
    ['argmax', argmax('s', range('S'), add([ref(x, [t, s]), ref(c, [])])), 'argmaxₛ (xₜₛ + c)', '\\arg\\max_s (x_{ts} + c)'],
    ['argmin', argmax('s', range('S'), negate(ref(x, [t, s]))), 'argminₛ xₜₛ', '\\arg\\min_s x_{ts}'],
  ]);
});

describe('what a bracket picks out of a sum', () => {
  const gather = (f: Expression, of = token, values = 'V'): Expression => sum('v', range(values), multiply([bracket(is(of, t, v)), f]));
  written([
    ['a row of a table', gather(ref(E, [v, d])), 'E[x_id[t],d]', 'E_{x_{\\mathrm{id},t},d}'],
    ['within an affine index', gather(ref(x, [addAffine(addAffine(scaleAffine(t, 2), v), integer(-1))]), shift, 'K'), 'x[2t+k[t]-1]', 'x_{2t+k_t-1}'],
    ['under further sums', gather(sum('j', range('n'), multiply([ref(E, [v, j]), ref(c, [j])])), shift, 'K'),
      'Σ_j E[k[t],j] c[j]', '\\sum_j E_{k_t,j} c_j'],
    ['sums outside and inside change places', sum('j', range('n'), gather(multiply([ref(E, [v, j]), ref(c, [j])]), shift, 'K')),
      'Σ_j E[k[t],j] c[j]', '\\sum_j E_{k_t,j} c_j'],
    ['the greatest', gather(ref(x, [t, v]), top, 'S'), 'maxᵥ xₜᵥ', '\\max_v x_{tv}'],
    ['the least, of a sum over another letter', sum('v', range('S'), multiply([bracket(is(low, t, v)), sum('i', range('n'), ref(x, [i, v]))])),
      'minᵥ Σᵢ xᵢᵥ', '\\min_v \\sum_i x_{iv}'],
    ['something else at the greatest', gather(ref(m, [t, v]), top, 'S'), 'm[t,top[t]]', 'm_{t,\\mathrm{top}_t}'],
    ['a bracket that picks nothing stays', sum('t', range('T'), multiply([adjoint(m, [t, d]), bracket(is(shift, t, v))])),
      'Σ_t ∂E/∂m[t,d] · [k[t] = v]', '\\sum_t \\frac{\\partial E}{\\partial m_{td}} \\cdot [k_t = v]'],
    ['so does one over a part of the values', sum('v', { lo: integer(2), hi: size('V') }, multiply([bracket(is(token, t, v)), ref(c, [v])])),
      'Σ_{v=2..V} [x_id[t] = v] c[v]', '\\sum_{v=2}^{V} [x_{\\mathrm{id},t} = v] c_v'],
    ['and one with an entry that is no known integer', sum('v', range('V'), multiply([bracket(is(c, t, v)), ref(m, [v])])),
      'Σᵥ [cₜ = v] mᵥ', '\\sum_v [c_t = v] m_v'],
    ['and one whose entry moves with the sum', sum('v', range('V'), multiply([bracket(is(token, v, v)), ref(m, [v])])),
      'Σ_{v=1..V} [x_id[v] = v] m[v]', '\\sum_{v=1}^{V} [x_{\\mathrm{id},v} = v] m_v'],
  ]);
});

describe('conditions with two bounds', () => {
  const atLeast = (value: Affine): Expression => bracket(indexAtLeast(value));
  const position = subtractAffine(p, s);
  const upper = subtractAffine(addAffine(size('n'), integer(-1)), position);
  written([
    ['are one chain', multiply([atLeast(position), ref(c, [p]), atLeast(upper)]),
      '[1 ≤ p - s + 1 ≤ n] · cₚ', '[1 \\leq p - s + 1 \\leq n] \\cdot c_p'],
    ['in one bracket', bracket({ kind: 'and', tests: [indexAtLeast(upper), indexAtLeast(position)] }),
      '[1 ≤ p - s + 1 ≤ n]', '[1 \\leq p - s + 1 \\leq n]'],
    ['a plain index', bracket({ kind: 'and', tests: [indexAtLeast(addAffine(t, integer(-2))), indexAtLeast(subtractAffine(addAffine(size('T'), integer(-1)), t))] }),
      '[2 ≤ t ≤ T - 1]', '[2 \\leq t \\leq T - 1]'],
    ['beside a third condition', bracket({ kind: 'and', tests: [indexAtLeast(position), indexAtLeast(upper), indexAtLeast(subtractAffine(i, j))] }),
      '[1 ≤ p - s + 1 ≤ n ∧ i ≥ j]', '[1 \\leq p - s + 1 \\leq n \\land i \\geq j]'],
    ['numbers as bounds', multiply([atLeast(position), atLeast(subtractAffine(integer(2), position))]), '[0 ≤ p - s ≤ 2]', '[0 \\leq p - s \\leq 2]'],
    ['bounds of different things stay apart', multiply([atLeast(position), atLeast(subtractAffine(size('n'), p))]),
      '[p ≥ s] · [p ≤ n]', '[p \\geq s] \\cdot [p \\leq n]'],
    ['two lower bounds, too', multiply([atLeast(position), atLeast(addAffine(position, integer(1)))]), '[p ≥ s] · [p + 1 ≥ s]', '[p \\geq s] \\cdot [p + 1 \\geq s]'],
  ]);
});

test('words as indices are not run together', () => {
  expect(unicode(ref(x, [index('pos')]))).toBe('x[pos]');
  expect(latex(ref(x, [index('pos'), d]))).toBe('x_{\\mathrm{pos},d}');
});

test('exponentials keep their sums', () => {
  const e = elementary('log', sum('j', range('n'), elementary('exp', ref(x, [j]))));
  expect(unicode(e)).toBe('log(Σⱼ exp(xⱼ))');
});
