// Normal form of an expression: a sum of monomials over atoms, equal for expressions that the algebra's laws make equal.

import { addAffine, type Affine, index, integer, subtractAffine } from '../affine.ts';
import { type Context, emptyContext } from '../bounds.ts';
import { assume } from '../contract.ts';
import type { Expression, ExpressionOf, FunctionName, Test } from '../expression.ts';
import { definition } from '../functions.ts';
import * as Q from '../rational.ts';
import { substituteIndices } from '../traverse.ts';
import {
  addPolynomials, finish, multiplyPolynomials, powerPolynomial, scalePolynomial, subtractPolynomials,
} from './arithmetic.ts';
import { extractContent, isPositiveAtom, positiveAtom, primePowers, zeroAtom } from './atoms.ts';
import {
  type Atom, constantMonomial, constantOfPolynomial, constantPolynomial, type Factor, factor, isZeroPolynomial,
  type Monomial, onlyMonomial, type Polynomial, polynomial, zeroPolynomial,
} from './polynomial.ts';
import { heightOfPolynomial, integerTerms, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';

export const DEFAULT_STEPS = 200_000;

/** The normal form. @throws StepLimitError when it would take more than `steps` steps. */
export function normalize(e: Expression, context: Context = emptyContext, steps = DEFAULT_STEPS): Polynomial {
  return normalizeWithin(e, { context, budget: { steps } });
}

/** The same, as a part of something greater that has a budget for all of it. */
export const normalizeWithin = (e: Expression, scope: Scope): Polynomial => walk(e, scope, { next: 0 });

/** Numbers the summed variables of one expression apart. */
interface Names {
  next: number;
}

function walk(e: Expression, scope: Scope, names: Names): Polynomial {
  switch (e.kind) {
    case 'number': return constantPolynomial(e.value);
    case 'constant': return ofAtom({ kind: 'pi' });
    case 'symbol': return ofAtom({ kind: 'symbol', name: e.name, layer: e.layer });
    case 'affine': return affinePolynomial(e.value);
    case 'ref': return ofAtom({ kind: 'ref', tensor: e.tensor, adjoint: e.adjoint, indices: e.indices });
    case 'bracket': return walkTest(e.test, scope, names);
    case 'sum': return walkSum(e, scope, names);
    case 'product': case 'argmax': return walkBinder(e, scope, names);
    case 'add': return addPolynomials(e.terms.map((t) => walk(t, scope, names)));
    case 'multiply': return walkProduct(e.factors, scope, names);
    case 'power': return powerPolynomial(walk(e.base, scope, names), e.exponent, scope);
    case 'call': return applyFunction(e.fn, walk(e.argument, scope, names), e.argument, scope, names);
    case 'piecewise': return walkPiecewise(e, scope, names);
  }
}

const ofAtom = (atom: Atom): Polynomial => ofFactor(factor(atom));
const ofFactor = (f: Factor): Polynomial => polynomial([withFactor(constantMonomial(Q.ONE), f)]);

const affinePolynomial = (a: Affine): Polynomial => polynomial(integerTerms(a).map((t): Monomial => {
  const m = constantMonomial(t.coefficient);
  return t.factor === null ? m : withFactor(m, t.factor);
}));

/** A bracket is a strong zero: inside the other factors its condition is known to hold. */
function walkProduct(factors: readonly Expression[], scope: Scope, names: Names): Polynomial {
  const known: Scope = { ...scope, context: factors.reduce((c, f) => (f.kind === 'bracket' ? assume(c, f.test) : c), scope.context) };
  return factors.reduce<Polynomial>((product, f) => (isZeroPolynomial(product) ? product
    : multiplyPolynomials(product, walk(f, f.kind === 'bracket' ? scope : known, names), scope)), constantPolynomial(Q.ONE));
}

/** Every summed variable gets a name of its own before the body is looked at, so nothing is ever captured. */
function walkSum(e: ExpressionOf<'sum'>, scope: Scope, names: Names): Polynomial {
  const name = `~s${String(names.next)}`;
  names.next += 1;
  const inner: Scope = {
    ...scope,
    context: { ...scope.context, ranges: new Map([...scope.context.ranges, [name, e.range]]) },
  };
  const body = walk(renameIndex(e.body, e.index, name), inner, names);
  const lower = subtractAffine(index(name), e.range.lo);
  const upper = subtractAffine(e.range.hi, index(name));
  const summed = body.monomials.map((m): Monomial =>
    ({ ...m, bound: [...m.bound, name], inequalities: [...m.inequalities, lower, upper] }));
  return polynomial(finish(summed, scope));
}

/**
 * A product or an argmax is an atom. Its index counts from 0 and is named after the height of what is inside, which takes a
 * first look; the second one writes the body with that name, so that equal bodies have equal keys.
 */
function walkBinder(e: ExpressionOf<'product' | 'argmax'>, scope: Scope, names: Names): Polynomial {
  const last = subtractAffine(e.range.hi, e.range.lo);
  const bodyWith = (name: string): Polynomial => {
    const context: Context = { ...scope.context, ranges: new Map([...scope.context.ranges, [name, { lo: integer(0), hi: last }]]) };
    return walk(substituteIndices(e.body, new Map([[e.index, addAffine(index(name), e.range.lo)]])), { ...scope, context }, names);
  };
  names.next += 1;
  const name = `#${String(heightOfPolynomial(bodyWith(`~b${String(names.next)}`)) + 1)}.b`;
  const body = bodyWith(name);
  const atom = ofAtom({ kind: e.kind, index: name, last, body });
  if (e.kind === 'argmax') return addPolynomials([atom, affinePolynomial(e.range.lo)]);
  const constant = constantOfPolynomial(body);
  return constant !== null && Q.isOne(constant) ? body : atom;
}

function walkTest(test: Test, scope: Scope, names: Names): Polynomial {
  switch (test.kind) {
    case 'index': return polynomial(finish([condition(test.relation, test.value)], scope));
    case 'compare': {
      const difference = subtractPolynomials(walk(test.left, scope, names), walk(test.right, scope, names));
      const opposite = scalePolynomial(difference, Q.MINUS_ONE);
      switch (test.relation) {
        case '>': return sign(difference);
        case '>=': return complement(sign(opposite));
        case '=': return countsIndices(difference) ? vanishing(difference) : addPolynomials([constantPolynomial(Q.ONE), scalePolynomial(sign(difference), Q.MINUS_ONE), scalePolynomial(sign(opposite), Q.MINUS_ONE)]);
      }
    }
    case 'and': return test.tests.reduce<Polynomial>((product, t) => multiplyPolynomials(product, walkTest(t, scope, names), scope), constantPolynomial(Q.ONE));
    case 'or': return complement(test.tests.reduce<Polynomial>((product, t) =>
      multiplyPolynomials(product, complement(walkTest(t, scope, names)), scope), constantPolynomial(Q.ONE)));
    case 'not': return test.test.kind === 'index' && test.test.relation === '>='
      ? polynomial(finish([condition('>=', addAffine(integer(-1), test.test.value, -1))], scope))
      : complement(walkTest(test.test, scope, names));
  }
}

const condition = (relation: '=' | '>=', value: Affine): Monomial =>
  ({ ...constantMonomial(Q.ONE), equalities: relation === '=' ? [value] : [], inequalities: relation === '>=' ? [value] : [] });

const complement = (p: Polynomial): Polynomial => subtractPolynomials(constantPolynomial(Q.ONE), p);

function sign(p: Polynomial): Polynomial {
  const atom = positiveAtom(p);
  return typeof atom === 'number' ? constantPolynomial(Q.rational(atom)) : ofFactor(atom);
}

/** [p = 0] for an entry compared with an index (a gather) is an atom of its own; else it is what neither [p > 0] nor [-p > 0] is. */
const countsIndices = (p: Polynomial): boolean =>
  p.monomials.some((m) => [...m.factors.values()].some((f) => f.atom.kind === 'integer' && f.atom.symbol.kind === 'index'));

function vanishing(p: Polynomial): Polynomial {
  const atom = zeroAtom(p);
  return typeof atom === 'number' ? constantPolynomial(Q.rational(atom)) : ofFactor(atom);
}

function walkPiecewise(e: ExpressionOf<'piecewise'>, scope: Scope, names: Names): Polynomial {
  let remaining = constantPolynomial(Q.ONE);
  const parts: Polynomial[] = [];
  for (const branch of e.branches) {
    const guard = multiplyPolynomials(remaining, walkTest(branch.when, scope, names), scope);
    parts.push(multiplyPolynomials(guard, walk(branch.then, scope, names), scope));
    remaining = subtractPolynomials(remaining, guard);
  }
  parts.push(multiplyPolynomials(remaining, walk(e.otherwise, scope, names), scope));
  return addPolynomials(parts);
}

function applyFunction(fn: FunctionName, argument: Polynomial, written: Expression, scope: Scope, names: Names): Polynomial {
  if (fn.kind === 'slot') return ofAtom({ kind: 'call', fn, argument });
  switch (fn.name) {
    case 'exp': return exponential(argument, scope);
    case 'log': return logarithm(argument, scope);
    case 'sin': case 'atan': case 'erf': return withParity(fn, argument, 'odd');
    case 'cos': return withParity(fn, argument, 'even');
    case 'tan': case 'sinh': case 'cosh': case 'tanh': case 'log1p': case 'expm1': {
      const meaning = definition(fn.name, written);
      if (meaning === null) throw new RangeError(`${fn.name} has no definition`);
      return walk(meaning, scope, names);
    }
  }
}

/** e^(Σ c·m) = Π (e^m)^c, and e^(log v) = v. */
function exponential(argument: Polynomial, scope: Scope): Polynomial {
  let result: Polynomial = constantPolynomial(Q.ONE);
  for (const m of argument.monomials) {
    const inner = onlyLogarithm(m);
    const power = inner === null
      ? ofFactor(factor({ kind: 'exp', argument: polynomial([{ ...m, coefficient: Q.ONE }]) }, m.coefficient))
      : powerPolynomial(inner, m.coefficient, scope);
    result = multiplyPolynomials(result, power, scope);
  }
  return result;
}

function onlyLogarithm(m: Monomial): Polynomial | null {
  const [f] = m.factors.values();
  const plain = m.factors.size === 1 && m.bound.length === 0 && m.equalities.length === 0 && m.inequalities.length === 0;
  return plain && f?.atom.kind === 'call' && f.atom.fn.kind === 'elementary' && f.atom.fn.name === 'log' && Q.isOne(f.exponent)
    ? f.atom.argument : null;
}

/** log of a product of positive parts is the sum of their logs; what is not known to be positive stays together. */
function logarithm(argument: Polynomial, scope: Scope): Polynomial {
  if (isZeroPolynomial(argument)) return ofAtom({ kind: 'call', fn: { kind: 'elementary', name: 'log' }, argument });
  const constant = constantOfPolynomial(argument);
  if (constant !== null && Q.sign(constant) > 0) return logOfNumber(constant);
  const single = onlyMonomial(argument);
  if (single !== null && single.bound.length === 0 && single.equalities.length === 0 && single.inequalities.length === 0
    && Q.sign(single.coefficient) > 0) {
    const parts: Polynomial[] = [logOfNumber(single.coefficient)];
    let stuck = constantMonomial(Q.ONE);
    for (const f of single.factors.values()) {
      if (isPositiveAtom(f.atom)) parts.push(scalePolynomial(logOfAtom(f.atom), f.exponent));
      else stuck = withFactor(stuck, f);
    }
    if (stuck.factors.size > 0) parts.push(logAtom(polynomial([stuck])));
    return addPolynomials(parts);
  }
  const { content, rest } = extractContent(argument, false);
  const parts: Polynomial[] = [logOfNumber(content.coefficient), logAtom(rest)];
  for (const f of content.factors.values()) parts.push(scalePolynomial(logOfAtom(f.atom), f.exponent));
  return polynomial(finish(addPolynomials(parts).monomials, scope));
}

const logAtom = (argument: Polynomial): Polynomial => ofAtom({ kind: 'call', fn: { kind: 'elementary', name: 'log' }, argument });

const logOfNumber = (value: Q.Rational): Polynomial => addPolynomials(primePowers(value)
  .map(([prime, times]) => scalePolynomial(logAtom(constantPolynomial(Q.rational(prime))), Q.rational(times))));

function logOfAtom(atom: Atom): Polynomial {
  switch (atom.kind) {
    case 'exp': return atom.argument;
    case 'prime': return logAtom(constantPolynomial(Q.rational(atom.prime)));
    case 'base': return logAtom(atom.base);
    case 'ref': case 'symbol': case 'integer': case 'pi': case 'call': case 'positive': case 'zero': case 'product': case 'argmax': return logAtom(ofAtom(atom));
  }
}

/** f(-u) = ±f(u): the argument is written with a positive first coefficient. */
function withParity(fn: FunctionName, argument: Polynomial, parity: 'odd' | 'even'): Polynomial {
  if (isZeroPolynomial(argument)) return parity === 'odd' ? zeroPolynomial : constantPolynomial(Q.ONE);
  const [first] = argument.monomials;
  const flip = first !== undefined && Q.sign(first.coefficient) < 0;
  const result = ofAtom({ kind: 'call', fn, argument: flip ? scalePolynomial(argument, Q.MINUS_ONE) : argument });
  return flip && parity === 'odd' ? scalePolynomial(result, Q.MINUS_ONE) : result;
}

/** Renames a free index of an expression; the new name never occurs in expressions. */
function renameIndex(e: Expression, from: string, to: string): Expression {
  return substituteIndices(e, new Map([[from, index(to)]]));
}
