// Conditions: relations, joined by and, or, not; the rows of a case distinction.

import type { LatexNode } from '../latex/node.ts';
import { refuse } from '../problem.ts';
import { type Span, spanning, spanOf } from '../span.ts';
import type { Condition, RelationSign, Term } from './ast.ts';
import type { Grammar } from './grammar.ts';
import { cutAt, isBlank, isComma } from './pieces.ts';
import { acceptRelation, isRelation } from './relations.ts';
import { expectEnd, isSign, tokensOf } from './tokens.ts';

/** Whether a relation or a logical sign stands in the list itself. */
export const holdsRelation = (nodes: readonly LatexNode[]): boolean => nodes.some((n) => isRelation(n) || isSign(n, '∧', '∨', '¬'));

export function conditionOf(nodes: readonly LatexNode[], within: Span, grammar: Grammar): Condition {
  const body = nodes.filter((n) => n.kind !== 'space');
  const place = spanning(body, within);
  for (const [kind, sign, word] of [['or', '∨', 'or'], ['and', '∧', 'and']] as const) {
    const parts = cutAt(body, (n) => isSign(n, sign) || (n.kind === 'text' && n.text.trim() === word));
    if (parts.length > 1) return { kind, parts: parts.map((p) => conditionOf(p, place, grammar)), ...place };
  }
  const [first, ...rest] = body;
  if (first !== undefined && isSign(first, '¬')) return { kind: 'not', part: conditionOf(rest, place, grammar), ...place };
  if (first?.kind === 'fenced' && rest.length === 0 && first.open === '(' && holdsRelation(first.body)) return conditionOf(first.body, first, grammar);
  return chainOf(body, place, grammar);
}

function chainOf(nodes: readonly LatexNode[], place: Span, grammar: Grammar): Condition {
  const tokens = tokensOf(nodes, place);
  const sides: Term[] = [grammar.sum(tokens)];
  const signs: RelationSign[] = [];
  for (let sign = acceptRelation(tokens); sign !== null; sign = acceptRelation(tokens)) {
    signs.push(sign);
    sides.push(grammar.sum(tokens));
  }
  expectEnd(tokens);
  return signs.length === 0 ? refuse('formula-incomplete', place, { wanted: 'a relation' }) : { kind: 'chain', sides, signs, ...place };
}

interface Branch {
  readonly then: Term;
  readonly when: Condition | null;
}

/** A value and its condition a row, in two cells or in one. */
export const casesOf = (rows: readonly (readonly (readonly LatexNode[])[])[], within: Span, grammar: Grammar): readonly Branch[] =>
  rows.map((row) => branchOf(row.flat(), row[0] ?? [], within, grammar));

function branchOf(nodes: readonly LatexNode[], firstCell: readonly LatexNode[], within: Span, grammar: Grammar): Branch {
  const place = spanning(nodes, within);
  const at = nodes.findIndex((n) => n.kind === 'text');
  const cut = at >= 0 ? Math.min(at, firstCell.length > 0 && firstCell.length < nodes.length ? firstCell.length : at) : firstCell.length;
  const then = withoutComma(nodes.slice(0, cut));
  const condition = nodes.slice(cut).filter((n) => n.kind !== 'space');
  const [lead] = condition;
  const said = lead?.kind === 'text' ? lead.text.trim().toLowerCase().replace(/[,:]$/, '') : '';
  if (isBlank(then)) return refuse('formula-incomplete', place, { wanted: 'the value of a case' });
  const value = grammar.expression(then, spanning(then, place));
  const rest = lead?.kind === 'text' ? condition.slice(1) : condition;
  if (isBlank(withoutComma(rest))) {
    return condition.length === 0 || otherwiseWords.has(said) ? { then: value, when: null } : refuse('formula-incomplete', spanOf(lead ?? place), { wanted: 'a condition' });
  }
  return { then: value, when: conditionOf(withoutComma(rest), spanning(rest, place), grammar) };
}

const otherwiseWords: ReadonlySet<string> = new Set(['otherwise', 'else', 'otherwise.', 'else.']);

const withoutComma = (nodes: readonly LatexNode[]): readonly LatexNode[] => {
  const last = nodes.findLastIndex((n) => n.kind !== 'space');
  const node = nodes[last];
  return node !== undefined && (isComma(node) || isSign(node, '.')) ? nodes.slice(0, last) : nodes;
};
