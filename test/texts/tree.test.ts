// LaTeX to a tree: what belongs to what, and where it stands.

import { describe, expect, it } from 'vitest';
import type { LatexNode } from '../../src/texts/latex/node.ts';
import { readLatex } from '../../src/texts/latex/read-latex.ts';
import { tree } from './show.ts';

function nodesOf(latex: string, macros: Readonly<Record<string, string>> = {}): readonly LatexNode[] {
  const read = readLatex(latex, macros);
  if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.message}`);
  return read.value;
}

describe('the tree of a formula', () => {
  it.each<[string, string]>([
    // Scripts.
    ['W_{ij}^{(k)}', 'W_{i j}^{(k)}'],
    ["h^{(k-1)'}(a)", "h^{(k - 1)'} (a)"],
    ["h'(a)", "h' (a)"],
    ["h''^{(2)}", "h^{(2)}''"],
    ['(w)^T', '(w)^{T}'],
    ['\\left(w\\right)^T', '(w)^{T}'],
    ['\\lVert x \\rVert_2^2', '‖x‖_{2}^{2}'],
    ['{a}_{b}', 'a_{b}'],
    // Numbers, words, fonts, accents.
    ['0.01 a', '0.01 a'],
    ['1.05\\dots a', '1.05 … a'],
    ['12 3', '12 3'],
    ['\\mathrm{var}_i', '"var"_{i}'],
    ['\\mathrm{x\\_1}', '"x_1"'],
    ['\\operatorname{diag}(v)', '"diag"! (v)'],
    ['\\log x', '"log"! x'],
    ['\\mathbf{1}^T', '1:bold^{T}'],
    ['\\mathbf{W}x', 'W:bold x'],
    ['\\boldsymbol{\\theta}_i', '\\theta:bold_{i}'],
    ['\\hat{\\mathbf{x}}', 'hat(x:bold)'],
    ['\\overline{W}', 'overline(W)'],
    ['\\widetilde{W}_i', 'tilde(W)_{i}'],
    ['\\mathtt{ij,j \\to i}', '"ij,j->i"'],
    // Operators.
    ['\\sum_{j=0}^n a_j', 'op:sum_{j = 0}^{n} a_{j}'],
    ['\\max\\limits_j a', 'op:max_{j} a'],
    ['\\arg\\max_j a', 'op:arg op:max_{j} a'],
    ['\\operatorname*{arg\\,max}_j a', 'op:argmax_{j} a'],
    // Brackets.
    ['\\bigl( a \\bigr)^2', '(a)^{2}'],
    ['|a| \\cdot |b|', '|a| · |b|'],
    ['p(y|x)', 'p (y | x)'],
    ['\\lbrace a \\rbrace', '{a}'],
    ['[i = j]', '[i = j]'],
    // Layout.
    ['\\frac{a}{b}', 'frac(a; b)'],
    ['\\dfrac12', 'frac(1; 2)'],
    ['\\sqrt[3]{x}', 'root(3; x)'],
    ['\\underbrace{a}_{\\text{shared}}', 'brace(a)_{text(shared)}'],
    ['\\begin{cases} 1 & \\text{if } a > 0 \\\\ 0 & \\text{otherwise} \\end{cases}', '{table(1 & text(if ) a > 0 | 0 & text(otherwise)).'],
    ['\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}', 'table(a & = b | c & = d)'],
    ['\\begin{pmatrix} a & b \\end{pmatrix}', '(table(a & b))'],
    // Signs by any of their names.
    ['a \\neq b \\ne c \\le d \\leqslant e', 'a ≠ b ≠ c ≤ d ≤ e'],
    ['a := b', 'a : = b'],
    ['a \\overset{def}{=} b', 'a =^{d e f} b'],
    ['a, \\dots, b', 'a , … , b'],
    ['a \\tag{1} \\label{x}', 'a'],
    ['\\color{red}{x} \\displaystyle y', 'x y'],
  ])('%s', (latex, expected) => {
    expect(tree(nodesOf(latex))).toBe(expected);
  });

  it('takes definitions from outside', () => {
    expect(tree(nodesOf('\\pd{E}{W}', { '\\pd': '\\frac{\\partial #1}{\\partial #2}' }))).toBe('frac(\\partial E; \\partial W)');
  });
});

describe('places', () => {
  const placesIn = (nodes: readonly LatexNode[], source: string): readonly string[] => nodes.filter((n) => n.kind !== 'space').map((n) => source.slice(n.start, n.end));

  it.each<[string, readonly string[]]>([
    ['W_{ij}^{(k)} z_j', ['W_{ij}^{(k)}', 'z_j']],
    ['\\frac{a}{b} + \\sqrt{c}', ['\\frac{a}{b}', '+', '\\sqrt{c}']],
    ['\\left(a + b\\right)^T c', ['\\left(a + b\\right)^T', 'c']],
    ['\\sum_j a_j', ['\\sum_j', 'a_j']],
    ['x \\cdot \\mathrm{diag}\\left\\lbrace v \\right\\rbrace^{-1} y', ['x', '\\cdot', '\\mathrm{diag}', '\\left\\lbrace v \\right\\rbrace^{-1}', 'y']],
    ['\\mathbf{W} \\hat{x} + \\mathbf{1}', ['\\mathbf{W}', '\\hat{x}', '+', '\\mathbf{1}']],
    ['a = \\begin{cases} 1 \\end{cases} b', ['a', '=', '\\begin{cases} 1 \\end{cases}', 'b']],
    ["h^{(k)'}(a)", ["h^{(k)'}", '(a)']],
    ['\\log x \\neq 0.5', ['\\log', 'x', '\\neq', '0.5']],
  ])('of %s', (latex, expected) => {
    expect(placesIn(nodesOf(latex), latex)).toEqual(expected);
  });

  it('lie within each other, in order', () => {
    const source = '\\frac{\\partial E}{\\partial W_{ij}^{(k)}} = \\left(\\sum_{j=1}^{n} \\delta_j \\sqrt{x}\\right) \\cdot h^{(k-1)\'}(a_i)';
    const check = (nodes: readonly LatexNode[], from: number, to: number): void => {
      let at = from;
      for (const n of nodes) {
        expect(n.start, source.slice(n.start)).toBeGreaterThanOrEqual(at);
        expect(n.end).toBeLessThanOrEqual(to);
        at = n.end;
        if (n.kind === 'fenced' || n.kind === 'group' || n.kind === 'root') check(n.body, n.start, n.end);
        if (n.kind === 'fraction') check([...n.top, ...n.bottom], n.start, n.end);
        if (n.kind === 'scripts' && n.base !== null) check([n.base], n.start, n.end);
      }
    };
    check(nodesOf(source), 0, source.length);
  });
});

describe('what is no formula', () => {
  it.each<[string, string, string]>([
    ['a_{', 'latex-syntax', ''],
    ['a}', 'latex-syntax', '}'],
    ['a^b^c', 'latex-syntax', '^'],
    ['\\nothing a', 'latex-syntax', '\\'],
    ['\\left( a', 'latex-syntax', ''],
    ['(a', 'formula-bracket', '('],
    ['a]', 'formula-bracket', ']'],
    ['[a, b)', 'formula-bracket', ')'],
    ['a \\def\\x{y} b', 'formula-defines', '\\def'],
    ['\\includegraphics{x}', 'formula-construct', '\\includegraphics'],
    ['\\xrightarrow{a} b', 'formula-construct', '\\xrightarrow{a}'],
  ])('%s: %s', (latex, code, at) => {
    const read = readLatex(latex);
    expect(read.ok ? 'read' : [read.problem.code, latex.slice(read.problem.range.start, read.problem.range.end)]).toEqual([code, at]);
  });
});
