// Indices of entries: affine expressions of letters and sizes, and entries of tensors that hold whole numbers.

import { addAffine, type Affine, index, integer, type Range, scaleAffine, size, substituteAffine } from '../../algebra/affine.ts';
import { affineValue, bracket, type Expression, multiply, ref, type Reference, sum } from '../../algebra/expression.ts';
import type { Layer } from '../../algebra/layer.ts';
import * as Q from '../../algebra/rational.ts';
import type { Term } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import { type Binding, bindingOf, type Env, lettersKnown, newBinding } from './env.ts';
import { letterIn, meaningsOf, type Named, namedOf, shownName } from './meaning.ts';

/** An entry that stands for an index: `name` runs over its values, and is the one that it has. */
export interface Chosen {
  readonly name: string;
  readonly by: Reference;
  readonly range: Range;
}

export interface IndexValue {
  readonly affine: Affine;
  readonly chosen: readonly Chosen[];
  /** The index itself, where it is nothing else. */
  readonly plain: Binding | null;
}

/** Numbers beyond are no indices; sums of fewer than a thousand of them stay exact. */
const LARGEST = 1_000_000_000n;

/** @throws Refusal where a term is no index */
export function indexOf(term: Term, env: Env): IndexValue {
  const found = tryIndex(term, env);
  return found ?? refuse('not-an-index', term, { text: textOf(term) });
}

/** Null for what is no affine expression of indices and sizes. */
export function tryIndex(term: Term, env: Env): IndexValue | null {
  switch (term.kind) {
    case 'number': return term.cut || !Q.isInteger(term.value) || term.value.n > LARGEST ? null : { affine: integer(Number(term.value.n)), chosen: [], plain: null };
    case 'name': case 'scripts': return namedIndex(term, env);
    case 'sum': return total(term.terms.map(({ negative, term: t }) => ({ factor: negative ? -1 : 1, value: tryIndex(t, env) })));
    case 'product': {
      const signs = term.factors.every((f) => f.sign === '' || f.sign === '·');
      const values = signs ? term.factors.map((f) => tryIndex(f.term, env)) : [null];
      return values.reduce((product, value) => (product === null || value === null ? null : scaled(product, value)));
    }
    case 'fenced': {
      const [only] = term.items;
      return only !== undefined && term.items.length === 1 && term.open === '(' ? tryIndex(only, env) : null;
    }
    case 'fraction': case 'derivative': case 'root': case 'apply': case 'over': case 'bracket': case 'norm': case 'absolute': case 'cases': case 'matrix':
    case 'brace': case 'letters': case 'colon': case 'dots': return null;
  }
}

function total(parts: readonly { readonly factor: number; readonly value: IndexValue | null }[]): IndexValue | null {
  let affine = integer(0);
  const chosen: Chosen[] = [];
  for (const { factor, value } of parts) {
    if (value === null) return null;
    affine = addAffine(affine, value.affine, factor);
    chosen.push(...value.chosen);
  }
  return { affine, chosen, plain: null };
}

function scaled(a: IndexValue, b: IndexValue): IndexValue | null {
  const [constant, other] = a.affine.terms.length === 0 ? [a, b] : [b, a];
  return constant.affine.terms.length > 0 ? null
    : { affine: scaleAffine(other.affine, constant.affine.constant), chosen: [...a.chosen, ...b.chosen], plain: null };
}

function namedIndex(term: Term, env: Env): IndexValue | null {
  const named = namedOf(term);
  if (named === null) return null;
  const plainly = (binding: Binding): IndexValue => ({ affine: index(binding.name), chosen: [], plain: binding });
  const letter = letterIn(named);
  if (letter !== null && env.collects && !named.name.word && bindingOf(letter, env) === null) return plainly(newFree(letter, env));
  const [meaning, other] = meaningsOf(named, env);
  if (meaning === undefined) return letter === null ? null : unknownIndex(named, env);
  if (other !== undefined) return null;
  switch (meaning.kind) {
    case 'index': return plainly(meaning.binding);
    case 'number': return meaning.affine === null || meaning.rest.length > 0 ? null : { affine: meaning.affine, chosen: [], plain: null };
    case 'tensor': {
      const range = meaning.declared.integer;
      if (range === undefined || meaning.adjoint || meaning.rest.length > 0) return null;
      const entry = entryOf(meaning.declared.tensor, meaning.below, meaning.declared.axes.map((a) => a.range), named, env, meaning.declared.perSample);
      const name = env.reading.fresh('v');
      return { affine: index(name), chosen: [...entry.chosen, { name, by: entry.reference, range }], plain: null };
    }
    case 'function': case 'total': return null;
  }
}

