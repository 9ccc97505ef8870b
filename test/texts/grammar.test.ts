// Formulas without knowledge of their letters: statements, sums, products, what operators reach over.

import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../src/texts/formula/parse.ts';
import { formulaText } from './show.ts';

function parsed(latex: string): string {
  const read = parseFormula(latex);
  return read.ok ? formulaText(read.value) : `${read.problem.code} at ${latex.slice(read.problem.range.start, read.problem.range.end)}`;
}

describe('a formula', () => {
  it.each<[string, string]>([
    // Sums and products.
    ['a = b - c + d', 'a = (b - c + d)'],
    ['a = -b \\cdot c d', 'a = (- {b · c d})'],
    ['a = b \\odot c \\circ d * e \\times f', 'a = {b ⊙ c ∘ d * e × f}'],
    ['a = b \\cdot -c', 'a = {b · (- c)}'],
    ['a = b / c', 'a = {b / c}'],
    ['a = 2 (b + c)', 'a = {2 ((b + c))}'],
    // What an operator reaches over.
    ['a = \\sum_j b_j c + d', 'a = (sum<j>{b_[j] c} + d)'],
    ['a = b \\sum_{j=0}^n c_j d_j - e', 'a = ({b sum<j=0..n>{c_[j] d_[j]}} - e)'],
    ['a = \\sum_{i,j} b', 'a = sum<i, j>b'],
    ['a = \\sum_{ij} b', 'a = sum<i, j>b'],
    ['a = \\sum_{1 \\leq j \\leq n} b', 'a = sum<j=1..n>b'],
    ['a = \\sum_{j \\neq i} b', 'a = sum<j, j ≠ i>b'],
    ['a = \\prod_{j=1}^{n} b_j', 'a = prod<j=1..n>b_[j]'],
    ['a = \\max_j b_j c', 'a = max<j>{b_[j] c}'],
    ['a = \\arg\\max_j b_j', 'a = argmax<j>b_[j]'],
    ['a = \\max(0, b)', 'a = max((0, b))'],
    // Derivatives.
    ['\\frac{\\partial E}{\\partial W_{ij}^{(k)}} = a', '∂(E by W_[{i j}]^[mark(k]) = a'],
    ['\\nabla_W E = a', '∇(E by W) = a'],
    ['\\nabla_{W^{(k)}} E = a', '∇(E by W^[mark(k]) = a'],
    ['\\partial E / \\partial W = a', '∂(E by W) = a'],
    ['\\frac{d E}{d W} = a', '{d E}/{d W} = a'],
    ['\\frac{\\partial}{\\partial W} J(W, b) = a', '∂({J (W, b)} by W) = a'],
    ['\\delta = \\nabla C \\odot h', 'delta = {nabla C ⊙ h}'],
    ['(\\nabla_W E)_{ij} = a', '(∇(E by W))_[{i j}] = a'],
    // Superscripts stay open, part by part.
    ['W^{(k)T} = a', 'W^[mark(k T] = a'],
    ["h^{(k-1)'}(x) = a", "{h^[mark((k - 1) '] (x)} = a"],
    ["\\sigma'(z)^2 = a", "{sigma^['] (z)^[2]} = a"],
    ['W^{lT} = a', 'W^[l T] = a'],
    ['W^{[l]\\top} = a', 'W^[mark[l T⊤] = a'],
    ['x^{\\odot 2} = a', 'x^[⊙ 2] = a'],
    ['x^{-\\frac{1}{2}} = a', 'x^[(- 1/2)] = a'],
    ['e^{-a + b} = c', 'e^[(- a + b)] = c'],
    ['(a + b)^T = c', '((a + b))^[T] = c'],
    // Subscripts are cut at commas.
    ['W_{i,j} = x_{2t+s-1}', 'W_[i, j] = x_[({2 t} + s - 1)]'],
    ['E_{x_t,d} = P_{:,t}', 'E_[x_[t], d] = P_[:, t]'],
    ['Y_{:i} = a', 'Y_[{: i}] = a'],
    // Functions.
    ['a = \\log x + \\tanh^2(a) b', 'a = (log(x) + {tanh^[2]((a)) b})'],
    ['a = \\log p_i q', 'a = {log(p_[i]) q}'],
    ['a = \\mathrm{diag}\\lbrace v \\rbrace^{-1} M', 'a = {diag({v})^[(- 1)] M}'],
    ['a = \\text{diag}(v)', 'a = diag((v))'],
    ['h(\\cdot) = a', '{h (…)} = a'],
    ['\\mathrm{log}_{\\mathrm{p},i} = a', 'log_[p, i] = a'],
    ['a = \\mathrm{einsum}(\\mathtt{ij,j \\to i}, A, B)', 'a = einsum((ij,j->i, A, B))'],
    ['a = \\mathrm{einsum}(\\mathtt{ij{,}j{\\to}i},\\; A, B)', 'a = einsum((ij,j->i, A, B))'],
    ['a = \\sqrt[3]{b}', 'a = root3(b)'],
    // Brackets.
    ['a = [i = j] b', 'a = {[i = j] b}'],
    ['a = [1 \\leq i \\leq n] [b]', 'a = {[1 ≤ i ≤ n] [b]}'],
    ['a = [i \\geq 2 \\land \\lnot (j = k)]', 'a = [(i ≥ 2 ∧ ¬j = k)]'],
    ['a = |b| + \\left\\lVert c \\right\\rVert^2', 'a = (|b| + ‖c‖^[2])'],
    ['a = \\begin{cases} b & \\text{if } c > 0 \\\\ d & \\text{otherwise} \\end{cases}', 'a = cases(b if c > 0; d if else)'],
    ['a = \\begin{cases} b, & c > 0, \\\\ d, & \\text{else.} \\end{cases}', 'a = cases(b if c > 0; d if else)'],
    ['a = \\underbrace{b \\cdot c}_{\\text{shared}} \\cdot d', 'a = {brace({b · c}) · d}'],
    // Numbers.
    ['a = 0.25 b + 1.5\\dots c', 'a = ({1/4 b} + {3/2… c})'],
    ['a = \\mathbf{1} - z', 'a = (1! - z)'],
    // Statements and what they hold for.
    ['a := b = c', 'a := b = c'],
    ['a \\equiv b \\approx c \\propto d', 'a ≡ b ≈ c ∝ d'],
    ['a = b, \\quad c = d', 'a = b, c = d'],
    ['\\begin{aligned} a &= b \\\\ &= c \\\\ d &= e \\end{aligned}', 'a = b = c, d = e'],
    ['\\begin{cases} a = b \\\\ c = d, \\forall i = 1, \\dots, n \\\\ e = f \\end{cases} \\quad (5)', 'a = b, c = d, e = f, ∀ i: 1..n'],
    ['a = b, \\quad \\forall i, j, \\quad \\forall k = 2, \\dots, N', 'a = b, ∀ i, ∀ j, ∀ k: 2..N'],
    ['a = b, \\quad k = 1, \\dots, N-1.', 'a = b, ∀ k: 1..(N - 1)'],
    ['\\overline{W^{(1)}} = \\tilde{x}', 'W~overline^[mark(1] = x~tilde'],
  ])('%s', (latex, expected) => {
    expect(parsed(latex)).toBe(expected);
  });

  it.each<[string, string]>([
    ['', 'formula-incomplete at '],
    ['a = ', 'formula-incomplete at '],
    ['a + = b', 'formula-unexpected at ='],
    ['a = b \\cdot', 'formula-incomplete at '],
    ['a = \\sum_j', 'formula-incomplete at '],
    ['a = \\sum b', 'formula-incomplete at \\sum'],
    ['a = \\log', 'formula-incomplete at '],
    ['a = \\text{loss}', 'formula-unexpected at \\text{loss}'],
    ['a = \\lfloor b \\rfloor', 'formula-construct at \\lfloor b \\rfloor'],
    ['a = \\begin{cases} b & \\text{if } \\end{cases}', 'formula-incomplete at \\text{if }'],
  ])('that is none: %s', (latex, expected) => {
    expect(parsed(latex)).toBe(expected);
  });
});
