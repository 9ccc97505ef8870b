// A formula as it is laid out on paper: what is a fraction, a script, a sign. Letters and brackets are the printers'.

import type { Range } from '../algebra/affine.ts';
import type { ElementaryName } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';

/** A name with its scripts: W̃_{ij}^{(k)}, h^{(k)'}, W^{(k)T}, dW^{(k)}. */
export interface Letter {
  readonly kind: 'letter';
  readonly name: string;
  readonly layer: Layer | null;
  /** What stands for each index: an affine expression, or with an entry in it `x_t` of E_{x_t,d}. */
  readonly indices: readonly Box[];
  readonly primes: number;
  readonly transposed: boolean;
  /** A vector or a matrix, or a part of one, not an entry. */
  readonly whole: boolean;
  /** The derivative of the total by what is named: dW, or W with a bar. */
  readonly derivative: 'd' | 'bar' | null;
  /** It belongs to no layer, but others of its name do: x^2 might be the x of layer 2, and x_2, too. */
  readonly namesakes: boolean;
  /** The number in its name is no index: nothing has the name without it. */
  readonly numbered: boolean;
}

export interface SignedTerm {
  readonly negative: boolean;
  readonly body: Box;
}

export type Box =
  /** A natural number. */
  | { readonly kind: 'integer'; readonly value: bigint }
  /** A positive number with a decimal point, `0.01`; `cut` where further digits are left out. */
  | { readonly kind: 'decimal'; readonly digits: string; readonly cut: boolean }
  | Letter
  | { readonly kind: 'plus'; readonly terms: readonly SignedTerm[] }
  /** `space` sets factors side by side where that cannot be misread. */
  | { readonly kind: 'times'; readonly factors: readonly Box[]; readonly sign: 'dot' | 'space' | 'odot' | 'otimes' }
  | { readonly kind: 'fraction'; readonly top: Box; readonly bottom: Box }
  | { readonly kind: 'power'; readonly base: Box; readonly exponent: Box; readonly elementwise: boolean }
  | { readonly kind: 'root'; readonly degree: number; readonly body: Box }
  /** An elementary function; `power` is written on its name: tanh²(a). `spelled` where e^a would be read as a power of a tensor e. */
  | { readonly kind: 'elementary'; readonly name: ElementaryName; readonly power: number; readonly argument: Box; readonly spelled?: boolean }
  | { readonly kind: 'apply'; readonly fn: Letter; readonly argument: Box }
  /** An operator over an index, as Σ is; `range` is null where it is the whole axis, which the reader knows. */
  | { readonly kind: 'over'; readonly operator: Operator; readonly index: string; readonly range: Range | null; readonly body: Box }
  | { readonly kind: 'bracket'; readonly test: Relation }
  | { readonly kind: 'cases'; readonly branches: readonly { readonly when: Relation; readonly then: Box }[]; readonly otherwise: Box }
  /** ∂of/∂by. */
  | { readonly kind: 'partial'; readonly of: Box; readonly by: Box }
  /** ∇_by of. */
  | { readonly kind: 'nabla'; readonly of: Box; readonly by: Box }
  | { readonly kind: 'diag'; readonly body: Box }
  | { readonly kind: 'transpose'; readonly body: Box }
  /** The column of ones. */
  | { readonly kind: 'ones' }
  /** The identity matrix, with its size. */
  | { readonly kind: 'identity'; readonly size: Box }
  /** The columns of a matrix, one below the other. */
  | { readonly kind: 'vec'; readonly body: Box }
  | { readonly kind: 'norm'; readonly body: Box }
  | { readonly kind: 'absolute'; readonly body: Box }
  /** A sum of products of whole arrays, `not,nct->oc` with a letter for each axis. */
  | { readonly kind: 'einsum'; readonly letters: readonly string[]; readonly result: string; readonly operands: readonly Box[] }
  /** Brackets that are needed whatever stands around: a number that is a product of vectors. */
  | { readonly kind: 'group'; readonly body: Box }
  /** A part with a remark below it. */
  | { readonly kind: 'brace'; readonly body: Box; readonly note: string }
  /** A matrix with its numbers of rows and columns below it. */
  | { readonly kind: 'shaped'; readonly body: Box; readonly rows: Box; readonly columns: Box };

/** Each reaches over the product that follows it. */
export type Operator = 'sum' | 'product' | 'max' | 'min' | 'argmax' | 'argmin';

export type Relation =
  | { readonly kind: 'compare'; readonly sign: '=' | '≠' | '<' | '≤' | '>' | '≥'; readonly left: Box; readonly right: Box }
  /** low ≤ middle ≤ high. */
  | { readonly kind: 'between'; readonly low: Box; readonly middle: Box; readonly high: Box }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Relation[] }
  | { readonly kind: 'not'; readonly part: Relation };

export const letterOf = (name: string, layer: Layer | null = null, indices: readonly Box[] = []): Letter =>
  ({ kind: 'letter', name, layer, indices, primes: 0, transposed: false, whole: false, derivative: null, namesakes: false, numbered: false });

export const integerOf = (value: bigint | number): Box => ({ kind: 'integer', value: BigInt(value) });

/** -m. */
export const minus = (m: Box): Box =>
  m.kind === 'plus' && m.terms.length === 1
    ? toggled(m.terms[0]!) : { kind: 'plus', terms: [{ negative: true, body: m }] };

const toggled = (term: SignedTerm): Box => (term.negative ? term.body : { kind: 'plus', terms: [{ ...term, negative: true }] });

/** The sum of formulas; a negative one is subtracted. */
export function plus(parts: readonly Box[]): Box {
  const terms = parts.flatMap((p) => (p.kind === 'plus' ? p.terms : [{ negative: false, body: p }]));
  const [only] = terms;
  return only !== undefined && terms.length === 1 && !only.negative ? only.body : { kind: 'plus', terms };
}

/** A product of at least one factor. */
export function times(factors: readonly Box[], sign: Extract<Box, { kind: 'times' }>['sign']): Box {
  const [only] = factors;
  return only !== undefined && factors.length === 1 ? only : { kind: 'times', factors, sign };
}

/** The formulas directly below m, those of conditions included. */
export function parts(m: Box): readonly Box[] {
  switch (m.kind) {
    case 'integer': case 'decimal': case 'letter': case 'ones': return [];
    case 'plus': return m.terms.map((t) => t.body);
    case 'times': return m.factors;
    case 'einsum': return m.operands;
    case 'fraction': return [m.top, m.bottom];
    case 'power': return [m.base, m.exponent];
    case 'elementary': return [m.argument];
    case 'apply': return [m.fn, m.argument];
    case 'root': case 'over': case 'diag': case 'transpose': case 'norm': case 'absolute': case 'vec': case 'group': case 'brace': return [m.body];
    case 'identity': return [m.size];
    case 'shaped': return [m.body, m.rows, m.columns];
    case 'bracket': return sides(m.test);
    case 'cases': return [...m.branches.flatMap((b) => [...sides(b.when), b.then]), m.otherwise];
    case 'partial': case 'nabla': return [m.of, m.by];
  }
}

function sides(r: Relation): readonly Box[] {
  switch (r.kind) {
    case 'compare': return [r.left, r.right];
    case 'between': return [r.low, r.middle, r.high];
    case 'and': case 'or': return r.parts.flatMap(sides);
    case 'not': return sides(r.part);
  }
}
