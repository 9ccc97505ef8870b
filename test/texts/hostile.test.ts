// Formulas that are made to break a reader: each is refused with a code and a place, or read, in a short time.

import { afterEach, describe, expect, test } from 'vitest';
import { articleConvention } from '../../src/notation/convention.ts';
import { parseFormula } from '../../src/texts/formula/parse.ts';
import { readFormula } from '../../src/texts/read.ts';
import { context } from './known.ts';

// A machine that does other things too is slow; what these tests are about takes minutes, or does not end.
const LONGEST = 20_000;

function codeWithin(latex: string, macros: Readonly<Record<string, string>> = {}): string {
  const began = performance.now();
  const read = readFormula(latex, { ...context(), macros });
  expect(performance.now() - began).toBeLessThan(LONGEST);
  if (read.ok) return 'read';
  for (const { range, message, help } of read.problems) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeLessThanOrEqual(latex.length);
    expect(message.length).toBeLessThan(700);
    expect(help).toMatch(/^.{8,}[.?]$/);
  }
  return read.problems[0]?.code ?? 'nothing';
}

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe('deep and long formulas', () => {
  test.each<[string, string, string]>([
    ['5,000 brackets', `a = ${'('.repeat(5000)}b${')'.repeat(5000)}`, 'formula-too-deep'],
    ['5,000 brackets that stay open', `a = ${'('.repeat(5000)}`, 'formula-bracket'],
    ['1,000 \\left(', `a = ${'\\left('.repeat(1000)}b${'\\right)'.repeat(1000)}`, 'formula-too-deep'],
    ['5,000 braces', `a = ${'{'.repeat(5000)}b${'}'.repeat(5000)}`, 'formula-too-deep'],
    ['300 fractions in each other', `a = ${'\\frac{1}{'.repeat(300)}b${'}'.repeat(300)}`, 'formula-too-deep'],
    ['2,000 roots without braces', `a = ${'\\sqrt'.repeat(2000)} b`, 'latex-syntax'],
    ['300 scripts in each other', `a = ${'b^{'.repeat(300)}c${'}'.repeat(300)}`, 'formula-too-deep'],
    ['3,000 minus signs', `a = ${'-'.repeat(3000)}b`, 'formula-unexpected'],
    ['20,001 characters', `a = ${'b'.repeat(20_000)}`, 'formula-too-long'],
    ['2,500 terms', `L = ${Array.from({ length: 2500 }, () => '\\alpha').join('+')}`, 'read'],
    ['2,500 factors', `L = ${Array.from({ length: 2500 }, () => '\\alpha').join(' ')}`, 'read'],
    ['600 sums within each other', `L = ${Array.from({ length: 600 }, () => '\\sum_{t=1}^{2}').join(' ')} \\alpha`, 'read'],
    ['900 commas in a subscript', `H_{${Array.from({ length: 900 }, () => '1').join(',')}} = 1`, 'wrong-subscripts'],
    ['a digit 15,000 times', `L = ${'7'.repeat(15_000)}`, 'read'],
  ])('%s', (_, latex, expected) => {
    expect(codeWithin(latex)).toBe(expected);
  });
});

describe('definitions', () => {
  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['one that goes on for ever', 'L = \\x', { '\\x': '\\x' }, 'latex-syntax'],
    ['one that doubles', 'L = \\x', { '\\x': '\\x\\x' }, 'latex-syntax'],
    ['thirty that double each other', 'L = \\xa', Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`\\x${String.fromCharCode(97 + n)}`, `\\x${String.fromCharCode(98 + n)}`.repeat(2)])), 'latex-syntax'],
    ['arguments that double', `L = ${'\\x{'.repeat(60)}a${'}'.repeat(60)}`, { '\\x': '#1#1' }, 'latex-syntax'],
    ['a long one', 'L = \\x', { '\\x': 'a'.repeat(2000) }, 'formula-macro'],
    ['one that defines', 'L = \\x', { '\\x': '\\gdef\\y{1}\\y' }, 'formula-macro'],
    ['in the formula itself', '\\def\\x{\\x\\x} L = \\x', {}, 'formula-defines'],
    ['by \\let', '\\let\\x=\\frac L = \\x', {}, 'formula-defines'],
    ['names of members of objects', 'L = \\constructor', { '\\__proto__': 'a' }, 'latex-syntax'],
  ])('%s', (_, latex, macros, expected) => {
    expect(codeWithin(latex, macros)).toBe(expected);
  });
});

describe('strange texts', () => {
  test.each<[string, string]>([
    ['', 'formula-incomplete'],
    ['   ', 'formula-incomplete'],
    ['%', 'formula-incomplete'],
    ['L = 1 % a remark', 'read'],
    ['L = \\href{javascript:alert(1)}{x}', 'formula-construct'],
    ['L = \\includegraphics{http://example.com/x.png}', 'formula-construct'],
    ['L = \\htmlData{a=b}{x}', 'formula-construct'],
    ['L = constructor', 'unknown-formula-symbol'],
    ['L = \\mathrm{constructor}', 'unknown-formula-symbol'],
    ['L = \\mathrm{\\_\\_proto\\_\\_}_i', 'unknown-formula-symbol'],
    ['L = \u0000', 'latex-syntax'],
    ['L = \ud800', 'latex-syntax'],
    ['L = 数', 'unknown-formula-symbol'],
    ['L = 1/0', 'formula-zero'],
    ['L = \\frac{1}{0}', 'formula-zero'],
    ['L = 0^{-1}', 'formula-zero'],
    ['L = 2^{1000000000}', 'read'],
    ['L = H_{99999999999999999999,1}', 'not-an-index'],
    ['W_{ij}^{(99999999999999999999)} = 1', 'not-a-layer'],
    ['L = \\sqrt[0]{\\alpha}', 'no-power'],
  ])('%j', (latex, expected) => {
    expect(codeWithin(latex)).toBe(expected);
  });

  test('random pieces of LaTeX are read or refused, never more', () => {
    const pieces = ['\\frac{', '}{', '}', '{', '\\partial', ' E', 'W', '_{ij}', '^{(k)}', '^T', "'", '(', ')', '[', ']', '\\left(', '\\right)', '\\sum_j', '\\sum_{j=1}^{2}',
      '+', '-', '\\cdot', '\\odot', ',', '=', '\\delta', 'a', '2', '0.5', '\\dots', '\\mathbf{1}', '\\mathrm{diag}', '\\log', '\\begin{cases}', '\\end{cases}', '&', '\\\\', '|',
      '\\max_j', '\\forall', '\\quad', '\\hat{x}', '\\nabla_W', ':', 'H_t', '\\text{if }', '<', '\\neq', '\\mathrm{einsum}(', '\\mathtt{i \\to i}'];
    let seed = 20261123;
    const next = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed;
    };
    let parsed = 0;
    for (let n = 0; n < 4000; n += 1) {
      const latex = Array.from({ length: 1 + (next() >> 8) % 12 }, () => pieces[(next() >> 8) % pieces.length]).join(' ');
      const formula = parseFormula(latex);
      if (formula.ok) parsed += 1;
      readFormula(latex, { ...context(), convention: { ...articleConvention, derivative: 'd' } });
    }
    expect(parsed).toBeGreaterThan(100);
  });
});
