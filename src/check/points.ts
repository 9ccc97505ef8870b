// Points where the kernel is checked, drawn from a seed: asymmetric parameters of moderate scale, saturated ones, both
// sides of every kink. A point is drawn again until the loss is finite there (a loss states its domain nowhere else) and
// until most of the gradient can be told from rounding errors: a gradient of zeros would test nothing.

import { complex } from '../evaluate/complex.ts';
import { evaluation } from '../evaluate/equations.ts';
import { real } from '../evaluate/real.ts';
import type { Bounds } from './bounds.ts';
import type { Branches } from './branches.ts';
import { closeness } from './close.ts';
import { costOf } from './cost.ts';
import { oneSided, sidesSeen } from './coverage.ts';
import { type Drawing, drawing, type Signs, type TargetKind } from './draw.ts';
import { randomFrom, seedOf } from './random.ts';
import type { PointReport } from './report.ts';
import { STEP } from './step.ts';
import { fillBlocks, type Subject, type Values } from './subject.ts';

export interface Point extends PointReport {
  readonly values: Values;
}

/** A point with how far numbers may lie apart there. */
export interface Visit {
  readonly point: Point;
  readonly bounds: Bounds;
}

interface Plan {
  readonly label: string;
  /** The parameters' scale, 1 for activations of about their own size; halved where no drawing will do. */
  readonly scale: number;
  readonly inputs: number;
  readonly targets: readonly TargetKind[];
  /** What is tried first. */
  readonly signs: Signs;
  readonly crowded: boolean;
}

const PLANS: readonly Plan[] = [
  { label: 'generic', scale: 1, inputs: 1, targets: ['between 0 and 1', 'signs', 'wide'], signs: 'both', crowded: false },
  { label: 'wide', scale: 1.6, inputs: 1.5, targets: ['wide', 'signs', 'between 0 and 1', 'one of each'], signs: 'both', crowded: true },
  { label: 'saturated', scale: 5, inputs: 2, targets: ['one of each', 'signs', 'between 0 and 1'], signs: 'both', crowded: false },
];
/** Points drawn to see comparisons from their other side, and how many of them are kept. */
const USUAL = 24;
const CANDIDATES = USUAL + 9;
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
  const close = closeness(subject);
  const judge = (candidate: Candidate): Judged => ({ bounds: boundsAt(candidate.values), close: close(candidate.values) });
  const judged = Math.min(12, Math.max(2, Math.floor(BUDGET / BOUNDING / costOf(subject))));
  const visits: Visit[] = [];
  for (const plan of PLANS) {
    const visit = bestOf(candidates(plan, visits.length), visits.length, judged, judge);
    if (visit !== null) visits.push(visit);
  }
  if (visits.length === 0) return { visits, oneSided: [], reason: 'the loss is finite at none of the points that were tried' };
  const { coverage } = branches;
  for (const { point } of visits) if (point.resolved >= ENOUGH) branches.remember(point.values);
  for (let n = 0; n < CANDIDATES && visits.length < PLANS.length + EXTRA; n += 1) {
    const before = sidesSeen(coverage.seen);
    if (before === 2 * coverage.seen.length) break;
    const plan: Plan = { label: 'other side of a kink', scale: 0.5 + (n % 6), inputs: 1 + (n % 3), targets: ROTATED[n % ROTATED.length]!, signs: n < USUAL ? 'both' : SIGNS[n % SIGNS.length]!, crowded: n % 2 === 0 };
    const [candidate] = candidates(plan, 100 + n);
    if (candidate === undefined) continue;
    const forget = coverage.save();
    branches.remember(candidate.values);
    if (sidesSeen(coverage.seen) === before) continue;
    // A side counts as seen only where a wrong gradient would have been seen too.
    const judgement = judge(candidate);
    const visit = visitOf(candidate, visits.length, 0, judgement.bounds);
    if (isGood(judgement)) visits.push(visit);
    else forget();
  }
  return { visits, oneSided: oneSided(coverage.seen, branches.where), reason: null };
}

const ROTATED: readonly (readonly TargetKind[])[] = [
  ['wide', 'signs', 'between 0 and 1'], ['signs', 'wide', 'between 0 and 1'], ['between 0 and 1', 'one of each', 'wide'],
];
/** After the usual candidates: what looks at masks or at positive values alone. */
const SIGNS: readonly Signs[] = ['inputs 0 and 1', 'positive inputs', 'all positive'];
const TARGETS: readonly TargetKind[] = ['signs', 'wide', 'between 0 and 1', 'one of each'];

