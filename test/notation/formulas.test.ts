import { describe, expect, test } from 'vitest';
import { addAffine, index, integer, scaleAffine, size, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, adjoint, bracket, divide, elementary, type Expression, indexAtLeast, indexEqual, multiply, negate, number, one, piecewise, power, ref,
  squareRoot, subtract, sum, symbol, tensor, zero,
} from '../../src/algebra/expression.ts';
import { layerN, layerNumber } from '../../src/algebra/layer.ts';
import { rational } from '../../src/algebra/rational.ts';
import type { Step } from '../../src/derive/derivation.ts';
import { latex, latexFormula, latexStep } from '../../src/notation/latex.ts';
import { unicode, unicodeFormula, unicodeStep } from '../../src/notation/unicode.ts';
import * as article from './article.ts';

const { a, aBelow, b, fromZero, i, j, k, units, W, z, zBelow } = article;
const delta = { signals: [a, aBelow, article.aTop] };
const zeta = { signals: [z, zBelow], signal: 'z' as const };
const [u, v] = [symbol('u'), symbol('v')];

/** Each row: what it is, the expression, Unicode, LaTeX. */
const written = (rows: readonly (readonly [string, Expression, string, string])[], options: Parameters<typeof latex>[1]): void => {
  test.each(rows)('%s', (_what, expression, text, tex) => {
    expect(unicode(expression, options)).toBe(text);
    expect(latex(expression, options)).toBe(tex);
  });
};

describe('the formulas of the article', () => {
  written([
    ['pre-activation (2)', article.preActivation,
      'Σⱼ Wᵢⱼ⁽ᵏ⁾ zⱼ⁽ᵏ⁻¹⁾ + bᵢ⁽ᵏ⁾', '\\sum_j W_{ij}^{(k)} z_j^{(k-1)} + b_i^{(k)}'],
    ['the recursion (9′)', article.recursion,
      '(Σᵢ δᵢ⁽ᵏ⁾ Wᵢⱼ⁽ᵏ⁾) · h⁽ᵏ⁻¹⁾′(aⱼ⁽ᵏ⁻¹⁾)',
      '\\left(\\sum_i \\delta_i^{(k)} W_{ij}^{(k)}\\right) \\cdot h^{(k-1)\'}(a_j^{(k-1)})'],
    ['∂E/∂W (8′)', article.weightGradient, 'δᵢ⁽ᵏ⁾ · zⱼ⁽ᵏ⁻¹⁾', '\\delta_i^{(k)} \\cdot z_j^{(k-1)}'],
    ['the end (10.1): y has no signal of its own', article.topSignal,
      '∂E/∂yⱼ · h⁽ᴺ⁾′(aⱼ⁽ᴺ⁾)', '\\frac{\\partial E}{\\partial y_j} \\cdot h^{(N)\'}(a_j^{(N)})'],
    ['the loss', article.halfSquares, '½ Σᵢ (yᵢ - tᵢ)²', '\\frac{1}{2} \\sum_i (y_i - t_i)^2'],
    ['the augmented pre-activation starts at 0', sum('j', fromZero, multiply([ref(tensor('W_tilde', k), [i, j]), ref(tensor('z_tilde', k), [j])])),
      'Σ_{j=0..n⁽ᵏ⁾} W̃ᵢⱼ⁽ᵏ⁾ z̃ⱼ⁽ᵏ⁾', '\\sum_{j=0}^{n^{(k)}} \\tilde{W}_{ij}^{(k)} \\tilde{z}_j^{(k)}'],
    ['a folded one', add([bracket(indexEqual(j)), multiply([bracket(indexAtLeast(subtractAffine(j, integer(1)))), ref(zBelow, [j])])]),
      '[j = 0] + [j ≥ 1] · zⱼ⁽ᵏ⁻¹⁾', '[j = 0] + [j \\geq 1] \\cdot z_j^{(k-1)}'],
  ], delta);
  written([
    ['the exercise: ζ = ∂E/∂z', article.alternative,
      'Σᵢ ζᵢ⁽ᵏ⁾ h⁽ᵏ⁾′(aᵢ⁽ᵏ⁾) Wᵢⱼ⁽ᵏ⁾', '\\sum_i \\zeta_i^{(k)} h^{(k)\'}(a_i^{(k)}) W_{ij}^{(k)}'],
  ], zeta);
  written([
    ['an adjoint that is no signal', adjoint(W, [i, j]), '∂E/∂Wᵢⱼ⁽ᵏ⁾', '\\frac{\\partial E}{\\partial W_{ij}^{(k)}}'],
    ['a signal of another network is none', adjoint(tensor('a', layerNumber(1)), [i]), '∂E/∂aᵢ⁽¹⁾', '\\frac{\\partial E}{\\partial a_i^{(1)}}'],
  ], { signals: [z] });
});

