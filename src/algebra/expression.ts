// The expressions of the algebra: one immutable discriminated union, and the constructors that keep it tidy.

import { type Affine, affineKey, constantOf, type Range } from './affine.ts';
import { type Layer, sameLayer, showLayer } from './layer.ts';
import * as Q from './rational.ts';
import type { Rational } from './rational.ts';

/** A named array over axes; `layer` where it belongs to one. */
export interface Tensor {
  readonly name: string;
  readonly layer: Layer | null;
}

/**
 * A function of one variable: `elementary` ones are the language's own (functions.ts);
 * a `slot` is an activation function h^(layer), uninterpreted here, with its derivative order (h, h', h'').
 */
export type FunctionName =
  | { readonly kind: 'elementary'; readonly name: ElementaryName }
  | { readonly kind: 'slot'; readonly name: string; readonly layer: Layer | null; readonly order: number };

export type ElementaryName =
  | 'exp' | 'log' | 'sin' | 'cos' | 'atan' | 'erf'
  | 'tan' | 'sinh' | 'cosh' | 'tanh' | 'log1p' | 'expm1';

/** A truth value: index conditions are exact and affine, value comparisons look at real numbers. */
export type Test =
  | { readonly kind: 'index'; readonly relation: '=' | '>='; readonly value: Affine } // value = 0, value >= 0
  | { readonly kind: 'compare'; readonly relation: '>' | '>=' | '='; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly Test[] }
  | { readonly kind: 'not'; readonly test: Test };

export interface Branch {
  readonly when: Test;
  readonly then: Expression;
}

export type Expression =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'constant'; readonly name: 'pi' }
  /** A scalar hyperparameter (a real number that training leaves alone). */
  | { readonly kind: 'symbol'; readonly name: string; readonly layer: Layer | null }
  /** An index or a size used as a number. */
  | { readonly kind: 'affine'; readonly value: Affine }
  /** An entry of a tensor, or with `adjoint` the entry of ∂E/∂tensor. */
  | { readonly kind: 'ref'; readonly tensor: Tensor; readonly adjoint: boolean; readonly indices: readonly Affine[] }
  /** The Iverson bracket: 1 where the test holds, a strong zero elsewhere (what it multiplies is not evaluated). */
  | { readonly kind: 'bracket'; readonly test: Test }
  | { readonly kind: 'sum'; readonly index: string; readonly range: Range; readonly body: Expression }
  /** The product of the body's values over the range; 1 where the range is empty. */
  | { readonly kind: 'product'; readonly index: string; readonly range: Range; readonly body: Expression }
  /** The first index of the range, as a number, at which the body is greatest; the range is never empty. */
  | { readonly kind: 'argmax'; readonly index: string; readonly range: Range; readonly body: Expression }
  | { readonly kind: 'add'; readonly terms: readonly Expression[] }
  | { readonly kind: 'multiply'; readonly factors: readonly Expression[] }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: Rational }
  | { readonly kind: 'call'; readonly fn: FunctionName; readonly argument: Expression }
  /** The first branch whose test holds, else `otherwise`. */
  | { readonly kind: 'piecewise'; readonly branches: readonly Branch[]; readonly otherwise: Expression };

export type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { kind: K }>;
export type Reference = ExpressionOf<'ref'>;
/** What binds an index variable in its body. */
export type Binder = ExpressionOf<'sum' | 'product' | 'argmax'>;

export const tensor = (name: string, layer: Layer | null = null): Tensor => ({ name, layer });
export const sameTensor = (a: Tensor, b: Tensor): boolean => a.name === b.name && sameLayer(a.layer, b.layer);
/** One string for one tensor: `W@k`, `x@`. */
export const tensorKey = (t: Tensor): string => `${t.name}@${showLayer(t.layer)}`;

export const number = (value: Rational | number | bigint): Expression =>
  ({ kind: 'number', value: typeof value === 'object' ? value : Q.rational(value) });
export const zero: Expression = number(Q.ZERO);
export const one: Expression = number(Q.ONE);
export const symbol = (name: string, layer: Layer | null = null): Expression => ({ kind: 'symbol', name, layer });
export const ref = (t: Tensor, indices: readonly Affine[]): Reference => ({ kind: 'ref', tensor: t, adjoint: false, indices });
/** The entry ∂E/∂t[indices]. */
export const adjoint = (t: Tensor, indices: readonly Affine[]): Reference => ({ kind: 'ref', tensor: t, adjoint: true, indices });

export function affineValue(value: Affine): Expression {
  const constant = constantOf(value);
  return constant === null ? { kind: 'affine', value } : number(constant);
}

export const isNumber = (e: Expression, value: number): boolean =>
  e.kind === 'number' && Q.equals(e.value, Q.rational(value));

/** The sum of terms: flat, numbers collected where the first one stands, 0 left out. */
export function add(terms: readonly Expression[]): Expression {
  const flat = terms.flatMap((t) => (t.kind === 'add' ? t.terms : [t]));
  let constant = Q.ZERO;
  let at = -1;
  const rest: Expression[] = [];
  for (const term of flat) {
    if (term.kind === 'number') {
      if (at < 0) at = rest.length;
      constant = Q.add(constant, term.value);
    } else {
      rest.push(term);
    }
  }
  if (!Q.isZero(constant)) rest.splice(at, 0, number(constant));
  const [only] = rest;
  return only === undefined ? zero : rest.length === 1 ? only : { kind: 'add', terms: rest };
}

