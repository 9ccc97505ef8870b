// The letters that a reduction runs over: j, or j = lo..hi with ends made of sizes and of the letters around it.

import type { Affine, Range } from '../algebra/affine.ts';
import { freshIndex } from '../algebra/traverse.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { affineOf } from './affine-syntax.ts';
import { isBackwards } from './emptiness.ts';
import { describe } from './meaning.ts';
import { whyNoIdentifier } from './names.ts';
import { reportAffine } from './reference.ts';
import { type Scope, textOf } from './scope.ts';
import type { Syntax } from './syntax.ts';

/** A letter of a reduction under its unique name. */
export interface Bound {
  readonly index: string;
  readonly range: Range;
  readonly syntax: Syntax;
}

/** The letters of a reduction, and the scope of its body; null where one is wrong (which is reported). */
export function bindLetters(
  binders: readonly Syntax[], reduction: string, scope: Scope,
): { readonly bound: readonly Bound[]; readonly inner: Scope } | null {
  const bound: Bound[] = [];
  let inner = scope;
  for (const syntax of binders) {
    const found = binderOf(syntax, reduction, inner);
    if (found === null) continue;
    const index = freshIndex(found.name, inner.taken);
    inner = {
      ...inner, taken: new Set([...inner.taken, index]), letters: new Map([...inner.letters, [found.name, { index, range: found.range }]]),
    };
    bound.push({ index, range: found.range, syntax });
  }
  return bound.length < binders.length ? null : { bound, inner };
}

function binderOf(syntax: Syntax, reduction: string, scope: Scope): { name: string; range: Range } | null {
  if (syntax.kind === 'name') {
    const meaning = scope.names.get(syntax.name);
    if (meaning?.kind === 'letter') return { name: syntax.name, range: meaning.range };
    const known = [...scope.names].filter(([, m]) => m.kind === 'letter').map(([name]) => name);
    scope.report('unknown-name', syntax, { name: syntax.name, role: 'index letter', suggestion: nearest(syntax.name, known), known });
    return null;
  }
  if (syntax.kind !== 'binding') {
    scope.report('sum-without-letter', syntax, { name: reduction, text: textOf(syntax, scope) });
    return null;
  }
  const { of } = syntax;
  const meaning = scope.names.get(of.name);
  if (meaning !== undefined && meaning.kind !== 'letter') {
    scope.report('duplicate-name', of, { name: of.name, first: describe(meaning), second: 'an index letter' });
    return null;
  }
  const why = whyNoIdentifier(of.name);
  if (why !== null) {
    scope.report('bad-name', of, { name: of.name, why });
    return null;
  }
  const lo = endOf(syntax.lo, scope);
  const hi = endOf(syntax.hi, scope);
  if (lo === null || hi === null) return null;
  if (!isBackwards({ lo, hi })) return { name: of.name, range: { lo, hi } };
  scope.report('bad-range', syntax, { text: textOf(syntax, scope) });
  return null;
}

function endOf(end: Syntax, scope: Scope): Affine | null {
  const result = affineOf(end, scope.names, scope.letters);
  if (result.ok) return result.value;
  if (result.why === 'not-affine') scope.report('range-not-fixed', result.span, { text: textOf(end, scope) });
  else reportAffine(result, end, scope);
  return null;
}