describe('signs, fractions and powers', () => {
  written([
    ['a constant comes first', subtract(one, power(u, 2)), '1 - u²', '1 - u^2'],
    ['a negative term is subtracted', add([negate(u), v]), 'v - u', 'v - u'],
    ['all negative', negate(add([u, v])), '-(u + v)', '-(u + v)'],
    ['the logistic function', divide(one, add([one, elementary('exp', negate(u))])), '1 / (1 + exp(-u))', '\\frac{1}{1 + e^{-u}}'],
    ['a quotient', divide(elementary('exp', u), power(add([u, v]), 2)), 'exp(u) / (u + v)²', '\\frac{e^u}{(u + v)^2}'],
    ['a coefficient', multiply([number(rational(-3, 7)), u]), '-(3/7) u', '-\\frac{3}{7} u'],
    ['a power of a function', power(elementary('tanh', u), 2), 'tanh²(u)', '\\tanh^2(u)'],
    ['a power beside a layer number', power(ref(z, [i]), 3), '(zᵢ⁽ᵏ⁾)³', '(z_i^{(k)})^3'],
    ['a root', squareRoot(add([u, v])), '√(u + v)', '\\sqrt{u + v}'],
    ['a root below the line', power(add([u, v]), rational(-1, 2)), '1 / √(u + v)', '\\frac{1}{\\sqrt{u + v}}'],
    ['log1p is a way to compute log(1 + u)', elementary('log1p', u), 'log(1 + u)', '\\log(1 + u)'],
    ['the mean', divide(sum('s', article.samples, ref(tensor('L'), [article.s])), { kind: 'affine', value: size('samples') }),
      '(1 / samples) Σₛ Lₛ', '\\frac{1}{\\mathrm{samples}} \\sum_s L_s'],
    ['cases', piecewise([{ when: { kind: 'compare', relation: '>', left: u, right: zero }, then: u }], multiply([symbol('alpha'), u])),
      '{ u if u > 0; α · u otherwise }', '\\begin{cases} u & \\text{if } u > 0 \\\\ \\alpha \\cdot u & \\text{otherwise} \\end{cases}'],
  ], {});
});

describe('absolute values and signs', () => {
  const signed = (up: Expression, down: Expression): Expression => piecewise([
    { when: { kind: 'compare', relation: '>', left: u, right: zero }, then: up },
    { when: { kind: 'compare', relation: '>', left: zero, right: u }, then: down },
  ], zero);
  written([
    ['abs', signed(u, negate(u)), '|u|', '\\left\\lvert u \\right\\rvert'],
    ['sign', signed(one, number(-1)), 'sgn(u)', '\\mathrm{sgn}(u)'],
    ['a factor', signed(multiply([v, u]), multiply([number(-1), v, u])), 'v · |u|', 'v \\cdot \\left\\lvert u \\right\\rvert'],
    ['branches that are no opposites', signed(u, v), '{ u if u > 0; v if u < 0; 0 otherwise }',
      '\\begin{cases} u & \\text{if } u > 0 \\\\ v & \\text{if } u < 0 \\\\ 0 & \\text{otherwise} \\end{cases}'],
    ['decimals as they were written', multiply([number(rational(1, 100)), u]), '0.01 u', '0.01 u'],
    ['all digits of a decimal', number(rational(BigInt('5253504936777402467096674926473'), BigInt('5000000000000000000000000000000'))),
      '1.0507009873554804934193349852946', '1.0507009873554804934193349852946'],
    ['of very long ones the first', number(rational(1n + 10n ** 90n, 10n ** 90n)), '1.0000000000…', '1.0000000000\\dots'],
  ], {});
});

