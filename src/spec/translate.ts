// From syntax trees to the algebra: names get their meaning, index letters their ranges, and every reference is checked.

import { addAffine, integer, subtractAffine } from '../algebra/affine.ts';
import {
  add, affineValue, bracket, call, decideConstant, divide, elementary, type ElementaryName, type Expression, indexAtLeast, indexEqual, multiply,
  negate, not, number, one, piecewise, power, ref, type Reference, squareRoot, symbol, type Test, zero,
} from '../algebra/expression.ts';
import { elementaryNames } from '../algebra/functions.ts';
import * as Q from '../algebra/rational.ts';
import { testAffines } from '../algebra/traverse.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { affineOf } from './affine-syntax.ts';
import { LARGEST, sizeOf } from './expression-size.ts';
import { isPossible } from './extent.ts';
import { integerEquality } from './gather.ts';
import { describe, type Meaning, type Names, type ReportAt } from './meaning.ts';
import { functionNames, isReduction, reductionNames, translatedFunctions } from './names.ts';
import type { Axis } from './network.ts';
import { checkMaximum, isReductionCall, reduction } from './reduce.ts';
import { entry, wrongCount } from './reference.ts';
import { byItself, knownIn, type Scope, type Surroundings, textOf, under } from './scope.ts';
import type { Name, Relation, Span, Syntax } from './syntax.ts';

/** The greatest exponent: beyond it, hardly a number has a power that is one. */
const LARGEST_EXPONENT = 1_000;
/** The most bits of a number that powers of numbers may reach. */
const LARGEST_NUMBER = 4_096;

/**
 * The meaning of an expression. What is wrong is reported, and 0 put in its place.
 * @param free the letters of the equation's left side
 */
export function translate(
  syntax: Syntax, text: string, names: Names, free: readonly Axis[], report: ReportAt, around: Surroundings = byItself,
): Expression {
  const letters = new Map(free.map((axis) => [axis.index, { index: axis.index, range: axis.range }]));
  const taken = new Set(letters.keys());
  const scope: Scope = { ...around, names, letters, taken, conditions: [], text, report };
  const value = syntax.kind === 'call' && isReductionCall(syntax, scope) ? reduction(syntax, scope, valueOf, true) : valueOf(syntax, scope);
  if (sizeOf(value) <= LARGEST) return value;
  report('expression-too-large', syntax, { most: LARGEST });
  return zero;
}

function valueOf(syntax: Syntax, scope: Scope): Expression {
  switch (syntax.kind) {
    case 'number': return literal(syntax.text, syntax, scope);
    case 'name': return named(syntax, scope);
    case 'entry': return entry(syntax, scope, valueOf);
    case 'call': return called(syntax, scope);
    case 'bracket': return bracket(testOf(syntax.test, scope));
    case 'negate': return negate(valueOf(syntax.of, scope));
    case 'terms':
      return add([valueOf(syntax.first, scope), ...syntax.rest.map(({ operator, operand }) => {
        const value = valueOf(operand, scope);
        return operator === '-' ? negate(value) : value;
      })]);
    case 'factors': return product(syntax, scope);
    case 'power': return raised(syntax, scope);
    case 'conditional': {
      const test = testOf(syntax.test, scope);
      checkReached(syntax, test, scope);
      const then = valueOf(syntax.then, under(scope, [test]));
      const otherwise = valueOf(syntax.otherwise, under(scope, [not(test)]));
      const truth = decideConstant(test);
      return truth === null ? piecewise([{ when: test, then }], otherwise) : truth ? then : otherwise;
    }
    case 'relation': case 'and': case 'or': case 'not':
      scope.report('condition-as-number', syntax, { text: textOf(syntax, scope) });
      return zero;
    case 'binding':
      scope.report('binding-outside-sum', syntax, { text: textOf(syntax, scope) });
      return zero;
  }
}

/** Says so where an index condition leaves one of the two cases nothing. */
function checkReached(syntax: Extract<Syntax, { kind: 'conditional' }>, test: Test, scope: Scope): void {
  if (decideConstant(test) !== null || testAffines(test).length === 0 || !isPossible(knownIn(scope))) return;
  for (const [part, when] of [[syntax.then, test], [syntax.otherwise, not(test)]] as const) {
    if (isPossible(knownIn(under(scope, [when])))) continue;
    scope.report('branch-never-reached', part, { text: textOf(part, scope), condition: textOf(syntax.test, scope), taken: part === syntax.then });
  }
}

function literal(text: string, span: Span, scope: Scope): Expression {
  const value = Q.parseDecimal(text);
  if (value !== null && Q.isZero(value)) return zero;
  const magnitude = value === null ? NaN : Math.abs(Q.toNumber(value));
  if (value !== null && Number.isFinite(magnitude) && magnitude > 0) return number(value);
  scope.report('number-out-of-range', span, { text });
  return zero;
}

