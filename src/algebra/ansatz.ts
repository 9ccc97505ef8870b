// Writing an expression through given ones: an exact ansatz Σ c_m · m over monomials m of the generators, the rational
// coefficients solved from the normal forms, so that what is found is proved. Cost: C(generators + degree, degree)
// normal forms and one elimination.

import { add, elementary, type Expression, isNumber, multiply, number, one, piecewise, power, subtract } from './expression.ts';
import { normalize } from './normal/normalize.ts';
import { monomialKey, type Polynomial, StepLimitError } from './normal/polynomial.ts';
import { writing } from './print.ts';
import * as Q from './rational.ts';
import type { Rational } from './rational.ts';
import { children, rewrite, visit } from './traverse.ts';

const ANSATZ_STEPS = 20_000;

interface Candidate {
  /** As it is written in the result. */
  readonly written: Expression;
  readonly normal: Polynomial;
}

/** A generator: what it means, and how it is written in the result. */
export interface Generator {
  readonly meaning: Expression;
  readonly written: Expression;
}

/**
 * `target` as a polynomial of at most `degree` in the generators with rational coefficients, the simplest monomials
 * first; null when there is none.
 */
export function expressThrough(target: Expression, generators: readonly Generator[], degree: number): Expression | null {
  try {
    const wanted = normalize(target, undefined, ANSATZ_STEPS);
    const basis = monomials(generators, degree).map((m): Candidate => ({
      written: multiply(m.map((g) => power(g.generator.written, g.exponent))),
      normal: normalize(multiply(m.map((g) => power(g.generator.meaning, g.exponent))), undefined, ANSATZ_STEPS),
    }));
    const coefficients = solve(basis.map((b) => b.normal), wanted);
    if (coefficients === null) return null;
    return add(basis.map((b, n) => multiply([number(coefficients[n] ?? Q.ZERO), b.written])));
  } catch (error) {
    if (error instanceof StepLimitError) return null;
    throw error;
  }
}

/** The shorter of a derivative as it came and the same written through the given functions. */
export function shortenDerivative(derivative: Expression, functions: readonly Expression[]): Expression {
  for (const f of functions) {
    const found = expressThrough(derivative, [{ meaning: f, written: f }], 2);
    if (found !== null && nodeCount(found) <= nodeCount(derivative)) return found;
  }
  return derivative;
}

/**
 * A derivative written through reciprocals and bounded functions that stand in `body` anyway: a/(1+e^{-a}) then needs no
 * e^{-a}·(1+e^{-a})^{-2}, which is ∞·0 for large -a. The derivative itself where no such form is found.
 */
export function tameDerivative(derivative: Expression, body: Expression, argument: Expression): Expression {
  const bounded: Generator[] = [];
  visit(body, (e) => {
    const tame = (e.kind === 'power' && Q.sign(e.exponent) < 0) || (e.kind === 'call' && e.fn.kind === 'elementary' && boundedFunctions.has(e.fn.name));
    if (tame && !bounded.some((g) => sameWriting(g.written, e))) bounded.push({ meaning: e, written: e });
  });
  if (bounded.length === 0 || bounded.length > 2 || !holdsExponential(derivative)) return derivative;
  // s(1-s) before s: a·s(1-s) tends to 0 where a·s - a·s² cancels.
  const products = bounded.map(({ meaning: s }): Generator => ({ meaning: multiply([s, subtract(one, s)]), written: multiply([s, subtract(one, s)]) }));
  const input: Generator = { meaning: argument, written: argument };
  // sinh/cosh² is 1/cosh · tanh.
  const slope: Generator = { meaning: elementary('tanh', argument), written: elementary('tanh', argument) };
  return expressThrough(derivative, [...products, ...bounded, input], 3)
    ?? expressThrough(derivative, [...bounded, slope, input], 3) ?? derivative;
}

const boundedFunctions: ReadonlySet<string> = new Set(['sin', 'cos', 'atan', 'erf', 'tanh']);

const growing = ['exp', 'sinh', 'cosh'] as const;

/** Whether an exponential multiplies a reciprocal: the product may be ∞·0 in floating point. */
function holdsExponential(e: Expression): boolean {
  let found = false;
  visit(e, (x) => {
    if (x.kind === 'multiply' && x.factors.some((f) => f.kind === 'power' && Q.sign(f.exponent) < 0) && x.factors.some((f) => growing.some((name) => contains(f, name)))) found = true;
  });
  return found;
}

function contains(e: Expression, name: string): boolean {
  return (e.kind === 'call' && e.fn.kind === 'elementary' && e.fn.name === name) || children(e).some((c) => contains(c, name));
}

const sameWriting = (a: Expression, b: Expression): boolean => writing(a) === writing(b);

export function nodeCount(e: Expression): number {
  return children(e).reduce((count, c) => count + nodeCount(c), 1);
}

interface GeneratorPower {
  readonly generator: Generator;
  readonly exponent: number;
}

/** All products of generators up to the degree, lower degrees first. */
function monomials(generators: readonly Generator[], degree: number): readonly (readonly GeneratorPower[])[] {
  const result: (readonly GeneratorPower[])[] = [];
  const extend = (at: number, left: number, chosen: readonly GeneratorPower[]): void => {
    const generator = generators[at];
    if (generator === undefined) {
      if (left === 0) result.push(chosen);
      return;
    }
    for (let exponent = left; exponent >= 0; exponent -= 1) {
      extend(at + 1, left - exponent, exponent === 0 ? chosen : [...chosen, { generator, exponent }]);
    }
  };
  for (let total = 0; total <= degree; total += 1) extend(0, total, []);
  return result;
}

