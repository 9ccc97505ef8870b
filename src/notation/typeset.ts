// From the algebra to the page: signs in front, negative powers below a line, the ranges that need to be seen.

import { type Affine, integer, isWithin, plainIndex, type Range, sameAffine } from '../algebra/affine.ts';
import { type ElementaryName, type Expression, negate, type Reference } from '../algebra/expression.ts';
import { definition } from '../algebra/functions.ts';
import * as Q from '../algebra/rational.ts';
import { visit } from '../algebra/traverse.ts';
import { affineBox, decimalBox, type Inserted, rationalBox } from './affine-box.ts';
import { type Box, integerOf, type Letter, letterOf, minus, type Operator, plus, times } from './box.ts';
import { type Cases, casesOf } from './cases.ts';
import type { Notation } from './notation.ts';
import { mergedBrackets, relation, type Setter } from './relation.ts';
import { selectionOf } from './selection.ts';
import { tensorBox, withNamesakes } from './symbols.ts';

/** The sums around a formula: their indices, outermost first, and the entries that stand for indices. */
export interface Scope {
  readonly bound: readonly string[];
  readonly inserted: Inserted;
}

/** An expression as a formula. Inside sums factors stand side by side, outside with a dot, as the article has it. */
export const typeset = (e: Expression, notation: Notation): Box => typesetWithin(e, notation, outermost);

export const outermost: Scope = { bound: [], inserted: new Map() };

export const affineIn = (a: Affine, scope: Scope): Box => affineBox(inScopeOrder(a, scope.bound), scope.inserted);

export function typesetWithin(e: Expression, notation: Notation, scope: Scope): Box {
  const below = (child: Expression): Box => typesetWithin(child, notation, scope);
  const order = (a: Affine): Affine => inScopeOrder(a, scope.bound);
  const affine = (a: Affine): Box => affineIn(a, scope);
  const setter: Setter = { below, affine, order };
  const inSum = scope.bound.length > 0;
  switch (e.kind) {
    case 'number': return rationalBox(e.value);
    case 'constant': return letterOf(e.name);
    case 'symbol': return withNamesakes(letterOf(e.name, e.layer), notation);
    case 'affine': return withNamesakes(affine(e.value), notation);
    case 'ref': return entry(e, e.indices.map(affine), notation);
    case 'bracket': return { kind: 'bracket', test: relation(e.test, setter) };
    case 'sum': {
      const selection = selectionOf(e, notation);
      if (selection === null) return over('sum', e, notation, scope);
      if (selection.kind === 'extreme') return over(selection.operator, selection, notation, scope);
      return typesetWithin(selection.body, notation, { ...scope, inserted: new Map([...scope.inserted, [selection.index, below(selection.by)]]) });
    }
    case 'product': return over('product', e, notation, scope);
    case 'argmax': return isNegative(e.body) ? over('argmin', { ...e, body: negate(e.body) }, notation, scope) : over('argmax', e, notation, scope);
    case 'add': return plus(inReadingOrder(e.terms).map(below));
    case 'multiply': return product(mergedBrackets(e.factors), below, inSum);
    case 'power': return power(e.base, e.exponent, below, inSum);
    case 'call': return applied(e.fn, e.argument, below, notation);
    case 'piecewise': return casesBox(casesOf(e), setter, inSum);
  }
}

/** Σ, Π, max with the range where it needs to be seen. */
function over(
  operator: Operator, { index, range, body }: { readonly index: string; readonly range: Range; readonly body: Expression }, notation: Notation, scope: Scope,
): Box {
  return {
    kind: 'over', operator, index,
    range: notation.ranges || !(isWholeAxis(range) || isUnsayable(range, notation)) || !(isUnsayable(range, notation) || isSeen(operator, index, range, body, notation)) ? range : null,
    body: typesetWithin(body, notation, { ...scope, bound: [...scope.bound, index] }),
  };
}

