// From the algebra to the page: signs in front, negative powers below a line, the ranges that need to be seen.

import { type Affine, constantOf, integer, type Range, sameAffine } from '../algebra/affine.ts';
import { type Expression, type Reference, type Test } from '../algebra/expression.ts';
import { type Cases, casesOf } from './cases.ts';
import { definition } from '../algebra/functions.ts';
import * as Q from '../algebra/rational.ts';
import { type Box, integerOf, type Letter, letterOf, minus, plus, type Relation, times } from './box.ts';
import type { Notation } from './notation.ts';

/**
 * An expression as a formula; `bound` are the indices of the sums around it, outermost first. Inside sums factors stand
 * side by side, outside with a dot, as the article has it.
 */
export function typeset(e: Expression, notation: Notation, bound: readonly string[] = []): Box {
  const below = (child: Expression): Box => typeset(child, notation, bound);
  const inSum = bound.length > 0;
  switch (e.kind) {
    case 'number': return rationalBox(e.value);
    case 'constant': return letterOf(e.name);
    case 'symbol': return letterOf(e.name, e.layer);
    case 'affine': return affineBox(inScopeOrder(e.value, bound));
    case 'ref': return entry({ ...e, indices: e.indices.map((a) => inScopeOrder(a, bound)) }, notation);
    case 'bracket': return { kind: 'bracket', test: relation(e.test, below) };
    case 'sum': return {
      kind: 'sum', index: e.index, range: notation.ranges || !isWholeAxis(e.range) ? e.range : null,
      body: typeset(e.body, notation, [...bound, e.index]),
    };
    case 'product': case 'argmax': throw new Error(`${e.kind} is not typeset`);
    case 'add': return plus(inReadingOrder(e.terms).map(below));
    case 'multiply': return product(e.factors, below, inSum);
    case 'power': return power(e.base, e.exponent, below, inSum);
    case 'call': return applied(e.fn, e.argument, below);
    case 'piecewise': return casesBox(casesOf(e), below, inSum);
  }
}

