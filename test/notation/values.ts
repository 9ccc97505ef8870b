// What the round trip needs besides the writer: values of names, and the value of an expression by plain recursion.

import { type Affine, type AffineSymbol } from '../../src/algebra/affine.ts';
import type { Expression, FunctionName, Test } from '../../src/algebra/expression.ts';
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

type Scope = ReadonlyMap<string, number>;

const affine = (a: Affine, scope: Scope): number =>
  a.terms.reduce((total, t) => total + t.coefficient * symbol(t.symbol, scope), a.constant);
const symbol = (s: AffineSymbol, scope: Scope): number =>
  s.kind === 'index' ? scope.get(s.name) ?? NaN : valueOf(`${s.name}@${showLayer(s.layer)}`);

export const entryName = (name: string, layer: string, indices: readonly number[]): string =>
  `${name}[${indices.join(',')}]@${layer}`;

const functionName = (fn: FunctionName): string =>
  fn.kind === 'elementary' ? fn.name : `${fn.name}@${showLayer(fn.layer)}${"'".repeat(fn.order)}`;

export function evaluate(e: Expression, scope: Scope): number {
  switch (e.kind) {
    case 'number': return toNumber(e.value);
    case 'constant': return Math.PI;
    case 'symbol': return valueOf(entryName(e.name, showLayer(e.layer), []));
    case 'affine': return affine(e.value, scope);
    case 'ref': {
      const name = e.adjoint ? `∂E/∂${e.tensor.name}` : e.tensor.name;
      return valueOf(entryName(name, showLayer(e.tensor.layer), e.indices.map((a) => affine(a, scope))));
    }
    case 'bracket': return holds(e.test, scope) ? 1 : 0;
    case 'product': case 'argmax': throw new Error(`${e.kind} is not evaluated here`);
    case 'sum': {
      let total = 0;
      for (let n = affine(e.range.lo, scope); n <= affine(e.range.hi, scope); n += 1) {
        total += evaluate(e.body, new Map([...scope, [e.index, n]]));
      }
      return total;
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
