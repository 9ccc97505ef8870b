// The value of a term: a number, a vector or a matrix, with an expression for each entry.

import { integer, subtractAffine } from '../../algebra/affine.ts';
import {
  affineValue, type Branch, bracket, elementary, type Expression, multiply, negate, number, one as oneExpression, piecewise, power, ref,
} from '../../algebra/expression.ts';
import * as Q from '../../algebra/rational.ts';
import type { SupPart, Superscript, Term, TermOf } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import { testOf } from './conditions.ts';
import { einsumValue, isRepeated } from './einsum.ts';
import { tensorValue } from './entry.ts';
import type { Env } from './env.ts';
import { absolute, functionValue, greater, slotValue } from './functions.ts';
import { choosing, indexOf, itemsOf, noteUse, textOf } from './indices.ts';
import { indexValue, isTotal, meaningOf, meaningsOf, type Named, namedOf, shownName, withoutPrimes } from './meaning.ts';
import { overValue } from './over.ts';
import { type Applied, differentialOf, productValue, raisedTo } from './product.ts';
import { isScalar, mapped, multiplied, numberIn, one, openExtent, rangeOf, scalar, settled, shapeText, summed, together, transposed, type Value } from './value.ts';

export function evaluate(term: Term, env: Env): Value {
  const asArray = env.rank !== null;
  switch (term.kind) {
    case 'number':
      if (term.cut) return refuse('number-cut', term, { text: term.digits });
      return isRepeated(term) && !asArray ? { dims: [openExtent(term.digits, term), one], at: () => number(term.value) } : scalar(number(term.value), asArray);
    case 'name': case 'scripts': return scriptedValue(term, env);
    case 'sum': return sumValue(term, env);
    case 'product': return productValue(term, env, (factor) => factorValue(factor, env));
    case 'fraction': return fractionValue(term, env);
    case 'derivative': return derivativeValue(term.of, term.by, term, env);
    case 'root': return rootValue(term, env);
    case 'apply': return applyValue(term, env);
    case 'over': return overValue(term, env);
    case 'bracket': {
      const { test, chosen } = testOf(term.condition, env);
      return scalar(choosing(bracket(test), chosen), asArray);
    }
    case 'fenced': {
      const [only] = term.items;
      return only !== undefined && term.items.length === 1 ? evaluate(only, env) : refuse('formula-construct', term, { text: `${term.open}…${term.close}`, type: 'brackets' });
    }
    case 'norm': return normValue(evaluate(term.body, env), term, env, 1);
    case 'absolute': return mapped(evaluate(term.body, env), absolute);
    case 'cases': return casesValue(term, env);
    case 'brace': return evaluate(term.body, env);
    case 'matrix': case 'letters': case 'colon': case 'dots': return refuse('formula-construct', term, { text: textOf(term), type: 'value' });
  }
}

function factorValue(factor: Applied, env: Env): Value {
  switch (factor.kind) {
    case 'term': return evaluate(factor.term, env);
    case 'call': return callValue(factor, env);
    case 'differential': return derivativeValue(null, factor.by, factor.place, env);
  }
}

/** h'(a), and scripts behind the bracket on its value. */
function callValue({ fn, named, argument }: Extract<Applied, { kind: 'call' }>, env: Env): Value {
  const [inner, sup] = argument.kind === 'scripts' ? [argument.base, argument.sup] : [argument, null];
  const place = { start: named.start, end: argument.end };
  const value = slotValue(fn, evaluate(inner, env), place, env);
  const own = above(value, withoutPrimes(fn.rest), place, env);
  return sup === null ? own : above(own, sup.parts, place, env);
}

function sumValue(term: TermOf<'sum'>, env: Env): Value {
  const values = term.terms.map(({ negative, term: t }) => {
    const value = evaluate(t, env);
    return negative ? mapped(value, negate) : value;
  });
  return summed(values, term);
}

