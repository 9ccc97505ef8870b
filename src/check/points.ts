// Points where the kernel is checked, drawn from a seed: asymmetric parameters of moderate scale, saturated ones, both
// sides of every kink. A point is drawn again until the loss is finite there (a loss states its domain nowhere else) and
// until most of the gradient can be told from rounding errors: a gradient of zeros would test nothing.

import { complex } from '../evaluate/complex.ts';
import { evaluation } from '../evaluate/equations.ts';
import { real } from '../evaluate/real.ts';
import type { Bounds } from './bounds.ts';
import type { Branches } from './branches.ts';
import { costOf } from './cost.ts';
import { oneSided, sidesSeen } from './coverage.ts';
import { type Random, randomFrom, seedOf } from './random.ts';
import type { PointReport } from './report.ts';
import { blockOf, fillBlocks, type Subject, type Values } from './subject.ts';

export interface Point extends PointReport {
  readonly values: Values;
}

/** A point with how far numbers may lie apart there. */
export interface Visit {
  readonly point: Point;
  readonly bounds: Bounds;
}

type TargetKind = 'between 0 and 1' | 'signs' | 'one of each' | 'wide';

interface Plan {
  readonly label: string;
  /** The parameters' scale, 1 for activations of about their own size; halved where no drawing will do. */
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

/** At least this part of a point's gradient must be resolved, or another point is drawn while the budget lasts. */
const ENOUGH = 1 / 2;
/** Nodes of expressions spent on drawing again for one plan, and what learning the bounds of a point costs in forward passes. */
const BUDGET = 2e7;
const BOUNDING = 40;

export interface Points {
  readonly visits: readonly Visit[];
  readonly oneSided: readonly string[];
  /** Why there are none. */
  readonly reason: string | null;
}

export function drawPoints(subject: Subject, seed: number, branches: Branches, boundsAt: (values: Values) => Bounds): Points {
  const candidates = finiteCandidates(subject, seed);
  const judged = Math.min(12, Math.max(2, Math.floor(BUDGET / BOUNDING / costOf(subject))));
  const visits: Visit[] = [];
  for (const plan of PLANS) {
    const visit = bestOf(candidates(plan, visits.length), visits.length, judged, boundsAt);
    if (visit !== null) visits.push(visit);
  }
  if (visits.length === 0) return { visits, oneSided: [], reason: 'the loss is finite at none of the points that were tried' };
  const { coverage } = branches;
  for (const { point } of visits) if (point.resolved >= ENOUGH) branches.remember(point.values);
  for (let n = 0; n < CANDIDATES && visits.length < PLANS.length + EXTRA; n += 1) {
    const before = sidesSeen(coverage.pairs);
    if (before === 2 * coverage.pairs.length) break;
    const plan: Plan = { label: 'other side of a kink', scale: 0.5 + (n % 6), inputs: 1 + (n % 3), targets: ROTATED[n % ROTATED.length]! };
    const [candidate] = candidates(plan, 100 + n);
    if (candidate === undefined) continue;
    const forget = coverage.save();
    branches.remember(candidate.values);
    if (sidesSeen(coverage.pairs) === before) continue;
    // A side counts as seen only where a wrong gradient would have been seen too.
    const visit = visitOf(candidate, visits.length, 0, boundsAt(candidate.values));
    if (visit.point.resolved >= ENOUGH) visits.push(visit);
    else forget();
  }
  return { visits, oneSided: oneSided(coverage.pairs, branches.where), reason: null };
}

const ROTATED: readonly (readonly TargetKind[])[] = [
  ['wide', 'signs', 'between 0 and 1'], ['signs', 'wide', 'between 0 and 1'], ['between 0 and 1', 'one of each', 'wide'],
];
const TARGETS: readonly TargetKind[] = ['signs', 'wide', 'between 0 and 1', 'one of each'];

/** The first candidate whose gradient is resolved; the best of them, where none will do; null where there are none. */
function bestOf(candidates: Iterable<Candidate>, number: number, most: number, boundsAt: (values: Values) => Bounds): Visit | null {
  let best: Visit | null = null;
  let judgements = 0;
  for (const candidate of candidates) {
    const bounds = boundsAt(candidate.values);
    if (best === null || bounds.resolved > best.bounds.resolved) best = visitOf(candidate, number, judgements, bounds);
    judgements += 1;
    if (bounds.resolved >= ENOUGH || judgements >= most) break;
  }
  return best;
}

/** @param vanishing how many candidates before were not resolved. */
function visitOf({ plan, seed, scale, inputs, targets, infinite, E, values }: Candidate, number: number, vanishing: number, bounds: Bounds): Visit {
  const { basis, resolved } = bounds;
  const redrawn = scale === plan.scale ? null : reduced(plan.scale, scale, infinite, vanishing);
  return { bounds, point: { number, label: plan.label, seed, scale, inputs, targets, planned: plan.scale, redrawn, E, basis, resolved, values } };
}

/** Values that were drawn for a plan. */
interface Candidate extends Attempt {
  readonly plan: Plan;
  readonly seed: number;
  /** How many drawings before were not finite. */
  readonly infinite: number;
  readonly E: number;
  readonly values: Values;
}

/** Draws for a plan, one point after the other, those where the loss is finite. */
function finiteCandidates(subject: Subject, seed: number): (plan: Plan, stream: number) => Generator<Candidate> {
  const finite = finiteness(subject);
  return function* draw(plan, stream) {
    let infinite = 0;
    for (const attempt of attempts(plan)) {
      const own = seedOf(seed, stream, attempt.halving, attempt.nth);
      const values = drawValues(subject, randomFrom(own), attempt.scale, attempt.inputs, attempt.targets);
      const E = finite(values);
      if (E === null) infinite += 1;
      else yield { ...attempt, plan, seed: own, infinite, E, values };
    }
  };
}

interface Attempt {
  readonly halving: number;
  readonly nth: number;
  readonly scale: number;
  readonly inputs: number;
  readonly targets: TargetKind;
}

/** The plan as it is, with other targets, with smaller inputs; and only then at smaller and smaller scales. */
function attempts({ scale, inputs, targets }: Plan): readonly Attempt[] {
  const all = [...targets, ...TARGETS.filter((kind) => !targets.includes(kind))];
  return Array.from({ length: HALVINGS }, (_, halving) => {
    const kinds = halving === 0 ? [...all, ...all] : targets;
    return kinds.map((kind, nth): Attempt =>
      ({ halving, nth, scale: scale / 2 ** halving, inputs: nth < all.length ? inputs : inputs / 4, targets: kind }));
  }).flat();
}

/** Why a point has another scale than its plan. */
function reduced(planned: number, used: number, infinite: number, vanishing: number): string {
  const drawings = (n: number): string => `${n} ${n === 1 ? 'drawing' : 'drawings'}`;
  const reasons = [
    ...(infinite > 0 ? [`the loss or its slope left the range of numbers at ${drawings(infinite)}`] : []),
    ...(vanishing > 0 ? [`most of the gradient could not be told from rounding errors at ${drawings(vanishing)}`] : []),
  ];
  return `scale ${used} instead of ${planned}: before, ${reasons.join(', and ')}`;
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
