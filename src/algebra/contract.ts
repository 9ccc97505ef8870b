// Contraction of Kronecker deltas, for readers and kernels: Σ_i f(i) [i = p] = f(p), guarded where p leaves i's range.

import {
  addAffine, type Affine, affineIndices, coefficientOf, index, plainIndex, type Range, sameAffine, scaleAffine, subtractAffine,
} from './affine.ts';
import { type Context, decideAtLeast, decideEqual, withAssumption, withRange } from './bounds.ts';
import {
  add, bind, type Binder, type Branch, bracket, type Expression, type ExpressionOf, indexAtLeast, isNumber, multiply, not, one, piecewise, sum, type Test, zero,
} from './expression.ts';
import { freeIndices, freshIndex, mapChildren, substituteIndices } from './traverse.ts';

/** What a contraction did, for the text of a step. */
export interface Contraction {
  /** The summed index that a delta fixed. */
  readonly index: string;
  readonly range: Range;
  readonly value: Affine;
  /** Whether the value can leave the range of the sum: then a guard stays. */
  readonly guarded: boolean;
  /** The range of the index that the value is, where it is a plain one. */
  readonly within: Range | null;
}

export interface Contracted {
  readonly value: Expression;
  readonly contractions: readonly Contraction[];
  /** Conditions that the context decided, so that they left the formula. */
  readonly discharged: readonly Test[];
}

/** Contracts every delta that fixes a summed index with coefficient ±1; `context` holds the ranges of free indices. */
export function contract(e: Expression, context: Context): Contracted {
  const log: Log = { contractions: [], discharged: [] };
  const value = walk(e, context, log);
  return { value, ...log };
}

interface Log {
  readonly contractions: Contraction[];
  readonly discharged: Test[];
}

function walk(e: Expression, context: Context, log: Log): Expression {
  switch (e.kind) {
    case 'sum': return contractSum(e, context, log);
    case 'product': case 'argmax': {
      const apart = ownName(e, context);
      return bind(e.kind, apart.index, apart.range, walk(apart.body, withRange(context, apart.index, apart.range), log));
    }
    case 'multiply': return contractProduct(e.factors, context, log);
    case 'bracket': return decideBracket(e.test, context, log);
    case 'piecewise': return decideCases(e, context, log);
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'add': case 'power': case 'call':
      return mapChildren(e, (child) => walk(child, context, log));
  }
}

/** Cases that the context rules out leave; what it makes certain ends them. */
function decideCases(e: ExpressionOf<'piecewise'>, context: Context, log: Log): Expression {
  const kept: Branch[] = [];
  let known = context;
  for (const branch of e.branches) {
    const truth = decide(branch.when, known);
    if (truth !== null) log.discharged.push(branch.when);
    if (truth === false) continue;
    const then = walk(branch.then, assume(known, branch.when), log);
    if (truth === true) return piecewise(kept, then);
    kept.push({ when: branch.when, then });
    known = assume(known, not(branch.when));
  }
  return piecewise(kept, walk(e.otherwise, known, log));
}

/** Brackets first: what they say is known of the other factors. */
function contractProduct(factors: readonly Expression[], context: Context, log: Log): Expression {
  let known = context;
  const guards: Expression[] = [];
  const conditions = factors.flatMap((f) => (f.kind === 'bracket' ? splitAnd(f.test) : []));
  for (const test of conditions) {
    const guard = decideBracket(test, known, log);
    if (isNumber(guard, 0)) return zero;
    if (guard.kind === 'bracket') {
      guards.push(guard);
      known = assume(known, guard.test);
    }
  }
  const rest = factors.filter((f) => f.kind !== 'bracket').map((f) => walk(f, known, log));
  return multiply([...guards, ...rest]);
}

function contractSum(shadowing: ExpressionOf<'sum'>, context: Context, log: Log): Expression {
  const e = ownName(shadowing, context);
  const inner = withRange(context, e.index, e.range);
  const body = walk(e.body, inner, log);
  const spread = fixesIndex(body, e.index) ? distribute(body, e.index) : body;
  if (spread.kind === 'add') {
    const [fixed, free] = partition(spread.terms, (t) => deltaFor(t, e.index) !== null);
    if (fixed.length > 0) {
      const rest = free.length > 0 ? [plainSum(e.index, e.range, add(free))] : [];
      return add([...fixed.map((t) => substituteDelta(t, e, context, log)), ...rest]);
    }
  }
  return deltaFor(spread, e.index) === null ? plainSum(e.index, e.range, spread) : substituteDelta(spread, e, context, log);
}

