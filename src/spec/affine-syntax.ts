// Index expressions: whole numbers, index letters and sizes, added and multiplied by whole numbers.

import { addAffine, type Affine, constantOf, index, integer, type Range, scaleAffine, size, subtractAffine } from '../algebra/affine.ts';
import type { Names } from './meaning.ts';
import type { Span, Syntax } from './syntax.ts';

/** An index letter in scope: the unique name that the algebra knows it by, and its range. */
export interface Letter {
  readonly index: string;
  readonly range: Range;
}

export type Letters = ReadonlyMap<string, Letter>;

export type AffineResult =
  | { readonly ok: true; readonly value: Affine }
  | { readonly ok: false; readonly span: Span; readonly why: 'not-affine' | 'unknown-name' | 'unbound-index' | 'not-integer' | 'reported'; readonly name: string };

const LARGEST_INTEGER = 1_000_000_000;

/** What an entry of a tensor counts as in an index; null where it is nothing of the kind. */
export type IntegerPart = (syntax: Syntax) => AffineResult | null;

/**
 * @param letters null where no letters may stand, as in ranges
 * @param part what entries of integer tensors stand for, where they may stand
 */
export function affineOf(syntax: Syntax, names: Names, letters: Letters | null, part: IntegerPart = () => null): AffineResult {
  const no = (span: Span = syntax): AffineResult => ({ ok: false, span, why: 'not-affine', name: '' });
  switch (syntax.kind) {
    case 'number': {
      const value = /^\d+$/.test(syntax.text) ? Number(syntax.text) : NaN;
      return value <= LARGEST_INTEGER ? yes(integer(value)) : no();
    }
    case 'name': {
      const meaning = names.get(syntax.name);
      const letter = letters?.get(syntax.name);
      if (letter !== undefined) return yes(index(letter.index));
      if (meaning === undefined) return { ok: false, span: syntax, why: 'unknown-name', name: syntax.name };
      if (meaning.kind === 'size') return yes(size(syntax.name));
      if (meaning.kind === 'integer') return yes(integer(meaning.value));
      if (meaning.kind === 'letter' && letters !== null) return { ok: false, span: syntax, why: 'unbound-index', name: syntax.name };
      return part(syntax) ?? no();
    }
    case 'negate': {
      const of = affineOf(syntax.of, names, letters, part);
      return of.ok ? yes(scaleAffine(of.value, -1)) : of;
    }
    case 'terms': {
      const first = affineOf(syntax.first, names, letters, part);
      if (!first.ok) return first;
      let { value } = first;
      for (const { operator, operand } of syntax.rest) {
        const next = affineOf(operand, names, letters, part);
        if (!next.ok) return next;
        value = operator === '-' ? subtractAffine(value, next.value) : addAffine(value, next.value);
      }
      return isSmall(value) ? yes(value) : no();
    }
    case 'factors': {
      const first = affineOf(syntax.first, names, letters, part);
      if (!first.ok) return first;
      let { value } = first;
      for (const { operator, operand } of syntax.rest) {
        const next = affineOf(operand, names, letters, part);
        if (!next.ok) return next;
        const [left, right] = [constantOf(value), constantOf(next.value)];
        if (operator !== '*' || (left === null && right === null)) return no(operand);
        value = right === null ? scaleAffine(next.value, left ?? 0) : scaleAffine(value, right);
        if (!isSmall(value)) return no();
      }
      return yes(value);
    }
    case 'entry': case 'call':
      return part(syntax) ?? no();
    case 'binding': case 'bracket': case 'power': case 'relation': case 'and': case 'or':
    case 'not': case 'conditional':
      return no();
  }
}

// scaleAffine by 0 leaves terms with coefficient 0 out only where it adds; 0·n is the number 0.
const yes = (value: Affine): AffineResult => ({ ok: true, value: { ...value, terms: value.terms.filter((t) => t.coefficient !== 0) } });

const isSmall = (a: Affine): boolean =>
  Math.abs(a.constant) <= LARGEST_INTEGER && a.terms.every((t) => Math.abs(t.coefficient) <= LARGEST_INTEGER);
