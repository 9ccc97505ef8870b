// The sums, products and choices of an expression, taken out of it: each is computed before what uses it.

import { index, subtractAffine } from '../algebra/affine.ts';
import { decide } from '../algebra/contract.ts';
import { bracket, type Expression, type ExpressionOf, indexAtLeast, multiply, type Reference, type Test } from '../algebra/expression.ts';
import { freeIndices, holdsBelow, mapChildren, mapTest, substituteIndices } from '../algebra/traverse.ts';
import type { Fold } from './fold.ts';
import { keyOf } from './key.ts';
import { accumulator, type Lowering } from './lowering.ts';
import { conjuncts, isIndexTest } from './nest.ts';
import { needsOf, pinOf, type Pinned } from './pin.ts';
import { contextOf, type Loop, type Pin } from './prepare.ts';
import type { Statement } from './program.ts';

/** A sum at work: its loops, the conditions on them, what is added, and the local variable that holds the result. */
export interface Leaf {
  readonly loops: readonly Loop[];
  readonly conditions: readonly Test[];
  readonly body: Expression;
  readonly result: Reference;
  readonly declaration: Statement;
  /** What the first of its loops adds up, as it was. */
  readonly restOfFirst: Expression;
}

export interface Leaves {
  readonly value: Expression;
  readonly leaves: readonly Leaf[];
  readonly folds: readonly Fold[];
  /** Indices that stored integers fix: what they choose stands in the value. */
  readonly pins: readonly Loop[];
}

/** Puts in what stored integers choose; all other sums stay. */
export function takePins(e: Expression, outer: readonly Loop[], lowering: Lowering): Pick<Leaves, 'value' | 'pins'> {
  if (!holdsBelow(e, isChoice)) return { value: e, pins: [] };
  const { value, pins } = take(e, outer, lowering, true);
  const read = freeIndices(value);
  // Σ_v [k = v] c needs no v.
  return { value, pins: pins.filter((p) => read.has(p.index) || pins.some((other) => other.pin?.needs.includes(p.index) === true)) };
}

const isChoice = (e: Expression): boolean => e.kind === 'sum' && holdsBelow(e.body, (x) =>
  x.kind === 'bracket' && conjuncts(x.test).some((t) => t.kind === 'compare' && t.relation === '='));

/** Replaces every outermost sum by a local variable; equal sums under equal conditions share one. */
export const takeLeaves = (e: Expression, outer: readonly Loop[], lowering: Lowering): Leaves => take(e, outer, lowering, false);

function take(e: Expression, outer: readonly Loop[], lowering: Lowering, onlyPins: boolean): Leaves {
  const results = new Map<string, Expression>();
  const leaves: Leaf[] = [];
  const folds: Fold[] = [];
  const pins: Loop[] = [];
  const takeSum = (x: ExpressionOf<'sum'>, guards: readonly Test[]): Expression => {
    if (onlyPins && !isChoice(x)) return x;
    const leaf = leafOf(x, guards, [...outer, ...pins], lowering);
    if (leaf.conditions.length > 0 || leaf.loops.some((l) => l.pin === undefined)) {
      if (onlyPins) return x;
      leaves.push(leaf);
      return leaf.result;
    }
    pins.push(...leaf.loops);
    return walk(leaf.body, guards);
  };
  const walk = (x: Expression, guards: readonly Test[]): Expression => {
    switch (x.kind) {
      case 'sum': {
        const key = keyOf([x, guards]);
        const known = results.get(key) ?? takeSum(x, guards);
        results.set(key, known);
        return known;
      }
      case 'product': case 'argmax': {
        if (onlyPins) return x;
        const key = keyOf([x, guards]);
        const known = results.get(key) ?? lowering.newLocal(x.kind === 'product' ? 'product' : 'at');
        if (!results.has(key)) {
          const loop: Loop = { index: x.index, range: x.range, descending: false };
          folds.push({ kind: x.kind, loop, guards, body: x.body, result: known });
        }
        results.set(key, known);
        return known;
      }
      case 'multiply': {
        const brackets = x.factors.flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : [])).filter(isIndexTest);
        const inner = [...guards, ...brackets];
        return multiply(x.factors.map((f) => walk(f, f.kind === 'bracket' ? guards : inner)));
      }
      case 'piecewise': {
        let open = guards;
        const branches = x.branches.map((b) => {
          const when = mapTest(b.when, (child) => walk(child, guards));
          const then = walk(b.then, isIndexTest(b.when) ? [...open, ...conjuncts(b.when)] : open);
          if (isIndexTest(b.when)) open = [...open, ...conjuncts({ kind: 'not', test: b.when })];
          return { when, then };
        });
        return { ...x, branches, otherwise: walk(x.otherwise, open) };
      }
      case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'add': case 'power': case 'call':
        return mapChildren(x, (child) => walk(child, guards));
    }
  };
  const value = walk(e, []);
  return { value, leaves, folds, pins };
}