function newFree(letter: string, env: Env): Binding {
  const binding = newBinding(letter, letter, null);
  env.reading.free.set(letter, binding);
  return binding;
}

function unknownIndex(named: Named, env: Env): never {
  return refuse('unknown-formula-index', named, { text: shownName(named), known: lettersKnown(env) });
}

/** An entry with all its indices. */
export interface Entry {
  readonly reference: Reference;
  readonly chosen: readonly Chosen[];
}

function entryOf(tensor: Reference['tensor'], below: readonly Term[], axes: readonly Range[], place: Named, env: Env, perSample: boolean): Entry {
  const items = itemsOf(below, perSample ? [axes.length, axes.length + 1] : [axes.length], env);
  if (items === null) return refuse('wrong-subscripts', place, { text: shownName(place), count: below.length, axes: axes.map(() => ':') });
  const ahead = items.length - axes.length;
  const values = items.map((item) => indexOf(item, env));
  values.forEach((value, n) => noteUse(value, axes[n - ahead] ?? null));
  return { reference: ref(tensor, values.map((v) => v.affine)), chosen: values.flatMap((v) => v.chosen) };
}

/** An end of the range of an index: a size without a layer is that of the layer whose units the letter counts. */
export function limitOf(term: Term, letter: string, env: Env): Affine {
  const { affine } = indexOf(term, env);
  const { context: { units }, knowledge } = env.reading;
  if (units === undefined) return affine;
  const layers = LAYERS.map((offset): Layer => ({ symbol: units.of, offset }));
  return substituteAffine(affine, (s) => {
    if (s.kind !== 'size' || s.layer !== null || !knowledge.layered.has(s.name)) return null;
    const own = layers.find((layer) => units.letterOf({ lo: integer(1), hi: size(s.name, layer) }) === letter.replaceAll('′', ''));
    return own === undefined ? null : size(s.name, own);
  });
}

/** Counted from layer k, N, or from the input. */
const LAYERS = [-2, -1, 0, 1, 2, 3, 4];

/** An index that stands by itself runs over the axis where it stands. */
export function noteUse({ plain }: IndexValue, range: Range | null): void {
  if (plain !== null && range !== null) plain.uses.push(range);
}

/**
 * What stands below, one term an index: cut at commas, or letter by letter where that gives one of the numbers wanted;
 * null where neither does.
 */
export function itemsOf(below: readonly Term[], wanted: readonly number[], env: Env): readonly Term[] | null {
  const apart = below.flatMap(letters);
  for (const count of wanted) {
    if (below.length === count && below.every((t) => t.kind === 'colon' || isAffine(t, env))) return below;
    if (apart.length === count) return apart;
  }
  return null;
}

/** Whether it may be one index: ij is two. */
function isAffine(term: Term, env: Env): boolean {
  if (term.kind !== 'product') return true;
  return term.factors.filter((f) => f.term.kind !== 'number' && !isSize(f.term, env)).length <= 1;
}

function isSize(term: Term, env: Env): boolean {
  const named = namedOf(term);
  const [meaning] = named === null ? [] : meaningsOf(named, { ...env, collects: false });
  return meaning?.kind === 'number';
}

/** ij → i, j; 11 → 1, 1. */
function letters(term: Term): readonly Term[] {
  if (term.kind === 'product' && term.factors.every((f) => f.sign === '')) return term.factors.flatMap((f) => letters(f.term));
  if (term.kind === 'number' && term.digits.length > 1 && !term.cut && !term.digits.includes('.')) {
    return Array.from(term.digits, (digit, n) => ({ ...term, digits: digit, value: Q.rational(Number(digit)), start: term.start + n, end: term.start + n + 1 }));
  }
  return [term];
}

/** f at the values that entries choose: Σ_v [T = v] f(v). */
export const choosing = (value: Expression, chosen: readonly Chosen[]): Expression =>
  chosen.reduceRight((body, c) => sum(c.name, c.range, multiply([
    bracket({ kind: 'compare', relation: '=', left: c.by, right: affineValue(index(c.name)) }), body,
  ])), value);

/** About how a term is written, for messages. */
export function textOf(term: Term): string {
  switch (term.kind) {
    case 'name': return term.text;
    case 'number': return term.digits;
    case 'scripts': return textOf(term.base);
    case 'apply': return term.name;
    case 'over': return term.operator;
    case 'sum': case 'product': case 'fraction': case 'derivative': case 'root': case 'bracket': case 'fenced': case 'norm': case 'absolute': case 'cases':
    case 'matrix': case 'brace': case 'letters': case 'colon': case 'dots': return term.kind;
  }
}

