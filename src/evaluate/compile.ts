// Expressions turned into closures once, to be run for many index values and many points.

import { plainIndex } from '../algebra/affine.ts';
import { type Binder, type Expression, type ExpressionOf, type FunctionName, multiply, type Test } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { freeIndices } from '../algebra/traverse.ts';
import { type Block, missing } from './block.ts';
import { type Domain, EvaluationError } from './domain.ts';
import { compileAffine, compileLinear, type Counters, extent, flat, linear, type Loops, newLoop } from './loops.ts';

export type Code<T> = () => T;

export type Comparison = Extract<Test, { kind: 'compare' }>;
export type SlotName = Extract<FunctionName, { kind: 'slot' }>;
/** What is watched: a comparison of values, or the choice of the greatest of several. */
export type Choice = Comparison | ExpressionOf<'argmax'>;
/** How a comparison came out (-1, 0, 1; null without an order), or the index that an argmax has chosen. */
export type Outcome = number | null;

/** What expressions are compiled against. */
export interface Setting<T> extends Counters {
  readonly domain: Domain<T>;
  /** By name@layer: hyperparameters that have a value. */
  readonly symbols: ReadonlyMap<string, T>;
  /** The variable of an activation function whose body is compiled, and its current value. */
  readonly argument: { readonly name: string; readonly value: Code<T> } | null;
  readonly block: (ref: ExpressionOf<'ref'>) => Block<T>;
  readonly slot: (fn: SlotName) => (argument: T) => T;
  /**
   * Called with the outcome of every choice between values that is made; `site` numbers the choices as written. Integers that
   * are compared with each other (a gather) are no such choice: they do not move.
   */
  readonly watch: ((site: number, outcome: Outcome) => void) | null;
  /** Hands out a number for a choice. */
  readonly newSite: (choice: Choice) => number;
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
    case 'product': return repeated(e, setting, loops, setting.domain.multiply, domain.integer(1));
    case 'argmax': return compileArgmax(e, setting, loops);
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

/** The values of the body over the range, joined from left to right. */
function repeated<T>(e: Binder, setting: Setting<T>, loops: Loops, join: (a: T, b: T) => T, empty: T): Code<T> {
  const { indices } = setting;
  const { lo, hi, slot, body } = compileBody(e, setting, loops);
  return () => {
    const last = hi();
    let i = lo();
    if (i > last) return empty;
    indices[slot] = i;
    let result = body();
    for (i += 1; i <= last; i += 1) {
      indices[slot] = i;
      result = join(result, body());
    }
    return result;
  };
}

/** A sum over all v of [token = v]·f(v), token an integer, is f(token): only that term is looked at. */
function compileSum<T>(e: ExpressionOf<'sum'>, setting: Setting<T>, loops: Loops): Code<T> {
  const { domain, indices } = setting;
  const zero = domain.integer(0);
  const selected = selection(e, setting, loops);
  if (selected === null) return repeated(e, setting, loops, domain.add, zero);
  const { lo, hi, slot, body } = compileBody({ ...e, body: selected.rest }, setting, loops);
  const chosen = compile(selected.index, setting, loops);
  return () => {
    const at = domain.whole(chosen());
    if (!(at >= lo() && at <= hi())) return zero;
    indices[slot] = at;
    return body();
  };
}

/** The index that a factor [index = v] picks from a sum over v, and what stays of the body. */
function selection(e: ExpressionOf<'sum'>, setting: Pick<Setting<unknown>, 'block'>, loops: Loops): { readonly index: Expression; readonly rest: Expression } | null {
  const factors = e.body.kind === 'multiply' ? e.body.factors : [e.body];
  for (const factor of factors) {
    if (factor.kind !== 'bracket' || factor.test.kind !== 'compare' || factor.test.relation !== '=') continue;
    for (const [index, own] of [[factor.test.left, factor.test.right], [factor.test.right, factor.test.left]] as const) {
      if (own.kind !== 'affine' || plainIndex(own.value) !== e.index) continue;
      if (!isWhole(index, setting.block) || ![...freeIndices(index)].every((name) => name !== e.index && loops.has(name))) continue;
      return { index, rest: multiply(factors.filter((f) => f !== factor)) };
    }
  }
  return null;
}

/** The first index at which the body is greatest. */
function compileArgmax<T>(e: ExpressionOf<'argmax'>, setting: Setting<T>, loops: Loops): Code<T> {
  const { domain, indices, watch } = setting;
  const { lo, hi, slot, body } = compileBody(e, setting, loops);
  const site = setting.newSite(e);
  return () => {
    const first = lo();
    const last = hi();
    if (first > last) throw new EvaluationError('an argmax over an empty range has no value');
    indices[slot] = first;
    let best = body();
    let at = first;
    for (let i = first + 1; i <= last; i += 1) {
      indices[slot] = i;
      const value = body();
      if (domain.compare(value, best) !== 1) continue;
      best = value;
      at = i;
    }
    if (watch !== null && last > first) watch(site, at);
    return domain.integer(at);
  };
}

function compileBody<T>(e: Binder, setting: Setting<T>, loops: Loops): { readonly lo: () => number; readonly hi: () => number; readonly slot: number; readonly body: Code<T> } {
  const lo = compileAffine(e.range.lo, setting, loops);
  const hi = compileAffine(e.range.hi, setting, loops);
  const loop = newLoop(e.range.lo, e.range.hi, setting, loops);
  return { lo, hi, slot: loop.slot, body: compile(e.body, setting, new Map([...loops, [e.index, loop]])) };
}

/** Whether a value is an integer wherever it is evaluated, so that comparing it is no matter of nearness. */
function isWhole(e: Expression, block: Setting<unknown>['block']): boolean {
  switch (e.kind) {
    case 'number': return e.value.d === 1n;
    case 'affine': case 'argmax': return true;
    case 'ref': return block(e).integer !== undefined;
    case 'constant': case 'symbol': case 'bracket': case 'sum': case 'product': case 'add': case 'multiply': case 'power': case 'call': case 'piecewise': return false;
  }
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
      const { relation } = test;
      const site = isWhole(test.left, setting.block) && isWhole(test.right, setting.block) ? null : setting.newSite(test);
      return () => {
        const order = domain.compare(left(), right());
        if (watch !== null && site !== null) watch(site, order);
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