function named(syntax: Name, scope: Scope): Expression {
  const { name } = syntax;
  const letter = scope.letters.get(name);
  if (letter !== undefined) return affineValue({ terms: [{ symbol: { kind: 'index', name: letter.index }, coefficient: 1 }], constant: 0 });
  if (name === 'pi') return { kind: 'constant', name: 'pi' };
  const meaning = scope.names.get(name);
  switch (meaning?.kind) {
    case undefined: return unknownName(syntax, scope);
    case 'letter':
      scope.report('unbound-index', syntax, { name });
      return zero;
    case 'size': return affineValue({ terms: [{ symbol: { kind: 'size', name, layer: null }, coefficient: 1 }], constant: 0 });
    case 'integer': return number(meaning.value);
    case 'constant': return meaning.symbol && scope.exponent !== true ? symbol(name) : number(meaning.value);
    case 'argument': return symbol(name);
    case 'tensor':
      if (meaning.axes === null || meaning.axes.length === 0) return meaning.axes === null ? zero : ref(meaning.tensor, []);
      wrongCount(syntax, name, meaning.axes, 0, scope);
      return zero;
    case 'slot':
      scope.report('function-without-argument', syntax, { name, form: `${name}(…)` });
      return zero;
  }
}

function unknownName(syntax: Name, scope: Scope): Expression {
  const { name } = syntax;
  if (functionNames.includes(name) || isReduction(name)) {
    const form = isReduction(name) && name !== 'max' && name !== 'min' ? `${name}(j, …)` : `${name}(…)`;
    scope.report('function-without-argument', syntax, { name, form });
  }
  else scope.report('unknown-name', syntax, { name, role: 'name', suggestion: nearest(name, scope.names.keys()), known: [...scope.names.keys()] });
  return zero;
}

type Factors = Extract<Syntax, { kind: 'factors' }>;

/** Brackets guard the other factors of their product: those are translated under the brackets' conditions. */
function product(syntax: Factors, scope: Scope): Expression {
  const factors = flatten(syntax);
  const guards = new Map<Syntax, Test>();
  for (const { operator, operand } of factors) {
    if (operator === '*' && operand.kind === 'bracket') guards.set(operand, testOf(operand.test, scope));
  }
  const inner = under(scope, [...guards.values()]);
  return multiply(factors.map(({ operator, operand }) => {
    const guard = guards.get(operand);
    if (guard !== undefined) return bracket(guard);
    const value = valueOf(operand, inner);
    if (operator === '*') return value;
    if (value.kind !== 'number' || !Q.isZero(value.value)) return divide(one, value);
    scope.report('division-by-zero', operand, { text: textOf(operand, scope) });
    return zero;
  }));
}

function flatten(syntax: Factors): readonly { operator: string; operand: Syntax }[] {
  const parts = [{ operator: '*', operand: syntax.first }, ...syntax.rest];
  return parts.flatMap((part) => (part.operator === '*' && part.operand.kind === 'factors' ? flatten(part.operand) : [part]));
}

function raised(syntax: Extract<Syntax, { kind: 'power' }>, scope: Scope): Expression {
  const base = valueOf(syntax.base, scope);
  const exponent = valueOf(syntax.exponent, { ...scope, exponent: true });
  if (exponent.kind !== 'number') {
    scope.report('exponent-not-constant', syntax.exponent, { base: textOf(syntax.base, scope), exponent: textOf(syntax.exponent, scope) });
    return zero;
  }
  if (base.kind !== 'number' && Math.abs(Q.toNumber(exponent.value)) > LARGEST_EXPONENT) {
    scope.report('exponent-too-large', syntax.exponent, { exponent: textOf(syntax.exponent, scope), most: LARGEST_EXPONENT });
    return zero;
  }
  if (base.kind !== 'number') return power(base, exponent.value);
  if (Q.isZero(base.value) && Q.sign(exponent.value) < 0) {
    scope.report('division-by-zero', syntax.base, { text: textOf(syntax.base, scope) });
    return zero;
  }
  const bits = (base.value.n.toString(2).length + base.value.d.toString(2).length) * Math.abs(Q.toNumber(exponent.value));
  if (bits <= LARGEST_NUMBER) return power(base, exponent.value);
  scope.report('number-out-of-range', syntax, { text: textOf(syntax, scope) });
  return zero;
}

const isElementary = (name: string): name is ElementaryName => (elementaryNames as readonly string[]).includes(name);