function fractionValue(term: TermOf<'fraction'>, env: Env): Value {
  const [of, by] = [differentialOf(term.top), differentialOf(term.bottom)];
  if (of !== null && by !== null && isTotal(of, env)) return derivativeValue(of, by, term, env);
  const [top, bottom] = [evaluate(term.top, env), evaluate(term.bottom, env)];
  if (isScalar(bottom)) return mapped(top, (e) => multiply([e, raisedTo(numberIn(bottom), Q.MINUS_ONE, term.bottom)]));
  // Arrays are worked out entry by entry.
  if (env.rank !== null) return together([top, bottom], ([n = oneExpression, d = oneExpression]) => multiply([n, raisedTo(d, Q.MINUS_ONE, term.bottom)]), 'divide', term);
  return refuse('no-shape', term.bottom, { what: 'a divisor', shape: shapeText(bottom), wanted: 'a number' });
}

/** ∂E/∂W, ∇_W E, dW (of null). */
function derivativeValue(of: Term | null, by: Term, place: Span, env: Env): Value {
  const named = namedOf(by);
  if (named === null) return refuse('not-expressible', by, { text: textOf(by), reason: 'derivatives are taken by tensors and their entries' });
  if (of !== null && !isTotal(of, env)) {
    return refuse('not-expressible', place, { text: `∂${textOf(of)}/∂${shownName(named)}`, reason: 'such a derivative stands by itself, or in a chain' });
  }
  const meaning = meaningOf(named, env);
  if (meaning.kind !== 'tensor' || meaning.adjoint) return refuse('not-expressible', by, { text: shownName(named), reason: 'derivatives are taken by tensors and their entries' });
  const { context } = env.reading;
  const isSignal = context.signals.some((s) => s.tensor.name === meaning.declared.tensor.name);
  const value = tensorValue({ ...meaning, adjoint: true }, named, env);
  const factor = isSignal ? context.signalFactor ?? null : null;
  return above(factor === null ? value : mapped(value, (e) => multiply([power(factor, -1), e])), meaning.rest, place, env);
}

function rootValue(term: TermOf<'root'>, env: Env): Value {
  const degree = term.degree === null ? Q.rational(2) : rational(term.degree, env);
  if (degree === null || Q.isZero(degree)) return refuse('no-power', term.degree ?? term, { text: 'the degree of a root' });
  return mapped(evaluate(term.body, env), (e) => power(e, Q.divide(Q.ONE, degree)));
}

function applyValue(term: TermOf<'apply'>, env: Env): Value {
  if (term.name === 'einsum') return einsumValue(term.argument, env);
  if (term.name === 'max' || term.name === 'min') return greaterValue(term, env);
  const value = functionValue(term.name, evaluate(term.argument, env), term);
  const { scripts } = term;
  if (scripts === null) return value;
  if (scripts.sub !== null) return refuse('formula-construct', scripts.sub, { text: term.name, type: 'subscript' });
  return scripts.sup === null ? value : above(value, scripts.sup.parts, term, env);
}

/** max(0, a) */
function greaterValue(term: TermOf<'apply'>, env: Env): Value {
  const items = term.argument.kind === 'fenced' ? term.argument.items : [];
  const [a, b] = items.map((t) => evaluate(t, env));
  if (a === undefined || b === undefined || items.length !== 2 || !isScalar(a) || !isScalar(b)) return refuse('formula-incomplete', term, { wanted: `two numbers for ${term.name}` });
  const [x, y] = [numberIn(a), numberIn(b)];
  return scalar(term.name === 'max' ? greater(x, y) : negate(greater(negate(x), negate(y))), env.rank !== null);
}

function casesValue(term: TermOf<'cases'>, env: Env): Value {
  const branches: Branch[] = [];
  let otherwise: Expression | null = null;
  for (const { then, when } of term.branches) {
    const value = evaluate(then, env);
    if (!isScalar(value)) return refuse('no-shape', then, { what: 'a case', shape: shapeText(value), wanted: 'a number' });
    if (otherwise !== null) return refuse('formula-unexpected', then, { what: 'a case behind the last one' });
    if (when === null) otherwise = numberIn(value);
    else {
      const { test, chosen } = testOf(when, env);
      if (chosen.length > 0) return refuse('not-expressible', when, { text: 'a case', reason: 'entries stand for indices in its condition' });
      branches.push({ when: test, then: numberIn(value) });
    }
  }
  return otherwise === null ? refuse('formula-incomplete', term, { wanted: 'what holds otherwise' }) : scalar(piecewise(branches, otherwise), env.rank !== null);
}

