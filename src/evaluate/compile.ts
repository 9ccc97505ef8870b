// Expressions turned into closures once, to be run for many index values and many points.

import { type Affine, constantOf, symbolKey } from '../algebra/affine.ts';
import type { Expression, ExpressionOf, FunctionName, Test } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { type Block, missing } from './block.ts';
import { type Domain, EvaluationError, type Order } from './domain.ts';

export type Code<T> = () => T;

/** A loop's variable: where its value is kept, and the range that it is known to stay in. */
export interface Loop {
  readonly slot: number;
  readonly lo: number;
  readonly hi: number;
}

export type Comparison = Extract<Test, { kind: 'compare' }>;
export type SlotName = Extract<FunctionName, { kind: 'slot' }>;
export type Loops = ReadonlyMap<string, Loop>;

/** What expressions are compiled against. */
export interface Setting<T> {
  readonly domain: Domain<T>;
  /** By symbolKey. */
  readonly sizes: ReadonlyMap<string, number>;
  /** By name@layer: hyperparameters that have a value. */
  readonly symbols: ReadonlyMap<string, T>;
  /** The variable of an activation function whose body is compiled, and its current value. */
  readonly argument: { readonly name: string; readonly value: Code<T> } | null;
  /** The values of the loop variables; the compiler hands out the slots. */
  readonly indices: number[];
  readonly block: (ref: ExpressionOf<'ref'>) => Block<T>;
  readonly slot: (fn: SlotName) => (argument: T) => T;
  /** Called with the outcome of every value comparison that is evaluated; `site` numbers the comparisons as written. */
  readonly watch: ((site: number, order: Order) => void) | null;
  /** Hands out a number for a comparison. */
  readonly newSite: (comparison: Comparison) => number;
}

export function compile<T>(e: Expression, setting: Setting<T>, loops: Loops): Code<T> {
  const { domain } = setting;
  switch (e.kind) {
    case 'number': return constantly(domain.number(e.value));
    case 'constant': return constantly(domain.pi);
    case 'symbol': {
      const { argument } = setting;
      if (argument !== null && e.layer === null && e.name === argument.name) return argument.value;
      const key = `${e.name}@${showLayer(e.layer)}`;
      const value = setting.symbols.get(key);
      if (value === undefined) throw new EvaluationError(`${key.replace(/@$/, '').replace('@', '_')} has no value`);
      return constantly(value);
    }
    case 'affine': {
      const value = compileAffine(e.value, setting, loops);
      return () => domain.integer(value());
    }
    case 'ref': return compileReference(e, setting, loops);
    case 'bracket': {
      const holds = compileTest(e.test, setting, loops);
      const one = domain.integer(1);
      const zero = domain.integer(0);
      return () => (holds() ? one : zero);
    }
    case 'sum': return compileSum(e, setting, loops);
    case 'product': case 'argmax': throw new EvaluationError(`${e.kind} is not evaluated`);
    case 'add': return chained(e.terms.map((t) => compile(t, setting, loops)), domain.add, domain.integer(0));
    case 'multiply': return compileProduct(e, setting, loops);
    case 'power': return applied(domain.power(e.exponent), compile(e.base, setting, loops));
    case 'call': return applied(
      e.fn.kind === 'elementary' ? domain.elementary(e.fn.name) : setting.slot(e.fn), compile(e.argument, setting, loops));
    case 'piecewise': {
      const branches = e.branches.map((b) => ({
        holds: compileTest(b.when, setting, loops),
        value: compile(b.then, setting, loops),
      }));
      const otherwise = compile(e.otherwise, setting, loops);
      return () => {
        for (const branch of branches) if (branch.holds()) return branch.value();
        return otherwise();
      };
    }
  }
}

const constantly = <T>(value: T): Code<T> => () => value;
const applied = <T>(f: (argument: T) => T, argument: Code<T>): Code<T> => () => f(argument());

