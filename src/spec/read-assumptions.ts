// What a file states of its tensors, assume: ["sum(i, t[i]) = 1"]: two expressions that are equal for all values of the
// letters that no sum binds.

import type { Expression } from '../algebra/expression.ts';
import { newReport, type Report } from '../diagnostics/report.ts';
import type { Path, SpecDocument } from './document.ts';
import type { Assumption, Axis } from './network.ts';
import { evaluateNames, readTextSyntax, type Written } from './read-expression.ts';
import type { Vocabulary } from './vocabulary.ts';

export function readAssumptions(
  document: SpecDocument, path: Path, texts: readonly string[], vocabulary: Vocabulary, report: Report,
): readonly Assumption[] {
  return texts.flatMap((_, n) => readAssumption(document, [...path, n], vocabulary, report) ?? []);
}

function readAssumption(document: SpecDocument, path: Path, vocabulary: Vocabulary, report: Report): Assumption | null {
  const text = document.written(path);
  const at = equalsSign(text);
  if (at === null) {
    report.add('bad-assumption', document.place(path), { text });
    return null;
  }
  const sides = [{ start: 0, end: at.start }, { start: at.end, end: text.length }]
    .map(({ start, end }) => readTextSyntax(text.slice(start, end), (span) => document.placeIn(path, { start: span.start + start, end: span.end + start }), report));
  const [left, right] = sides;
  if (left === null || left === undefined || right === null || right === undefined) return null;
  const axes = freeAxes([left, right], vocabulary);
  const value = (side: Written): Expression => evaluateNames(side, vocabulary.names, axes, report);
  return { axes, left: value(left), right: value(right), place: document.place(path), text };
}

/** The one = or == outside square brackets. */
function equalsSign(text: string): { readonly start: number; readonly end: number } | null {
  const found: { start: number; end: number }[] = [];
  let depth = 0;
  for (let n = 0; n < text.length; n += 1) {
    const c = text[n];
    if (c === '[' || c === '(') depth += 1;
    else if (c === ']' || c === ')') depth -= 1;
    else if (depth === 0 && (c === '<' || c === '>' || c === '!')) return null;
    else if (depth === 0 && c === '=') {
      const end = text[n + 1] === '=' ? n + 2 : n + 1;
      found.push({ start: n, end });
      n = end - 1;
    }
  }
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}

/** The letters that stand free, in the order of the vocabulary: what a reading without any of them finds unbound. */
function freeAxes(sides: readonly Written[], vocabulary: Vocabulary): readonly Axis[] {
  const unbound = new Set<string>();
  const listening: Report = {
    ...newReport(),
    add: (code, _place, data) => {
      if (code === 'unbound-index') unbound.add((data as { readonly name: string }).name);
    },
  };
  for (const side of sides) evaluateNames(side, vocabulary.names, [], listening);
  return [...vocabulary.names].flatMap(([index, meaning]): Axis[] =>
    (meaning.kind === 'letter' && unbound.has(index) ? [{ index, range: meaning.range }] : []));
}