function leafOf(e: ExpressionOf<'sum'>, guards: readonly Test[], outer: readonly Loop[], lowering: Lowering): Leaf {
  const loops: Loop[] = [];
  const conditions: Test[] = [...guards];
  const values: Test[] = [];
  let body: Expression = e;
  while (body.kind === 'sum') {
    loops.push({ index: body.index, range: body.range, descending: false });
    const factors: readonly Expression[] = body.body.kind === 'multiply' ? body.body.factors : [body.body];
    const tests = factors.flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : []));
    conditions.push(...tests.filter(isIndexTest));
    const others = tests.filter((t) => !isIndexTest(t));
    const rest = factors.filter((f) => f.kind !== 'bracket');
    const [only] = rest;
    // A sum directly below goes on with the nest; what stands beside it goes into its body.
    if (only?.kind === 'sum' && rest.length === 1) {
      values.push(...others);
      body = only;
    } else body = multiply([...[...values, ...others].map((test): Expression => ({ kind: 'bracket', test })), ...rest]);
  }
  const { local, declaration } = accumulator(lowering, 'sum');
  const plain: Leaf = {
    loops, conditions, body, result: local, declaration,
    restOfFirst: multiply([...guards.map((test): Expression => ({ kind: 'bracket', test })), e.body]),
  };
  return pinned(plain, outer, lowering);
}

/** The leaf with a pin in the place of every loop whose index a stored integer fixes. */
function pinned(leaf: Leaf, outer: readonly Loop[], lowering: Lowering): Leaf {
  let current = leaf;
  for (const { index: name } of leaf.loops) {
    // A pin before may have renamed what its range says.
    const loop = current.loops.find((l) => l.index === name);
    if (loop !== undefined) current = pinLoop(current, loop, outer, lowering) ?? current;
  }
  return current;
}

function pinLoop(leaf: Leaf, loop: Loop, outer: readonly Loop[], lowering: Lowering): Leaf | null {
  for (const test of valueTests(leaf.body)) {
    const found = pinOf(test, loop.index, lowering.integers);
    if (found === null) continue;
    const needs = needsOf(found);
    // No pin may wait for itself.
    if (leaf.loops.some((l) => needs.includes(l.index) && l.pin?.needs.includes(loop.index) === true)) continue;
    const name = lowering.newIndex(loop.index);
    const renamed = new Map([[loop.index, index(name)]]);
    const pin: Loop = { index: name, range: found.range, descending: false, pin: pinStatements(name, found, lowering) };
    const loops = placed(leaf.loops.filter((l) => l !== loop).map((l) => renamedRange(l, renamed)), pin);
    const bounds = [subtractAffine(index(name), loop.range.lo), subtractAffine(loop.range.hi, index(name))].map(indexAtLeast);
    const context = contextOf([...outer, ...loops]);
    const conditions = [...leaf.conditions.map((t) => renamedTest(t, renamed)), ...bounds].filter((t) => decide(t, context) !== true);
    return { ...leaf, loops, conditions, body: substituteIndices(withoutTest(leaf.body, test), renamed) };
  }
  return null;
}

const renamedRange = (l: Loop, to: Parameters<typeof substituteIndices>[1]): Loop => {
  const whole = substituteIndices({ kind: 'argmax', index: '#', range: l.range, body: { kind: 'number', value: { n: 0n, d: 1n } } }, to);
  return whole.kind === 'argmax' ? { ...l, range: whole.range } : l;
};

function renamedTest(test: Test, to: Parameters<typeof substituteIndices>[1]): Test {
  const whole = substituteIndices({ kind: 'bracket', test }, to);
  return whole.kind === 'bracket' ? whole.test : test;
}

/** The statements that give an index its pinned value. */
export function pinStatements(name: string, found: Pinned, lowering: Lowering): Pin {
  const needs = needsOf(found);
  if (!holdsBelow(found.value, (x) => x.kind === 'sum')) return { needs, statements: [{ kind: 'pin', index: name, value: lowering.scalar(found.value) }] };
  // An index that is itself chosen by an index.
  const { value, leaves, folds, pins } = takeLeaves(found.value, [], lowering);
  if (leaves.length > 0 || folds.length > 0) throw new Error('a chosen integer is chosen by integers');
  return { needs, statements: [...pins.flatMap((p) => p.pin?.statements ?? []), { kind: 'pin', index: name, value: lowering.scalar(value) }] };
}

/** The loops with a pin directly after the last that it needs. */
function placed(loops: readonly Loop[], pin: Loop): readonly Loop[] {
  const after = loops.findLastIndex((l) => pin.pin?.needs.includes(l.index) === true) + 1;
  return [...loops.slice(0, after), pin, ...loops.slice(after)];
}

/** The loops with all pins put in where their values are known. */
export const withPins = (loops: readonly Loop[], pins: readonly Loop[]): readonly Loop[] => pins.reduce(placed, loops);

/** The comparisons of values that multiply all of e. */
export const valueTests = (e: Expression): readonly Test[] =>
  (e.kind === 'multiply' ? e.factors : [e]).flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : [])).filter((t) => !isIndexTest(t));

/** e without one of these. */
export const withoutTest = (e: Expression, test: Test): Expression =>
  multiply((e.kind === 'multiply' ? e.factors : [e]).flatMap((f): readonly Expression[] =>
    f.kind !== 'bracket' ? [f] : conjuncts(f.test).filter((t) => t !== test).map(bracket)));
