// The formulas of a Markdown file, with their places: $…$, $$…$$, ```math, and what Markdown itself does not know, \(…\) and \[…\].

import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Span } from '../span.ts';

export interface DocumentFormula {
  readonly latex: string;
  /** Where the formula itself stands in the file, without its delimiters; null where it is not in one piece (lines of a quote). */
  readonly range: Span | null;
  /** Where it stands, with its delimiters. */
  readonly whole: Span;
}

const parser = unified().use(remarkParse).use(remarkMath);

/** Any node of the tree of a file. */
type Nodes = ReturnType<typeof parser.parse> | ReturnType<typeof parser.parse>['children'][number];

/** In the order of the file. */
export function formulasOf(markdown: string): readonly DocumentFormula[] {
  const found: DocumentFormula[] = [];
  const closed: Span[] = [];
  walk(parser.parse(markdown), (node) => {
    const start = node.position?.start.offset;
    const end = node.position?.end.offset;
    if (start === undefined || end === undefined) return;
    const whole = { start, end };
    if (node.type === 'math' || node.type === 'inlineMath' || (node.type === 'code' && node.lang === 'math')) found.push(formulaAt(markdown, node.value, whole));
    if (node.type === 'math' || node.type === 'inlineMath' || node.type === 'code' || node.type === 'inlineCode' || node.type === 'html') closed.push(whole);
  });
  return [...found, ...bracketed(markdown, closed)].sort((a, b) => a.whole.start - b.whole.start);
}

function walk(node: Nodes, visit: (node: Nodes) => void): void {
  // Without recursion: a file may be nested deeply.
  const stack: Nodes[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    visit(next);
    if ('children' in next) stack.push(...[...next.children].reverse());
  }
}

function formulaAt(markdown: string, latex: string, whole: Span): DocumentFormula {
  const at = latex === '' ? -1 : markdown.slice(whole.start, whole.end).indexOf(latex);
  return { latex, whole, range: at < 0 ? null : { start: whole.start + at, end: whole.start + at + latex.length } };
}

/** \(…\) and \[…\] outside of formulas, code and HTML. */
function bracketed(markdown: string, closed: readonly Span[]): readonly DocumentFormula[] {
  return [...markdown.matchAll(/(?<!\\)(?:\\\(([^]*?)\\\)|\\\[([^]*?)\\\])/g)].flatMap((match): DocumentFormula[] => {
    const whole = { start: match.index, end: match.index + match[0].length };
    if (closed.some((c) => c.start < whole.end && whole.start < c.end)) return [];
    return [{ latex: match[1] ?? match[2] ?? '', whole, range: { start: whole.start + 2, end: whole.end - 2 } }];
  });
}
