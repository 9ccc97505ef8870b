import { describe, expect, test } from 'vitest';
import { index, integer, size } from '../../src/algebra/affine.ts';
import { add, adjoint, call, elementary, type Expression, multiply, number, power, ref, sum, symbol, tensor, tensorKey, type Tensor } from '../../src/algebra/expression.ts';
import { layerK, layerN, layerNumber } from '../../src/algebra/layer.ts';
import type { Step } from '../../src/derive/derivation.ts';
import { type Box, type Letter, letterOf, times } from '../../src/notation/box.ts';
import { articleConvention, type Convention } from '../../src/notation/convention.ts';
import { latex, latexFormula, latexSignal, latexStep } from '../../src/notation/latex.ts';
import type { NotationOptions } from '../../src/notation/notation.ts';
import { printLatex } from '../../src/notation/print-latex.ts';
import { printUnicode } from '../../src/notation/print-unicode.ts';
import { unicode, unicodeFormula, unicodeSignal, unicodeStep } from '../../src/notation/unicode.ts';
import type { Declaration } from '../../src/spec/network.ts';
import * as article from './article.ts';
import { bare, below, square, unmarked } from './conventions.ts';

const { a, aBelow, i, j, W, z } = article;
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const declare = (of: Tensor, ...axes: string[]): [string, Declaration] => [tensorKey(of), {
  tensor: of, axes: axes.map((name) => ({ index: name, range: { lo: integer(1), hi: size('m') } })), role: 'variable', perSample: true, place,
}];
const x = tensor('x');
const declared = (...all: [string, Declaration][]): Pick<NotationOptions, 'system'> => ({ system: { declarations: new Map(all), equations: [] } });
const layered = declared(declare(W, 'i', 'j'), declare(a, 'i'), declare(aBelow, 'i'), declare(z, 'i'), declare(article.zBelow, 'i'));
const signals = { signals: [a, aBelow, article.aTop] };

/** Each row: the convention, the expression, LaTeX, Unicode. */
const written = (rows: readonly (readonly [string, Convention, Expression, string, string])[], options: NotationOptions = {}): void => {
  test.each(rows)('%s', (_what, convention, expression, tex, text) => {
    expect(latex(expression, { ...options, convention })).toBe(tex);
    expect(unicode(expression, { ...options, convention })).toBe(text);
  });
};

describe('layer marks', () => {
  written([
    ['bare superscripts', bare, article.preActivation, '\\sum_j W_{ij}^l z_j^{l-1} + b_i^l', 'Σⱼ Wᵢⱼˡ zⱼˡ⁻¹ + bᵢˡ'],
    ['square brackets', square, article.preActivation, '\\sum_j W_{ij}^{[l]} z_j^{[l-1]} + b_i^{[l]}', 'Σⱼ Wᵢⱼ^[l] zⱼ^[l-1] + bᵢ^[l]'],
    ['subscripts: the layer first', below, article.preActivation, '\\sum_j W_{\\ell,ij} z_{\\ell-1,j} + b_{\\ell,i}', 'Σ_j W_ℓ[i,j] z_{ℓ-1}[j] + b_ℓ[i]'],
    ['none', unmarked, article.preActivation, '\\sum_j W_{ij} z_j + b_i', 'Σⱼ Wᵢⱼ zⱼ + bᵢ'],
    ['the last layer', bare, ref(tensor('a', layerN(-1)), [i]), 'a_i^{L-1}', 'aᵢᴸ⁻¹'],
    ['a number', below, ref(tensor('a', layerNumber(2)), [i]), 'a_{2,i}', 'a₂[i]'],
    ['a name with a mark', below, ref(tensor('W_xh', layerK()), [i, j]), 'W_{\\mathrm{xh},\\ell,ij}', 'W_xh_ℓ[i,j]'],
    ['a Unicode letter without superscript', { ...bare, layer: { ...bare.layer, letter: 'ell' } }, ref(tensor('a', layerK(-1)), [i]), 'a_i^{\\ell-1}', 'aᵢ^(ℓ-1)'],
    ['sizes', bare, sum('j', article.fromZero, ref(z, [j])), '\\sum_{j=0}^{n^l} z_j^l', 'Σ_{j=0..nˡ} zⱼˡ'],
  ], {});
  written([
    ['a power of what has a bare mark', bare, power(ref(a, [i]), 2), '(a_i^l)^2', '(aᵢˡ)²'],
    ['a power beside a subscript', below, power(ref(a, [i]), 2), 'a_{\\ell,i}^2', 'a_ℓ[i]²'],
    ['a power without marks', unmarked, power(ref(a, [i]), 2), 'a_i^2', 'aᵢ²'],
    ['a power of a namesake without a layer', bare, power(symbol('a'), 2), '(a)^2', '(a)²'],
    ['a power of what no layer has', bare, power(symbol('u'), 2), 'u^2', 'u²'],
    ['an entry of a namesake without a layer', { ...below, bold: false }, ref(tensor('a'), [integer(2)]), '(a)_2', 'a[2]'],
    ['no brackets where marks have them', articleConvention, power(symbol('a'), 2), 'a^2', 'a²'],
    ['the derivative of a function of its layer', bare, article.h(ref(a, [i]), layerK(-1), 1), "h'(a_i^l)", 'h′(aᵢˡ)'],
    ['primes before a bare mark', { ...bare, functions: 'each' }, article.h(ref(a, [i]), layerK(-1), 1), "h'^{l-1}(a_i^l)", 'h′ˡ⁻¹(aᵢˡ)'],
    ['primes behind brackets', square, article.h(ref(a, [i]), layerK(), 2), "h^{[l]''}(a_i^{[l]})", 'h^[l]′′(aᵢ^[l])'],
    ['primes beside a subscript', below, article.h(ref(a, [i]), layerN(), 1), "h_H'(a_{\\ell,i})", 'h_H′(a_ℓ[i])'],
  ], layered);
});

