// Two roads by interpreters: the forward equations against the kernel's E and outputs, and the derived adjoint equations
// against its gradient. The second tells a wrong derivation (it agrees with the kernel) from a wrong emitter (it does not).

import { evaluateAdjoints } from '../evaluate/adjoints.ts';
import { entryName } from '../evaluate/block.ts';
import { real } from '../evaluate/real.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Branches } from './branches.ts';
import type { Visit } from './points.ts';
import type { RoadReport } from './report.ts';
import { blockOf, byTensor, fillBlocks, fillKernel, keyOf, largest, type Subject } from './subject.ts';
import { tally } from './tally.ts';

export function forwardRoad(subject: Subject, kernel: Kernel, branches: Branches, visits: readonly Visit[]): RoadReport {
  const road = tally('forward');
  const { layout } = subject.module;
  for (const { point, bounds } of visits) {
    fillKernel(subject, kernel, point.values);
    branches.remember(point.values);
    const E = kernel.forward();
    road.expect({ what: 'E', kind: 'E', point: point.number }, 1);
    road.compare({ point: point.number, entry: 'E', what: 'E', basis: bounds.basis }, E, branches.forward.total(), 2 * bounds.E, Math.abs(E));
    for (const slot of layout.output) {
      const key = keyOf(subject.system, slot);
      const block = branches.forward.blocks.get(key)!;
      const what = slot.name;
      const each = block.entries.length / subject.samples;
      road.expect({ what, kind: 'output', point: point.number }, block.entries.length);
      const values = block.entries.map((x) => x ?? NaN);
      const scale = largest(values);
      values.forEach((value, at) => {
        const own = kernel.output[Math.floor(at / each) * layout.sizes.output + slot.offset + (at % each)]!;
        const place = { point: point.number, entry: entryName({ ...block, name: what }, at), what, basis: bounds.basis };
        road.compare(place, own, value, 2 * bounds.forward(key, at), scale);
      });
    }
  }
  return road.report();
}

export function adjointRoad(subject: Subject, kernel: Kernel, visits: readonly Visit[]): RoadReport {
  const road = tally('adjoint-equations');
  const pass = evaluateAdjoints(subject.backward, real, { sizes: subject.sizes });
  for (const { point, bounds } of visits) {
    fillKernel(subject, kernel, point.values);
    kernel.backward();
    fillBlocks(pass.forward.blocks, point.values, (x) => x);
    pass.run();
    const all = largest(kernel.gradient);
    for (const [key, own] of byTensor(subject, kernel.gradient)) {
      const block = blockOf(subject, key);
      const derived = pass.adjoints.get(key)?.entries ?? [];
      road.expect({ what: block.name, kind: 'parameter', point: point.number }, own.length);
      const scale = largest(own) || all;
      own.forEach((value, at) => road.compare(
        { point: point.number, entry: entryName(block, at), what: block.name, basis: bounds.basis }, value, derived[at] ?? NaN,
        2 * bounds.adjoint(key, at), scale, all));
    }
  }
  return road.report();
}

