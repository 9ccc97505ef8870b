// Lowering: an assignment becomes loops. Sums become accumulators in local variables where everything is read along
// the reduction, or are added up in the target itself, row by row, where that is the contiguous order; what does not
// depend on a loop is computed once, outside it.

import { affineIndices, constantOf, index, type Affine } from '../algebra/affine.ts';
import {
  add, type Expression, type ExpressionOf, multiply, type Reference, type Test, zero,
} from '../algebra/expression.ts';
import { mapChildren, mapTest, references, rewrite, visit } from '../algebra/traverse.ts';
import { pullInvariants } from './invariant.ts';
import { keyOf } from './key.ts';
import { accumulator, type Lowering } from './lowering.ts';
import { conjuncts, isIndexTest, levelOf, nest } from './nest.ts';
import { chooseOrder, isDot } from './order.ts';
import { type Assignment, contextOf, dependsOn, type Loop, overSamples } from './prepare.ts';
import type { Operator, Statement } from './program.ts';
import { referenceKey } from './storage.ts';
import { recurrence } from './recurrence.ts';

/** The statements that compute an assignment. */
export function lower(assignment: Assignment, lowering: Lowering): readonly Statement[] {
  const { target, value } = assignment;
  const ordered = recurrence(assignment);
  const loops = ordered?.loops ?? assignment.loops;
  const prefix = loops.slice(0, ordered?.outer ?? samplesFirst(loops));
  const pulled = pullInvariants(value, contextOf(loops));
  return nest(prefix, [], assign(prefix, loops.slice(prefix.length), target, '=', pulled, lowering));
}

/** 1 where the samples are the outermost loop: everything of one sample is computed inside it. */
function samplesFirst(loops: readonly Loop[]): number {
  const [first] = loops;
  return first !== undefined && overSamples(first.range) ? 1 : 0;
}

/** target[outputs] = or += value, inside the loops of the prefix. */
function assign(
  prefix: readonly Loop[], outputs: readonly Loop[], target: Reference, operator: Operator, whole: Expression, lowering: Lowering,
): readonly Statement[] {
  const hoisted = hoist(prefix, outputs, whole, lowering);
  const { value, leaves } = takeLeaves(hoisted.value, lowering);
  const planned = leaves.map((leaf): Plan => plan(prefix, outputs, target, leaf, lowering));
  const inMemory = planned.filter((p) => p.order !== null);
  const local = planned.filter((p) => p.order === null);
  const dots = local.map((p) => dot(prefix, outputs, p.leaf, lowering));
  const before = [...hoisted.before, ...dots.flatMap((d) => d.before)];
  const inside = dots.flatMap((d) => d.inside);
  const elementwise = (op: Operator, e: Expression): readonly Statement[] =>
    nest(outputs, [], [...inside, lowering.store(target, op, e)]);
  if (inMemory.length === 0) return [...before, ...elementwise(operator, value)];

  const terms = value.kind === 'add' ? value.terms : [value];
  const rest = terms.filter((t) => !inMemory.some((p) => referenceKey(p.leaf.result) === keyIfReference(t)));
  const plainly = inMemory.every((p) => terms.filter((t) => keyIfReference(t) === referenceKey(p.leaf.result)).length === 1)
    && !mentionsAny(add(rest), inMemory.map((p) => p.leaf.result));
  if (plainly) {
    // Σ… + rest: the rest is stored first and the sums are added to it.
    const start = add(rest);
    const opening = operator === '=' || rest.length > 0 ? elementwise(operator, start) : [];
    return [...before, ...opening, ...inMemory.flatMap((p) => accumulate(prefix, outputs, target, p, lowering))];
  }
  const sums = inMemory.map((p, n): { readonly to: Reference; readonly statements: readonly Statement[] } => {
    const to = n === 0 && operator === '=' ? target : lowering.newScratch(outputs, 'sums');
    if (to === null) throw new Error('outputs of a sum in memory have fixed lengths');
    const statements = [...nest(outputs, [], [lowering.store(to, '=', zero)]), ...accumulate(prefix, outputs, to, p, lowering)];
    return { to, statements };
  });
  const finished = rewrite(value, (e) => {
    const at = inMemory.findIndex((p) => referenceKey(p.leaf.result) === keyIfReference(e));
    return sums[at]?.to ?? null;
  });
  return [...before, ...sums.flatMap((s) => s.statements), ...elementwise(operator, finished)];
}

const keyIfReference = (e: Expression): string | null => (e.kind === 'ref' ? referenceKey(e) : null);

function mentionsAny(e: Expression, all: readonly Reference[]): boolean {
  const keys = new Set(all.map(referenceKey));
  return references(e).some((r) => keys.has(referenceKey(r)));
}