describe('derivatives of the total', () => {
  const byW = adjoint(W, [i, j]);
  written([
    ['d', square, byW, 'dW_{ij}^{[l]}', 'dWᵢⱼ^[l]'],
    ['an entry of a gradient', below, byW, '\\frac{\\partial J}{\\partial W_{\\ell,ij}}', '∂J/∂W_ℓ[i,j]'],
    ['a gradient', below, adjoint(W, []), '\\nabla_{\\mathbf{W}_{\\ell}} J', '∇_{W_ℓ} J'],
    ['a bar', unmarked, byW, '\\overline{W}_{ij}', 'W\u0305ᵢⱼ'],
    ['a signal without a symbol', square, adjoint(a, [i]), 'da_i^{[l]}', 'daᵢ^[l]'],
    ['an empty symbol is none', { ...bare, signal: { a: '', z: '' } }, adjoint(a, [i]), '\\frac{\\partial C}{\\partial a_i^l}', '∂C/∂aᵢˡ'],
    ['d of a Greek letter', square, adjoint(tensor('gamma'), [i]), 'd\\gamma_i', 'dγᵢ'],
    ['d of an accent', square, adjoint(tensor('W_tilde', layerK()), [i, j]), 'd\\tilde{W}_{ij}^{[l]}', 'dW\u0303ᵢⱼ^[l]'],
    ['d of a word', square, adjoint(tensor('net'), [i]), 'd\\mathrm{net}_i', 'dnetᵢ'],
    ['a bar over an accent', unmarked, adjoint(tensor('y_hat'), [i]), '\\overline{\\hat{y}}_i', 'y\u0302\u0305ᵢ'],
    ['a bar over a name with a mark', unmarked, adjoint(tensor('W_xh'), [i, j]), '\\overline{W}_{\\mathrm{xh},ij}', 'W\u0305_xh[i,j]'],
    ['a power of d', square, power(adjoint(W, [i, j]), 2), '(dW_{ij}^{[l]})^2', '(dWᵢⱼ^[l])²'],
    ['a power of d without a layer', square, power(adjoint(x, [i]), 2), '(dx_i)^2', '(dxᵢ)²'],
    ['a product with the derivative', square, multiply([adjoint(a, [i]), ref(article.zBelow, [j])]), 'da_i^{[l]} \\cdot z_j^{[l-1]}', 'daᵢ^[l] · zⱼ^[l-1]'],
  ], { ...layered, ...signals });
  test('chains are fractions in every convention', () => {
    const chain = { kind: 'chain' as const, paths: [[{ of: null, by: z, shared: false }, { of: z, by: a, shared: false }]] };
    expect(latexFormula(chain, { ...layered, convention: square })).toBe('\\frac{\\partial J}{\\partial z^{[l]}} \\cdot \\frac{\\partial z^{[l]}}{\\partial a^{[l]}}');
    expect(latexFormula(chain, { ...layered, convention: below })).toBe('\\frac{\\partial J}{\\partial \\mathbf{z}_{\\ell}} \\cdot \\frac{\\partial \\mathbf{z}_{\\ell}}{\\partial \\mathbf{a}_{\\ell}}');
    const rule = { kind: 'chain-rule' as const, terms: [{ axes: [], factors: [{ of: null, by: ref(a, [i]) }, { of: ref(a, [i]), by: ref(W, [i, j]) }] }] };
    expect(unicodeFormula(rule, { ...layered, convention: square })).toBe('∂J/∂aᵢ^[l] · ∂aᵢ^[l]/∂Wᵢⱼ^[l]');
  });
  test('and so is what a symbol is defined as', () => {
    const options = { ...layered, ...signals };
    const definition = { kind: 'partial' as const, of: null, by: ref(a, [i]) };
    expect(unicodeFormula(definition, { ...options, convention: square })).toBe('∂J/∂aᵢ^[l]');
    expect(unicodeSignal(a, { ...options, convention: square })).toBe('da = ∂J/∂a');
    expect(latexSignal(a, { ...options, convention: below })).toBe('\\nabla_{\\mathbf{a}} J = \\frac{\\partial J}{\\partial \\mathbf{a}}');
    expect(unicodeSignal(a, { ...options, convention: bare })).toBe('δ = ∂C/∂a');
    expect(unicodeSignal(a, { ...options, convention: { ...bare, signal: { a: null, z: null } } })).toBe('∂C/∂a');
    expect(unicodeSignal(a, { ...options, convention: bare, signalFactor: number(-1) })).toBe('δ = -∂C/∂a');
  });
});

