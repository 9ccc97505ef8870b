// The page of all notations: complete, every formula on it proved by reading it back, nothing to load.

import { beforeAll, describe, expect, test } from 'vitest';
import { multiply, number } from '../../src/algebra/expression.ts';
import { shippedNotations } from '../../src/notation/shipped-notations.ts';
import type { Cell } from '../../src/report/notation-cell.ts';
import type { NotationFormula } from '../../src/report/notation-formulas.ts';
import { proveTable } from '../../src/report/notation-proved.ts';
import { notationTable, type NotationTable } from '../../src/report/notation-table.ts';
import { notationTableHtml } from '../../src/report/notation-table-html.ts';
import { notationTableMarkdown } from '../../src/report/notation-table-markdown.ts';

let table: NotationTable;
beforeAll(() => {
  table = notationTable(shippedNotations());
});

/** What stands in a cell, in LaTeX. */
const cell = (group: string, part: string, name: string): Cell => {
  const at = table.notations.findIndex((n) => n.spec.name === name);
  const found = table.groups.find((g) => g.id === group)?.rows.find((r) => r.part === part)?.cells[at];
  if (found === undefined) throw new Error(`there is no ${group} ${part} ${name}`);
  return found;
};

describe('its formulas', () => {
  test('are all proved', () => {
    expect(proveTable(table)).toBeGreaterThan(420);
  });

  test('every cell has one, or says why not', () => {
    for (const { rows } of table.groups) for (const row of rows) {
      for (const { components, vectors, why } of row.cells) {
        expect(components.length > 0 || why !== null).toBe(true);
        expect(vectors.length > 0 || why !== null).toBe(true);
      }
    }
  });

  // As the sources print them.
  test.each([
    ['sample', 'recursion', 'nielsen', '\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma\'(z^l)'],
    ['sample', 'weights', 'ufldl', '\\nabla_{W^{(l)}} J = \\delta^{(l+1)} a^{(l)T}'],
    ['sample', 'forward', 'cs224n', '\\mathbf{z} = \\mathbf{x} \\mathbf{W} + \\mathbf{b}_1'],
    ['sample', 'weights', 'cs224n-columns', '\\frac{\\partial J}{\\partial U} = \\delta_1^T h^T'],
    ['sample', 'recursion', 'hagan', '\\mathbf{s}^m = \\mathrm{diag}\\left\\lbrace f\'^m(\\mathbf{n}^m) \\right\\rbrace (\\mathbf{W}^{m+1})^T \\mathbf{s}^{m+1}'],
    ['sample', 'weights', 'sciml', '\\overline{W}_2 = \\overline{y} h^T'],
    ['batch', 'weights', 'ng', 'dW^{[l]} = \\frac{1}{m} dZ^{[l]} A^{[l-1]T}'],
    ['batch', 'weights', 'nielsen', '\\frac{\\partial C}{\\partial w^l} = \\frac{1}{n} \\sum_s \\delta_s^l (a_s^{l-1})^T'],
    ['batch', 'weights', 'hagan', '\\frac{\\partial \\hat{F}}{\\partial \\mathbf{W}^m} = \\sum_q \\mathbf{s}_q^m (\\mathbf{a}_q^{m-1})^T'],
  ])('%s, %s: %s', (group, part, name, latex) => {
    expect(cell(group, part, name).vectors.map((v) => v.latex)).toContain(latex);
  });

  test.each([
    ['sample', 'forward', 'sciml', 'h_i = \\sigma(z_i)'],
    ['sample', 'recursion', 'bishop', '\\delta_j = \\left(\\sum_k \\delta_k w_{kj}\\right) \\cdot h\'(a_j)'],
    ['sample', 'weights', 'zhou', '\\frac{\\partial E}{\\partial w_{hj}} = -g_j \\cdot b_h'],
  ])('in components: %s, %s: %s', (group, part, name, latex) => {
    expect(cell(group, part, name).components.map((c) => c.latex)).toContain(latex);
  });
});

describe('a page with a wrong formula is not written', () => {
  const withFormulas = (change: (f: NotationFormula) => NotationFormula): NotationTable =>
    ({ ...table, groups: table.groups.map((g) => ({ ...g, rows: g.rows.map((r) => ({ ...r, cells: r.cells.map((c) => ({ ...c, formulas: c.formulas.map(change) })) })) })) });
  const changed = (f: NotationFormula, name: string, part: string): boolean => f.part === part && f.translation.vocabulary.spec.name === name;

  test('twice what it should be', () => {
    const wrong = withFormulas((f) => (changed(f, 'nielsen', 'bias') ? {
      ...f, said: { ...f.said, right: f.said.right.map((r) => (r.formula.kind === 'expression' ? { ...r, formula: { ...r.formula, value: multiply([number(2), r.formula.value]) } } : r)) },
    } : f));
    expect(() => proveTable(wrong)).toThrow(/nielsen, sample, bias: .* it says/);
  });

  test('with the matrices of another one', () => {
    const right = cell('sample', 'recursion', 'ng').formulas[0];
    const wrong = withFormulas((f) => (changed(f, 'ng', 'bias') && f.vector !== null ? { ...f, vector: right?.vector ?? null } : f));
    expect(() => proveTable(wrong)).toThrow(/ng, sample, bias: /);
  });
});

describe('as a page', () => {
  test('nothing is loaded, and no address leads nowhere', () => {
    const html = notationTableHtml(table);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=/);
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]));
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
    // Bold letters are characters: browsers do not know other variants.
    expect(html).not.toMatch(/mathvariant="(?!normal)/);
    expect(html).toContain('𝐖');
  });

  test('every notation is in both, with its source', () => {
    const [html, markdown] = [notationTableHtml(table), notationTableMarkdown(table)];
    for (const { name, source } of shippedNotations()) {
      expect(html).toContain(`id="show-${name}"`);
      expect(markdown).toContain(`\n- ${name}: `);
      if (source.url !== null) for (const page of [html, markdown]) expect(page.replaceAll('&amp;', '&')).toContain(source.url);
    }
  });
});
