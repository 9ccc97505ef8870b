// A small evaluator of expressions, for the tests of reading alone: written from the meaning of the nodes, and nothing else.

import type { Affine } from '../../src/algebra/affine.ts';
import { type ElementaryName, type Expression, functionKey, type Test, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import type { Activation, Axis, Network, System } from '../../src/spec/network.ts';
import { symbolKey } from '../../src/algebra/affine.ts';
import { oneSample } from '../../src/spec/samples.ts';

export interface Environment {
  /** Sizes by symbolKey. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly symbols?: ReadonlyMap<string, number>;
  readonly slots?: ReadonlyMap<string, Activation>;
  readonly entry: (tensor: Tensor, indices: readonly number[]) => number;
}

type Letters = ReadonlyMap<string, number>;

export function valueOf(e: Expression, env: Environment, letters: Letters = new Map()): number {
  const value = (x: Expression): number => valueOf(x, env, letters);
  switch (e.kind) {
    case 'number': return Number(e.value.n) / Number(e.value.d);
    case 'constant': return Math.PI;
    case 'symbol': {
      const found = env.symbols?.get(e.name);
      if (found === undefined) throw new Error(`no value for ${e.name}`);
      return found;
    }
    case 'affine': return whole(e.value, env, letters);
    case 'ref': return env.entry(e.tensor, e.indices.map((i) => whole(i, env, letters)));
    case 'bracket': return holds(e.test, env, letters) ? 1 : 0;
    case 'product': case 'argmax': {
      let best = { at: NaN, value: -Infinity, product: 1 };
      const hi = whole(e.range.hi, env, letters);
      for (let n = whole(e.range.lo, env, letters); n <= hi; n += 1) {
        const here = valueOf(e.body, env, new Map([...letters, [e.index, n]]));
        best = { ...(here > best.value ? { at: n, value: here } : best), product: best.product * here };
      }
      return e.kind === 'product' ? best.product : best.at;
    }
    case 'sum': {
      let total = 0;
      const hi = whole(e.range.hi, env, letters);
      for (let n = whole(e.range.lo, env, letters); n <= hi; n += 1) total += valueOf(e.body, env, new Map([...letters, [e.index, n]]));
      return total;
    }
    case 'add': return e.terms.reduce((total, t) => total + value(t), 0);
    case 'multiply': {
      // A bracket is a strong zero.
      if (e.factors.some((f) => f.kind === 'bracket' && !holds(f.test, env, letters))) return 0;
      return e.factors.reduce((total, f) => total * value(f), 1);
    }
    case 'power': {
      const exponent = Number(e.exponent.n) / Number(e.exponent.d);
      return exponent === -1 ? 1 / value(e.base) : Math.pow(value(e.base), exponent);
    }
    case 'call': {
      const argument = value(e.argument);
      if (e.fn.kind === 'elementary') return elementary(e.fn.name, argument);
      const activation = env.slots?.get(functionKey(e.fn));
      if (activation === undefined) throw new Error(`no function for ${functionKey(e.fn)}`);
      return valueOf(activation.body, { ...env, symbols: new Map([[activation.argument, argument]]) });
    }
    case 'piecewise': return value(e.branches.find((b) => holds(b.when, env, letters))?.then ?? e.otherwise);
  }
}

function holds(test: Test, env: Environment, letters: Letters): boolean {
  switch (test.kind) {
    case 'index': {
      const value = whole(test.value, env, letters);
      return test.relation === '=' ? value === 0 : value >= 0;
    }
    case 'compare': {
      const [u, v] = [valueOf(test.left, env, letters), valueOf(test.right, env, letters)];
      return test.relation === '=' ? u === v : test.relation === '>' ? u > v : u >= v;
    }
    case 'and': return test.tests.every((t) => holds(t, env, letters));
    case 'or': return test.tests.some((t) => holds(t, env, letters));
    case 'not': return !holds(test.test, env, letters);
  }
}

function whole(a: Affine, env: Environment, letters: Letters): number {
  return a.terms.reduce((total, { symbol, coefficient }) => {
    const value = symbol.kind === 'index' ? letters.get(symbol.name) : env.sizes.get(symbolKey(symbol));
    if (value === undefined) throw new Error(`no value for ${symbol.name}`);
    return total + coefficient * value;
  }, a.constant);
}

function elementary(name: ElementaryName, u: number): number {
  return name === 'erf' ? erf(u) : Math[name](u);
}

/** The error function by its series, and its continued fraction further out. */
export function erf(u: number): number {
  const x = Math.abs(u);
  if (x > 6) return Math.sign(u);
  if (x < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; n < 120; n += 1) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (Math.sign(u) * 2 * total) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 80; n > 0; n -= 1) fraction = n / 2 / (x + fraction);
  return Math.sign(u) * (1 - Math.exp(-x * x) / (x + fraction) / Math.sqrt(Math.PI));
}

/** Every index of a tensor's axes, the last one running fastest. */
export function entries(axes: readonly Axis[], env: Pick<Environment, 'sizes' | 'entry'>): readonly (readonly number[])[] {
  return axes.reduce<readonly (readonly number[])[]>((all, { range }) => all.flatMap((front) => {
    const lo = whole(range.lo, env, new Map());
    const hi = whole(range.hi, env, new Map());
    return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, n) => [...front, lo + n]);
  }), [[]]);
}

