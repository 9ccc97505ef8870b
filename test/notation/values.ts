// What the round trip needs besides the writer: values of names, and the value of an expression by plain recursion.

import { type Affine, type AffineSymbol } from '../../src/algebra/affine.ts';
import type { Binder, Expression, FunctionName, Test } from '../../src/algebra/expression.ts';
import { showLayer } from '../../src/algebra/layer.ts';
import { toNumber } from '../../src/algebra/rational.ts';

/** A number in (0.25, 2.25) that depends on every character of the name. */
export function valueOf(name: string): number {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return 0.25 + (Math.imul(hash ^ (hash >>> 15), 2246822507) >>> 0) / 2 ** 31;
}

export const functionValue = (name: string, argument: number): number => {
  switch (name) {
    case 'exp': return Math.exp(argument);
    case 'log': return Math.log(argument);
    case 'log1p': return Math.log1p(argument);
    case 'expm1': return Math.expm1(argument);
    case 'tanh': return Math.tanh(argument);
    case 'sin': return Math.sin(argument);
    case 'sgn': return Math.sign(argument);
    default: return Math.sin(argument * valueOf(name)) + valueOf(name);
  }
};

/** Entries of `tok` are integers from 1 to 3; those of `best` say at which s the entry W^(k)[i, s] is greatest. */
export function entryValue(name: string, layer: string, indices: readonly number[]): number {
  if (name === 'tok') return 1 + Math.floor(valueOf(entryName(name, layer, indices)) * 1000) % 3;
  if (name !== 'best') return valueOf(entryName(name, layer, indices));
  const rows = [1, 2, 3].map((s) => valueOf(entryName('W', 'k', [...indices, s])));
  return 1 + rows.indexOf(Math.max(...rows));
}

/** 2, 3 or 4. */
export const sizeOf = (name: string, layer: string): number => 2 + Math.floor(valueOf(`${name}@${layer}`) * 1000) % 3;

export type Scope = ReadonlyMap<string, number>;

export const affine = (a: Affine, scope: Scope): number =>
  a.terms.reduce((total, t) => total + t.coefficient * symbol(t.symbol, scope), a.constant);
const symbol = (s: AffineSymbol, scope: Scope): number =>
  s.kind === 'index' ? scope.get(s.name) ?? NaN : sizeOf(s.name, showLayer(s.layer));

export const entryName = (name: string, layer: string, indices: readonly number[]): string =>
  `${name}[${indices.join(',')}]@${layer}`;

export const functionName = (fn: FunctionName): string =>
  fn.kind === 'elementary' ? fn.name : `${fn.name}@${showLayer(fn.layer)}${"'".repeat(fn.order)}`;

export function evaluate(e: Expression, scope: Scope): number {
  switch (e.kind) {
    case 'number': return toNumber(e.value);
    case 'constant': return Math.PI;
    case 'symbol': return valueOf(entryName(e.name, showLayer(e.layer), []));
    case 'affine': return affine(e.value, scope);
    case 'ref': {
      const name = e.adjoint ? `∂E/∂${e.tensor.name}` : e.tensor.name;
      return entryValue(name, showLayer(e.tensor.layer), e.indices.map((a) => affine(a, scope)));
    }
    case 'bracket': return holds(e.test, scope) ? 1 : 0;
    case 'sum': return inRange(e, scope).reduce((total, value) => total + value, 0);
    case 'product': return inRange(e, scope).reduce((total, value) => total * value, 1);
    case 'argmax': {
      const values = inRange(e, scope);
      if (values.some(Number.isNaN)) throw new UndefinedError();
      return affine(e.range.lo, scope) + values.indexOf(Math.max(...values));
    }
    case 'add': return e.terms.reduce((total, t) => total + evaluate(t, scope), 0);
    case 'multiply': return e.factors.reduce((total, f) => total * evaluate(f, scope), 1);
    case 'power': {
      const base = evaluate(e.base, scope);
      if (base === 0 && e.exponent.n < 0n) throw new UndefinedError();
      return base ** toNumber(e.exponent);
    }
    case 'call': return functionValue(functionName(e.fn), evaluate(e.argument, scope));
    case 'piecewise': {
      const branch = e.branches.find((b) => holds(b.when, scope));
      return evaluate(branch === undefined ? e.otherwise : branch.then, scope);
    }
  }
}

/** What the body of a sum, product or argmax comes to for each index of its range. */
function inRange({ index, range, body }: Binder, scope: Scope): readonly number[] {
  const values: number[] = [];
  for (let n = affine(range.lo, scope); n <= affine(range.hi, scope); n += 1) values.push(evaluate(body, new Map([...scope, [index, n]])));
  return values;
}

/** A comparison of what has no value, or a division by zero. */
export class UndefinedError extends Error {}

function holds(test: Test, scope: Scope): boolean {
  switch (test.kind) {
    case 'index': return test.relation === '=' ? affine(test.value, scope) === 0 : affine(test.value, scope) >= 0;
    case 'compare': {
      const [left, right] = [evaluate(test.left, scope), evaluate(test.right, scope)];
      if (Number.isNaN(left) || Number.isNaN(right)) throw new UndefinedError();
      return test.relation === '>' ? left > right : test.relation === '=' ? left === right : left >= right;
    }
    case 'and': return test.tests.every((t) => holds(t, scope));
    case 'or': return test.tests.some((t) => holds(t, scope));
    case 'not': return !holds(test.test, scope);
  }
}
