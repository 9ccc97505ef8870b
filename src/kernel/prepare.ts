// Equations made ready for loops: sizes are numbers, slots are filled, indices count from 0, deltas are contracted.

import { addAffine, type Affine, constantOf, index, integer, type Range, symbolKey } from '../algebra/affine.ts';
import { type Context, emptyContext, withRange } from '../algebra/bounds.ts';
import { assume, contract, decide } from '../algebra/contract.ts';
import { add, type Branch, bind, bracket, type Expression, isBinder, isNumber, multiply, not, number, piecewise, type Reference, sum, type Test } from '../algebra/expression.ts';
import { freeIndices, mapChildren, mapTest, rewrite, substituteIndices, substituteSymbols } from '../algebra/traverse.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Axis, System } from '../spec/network.ts';
import { samplesSize } from '../spec/samples.ts';
import type { Statement } from './program.ts';
import { contractSupports } from './support.ts';
import { unsupported } from './unsupported.ts';

/** target = value for all values of the loops; ranges begin at 0 unless they depend on other loops. */
export interface Assignment {
  readonly target: Reference;
  readonly loops: readonly Loop[];
  readonly value: Expression;
  readonly place: Place | null;
}

export interface Loop {
  readonly index: string;
  readonly range: Range;
  readonly descending: boolean;
  /** Given where the index has one value, which is stored somewhere: no loop, but statements that find it. */
  readonly pin?: Pin;
}

export interface Pin {
  /** The index variables that the value depends on. */
  readonly needs: readonly string[];
  readonly statements: readonly Statement[];
}

const samplesKey = samplesSize.terms.map((t) => symbolKey(t.symbol)).join();

/** Whether a range runs over the samples: its end is the one size that is known only at run time. */
export const overSamples = (range: Range): boolean => range.hi.terms.some((t) => symbolKey(t.symbol) === samplesKey);

/** Puts numbers in the place of sizes. @throws for a size without a value. */
export const withSizes = (system: System, place: Place | null) => (e: Expression): Expression =>
  substituteSymbols(e, (s) => {
    if (s.kind === 'index' || symbolKey(s) === samplesKey) return null;
    const value = system.sizes.get(symbolKey(s));
    if (value === undefined) throw unsupported(`the size ${s.name} has no value`, 'a kernel needs a number for every size', place);
    return integer(value);
  });

export const sizeOf = (system: System, a: Affine, place: Place | null): Affine => {
  const range = withSizes(system, place)(sum('#', { lo: integer(0), hi: a }, { kind: 'affine', value: index('#') }));
  if (range.kind !== 'sum') throw new Error('a sum stays a sum');
  return range.range.hi;
};

/** The assignment tensor[axes] = value with all sizes known and every index counted from 0. */
export function prepare(
  system: System, target: (indices: readonly Affine[]) => Reference, axes: readonly Axis[], value: Expression, place: Place | null,
): Assignment {
  const shifts = new Map<string, Affine>();
  const loops = axes.map((axis): Loop => {
    const lo = sizeOf(system, axis.range.lo, place);
    const hi = sizeOf(system, axis.range.hi, place);
    const start = constantOf(lo);
    if (start === null) throw unsupported(`the axis ${axis.index} begins at no fixed number`, 'an axis begins at 0 or 1', place);
    if (start !== 0) shifts.set(axis.index, addAffine(index(axis.index), integer(start)));
    return { index: axis.index, range: { lo: integer(0), hi: addAffine(hi, integer(-start)) }, descending: false };
  });
  const apart = rewrite(withSizes(system, place)(value), () => null, new Set(axes.map((a) => a.index)));
  const shifted = fromZero(substituteIndices(apart, shifts));
  const context = contextOf(loops);
  return {
    target: target(axes.map((a) => shifts.get(a.index) ?? index(a.index))), loops,
    value: simplify(shifted, context), place,
  };
}

export const contextOf = (loops: readonly Loop[]): Context =>
  loops.reduce((context, loop) => withRange(context, loop.index, loop.range), emptyContext);

/** Contracts deltas and decides every condition that the ranges decide. */
export function simplify(e: Expression, context: Context): Expression {
  const contracted = contractSupports(contract(decideAll(e, context), context).value, context);
  return decideAll(fromZero(contracted), context);
}

/** Sums, products and choices whose range begins at a number begin at 0 instead. */
function fromZero(e: Expression): Expression {
  if (!isBinder(e)) return mapChildren(e, fromZero);
  const start = constantOf(e.range.lo);
  const body = fromZero(e.body);
  if (start === null || start === 0) return bind(e.kind, e.index, e.range, body);
  const shifted = substituteIndices(body, new Map([[e.index, addAffine(index(e.index), integer(start))]]));
  const whole = bind(e.kind, e.index, { lo: integer(0), hi: addAffine(e.range.hi, integer(-start)) }, shifted);
  // A choice is a number of the range as it was.
  return e.kind === 'argmax' ? add([whole, number(start)]) : whole;
}

/** Branches and brackets that the ranges decide. */
function decideAll(e: Expression, context: Context): Expression {
  switch (e.kind) {
    case 'sum': case 'product': case 'argmax': return bind(e.kind, e.index, e.range, decideAll(e.body, withRange(context, e.index, e.range)));
    case 'multiply': {
      let known = context;
      const brackets = e.factors.filter((f) => f.kind === 'bracket').map((f) => {
        const decided = decideAll(f, known);
        if (decided.kind === 'bracket') known = assume(known, decided.test);
        return decided;
      });
      return multiply([...brackets, ...e.factors.filter((f) => f.kind !== 'bracket').map((f) => decideAll(f, known))]);
    }
    case 'bracket': {
      const truth = decide(e.test, context);
      return truth === null ? bracket(decidedTest(e.test, context)) : { kind: 'number', value: { n: truth ? 1n : 0n, d: 1n } };
    }
    case 'piecewise': return decideBranches(e.branches, e.otherwise, context);
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'add': case 'power': case 'call':
      return mapChildren(e, (child) => decideAll(child, context));
  }
}

function decideBranches(branches: readonly Branch[], otherwise: Expression, context: Context): Expression {
  const kept: Branch[] = [];
  let known = context;
  for (const branch of branches) {
    const truth = decide(branch.when, known);
    if (truth === false) continue;
    const then = decideAll(branch.then, assume(known, branch.when));
    if (truth === true) return piecewise(kept, then);
    kept.push({ when: decidedTest(branch.when, known), then });
    known = assume(known, not(branch.when));
  }
  const last = decideAll(otherwise, known);
  return isNumber(last, 0) && kept.every((b) => isNumber(b.then, 0)) ? last : piecewise(kept, last);
}

/** A conjunction without the parts that hold anyway; compared expressions simplified. */
function decidedTest(test: Test, context: Context): Test {
  if (test.kind === 'and') {
    const open = test.tests.filter((t) => decide(t, context) !== true).map((t) => decidedTest(t, context));
    const [only] = open;
    return only !== undefined && open.length === 1 ? only : { kind: 'and', tests: open };
  }
  return mapTest(test, (child) => decideAll(child, context));
}

/** The loops that an expression depends on. */
export const dependsOn = (e: Expression, loops: readonly Loop[]): readonly Loop[] => {
  const free = freeIndices(e);
  return loops.filter((l) => free.has(l.index));
};
