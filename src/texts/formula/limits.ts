// What stands at a large operator: j, j = 0 … n, i, j, 1 ≤ j ≤ n, j ≠ i.

import type { LatexNode } from '../latex/node.ts';
import { refuse } from '../problem.ts';
import { type Span, spanning } from '../span.ts';
import type { Condition, Limits, Term } from './ast.ts';
import { conditionOf, holdsRelation } from './condition.ts';
import type { Grammar } from './grammar.ts';
import { cutAt, isComma } from './pieces.ts';

export function limitsOf(sub: readonly LatexNode[], sup: readonly LatexNode[] | null, within: Span, grammar: Grammar): Limits {
  const place = spanning([...sub, ...(sup ?? [])], within);
  const to = sup === null || sup.length === 0 ? null : grammar.expression(sup, spanning(sup, place));
  const parts = cutAt(sub, isComma).map((part) => limitOf(part, to, place, grammar));
  const indices = parts.flatMap((p) => p.indices);
  const conditions = parts.flatMap((p) => (p.condition === null ? [] : [p.condition]));
  if (to !== null && indices.length !== 1) refuse('formula-construct', place, { text: 'limits', type: 'operator' });
  const [only] = conditions;
  const condition: Condition | null = conditions.length > 1 ? { kind: 'and', parts: conditions, ...place } : only ?? null;
  return { ...place, indices, condition };
}

function limitOf(nodes: readonly LatexNode[], to: Term | null, place: Span, grammar: Grammar): Pick<Limits, 'indices' | 'condition'> {
  const here = spanning(nodes, place);
  if (!holdsRelation(nodes)) {
    const term = grammar.expression(nodes, here);
    const names = term.kind === 'product' && term.factors.every((f) => f.sign === '') ? term.factors.map((f) => f.term) : [term];
    return { indices: names.map((index) => ({ index, from: null, to })), condition: null };
  }
  const condition = conditionOf(nodes, here, grammar);
  if (condition.kind === 'chain') {
    const { sides: [first, second, third], signs: [sign, next] } = condition;
    if (first !== undefined && second !== undefined && third === undefined && sign === '=') return { indices: [{ index: first, from: second, to }], condition: null };
    if (first !== undefined && second !== undefined && third !== undefined && sign === '≤' && next === '≤') {
      return { indices: [{ index: second, from: first, to: third }], condition: null };
    }
    if (first !== undefined && third === undefined) return { indices: [{ index: first, from: null, to }], condition };
  }
  return refuse('formula-construct', here, { text: 'limits', type: 'operator' });
}
