// Places of what KaTeX gives none for: fractions, scripts, operators, \left … \right lie between their neighbours.

import type { Span } from '../span.ts';
import { type KatexNode, nodesIn } from './katex.ts';

const childFields = ['base', 'sub', 'sup', 'numer', 'denom', 'body', 'index', 'html'] as const;

/** What is known of a node's place: its own, or from the first to the last of what it holds. */
export function knownPlace(node: KatexNode, source: string, seen: Map<object, Span | null>): Span | null {
  if (node.place !== null) return node.place;
  const found = seen.get(node.fields);
  if (found !== undefined) return found;
  let place: Span | null = null;
  for (const child of childrenOf(node, source)) {
    const inner = knownPlace(child, source, seen);
    if (inner !== null) place = place === null ? inner : { start: Math.min(place.start, inner.start), end: Math.max(place.end, inner.end) };
  }
  seen.set(node.fields, place);
  return place;
}

function childrenOf(node: KatexNode, source: string): readonly KatexNode[] {
  if (node.type === 'array') {
    const rows = node.fields['body'];
    return Array.isArray(rows) ? rows.flatMap((row: unknown) => nodesIn({ ...node, fields: { row } }, 'row', source)) : [];
  }
  return childFields.flatMap((field) => nodesIn(node, field, source));
}

/** From the end of what stands before to the end of what it holds, with the braces and \right that close what it opens. */
export function placeBetween(node: KatexNode, cursor: number, limit: number, source: string, seen: Map<object, Span | null>): Span {
  if (node.place !== null) return { start: node.place.start, end: node.place.start + source.slice(node.place.start, node.place.end).trimEnd().length };
  const known = knownPlace(node, source, seen);
  const from = skipped(source, cursor, limit);
  const start = known === null ? from : Math.min(from, known.start);
  const name = node.fields['name'];
  // What comes out of a macro stands where the macro is called.
  const command = known === null ? commandAt(source, start, limit) : 0;
  const named = typeof name === 'string' && source.startsWith(name, start) ? start + name.length : start + command;
  return { start, end: balanced(source, start, Math.max(named, known?.end ?? start), limit) };
}

/** Where the inside of what an argument, \left( or \begin{…} opens begins and ends. */
export function insideOf(nodes: readonly KatexNode[], otherwise: Span, source: string, seen: Map<object, Span | null>): Span {
  const [only] = nodes;
  if (only?.type === 'ordgroup' && nodes.length === 1 && only.place !== null) {
    const braced = source.charAt(only.place.start) === '{';
    return braced ? { start: only.place.start + 1, end: only.place.end - 1 } : only.place;
  }
  const first = only === undefined ? null : knownPlace(only, source, seen);
  if (first !== null && only?.place !== null) return { start: first.start, end: otherwise.end };
  const opening = /^\\left(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\[^]|[^])|^\\begin\s*\{[^{}]*\}/.exec(source.slice(otherwise.start, otherwise.end));
  return { start: otherwise.start + (opening?.[0].length ?? 0), end: otherwise.end };
}

const commandAt = (source: string, at: number, limit: number): number =>
  /^(?:\\(?:[A-Za-z]+|[^])|[^])?/.exec(source.slice(at, limit))?.[0].length ?? 0;

function skipped(source: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && (/[\s&~]/.test(source.charAt(at)) || source.startsWith('\\\\', at))) at += source.charAt(at) === '\\' ? 2 : 1;
  return at;
}

const brackets = /\\left(?![A-Za-z])|\\right(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\[^]|[^])|\\begin(?![A-Za-z])|\\end\s*\{[^{}]*\}|\\[^]|[{}]/g;

function balanced(source: string, start: number, end: number, limit: number): number {
  let depth = 0;
  let to = end;
  for (const token of source.slice(start, limit).matchAll(brackets)) {
    const at = start + token.index;
    if (at >= end && depth <= 0) break;
    if (token[0] === '{' || token[0] === '\\left' || token[0] === '\\begin') depth += 1;
    else if (token[0] === '}' || token[0].startsWith('\\right') || token[0].startsWith('\\end')) {
      depth -= 1;
      if (at >= end) {
        if (depth < 0) break;
        to = at + token[0].length;
      }
    }
  }
  return to;
}
