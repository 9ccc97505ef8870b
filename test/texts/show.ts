// Trees and grammar as one line of text, for tables.

import { show } from '../../src/algebra/rational.ts';
import type { Condition, Limits, ParsedFormula, Superscript, SupPart, Term } from '../../src/texts/formula/ast.ts';
import type { LatexNode } from '../../src/texts/latex/node.ts';

/** `scripts(W, _[i j], ^[(k)])`, spaces left out. */
export function tree(nodes: readonly LatexNode[]): string {
  return nodes.filter((n) => n.kind !== 'space').map(nodeText).join(' ');
}

function nodeText(n: LatexNode): string {
  switch (n.kind) {
    case 'symbol': return `${n.command ? '\\' : ''}${n.text}${n.style === 'plain' ? '' : `:${n.style}`}`;
    case 'word': return `"${n.text}"${n.operator ? '!' : ''}`;
    case 'number': return n.digits + (n.style === 'plain' ? '' : `:${n.style}`);
    case 'sign': return n.text;
    case 'operator': return `op:${n.name}`;
    case 'fenced': return `${n.open === '' ? '.' : n.open}${tree(n.body)}${n.close === '' ? '.' : n.close}`;
    case 'group': return `{${tree(n.body)}}`;
    case 'scripts': return [
      n.base === null ? '∅' : nodeText(n.base), ...(n.sub === null ? [] : [`_{${tree(n.sub)}}`]), ...(n.sup === null ? [] : [`^{${tree(n.sup)}}`]), "'".repeat(n.primes),
    ].join('');
    case 'fraction': return `frac(${tree(n.top)}; ${tree(n.bottom)})`;
    case 'root': return `root(${n.degree === null ? '' : `${tree(n.degree)}; `}${tree(n.body)})`;
    case 'accent': return `${n.accent}(${tree(n.body)})`;
    case 'text': return `text(${n.text})`;
    case 'brace': return `brace(${tree(n.body)})`;
    case 'table': return `table(${n.rows.map((r) => r.map(tree).join(' & ')).join(' | ')})`;
    case 'space': return '';
  }
}

export const formulaText = ({ statements, quantifiers }: ParsedFormula): string => [
  ...statements.map((s) => s.sides.map((side, n) => (n === 0 ? '' : ` ${s.signs[n - 1] ?? '?'} `) + termText(side)).join('')),
  ...quantifiers.map((q) => `∀ ${termText(q.variable)}${q.range === null ? '' : `: ${termText(q.range.from)}..${termText(q.range.to)}`}`),
].join(', ');

/** Fully bracketed; the sign of juxtaposition is a space. */
export function termText(t: Term): string {
  switch (t.kind) {
    case 'number': return show(t.value) + (t.cut ? '…' : '') + (t.style === 'bold' ? '!' : '');
    case 'name': return t.text + t.accents.map((a) => `~${a}`).join('');
    case 'scripts': return termText(t.base) + (t.sub === null ? '' : `_[${t.sub.parts.map(termText).join(', ')}]`) + (t.sup === null ? '' : `^[${t.sup.parts.map(supText).join(' ')}]`);
    case 'sum': return `(${t.terms.map(({ negative, term }, n) => (negative ? ' - ' : n === 0 ? '' : ' + ') + termText(term)).join('').trim()})`;
    case 'product': return `{${t.factors.map(({ sign, term }, n) => (n === 0 ? '' : sign === '' ? ' ' : ` ${sign} `) + termText(term)).join('')}}`;
    case 'fraction': return `${termText(t.top)}/${termText(t.bottom)}`;
    case 'derivative': return `${t.letter}(${termText(t.of)} by ${termText(t.by)})`;
    case 'root': return `root${t.degree === null ? '' : termText(t.degree)}(${termText(t.body)})`;
    case 'apply': return `${t.name}${supsText(t.scripts?.sup ?? null)}(${termText(t.argument)})`;
    case 'over': return `${t.operator}<${limitsText(t.limits)}>${termText(t.body)}`;
    case 'bracket': return `[${conditionText(t.condition)}]`;
    case 'fenced': return `${t.open}${t.items.map(termText).join(', ')}${t.close}`;
    case 'norm': return `‖${termText(t.body)}‖`;
    case 'absolute': return `|${termText(t.body)}|`;
    case 'cases': return `cases(${t.branches.map((b) => `${termText(b.then)} if ${b.when === null ? 'else' : conditionText(b.when)}`).join('; ')})`;
    case 'matrix': return `matrix(${t.rows.map((r) => r.map(termText).join(' & ')).join('; ')})`;
    case 'brace': return `brace(${termText(t.body)})`;
    case 'letters': return `${t.operands.join(',')}->${t.result}`;
    case 'colon': return ':';
    case 'dots': return '…';
  }
}

const supsText = (sup: Superscript | null): string => (sup === null ? '' : `^[${sup.parts.map(supText).join(' ')}]`);

function supText(p: SupPart): string {
  switch (p.kind) {
    case 'mark': return `mark${p.open}${termText(p.body)}`;
    case 'primes': return "'".repeat(p.count);
    case 'transpose': return `T${p.sign === 'T' ? '' : p.sign}`;
    case 'elementwise': return p.sign;
    case 'value': return termText(p.term);
  }
}

const limitsText = ({ indices, condition }: Limits): string => [
  ...indices.map(({ index, from, to }) => termText(index) + (from === null ? '' : `=${termText(from)}`) + (to === null ? '' : `..${termText(to)}`)),
  ...(condition === null ? [] : [conditionText(condition)]),
].join(', ');

function conditionText(c: Condition): string {
  switch (c.kind) {
    case 'chain': return c.sides.map((side, n) => (n === 0 ? '' : ` ${c.signs[n - 1] ?? '?'} `) + termText(side)).join('');
    case 'and': case 'or': return `(${c.parts.map(conditionText).join(c.kind === 'and' ? ' ∧ ' : ' ∨ ')})`;
    case 'not': return `¬${conditionText(c.part)}`;
  }
}
