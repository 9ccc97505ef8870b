// Operators over indices: sums, products, greatest and least values, and their places.

import { integer, isWithin, type Range } from '../../algebra/affine.ts';
import { argmax, bracket, type Expression, multiply, negate, product, sum } from '../../algebra/expression.ts';
import { plainRange } from '../../algebra/print.ts';
import type { Limits, TermOf } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import { testOf } from './conditions.ts';
import { type Binding, type Env, newBinding, withBindings } from './env.ts';
import { choosing, limitOf } from './indices.ts';
import { letterIn, namedOf } from './meaning.ts';
import { selected } from './maxima.ts';
import { isScalar, mapped, numberIn, sameRange, scalar, shapeText, type Value } from './value.ts';

export function overValue(term: TermOf<'over'>, env: Env): Value {
  const bindings = bound(term.limits, env);
  const inner = withBindings(env, bindings);
  const value = env.evaluate(term.body, { ...inner, places: null });
  const { operator } = term;
  if (operator === 'sum' || operator === 'prod') {
    const body = guarded(value, term.limits, inner);
    const ranges = bindings.map((b) => rangeOfIndex(b, term.limits, null));
    return mapped(body, (e) => bindings.reduceRight((inside, b, n) => over(operator, b, ranges[n], inside, term), e));
  }
  const [binding, second] = bindings;
  if (!isScalar(value) || binding === undefined || second !== undefined || term.limits.condition !== null) {
    return refuse('no-shape', term.body, { what: operator, shape: shapeText(value), wanted: 'taken of a number, over one index' });
  }
  return scalar(extreme(operator, binding, numberIn(value), term, env), env.rank !== null);
}

function over(operator: 'sum' | 'prod', b: Binding, range: Range | undefined, body: Expression, term: Span): Expression {
  if (range === undefined) return refuse('range-unknown', term, { text: b.letter });
  return operator === 'sum' ? sum(b.name, range, body) : product(b.name, range, body);
}

function extreme(operator: 'max' | 'min' | 'argmax' | 'argmin', b: Binding, body: Expression, term: TermOf<'over'>, env: Env): Expression {
  if (operator === 'argmax' || operator === 'argmin') {
    return argmax(b.name, rangeOfIndex(b, term.limits, env.places), operator === 'argmax' ? body : negate(body));
  }
  const found = selected(operator, b.name, body, env.reading.knowledge.choices);
  return found ?? refuse('maximum-unknown', term, { text: operator });
}

/** The letters of an operator, with the ranges that are written. */
function bound(limits: Limits, env: Env): readonly Binding[] {
  return limits.indices.map(({ index, from, to }) => {
    const named = namedOf(index);
    const letter = named === null ? null : letterIn(named);
    if (letter === null) return refuse('not-an-index', index, { text: index.kind });
    const lo = from === null ? integer(1) : limitOf(from, letter, env);
    const range = to === null ? null : { lo, hi: limitOf(to, letter, env) };
    return newBinding(letter, letter, range);
  });
}

function guarded(value: Value, limits: Limits, env: Env): Value {
  if (limits.condition === null) return value;
  const { test, chosen } = testOf(limits.condition, env);
  return mapped(value, (e) => choosing(multiply([bracket(test), e]), chosen));
}

/**
 * The range that is written, else that of the axes which the index runs over by itself. An entry beyond its axis does not exist: of
 * ranges within each other the smallest is meant.
 */
export function rangeOfIndex(b: Binding, place: Span, otherwise: Range | null): Range {
  if (b.range !== null) return b.range;
  const used = b.uses.length > 0 ? b.uses : b.equals.flatMap((other) => (other.range !== null ? [other.range] : other.uses));
  const distinct = used.filter((r, n) => used.findIndex((s) => sameRange(r, s)) === n);
  const [first] = distinct;
  if (first === undefined) return otherwise ?? refuse('range-unknown', place, { text: b.letter });
  const least = distinct.find((r) => distinct.every((s) => isWithin(r, s)));
  return least ?? refuse('ranges-disagree', place, { text: b.letter, ranges: distinct.map(plainRange) });
}