/** The product of factors: flat, numbers collected in front, 1 left out, 0 absorbing. */
export function multiply(factors: readonly Expression[]): Expression {
  const flat = factors.flatMap((f) => (f.kind === 'multiply' ? f.factors : [f]));
  let coefficient = Q.ONE;
  const rest: Expression[] = [];
  for (const factor of flat) {
    if (factor.kind === 'number') coefficient = Q.multiply(coefficient, factor.value);
    else rest.push(factor);
  }
  if (Q.isZero(coefficient)) return zero;
  const all = Q.isOne(coefficient) ? rest : [number(coefficient), ...rest];
  const [only] = all;
  return only === undefined ? one : all.length === 1 ? only : { kind: 'multiply', factors: all };
}

export const negate = (e: Expression): Expression => multiply([number(-1), e]);
export const subtract = (a: Expression, b: Expression): Expression => add([a, negate(b)]);
export const divide = (a: Expression, b: Expression): Expression => multiply([a, power(b, Q.MINUS_ONE)]);

/** base^exponent; 1^q, b^0, b^1, rational powers of rationals and (b^m)^n with n an integer are folded. */
export function power(base: Expression, exponent: Rational | number): Expression {
  const e = typeof exponent === 'number' ? Q.rational(exponent) : exponent;
  if (Q.isZero(e)) return one;
  if (Q.isOne(e)) return base;
  if (base.kind === 'number' && Q.isInteger(e) && e.n >= -64n && e.n <= 64n && !(Q.isZero(base.value) && e.n < 0n)) {
    return number(Q.power(base.value, Number(e.n)));
  }
  if (isNumber(base, 1)) return one;
  if (base.kind === 'power' && Q.isInteger(e)) return power(base.base, Q.multiply(base.exponent, e));
  return { kind: 'power', base, exponent: e };
}

export const squareRoot = (e: Expression): Expression => power(e, Q.HALF);
export const call = (fn: FunctionName, argument: Expression): Expression => ({ kind: 'call', fn, argument });
export const elementary = (name: ElementaryName, argument: Expression): Expression =>
  call({ kind: 'elementary', name }, argument);
export const sum = (index: string, range: Range, body: Expression): Expression =>
  isNumber(body, 0) ? zero : { kind: 'sum', index, range, body };
export const product = (index: string, range: Range, body: Expression): Expression =>
  isNumber(body, 1) ? one : { kind: 'product', index, range, body };
export const argmax = (index: string, range: Range, body: Expression): Expression => ({ kind: 'argmax', index, range, body });

export const isBinder = (e: Expression): e is Binder => e.kind === 'sum' || e.kind === 'product' || e.kind === 'argmax';

/** A binder of the same kind. */
export function bind(kind: Binder['kind'], index: string, range: Range, body: Expression): Expression {
  switch (kind) {
    case 'sum': return sum(index, range, body);
    case 'product': return product(index, range, body);
    case 'argmax': return argmax(index, range, body);
  }
}

export const piecewise = (branches: readonly Branch[], otherwise: Expression): Expression =>
  branches.length === 0 ? otherwise : { kind: 'piecewise', branches, otherwise };

export function bracket(test: Test): Expression {
  const truth = decideConstant(test);
  return truth === null ? { kind: 'bracket', test } : number(truth ? 1 : 0);
}

export const not = (test: Test): Test => (test.kind === 'not' ? test.test : { kind: 'not', test });
export const indexEqual = (value: Affine): Test => ({ kind: 'index', relation: '=', value });
export const indexAtLeast = (value: Affine): Test => ({ kind: 'index', relation: '>=', value });

/** True or false where the test holds no symbol at all, else null. */
export function decideConstant(test: Test): boolean | null {
  switch (test.kind) {
    case 'index': {
      const constant = constantOf(test.value);
      return constant === null ? null : test.relation === '=' ? constant === 0 : constant >= 0;
    }
    case 'compare': {
      if (test.left.kind !== 'number' || test.right.kind !== 'number') return null;
      const order = Q.compare(test.left.value, test.right.value);
      return test.relation === '=' ? order === 0 : test.relation === '>' ? order > 0 : order >= 0;
    }
    case 'and':
    case 'or': {
      const stop = test.kind === 'or';
      const truths = test.tests.map(decideConstant);
      return truths.includes(stop) ? stop : truths.includes(null) ? null : !stop;
    }
    case 'not': {
      const truth = decideConstant(test.test);
      return truth === null ? null : !truth;
    }
  }
}

export const functionKey = (fn: FunctionName): string =>
  fn.kind === 'elementary' ? fn.name : `${fn.name}@${showLayer(fn.layer)}${"'".repeat(fn.order)}`;

export const rangeKey = (range: Range): string => `${affineKey(range.lo)}..${affineKey(range.hi)}`;
