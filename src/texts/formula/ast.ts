// A formula as anybody reads it who does not know the text's notation: statements, sums, products, fractions, scripts. What
// a letter means, whether a superscript is a layer or a power, and whether a bracket is an argument or a factor stay open.

import type { Rational } from '../../algebra/rational.ts';
import type { Span } from '../span.ts';
import type { Style } from '../latex/node.ts';

/** What stands between two factors; '' where they stand side by side. */
export type ProductSign = '' | '·' | '×' | '⊗' | '/' | EntrywiseSign;

/** Signs that texts have for products entry by entry, which most of them use for others, too. */
export type EntrywiseSign = '⊙' | '∘' | '*' | '•' | '.*';

export type BigOperator = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';

export type Term = Span & (
  /** `cut` where the source leaves digits out: 0.1\dots. */
  | { readonly kind: 'number'; readonly value: Rational; readonly digits: string; readonly cut: boolean; readonly style: Style }
  /** A letter or a word, Greek ones by their names, with accents from the inside out. */
  | { readonly kind: 'name'; readonly text: string; readonly word: boolean; readonly style: Style; readonly accents: readonly string[] }
  | { readonly kind: 'scripts'; readonly base: Term; readonly sub: Subscript | null; readonly sup: Superscript | null }
  | { readonly kind: 'sum'; readonly terms: readonly SignedTerm[] }
  | { readonly kind: 'product'; readonly factors: readonly Factor[] }
  | { readonly kind: 'fraction'; readonly top: Term; readonly bottom: Term }
  /** ∂of/∂by; ∇_by of. */
  | { readonly kind: 'derivative'; readonly letter: '∂' | '∇'; readonly of: Term; readonly by: Term }
  | { readonly kind: 'root'; readonly degree: Term | null; readonly body: Term }
  /** A named function with its argument: log x, tanh²(a). */
  | { readonly kind: 'apply'; readonly name: string; readonly scripts: Pick<TermOf<'scripts'>, 'sub' | 'sup'> | null; readonly argument: Term; readonly bracketed: boolean }
  /** An operator over an index, with the product that follows as its body. */
  | { readonly kind: 'over'; readonly operator: BigOperator; readonly limits: Limits; readonly body: Term }
  /** The Iverson bracket. */
  | { readonly kind: 'bracket'; readonly condition: Condition }
  | { readonly kind: 'fenced'; readonly open: string; readonly close: string; readonly items: readonly Term[] }
  | { readonly kind: 'norm'; readonly body: Term }
  | { readonly kind: 'absolute'; readonly body: Term }
  | { readonly kind: 'cases'; readonly branches: readonly { readonly then: Term; readonly when: Condition | null }[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Term[])[] }
  | { readonly kind: 'brace'; readonly body: Term; readonly note: string }
  /** ij,j->i */
  | { readonly kind: 'letters'; readonly operands: readonly string[]; readonly result: string }
  /** A whole axis in a subscript. */
  | { readonly kind: 'colon' }
  | { readonly kind: 'dots' }
);

export type TermOf<K extends Term['kind']> = Extract<Term, { kind: K }>;

export interface SignedTerm {
  readonly negative: boolean;
  readonly term: Term;
}

export interface Factor {
  readonly sign: ProductSign;
  readonly term: Term;
}

/** What stands below, cut at its commas. */
export interface Subscript extends Span {
  readonly parts: readonly Term[];
}

/** What stands above, in its order: (k-1), ', T, 2. `whole` is all of it as one exponent, where it can be read so. */
export interface Superscript extends Span {
  readonly parts: readonly SupPart[];
  readonly whole: Term | null;
}

export type SupPart = Span & (
  | { readonly kind: 'mark'; readonly open: '(' | '['; readonly body: Term }
  | { readonly kind: 'primes'; readonly count: number }
  | { readonly kind: 'transpose'; readonly sign: 'T' | '⊤' }
  | { readonly kind: 'elementwise'; readonly sign: EntrywiseSign }
  | { readonly kind: 'value'; readonly term: Term }
);

/** Indices of an operator: plain ones, one with its range, or a condition. */
export interface Limits extends Span {
  readonly indices: readonly { readonly index: Term; readonly from: Term | null; readonly to: Term | null }[];
  readonly condition: Condition | null;
}

export type RelationSign = '=' | '≠' | '<' | '≤' | '>' | '≥' | '∈' | ':=' | '≡' | '≈' | '∝' | '←' | '⇒';

export type Condition = Span & (
  /** a ≤ b ≤ c */
  | { readonly kind: 'chain'; readonly sides: readonly Term[]; readonly signs: readonly RelationSign[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
);

/** left = second = third; one side alone where nothing is stated. */
export interface Statement extends Span {
  readonly sides: readonly Term[];
  readonly signs: readonly RelationSign[];
}

/** ∀ variable, with its range where one is written. */
export interface Quantifier extends Span {
  readonly variable: Term;
  readonly range: { readonly from: Term; readonly to: Term } | null;
}

export interface ParsedFormula {
  readonly statements: readonly Statement[];
  readonly quantifiers: readonly Quantifier[];
}
