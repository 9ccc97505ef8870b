// A list of nodes of the tree, read from left to right.

import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import type { LatexNode } from '../latex/node.ts';

export interface Tokens {
  peek(ahead?: number): LatexNode | undefined;
  take(): LatexNode | undefined;
  /** Takes the next node if it is this sign. */
  accept(...signs: readonly string[]): LatexNode | null;
  /** Where the next node stands, or the end. */
  here(): Span;
  /** Where the node before stands. */
  before(): Span;
}

/** Spaces say nothing within a formula. */
export function tokensOf(nodes: readonly LatexNode[], within: Span): Tokens {
  const all = nodes.filter((n) => n.kind !== 'space');
  let at = 0;
  const peek = (ahead = 0): LatexNode | undefined => all[at + ahead];
  const take = (): LatexNode | undefined => {
    const node = all[at];
    at += 1;
    return node;
  };
  return {
    peek, take,
    accept: (...signs) => {
      const node = all[at];
      if (node?.kind !== 'sign' || !signs.includes(node.text)) return null;
      at += 1;
      return node;
    },
    here: () => all[at] ?? { start: all.at(-1)?.end ?? within.start, end: within.end },
    before: () => all[at - 1] ?? { start: within.start, end: within.start },
  };
}

export const isSign = (node: LatexNode | undefined, ...signs: readonly string[]): boolean =>
  node?.kind === 'sign' && signs.includes(node.text);

/** Nothing may be left. */
export function expectEnd(tokens: Tokens): void {
  const rest = tokens.peek();
  if (rest !== undefined) refuse('formula-unexpected', rest, { what: described(rest) });
}

export function described(node: LatexNode): string {
  switch (node.kind) {
    case 'symbol': case 'word': case 'sign': return node.text;
    case 'number': return node.digits;
    case 'operator': return node.name;
    case 'fenced': return `${node.open}…${node.close}`;
    case 'text': return node.text;
    case 'accent': return node.accent;
    case 'group': case 'scripts': case 'fraction': case 'root': case 'brace': case 'table': case 'space': return node.kind;
  }
}
