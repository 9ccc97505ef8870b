// How values change when the exponentials of a tensor are divided by exp(m): everything that is homogeneous is
// multiplied by a power of exp(m), logarithms gain a multiple of m, and what is of degree 0 stays.

import { type Affine, sameAffine } from '../../algebra/affine.ts';
import {
  add, bind, elementary, type Expression, isNumber, multiply, number, power, ref, type Reference, type Tensor, tensorKey, type Test,
} from '../../algebra/expression.ts';
import * as Q from '../../algebra/rational.ts';
import type { Rational } from '../../algebra/rational.ts';
import { freeIndices, substituteIndices } from '../../algebra/traverse.ts';

/** A tensor that is exp(-degree · m[row]) times what it was; the row in the letters of its axes. */
export interface Scaled {
  readonly degree: Rational;
  readonly row: readonly Affine[];
  readonly letters: readonly string[];
}

export interface Degree {
  /** The value with logarithms adjusted. */
  readonly value: Expression;
  readonly degree: Rational;
  /** The entry of m; null where the degree is 0. */
  readonly row: readonly Affine[] | null;
}

const unscaled = (value: Expression): Degree => ({ value, degree: Q.ZERO, row: null });
const sameRow = (a: Degree, b: Degree): boolean =>
  a.row === null || b.row === null || a.row.every((x, n) => {
    const other = b.row?.[n];
    return other !== undefined && sameAffine(x, other);
  });

/** e in scaled tensors, or null where it is not homogeneous in them. */
export function degreeOf(e: Expression, scaled: ReadonlyMap<string, Scaled>, m: Tensor): Degree | null {
  const of = (x: Expression): Degree | null => degreeOf(x, scaled, m);
  const zeroOf = (x: Expression): Expression | null => {
    const found = of(x);
    return found !== null && Q.isZero(found.degree) ? found.value : null;
  };
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': return unscaled(e);
    case 'ref': return degreeOfEntry(e, scaled);
    case 'bracket': {
      const test = plainTest(e.test, zeroOf);
      return test === null ? null : unscaled({ kind: 'bracket', test });
    }
    case 'sum': {
      const body = of(e.body);
      if (body === null || body.row?.some((a) => freeIndices({ kind: 'affine', value: a }).has(e.index)) === true) return null;
      return { ...body, value: bind('sum', e.index, e.range, body.value) };
    }
    case 'product': case 'argmax': {
      const body = zeroOf(e.body);
      return body === null ? null : unscaled(bind(e.kind, e.index, e.range, body));
    }
    case 'add': return together(e.terms.map(of), add);
    case 'multiply': {
      const parts = e.factors.map(of);
      let degree = Q.ZERO;
      let row: readonly Affine[] | null = null;
      const values: Expression[] = [];
      for (const part of parts) {
        if (part === null || !sameRow(part, { ...part, row })) return null;
        degree = Q.add(degree, part.degree);
        row ??= part.row;
        values.push(part.value);
      }
      return { value: multiply(values), degree, row: Q.isZero(degree) ? null : row };
    }
    case 'power': {
      const base = of(e.base);
      return base === null ? null : { ...base, value: power(base.value, e.exponent), degree: Q.multiply(base.degree, e.exponent) };
    }
    case 'call': {
      const argument = of(e.argument);
      if (argument === null) return null;
      if (argument.row === null) return unscaled({ ...e, argument: argument.value });
      if (e.fn.kind !== 'elementary' || e.fn.name !== 'log') return null;
      return unscaled(add([elementary('log', argument.value), multiply([number(argument.degree), ref(m, argument.row)])]));
    }
    case 'piecewise': {
      const tests = e.branches.map((b) => plainTest(b.when, zeroOf));
      return together([...e.branches.map((b) => of(b.then)), of(e.otherwise)], (values) => ({
        ...e, otherwise: values.at(-1) ?? e.otherwise,
        branches: e.branches.map((b, n) => ({ when: tests[n] ?? b.when, then: values[n] ?? b.then })),
      }), tests.includes(null));
    }
  }
}

function degreeOfEntry(e: Reference, scaled: ReadonlyMap<string, Scaled>): Degree {
  const own = e.adjoint ? undefined : scaled.get(tensorKey(e.tensor));
  if (own === undefined) return unscaled(e);
  const to = new Map(own.letters.flatMap((letter, n) => {
    const at = e.indices[n];
    return at === undefined ? [] : [[letter, at] as const];
  }));
  const whole = substituteIndices(ref(e.tensor, own.row), to);
  return { value: e, degree: own.degree, row: whole.kind === 'ref' ? whole.indices : own.row };
}

/** Values of one degree; a zero has any. */
function together(parts: readonly (Degree | null)[], join: (values: readonly Expression[]) => Expression, refused = false): Degree | null {
  const values: Expression[] = [];
  let common: Degree | null = null;
  for (const part of parts) {
    if (part === null) return null;
    values.push(part.value);
    if (isNumber(part.value, 0)) continue;
    if (common !== null && (!Q.equals(common.degree, part.degree) || !sameRow(common, part))) return null;
    common ??= part;
  }
  return refused ? null : { value: join(values), degree: common?.degree ?? Q.ZERO, row: common?.row ?? null };
}

/** A test that compares nothing scaled, its parts rewritten. */
function plainTest(test: Test, zeroOf: (e: Expression) => Expression | null): Test | null {
  switch (test.kind) {
    case 'index': return test;
    case 'compare': {
      const [left, right] = [zeroOf(test.left), zeroOf(test.right)];
      return left === null || right === null ? null : { ...test, left, right };
    }
    case 'and': case 'or': {
      const tests = test.tests.map((t) => plainTest(t, zeroOf)).filter((t) => t !== null);
      return tests.length < test.tests.length ? null : { ...test, tests };
    }
    case 'not': {
      const inner = plainTest(test.test, zeroOf);
      return inner === null ? null : { kind: 'not', test: inner };
    }
  }
}
