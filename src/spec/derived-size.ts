// Sizes that follow from others: positions: (length + 2*padding - taps) / stride + 1. Division rounds down. The size stays
// a symbol; what its definition implies (s·(q - 1) ≤ A < s·q) is kept as affine facts.

import { addAffine, type Affine, integer, scaleAffine, size, subtractAffine } from '../algebra/affine.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Syntax } from './syntax.ts';

/** A size with the formula that gives it. */
export interface DerivedSize {
  readonly name: string;
  readonly syntax: Syntax;
  readonly text: string;
  readonly place: Place;
}

/** The part of a formula that no size can be made of, or null. */
export function whereNoSize(syntax: Syntax): Syntax | null {
  switch (syntax.kind) {
    case 'number': return /^\d{1,9}$/.test(syntax.text) ? null : syntax;
    case 'name': return null;
    case 'negate': return whereNoSize(syntax.of);
    case 'terms': return firstOf([syntax.first, ...syntax.rest.map((r) => r.operand)]);
    case 'factors': return firstOf([syntax.first, ...syntax.rest.map((r) => r.operand)]);
    case 'entry': case 'call': case 'binding': case 'bracket': case 'power': case 'relation': case 'and': case 'or': case 'not': case 'conditional':
      return syntax;
  }
}

function firstOf(parts: readonly Syntax[]): Syntax | null {
  for (const part of parts) {
    const found = whereNoSize(part);
    if (found !== null) return found;
  }
  return null;
}

/** The value of a formula, or null where a name has none, or a divisor is not positive. */
export function sizeFormula(syntax: Syntax, valueOf: (name: string) => number | null): number | null {
  const of = (s: Syntax): number => sizeFormula(s, valueOf) ?? NaN;
  const value = (): number => {
    switch (syntax.kind) {
      case 'number': return Number(syntax.text);
      case 'name': return valueOf(syntax.name) ?? NaN;
      case 'negate': return -of(syntax.of);
      case 'terms': return syntax.rest.reduce((sum, { operator, operand }) => (operator === '-' ? sum - of(operand) : sum + of(operand)), of(syntax.first));
      case 'factors': return syntax.rest.reduce((product, { operator, operand }) => {
        const next = of(operand);
        if (operator === '*') return product * next;
        return next > 0 ? Math.floor(product / next) : NaN;
      }, of(syntax.first));
      case 'entry': case 'call': case 'binding': case 'bracket': case 'power': case 'relation': case 'and': case 'or': case 'not': case 'conditional':
        return NaN;
    }
  };
  const found = value();
  return Number.isSafeInteger(found) ? found : null;
}

/** lo/by ≤ value ≤ hi/by */
interface Between {
  readonly lo: Affine;
  readonly hi: Affine;
  readonly by: number;
}

/** Affine expressions that are ≥ 0 because `name` is the value of the formula; none where it is not affine up to rounding. */
export function factsOfSize(name: string, syntax: Syntax, integers: ReadonlyMap<string, number>): readonly Affine[] {
  const found = between(syntax, integers);
  if (found === null) return [];
  const own = scaleAffine(size(name), found.by);
  return [subtractAffine(found.hi, own), subtractAffine(own, found.lo)];
}

function between(syntax: Syntax, integers: ReadonlyMap<string, number>): Between | null {
  switch (syntax.kind) {
    case 'number': return exactly(integer(Number(syntax.text)));
    case 'name': {
      const value = integers.get(syntax.name);
      return exactly(value === undefined ? size(syntax.name) : integer(value));
    }
    case 'negate': return times(between(syntax.of, integers), -1);
    case 'terms':
      return syntax.rest.reduce((sum, { operator, operand }) => {
        const next = between(operand, integers);
        return plus(sum, operator === '-' ? times(next, -1) : next);
      }, between(syntax.first, integers));
    case 'factors':
      return syntax.rest.reduce((product, { operator, operand }) => {
        const next = between(operand, integers);
        const [a, b] = [constantIn(product), constantIn(next)];
        if (operator === '*') return a !== null ? times(next, a) : b !== null ? times(product, b) : null;
        return b !== null && b > 0 ? over(product, b) : null;
      }, between(syntax.first, integers));
    case 'entry': case 'call': case 'binding': case 'bracket': case 'power': case 'relation': case 'and': case 'or': case 'not': case 'conditional':
      return null;
  }
}

const exactly = (a: Affine): Between => ({ lo: a, hi: a, by: 1 });

const constantIn = (b: Between | null): number | null =>
  (b?.by === 1 && b.lo.terms.length === 0 && b.hi.terms.length === 0 && b.lo.constant === b.hi.constant ? b.lo.constant : null);

function times(b: Between | null, factor: number): Between | null {
  if (b === null) return null;
  const [lo, hi] = [scaleAffine(b.lo, factor), scaleAffine(b.hi, factor)];
  return factor < 0 ? { lo: hi, hi: lo, by: b.by } : { lo, hi, by: b.by };
}

function plus(a: Between | null, b: Between | null): Between | null {
  if (a === null || b === null) return null;
  return {
    lo: addAffine(scaleAffine(a.lo, b.by), b.lo, a.by), hi: addAffine(scaleAffine(a.hi, b.by), b.hi, a.by), by: a.by * b.by,
  };
}

/** Rounded down: (v - (d - 1)) / d ≤ ⌊v / d⌋ ≤ v / d. */
const over = (b: Between | null, divisor: number): Between | null =>
  (b === null ? null : divisor === 1 ? b : { lo: addAffine(b.lo, integer(-(divisor - 1) * b.by)), hi: b.hi, by: b.by * divisor });