describe('vectors and matrices', () => {
  const whole = (name: string, layer: Letter['layer'] = layerK()): Letter => ({ ...letterOf(name, layer), whole: true });
  const turned = (m: Letter): Letter => ({ ...m, transposed: true });
  const applied: Box = { kind: 'apply', fn: { ...letterOf('h', layerK(-1)), primes: 1 }, argument: whole('a', layerK(-1)) };
  const recursion = times([times([turned(whole('W')), whole('delta')], 'space'), applied], 'odot');
  const rows: readonly (readonly [string, Convention, Box, string, string])[] = [
    ['bare marks stay within brackets', { ...bare, functions: 'each' }, recursion, "((W^l)^T \\delta^l) \\odot h'^{l-1}(a^{l-1})", '((Wˡ)ᵀ δˡ) ⊙ h′ˡ⁻¹(aˡ⁻¹)'],
    ['square brackets and an asterisk', square, recursion, "(W^{[l]T} \\delta^{[l]}) * h^{[l-1]'}(a^{[l-1]})", '(W^[l]ᵀ δ^[l]) * h^[l-1]′(a^[l-1])'],
    ['subscripts, bold, ⊤ and ∘', below, recursion,
      "(\\mathbf{W}_{\\ell}^\\top \\boldsymbol{\\delta}_{\\ell}) \\circ h_{\\ell-1}'(\\mathbf{a}_{\\ell-1})", '(W_ℓ^⊤ δ_ℓ) ∘ h_{ℓ-1}′(a_{ℓ-1})'],
    ['no marks, an apostrophe', unmarked, recursion, "(W' \\delta) \\odot h'(a)", "(W' δ) ⊙ h′(a)"],
    ['⊤ behind brackets', { ...square, transpose: '⊤' }, turned(whole('W')), 'W^{[l]\\top}', 'W^[l]^⊤'],
    ['an apostrophe behind brackets', { ...articleConvention, transpose: "'" }, turned(whole('W')), "W^{(k)'}", "W⁽ᵏ⁾'"],
    ['a transpose without a layer', bare, turned(whole('x', null)), 'x^T', 'xᵀ'],
    ['the transpose of a derivative', { ...below, bold: false }, { kind: 'transpose', body: { kind: 'nabla', of: letterOf('J'), by: whole('W') } }, '(\\nabla_{W_{\\ell}} J)^\\top', '(∇_{W_ℓ} J)^⊤'],
    ['of a letter with a superscript', articleConvention, { kind: 'transpose', body: whole('W') }, '(W^{(k)})^T', 'W⁽ᵏ⁾ᵀ'],
    ['of ones', { ...below }, { kind: 'transpose', body: { kind: 'ones' } }, '\\mathbf{1}^\\top', '𝟏^⊤'],
    ['an elementwise power', below, { kind: 'power', base: whole('a'), exponent: { kind: 'integer', value: 3n }, elementwise: true }, '\\mathbf{a}_{\\ell}^{\\circ 3}', 'a_ℓ^∘3'],
    ['a bold word', below, whole('net', null), '\\mathbf{net}', 'net'],
    ['a bold accent', below, whole('x_hat', null), '\\hat{\\mathbf{x}}', 'x\u0302'],
    ['entries are not bold', below, { ...letterOf('W', layerK(), [letterOf('i'), letterOf('j')]) }, 'W_{\\ell,ij}', 'W_ℓ[i,j]'],
    ['d of a bold matrix', { ...square, bold: true }, { ...whole('Theta'), derivative: 'd', transposed: true }, 'd\\boldsymbol{\\Theta}^{[l]T}', 'dΘ^[l]ᵀ'],
  ];
  test.each(rows)('%s', (_what, convention, box, tex, text) => {
    expect(printLatex(box, convention)).toBe(tex);
    expect(printUnicode(box, convention, 'brackets')).toBe(text);
  });
});