/** A name with its scripts, or scripts on anything else. */
function scriptedValue(term: TermOf<'name'> | TermOf<'scripts'>, env: Env): Value {
  const asArray = env.rank !== null;
  const named = namedOf(term);
  if (term.kind === 'scripts' && isEuler(term, named, env)) return exponential(term, env);
  if (named === null) return term.kind === 'scripts' ? onBracket(term, env) : refuse('formula-construct', term, { text: textOf(term), type: 'name' });
  const meaning = meaningOf(named, env);
  switch (meaning.kind) {
    case 'index': return scalar(affineValue(indexValue(meaning.binding)), asArray);
    case 'number': return above(scalar(meaning.value, asArray), meaning.rest, named, env);
    case 'total': return above(scalar(ref(meaning.tensor, []), asArray), meaning.rest, named, env);
    case 'tensor': return above(tensorValue(meaning, named, env), meaning.rest, named, env);
    case 'function': return refuse('formula-incomplete', named, { wanted: `the argument of ${shownName(named)}` });
  }
}

/** e^{…}, where e is nothing else. */
function isEuler(term: TermOf<'scripts'>, named: Named | null, env: Env): boolean {
  const { base, sub, sup } = term;
  if (base.kind !== 'name' || base.text !== 'e' || base.accents.length > 0 || sub !== null || sup === null || named === null) return false;
  const [meaning] = meaningsOf({ ...named, above: [] }, { ...env, collects: false });
  return meaning === undefined || meaning.kind === 'index';
}

function exponential(term: TermOf<'scripts'>, env: Env): Value {
  const whole = term.sup?.whole ?? null;
  if (whole === null) return refuse('no-power', term.sup ?? term, { text: 'what stands above e' });
  return mapped(evaluate(whole, env), (e) => elementary('exp', e));
}

/** Scripts on brackets, norms, 𝟏: transposes, powers, and indices of what is in the brackets. */
function onBracket(term: TermOf<'scripts'>, env: Env): Value {
  const { base, sub, sup } = term;
  if (base.kind === 'norm') {
    if (sub !== null && !(sub.parts.length === 1 && sub.parts[0]?.kind === 'number' && sub.parts[0].digits === '2')) return refuse('formula-construct', sub, { text: 'norm', type: 'subscript' });
    const power = sup === null ? Q.ONE : exponentIn(sup, env);
    return normOfPower(evaluate(base.body, env), power, term, env);
  }
  const value = evaluate(base, env);
  const indexed = sub === null ? value : isRepeated(base) ? ofLength(value, sub.parts, env) : entryOf(value, sub.parts, term, env);
  return sup === null ? indexed : above(indexed, sup.parts, sup, env);
}

const exponentIn = (sup: Superscript, env: Env): Q.Rational =>
  (sup.whole === null ? null : rational(sup.whole, env)) ?? refuse('no-power', sup, { text: 'this' });

/** 𝟏_n */
function ofLength(value: Value, parts: readonly Term[], env: Env): Value {
  const [only] = parts;
  if (only === undefined || parts.length !== 1) return value;
  const hi = indexOf(only, env).affine;
  const [down = one, across = one] = value.dims;
  const open = settled(down);
  if (open.kind === 'open') open.cell.is = { kind: 'axis', range: { lo: integer(1), hi } };
  return { ...value, dims: [down, across] };
}

/** (∇_W E)_ij */
function entryOf(value: Value, parts: readonly Term[], place: Span, env: Env): Value {
  const axes = value.dims.flatMap((d, n) => (settled(d).kind === 'one' ? [] : [{ range: rangeOf(d), n }]));
  const items = itemsOf(parts, [axes.length], env);
  if (items === null || axes.length === 0) return refuse('wrong-subscripts', place, { text: '(…)', count: parts.length, axes: axes.map(() => ':') });
  const values = items.map((item, n) => {
    const found = indexOf(item, env);
    noteUse(found, axes[n]?.range ?? null);
    return found;
  });
  const point = value.dims.map((_, n) => values[axes.findIndex((a) => a.n === n)]?.affine ?? integer(1));
  return scalar(choosing(value.at(point), values.flatMap((v) => v.chosen)));
}

