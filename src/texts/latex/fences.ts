// Brackets in a list: each opening one with the closing one that fits, and bars in pairs.

import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import type { LatexNode } from './node.ts';

/** A bracket that is not matched yet, with the scripts that stand on it. */
export interface Delimiter extends Span {
  readonly kind: 'delimiter';
  readonly side: 'open' | 'close' | 'bar';
  readonly text: string;
  readonly scripts?: Scripts;
}

interface Scripts {
  readonly sub: readonly LatexNode[] | null;
  readonly sup: readonly LatexNode[] | null;
  readonly primes: number;
  readonly end: number;
}

export type Item = LatexNode | Delimiter;

const closing: ReadonlyMap<string, string> = new Map([['(', ')'], ['[', ']'], ['{', '}'], ['|', '|'], ['‖', '‖'], ['⟨', '⟩'], ['⌊', '⌋'], ['⌈', '⌉']]);

interface Open {
  readonly at: Delimiter;
  readonly body: LatexNode[];
}

/** The list with everything between two brackets as one node. */
export function matched(items: readonly Item[]): readonly LatexNode[] {
  const outer: LatexNode[] = [];
  const stack: Open[] = [];
  const body = (): LatexNode[] => stack.at(-1)?.body ?? outer;
  for (const item of items) {
    if (item.kind !== 'delimiter') {
      body().push(item);
      continue;
    }
    const top = stack.at(-1);
    const isBar = item.side === 'bar';
    if (top !== undefined && closes(item, top.at) && !(isBar && top.body.length === 0)) {
      stack.pop();
      body().push(fenced(top, item));
    } else if (isBar && closing.get(item.text) !== item.text) {
      body().push({ kind: 'sign', text: item.text, family: 'ordinary', start: item.start, end: item.end });
    } else if (item.side === 'close') {
      const outside = stack.findLast((o) => closes(item, o.at));
      if (outside === undefined) return refuse('formula-bracket', item, { text: item.text });
      // A bar by itself between brackets: p(y|x).
      while (stack.at(-1) !== outside) flatten(stack, body);
      stack.pop();
      body().push(fenced(outside, item));
    } else stack.push({ at: item, body: [] });
  }
  while (stack.length > 0) flatten(stack, body);
  return outer;
}

const closes = (item: Delimiter, open: Delimiter): boolean => item.side !== 'open' && closing.get(open.text) === item.text;

function flatten(stack: Open[], body: () => LatexNode[]): void {
  const open = stack.pop();
  if (open === undefined) return;
  if (open.at.side !== 'bar') refuse('formula-bracket', open.at, { text: open.at.text });
  body().push({ kind: 'sign', text: open.at.text, family: 'ordinary', start: open.at.start, end: open.at.end }, ...open.body);
}

function fenced({ at, body }: Open, close: Delimiter): LatexNode {
  const node: LatexNode = { kind: 'fenced', open: at.text, close: close.text, body, start: at.start, end: close.end };
  if (close.scripts === undefined) return node;
  const { end, ...scripts } = close.scripts;
  return { kind: 'scripts', base: node, ...scripts, start: at.start, end };
}
