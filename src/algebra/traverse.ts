// Walking expressions: rebuild children, visit everything, collect free indices, substitute without capture.

import { type Affine, affineIndices, type AffineSymbol, index, type Range, substituteAffine } from './affine.ts';
import {
  add, affineValue, bind, type Binder, type Branch, bracket, call, type Expression, isBinder, multiply, piecewise, power, type Reference, type Test,
} from './expression.ts';

/** Rebuilds an expression from its mapped children (expressions directly below it, also those inside tests). */
export function mapChildren(e: Expression, f: (child: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': return e;
    case 'bracket': return bracket(mapTest(e.test, f));
    case 'sum': case 'product': case 'argmax': return bind(e.kind, e.index, e.range, f(e.body));
    case 'add': return add(e.terms.map(f));
    case 'multiply': return multiply(e.factors.map(f));
    case 'power': return power(f(e.base), e.exponent);
    case 'call': return call(e.fn, f(e.argument));
    case 'piecewise': return piecewise(
      e.branches.map((b): Branch => ({ when: mapTest(b.when, f), then: f(b.then) })), f(e.otherwise));
  }
}

export function mapTest(test: Test, f: (child: Expression) => Expression): Test {
  switch (test.kind) {
    case 'index': return test;
    case 'compare': return { ...test, left: f(test.left), right: f(test.right) };
    case 'and': case 'or': return { ...test, tests: test.tests.map((t) => mapTest(t, f)) };
    case 'not': return { ...test, test: mapTest(test.test, f) };
  }
}

/** The expressions directly below e, those inside tests included. */
export function children(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': return [];
    case 'bracket': return testChildren(e.test);
    case 'sum': case 'product': case 'argmax': return [e.body];
    case 'add': return e.terms;
    case 'multiply': return e.factors;
    case 'power': return [e.base];
    case 'call': return [e.argument];
    case 'piecewise': return [...e.branches.flatMap((b) => [...testChildren(b.when), b.then]), e.otherwise];
  }
}

function testChildren(test: Test): readonly Expression[] {
  switch (test.kind) {
    case 'index': return [];
    case 'compare': return [test.left, test.right];
    case 'and': case 'or': return test.tests.flatMap(testChildren);
    case 'not': return testChildren(test.test);
  }
}

/** The affine expressions of a test's index conditions. */
export function testAffines(test: Test): readonly Affine[] {
  switch (test.kind) {
    case 'index': return [test.value];
    case 'compare': return [];
    case 'and': case 'or': return test.tests.flatMap(testAffines);
    case 'not': return testAffines(test.test);
  }
}

/** The affine expressions that stand in e itself, not below it. */
function ownAffines(e: Expression): readonly Affine[] {
  switch (e.kind) {
    case 'affine': return [e.value];
    case 'ref': return e.indices;
    case 'bracket': return testAffines(e.test);
    case 'sum': case 'product': case 'argmax': return [e.range.lo, e.range.hi];
    case 'piecewise': return e.branches.flatMap((b) => testAffines(b.when));
    case 'number': case 'constant': case 'symbol': case 'add': case 'multiply': case 'power': case 'call': return [];
  }
}

/** Calls f on e and on everything below it, outermost first. */
export function visit(e: Expression, f: (e: Expression) => void): void {
  f(e);
  for (const child of children(e)) visit(child, f);
}

/** Whether the test holds for e or something below it. */
export const holdsBelow = (e: Expression, test: (e: Expression) => boolean): boolean =>
  test(e) || children(e).some((child) => holdsBelow(child, test));

/** Every tensor entry in e, in reading order. */
export function references(e: Expression): readonly Reference[] {
  const found: Reference[] = [];
  visit(e, (x) => {
    if (x.kind === 'ref') found.push(x);
  });
  return found;
}

/** The index variables that occur free in e. */
export function freeIndices(e: Expression): ReadonlySet<string> {
  const free = new Set<string>();
  collectFree(e, new Set(), free);
  return free;
}

