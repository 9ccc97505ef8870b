// Entries of tensors, W[i, j]: the right number of indices, each an affine expression that stays inside its axis.

import { addAffine, type Affine, integer, plainIndex, type Range, sameAffine } from '../algebra/affine.ts';
import { type Expression, ref, type Reference, zero } from '../algebra/expression.ts';
import type { IndexFix } from '../diagnostics/catalogue.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type AffineResult, affineOf } from './affine-syntax.ts';
import { argmaxRange } from './argmax-range.ts';
import { type Known, whereOutside } from './extent.ts';
import { fittingRange } from './fitting-range.ts';
import { type Gather, newGather } from './gather.ts';
import { describe } from './meaning.ts';
import type { Axis } from './network.ts';
import { orOutside } from './outside.ts';
import { namesIn } from './range.ts';
import { knownIn, type Scope, textOf, type ValueOf } from './scope.ts';
import { showAffine, showRange, showSymbol } from './show.ts';
import type { Span, Syntax } from './syntax.ts';

type Entry = Extract<Syntax, { kind: 'entry' }>;

/** The value of an entry, W[i, j]; where an index depends on integers that are data, the sum over their values. */
export function entry(syntax: Entry, scope: Scope, valueOf: ValueOf): Expression {
  const gather = newGather(scope);
  const worth = scope.outside.get(syntax.of.name) ?? null;
  const found = referenceOf(syntax, gather, scope, valueOf, worth !== null);
  if (found === null) return zero;
  return gather.over(worth === null ? found : orOutside(found, worth, scope.names.get(syntax.of.name), knownIn(gather.scope())));
}

/**
 * Null where something is wrong (which is reported).
 * @param padded whether entries outside the axes have a value too
 */
function referenceOf(syntax: Entry, gather: Gather, scope: Scope, valueOf: ValueOf, padded = false): Reference | null {
  const { of, indices } = syntax;
  const meaning = scope.names.get(of.name);
  if (meaning === undefined) {
    const tensors = [...scope.names].filter(([, m]) => m.kind === 'tensor').map(([name]) => name);
    scope.report('unknown-name', of, { name: of.name, role: 'tensor', suggestion: nearest(of.name, tensors), known: tensors });
  } else if (meaning.kind !== 'tensor') {
    scope.report('not-a-tensor', of, { name: of.name, is: describe(meaning) });
  }
  const values = indices.map((index) => {
    const result = affineOf(index, scope.names, scope.letters, (part) => integerPart(part, gather, scope, valueOf));
    if (!result.ok) reportAffine(result, index, scope);
    return result.ok ? result.value : null;
  });
  if (meaning?.kind !== 'tensor' || meaning.axes === null) return null;
  if (indices.length !== meaning.axes.length) {
    wrongCount(syntax, of.name, meaning.axes, indices.length, scope);
    return null;
  }
  const whole = values.filter((v) => v !== null);
  if (whole.length < values.length) return null;
  if (!padded) checkExtents(syntax, whole, meaning.axes, gather.scope());
  return ref(meaning.tensor, whole);
}

/** An entry of a tensor of integers, or an argmax, as a part of an index. */
function integerPart(syntax: Syntax, gather: Gather, scope: Scope, valueOf: ValueOf): AffineResult | null {
  const reported: AffineResult = { ok: false, span: syntax, why: 'reported', name: '' };
  if (syntax.kind === 'call') {
    const range = argmaxRange(syntax, scope.names, scope.letters);
    if (range === null) return null;
    const value = valueOf(syntax, scope);
    return value.kind === 'ref' ? { ok: true, value: gather.letterOf(value, range) } : reported;
  }
  const name = syntax.kind === 'entry' ? syntax.of.name : syntax.kind === 'name' ? syntax.name : null;
  const meaning = name === null ? undefined : scope.names.get(name);
  if (name === null || meaning?.kind !== 'tensor' || meaning.axes === null) return null;
  if (meaning.integer === undefined) return { ok: false, span: syntax, why: 'not-integer', name };
  if (syntax.kind === 'name' && meaning.axes.length > 0) {
    wrongCount(syntax, name, meaning.axes, 0, scope);
    return reported;
  }
  const of = syntax.kind === 'entry' ? referenceOf(syntax, gather, scope, valueOf) : ref(meaning.tensor, []);
  return of === null ? reported : { ok: true, value: gather.letterOf(of, meaning.integer) };
}