/** Whether the entries below Σ and Π tell how far the index runs: it stands for an axis of theirs, or equals an index that does. */
function isSeen(operator: Operator, index: string, range: Range, body: Expression, notation: Notation): boolean {
  if (operator !== 'sum' && operator !== 'product') return true;
  let [stands, equals] = [false, false];
  const known: Range[] = [];
  visit(body, (e) => {
    if (e.kind === 'ref') e.indices.forEach((a, n) => {
      if (plainIndex(a) !== index) return;
      stands = true;
      const axis = notation.axisOf(e, n);
      if (axis !== null) known.push(axis);
    });
    else if (e.kind === 'bracket' && e.test.kind === 'index' && e.test.relation === '=') equals ||= isDifference(e.test.value, index);
  });
  if (known.length === 0) return stands || equals;
  // An entry beyond its axis does not exist: of axes within each other the shortest is meant.
  return known.every((axis) => isWithin(range, axis)) && known.some((axis) => isWithin(axis, range));
}

/** Whether it is zero where the index equals another one. */
const isDifference = (a: Affine, index: string): boolean => a.terms.length === 2 && a.constant === 0
  && a.terms.every((t) => t.symbol.kind === 'index' && Math.abs(t.coefficient) === 1) && a.terms.some((t) => t.symbol.name === index)
  && a.terms.reduce((sum, t) => sum + t.coefficient, 0) === 0;

function casesBox(cases: Cases, setter: Setter, inSum: boolean): Box {
  const { below } = setter;
  if (cases.kind === 'cases') {
    return {
      kind: 'cases', branches: cases.branches.map((b) => ({ when: relation(b.when, setter), then: below(b.then) })),
      otherwise: below(cases.otherwise),
    };
  }
  const { factor, of } = cases;
  const marked: Box = cases.kind === 'absolute' ? { kind: 'absolute', body: below(of) }
    : { kind: 'apply', fn: letterOf('sgn'), argument: below(of) };
  if (factor === null) return marked;
  return product(factor.kind === 'multiply' ? factor.factors : [factor], below, inSum, [marked]);
}

/** δ_i^{(k)} for the adjoint of a signal, ∂E/∂T_i for any other. */
const entry = (e: Reference, indices: readonly Box[], notation: Notation): Box =>
  tensorBox({ tensor: e.tensor, adjoint: e.adjoint, indices, whole: indices.length < (notation.rankOf(e.tensor) ?? 0) }, notation);

/** Free indices first, then those of the sums from outside in: t + s - 1 under Σ_s. */
function inScopeOrder(a: Affine, bound: readonly string[]): Affine {
  const depth = (t: Affine['terms'][number]): number => (t.symbol.kind === 'index' ? bound.indexOf(t.symbol.name) : -1);
  return { ...a, terms: [...a.terms].sort((x, y) => depth(x) - depth(y)) };
}

/** Whether a range is 1..size: what anybody assumes of Σ_j. */
export const isWholeAxis = (range: Range): boolean => sameAffine(range.lo, integer(1)) && isSize(range.hi);

/** Whether a range is a whole axis with what is folded into it, and nothing would say whose units these are: then the letter of its index does. */
function isUnsayable({ lo, hi }: Range, { convention }: Notation): boolean {
  const [term] = hi.terms;
  return convention.layer.kind === 'none' && term?.symbol.kind === 'size' && term.symbol.layer !== null && isSize({ ...hi, constant: 0 })
    && lo.terms.length === 0 && (lo.constant === hi.constant);
}

function isSize(a: Affine): boolean {
  const [term] = a.terms;
  return a.terms.length === 1 && a.constant === 0 && term?.coefficient === 1 && term.symbol.kind === 'size';
}

/** A positive constant goes in front (1 - z, 1 + e^{-a}), else a positive term before negative ones. */
function inReadingOrder(terms: readonly Expression[]): readonly Expression[] {
  const isConstant = (t: Expression): boolean => t.kind === 'number' && !isNegative(t);
  const leading = terms.find(isConstant) ?? (terms[0] !== undefined && isNegative(terms[0]) ? terms.find((t) => !isNegative(t)) : terms[0]);
  return leading === undefined ? terms : [leading, ...terms.filter((t) => t !== leading)];
}