function collectFree(e: Expression, bound: ReadonlySet<string>, free: Set<string>): void {
  for (const affine of ownAffines(e)) {
    for (const name of affineIndices(affine)) if (!bound.has(name)) free.add(name);
  }
  const below = isBinder(e) ? new Set([...bound, e.index]) : bound;
  for (const child of children(e)) collectFree(child, below, free);
}

/** `base` itself when it is not taken, else `base#2`, `base#3`, … */
export function freshIndex(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  const stem = base.replace(/#\d+$/, '');
  for (let n = 2; ; n += 1) {
    const candidate = `${stem}#${String(n)}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * Replaces index variables and sizes by affine expressions everywhere, renaming bound indices that would
 * capture a variable of a replacement.
 */
export function substituteSymbols(e: Expression, to: (symbol: AffineSymbol) => Affine | null): Expression {
  const replaced = (a: Affine): Affine => substituteAffine(a, to);
  switch (e.kind) {
    case 'affine': return affineValue(replaced(e.value));
    case 'ref': return { ...e, indices: e.indices.map(replaced) };
    case 'bracket': return bracket(substituteTest(e.test, to));
    case 'piecewise': return piecewise(
      e.branches.map((b) => ({ when: substituteTest(b.when, to), then: substituteSymbols(b.then, to) })),
      substituteSymbols(e.otherwise, to));
    case 'sum': case 'product': case 'argmax': {
      const incoming = new Set<string>();
      for (const name of freeIndices(e.body)) {
        if (name === e.index) continue;
        for (const other of affineIndices(to({ kind: 'index', name }) ?? index(name))) incoming.add(other);
      }
      const range: Range = { lo: replaced(e.range.lo), hi: replaced(e.range.hi) };
      const renamed = incoming.has(e.index) ? freshIndex(e.index, new Set([...incoming, ...freeIndices(e.body)])) : e.index;
      const inner = (symbol: AffineSymbol): Affine | null =>
        symbol.kind === 'index' && symbol.name === e.index ? (renamed === e.index ? null : index(renamed)) : to(symbol);
      return bind(e.kind, renamed, range, substituteSymbols(e.body, inner));
    }
    case 'number': case 'constant': case 'symbol': case 'add': case 'multiply': case 'power': case 'call':
      return mapChildren(e, (child) => substituteSymbols(child, to));
  }
}

function substituteTest(test: Test, to: (symbol: AffineSymbol) => Affine | null): Test {
  switch (test.kind) {
    case 'index': return { ...test, value: substituteAffine(test.value, to) };
    case 'compare': return { ...test, left: substituteSymbols(test.left, to), right: substituteSymbols(test.right, to) };
    case 'and': case 'or': return { ...test, tests: test.tests.map((t) => substituteTest(t, to)) };
    case 'not': return { ...test, test: substituteTest(test.test, to) };
  }
}

/** Replaces index variables by affine expressions, without capture. */
export const substituteIndices = (e: Expression, to: ReadonlyMap<string, Affine>): Expression =>
  substituteSymbols(e, (s) => (s.kind === 'index' ? (to.get(s.name) ?? null) : null));

/**
 * Replaces expressions bottom-up where `f` returns one, renaming bound indices first, so that a replacement
 * written with the free indices in `reserved` is never captured.
 */
export function rewrite(e: Expression, f: (e: Expression) => Expression | null, reserved: ReadonlySet<string> = new Set()): Expression {
  const opened = isBinder(e) && reserved.has(e.index) ? renameBound(e, reserved) : e;
  const below = isBinder(opened) ? new Set([...reserved, opened.index]) : reserved;
  const rebuilt = mapChildren(opened, (child) => rewrite(child, f, below));
  return f(rebuilt) ?? rebuilt;
}

function renameBound(e: Binder, taken: ReadonlySet<string>): Expression {
  const name = freshIndex(e.index, new Set([...taken, ...freeIndices(e.body)]));
  return bind(e.kind, name, e.range, substituteIndices(e.body, new Map([[e.index, index(name)]])));
}