describe('several signals in one layer', () => {
  const [f, g] = [tensor('f', k), tensor('g', k)];
  written([
    ['the symbol would not say whose: none has it', adjoint(f, [i]), '∂E/∂fᵢ⁽ᵏ⁾', '\\frac{\\partial E}{\\partial f_i^{(k)}}'],
    ['an output among pre-activations has its own symbol', adjoint(z, [i]), 'ζᵢ⁽ᵏ⁾', '\\zeta_i^{(k)}'],
  ], { signals: [f, g], outputs: [z] });
});

describe('indices', () => {
  const conv = sum('s', { lo: integer(1), hi: size('K') }, multiply([
    ref(W, [index('c'), index('s')]), ref(zBelow, [index('c'), addAffine(index('t'), addAffine(index('s'), integer(-1)))])]));
  written([
    ['no subscript c and no subscript comma: brackets in the whole formula', add([conv, ref(b, [i])]),
      'Σ_s W[c,s]⁽ᵏ⁾ z[c,t+s-1]⁽ᵏ⁻¹⁾ + b[i]⁽ᵏ⁾', '\\sum_s W_{cs}^{(k)} z_{c,t+s-1}^{(k-1)} + b_i^{(k)}'],
    ['numbers', ref(W, [integer(1), integer(2)]), 'W₁₂⁽ᵏ⁾', 'W_{12}^{(k)}'],
    ['one affine index', ref(z, [addAffine(scaleAffine(i, 2), integer(-1))]), 'z₂ᵢ₋₁⁽ᵏ⁾', 'z_{2i-1}^{(k)}'],
    ['a bound index that is free elsewhere gets another letter', multiply([ref(a, [i]), sum('i', units, ref(b, [i]))]),
      'aᵢ⁽ᵏ⁾ Σₚ bₚ⁽ᵏ⁾', 'a_i^{(k)} \\sum_p b_p^{(k)}'],
    ['marked names of the algebra become letters', sum('i#2', units, sum('i', units, multiply([ref(W, [index('i#2'), i]), ref(W, [j, i])]))),
      'Σᵢ Σₚ Wᵢₚ⁽ᵏ⁾ Wⱼₚ⁽ᵏ⁾', '\\sum_i \\sum_p W_{ip}^{(k)} W_{jp}^{(k)}'],
    ['sums side by side share a letter', add([sum('i', units, ref(b, [i])), sum('i#2', units, ref(a, [index('i#2')]))]),
      'Σᵢ bᵢ⁽ᵏ⁾ + Σᵢ aᵢ⁽ᵏ⁾', '\\sum_i b_i^{(k)} + \\sum_i a_i^{(k)}'],
    ['conditions stand with the index on the left', bracket(indexAtLeast(subtractAffine(size('T'), addAffine(index('t'), integer(1))))),
      '[t + 1 ≤ T]', '[t + 1 \\leq T]'],
    ['a word as a name', ref(tensor('out_hat', k), [i]), 'ouťᵢ⁽ᵏ⁾'.replace('ť', 't\u0302'), '\\hat{\\mathrm{out}}_i^{(k)}'],
    ['a name with a mark', ref(tensor('W_xh'), [i, j]), 'W_xh[i,j]', 'W_{\\mathrm{xh},ij}'],
  ], {});
  test('no letter is captured, however many are taken', () => {
    const taken = ['i', 'p', 'r', 'u', 'j', 'l', 'm', 'v', 's', 't', 'o', 'e'];
    const e = multiply([...taken.map((name) => ref(b, [index(name)])), sum('i', units, ref(a, [i]))]);
    expect(unicode(e)).toMatch(/Σ_i′ a\[i′\]⁽ᵏ⁾$/);
    expect(latex(e)).toMatch(/\\sum_\{i'\} a_\{i'\}\^\{\(k\)\}$/);
  });
  test('ranges are shown on demand', () => {
    expect(unicode(article.preActivation, { ranges: true })).toContain('Σ_{j=1..n⁽ᵏ⁾}');
    expect(unicode(sum('j', { lo: integer(0), hi: size('n') }, ref(b, [j])))).toBe('Σⱼ₌₀ⁿ bⱼ⁽ᵏ⁾');
  });
});

