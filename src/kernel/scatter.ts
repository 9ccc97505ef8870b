// Sums into entries that stored integers choose: Σ_t [token[t] = p] g(t) adds g(t) at p = token[t], for every t.

import { index, subtractAffine } from '../algebra/affine.ts';
import { decide } from '../algebra/contract.ts';
import { indexAtLeast } from '../algebra/expression.ts';
import { type Leaf, pinStatements, valueTests, withoutTest } from './leaves.ts';
import type { Lowering } from './lowering.ts';
import { needsOf, pinOf } from './pin.ts';
import { contextOf, type Loop } from './prepare.ts';

export interface Scattered {
  readonly leaf: Leaf;
  /** The target's loops, pins in the place of some. */
  readonly outputs: readonly Loop[];
}

/** The sum with a pin for every output that its conditions fix; null where they fix none. */
export function scatter(prefix: readonly Loop[], outputs: readonly Loop[], leaf: Leaf, lowering: Lowering): Scattered | null {
  for (const output of outputs) {
    if (output.pin !== undefined) continue;
    for (const test of valueTests(leaf.body)) {
      const found = pinOf(test, output.index, lowering.integers);
      if (found === null) continue;
      const needs = needsOf(found);
      if (!leaf.loops.some((l) => needs.includes(l.index))) continue;
      if (outputs.some((l) => needs.includes(l.index) && l.pin?.needs.includes(output.index) === true)) continue;
      const pin: Loop = { index: output.index, range: found.range, descending: false, pin: pinStatements(output.index, found, lowering) };
      const rest = outputs.map((l) => (l === output ? pin : l));
      const bounds = [subtractAffine(index(output.index), output.range.lo), subtractAffine(output.range.hi, index(output.index))].map(indexAtLeast);
      const context = contextOf([...prefix, ...rest, ...leaf.loops]);
      const conditions = [...leaf.conditions, ...bounds].filter((t) => decide(t, context) !== true);
      const scattered: Scattered = { leaf: { ...leaf, conditions, body: withoutTest(leaf.body, test) }, outputs: rest };
      return scatter(prefix, rest, scattered.leaf, lowering) ?? scattered;
    }
  }
  return null;
}
