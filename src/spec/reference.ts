// Entries of tensors, W[i, j]: the right number of indices, each an affine expression that stays inside its axis.

import type { Affine, Range } from '../algebra/affine.ts';
import { type Expression, ref, zero } from '../algebra/expression.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type AffineResult, affineOf } from './affine-syntax.ts';
import { whereOutside } from './extent.ts';
import { describe } from './meaning.ts';
import type { Axis } from './network.ts';
import { type Scope, textOf } from './scope.ts';
import { showRange } from './show.ts';
import type { Span, Syntax } from './syntax.ts';

type Entry = Extract<Syntax, { kind: 'entry' }>;

export function entry(syntax: Entry, scope: Scope): Expression {
  const { of, indices } = syntax;
  const meaning = scope.names.get(of.name);
  if (meaning === undefined) {
    const tensors = [...scope.names].filter(([, m]) => m.kind === 'tensor').map(([name]) => name);
    scope.report('unknown-name', of, { name: of.name, role: 'tensor', suggestion: nearest(of.name, tensors), known: tensors });
  } else if (meaning.kind !== 'tensor') {
    scope.report('not-a-tensor', of, { name: of.name, is: describe(meaning) });
  }
  const values = indices.map((index) => indexOf(index, scope));
  if (meaning?.kind !== 'tensor' || meaning.axes === null) return zero;
  if (indices.length !== meaning.axes.length) {
    wrongCount(syntax, of.name, meaning.axes, indices.length, scope);
    return zero;
  }
  const whole = values.filter((v) => v !== null);
  if (whole.length < values.length) return zero;
  for (const [n, value] of whole.entries()) checkExtent(syntax, n, value, meaning.axes[n]!.range, scope);
  return ref(meaning.tensor, whole);
}

function indexOf(syntax: Syntax, scope: Scope): Affine | null {
  const result = affineOf(syntax, scope.names, scope.letters);
  if (result.ok) return result.value;
  reportAffine(result, syntax, scope);
  return null;
}

/** Says why an index expression is none. */
export function reportAffine(result: Extract<AffineResult, { ok: false }>, whole: Syntax, scope: Scope): void {
  const { name, span } = result;
  switch (result.why) {
    case 'not-affine': { scope.report('index-not-affine', span, { text: textOf(whole, scope) }); return; }
    case 'unbound-index': { scope.report('unbound-index', span, { name }); return; }
    case 'unknown-name': {
      const known = [...scope.names].filter(([, m]) => m.kind === 'letter' || m.kind === 'size').map(([word]) => word);
      scope.report('unknown-name', span, { name, role: 'index letter', suggestion: nearest(name, known), known }); return;
    }
  }
}

function checkExtent(syntax: Entry, n: number, value: Affine, range: Range, scope: Scope): void {
  const at = syntax.indices[n]!;
  const ranges = new Map([...scope.letters.values()].map((l) => [l.index, l.range]));
  const outside = whereOutside(value, range, { ranges, conditions: scope.conditions });
  if (outside.kind === 'inside') return;
  if (outside.kind === 'too-complex') {
    scope.report('condition-too-complex', at, { text: textOf(syntax, scope) });
    return;
  }
  scope.report('index-out-of-range', at, {
    entry: textOf(syntax, scope), index: textOf(at, scope), position: n + 1, range: showRange(range), name: syntax.of.name,
    example: outside.example, value: outside.value,
  });
}

export function wrongCount(span: Span, name: string, axes: readonly Axis[], given: number, scope: Scope): void {
  const form = axes.length === 0 ? name : `${name}[${axes.map((a) => a.index).join(', ')}]`;
  scope.report('wrong-index-count', span, { name, given, wanted: axes.length, form });
}