describe('formulas and steps', () => {
  const chain = { kind: 'chain' as const, paths: [[{ of: null, by: z, shared: true }, { of: z, by: a, shared: true }, { of: a, by: b, shared: false }]] };
  test('a chain; what is shared stands over one brace', () => {
    expect(unicodeFormula(chain)).toBe('∂E/∂z⁽ᵏ⁾ · ∂z⁽ᵏ⁾/∂a⁽ᵏ⁾ · ∂a⁽ᵏ⁾/∂b⁽ᵏ⁾');
    expect(latexFormula(chain)).toBe('\\underbrace{\\frac{\\partial E}{\\partial z^{(k)}} \\cdot \\frac{\\partial z^{(k)}}{\\partial a^{(k)}}}_{\\text{shared}} \\cdot \\frac{\\partial a^{(k)}}{\\partial b^{(k)}}');
  });
  test('the chain rule with indices', () => {
    const [p, l] = [index('i#2'), index('j')];
    const rule = { kind: 'chain-rule' as const, terms: [{
      axes: [{ index: 'i#2', range: units }], factors: [{ of: null, by: ref(a, [p]) }, { of: ref(a, [p]), by: ref(W, [i, l]) }] }] };
    expect(unicodeFormula(rule)).toBe('Σₚ ∂E/∂aₚ⁽ᵏ⁾ · ∂aₚ⁽ᵏ⁾/∂Wᵢⱼ⁽ᵏ⁾');
    expect(latexFormula(rule)).toBe('\\sum_p \\frac{\\partial E}{\\partial a_p^{(k)}} \\cdot \\frac{\\partial a_p^{(k)}}{\\partial W_{ij}^{(k)}}');
  });
  test('all sides of a step have the same letters', () => {
    const p = index('i#2');
    const step: Step = {
      number: 1, section: 'gradients', role: 'result', rule: 'delta-contraction', title: '', relation: '=', layers: { from: layerNumber(1), to: layerN() },
      left: { kind: 'partial', of: null, by: ref(W, [p, j]) },
      right: [
        { formula: { kind: 'expression', value: sum('i', units, multiply([adjoint(a, [i]), bracket(indexEqual(subtractAffine(i, p))), ref(zBelow, [j])])) }, rule: 'chain-rule' },
        { formula: { kind: 'expression', value: multiply([adjoint(a, [p]), ref(zBelow, [j])]) }, rule: 'delta-contraction' },
      ],
      axes: [{ index: 'i#2', range: units }, { index: 'j', range: fromZero }], sources: [], remarks: [], verified: 'normal-form',
    };
    expect(unicodeStep(step, delta)).toMatchObject({
      left: '∂E/∂Wᵢⱼ⁽ᵏ⁾', relation: '=', condition: '∀ i, ∀ j = 0..n⁽ᵏ⁾, ∀ k = 1..N',
      right: [
        { text: 'Σₚ δₚ⁽ᵏ⁾ · [p = i] zⱼ⁽ᵏ⁻¹⁾', rule: 'chain-rule' },
        { text: 'δᵢ⁽ᵏ⁾ · zⱼ⁽ᵏ⁻¹⁾', rule: 'delta-contraction' },
      ],
    });
    expect(latexStep(step, delta).condition).toBe('\\forall i, \\quad \\forall j = 0, \\dots, n^{(k)}, \\quad \\forall k = 1, \\dots, N');
  });
});
