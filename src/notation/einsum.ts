// Formulas of arrays with any number of axes as einsum: each index is a letter, each factor lists the letters of its axes.

import { addAffine, affineIndices, index, integer, plainIndex, type Range, subtractAffine } from '../algebra/affine.ts';
import { affineValue, type Expression, isBinder, multiply, ref, type Reference, sum } from '../algebra/expression.ts';
import { freeIndices, freshIndex, holdsBelow, mapChildren, references, substituteIndices } from '../algebra/traverse.ts';
import type { ComponentFormula } from './arrangement.ts';
import type { Declarations } from './declared.ts';
import { coversAxis } from './whole-axis.ts';

/** A sum of terms, each worth coefficient · einsum(operands), an array over the axes of the left side. */
export interface EinsumForm {
  readonly kind: 'einsum';
  readonly left: Reference;
  readonly terms: readonly EinsumTerm[];
}

export interface EinsumTerm {
  /** A number without indices. */
  readonly coefficient: Expression;
  readonly operands: readonly EinsumOperand[];
  /** The letters of the result. */
  readonly result: string;
}

export interface EinsumOperand {
  /** Entry by entry: its tensors are whole, without indices; null for ones. */
  readonly value: Expression | null;
  readonly letters: string;
}

/** More terms or factors than that are no help to a reader. */
const MOST_TERMS = 4;
const MOST_OPERANDS = 4;

/** The einsum of a formula whose entries have plain indices that run over whole axes, or null; also where it would sum and spread nothing. */
export function einsumForm(formula: ComponentFormula, declarations: Declarations = null): EinsumForm | null {
  const left: Reference = { ...ref(formula.tensor, formula.axes.map((a) => index(a.index))), adjoint: formula.adjoint };
  const ranges = new Map(formula.axes.map((a) => [a.index, a.range]));
  if (!areWhole([left], ranges, declarations)) return null;
  const products = multipliedOut(formula.value);
  if (products === null) return null;
  const terms = products.map((e) => einsumTerm(e, formula, ranges, declarations)).filter((t) => t !== null);
  const saysMore = terms.some((t) => t.operands.some((o) => o.letters !== t.result));
  return terms.length === products.length && saysMore ? { kind: 'einsum', left: { ...left, indices: [] }, terms } : null;
}

function einsumTerm(e: Expression, formula: ComponentFormula, axes: ReadonlyMap<string, Range>, declarations: Declarations): EinsumTerm | null {
  const flat = flatten(e, new Set(axes.keys()));
  const ranges = new Map([...axes, ...flat.bound]);
  const numbers = flat.factors.filter((f) => isNumber(f));
  const entries = flat.factors.filter((f) => !isNumber(f)).flatMap(repeated);
  const orders = entries.map(orderOf).filter((o) => o !== null);
  if (entries.length === 0 || orders.length < entries.length || !areWhole(entries.flatMap(references), ranges, declarations)) return null;
  const letters = lettersOf([...ranges.keys()]);
  const spelled = (names: readonly string[]): string => names.map((n) => letters.get(n) ?? '?').join('');
  const missing = [...ranges.keys()].filter((name) => !orders.some((o) => o.includes(name)));
  // The result has the letters of ones; nothing would say how long a summed letter is that they alone have.
  const counted = flat.bound.filter(([name]) => missing.includes(name)).map(([, range]) => countIn(range));
  const lengths = counted.filter((n) => n !== null);
  if (lengths.length < counted.length) return null;
  const spreadOver = missing.filter((name) => axes.has(name));
  const operands = [
    ...entries.map((value, n) => ({ value: whole(value), letters: spelled(orders[n] ?? []) })),
    ...(spreadOver.length === 0 ? [] : [{ value: null, letters: spelled(spreadOver) }]),
  ];
  return operands.length > MOST_OPERANDS ? null
    : { coefficient: multiply([...numbers, ...lengths]), operands, result: spelled(formula.axes.map((a) => a.index)) };
}

/** How many values an index has: Σ_j 1; null where there might be none, or indices decide. */
function countIn({ lo, hi }: Range): Expression | null {
  const isPlain = lo.terms.length === 0 && lo.constant <= 1 && hi.constant >= 0 && hi.terms.every((t) => t.symbol.kind === 'size' && t.coefficient > 0);
  return isPlain ? affineValue(addAffine(subtractAffine(hi, lo), integer(1))) : null;
}

