// Loop orders by stride cost: the innermost loop should run along contiguous entries.

import { coefficientOf, constantOf, subtractAffine } from '../algebra/affine.ts';
import type { Affine } from '../algebra/affine.ts';
import { affineIndices } from '../algebra/affine.ts';
import type { Loop } from './prepare.ts';

/** The subscripts of a nest: what it reads, and where it adds. */
export interface Accesses {
  readonly reads: readonly Affine[];
  readonly target: Affine;
}

/** More loops than this keep the order in which they come. */
const MOST_LOOPS = 7;

/** What one access costs where the loop moves it by a stride: nothing, a neighbour, or another cache line. */
const strideCost = (stride: number): number => (stride === 0 ? 0 : Math.abs(stride) === 1 ? 1 : 4);
/** An accumulator in a local variable costs its latency, one in memory a load and a store. */
const LOCAL_ACCUMULATOR = 1;
const MEMORY_ACCUMULATOR = 0.75;
/** How much less a loop counts than the one inside it. */
const OUTER_WEIGHT = 1 / 32;
const SHORT_TRIP = 4;

/**
 * The cheapest order of output loops and reductions. Where all outputs come before all reductions, they keep their
 * order, which is the order of storage.
 */
export function chooseOrder(outputs: readonly Loop[], reductions: readonly Loop[], accesses: Accesses): readonly Loop[] {
  const plain = [...outputs, ...reductions];
  if (plain.length > MOST_LOOPS) return plain;
  const outputNames = new Set(outputs.map((l) => l.index));
  let best: readonly Loop[] = plain;
  let least = cost(plain, outputNames, accesses);
  for (const order of permutations(plain)) {
    if (!admissible(order) || !keepsStorage(order, outputs)) continue;
    const c = cost(order, outputNames, accesses);
    if (c < least - 1e-9) [best, least] = [order, c];
  }
  return best;
}

/** Whether the order begins with all outputs: then a local accumulator suffices. */
export const isDot = (order: readonly Loop[], outputs: readonly Loop[]): boolean =>
  outputs.every((l, n) => order[n] === l);

function cost(order: readonly Loop[], outputs: ReadonlySet<string>, accesses: Accesses): number {
  let total = 0;
  let weight = 1;
  for (const loop of [...order].reverse()) {
    const stride = (at: Affine): number => coefficientOf(at, { kind: 'index', name: loop.index });
    const reading = accesses.reads.reduce((sum, at) => sum + strideCost(stride(at)), 0);
    const target = outputs.has(loop.index) ? 2 * MEMORY_ACCUMULATOR * strideCost(stride(accesses.target)) : weight === 1 ? LOCAL_ACCUMULATOR : 0;
    const trip = constantOf(subtractAffine(loop.range.hi, loop.range.lo));
    const short = weight === 1 && trip !== null && trip + 1 < SHORT_TRIP ? SHORT_TRIP / (trip + 1) : 0;
    total += weight * (reading + target + short);
    weight *= OUTER_WEIGHT;
  }
  return total;
}

/** Every loop comes after the loops that its range mentions. */
function admissible(order: readonly Loop[]): boolean {
  const names = new Set(order.map((l) => l.index));
  const seen = new Set<string>();
  for (const loop of order) {
    const needed = [...affineIndices(loop.range.lo), ...affineIndices(loop.range.hi), ...(loop.pin?.needs ?? [])].filter((n) => names.has(n));
    if (!needed.every((n) => seen.has(n))) return false;
    seen.add(loop.index);
  }
  return true;
}

function keepsStorage(order: readonly Loop[], outputs: readonly Loop[]): boolean {
  const leading = order.slice(0, outputs.length);
  return !leading.every((l) => outputs.includes(l)) || isDot(order, outputs);
}

function* permutations(loops: readonly Loop[]): Generator<readonly Loop[]> {
  if (loops.length <= 1) yield loops;
  for (const [n, first] of loops.entries()) {
    for (const rest of permutations([...loops.slice(0, n), ...loops.slice(n + 1)])) {
      if (loops.length > 1) yield [first, ...rest];
    }
  }
}
