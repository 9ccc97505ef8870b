// From syntax trees to the algebra: names get their meaning, index letters their ranges, and every reference is checked.

import { addAffine, integer, type Range, subtractAffine } from '../algebra/affine.ts';
import {
  add, affineValue, bracket, call, decideConstant, divide, elementary, type ElementaryName, type Expression, indexAtLeast, indexEqual, multiply,
  negate, not, number, one, piecewise, power, ref, squareRoot, sum, symbol, type Test, zero,
} from '../algebra/expression.ts';
import { elementaryNames } from '../algebra/functions.ts';
import * as Q from '../algebra/rational.ts';
import { children, freshIndex } from '../algebra/traverse.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { affineOf } from './affine-syntax.ts';
import { describe, type Meaning, type Names, type ReportAt } from './meaning.ts';
import { functionNames, translatedFunctions, whyNoIdentifier } from './names.ts';
import type { Axis } from './network.ts';
import { entry, reportAffine, wrongCount } from './reference.ts';
import { type Scope, textOf, under } from './scope.ts';
import type { Name, Relation, Span, Syntax } from './syntax.ts';

/** The most nodes of one expression, each use of a repeated part counted (min, max and abs repeat theirs). */
const LARGEST = 20_000;
/** The most bits of a number that powers of numbers may reach. */
const LARGEST_NUMBER = 4_096;

/**
 * The meaning of an expression. What is wrong is reported, and 0 put in its place.
 * @param free the letters of the equation's left side
 */
export function translate(syntax: Syntax, text: string, names: Names, free: readonly Axis[], report: ReportAt): Expression {
  const letters = new Map(free.map((axis) => [axis.index, { index: axis.index, range: axis.range }]));
  const taken = new Set(letters.keys());
  const value = valueOf(syntax, { names, letters, taken, conditions: [], text, report });
  if (sizeOf(value) <= LARGEST) return value;
  report('expression-too-large', syntax, { most: LARGEST });
  return zero;
}

const sizes = new WeakMap<Expression, number>();

function sizeOf(e: Expression): number {
  const known = sizes.get(e);
  if (known !== undefined) return known;
  const size = children(e).reduce((total, child) => Math.min(total + sizeOf(child), LARGEST + 1), 1);
  sizes.set(e, size);
  return size;
}

function valueOf(syntax: Syntax, scope: Scope): Expression {
  switch (syntax.kind) {
    case 'number': return literal(syntax.text, syntax, scope);
    case 'name': return named(syntax, scope);
    case 'entry': return entry(syntax, scope);
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
    case 'constant': return meaning.value === null ? symbol(name) : number(meaning.value);
    case 'argument': return symbol(name);
    case 'tensor':
      if (meaning.axes === null || meaning.axes.length === 0) return meaning.axes === null ? zero : ref(meaning.tensor, []);
      wrongCount(syntax, name, meaning.axes, 0, scope);
      return zero;
    case 'slot':
      scope.report('function-without-argument', syntax, { name });
      return zero;
  }
}

function unknownName(syntax: Name, scope: Scope): Expression {
  const { name } = syntax;
  if (functionNames.includes(name) || name === 'sum') scope.report('function-without-argument', syntax, { name });
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
  const exponent = valueOf(syntax.exponent, scope);
  if (exponent.kind !== 'number') {
    scope.report('exponent-not-constant', syntax.exponent, { base: textOf(syntax.base, scope), exponent: textOf(syntax.exponent, scope) });
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
  if (name === 'sum') return summed(syntax, scope);
  const meaning = scope.names.get(name);
  const slot = meaning?.kind === 'slot';
  const translated = translatedFunctions.find((f) => f === name);
  if (!slot && translated === undefined && !isElementary(name)) {
    unknownFunction(of, meaning, scope);
    args.forEach((arg) => valueOf(arg, scope));
    return zero;
  }
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
  const known = [...functionNames, 'sum', ...slots];
  scope.report('unknown-name', of, { name: of.name, role: 'function', suggestion: nearest(of.name, known), known });
}

/** sum(j, k, body), sum(j = 1..n, body) */
function summed(syntax: Extract<Syntax, { kind: 'call' }>, scope: Scope): Expression {
  const binders = syntax.args.slice(0, -1);
  const body = syntax.args.at(-1);
  if (body === undefined || binders.length === 0) {
    scope.report('wrong-argument-count', syntax, { name: 'sum', given: syntax.args.length, wanted: 'an index letter and a summand' });
    return zero;
  }
  const letters = new Map(scope.letters);
  const taken = new Set(scope.taken);
  const bound: { index: string; range: Range }[] = [];
  for (const binder of binders) {
    const found = binderOf(binder, scope);
    if (found === null) continue;
    const index = freshIndex(found.name, taken);
    taken.add(index);
    letters.set(found.name, { index, range: found.range });
    bound.push({ index, range: found.range });
  }
  if (bound.length < binders.length) return zero;
  const value = valueOf(body, { ...scope, letters, taken });
  return bound.reduceRight((inner, { index, range }) => sum(index, range, inner), value);
}

function binderOf(syntax: Syntax, scope: Scope): { name: string; range: Range } | null {
  if (syntax.kind === 'name') {
    const meaning = scope.names.get(syntax.name);
    if (meaning?.kind === 'letter') return { name: syntax.name, range: meaning.range };
    const known = [...scope.names].filter(([, m]) => m.kind === 'letter').map(([name]) => name);
    scope.report('unknown-name', syntax, { name: syntax.name, role: 'index letter', suggestion: nearest(syntax.name, known), known });
    return null;
  }
  if (syntax.kind !== 'binding') {
    scope.report('sum-without-letter', syntax, { text: textOf(syntax, scope) });
    return null;
  }
  const { of } = syntax;
  const meaning = scope.names.get(of.name);
  if (meaning !== undefined && meaning.kind !== 'letter') {
    scope.report('duplicate-name', of, { name: of.name, first: describe(meaning), second: 'an index letter' });
    return null;
  }
  const why = whyNoIdentifier(of.name);
  if (why !== null) {
    scope.report('bad-name', of, { name: of.name, why });
    return null;
  }
  const [lo, hi] = [syntax.lo, syntax.hi].map((end) => {
    const result = affineOf(end, scope.names, null);
    if (!result.ok) {
      if (result.why === 'unknown-name') reportAffine(result, end, scope);
      else scope.report('range-not-fixed', result.span, { text: textOf(end, scope) });
    }
    return result.ok ? result.value : null;
  });
  return lo === undefined || hi === undefined || lo === null || hi === null ? null : { name: of.name, range: { lo, hi } };
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
    case '=': return { kind: 'compare', relation: '=', left: u, right: v };
    case '!=': return not({ kind: 'compare', relation: '=', left: u, right: v });
    case '>=': return { kind: 'compare', relation: '>=', left: u, right: v };
    case '<=': return { kind: 'compare', relation: '>=', left: v, right: u };
    case '>': return { kind: 'compare', relation: '>', left: u, right: v };
    case '<': return { kind: 'compare', relation: '>', left: v, right: u };
  }
}
