// Points where the kernel is checked, drawn from a seed: asymmetric parameters of moderate scale, saturated ones, both
// sides of every kink. Targets are drawn until the loss is finite: a loss states its domain nowhere else.

import { complex } from '../evaluate/complex.ts';
import { evaluation } from '../evaluate/equations.ts';
import { real } from '../evaluate/real.ts';
import type { Branches } from './branches.ts';
import { oneSided, sidesSeen } from './coverage.ts';
import { type Random, randomFrom, seedOf } from './random.ts';
import type { PointReport } from './report.ts';
import { blockOf, fillBlocks, type Subject, type Values } from './subject.ts';

export interface Point extends PointReport {
  readonly values: Values;
}

type TargetKind = 'between 0 and 1' | 'signs' | 'one of each' | 'wide';

interface Plan {
  readonly label: string;
  /** The parameters' scale, 1 for activations of about their own size; halved while the loss is not finite. */
  readonly scale: number;
  readonly inputs: number;
  readonly targets: readonly TargetKind[];
}

const PLANS: readonly Plan[] = [
  { label: 'generic', scale: 1, inputs: 1, targets: ['between 0 and 1', 'signs', 'wide'] },
  { label: 'wide', scale: 1.6, inputs: 1.5, targets: ['wide', 'signs', 'between 0 and 1', 'one of each'] },
  { label: 'saturated', scale: 5, inputs: 2, targets: ['one of each', 'signs', 'between 0 and 1'] },
];
/** Points drawn to see comparisons from their other side, and how many of them are kept. */
const CANDIDATES = 24;
const EXTRA = 3;
const HALVINGS = 12;

export interface Points {
  readonly points: readonly Point[];
  readonly oneSided: readonly string[];
  /** Why there are none. */
  readonly reason: string | null;
}

export function drawPoints(subject: Subject, seed: number, branches: Branches): Points {
  const finite = finiteness(subject);
  const points: Point[] = [];
  for (const plan of PLANS) {
    const point = drawFinite(subject, plan, seed, points.length, finite);
    if (point !== null) points.push(point);
  }
  if (points.length === 0) return { points, oneSided: [], reason: 'the loss is finite at none of the points that were tried' };
  for (const point of points) branches.remember(point.values);
  for (let n = 0; n < CANDIDATES && points.length < PLANS.length + EXTRA; n += 1) {
    const before = sidesSeen(branches.coverage.pairs);
    if (before === 2 * branches.coverage.pairs.length) break;
    const plan: Plan = { label: 'other side of a kink', scale: 0.5 + (n % 6), inputs: 1 + (n % 3), targets: ROTATED[n % ROTATED.length]! };
    const point = drawFinite(subject, plan, seed, 100 + n, finite);
    if (point === null) continue;
    branches.remember(point.values);
    if (sidesSeen(branches.coverage.pairs) > before) points.push({ ...point, number: points.length });
  }
  return { points, oneSided: oneSided(branches.coverage.pairs, branches.where), reason: null };
}

const ROTATED: readonly (readonly TargetKind[])[] = [
  ['wide', 'signs', 'between 0 and 1'], ['signs', 'wide', 'between 0 and 1'], ['between 0 and 1', 'one of each', 'wide'],
];

function drawFinite(subject: Subject, plan: Plan, seed: number, number: number, finite: (values: Values) => number | null): Point | null {
  let { scale } = plan;
  for (let halving = 0; halving < HALVINGS; halving += 1, scale /= 2) {
    for (const [n, targets] of plan.targets.entries()) {
      const own = seedOf(seed, number, halving, n);
      const values = drawValues(subject, randomFrom(own), scale, plan.inputs, targets);
      const E = finite(values);
      if (E !== null) return { number, label: plan.label, seed: own, scale, targets, E, values };
    }
  }
  return null;
}

/** E where it and its slope in every direction at once are finite, else null. */
function finiteness(subject: Subject): (values: Values) => number | null {
  const plain = evaluation(subject.system, real, { sizes: subject.sizes });
  const stepped = evaluation(subject.system, complex, { sizes: subject.sizes });
  return (values) => {
    fillBlocks(plain.blocks, values, (x) => x);
    plain.run();
    if (!Number.isFinite(plain.total())) return null;
    fillBlocks(stepped.blocks, values, (re) => ({ re, im: 1e-200 }));
    stepped.run();
    const { re, im } = stepped.total();
    return Number.isFinite(re) && Number.isFinite(im) ? plain.total() : null;
  };
}

/** Uniform and independent entries: no W is symmetric, no two layers are alike. */
function drawValues(subject: Subject, random: Random, scale: number, inputScale: number, targets: TargetKind): Values {
  const round = subject.module.precision === 'f32' ? Math.fround : (x: number): number => x;
  const values = new Map<string, readonly number[]>();
  for (const key of subject.inputs) values.set(key, entries(subject, key, () => round(random.between(-inputScale, inputScale))));
  for (const key of subject.targets) values.set(key, drawTargets(subject, key, targets, random).map(round));
  for (const key of subject.parameters) {
    const { shape } = blockOf(subject, key);
    // Sums over the last axis stay of order one: uniform on ±r has variance r²/3.
    const reach = shape.length < 2 ? 0.6 * scale : (1.5 * scale) / Math.sqrt(shape.at(-1)!);
    values.set(key, entries(subject, key, () => round(random.between(-reach, reach))));
  }
  return values;
}

const entries = (subject: Subject, key: string, draw: () => number): readonly number[] =>
  Array.from({ length: blockOf(subject, key).entries.length }, draw);

function drawTargets(subject: Subject, key: string, kind: TargetKind, random: Random): readonly number[] {
  switch (kind) {
    case 'between 0 and 1': return entries(subject, key, () => random.between(0.05, 0.95));
    case 'signs': return entries(subject, key, () => (random.below(2) === 0 ? -1 : 1));
    case 'wide': return entries(subject, key, () => random.between(-3, 3));
    case 'one of each': {
      const block = blockOf(subject, key);
      const width = block.shape.at(-1) ?? 1;
      const chosen = Array.from({ length: block.entries.length / width }, () => random.below(width));
      return Array.from({ length: block.entries.length }, (_, n) => (chosen[Math.floor(n / width)] === n % width ? 1 : 0));
    }
  }
}