/** As a sum of products; null for too many of them. What is worked out entry by entry stays together. */
function multipliedOut(e: Expression): readonly Expression[] | null {
  if (orderOf(e) !== null) return [e];
  const found = ((): readonly Expression[] | null => {
    switch (e.kind) {
      case 'add': return all(e.terms.map(multipliedOut))?.flat() ?? null;
      case 'sum': return multipliedOut(e.body)?.map((body) => sum(e.index, e.range, body)) ?? null;
      case 'multiply': {
        const factors = all(e.factors.map(multipliedOut));
        return factors?.reduce<readonly (readonly Expression[])[]>((before, next) => before.flatMap((b) => next.map((n) => [...b, n])), [[]]).map(multiply) ?? null;
      }
      case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'product': case 'argmax': case 'power': case 'call':
      case 'piecewise': return [e];
    }
  })();
  return found !== null && found.length <= MOST_TERMS ? found : null;
}

const all = <T>(parts: readonly (T | null)[]): readonly T[] | null => {
  const present = parts.filter((p) => p !== null);
  return present.length === parts.length ? present : null;
};

/** The factors below all sums, whose indices get names of their own. */
function flatten(e: Expression, taken: Set<string>): { readonly factors: readonly Expression[]; readonly bound: readonly (readonly [string, Range])[] } {
  if (e.kind === 'multiply' && orderOf(e) === null) {
    const inner = e.factors.map((f) => flatten(f, taken));
    return { factors: inner.flatMap((f) => f.factors), bound: inner.flatMap((f) => f.bound) };
  }
  if (e.kind === 'multiply') return { factors: e.factors, bound: [] };
  if (e.kind !== 'sum') return { factors: [e], bound: [] };
  const name = taken.has(e.index) ? freshIndex(e.index, taken) : e.index;
  taken.add(name);
  const inner = flatten(substituteIndices(e.body, new Map([[e.index, index(name)]])), taken);
  return { factors: inner.factors, bound: [[name, e.range], ...inner.bound] };
}

/** Without indices: 1/n, λ. */
const isNumber = (e: Expression): boolean => freeIndices(e).size === 0 && !holdsBelow(e, (x) => isBinder(x) || x.kind === 'bracket' || x.kind === 'piecewise');

/** A square is two factors. */
const repeated = (e: Expression): readonly Expression[] =>
  (e.kind === 'power' && e.base.kind === 'ref' && e.exponent.n === 2n && e.exponent.d === 1n ? [e.base, e.base] : [e]);

/** The indices of what is worked out entry by entry, in their order: all its tensors have the same; null for anything else. */
function orderOf(e: Expression): readonly string[] | null {
  if (holdsBelow(e, (x) => isBinder(x) || x.kind === 'bracket' || x.kind === 'piecewise' || (x.kind === 'affine' && affineIndices(x.value).length > 0))) return null;
  const entries = references(e).filter((r) => r.indices.length > 0);
  const [first] = entries.map((r) => r.indices.map(plainIndex));
  if (first === undefined) return null;
  const names = first.filter((n) => n !== null);
  const agree = entries.every((r) => r.indices.length === names.length && r.indices.every((a, n) => plainIndex(a) === names[n]));
  return names.length === first.length && agree ? names : null;
}

function areWhole(entries: readonly Reference[], ranges: ReadonlyMap<string, Range>, declarations: Declarations): boolean {
  return entries.every((r) => r.indices.every((a, n) => {
    const range = ranges.get(plainIndex(a) ?? '');
    return range !== undefined && coversAxis(range, r, n, declarations);
  }));
}

/** The same without indices. */
const whole = (e: Expression): Expression => (e.kind === 'ref' ? { ...e, indices: [] } : mapChildren(e, whole));

/** A letter for each index: its own where it is one and nobody has it. */
function lettersOf(names: readonly string[]): ReadonlyMap<string, string> {
  const letters = new Map(names.filter((n) => /^[A-Za-z]$/.test(n)).map((n) => [n, n]));
  for (const name of names.filter((n) => !letters.has(n))) {
    const taken = new Set(letters.values());
    const free = Array.from(`${name.toLowerCase()}abcdefghijklmnopqrstuvwxyz`).find((l) => /^[a-z]$/.test(l) && !taken.has(l));
    letters.set(name, free ?? '?');
  }
  return letters;
}