const normValue = (value: Value, place: Span, env: Env, exponent: number): Value => normOfPower(value, Q.rational(exponent), place, env);

/** ‖v‖^q = (vᵀv)^(q/2) */
function normOfPower(value: Value, exponent: Q.Rational, place: Span, env: Env): Value {
  const [down = one, across = one] = value.dims;
  const column = settled(across).kind === 'one' ? value : settled(down).kind === 'one' ? transposed(value) : null;
  if (column === null || value.dims.length !== 2) return refuse('no-shape', place, { what: 'what a norm is taken of', shape: shapeText(value), wanted: 'a vector' });
  const square = multiplied(transposed(column), column, env.reading.fresh, place);
  return mapped(square, (e) => power(e, Q.multiply(exponent, Q.HALF)));
}

/** What stands above a value: transposes and powers, in their order. */
function above(value: Value, parts: readonly SupPart[], place: Span, env: Env): Value {
  const { convention } = env.reading.context;
  let result = value;
  let elementwise = false;
  for (const part of parts) {
    switch (part.kind) {
      case 'transpose': result = transposed(result); break;
      case 'primes':
        if (convention.transpose !== "'") return refuse('formula-unexpected', part, { what: "'" });
        for (let n = 0; n < part.count; n += 1) result = transposed(result);
        break;
      case 'elementwise': elementwise = true; break;
      case 'value':
        result = raised(result, part.term, elementwise, env);
        elementwise = false;
        break;
      case 'mark': return refuse('unclear-superscript', part, { text: 'this', meanings: ['a layer', 'a power'] });
    }
  }
  if (elementwise) return refuse('formula-incomplete', place, { wanted: 'an exponent' });
  return env.rank !== null && parts.some((p) => p.kind === 'transpose') ? refuse('formula-construct', place, { text: 'T', type: 'superscript' }) : result;
}

function raised(value: Value, term: Term, elementwise: boolean, env: Env): Value {
  const exponent = rational(term, env) ?? refuse('no-power', term, { text: textOf(term) });
  if (isScalar(value) || elementwise || env.rank !== null) return mapped(value, (e) => raisedTo(e, exponent, term));
  const { diagonal } = value;
  if (diagonal === undefined) return refuse('no-shape', term, { what: 'what is raised to a power', shape: shapeText(value), wanted: 'a number, or a power entry by entry (⊙)' });
  return {
    dims: value.dims, diagonal: (i) => raisedTo(diagonal(i), exponent, term),
    at: ([i = integer(1), j = integer(1)]) => multiply([raisedTo(diagonal(i), exponent, term), bracket({ kind: 'index', relation: '=', value: subtractAffine(i, j) })]),
  };
}

/** A rational number that is written as such. */
function rational(term: Term, env: Env): Q.Rational | null {
  switch (term.kind) {
    case 'number': return term.cut ? null : term.value;
    case 'sum': return term.terms.reduce<Q.Rational | null>((total, { negative, term: t }) => {
      const value = rational(t, env);
      return total === null || value === null ? null : Q.add(total, negative ? Q.negate(value) : value);
    }, Q.ZERO);
    case 'fraction': {
      const [top, bottom] = [rational(term.top, env), rational(term.bottom, env)];
      return top === null || bottom === null || Q.isZero(bottom) ? null : Q.divide(top, bottom);
    }
    case 'product': {
      const [top, bottom] = term.factors;
      if (top === undefined || bottom?.sign !== '/' || term.factors.length !== 2) return null;
      const [n, d] = [rational(top.term, env), rational(bottom.term, env)];
      return n === null || d === null || Q.isZero(d) ? null : Q.divide(n, d);
    }
    case 'fenced': {
      const [only] = term.items;
      return only !== undefined && term.items.length === 1 ? rational(only, env) : null;
    }
    case 'name': case 'scripts': case 'derivative': case 'root': case 'apply': case 'over': case 'bracket': case 'norm': case 'absolute': case 'cases':
    case 'matrix': case 'brace': case 'letters': case 'colon': case 'dots': return null;
  }
}
