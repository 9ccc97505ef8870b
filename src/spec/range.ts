// Ranges and shapes as files write them: units, 0..inputs, 1..n-s+1, 3, and in shapes an index letter.

import { affineIndices, integer, type Range, size } from '../algebra/affine.ts';
import { affineOf } from './affine-syntax.ts';
import type { Meaning } from './meaning.ts';
import { isBackwards } from './emptiness.ts';
import { whyNoIdentifier } from './names.ts';
import { parseSyntax, type Syntax } from './syntax.ts';
import { partsOf } from './syntax-parts.ts';

export type RangeResult =
  | { readonly kind: 'range'; readonly range: Range; readonly sizes: readonly string[] }
  | { readonly kind: 'letter'; readonly name: string }
  | { readonly kind: 'bad' };

/**
 * @param letters the index letters, which may stand in shapes in place of their range
 * @param integers the values of whole numbers that may stand in ranges
 */
export function readRange(text: string, letters: ReadonlySet<string>, integers: ReadonlyMap<string, number> = new Map()): RangeResult {
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
    const whole = integers.get(name);
    if (whole !== undefined) return { kind: 'range', range: { lo: integer(1), hi: integer(whole) }, sizes: [] };
    if (name !== 'samples' && whyNoIdentifier(name) !== null) return { kind: 'bad' };
    return { kind: 'range', range: { lo: integer(1), hi: size(name) }, sizes: [name] };
  }
  const lo = parseSyntax(first);
  const hi = parseSyntax(last);
  if (lo.syntax === null || hi.syntax === null) return { kind: 'bad' };
  const used = [...new Set([...namesIn(lo.syntax), ...namesIn(hi.syntax)])];
  const sizes = used.filter((name) => !integers.has(name));
  if (sizes.some((name) => letters.has(name) || whyNoIdentifier(name) !== null)) return { kind: 'bad' };
  const names = new Map(used.map((name): [string, Meaning] => {
    const value = integers.get(name);
    return [name, value === undefined ? { kind: 'size' } : { kind: 'integer', value }];
  }));
  const from = affineOf(lo.syntax, names, null);
  const to = affineOf(hi.syntax, names, null);
  if (!from.ok || !to.ok || affineIndices(from.value).length > 0) return { kind: 'bad' };
  const range = { lo: from.value, hi: to.value };
  return isBackwards(range) ? { kind: 'bad' } : { kind: 'range', range, sizes };
}

/** Every name in an expression, in reading order. */
export function namesIn(syntax: Syntax): readonly string[] {
  const named = syntax.kind === 'entry' || syntax.kind === 'call' || syntax.kind === 'binding';
  const own = syntax.kind === 'name' ? [syntax.name] : named ? [syntax.of.name] : [];
  return [...own, ...partsOf(syntax).flatMap(namesIn)];
}