/** The codes' values joined from left to right. */
function chained<T>(codes: readonly Code<T>[], join: (a: T, b: T) => T, empty: T): Code<T> {
  const [first, second, ...rest] = codes;
  if (first === undefined) return constantly(empty);
  if (second === undefined) return first;
  if (rest.length === 0) return () => join(first(), second());
  return () => {
    let result = join(first(), second());
    for (const code of rest) result = join(result, code());
    return result;
  };
}

/** Brackets are strong zeros: they are asked first, and the other factors are evaluated only where all of them hold. */
function compileProduct<T>(e: ExpressionOf<'multiply'>, setting: Setting<T>, loops: Loops): Code<T> {
  const { domain } = setting;
  const tests: (() => boolean)[] = [];
  const factors: Code<T>[] = [];
  let negative = false;
  for (const factor of e.factors) {
    if (factor.kind === 'bracket') tests.push(compileTest(factor.test, setting, loops));
    else if (factor.kind === 'number' && factor.value.n === -1n && factor.value.d === 1n) negative = !negative;
    else factors.push(compile(factor, setting, loops));
  }
  const product = chained(factors, domain.multiply, domain.integer(1));
  const signed = negative ? applied(domain.negate, product) : product;
  if (tests.length === 0) return signed;
  const zero = domain.integer(0);
  return () => (tests.every((holds) => holds()) ? signed() : zero);
}

function compileSum<T>(e: ExpressionOf<'sum'>, setting: Setting<T>, loops: Loops): Code<T> {
  const { domain, indices } = setting;
  const lo = compileAffine(e.range.lo, setting, loops);
  const hi = compileAffine(e.range.hi, setting, loops);
  const slot = indices.length;
  indices.push(0);
  const known: Loop = { slot, lo: extent(e.range.lo, setting, loops).lo, hi: extent(e.range.hi, setting, loops).hi };
  const body = compile(e.body, setting, new Map([...loops, [e.index, known]]));
  const zero = domain.integer(0);
  return () => {
    const last = hi();
    let i = lo();
    if (i > last) return zero;
    indices[slot] = i;
    let total = body();
    for (i += 1; i <= last; i += 1) {
      indices[slot] = i;
      total = domain.add(total, body());
    }
    return total;
  };
}

export function compileTest<T>(test: Test, setting: Setting<T>, loops: Loops): () => boolean {
  switch (test.kind) {
    case 'index': {
      const value = compileAffine(test.value, setting, loops);
      return test.relation === '=' ? () => value() === 0 : () => value() >= 0;
    }
    case 'compare': {
      const { domain, watch } = setting;
      const left = compile(test.left, setting, loops);
      const right = compile(test.right, setting, loops);
      const site = setting.newSite(test);
      const { relation } = test;
      return () => {
        const order = domain.compare(left(), right());
        if (watch !== null) watch(site, order);
        return relation === '=' ? order === 0 : order === 1 || (relation === '>=' && order === 0);
      };
    }
    case 'and': {
      const tests = test.tests.map((t) => compileTest(t, setting, loops));
      return () => tests.every((holds) => holds());
    }
    case 'or': {
      const tests = test.tests.map((t) => compileTest(t, setting, loops));
      return () => tests.some((holds) => holds());
    }
    case 'not': {
      const holds = compileTest(test.test, setting, loops);
      return () => !holds();
    }
  }
}

/** constant + Σ coefficient · indices[slot]. */
interface Linear {
  readonly constant: number;
  readonly terms: readonly { readonly slot: number; readonly coefficient: number }[];
}

