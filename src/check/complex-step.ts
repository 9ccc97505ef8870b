// The road of the complex step: the kernel's gradient against E(x + ih)/ih on an interpreter of the forward equations.
// It shares nothing with the emitter or the derivation, and its truncation error, of the order of h², is far below rounding.

import { entryName } from '../evaluate/block.ts';
import { complex } from '../evaluate/complex.ts';
import { evaluation, firstUse } from '../evaluate/equations.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { costOf } from './cost.ts';
import type { Visit } from './points.ts';
import { randomFrom, sample, seedOf } from './random.ts';
import type { RoadReport } from './report.ts';
import { STEP } from './step.ts';
import { blockOf, byTensor, fillBlocks, fillKernel, largest, type Subject } from './subject.ts';
import { tally } from './tally.ts';

/** Nodes of expressions that are evaluated at one point (some 20 ns each), shared out among the entries. */
const BUDGET = 1e8;
const AT_LEAST = 6;
const DIRECTIONS = 3;
/**
 * The interpreter's own error in units of the kernel's bound: a complex product rounds three times where the real one
 * rounds once, and an elementary function is made of at most four.
 */
const STEP_ERROR = 4;

export function complexStep(subject: Subject, kernel: Kernel, visits: readonly Visit[]): RoadReport {
  const road = tally('complex-step');
  const stepped = evaluation(subject.system, complex, { sizes: subject.sizes });
  const each = Math.max(AT_LEAST, Math.floor(BUDGET / visits.length / costOf(subject) / subject.parameters.length));
  visits.forEach(({ point, bounds }) => {
    fillKernel(subject, kernel, point.values);
    kernel.backward();
    const gradient = byTensor(subject, kernel.gradient);
    const all = largest(kernel.gradient);
    fillBlocks(stepped.blocks, point.values, (re) => ({ re, im: 0 }));
    stepped.run();
    const random = randomFrom(seedOf(point.seed, 2));
    for (const [key, own] of gradient) {
      const block = blockOf(subject, key);
      const { entries } = stepped.blocks.get(key)!;
      const from = firstUse(stepped, key);
      const scale = largest(own) || all;
      road.expect({ what: block.name, kind: 'parameter', point: point.number }, own.length);
      for (const at of sample(random, own.length, each)) {
        const before = entries[at]!;
        entries[at] = { re: before.re, im: STEP };
        stepped.run(from);
        const slope = stepped.total().im / STEP;
        entries[at] = before;
        const bound = (1 + STEP_ERROR) * bounds.adjoint(key, at);
        road.compare({ point: point.number, entry: entryName(block, at), what: block.name, basis: bounds.basis }, own[at]!, slope, bound, scale, all);
      }
      stepped.run(from);
    }
    road.expect({ what: 'directions', kind: 'direction', point: point.number }, DIRECTIONS);
    for (let n = 0; n < DIRECTIONS; n += 1) {
      let along = 0;
      let bound = 0;
      for (const [key, own] of gradient) {
        const { entries } = stepped.blocks.get(key)!;
        own.forEach((g, at) => {
          const v = random.between(-1, 1);
          entries[at] = { re: entries[at]!.re, im: STEP * v };
          along += g * v;
          bound += Math.abs(v) * (1 + STEP_ERROR) * bounds.adjoint(key, at) + own.length * subject.unit * Math.abs(g * v);
        });
      }
      stepped.run();
      const at = { point: point.number, entry: `direction ${n + 1}`, what: 'directions', basis: bounds.basis };
      road.compare(at, along, stepped.total().im / STEP, bound, all);
    }
  });
  return road.report(`up to ${each} entries a tensor, ${DIRECTIONS} directions`);
}