/** What is known of an outer index must not be taken for knowledge of an inner one of the same name. */
function ownName<B extends Binder>(e: B, context: Context): B {
  const known = new Set([...context.ranges.keys(), ...context.assumptions.flatMap(affineIndices)]);
  if (!known.has(e.index)) return e;
  const name = freshIndex(e.index, new Set([...known, ...freeIndices(e.body)]));
  return { ...e, index: name, body: substituteIndices(e.body, new Map([[e.index, index(name)]])) };
}

/** Σ with what does not depend on the index in front of it. */
function plainSum(name: string, range: Range, body: Expression): Expression {
  const factors = body.kind === 'multiply' ? body.factors : [body];
  const [outer, inner] = partition(factors, (f) => f.kind === 'number');
  return multiply([...outer, sum(name, range, multiply(inner))]);
}

interface Delta {
  readonly at: number;
  readonly value: Affine;
}

/** The delta among a product's factors that fixes `name`, solved for it. */
function deltaFor(e: Expression, name: string): Delta | null {
  const factors = e.kind === 'multiply' ? e.factors : [e];
  let best: Delta | null = null;
  for (const [at, factor] of factors.entries()) {
    if (factor.kind !== 'bracket' || factor.test.kind !== 'index' || factor.test.relation !== '=') continue;
    const coefficient = coefficientOf(factor.test.value, { kind: 'index', name });
    if (coefficient !== 1 && coefficient !== -1) continue;
    const value = scaleAffine(subtractAffine(factor.test.value, scaleAffine(index(name), coefficient)), -coefficient);
    // A delta that fixes the index to a plain one gives the shortest formula.
    if (best === null || value.terms.length < best.value.terms.length) best = { at, value };
  }
  return best;
}

function substituteDelta(term: Expression, e: ExpressionOf<'sum'>, context: Context, log: Log): Expression {
  const delta = deltaFor(term, e.index);
  if (delta === null) return sum(e.index, e.range, term);
  const factors = term.kind === 'multiply' ? term.factors : [term];
  const rest = multiply([...factors.slice(0, delta.at), ...factors.slice(delta.at + 1)]);
  const guards = [subtractAffine(delta.value, e.range.lo), subtractAffine(e.range.hi, delta.value)]
    .filter((g) => decideAtLeast(g, context) !== true);
  const target = plainIndex(delta.value);
  const within = target === null ? null : (context.ranges.get(target) ?? null);
  log.contractions.push({ index: e.index, range: e.range, value: delta.value, guarded: guards.length > 0, within });
  const replaced = substituteIndices(rest, new Map([[e.index, delta.value]]));
  return walk(multiply([...guards.map((g) => bracket(indexAtLeast(g))), replaced]), context, log);
}

/** Whether some delta anywhere among the factors or addends fixes the index. */
function fixesIndex(e: Expression, name: string): boolean {
  if (deltaFor(e, name) !== null) return true;
  switch (e.kind) {
    case 'add': return e.terms.some((t) => fixesIndex(t, name));
    case 'multiply': return e.factors.some((f) => fixesIndex(f, name));
    case 'sum': return e.index !== name && fixesIndex(e.body, name);
    case 'piecewise': return [...e.branches.map((b) => b.then), e.otherwise].some((v) => fixesIndex(v, name));
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'product': case 'argmax': case 'power': case 'call':
      return false;
  }
}

/** Multiplies out, and pulls sums outside, as far as needed for deltas on `name` to become factors of addends. */
function distribute(e: Expression, name: string): Expression {
  switch (e.kind) {
    case 'add': return add(e.terms.map((t) => (fixesIndex(t, name) ? distribute(t, name) : t)));
    case 'multiply': {
      const at = e.factors.findIndex((f) => f.kind !== 'bracket' && fixesIndex(f, name));
      const factor = e.factors[at];
      if (factor === undefined) return e;
      const before = e.factors.slice(0, at);
      const after = e.factors.slice(at + 1);
      const spread = distribute(factor, name);
      if (spread.kind === 'add') {
        return add(spread.terms.map((t) => {
          const product = multiply([...before, t, ...after]);
          return fixesIndex(t, name) ? distribute(product, name) : product;
        }));
      }
      if (spread.kind === 'sum') {
        const others = multiply([...before, ...after]);
        const taken = new Set([...freeIndices(others), ...freeIndices(spread.body), name]);
        const bound = freeIndices(others).has(spread.index) ? freshIndex(spread.index, taken) : spread.index;
        const body = bound === spread.index ? spread.body : substituteIndices(spread.body, new Map([[spread.index, index(bound)]]));
        return sum(bound, spread.range, multiply([...before, body, ...after]));
      }
      return multiply([...before, spread, ...after]);
    }
    case 'sum': return sumOver(e, distribute(e.body, name), name);
    case 'piecewise': return openCases(e);
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'product': case 'argmax': case 'power': case 'call':
      return e;
  }
}

