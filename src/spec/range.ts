// Ranges and shapes as files write them: units, 0..inputs, 1..n-s+1, 3, and in shapes an index letter.

import { affineIndices, integer, type Range, size } from '../algebra/affine.ts';
import { affineOf } from './affine-syntax.ts';
import type { Meaning } from './meaning.ts';
import { whyNoIdentifier } from './names.ts';
import { parseSyntax, type Syntax } from './syntax.ts';

export type RangeResult =
  | { readonly kind: 'range'; readonly range: Range; readonly sizes: readonly string[] }
  | { readonly kind: 'letter'; readonly name: string }
  | { readonly kind: 'bad' };

/** @param letters the index letters, which may stand in shapes in place of their range */
export function readRange(text: string, letters: ReadonlySet<string>): RangeResult {
  const ends = text.split('..');
  const [first, last] = ends;
  if (first === undefined || ends.length > 2) return { kind: 'bad' };
  if (last === undefined) {
    const name = first.trim();
    if (letters.has(name)) return { kind: 'letter', name };
    if (/^\d+$/.test(name)) {
      // A size of 0 has its own error where sizes have values.
      return Number(name) <= 1_000_000_000 ? { kind: 'range', range: { lo: integer(1), hi: integer(Number(name)) }, sizes: [] } : { kind: 'bad' };
    }
    if (whyNoIdentifier(name) !== null) return { kind: 'bad' };
    return { kind: 'range', range: { lo: integer(1), hi: size(name) }, sizes: [name] };
  }
  const lo = parseSyntax(first);
  const hi = parseSyntax(last);
  if (lo.syntax === null || hi.syntax === null) return { kind: 'bad' };
  const sizes = [...new Set([...namesIn(lo.syntax), ...namesIn(hi.syntax)])];
  if (sizes.some((name) => letters.has(name) || whyNoIdentifier(name) !== null)) return { kind: 'bad' };
  const names = new Map(sizes.map((name): [string, Meaning] => [name, { kind: 'size' }]));
  const from = affineOf(lo.syntax, names, null);
  const to = affineOf(hi.syntax, names, null);
  if (!from.ok || !to.ok || affineIndices(from.value).length > 0) return { kind: 'bad' };
  return { kind: 'range', range: { lo: from.value, hi: to.value }, sizes };
}

/** Every name in an expression, in reading order. */
export function namesIn(syntax: Syntax): readonly string[] {
  switch (syntax.kind) {
    case 'number': return [];
    case 'name': return [syntax.name];
    case 'entry': return [syntax.of.name, ...syntax.indices.flatMap(namesIn)];
    case 'call': return [syntax.of.name, ...syntax.args.flatMap(namesIn)];
    case 'binding': return [syntax.of.name, ...namesIn(syntax.lo), ...namesIn(syntax.hi)];
    case 'bracket': return namesIn(syntax.test);
    case 'negate': case 'not': return namesIn(syntax.of);
    case 'terms': case 'factors': return [...namesIn(syntax.first), ...syntax.rest.flatMap((s) => namesIn(s.operand))];
    case 'power': return [...namesIn(syntax.base), ...namesIn(syntax.exponent)];
    case 'relation': return syntax.operands.flatMap(namesIn);
    case 'and': case 'or': return syntax.parts.flatMap(namesIn);
    case 'conditional': return [...namesIn(syntax.test), ...namesIn(syntax.then), ...namesIn(syntax.otherwise)];
  }
}
