// Normal form, the data: a polynomial is a sum of monomials; a monomial is a coefficient times powers of atoms, summed
// over bound integer variables under affine equalities and inequalities. Keys are strings that are equal exactly when
// the things are written equally.

import { type Affine, affineKey, type AffineSymbol, symbolKey } from '../affine.ts';
import { type FunctionName, functionKey, type Tensor, tensorKey } from '../expression.ts';
import { type Layer, showLayer } from '../layer.ts';
import * as Q from '../rational.ts';
import type { Rational } from '../rational.ts';

export type Atom =
  | { readonly kind: 'ref'; readonly tensor: Tensor; readonly adjoint: boolean; readonly indices: readonly Affine[] }
  | { readonly kind: 'symbol'; readonly name: string; readonly layer: Layer | null }
  /** A size or an index as a number. */
  | { readonly kind: 'integer'; readonly symbol: AffineSymbol }
  | { readonly kind: 'pi' }
  /** A prime, to a power that is no integer. */
  | { readonly kind: 'prime'; readonly prime: bigint }
  /** e^argument; the argument is a monomial with coefficient 1, any factor goes into the exponent. */
  | { readonly kind: 'exp'; readonly argument: Polynomial }
  | { readonly kind: 'call'; readonly fn: FunctionName; readonly argument: Polynomial }
  /** A sum to a power that is no positive integer. */
  | { readonly kind: 'base'; readonly base: Polynomial }
  /** 1 where the value is > 0, else 0. */
  | { readonly kind: 'positive'; readonly value: Polynomial }
  /** 1 where the value is 0, else 0. */
  | { readonly kind: 'zero'; readonly value: Polynomial }
  /** A product or an argmax over index = 0..last; the index has a name that no other variable has. */
  | { readonly kind: 'product' | 'argmax'; readonly index: string; readonly last: Affine; readonly body: Polynomial };

export interface Factor {
  readonly atom: Atom;
  readonly key: string;
  readonly exponent: Rational;
}

export interface Monomial {
  readonly coefficient: Rational;
  /** The summed integer variables; their ranges are among the inequalities. */
  readonly bound: readonly string[];
  /** Each is = 0. */
  readonly equalities: readonly Affine[];
  /** Each is ≥ 0. */
  readonly inequalities: readonly Affine[];
  /** By atom key. */
  readonly factors: ReadonlyMap<string, Factor>;
}

export interface Polynomial {
  readonly monomials: readonly Monomial[];
  readonly key: string;
}

export function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'ref': return `${atom.adjoint ? '∂' : ''}${tensorKey(atom.tensor)}[${atom.indices.map(affineKey).join(',')}]`;
    case 'symbol': return `$${atom.name}@${showLayer(atom.layer)}`;
    case 'integer': return symbolKey(atom.symbol);
    case 'pi': return 'π';
    case 'prime': return `√${String(atom.prime)}`;
    case 'exp': return `exp(${atom.argument.key})`;
    case 'call': return `${functionKey(atom.fn)}(${atom.argument.key})`;
    case 'base': return `{${atom.base.key}}`;
    case 'positive': return `[${atom.value.key}>0]`;
    case 'zero': return `[${atom.value.key}=0]`;
    case 'product': case 'argmax': return `${atom.kind}_${atom.index}..${affineKey(atom.last)}(${atom.body.key})`;
  }
}

export const factor = (atom: Atom, exponent: Rational = Q.ONE): Factor => ({ atom, key: atomKey(atom), exponent });

/** Everything but the coefficient, as a string. */
export function monomialKey(m: Monomial): string {
  const factors = [...m.factors.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((f) => (Q.isOne(f.exponent) ? f.key : `${f.key}^${Q.show(f.exponent)}`));
  const conditions = [
    ...m.equalities.map((a) => `${affineKey(a)}=0`).sort(),
    ...m.inequalities.map((a) => `${affineKey(a)}>=0`).sort(),
  ];
  const bound = m.bound.length === 0 ? '' : `Σ${m.bound.join(',')} `;
  return `${bound}${conditions.length === 0 ? '' : `<${conditions.join(';')}>`}${factors.join('·')}`;
}

export const constantMonomial = (coefficient: Rational): Monomial =>
  ({ coefficient, bound: [], equalities: [], inequalities: [], factors: new Map() });

/** Collects like monomials (they must be canonical) and sorts. */
export function polynomial(monomials: readonly Monomial[]): Polynomial {
  const collected = new Map<string, Monomial>();
  for (const m of monomials) {
    const key = monomialKey(m);
    const known = collected.get(key);
    collected.set(key, known === undefined ? m : { ...known, coefficient: Q.add(known.coefficient, m.coefficient) });
  }
  const sorted = [...collected].filter(([, m]) => !Q.isZero(m.coefficient)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { monomials: sorted.map(([, m]) => m), key: sorted.map(([key, m]) => `${Q.show(m.coefficient)}·${key}`).join(' + ') };
}

export const zeroPolynomial: Polynomial = { monomials: [], key: '' };
export const constantPolynomial = (value: Rational): Polynomial => polynomial([constantMonomial(value)]);
export const isZeroPolynomial = (p: Polynomial): boolean => p.monomials.length === 0;

/** The number that a polynomial is, or null. */
export function constantOfPolynomial(p: Polynomial): Rational | null {
  if (p.monomials.length === 0) return Q.ZERO;
  const [m] = p.monomials;
  return p.monomials.length === 1 && m !== undefined && isConstant(m) ? m.coefficient : null;
}

export const isConstant = (m: Monomial): boolean =>
  m.factors.size === 0 && m.bound.length === 0 && m.equalities.length === 0 && m.inequalities.length === 0;

/** The polynomial's one monomial, or null. */
export const onlyMonomial = (p: Polynomial): Monomial | null =>
  p.monomials.length === 1 ? (p.monomials[0] ?? null) : null;

/** Thrown when a normal form would take more steps than allowed: the question stays undecided. */
export class StepLimitError extends Error {
  override readonly name = 'StepLimitError';
}

/** Counts steps, never time. */
export interface Budget {
  steps: number;
}

export function spend(budget: Budget, steps = 1): void {
  budget.steps -= steps;
  if (budget.steps < 0) throw new StepLimitError('the normal form takes more steps than allowed');
}