function linear(a: Affine, setting: Pick<Setting<unknown>, 'sizes'>, loops: Loops): Linear {
  let constant = a.constant;
  const terms: { slot: number; coefficient: number }[] = [];
  for (const { symbol, coefficient } of a.terms) {
    if (symbol.kind === 'index') {
      const loop = loops.get(symbol.name);
      if (loop === undefined) throw new EvaluationError(`the index ${symbol.name} is not bound`);
      terms.push({ slot: loop.slot, coefficient });
    } else {
      const value = setting.sizes.get(symbolKey(symbol));
      if (value === undefined) throw new EvaluationError(`the size ${symbol.name} has no value`);
      constant += coefficient * value;
    }
  }
  return { constant, terms };
}

function compileLinear({ constant, terms }: Linear, indices: readonly number[]): () => number {
  const [first, second, third] = terms;
  if (first === undefined) return () => constant;
  const { slot: s1, coefficient: c1 } = first;
  if (second === undefined) return () => constant + c1 * indices[s1]!;
  const { slot: s2, coefficient: c2 } = second;
  if (third === undefined) return () => constant + c1 * indices[s1]! + c2 * indices[s2]!;
  return () => terms.reduce((total, t) => total + t.coefficient * indices[t.slot]!, constant);
}

export const compileAffine = <T>(a: Affine, setting: Setting<T>, loops: Loops): (() => number) =>
  compileLinear(linear(a, setting, loops), setting.indices);

/** The smallest and the largest value of an affine expression over the loops around it. */
function extent(a: Affine, setting: Pick<Setting<unknown>, 'sizes'>, loops: Loops): { readonly lo: number; readonly hi: number } {
  const fixed = constantOf(a);
  if (fixed !== null) return { lo: fixed, hi: fixed };
  let { constant: lo } = linear(a, setting, new Map([...loops]));
  let hi = lo;
  for (const { symbol, coefficient } of a.terms) {
    const loop = symbol.kind === 'index' ? loops.get(symbol.name) : undefined;
    if (loop === undefined) continue;
    lo += coefficient > 0 ? coefficient * loop.lo : coefficient * loop.hi;
    hi += coefficient > 0 ? coefficient * loop.hi : coefficient * loop.lo;
  }
  return { lo, hi };
}

/** An entry of a block. Where the loops around it cannot leave the tensor, no index is looked at one by one. */
function compileReference<T>(e: ExpressionOf<'ref'>, setting: Setting<T>, loops: Loops): Code<T> {
  const block = setting.block(e);
  const { entries, shape, base, strides } = block;
  if (e.indices.length !== shape.length) {
    throw new EvaluationError(`${block.name} has ${shape.length} axes, not ${e.indices.length}`);
  }
  const safe = e.indices.every((a, n) => {
    const { lo, hi } = extent(a, setting, loops);
    return lo >= base[n]! && hi < base[n]! + shape[n]!;
  });
  const position = compileLinear(flat(e.indices.map((a) => linear(a, setting, loops)), base, strides), setting.indices);
  if (safe) {
    return () => {
      const at = position();
      const entry = entries[at];
      return entry === undefined ? missing(block, at) : entry;
    };
  }
  const each = e.indices.map((a) => compileAffine(a, setting, loops));
  return () => {
    each.forEach((value, n) => {
      const i = value();
      if (i < base[n]! || i >= base[n]! + shape[n]!) {
        throw new EvaluationError(`${block.name}: index ${i} of axis ${n + 1} is outside ${base[n]!}..${base[n]! + shape[n]! - 1}`);
      }
    });
    const at = position();
    const entry = entries[at];
    return entry === undefined ? missing(block, at) : entry;
  };
}

/** Σ stride · (index - base), like slots collected. */
function flat(indices: readonly Linear[], base: readonly number[], strides: readonly number[]): Linear {
  let constant = 0;
  const terms = new Map<number, number>();
  indices.forEach((a, n) => {
    constant += strides[n]! * (a.constant - base[n]!);
    for (const t of a.terms) terms.set(t.slot, (terms.get(t.slot) ?? 0) + strides[n]! * t.coefficient);
  });
  return { constant, terms: [...terms].map(([slot, coefficient]) => ({ slot, coefficient })) };
}