function called(syntax: Extract<Syntax, { kind: 'call' }>, scope: Scope): Expression {
  const { of, args } = syntax;
  const { name } = of;
  if (isReductionCall(syntax, scope)) return reduction(syntax, scope, valueOf, false);
  const meaning = scope.names.get(name);
  const slot = meaning?.kind === 'slot';
  const translated = translatedFunctions.find((f) => f === name);
  if (!slot && translated === undefined && !isElementary(name)) {
    unknownFunction(of, meaning, scope);
    args.forEach((arg) => valueOf(arg, scope));
    return zero;
  }
  checkMaximum(syntax, scope);
  const values = args.map((arg) => valueOf(arg, scope));
  const [first, second, ...more] = values;
  const many = translated === 'min' || translated === 'max';
  if (first === undefined || (many ? second === undefined : second !== undefined)) {
    scope.report('wrong-argument-count', syntax, { name, given: args.length, wanted: many ? 'two or more arguments' : 'one argument' });
    return zero;
  }
  if (slot) return call({ kind: 'slot', name, layer: null, order: 0 }, first);
  if (isElementary(name)) return elementary(name, first);
  switch (translated) {
    case undefined: return zero;
    case 'sqrt': return squareRoot(first);
    case 'square': return power(first, 2);
    // At the kinks: abs'(0) = sign(0) = 0; max and min of equals take the later argument, so that relu(a) = max(a, 0) has slope 0 at 0.
    case 'abs': return piecewise([branch('>', first, zero, first), branch('>', zero, first, negate(first))], zero);
    case 'sign': return piecewise([branch('>', first, zero, one), branch('>', zero, first, number(-1))], zero);
    case 'max': return extreme([first, ...(second === undefined ? [] : [second]), ...more], (u, v) => branch('>', u, v, u));
    case 'min': return extreme([first, ...(second === undefined ? [] : [second]), ...more], (u, v) => branch('>', v, u, u));
  }
}

const branch = (relation: '>', left: Expression, right: Expression, then: Expression): { when: Test; then: Expression } =>
  ({ when: { kind: 'compare', relation, left, right }, then });

function extreme(values: readonly Expression[], take: (u: Expression, v: Expression) => { when: Test; then: Expression }): Expression {
  return values.reduceRight((rest, value) => (sizeOf(rest) > LARGEST ? rest : piecewise([take(value, rest)], rest)));
}

function unknownFunction(of: Name, meaning: Meaning | undefined, scope: Scope): void {
  if (meaning !== undefined) {
    scope.report('not-a-function', of, { name: of.name, is: describe(meaning), indexed: meaning.kind === 'tensor' && meaning.axes?.length !== 0 });
    return;
  }
  const slots = [...scope.names].filter(([, m]) => m.kind === 'slot').map(([name]) => name);
  const known = [...new Set([...functionNames, ...reductionNames, ...slots])];
  scope.report('unknown-name', of, { name: of.name, role: 'function', suggestion: nearest(of.name, known), known });
}

function testOf(syntax: Syntax, scope: Scope): Test {
  switch (syntax.kind) {
    case 'and': {
      // Each part may rely on the ones before it.
      const tests: Test[] = [];
      for (const part of syntax.parts) tests.push(testOf(part, under(scope, tests)));
      return { kind: 'and', tests };
    }
    case 'or': return { kind: 'or', tests: syntax.parts.map((part) => testOf(part, scope)) };
    case 'not': return not(testOf(syntax.of, scope));
    case 'relation': {
      const tests = syntax.relations.map((relation, n) => comparison(relation, syntax.operands[n]!, syntax.operands[n + 1]!, scope));
      const [only] = tests;
      return tests.length === 1 && only !== undefined ? only : { kind: 'and', tests };
    }
    case 'number': case 'name': case 'entry': case 'call': case 'binding': case 'bracket': case 'negate': case 'terms':
    case 'factors': case 'power': case 'conditional':
      scope.report('number-as-condition', syntax, { text: textOf(syntax, scope) });
      return indexEqual(integer(0));
  }
}

/** Between index expressions a comparison is exact; between anything else it looks at real numbers. */
function comparison(relation: Relation, left: Syntax, right: Syntax, scope: Scope): Test {
  const a = affineOf(left, scope.names, scope.letters);
  const b = affineOf(right, scope.names, scope.letters);
  if (a.ok && b.ok) {
    const difference = subtractAffine(a.value, b.value);
    const opposite = subtractAffine(b.value, a.value);
    switch (relation) {
      case '=': return indexEqual(difference);
      case '!=': return not(indexEqual(difference));
      case '>=': return indexAtLeast(difference);
      case '<=': return indexAtLeast(opposite);
      case '>': return indexAtLeast(addAffine(difference, integer(-1)));
      case '<': return indexAtLeast(addAffine(opposite, integer(-1)));
    }
  }
  const [u, v] = [valueOf(left, scope), valueOf(right, scope)];
  switch (relation) {
    case '=': return equality(u, v, scope);
    case '!=': return not(equality(u, v, scope));
    case '>=': return { kind: 'compare', relation: '>=', left: u, right: v };
    case '<=': return { kind: 'compare', relation: '>=', left: v, right: u };
    case '>': return { kind: 'compare', relation: '>', left: u, right: v };
    case '<': return { kind: 'compare', relation: '>', left: v, right: u };
  }
}

function equality(left: Expression, right: Expression, scope: Scope): Test {
  const isInteger = (r: Reference): boolean => {
    const meaning = scope.names.get(r.tensor.name);
    return meaning?.kind === 'tensor' && meaning.integer !== undefined;
  };
  return integerEquality(left, right, isInteger) ?? { kind: 'compare', relation: '=', left, right };
}
