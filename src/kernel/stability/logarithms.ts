// Logarithms of quotients of exponentials: log(exp(u)/Σ exp(u)) is u - log Σ exp(u), also where the quotient is a tensor
// with an equation of its own. Nothing underflows on the way.

import { type Context, withRange, emptyContext } from '../../algebra/bounds.ts';
import { add, elementary, type Expression, multiply, number } from '../../algebra/expression.ts';
import { provablyEqual } from '../../algebra/normal/equal.ts';
import * as Q from '../../algebra/rational.ts';
import { mapChildren } from '../../algebra/traverse.ts';
import type { Equation, System } from '../../spec/network.ts';
import { type Defining, definitionOf } from './definitions.ts';
import { liftSelection } from './selections.ts';

/** The expression with entries that are sums, products and quotients of exponentials written out. */
export function writtenOut(e: Expression, defining: Defining): Expression {
  const below = mapChildren(e, (child) => writtenOut(child, defining));
  if (below.kind !== 'ref') return below;
  const definition = definitionOf(below, defining);
  return definition !== null && isPositive(definition, defining) ? writtenOut(definition, defining) : below;
}

/** Whether e is made of exponentials and positive numbers by sums, products and powers. */
function isPositive(e: Expression, defining: Defining): boolean {
  switch (e.kind) {
    case 'number': return e.value.n > 0n;
    case 'call': return e.fn.kind === 'elementary' && e.fn.name === 'exp';
    case 'ref': {
      const definition = definitionOf(e, defining);
      return definition !== null && isPositive(definition, defining);
    }
    case 'sum': case 'product': return isPositive(e.body, defining);
    case 'add': return e.terms.every((t) => isPositive(t, defining));
    case 'multiply': return e.factors.every((f) => isPositive(f, defining));
    case 'power': return isPositive(e.base, defining);
    case 'constant': case 'symbol': case 'affine': case 'bracket': case 'argmax': case 'piecewise': return false;
  }
}

/** log e by parts, e positive; `exponents` counts the exponentials that went. */
function logarithm(e: Expression, defining: Defining): { readonly value: Expression; readonly exponents: number } {
  switch (e.kind) {
    case 'call': return { value: e.argument, exponents: 1 };
    case 'multiply': {
      const parts = e.factors.map((f) => logarithm(f, defining));
      return { value: add(parts.map((p) => p.value)), exponents: parts.reduce((n, p) => n + p.exponents, 0) };
    }
    case 'power': {
      const of = logarithm(e.base, defining);
      return { value: multiply([number(e.exponent), of.value]), exponents: of.exponents };
    }
    case 'ref': {
      const definition = definitionOf(e, defining);
      const of = definition === null ? null : logarithm(definition, defining);
      return of === null || of.exponents === 0 ? { value: elementary('log', e), exponents: 0 } : of;
    }
    case 'number': return { value: Q.isOne(e.value) ? number(0) : elementary('log', e), exponents: 0 };
    case 'sum': case 'product': case 'add': case 'constant': case 'symbol': case 'affine': case 'bracket': case 'argmax': case 'piecewise':
      return { value: elementary('log', e), exponents: 0 };
  }
}

/** The equation's value with every logarithm of such a quotient written by parts, where that is proved. */
export function logarithmsByParts(equation: Equation, system: System, defining: Defining): Expression {
  const outer = equation.axes.reduce((c, axis) => withRange(c, axis.index, axis.range), emptyContext);
  const walk = (e: Expression, context: Context): Expression => {
    const inner = e.kind === 'sum' || e.kind === 'product' || e.kind === 'argmax' ? withRange(context, e.index, e.range) : context;
    const below = mapChildren(e, (child) => walk(child, inner));
    if (below.kind !== 'call' || below.fn.kind !== 'elementary' || below.fn.name !== 'log') return below;
    return byParts(below.argument, context, system, defining) ?? below;
  };
  return walk(equation.value, outer);
}

/** log e by parts; null where e is no such quotient, or nothing is proved. */
function byParts(e: Expression, context: Context, system: System, defining: Defining): Expression | null {
  if (e.kind === 'power' && isPositive(e.base, defining)) {
    const base = byParts(e.base, context, system, defining);
    return base === null ? null : multiply([number(e.exponent), base]);
  }
  if (isPositive(e, defining)) {
    const { value, exponents } = logarithm(e, defining);
    if (exponents === 0) return null;
    return provablyEqual(writtenOut(elementary('log', e), defining), writtenOut(value, defining), context) === 'equal' ? value : null;
  }
  // The logarithm of what is chosen is the logarithm that is chosen.
  const selection = liftSelection(e, system, defining, context);
  const value = selection === null ? null : byParts(selection.chosen, selection.inside(context), system, defining);
  return selection === null || value === null ? null : selection.of(value);
}