describe('names', () => {
  test.each([
    ['W', 'W'], ['theta', '\\theta'], ['Theta', '\\Theta'], ['x_tilde', '\\tilde{x}'], ['y_hat', '\\hat{y}'], ['dz', '\\mathrm{dz}'], ['net', '\\mathrm{net}'],
    ['W_xh', 'W_{\\mathrm{xh}}'], ['theta_h', '\\theta_{\\mathrm{h}}'], ['W1', '\\mathrm{W1}'], ['ell', '\\ell'], ['a_b_c', 'a_{\\mathrm{b\\_c}}'],
  ])('%s is one symbol', (name, tex) => {
    expect(latex(symbol(name))).toBe(tex);
  });
  test('e to a power is written exp where e is something else', () => {
    const e = tensor('e', layerNumber(2));
    const raised = add([elementary('exp', number(2)), ref(e, [])]);
    expect(latex(raised, { convention: bare, ...declared(declare(e)) })).toBe('\\exp(2) + e^2');
    expect(latex(elementary('exp', number(2)), { convention: bare, ...layered })).toBe('e^2');
    expect(latex(elementary('exp', number(2)), { convention: unmarked })).toBe('\\exp(2)');
  });
});

describe('conditions of steps', () => {
  const step: Step = {
    number: 1, section: 'recursion', role: 'result', rule: '', title: '', relation: '=', left: { kind: 'expression', value: adjoint(aBelow, [j]) },
    right: [{ formula: { kind: 'expression', value: article.recursion }, rule: '' }], axes: [{ index: 'j', range: article.inputs }],
    layers: { from: layerNumber(2), to: layerN(-1) }, sources: [], remarks: [], verified: 'normal-form',
  };
  test('with the letters of the layers', () => {
    expect(unicodeStep(step, { ...signals, convention: bare }).condition).toBe('∀ j, ∀ l = 2..L-1');
    expect(latexStep(step, { ...signals, convention: below }).condition).toBe('\\forall j, \\quad \\forall \\ell = 2, \\dots, H-1');
    expect(unicodeStep({ ...step, layers: { from: layerN(), to: layerN() } }, { ...signals, convention: bare }).condition).toBe('∀ j, ∀ l = L');
  });
  test('functions carry no number where one stands for all', () => {
    expect(latex(call({ kind: 'slot', name: 'sigma', layer: layerK(), order: 1 }, ref(z, [i])), { convention: bare })).toBe("\\sigma'(z_i^l)");
    expect(latex(article.h(ref(z, [index('i')])), { convention: { ...bare, functions: 'each' } })).toBe('h^l(z_i^l)');
  });
});