export const entryKey = (tensor: Tensor, indices: readonly number[]): string => `${tensorKey(tensor)}[${indices.join(',')}]`;

/** All entries of a system, from those of its inputs, targets and parameters: each when it is first read, whatever the order. */
export function valuesIn(
  system: System, sizes: ReadonlyMap<string, number>, given: (tensor: Tensor, indices: readonly number[]) => number,
): { readonly values: ReadonlyMap<string, number>; readonly env: Environment } {
  const values = new Map<string, number>();
  const equations = new Map(system.equations.map((e) => [tensorKey(e.tensor), e]));
  const env: Environment = {
    sizes,
    slots: system.slots,
    entry: (tensor, indices) => {
      const key = entryKey(tensor, indices);
      const known = values.get(key);
      if (known !== undefined) return known;
      const equation = equations.get(tensorKey(tensor));
      if (equation === undefined || waiting.has(key)) throw new Error(`${key} has no value`);
      const inside = equation.axes.every(({ range }, n) => indices[n]! >= whole(range.lo, env, new Map()) && indices[n]! <= whole(range.hi, env, new Map()));
      if (!inside) throw new Error(`${key} is no entry`);
      waiting.add(key);
      const value = valueOf(equation.value, env, new Map(equation.axes.map((axis, n) => [axis.index, indices[n]!])));
      waiting.delete(key);
      values.set(key, value);
      return value;
    },
  };
  const waiting = new Set<string>();
  for (const { tensor, axes, role } of system.declarations.values()) {
    if (role === 'variable') continue;
    for (const indices of entries(axes, env)) values.set(entryKey(tensor, indices), given(tensor, indices));
  }
  for (const { tensor, axes } of system.equations) {
    for (const indices of entries(axes, env)) env.entry(tensor, indices);
  }
  return { values, env };
}

/** All entries of a network for one sample, for three where they are coupled, from those of its inputs, targets and parameters. */
export function forward(network: Network, given: (tensor: Tensor, indices: readonly number[]) => number): ReadonlyMap<string, number> {
  const system = oneSample(network);
  const samples = symbolKey({ kind: 'size', name: 'samples', layer: null });
  const { values, env } = valuesIn(system, network.coupled === undefined ? system.sizes : new Map([...system.sizes, [samples, 3]]), given);
  return new Map([...values, ['penalty', valueOf(network.penalty, env)]]);
}

/** A number between -1 and 1 that depends on the text alone. */
export function noise(text: string): number {
  let hash = 2166136261;
  for (const c of text) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 2246822519);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2147483648 - 1;
}