/** Rational c with Σ c_n · basis_n = wanted, later columns zero where earlier ones suffice; null when there are none. */
function solve(basis: readonly Polynomial[], wanted: Polynomial): readonly Rational[] | null {
  const rows = new Map<string, Rational[]>();
  const width = basis.length + 1;
  for (const [column, p] of [...basis, wanted].entries()) {
    for (const m of p.monomials) {
      const key = monomialKey(m);
      const row = rows.get(key) ?? Array.from({ length: width }, () => Q.ZERO);
      row[column] = m.coefficient;
      rows.set(key, row);
    }
  }
  const matrix = [...rows.values()];
  const pivots: number[] = [];
  let top = 0;
  for (let column = 0; column < basis.length && top < matrix.length; column += 1) {
    const at = matrix.findIndex((row, n) => n >= top && !Q.isZero(row[column] ?? Q.ZERO));
    const pivotRow = matrix[at];
    const topRow = matrix[top];
    if (pivotRow === undefined || topRow === undefined) continue;
    matrix[at] = topRow;
    const lead = pivotRow[column] ?? Q.ONE;
    const scaled = pivotRow.map((v) => Q.divide(v, lead));
    matrix[top] = scaled;
    for (const [n, row] of matrix.entries()) {
      const factor = row[column] ?? Q.ZERO;
      if (n !== top && !Q.isZero(factor)) matrix[n] = row.map((v, c) => Q.subtract(v, Q.multiply(factor, scaled[c] ?? Q.ZERO)));
    }
    pivots.push(column);
    top += 1;
  }
  const last = basis.length;
  if (matrix.slice(top).some((row) => !Q.isZero(row[last] ?? Q.ZERO))) return null;
  const coefficients = Array.from({ length: basis.length }, () => Q.ZERO);
  for (const [n, column] of pivots.entries()) coefficients[column] = matrix[n]?.[last] ?? Q.ZERO;
  return coefficients;
}

const MOST_BRANCHES = 8;

/** An expression as its cases: piecewise parts anywhere inside are lifted to the outside. Null beyond 8 branches. */
export function liftBranches(e: Expression): Expression | null {
  const inner = firstPiecewise(e);
  if (inner === null || inner === e) return e;
  const put = (value: Expression): Expression | null =>
    liftBranches(rewrite(e, (x) => (sameWriting(x, inner) ? value : null)));
  const branches = inner.branches.map((b) => ({ when: b.when, then: put(b.then) }));
  const otherwise = put(inner.otherwise);
  if (otherwise === null || branches.length >= MOST_BRANCHES) return null;
  const complete = branches.flatMap((b) => (b.then === null ? [] : [{ when: b.when, then: b.then }]));
  return complete.length === branches.length ? piecewise(complete, otherwise) : null;
}

function firstPiecewise(e: Expression): Extract<Expression, { kind: 'piecewise' }> | null {
  if (e.kind === 'piecewise') return e;
  for (const c of children(e)) {
    const found = firstPiecewise(c);
    if (found !== null) return found;
  }
  return null;
}

/** A quadratic c0 + c1·z + c2·z² as people write it: z(1-z), (1-z)²; unchanged without rational roots or a linear term. */
export function factorQuadratic(c0: Rational, c1: Rational, c2: Rational, z: Expression): Expression {
  const expanded = add([number(c0), multiply([number(c1), z]), multiply([number(c2), power(z, 2)])]);
  if (Q.isZero(c2) || Q.isZero(c1)) return expanded;
  if (Q.isZero(c0)) return multiply([number(c1), z, add([one, multiply([number(Q.divide(c2, c1)), z])])]);
  const discriminant = Q.subtract(Q.multiply(c1, c1), Q.multiply(Q.rational(4), Q.multiply(c0, c2)));
  if (!Q.isZero(discriminant)) return expanded;
  // Double root: c0 (1 + c1/(2 c0) z)².
  return multiply([number(c0), power(add([one, multiply([number(Q.divide(c1, Q.multiply(Q.rational(2), c0))), z])]), 2)]);
}

/** The coefficients of a polynomial of degree ≤ 2 in z as `expressThrough` writes it; null for anything else. */
export function quadraticIn(e: Expression, z: Expression): readonly [Rational, Rational, Rational] | null {
  const coefficients: [Rational, Rational, Rational] = [Q.ZERO, Q.ZERO, Q.ZERO];
  for (const term of e.kind === 'add' ? e.terms : [e]) {
    const factors = term.kind === 'multiply' ? term.factors : [term];
    let coefficient = Q.ONE;
    let degree = 0;
    for (const f of factors) {
      if (f.kind === 'number') coefficient = Q.multiply(coefficient, f.value);
      else if (sameWriting(f, z)) degree += 1;
      else if (f.kind === 'power' && sameWriting(f.base, z) && Q.isInteger(f.exponent)) degree += Number(f.exponent.n);
      else return null;
    }
    if (degree < 0 || degree > 2) return null;
    if (!(isNumber(term, 0))) coefficients[degree] = Q.add(coefficients[degree] ?? Q.ZERO, coefficient);
  }
  return coefficients;
}