/** A sum at work: its loops, the conditions on them, what is added, and the local variable that holds the result. */
interface Leaf {
  readonly loops: readonly Loop[];
  readonly conditions: readonly Test[];
  readonly body: Expression;
  readonly result: Reference;
  readonly declaration: Statement;
}

interface Plan {
  readonly leaf: Leaf;
  /** The loop order for adding up in memory; null for a local accumulator. */
  readonly order: readonly Loop[] | null;
}

/** Replaces every outermost sum by a local variable; equal sums under equal conditions share one. */
function takeLeaves(e: Expression, lowering: Lowering): { value: Expression; leaves: readonly Leaf[] } {
  const leaves = new Map<string, Leaf>();
  const walk = (x: Expression, guards: readonly Test[]): Expression => {
    switch (x.kind) {
      case 'sum': {
        const key = keyOf([x, guards]);
        const known = leaves.get(key) ?? leafOf(x, guards, lowering);
        leaves.set(key, known);
        return known.result;
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
      case 'product': case 'argmax': throw new Error(`${x.kind} is not lowered`);
      case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'add': case 'power': case 'call':
        return mapChildren(x, (child) => walk(child, guards));
    }
  };
  const value = walk(e, []);
  return { value, leaves: [...leaves.values()] };
}

function leafOf(e: ExpressionOf<'sum'>, guards: readonly Test[], lowering: Lowering): Leaf {
  const loops: Loop[] = [];
  const conditions: Test[] = [...guards];
  let body: Expression = e;
  while (body.kind === 'sum') {
    loops.push({ index: body.index, range: body.range, descending: false });
    const factors: readonly Expression[] = body.body.kind === 'multiply' ? body.body.factors : [body.body];
    const tests = factors.flatMap((f) => (f.kind === 'bracket' ? conjuncts(f.test) : []));
    conditions.push(...tests.filter(isIndexTest));
    const others = tests.filter((t) => !isIndexTest(t)).map((test): Expression => ({ kind: 'bracket', test }));
    body = multiply([...others, ...factors.filter((f) => f.kind !== 'bracket')]);
  }
  const { local, declaration } = accumulator(lowering, 'sum');
  return { loops, conditions, body, result: local, declaration };
}

function plan(prefix: readonly Loop[], outputs: readonly Loop[], target: Reference, leaf: Leaf, lowering: Lowering): Plan {
  if (outputs.length === 0) return { leaf, order: null };
  const [first] = leaf.loops;
  if (first !== undefined && overSamples(first.range) && !prefix.some((l) => overSamples(l.range))) {
    return { leaf, order: [first, ...outputs, ...leaf.loops.slice(1)] };
  }
  const reads = references(leaf.body).flatMap((r) => addressOf(r, lowering));
  const targets = addressOf(target, lowering);
  const order = chooseOrder(outputs, leaf.loops, { reads, target: targets[0] ?? index('#') });
  const fixed = outputs.every((l) => constantOf(l.range.lo) === 0 && constantOf(l.range.hi) !== null);
  return { leaf, order: isDot(order, outputs) || !fixed ? null : order };
}

function addressOf(r: Reference, lowering: Lowering): readonly Affine[] {
  if (lowering.isLocal(r)) return [];
  const scalar = lowering.scalar(r);
  return scalar.kind === 'load' ? [scalar.at] : [];
}

interface Dot {
  /** What is computed before the output loops. */
  readonly before: readonly Statement[];
  /** The accumulator and its loops, inside the output loops. */
  readonly inside: readonly Statement[];
}

function dot(prefix: readonly Loop[], outputs: readonly Loop[], leaf: Leaf, lowering: Lowering): Dot {
  const order = [...outputs, ...reductionOrder(leaf, lowering)];
  const hoisted = hoist(prefix, order, leaf.body, lowering);
  const reductions = order.slice(outputs.length);
  const added = assign([...prefix, ...order], [], leaf.result, '+=', hoisted.value, lowering);
  return { before: hoisted.before, inside: [leaf.declaration, ...nest(reductions, leaf.conditions, added)] };
}

function reductionOrder(leaf: Leaf, lowering: Lowering): readonly Loop[] {
  const [first, ...others] = leaf.loops;
  if (first !== undefined && overSamples(first.range)) return [first, ...others];
  const reads = references(leaf.body).flatMap((r) => addressOf(r, lowering));
  return chooseOrder([], leaf.loops, { reads, target: { terms: [], constant: 0 } });
}

/** target[outputs] += the sum, in the planned order. */
function accumulate(
  prefix: readonly Loop[], outputs: readonly Loop[], target: Reference, { leaf, order }: Plan, lowering: Lowering,
): readonly Statement[] {
  if (order === null) throw new Error('only planned sums are added up in memory');
  const [first] = order;
  if (first !== undefined && overSamples(first.range) && leaf.loops.includes(first)) {
    // Each sample adds its part: the rest of the sum is planned inside.
    const body = leaf.loops.slice(1).reduceRight<Expression>(
      (e, l) => ({ kind: 'sum', index: l.index, range: l.range, body: e }), multiply([...conditionFactors(leaf), leaf.body]));
    return nest([first], leaf.conditions.filter((t) => levelOf(t, [first]) === 0 && levelOf(t, order.slice(1)) === -1),
      assign([...prefix, first], outputs, target, '+=', body, lowering));
  }
  const hoisted = hoist(prefix, order, leaf.body, lowering);
  const inner = trailing(order, outputs);
  const outer = order.slice(0, order.length - inner.length);
  const innerConditions = leaf.conditions.filter((t) => levelOf(t, order) >= outer.length);
  const outerConditions = leaf.conditions.filter((t) => levelOf(t, order) < outer.length);
  const whole = [...prefix, ...order];
  const body = inner.length === 0
    ? assign(whole, [], target, '+=', hoisted.value, lowering)
    : [
      leaf.declaration, ...nest(inner, innerConditions, assign(whole, [], leaf.result, '+=', hoisted.value, lowering)),
      lowering.store(target, '+=', leaf.result),
    ];
  return [...hoisted.before, ...nest(outer, outerConditions, body)];
}

const conditionFactors = (leaf: Leaf): readonly Expression[] =>
  leaf.conditions.map((test): Expression => ({ kind: 'bracket', test }));

/** The reductions at the end of an order. */
function trailing(order: readonly Loop[], outputs: readonly Loop[]): readonly Loop[] {
  return order.slice(order.findLastIndex((l) => outputs.includes(l)) + 1);
}

/** Whether computing e again and again would cost: a sum, a function, a root, a quotient, branches. */
function isExpensive(e: Expression): boolean {
  let expensive = false;
  visit(e, (x) => {
    if (x.kind === 'sum' || x.kind === 'call' || x.kind === 'piecewise') expensive = true;
    if (x.kind === 'power' && !(x.exponent.d === 1n && x.exponent.n > 0n && x.exponent.n <= 3n)) expensive = true;
  });
  return expensive;
}

const hasSum = (e: Expression): boolean => {
  let found = false;
  visit(e, (x) => {
    found ||= x.kind === 'sum';
  });
  return found;
};

/**
 * Moves what does not depend on all of the loops, and would be computed again in one of them, into scratch arrays or
 * local variables that are filled before the loops. What depends on the outer loops only is left for code motion.
 */
function hoist(prefix: readonly Loop[], order: readonly Loop[], e: Expression, lowering: Lowering): { before: readonly Statement[]; value: Expression } {
  if (order.length === 0) return { before: [], value: e };
  const before: Statement[] = [];
  const made = new Map<string, Reference>();
  const take = (x: Expression): Expression => {
    const needed = dependsOn(x, order);
    if (!isExpensive(x) || !(hasSum(x) || isRepeated(needed, order))) return x;
    const key = keyOf(x);
    const known = made.get(key);
    if (known !== undefined) return known;
    if (!closed(needed, order) || !lowering.safe(x, [...prefix, ...needed])) return x;
    const to = needed.length === 0 ? lowering.newLocal('once') : lowering.newScratch(needed, 'stored');
    if (to === null) return x;
    before.push(...assign(prefix, needed, to, '=', x, lowering));
    made.set(key, to);
    return to;
  };
  const walk = (x: Expression): Expression => {
    if (dependsOn(x, order).length < order.length) return take(x);
    switch (x.kind) {
      case 'multiply': {
        const groups = new Map<string, Expression[]>();
        for (const factor of x.factors) {
          const key = dependsOn(factor, order).map((l) => l.index).join();
          groups.set(key, [...(groups.get(key) ?? []), factor]);
        }
        const guarded = x.factors.some((f) => f.kind === 'bracket');
        if (guarded) return multiply(x.factors.map(walk));
        return multiply([...groups.values()].flatMap((factors) => {
          const product = multiply(factors);
          return dependsOn(product, order).length < order.length ? [take(product)] : factors.map(walk);
        }));
      }
      case 'sum': case 'product': case 'argmax': return x;
      case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'add': case 'power': case 'call':
      case 'piecewise': return mapChildren(x, walk);
    }
  };
  const value = walk(e);
  return { before, value };
}

/** Whether some loop that x does not need runs outside one that it needs. */
function isRepeated(needed: readonly Loop[], order: readonly Loop[]): boolean {
  return needed.some((l, n) => order[n] !== l);
}

/** Whether the ranges of the loops mention only loops among them. */
function closed(needed: readonly Loop[], order: readonly Loop[]): boolean {
  const names = new Set(needed.map((l) => l.index));
  const outside = new Set(order.filter((l) => !names.has(l.index)).map((l) => l.index));
  return needed.every((l) => [...affineIndices(l.range.lo), ...affineIndices(l.range.hi)].every((n) => !outside.has(n)));
}

