// The differentiation rules: one row a kind of expression, each with a name and an example. The walker (differentiate.ts)
// knows none of them; a kind without a row does not compile.

import { type Affine, affineIndices, index, subtractAffine } from './affine.ts';
import {
  add, bracket, call, elementary, type ElementaryName, type Expression, type ExpressionOf, indexEqual, isNumber, multiply,
  negate, number, one, piecewise, power, product, squareRoot, sum, zero,
} from './expression.ts';
import type { DefinedName, PrimitiveName } from './functions.ts';
import * as Q from './rational.ts';
import { freeIndices, freshIndex, substituteIndices } from './traverse.ts';

/** What is differentiated by: an entry of a tensor (or of an adjoint), or a scalar symbol. */
export type Variable =
  | { readonly kind: 'entry'; readonly tensor: string; readonly adjoint: boolean; readonly indices: readonly Affine[] }
  | { readonly kind: 'symbol'; readonly name: string };

/** What a rule may ask for: the variable, its test for being met, and the derivative of a subexpression. */
export interface RuleContext {
  readonly variable: Variable;
  readonly isVariable: (e: ExpressionOf<'ref'> | ExpressionOf<'symbol'>) => boolean;
  readonly d: (e: Expression) => Expression;
  /** The derivative at u of a function that is defined through the primitives. */
  readonly defined: (name: DefinedName, u: Expression) => Expression;
}

export interface Rule<K extends Expression['kind']> {
  readonly name: string;
  readonly example: string;
  readonly derive: (e: ExpressionOf<K>, context: RuleContext) => Expression;
}

const constantRow = <K extends Expression['kind']>(name: string, example: string): Rule<K> =>
  ({ name, example, derive: () => zero });

export const rules: { readonly [K in Expression['kind']]: Rule<K> } = {
  number:    constantRow('constant', 'd 3 = 0'),
  constant:  constantRow('constant', 'd π = 0'),
  affine:    constantRow('constant', 'd n = 0'),
  bracket:   constantRow('locally-constant', 'd [a > 0] = 0 where a ≠ 0'),
  symbol:    { name: 'variable', example: 'da/da = 1', derive: (e, { isVariable }) => (isVariable(e) ? one : zero) },
  ref:       { name: 'kronecker', example: '∂W[i,j]/∂W[p,q] = [i = p] [j = q]', derive: deriveEntry },
  sum:       { name: 'sum', example: 'd Σ_j u_j = Σ_j du_j', derive: (e, { d }) => sum(e.index, e.range, d(e.body)) },
  product:   { name: 'product', example: 'd Π_j u_j = Σ_j du_j Π_{l≠j} u_l', derive: deriveIndexedProduct },
  argmax:    constantRow('locally-constant', 'd argmax_j u_j = 0 where the greatest is greatest alone'),
  add:       { name: 'sum', example: 'd(u + v) = du + dv', derive: (e, { d }) => add(e.terms.map(d)) },
  multiply:  { name: 'product', example: 'd(u v) = du v + u dv', derive: deriveProduct },
  power:     { name: 'power', example: 'd u^q = q u^(q-1) du', derive: derivePower },
  call:      { name: 'chain', example: "d h(u) = h'(u) du", derive: deriveCall },
  piecewise: { name: 'branch', example: 'd(c ? u : v) = c ? du : dv', derive: (e, { d }) =>
    mergeEqualBranches(piecewise(e.branches.map((b) => ({ when: b.when, then: d(b.then) })), d(e.otherwise))) },
};

function deriveEntry(e: ExpressionOf<'ref'>, { variable, isVariable }: RuleContext): Expression {
  if (variable.kind !== 'entry' || !isVariable(e)) return zero;
  return multiply(e.indices.map((own, axis) => {
    const other = variable.indices[axis];
    if (other === undefined) throw new RangeError('an entry is differentiated by an entry with as many indices');
    return bracket(indexEqual(subtractAffine(own, other)));
  }));
}

/** Never Π/u_j: a factor may be 0. */
function deriveIndexedProduct(e: ExpressionOf<'product'>, { d, variable }: RuleContext): Expression {
  const inner = d(e.body);
  if (isNumber(inner, 0)) return zero;
  const taken = new Set([e.index, ...freeIndices(e.body), ...(variable.kind === 'entry' ? variable.indices.flatMap(affineIndices) : [])]);
  const other = freshIndex(e.index, taken);
  const body = substituteIndices(e.body, new Map([[e.index, index(other)]]));
  const others = piecewise([{ when: indexEqual(subtractAffine(index(other), index(e.index))), then: one }], body);
  return sum(e.index, e.range, multiply([inner, product(other, e.range, others)]));
}

function deriveProduct(e: ExpressionOf<'multiply'>, { d }: RuleContext): Expression {
  return add(e.factors.map((factor, at) => {
    const derivative = d(factor);
    return multiply([...e.factors.slice(0, at), derivative, ...e.factors.slice(at + 1)]);
  }));
}

function derivePower(e: ExpressionOf<'power'>, { d }: RuleContext): Expression {
  const inner = d(e.base);
  if (isNumber(inner, 0)) return zero;
  return multiply([number(e.exponent), power(e.base, Q.subtract(e.exponent, Q.ONE)), inner]);
}

function deriveCall(e: ExpressionOf<'call'>, context: RuleContext): Expression {
  const inner = context.d(e.argument);
  if (isNumber(inner, 0)) return zero;
  const outer = e.fn.kind === 'slot'
    ? call({ ...e.fn, order: e.fn.order + 1 }, e.argument)
    : elementaryDerivative(e.fn.name, e.argument, context);
  return multiply([outer, inner]);
}

/** The derivatives of the primitive functions; those of defined functions follow from their definitions. */
const primitiveDerivatives: { readonly [K in PrimitiveName]: (u: Expression) => Expression } = {
  exp:  (u) => elementary('exp', u),
  log:  (u) => power(u, -1),
  sin:  (u) => elementary('cos', u),
  cos:  (u) => negate(elementary('sin', u)),
  atan: (u) => power(add([one, power(u, 2)]), -1),
  erf:  (u) => multiply([number(2), power(squareRoot({ kind: 'constant', name: 'pi' }), -1), elementary('exp', negate(power(u, 2)))]),
};

function elementaryDerivative(name: ElementaryName, u: Expression, { defined }: RuleContext): Expression {
  switch (name) {
    case 'exp': case 'log': case 'sin': case 'cos': case 'atan': case 'erf': return primitiveDerivatives[name](u);
    case 'tan': case 'sinh': case 'cosh': case 'tanh': case 'log1p': case 'expm1': return defined(name, u);
  }
}

/** A piecewise expression whose branches are all the same number is that number. */
function mergeEqualBranches(e: Expression): Expression {
  if (e.kind !== 'piecewise' || e.otherwise.kind !== 'number') return e;
  const value = e.otherwise.value;
  return e.branches.every((b) => b.then.kind === 'number' && Q.equals(b.then.value, value)) ? e.otherwise : e;
}
