// What stands below and above: subscripts cut at their commas, superscripts as marks, primes, transposes and exponents.

import type { LatexNode } from '../latex/node.ts';
import { attempt } from '../problem.ts';
import { type Span, spanning, spanOf } from '../span.ts';
import type { EntrywiseSign, Subscript, Superscript, SupPart, Term } from './ast.ts';
import type { Grammar } from './grammar.ts';
import { cutAt, isComma } from './pieces.ts';

export function subscriptOf(nodes: readonly LatexNode[], within: Span, grammar: Grammar): Subscript {
  const place = spanning(nodes, within);
  const named = nodes.map((n): LatexNode => (n.kind === 'text' && /^[A-Za-z0-9]+$/.test(n.text) ? { ...n, kind: 'word', style: 'upright', operator: false } : n));
  return { ...place, parts: cutAt(named, isComma).map((part) => grammar.expression(part, spanning(part, place))) };
}

export function superscriptOf(nodes: readonly LatexNode[] | null, primes: number, within: Span, grammar: Grammar): Superscript | null {
  if (nodes === null && primes === 0) return null;
  const all = (nodes ?? []).filter((n) => n.kind !== 'space');
  const place = spanning(all, within);
  const own: readonly SupPart[] = primes === 0 ? [] : [{ kind: 'primes', count: primes, ...place }];
  const whole = all.length === 0 ? null : attempt<Term>(place, () => grammar.expression(all, place));
  return { ...place, parts: [...own, ...partsOf(all, grammar)], whole: primes === 0 && whole?.ok === true ? whole.value : null };
}

function partsOf(nodes: readonly LatexNode[], grammar: Grammar): readonly SupPart[] {
  const [first, ...rest] = nodes;
  const last = nodes.at(-1);
  if (first === undefined || last === undefined) return [];
  const sign = first.kind === 'sign' && rest.length > 0 ? entrywise.find((s) => s === first.text) : undefined;
  if (sign !== undefined) return [{ kind: 'elementwise', sign, ...spanOf(first) }, ...partsOf(rest, grammar)];
  const mark = markOf(first, grammar);
  if (mark !== null) return [...mark, ...partsOf(rest, grammar)];
  const turned = transposeSign(last);
  if (turned !== null) return [...partsOf(nodes.slice(0, -1), grammar), { kind: 'transpose', sign: turned, ...spanOf(last) }];
  if (last.kind === 'symbol' && last.text === 'prime') return [...partsOf(nodes.slice(0, -1), grammar), { kind: 'primes', count: 1, ...spanOf(last) }];
  if (last.kind === 'scripts' && last.primes > 0 && last.sub === null && last.sup === null && last.base !== null) {
    return [...partsOf([...nodes.slice(0, -1), last.base], grammar), { kind: 'primes', count: last.primes, start: last.base.end, end: last.end }];
  }
  const place = spanning(nodes, first);
  return [{ kind: 'value', term: grammar.expression(nodes, place), ...place }];
}

const entrywise: readonly EntrywiseSign[] = ['⊙', '∘', '*', '•', '.*'];

/** (k-1), [l], and primes that stand on the bracket. */
function markOf(node: LatexNode, grammar: Grammar): readonly SupPart[] | null {
  if (node.kind === 'scripts' && node.sub === null && node.sup === null && node.base?.kind === 'fenced') {
    const inner = markOf(node.base, grammar);
    return inner === null ? null : [...inner, { kind: 'primes', count: node.primes, start: node.base.end, end: node.end }];
  }
  if (node.kind !== 'fenced' || (node.open !== '(' && node.open !== '[') || node.body.length === 0) return null;
  return [{ kind: 'mark', open: node.open, body: grammar.expression(node.body, node), ...spanOf(node) }];
}

function transposeSign(node: LatexNode): 'T' | '⊤' | null {
  if (node.kind === 'symbol' && (node.text === 'top' || node.text === 'intercal')) return '⊤';
  return (node.kind === 'symbol' || node.kind === 'word') && node.text === 'T' ? 'T' : null;
}
