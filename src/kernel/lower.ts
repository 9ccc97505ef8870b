// Lowering: an assignment becomes loops. Sums become accumulators in local variables where everything is read along
// the reduction, or are added up in the target itself, row by row, where that is the contiguous order; what does not
// depend on a loop is computed once, outside it.

import { affineIndices, constantOf, index, type Affine } from '../algebra/affine.ts';
import { add, type Expression, isBinder, multiply, type Reference, zero } from '../algebra/expression.ts';
import { mapChildren, references, rewrite, visit } from '../algebra/traverse.ts';
import { pullInvariants } from './invariant.ts';
import { keyOf } from './key.ts';
import { foldStatements } from './fold.ts';
import { type Leaf, takeLeaves, takePins, withPins } from './leaves.ts';
import type { Lowering } from './lowering.ts';
import { levelOf, nest } from './nest.ts';
import { type Accesses, chooseOrder, isDot } from './order.ts';
import { type Assignment, contextOf, dependsOn, type Loop, overSamples } from './prepare.ts';
import type { Operator, Statement } from './program.ts';
import { scatter } from './scatter.ts';
import { referenceKey } from './storage.ts';

/** The statements that compute an assignment. */
export function lower(assignment: Assignment, lowering: Lowering): readonly Statement[] {
  const prefix = assignment.loops.slice(0, samplesFirst(assignment.loops));
  return nest(prefix, [], lowerInside(assignment, prefix, lowering));
}

/** The statements that compute an assignment inside the given ones of its loops. */
export function lowerInside({ target, value, loops }: Assignment, prefix: readonly Loop[], lowering: Lowering): readonly Statement[] {
  return assign(prefix, loops.filter((l) => !prefix.includes(l)), target, '=', pullInvariants(value, contextOf(loops)), lowering);
}

/** 1 where the samples are the outermost loop: everything of one sample is computed inside it. */
function samplesFirst(loops: readonly Loop[]): number {
  const [first] = loops;
  return first !== undefined && overSamples(first.range) ? 1 : 0;
}

/** target[outputs] = or += value, inside the loops of the prefix. */
function assign(
  prefix: readonly Loop[], given: readonly Loop[], target: Reference, operator: Operator, whole: Expression, lowering: Lowering,
): readonly Statement[] {
  const chosen = takePins(whole, [...prefix, ...given], lowering);
  const pinned = withPins(given, chosen.pins);
  const hoisted = hoist(prefix, pinned, chosen.value, lowering);
  const { value, leaves, folds, pins } = takeLeaves(hoisted.value, [...prefix, ...pinned], lowering);
  const outputs = withPins(pinned, pins);
  const planned = leaves.map((leaf): Plan => plan(prefix, outputs, target, leaf, lowering));
  const inMemory = planned.filter((p) => p.order !== null);
  const local = planned.filter((p) => p.order === null);
  const dots = local.map((p) => dot(prefix, outputs, p.leaf, lowering));
  const before = [...hoisted.before, ...dots.flatMap((d) => d.before)];
  const inside = [
    ...dots.flatMap((d) => d.inside),
    ...folds.flatMap((f) => foldStatements(f, (to, body) => assign([...prefix, ...outputs, f.loop], [], to, '=', body, lowering), lowering)),
  ];
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
    return [...before, ...opening, ...inMemory.flatMap((p) => accumulate(prefix, target, p, lowering))];
  }
  const sums = inMemory.map((p, n): { readonly to: Reference; readonly statements: readonly Statement[] } => {
    const to = n === 0 && operator === '=' ? target : lowering.newScratch(given, 'sums');
    if (to === null) throw new Error('outputs of a sum in memory have fixed lengths');
    const statements = [...nest(given, [], [lowering.store(to, '=', zero)]), ...accumulate(prefix, to, p, lowering)];
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

interface Plan {
  readonly leaf: Leaf;
  /** The loops of the target's axes; one of them may be pinned by the sum. */
  readonly outputs: readonly Loop[];
  /** The loop order for adding up in memory; null for a local accumulator. */
  readonly order: readonly Loop[] | null;
  /** Whether the sum pins an output. */
  readonly scattered: boolean;
}

function plan(prefix: readonly Loop[], outputs: readonly Loop[], target: Reference, leaf: Leaf, lowering: Lowering): Plan {
  if (outputs.length === 0) return { leaf, outputs, order: null, scattered: false };
  const [first, ...others] = leaf.loops;
  const samplesFirst = first !== undefined && overSamples(first.range) && !prefix.some((l) => overSamples(l.range));
  const fixed = outputs.every((l) => l.pin !== undefined || (constantOf(l.range.lo) === 0 && constantOf(l.range.hi) !== null));
  const scattered = fixed ? scatter(prefix, outputs, leaf, lowering) : null;
  const accesses = (given: Leaf): Accesses => ({
    reads: references(given.body).flatMap((r) => addressOf(r, lowering)), target: addressOf(target, lowering)[0] ?? index('#'),
  });
  if (scattered !== null) {
    const kept = outputs.filter((l) => scattered.outputs.includes(l));
    const inner = [...(samplesFirst ? others : leaf.loops), ...scattered.outputs.filter((l) => !outputs.includes(l))];
    const order = chooseOrder(kept, inner, accesses(scattered.leaf));
    return { ...scattered, order: samplesFirst ? [first, ...order] : order, scattered: true };
  }
  if (samplesFirst) return { leaf, outputs, order: [first, ...outputs, ...others], scattered: false };
  const order = chooseOrder(outputs, leaf.loops, accesses(leaf));
  return { leaf, outputs, order: isDot(order, outputs) || !fixed ? null : order, scattered: false };
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
function accumulate(prefix: readonly Loop[], target: Reference, { leaf, outputs, order, scattered }: Plan, lowering: Lowering): readonly Statement[] {
  if (order === null) throw new Error('only planned sums are added up in memory');
  const [first] = order;
  if (first !== undefined && overSamples(first.range) && leaf.loops.includes(first) && !scattered) {
    // Each sample adds its part: the rest of the sum is planned inside.
    if (leaf.loops.some((l) => l.pin !== undefined)) {
      return nest([first], [], assign([...prefix, first], outputs, target, '+=', leaf.restOfFirst, lowering));
    }
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
    if (isBinder(x) || x.kind === 'call' || x.kind === 'piecewise') expensive = true;
    if (x.kind === 'power' && !(x.exponent.d === 1n && x.exponent.n > 0n && x.exponent.n <= 3n)) expensive = true;
  });
  return expensive;
}

const hasSum = (e: Expression): boolean => {
  let found = false;
  visit(e, (x) => {
    found ||= isBinder(x);
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
  return needed.every((l) => [...affineIndices(l.range.lo), ...affineIndices(l.range.hi), ...(l.pin?.needs ?? [])].every((n) => !outside.has(n)));
}