/** What is known of a candidate: its bounds, and whether some choice is too close to call there. */
interface Judged {
  readonly bounds: Bounds;
  readonly close: boolean;
}

const isGood = ({ bounds, close }: Judged): boolean => bounds.resolved >= ENOUGH && !close;

const isBetter = (a: Judged, b: Judged): boolean => (a.close === b.close ? a.bounds.resolved > b.bounds.resolved : b.close && a.bounds.resolved > 0);

/** The first good candidate; the best of them, where none is; null where there are none. */
function bestOf(candidates: Iterable<Candidate>, number: number, most: number, judge: (candidate: Candidate) => Judged): Visit | null {
  let best: { readonly visit: Visit; readonly judged: Judged } | null = null;
  let judgements = 0;
  for (const candidate of candidates) {
    const judged = judge(candidate);
    if (best === null || isBetter(judged, best.judged)) best = { visit: visitOf(candidate, number, judgements, judged.bounds), judged };
    judgements += 1;
    if (isGood(judged) || judgements >= most) break;
  }
  return best?.visit ?? null;
}

/** @param vanishing how many candidates before were not resolved. */
function visitOf({ plan, seed, scale, inputs, targets, signs, infinite, E, values }: Candidate, number: number, vanishing: number, bounds: Bounds): Visit {
  const { basis, resolved } = bounds;
  const redrawn = scale === plan.scale ? null : reduced(plan.scale, scale, infinite, vanishing);
  return { bounds, point: { number, label: plan.label, seed, scale, inputs, targets, ...(signs === 'both' ? {} : { signs }), planned: plan.scale, redrawn, E, basis, resolved, values } };
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
  const draw = drawing(subject);
  return function* attempted(plan, stream) {
    let infinite = 0;
    for (const attempt of attempts(plan)) {
      const own = seedOf(seed, stream, attempt.halving, attempt.nth);
      const values = draw(randomFrom(own), attempt);
      const E = finite(values);
      if (E === null) infinite += 1;
      else yield { ...attempt, plan, seed: own, infinite, E, values };
    }
  };
}

interface Attempt extends Drawing {
  readonly halving: number;
  readonly nth: number;
}

/**
 * The plan as it is, with other targets, with smaller inputs; then at smaller and smaller scales; and where nothing of both signs
 * will do, with positive inputs, and with positive parameters too.
 */
function attempts({ scale, inputs, targets, signs, crowded }: Plan): readonly Attempt[] {
  const all = [...targets, ...TARGETS.filter((kind) => !targets.includes(kind))];
  const usual = Array.from({ length: HALVINGS }, (_, halving) => {
    const kinds = halving === 0 ? [...all, ...all] : targets;
    return kinds.map((kind, nth): Attempt =>
      ({ halving, nth, scale: scale / 2 ** halving, inputs: nth < all.length ? inputs : inputs / 4, targets: kind, signs, crowded }));
  });
  const positive = (['positive inputs', 'all positive'] as const).map((own, n) => all.map((kind, nth): Attempt =>
    ({ halving: 0, nth: nth + (n + 2) * all.length, scale, inputs, targets: kind, signs: own, crowded })));
  return [...usual, ...positive].flat();
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

/** A step that loses fewer slopes, though its square may be seen; and what both may disagree by. */
const LARGER_STEP = 1e-25;
const LOST = 1e-6;

/** E where it and its slope in every direction at once are finite, else null. */
function finiteness(subject: Subject): (values: Values) => number | null {
  const plain = evaluation(subject.system, real, { sizes: subject.sizes });
  const stepped = evaluation(subject.system, complex, { sizes: subject.sizes });
  return (values) => {
    fillBlocks(plain.blocks, values, (x) => x);
    plain.run();
    if (!Number.isFinite(plain.total())) return null;
    // Where factors underflow (a softmax of -700), slopes of so small a step are lost, and those of a larger one are not.
    const [slope, coarse] = [STEP, LARGER_STEP].map((step) => {
      fillBlocks(stepped.blocks, values, (re) => ({ re, im: step }));
      stepped.run();
      return stepped.total().im / step;
    }) as [number, number];
    return Number.isFinite(slope) && Math.abs(slope - coarse) <= LOST * Math.max(Math.abs(slope), Math.abs(coarse), 1) ? plain.total() : null;
  };
}