function casesBox(cases: Cases, below: (e: Expression) => Box, inSum: boolean): Box {
  if (cases.kind === 'cases') {
    return {
      kind: 'cases', branches: cases.branches.map((b) => ({ when: relation(b.when, below), then: below(b.then) })),
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
function entry(e: Reference, notation: Notation): Box {
  if (!e.adjoint) return letterOf(e.tensor.name, e.tensor.layer, e.indices);
  const signal = notation.signalOf(e.tensor);
  if (signal !== null) return letterOf(notation.convention.signal[signal], e.tensor.layer, e.indices);
  return {
    kind: 'partial', of: letterOf(notation.convention.total), by: letterOf(e.tensor.name, e.tensor.layer, e.indices),
  };
}

/** Free indices first, then those of the sums from outside in: t + s - 1 under Σ_s. */
function inScopeOrder(a: Affine, bound: readonly string[]): Affine {
  const depth = (t: Affine['terms'][number]): number => (t.symbol.kind === 'index' ? bound.indexOf(t.symbol.name) : -1);
  return { ...a, terms: [...a.terms].sort((x, y) => depth(x) - depth(y)) };
}

/** Whether a range is 1..size: what anybody assumes of Σ_j. */
export const isWholeAxis = (range: Range): boolean => sameAffine(range.lo, integer(1)) && isSize(range.hi);

export function isSize(a: Affine): boolean {
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

function rationalBox(value: Q.Rational): Box {
  const { n, d } = Q.absolute(value);
  const box: Box = d === 1n ? integerOf(n) : decimal(Q.absolute(value)) ?? { kind: 'fraction', top: integerOf(n), bottom: integerOf(d) };
  return Q.sign(value) < 0 ? minus(box) : box;
}

/** Digits that a reader takes in. */
const MOST_DIGITS = 20;

/** A number that was most likely written as a decimal: its denominator is a product of twos and fives, not a small power of two. */
function decimal({ n, d }: Q.Rational): Box | null {
  if (d === 1n || d === 2n || d === 4n || d === 8n || d === 16n) return null;
  let places = 0;
  let scale = 1n;
  for (; scale % d !== 0n && places < 400; places += 1) scale *= 10n;
  if (scale % d !== 0n) return null;
  const digits = String(n * (scale / d)).padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  const leading = /^0\.0*/.exec(text)?.[0].length ?? 0;
  const cut = text.length - leading > MOST_DIGITS;
  return { kind: 'decimal', digits: cut ? text.slice(0, leading + 12) : text, cut };
}

export function affineBox(value: Affine): Box {
  const terms = value.terms.map((t): Box => {
    const letter = letterOf(t.symbol.name, t.symbol.kind === 'size' ? t.symbol.layer : null);
    const factor = Math.abs(t.coefficient);
    const box = factor === 1 ? letter : times([integerOf(factor), letter], 'space');
    return t.coefficient < 0 ? minus(box) : box;
  });
  const isMinus = (b: Box): boolean => b.kind === 'plus' && b.terms[0]?.negative === true;
  const constant = value.constant === 0 && terms.length > 0 ? [] : [rationalBox(Q.rational(value.constant))];
  const positive = [...terms.filter((t) => !isMinus(t)), ...(value.constant > 0 && terms.every(isMinus) ? constant : [])];
  const all = [...positive, ...terms.filter(isMinus), ...constant.filter((c) => !positive.includes(c))];
  return plus(all);
}

/** A product with its sign, its coefficient and one line for all that is divided by; `last` are factors that are set already. */
function product(factors: readonly Expression[], below: (e: Expression) => Box, inSum: boolean, last: readonly Box[] = []): Box {
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
  const inDigits = decimal(Q.absolute(coefficient));
  const tops = inDigits !== null ? [inDigits] : n === 1n ? [] : [integerOf(n)];
  const bottoms = inDigits !== null || d === 1n ? under : [integerOf(d), ...under];
  const bigAbove = above.some((f) => f.kind === 'sum' || f.kind === 'cases');
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

function applied(fn: Extract<Expression, { kind: 'call' }>['fn'], argument: Expression, below: (e: Expression) => Box): Box {
  if (fn.kind === 'slot') return { kind: 'apply', fn: slotLetter(fn), argument: below(argument) };
  // log1p and expm1 are ways to compute; on paper they are log(1 + u) and e^u - 1.
  const meant = fn.name === 'log1p' || fn.name === 'expm1' ? definition(fn.name, argument) : null;
  return meant === null ? { kind: 'elementary', name: fn.name, power: 1, argument: below(argument) } : below(meant);
}

export const slotLetter = (fn: { readonly name: string; readonly layer: Letter['layer']; readonly order: number }): Letter =>
  ({ ...letterOf(fn.name, fn.layer), primes: fn.order });

type Sign = Extract<Relation, { kind: 'compare' }>['sign'];
const opposite: Readonly<Record<Sign, Sign>> = { '=': '≠', '≠': '=', '<': '≥', '≥': '<', '>': '≤', '≤': '>' };
const turned: Readonly<Record<Sign, Sign>> = { '=': '=', '≠': '≠', '<': '>', '>': '<', '≤': '≥', '≥': '≤' };

export function relation(test: Test, below: (e: Expression) => Box): Relation {
  switch (test.kind) {
    case 'index': return indexRelation(test.relation === '=' ? '=' : '≥', test.value);
    case 'compare': {
      const sign = test.relation === '>=' ? '≥' : test.relation;
      // A number stands on the right: a < -1.
      const turn = test.left.kind === 'number' && test.right.kind !== 'number';
      return turn ? { kind: 'compare', sign: turned[sign], left: below(test.right), right: below(test.left) }
        : { kind: 'compare', sign, left: below(test.left), right: below(test.right) };
    }
    case 'and': case 'or': return { kind: test.kind, parts: test.tests.map((t) => relation(t, below)) };
    case 'not': {
      const inner = relation(test.test, below);
      if (inner.kind !== 'compare') return { kind: 'not', part: inner };
      return { ...inner, sign: opposite[inner.sign] };
    }
  }
}

/** value ≥ 0 with every term on the side where it is positive, the index that it speaks of on the left: t + 1 ≤ T. */
function indexRelation(sign: Sign, value: Affine): Relation {
  const side = (direction: 1 | -1): Affine => ({
    terms: value.terms.filter((t) => t.coefficient * direction > 0)
      .map((t) => ({ ...t, coefficient: Math.abs(t.coefficient) })),
    constant: Math.max(0, value.constant * direction),
  });
  const [positive, negative] = [side(1), side(-1)];
  const holdsIndex = (a: Affine): boolean => a.terms.some((t) => t.symbol.kind === 'index');
  const flip = !holdsIndex(positive) && (holdsIndex(negative) || constantOf(positive) !== null);
  const [left, right] = flip ? [negative, positive] : [positive, negative];
  return { kind: 'compare', sign: flip ? turned[sign] : sign, left: affineBox(left), right: affineBox(right) };
}
