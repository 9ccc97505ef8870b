// Products: functions and their arguments first, then products of matrices and numbers, then products entry by entry.

import { type Expression, isNumber, multiply, power } from '../../algebra/expression.ts';
import * as Q from '../../algebra/rational.ts';
import type { Convention } from '../../notation/convention.ts';
import type { Factor, ProductSign, Term, TermOf } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import { type Span, spanning } from '../span.ts';
import type { Env } from './env.ts';
import { meaningsOf, namedOf, type Meaning, type Named } from './meaning.ts';
import { hadamard, isScalar, mapped, multiplied, numberIn, shapeText, together, type Value } from './value.ts';

/** One factor as it is multiplied: a term, a function with its argument, or a differential with what it is of. */
export type Applied =
  | { readonly kind: 'term'; readonly sign: ProductSign; readonly term: Term }
  | { readonly kind: 'call'; readonly sign: ProductSign; readonly fn: Extract<Meaning, { kind: 'function' }>; readonly named: Named; readonly argument: Term }
  | { readonly kind: 'differential'; readonly sign: ProductSign; readonly by: Term; readonly place: Span };

/** The factors with functions beside their brackets, and d beside its variable. */
export function appliedFactors(factors: readonly Factor[], env: Env): readonly Applied[] {
  const out: Applied[] = [];
  for (let at = 0; at < factors.length; at += 1) {
    const factor = factors[at];
    const next = factors[at + 1];
    if (factor === undefined) continue;
    const { sign, term } = factor;
    const beside = next?.sign === '' ? next.term : null;
    const fn = functionOf(term, env);
    if (fn !== null && beside !== null && isBracketed(beside)) {
      out.push({ kind: 'call', sign, ...fn, argument: beside });
      at += 1;
    } else if (beside !== null && isDifferential(term, env) && namedOf(beside) !== null) {
      out.push({ kind: 'differential', sign, by: beside, place: { start: term.start, end: beside.end } });
      at += 1;
    } else out.push({ kind: 'term', sign, term });
  }
  return out;
}

export function functionOf(term: Term, env: Env): { readonly fn: Extract<Meaning, { kind: 'function' }>; readonly named: Named } | null {
  const named = namedOf(term);
  const [meaning] = named === null ? [] : meaningsOf(named, { ...env, collects: false });
  return named !== null && meaning?.kind === 'function' ? { fn: meaning, named } : null;
}

/** A bracket, or one with scripts: those are of the value. */
const isBracketed = (term: Term): boolean =>
  (term.kind === 'fenced' && term.items.length === 1) || (term.kind === 'scripts' && term.sub === null && isBracketed(term.base));

/** The d of dW, where d is nothing else. */
function isDifferential(term: Term, env: Env): boolean {
  if (env.reading.context.convention.derivative !== 'd' || term.kind !== 'name' || term.text !== 'd' || term.accents.length > 0) return false;
  const named = namedOf(term);
  return term.word || (named !== null && meaningsOf(named, { ...env, collects: false }).length === 0);
}

/** What d stands before in a fraction of differentials: dE/dW. */
export function differentialOf(term: Term): Term | null {
  if (term.kind !== 'product') return null;
  const [d, of] = term.factors;
  return term.factors.length === 2 && d?.term.kind === 'name' && d.term.text === 'd' && d.term.accents.length === 0 && of?.sign === '' ? of.term : null;
}

/** The product of values; `evaluated` gives that of one factor. */
export function productValue(term: TermOf<'product'>, env: Env, evaluated: (factor: Applied) => Value): Value {
  const factors = appliedFactors(term.factors, env);
  const { convention } = env.reading.context;
  const groups: { factors: Applied[]; place: Span }[] = [];
  for (const factor of factors) {
    const last = groups.at(-1);
    const place = placeOf(factor);
    if (last !== undefined && !isElementwise(factor.sign, convention)) {
      last.factors.push(factor);
      last.place = spanning([last.place, place], place);
    } else groups.push({ factors: [factor], place });
  }
  const products = groups.map((g) => ({ value: folded(g.factors, env, evaluated), place: g.place }));
  if (products.length === 1 && products[0] !== undefined) return products[0].value;
  return hadamard(products.map((p) => p.value), term);
}

function folded(factors: readonly Applied[], env: Env, evaluated: (factor: Applied) => Value): Value {
  const [first, ...rest] = factors;
  if (first === undefined) throw new Error('a product has factors');
  if (rest.length === 0) return evaluated(first);
  // Numbers go to the front, so that long products do not nest.
  const numbers: Value[] = [];
  let matrix: Value | null = null;
  for (const factor of factors) {
    const value = inverted(factor, evaluated(factor));
    const place = placeOf(factor);
    if (isScalar(value)) numbers.push(value);
    else if (matrix === null) matrix = value;
    else {
      matrix = env.rank === null ? multiplied(matrix, value, env.reading.fresh, place) : together([matrix, value], multiply, 'multiply', place);
      if (isScalar(matrix)) {
        numbers.push(matrix);
        matrix = null;
      }
    }
  }
  const product: Value = { dims: numbers[0]?.dims ?? [], at: () => multiply(numbers.map(numberIn)) };
  if (matrix === null) return product;
  return numbers.length === 0 ? matrix : multiplied(product, matrix, env.reading.fresh, first.kind === 'differential' ? first.place : placeOf(first));
}

/** 1/value behind a slash. */
function inverted({ sign, ...factor }: Applied, value: Value): Value {
  const place = placeOf({ ...factor, sign });
  if (sign === '⊗') return refuse('not-expressible', place, { text: '⊗', reason: 'Kronecker products are not read yet' });
  if (sign !== '/') return value;
  if (!isScalar(value)) return refuse('no-shape', place, { what: 'a divisor', shape: shapeText(value), wanted: 'a number' });
  return mapped(value, (e) => raisedTo(e, Q.MINUS_ONE, place));
}

/** A power, but never of 0 to a negative one. */
export function raisedTo(e: Expression, exponent: Q.Rational, place: Span): Expression {
  return isNumber(e, 0) && Q.sign(exponent) < 0 ? refuse('formula-zero', place, {}) : power(e, exponent);
}

const placeOf = (f: Applied): Span => (f.kind === 'term' ? f.term : f.kind === 'call' ? { start: f.named.start, end: f.argument.end } : f.place);

function isElementwise(sign: ProductSign, { elementwise }: Convention): boolean {
  switch (sign) {
    case '⊙': return true;
    case '∘': case '*': case '•': case '.*': return elementwise === sign;
    case '': case '·': case '×': case '⊗': case '/': return false;
  }
}

