// The formulas of a Markdown file in other words, in place; what cannot be read or said stays as it is, and is told of.

import { formulasOf } from '../documents/markdown.ts';
import type { Problem } from '../problem.ts';
import type { Span } from '../span.ts';
import { translateFormula } from './formula.ts';
import type { Text } from './text.ts';

export interface LeftAlone {
  readonly latex: string;
  /** Where it stands in the file. */
  readonly whole: Span;
  readonly problems: readonly Problem[];
}

export interface TranslatedDocument {
  readonly text: string;
  readonly translated: number;
  readonly left: readonly LeftAlone[];
}

export function translateMarkdown(markdown: string, from: Text, to: Text): TranslatedDocument {
  const parts: string[] = [];
  const left: LeftAlone[] = [];
  let at = 0;
  let translated = 0;
  for (const { latex, range, whole } of formulasOf(markdown)) {
    const result = translateFormula(latex, from, to);
    if (!result.ok || range === null) {
      left.push({ latex, whole, problems: result.ok ? [] : result.problems });
      continue;
    }
    // Spaces and line breaks at the ends stay as they are.
    const [, before = '', after = ''] = /^(\s*)[^]*?(\s*)$/.exec(latex) ?? [];
    parts.push(markdown.slice(at, range.start), before, result.latex, after);
    at = range.end;
    translated += 1;
  }
  return { text: parts.join('') + markdown.slice(at), translated, left };
}
