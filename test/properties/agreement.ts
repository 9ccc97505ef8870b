// The roads of a check on a network that a test has drawn: those that need no second computer algebra system, for both forms of
// the kernel; all roads for every few networks.

import { branches } from '../../src/check/branches.ts';
import { bounding } from '../../src/check/bounds.ts';
import { checkNetwork } from '../../src/check/check.ts';
import { complexStep } from '../../src/check/complex-step.ts';
import { finiteDifferences } from '../../src/check/finite-differences.ts';
import { adjointRoad, forwardRoad } from '../../src/check/interpreted.ts';
import { loadKernel } from '../../src/check/load.ts';
import { drawPoints } from '../../src/check/points.ts';
import type { RoadReport } from '../../src/check/report.ts';
import { subjectOf } from '../../src/check/subject.ts';
import type { Backward } from '../../src/derive/backward.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { Network, System } from '../../src/spec/network.ts';
import { allSamples } from '../../src/spec/samples.ts';

const SAMPLES = 3;

export interface Outcome {
  readonly form: 'loops' | 'straight-line';
  readonly roads: readonly RoadReport[];
}

export async function roadsOf(network: Network, form: Outcome['form'], seed: number): Promise<Outcome> {
  const derive = (system: System): Backward => backward(system, signalsOf(network));
  // Without the derivation's steps, which are a test of their own.
  const module = await loadKernel(emitKernel(network, { form, backward: derive(allSamples(network)) }));
  const subject = subjectOf(network, module, SAMPLES, derive);
  const ways = branches(subject);
  const { visits, reason } = drawPoints(subject, seed, ways, bounding(subject));
  if (reason !== null) return { form, roads: [] };
  const kernel = module.createKernel({ samples: SAMPLES });
  return { form, roads: [
    forwardRoad(subject, kernel, ways, visits), finiteDifferences(subject, kernel, ways, visits),
    complexStep(subject, kernel, visits), adjointRoad(subject, kernel, visits),
  ] };
}

export async function everyRoadOf(network: Network, seed: number): Promise<Outcome> {
  const { roads, form } = await checkNetwork(network, { samples: SAMPLES, seed });
  return { form, roads };
}