/** Says why an index expression is none. */
export function reportAffine(result: Extract<AffineResult, { ok: false }>, whole: Syntax, scope: Scope): void {
  const { name, span } = result;
  switch (result.why) {
    case 'not-affine': { scope.report('index-not-affine', span, { text: textOf(whole, scope) }); return; }
    case 'not-integer': { scope.report('index-not-integer', span, { name, text: textOf(whole, scope) }); return; }
    case 'reported': return;
    case 'unbound-index': { scope.report('unbound-index', span, { name }); return; }
    case 'unknown-name': {
      const known = [...scope.names].filter(([, m]) => m.kind === 'letter' || m.kind === 'size').map(([word]) => word);
      scope.report('unknown-name', span, { name, role: 'index letter', suggestion: nearest(name, known), known }); return;
    }
  }
}

function checkExtents(syntax: Entry, whole: readonly Affine[], axes: readonly Axis[], scope: Scope): void {
  const known = knownIn(scope);
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
    const offset = plainIndex(whole[n]!) === null && whole[n]!.terms.some((t) => t.symbol.kind === 'index');
    if (swapped === null && offset && scope.recurring.has(syntax.of.name)) {
      scope.report('recurrence-without-start', at, {
        name: syntax.of.name, entry: textOf(syntax, scope), example: outside.example, ...startOf(syntax, n, whole[n]!, range, outside.side, scope),
      });
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
  // A letter that stands for an integer of the data has no range of its own choosing.
  if (fitting !== null && !fitting.letter.startsWith('#')) return { kind: 'range', letter: fitting.letter, range: showRange(fitting.range) };
  const fits = (r: Range): boolean => sameAffine(r.lo, range.lo) && sameAffine(r.hi, range.hi);
  const used = new Set(namesIn(syntax.indices[n]!));
  const letters = [...scope.names].flatMap(([name, m]) => (m.kind === 'letter' && fits(m.range) && !used.has(name) ? [name] : []));
  const index = textOf(syntax.indices[n]!, scope);
  const guard = side === 'below' ? `[${index} >= ${showAffine(range.lo)}]` : `[${index} <= ${showAffine(range.hi)}]`;
  return { kind: 'guard', letters, guarded: `${guard} * ${textOf(syntax, scope)}` };
}

/** The condition under which a recurrence has the entry that it reads, and how an axis would have to begin for it to have a start. */
function startOf(
  syntax: Entry, n: number, value: Affine, range: Range, side: 'below' | 'above', scope: Scope,
): { readonly condition: string; readonly axis: string; readonly start: string } {
  const [term, more] = value.terms;
  const text = textOf(syntax.indices[n]!, scope);
  const plain = term?.symbol.kind === 'index' && term.coefficient === 1 && more === undefined ? showSymbol(term.symbol) : null;
  // t - 1 >= 1 reads t > 1.
  const end = side === 'below' ? addAffine(range.lo, integer(-value.constant - 1)) : addAffine(range.hi, integer(1 - value.constant));
  const condition = plain === null ? (side === 'below' ? `${text} >= ${showAffine(range.lo)}` : `${text} <= ${showAffine(range.hi)}`)
    : `${plain} ${side === 'below' ? '>' : '<'} ${showAffine(end)}`;
  const shift = integer(plain === null ? -1 : value.constant);
  const axis = side === 'below' ? showRange({ lo: addAffine(range.lo, shift), hi: range.hi }) : showRange({ lo: range.lo, hi: addAffine(range.hi, shift) });
  const others = syntax.indices.flatMap((i, m) => (m === n ? [] : [textOf(i, scope)]));
  return { condition, axis: `${plain ?? 't'}: ${axis}`, start: `${syntax.of.name}0${others.length === 0 ? '' : `[${others.join(', ')}]`}` };
}

export function wrongCount(span: Span, name: string, axes: readonly Axis[], given: number, scope: Scope): void {
  const form = axes.length === 0 ? name : `${name}[${axes.map((a) => a.index).join(', ')}]`;
  scope.report('wrong-index-count', span, { name, given, wanted: axes.length, form });
}
