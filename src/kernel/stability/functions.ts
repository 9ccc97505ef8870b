// Functions of one value, written so that nothing overflows or cancels: log(1 + x), log(1 + exp(u)), exp(x) - 1,
// exp(u)/(1 + exp(u)). Each rewrite is proved; one that is not is left out.

import { add, elementary, type Expression, isNumber, multiply, negate, one, piecewise, power, zero } from '../../algebra/expression.ts';
import { provablyEqual } from '../../algebra/normal/equal.ts';
import { magnitudeOf } from '../../algebra/print.ts';
import * as Q from '../../algebra/rational.ts';
import { mapChildren } from '../../algebra/traverse.ts';

/** The expression with every such part rewritten. */
export const stableFunctions = (e: Expression): Expression => walk(e, false);

/** @param chosen whether a case has been made already: what stands in it is left to whoever made it */
function walk(e: Expression, chosen: boolean): Expression {
  const below = mapChildren(e, (child) => walk(child, chosen || e.kind === 'piecewise'));
  switch (below.kind) {
    case 'call': return logarithmOfSum(below, chosen);
    case 'add': return differenceFromOne(below);
    case 'multiply': return chosen ? below : quotient(below);
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'sum': case 'product': case 'argmax': case 'power':
    case 'piecewise': return below;
  }
}

const exponentOf = (e: Expression): Expression | null =>
  e.kind === 'call' && e.fn.kind === 'elementary' && e.fn.name === 'exp' ? e.argument : null;

/** x of 1 + x, else null. */
function besideOne(e: Expression): Expression | null {
  if (e.kind !== 'add') return null;
  const at = e.terms.findIndex((t) => isNumber(t, 1));
  return at < 0 ? null : add(e.terms.filter((_, n) => n !== at));
}

const proved = (before: Expression, after: Expression): Expression => (provablyEqual(before, after) === 'equal' ? after : before);

function logarithmOfSum(e: Extract<Expression, { kind: 'call' }>, chosen: boolean): Expression {
  if (e.fn.kind !== 'elementary' || (e.fn.name !== 'log' && e.fn.name !== 'log1p')) return e;
  const x = e.fn.name === 'log1p' ? e.argument : besideOne(e.argument);
  const u = x === null ? null : exponentOf(x);
  if (x === null) return e;
  if (u === null || chosen || isNeverPositive(u)) return e.fn.name === 'log1p' ? e : proved(e, elementary('log1p', x));
  const [above, below] = [add([u, elementary('log1p', elementary('exp', negate(u)))]), elementary('log1p', elementary('exp', u))];
  if (proved(e, above) === e && proved(e, below) === e) return e;
  return piecewise([{ when: { kind: 'compare', relation: '>', left: u, right: zero }, then: above }], below);
}

/** -2·|x|, -x²: what needs no case. */
function isNeverPositive(e: Expression): boolean {
  const [head, ...rest] = e.kind === 'multiply' ? e.factors : [e];
  return head?.kind === 'number' && head.value.n < 0n && rest.every((f) =>
    (f.kind === 'piecewise' && magnitudeOf(f) !== null) || (f.kind === 'power' && Q.isInteger(f.exponent) && f.exponent.n % 2n === 0n));
}

/** exp(x) - 1 and 1 - exp(x). */
function differenceFromOne(e: Extract<Expression, { kind: 'add' }>): Expression {
  for (const sign of [1, -1]) {
    const at = e.terms.findIndex((t) => isNumber(t, -sign));
    const of = e.terms.findIndex((t) => exponentOf(sign === 1 ? t : negate(t)) !== null);
    const term = e.terms[of];
    const x = term === undefined ? null : exponentOf(sign === 1 ? term : negate(term));
    if (at < 0 || x === null) continue;
    const difference = elementary('expm1', x);
    const rest = e.terms.filter((_, n) => n !== at && n !== of);
    return proved(e, add([sign === 1 ? difference : negate(difference), ...rest]));
  }
  return e;
}

/** exp(v)/(1 + exp(v)), also with v = k·u: 1/(1 + exp(-v)); once for each such pair of factors. */
function quotient(e: Extract<Expression, { kind: 'multiply' }>): Expression {
  for (const [n, factor] of e.factors.entries()) {
    const v = exponentOf(factor);
    if (v === null || isNeverPositive(v)) continue;
    const at = e.factors.findIndex((f) => {
      const x = f.kind === 'power' && Q.isInteger(f.exponent) && f.exponent.n < 0n ? besideOne(f.base) : null;
      const u = x === null ? null : exponentOf(x);
      return u !== null && provablyEqual(u, v) === 'equal';
    });
    const below = e.factors[at];
    if (below?.kind !== 'power') continue;
    const flipped = power(add([one, elementary('exp', negate(v))]), -1);
    const rest = e.factors.filter((_, m) => m !== n && m !== at);
    const after = multiply([flipped, power(below.base, Q.add(below.exponent, Q.ONE)), ...rest]);
    if (proved(multiply([factor, below]), multiply([flipped, power(below.base, Q.add(below.exponent, Q.ONE))])) === multiply([factor, below])) continue;
    return after.kind === 'multiply' ? quotient(after) : after;
  }
  return e;
}
