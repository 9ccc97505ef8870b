// Entries of tensors, W[i, j]: the right number of indices, each an affine expression that stays inside its axis.

import { type Affine, plainIndex, type Range, sameAffine } from '../algebra/affine.ts';
import { type Expression, ref, zero } from '../algebra/expression.ts';
import type { IndexFix } from '../diagnostics/catalogue.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type AffineResult, affineOf } from './affine-syntax.ts';
import { type Known, whereOutside } from './extent.ts';
import { fittingRange } from './fitting-range.ts';
import { describe } from './meaning.ts';
import type { Axis } from './network.ts';
import { namesIn } from './range.ts';
import { type Scope, textOf } from './scope.ts';
import { showAffine, showRange } from './show.ts';
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
  checkExtents(syntax, whole, meaning.axes, scope);
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

function checkExtents(syntax: Entry, whole: readonly Affine[], axes: readonly Axis[], scope: Scope): void {
  const ranges = new Map([...scope.letters.values()].map((l) => [l.index, l.range]));
  const known = { ranges, conditions: scope.conditions };
  const found = whole.map((value, n) => whereOutside(value, axes[n]!.range, known));
  const swapped = found.every((f) => f.kind === 'inside') ? null : swapThatFits(syntax, whole, axes, known, scope);
  for (const [n, outside] of found.entries()) {
    const at = syntax.indices[n]!;
    const { range } = axes[n]!;
    if (outside.kind === 'inside') continue;
    if (outside.kind === 'too-complex') {
      scope.report('condition-too-complex', at, { text: textOf(syntax, scope) });
      continue;
    }
    scope.report('index-out-of-range', at, {
      entry: textOf(syntax, scope), index: textOf(at, scope), position: n + 1, range: showRange(range), name: syntax.of.name,
      example: outside.example, value: outside.value, fix: swapped ?? fixOf(syntax, n, whole[n]!, range, outside.side, scope),
    });
    // Both indices of a swap are one slip.
    if (swapped !== null) return;
  }
}

/** The entry with two of its indices swapped, where that keeps all of them inside. */
function swapThatFits(syntax: Entry, whole: readonly Affine[], axes: readonly Axis[], known: Known, scope: Scope): IndexFix | null {
  for (let n = 0; n < whole.length; n += 1) {
    for (let m = n + 1; m < whole.length; m += 1) {
      const swap = <T>(all: readonly T[]): readonly T[] => all.map((x, at) => (at === n ? all[m]! : at === m ? all[n]! : x));
      if (!swap(whole).every((value, at) => whereOutside(value, axes[at]!.range, known).kind === 'inside')) continue;
      return { kind: 'swap', entry: `${syntax.of.name}[${swap(syntax.indices).map((i) => textOf(i, scope)).join(', ')}]` };
    }
  }
  return null;
}

function fixOf(syntax: Entry, n: number, value: Affine, range: Range, side: 'below' | 'above', scope: Scope): IndexFix {
  const fitting = plainIndex(value) === null ? fittingRange(value, range, scope.letters) : null;
  if (fitting !== null) return { kind: 'range', letter: fitting.letter, range: showRange(fitting.range) };
  const fits = (r: Range): boolean => sameAffine(r.lo, range.lo) && sameAffine(r.hi, range.hi);
  const used = new Set(namesIn(syntax.indices[n]!));
  const letters = [...scope.names].flatMap(([name, m]) => (m.kind === 'letter' && fits(m.range) && !used.has(name) ? [name] : []));
  const index = textOf(syntax.indices[n]!, scope);
  const guard = side === 'below' ? `[${index} >= ${showAffine(range.lo)}]` : `[${index} <= ${showAffine(range.hi)}]`;
  return { kind: 'guard', letters, guarded: `${guard} * ${textOf(syntax, scope)}` };
}

export function wrongCount(span: Span, name: string, axes: readonly Axis[], given: number, scope: Scope): void {
  const form = axes.length === 0 ? name : `${name}[${axes.map((a) => a.index).join(', ')}]`;
  scope.report('wrong-index-count', span, { name, given, wanted: axes.length, form });
}