/** Cases with their deltas outside: those that all cases share as factors, else each case behind its condition. */
function openCases(e: ExpressionOf<'piecewise'>): Expression {
  const values = [...e.branches.map((b) => b.then), e.otherwise].filter((v) => !isNumber(v, 0));
  const [first, ...others] = values.map(bracketFactors);
  const shared = (first ?? []).filter((b) => others.every((o) => o.some((x) => sameBracket(x, b))));
  if (shared.length > 0) {
    const strip = (v: Expression): Expression => shared.reduce(withoutBracket, v);
    return multiply([...shared, piecewise(e.branches.map((b) => ({ when: b.when, then: strip(b.then) })), strip(e.otherwise))]);
  }
  const earlier: Test[] = [];
  const guarded = e.branches.map((b) => {
    const guard: Test = { kind: 'and', tests: [...earlier.map(not), b.when] };
    earlier.push(b.when);
    return multiply([bracket(guard), b.then]);
  });
  return add([...guarded, multiply([bracket({ kind: 'and', tests: earlier.map(not) }), e.otherwise])]);
}

type Bracket = ExpressionOf<'bracket'>;

/** The index conditions that multiply all of e. */
function bracketFactors(e: Expression): readonly Bracket[] {
  switch (e.kind) {
    case 'bracket': return [e];
    case 'multiply': return e.factors.flatMap(bracketFactors);
    case 'add': case 'piecewise': {
      const values = e.kind === 'add' ? e.terms : [...e.branches.map((b) => b.then), e.otherwise].filter((v) => !isNumber(v, 0));
      const [first, ...others] = values.map(bracketFactors);
      return (first ?? []).filter((b) => others.every((o) => o.some((x) => sameBracket(x, b))));
    }
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'sum': case 'product': case 'argmax': case 'power': case 'call': return [];
  }
}

const sameBracket = (a: Bracket, b: Bracket): boolean =>
  a.test.kind === 'index' && b.test.kind === 'index' && a.test.relation === b.test.relation && sameAffine(a.test.value, b.test.value);

/** e without one bracket that multiplies all of it. */
function withoutBracket(e: Expression, b: Bracket): Expression {
  switch (e.kind) {
    case 'bracket': return sameBracket(e, b) ? one : e;
    case 'multiply': return multiply(e.factors.map((f) => withoutBracket(f, b)));
    case 'add': return add(e.terms.map((t) => withoutBracket(t, b)));
    case 'piecewise': return piecewise(
      e.branches.map((x) => ({ when: x.when, then: withoutBracket(x.then, b) })), withoutBracket(e.otherwise, b));
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'sum': case 'product': case 'argmax': case 'power': case 'call': return e;
  }
}

/** Σ over another index, with factors that do not depend on it (a delta on `name`, say) moved outside. */
function sumOver(e: ExpressionOf<'sum'>, body: Expression, name: string): Expression {
  const terms = body.kind === 'add' ? body.terms : [body];
  return add(terms.map((t) => {
    const factors = t.kind === 'multiply' ? t.factors : [t];
    const [outer, inner] = partition(factors, (f) => fixesIndex(f, name) && !freeIndices(f).has(e.index));
    return multiply([...outer, sum(e.index, e.range, multiply(inner))]);
  }));
}

function decideBracket(test: Test, context: Context, log: Log): Expression {
  const truth = decide(test, context);
  if (truth === null) return bracket(test);
  log.discharged.push(test);
  return truth ? one : zero;
}

/** What the context says of a test. */
export function decide(test: Test, context: Context): boolean | null {
  switch (test.kind) {
    case 'index': return test.relation === '=' ? decideEqual(test.value, context) : decideAtLeast(test.value, context);
    case 'compare': return null;
    case 'not': {
      const truth = decide(test.test, context);
      return truth === null ? null : !truth;
    }
    case 'and': case 'or': {
      const stop = test.kind === 'or';
      const truths = test.tests.map((t) => decide(t, context));
      return truths.includes(stop) ? stop : truths.includes(null) ? null : !stop;
    }
  }
}

/** The context in which an index condition is known to hold. */
export function assume(context: Context, test: Test): Context {
  if (test.kind === 'and') return test.tests.reduce(assume, context);
  if (test.kind === 'not' && test.test.kind === 'index' && test.test.relation === '>=') {
    return withAssumption(context, addAffine(scaleAffine(test.test.value, -1), { terms: [], constant: -1 }));
  }
  if (test.kind !== 'index') return context;
  const atLeast = withAssumption(context, test.value);
  return test.relation === '>=' ? atLeast : withAssumption(atLeast, scaleAffine(test.value, -1));
}

const splitAnd = (test: Test): readonly Test[] => (test.kind === 'and' ? test.tests.flatMap(splitAnd) : [test]);

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}