function isNegative(e: Expression): boolean {
  if (e.kind === 'multiply') return e.factors[0] !== undefined && isNegative(e.factors[0]);
  return e.kind === 'number' && Q.sign(e.value) < 0;
}

/** A product with its sign, its coefficient and one line for all that is divided by; `last` are factors that are set already. */
export function product(factors: readonly Expression[], below: (e: Expression) => Box, inSum: boolean, last: readonly Box[] = []): Box {
  const sign = inSum ? 'space' : 'dot';
  let coefficient = Q.ONE;
  const above: Box[] = [];
  const under: Box[] = [];
  for (const factor of factors) {
    if (factor.kind === 'number') coefficient = Q.multiply(coefficient, factor.value);
    else if (factor.kind === 'power' && Q.sign(factor.exponent) < 0) {
      under.push(power(factor.base, Q.negate(factor.exponent), below, inSum));
    } else above.push(below(factor));
  }
  above.push(...last);
  const { n, d } = Q.absolute(coefficient);
  const inDigits = decimalBox(Q.absolute(coefficient));
  const tops = inDigits !== null ? [inDigits] : n === 1n ? [] : [integerOf(n)];
  const bottoms = inDigits !== null || d === 1n ? under : [integerOf(d), ...under];
  const bigAbove = above.some((f) => f.kind === 'over' || f.kind === 'cases');
  const apart = bottoms.length > 0 && above.length > 0 && (bigAbove || under.length === 0);
  const top = [...tops, ...(apart ? [] : above)];
  const front: readonly Box[] = bottoms.length === 0 ? top
    : [{ kind: 'fraction', top: top.length === 0 ? integerOf(1) : times(top, sign), bottom: times(bottoms, sign) }];
  const box = times(apart ? [...front, ...above] : front.length === 0 ? [integerOf(1)] : front, sign);
  return Q.sign(coefficient) < 0 ? minus(box) : box;
}

function power(base: Expression, exponent: Q.Rational, below: (e: Expression) => Box, inSum: boolean): Box {
  if (Q.sign(exponent) < 0) return product([{ kind: 'power', base, exponent }], below, inSum);
  if (Q.isOne(exponent)) return below(base);
  if (exponent.n === 1n && exponent.d <= 3n) return { kind: 'root', degree: Number(exponent.d), body: below(base) };
  const raised = below(base);
  if (raised.kind === 'elementary' && raised.power === 1 && raised.name !== 'exp' && Q.isInteger(exponent)) {
    return { ...raised, power: Number(exponent.n) };
  }
  return { kind: 'power', base: raised, exponent: rationalBox(exponent), elementwise: false };
}

function applied(fn: Extract<Expression, { kind: 'call' }>['fn'], argument: Expression, below: (e: Expression) => Box, notation: Notation): Box {
  if (fn.kind === 'slot') return { kind: 'apply', fn: slotLetter(fn, notation), argument: below(argument) };
  // log1p and expm1 are ways to compute; on paper they are log(1 + u) and e^u - 1.
  const meant = fn.name === 'log1p' || fn.name === 'expm1' ? definition(fn.name, argument) : null;
  return meant === null ? elementaryBox(fn.name, below(argument), notation) : below(meant);
}

/** tanh(a), e^a; exp(a) where e is something else. */
export const elementaryBox = (name: ElementaryName, argument: Box, notation: Notation): Box =>
  ({ kind: 'elementary', name, power: 1, argument, spelled: name === 'exp' && notation.isSymbol('e') });

export const slotLetter = (
  fn: { readonly name: string; readonly layer: Letter['layer']; readonly order: number }, { convention }: Notation,
): Letter => ({ ...letterOf(fn.name, convention.functions === 'each' ? fn.layer : null), primes: fn.order });
