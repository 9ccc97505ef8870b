// Expressions without sums become scalars: powers as products, roots and quotients, brackets as branches (what a false
// bracket guards is not evaluated), conditions as they are.

import type { Affine } from '../algebra/affine.ts';
import type { ElementaryName, Expression, Reference, Test } from '../algebra/expression.ts';
import { magnitudeOf } from '../algebra/print.ts';
import * as Q from '../algebra/rational.ts';
import {
  addScalars, type Condition, divideScalars, literal, type MathName, multiplyScalars, type Scalar, select,
} from './program.ts';
import { unsupported } from './unsupported.ts';

/** How an entry is read: a load, or the local variable that holds it. */
export type Reader = (r: Reference) => Scalar;

export function toScalar(e: Expression, read: Reader): Scalar {
  switch (e.kind) {
    case 'number': return literal(Q.toNumber(e.value));
    case 'constant': return literal(Math.PI);
    case 'symbol': throw unsupported(`${e.name} has no value`, 'a kernel needs a number for every constant', null);
    case 'affine': return indexValue(e.value);
    case 'ref': return read(e);
    case 'bracket': return select(toCondition(e.test, read), literal(1), literal(0));
    case 'sum': case 'product': case 'argmax': throw new Error(`a ${e.kind} is lowered to a loop before scalars are made`);
    case 'add': return addScalars(positiveFirst(e.terms.map((t) => toScalar(t, read))));
    case 'multiply': return product(e.factors, read);
    case 'power': return power(toScalar(e.base, read), e.exponent);
    case 'call': {
      if (e.fn.kind === 'slot') throw new Error('slots are filled before scalars are made');
      return functionOf(e.fn.name, toScalar(e.argument, read));
    }
    case 'piecewise': {
      const inner = magnitudeOf(e);
      if (inner !== null) return { kind: 'math', name: 'abs', arguments: [toScalar(inner, read)] };
      // The sign of x stays written out: Math.sign(-0) is -0, and 0 here.
      return e.branches.reduceRight(
        (otherwise, b) => select(toCondition(b.when, read), toScalar(b.then, read), otherwise), toScalar(e.otherwise, read));
    }
  }
}

/** 1 - z rather than -z + 1. */
function positiveFirst(terms: readonly Scalar[]): readonly Scalar[] {
  const at = terms.findIndex((t) => !isNegative(t));
  const first = terms[at];
  return at <= 0 || first === undefined ? terms : [first, ...terms.slice(0, at), ...terms.slice(at + 1)];
}

const isNegative = (e: Scalar): boolean =>
  e.kind === 'literal' ? e.value < 0 : e.kind === 'multiply' && e.factors[0]?.kind === 'literal' && e.factors[0].value < 0;

const indexValue = (value: Affine): Scalar =>
  value.terms.length === 0 ? literal(value.constant) : { kind: 'index', value };

function product(factors: readonly Expression[], read: Reader): Scalar {
  const tests = factors.flatMap((f) => (f.kind === 'bracket' ? [toCondition(f.test, read)] : []));
  const rest = factors.filter((f) => f.kind !== 'bracket');
  const above = rest.filter((f) => !(f.kind === 'power' && f.exponent.n < 0n));
  const below = rest.flatMap((f) => (f.kind === 'power' && f.exponent.n < 0n
    ? [power(toScalar(f.base, read), Q.negate(f.exponent))] : []));
  const numerator = multiplyScalars(above.map((f) => toScalar(f, read)));
  const value = below.length === 0 ? numerator : divideScalars(numerator, multiplyScalars(below));
  const [only] = tests;
  if (only === undefined) return value;
  return select(tests.length === 1 ? only : { kind: 'and', tests }, value, literal(0));
}

/** Integer powers up to this one are products. */
const LARGEST_PRODUCT = 8n;

function power(base: Scalar, exponent: Q.Rational): Scalar {
  if (exponent.n < 0n) return divideScalars(literal(1), power(base, Q.negate(exponent)));
  if (exponent.d === 1n && exponent.n <= LARGEST_PRODUCT) return repeated(base, Number(exponent.n));
  if (exponent.d === 2n && exponent.n <= LARGEST_PRODUCT) {
    // Math.sqrt is correctly rounded: a root of a number is a number.
    const root: Scalar = base.kind === 'literal' ? literal(Math.sqrt(base.value)) : { kind: 'math', name: 'sqrt', arguments: [base] };
    const whole = Number(exponent.n / 2n);
    return whole === 0 ? root : { kind: 'multiply', factors: [repeated(base, whole), root] };
  }
  return { kind: 'math', name: 'pow', arguments: [base, literal(Q.toNumber(exponent))] };
}

/** x², x³ = x²·x, x⁴ = x²·x², …: nested so that equal parts are computed once. */
function repeated(base: Scalar, exponent: number): Scalar {
  if (exponent === 0) return literal(1);
  if (exponent === 1) return base;
  const half = repeated(base, Math.floor(exponent / 2));
  const square: Scalar = { kind: 'multiply', factors: [half, half] };
  return exponent % 2 === 0 ? square : { kind: 'multiply', factors: [square, base] };
}

function functionOf(name: ElementaryName, argument: Scalar): Scalar {
  if (name === 'erf') return { kind: 'helper', name, argument };
  const math: MathName = name;
  return { kind: 'math', name: math, arguments: [argument] };
}

export function toCondition(test: Test, read: Reader): Condition {
  switch (test.kind) {
    case 'index': return test;
    case 'compare': return { kind: 'compare', relation: test.relation, left: toScalar(test.left, read), right: toScalar(test.right, read) };
    case 'and': case 'or': return { kind: test.kind, tests: test.tests.map((t) => toCondition(t, read)) };
    case 'not': return { kind: 'not', test: toCondition(test.test, read) };
  }
}
