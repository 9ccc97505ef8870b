// The road of finite differences: the kernel's gradient against central differences of the kernel's own forward pass (of
// its twin in double precision, where it is single).

import { tensorKey } from '../algebra/expression.ts';
import { entryName } from '../evaluate/block.ts';
import { firstUse } from '../evaluate/equations.ts';
import type { Floats, Kernel } from '../kernel/kernel.ts';
import type { Branches } from './branches.ts';
import { costOf } from './cost.ts';
import { closerSlope, type Line, slopeOf, stepFor, thirdDerivative } from './difference.ts';
import { directionLine, entryLine } from './lines.ts';
import type { Visit } from './points.ts';
import { randomFrom, sample, seedOf } from './random.ts';
import type { CountKind, RoadReport } from './report.ts';
import { blockOf, byTensor, fillKernel, keyOf, largest, offsets, type Subject } from './subject.ts';
import { type Tally, tally } from './tally.ts';

/** Up to here every entry of every parameter has its own difference. */
export const EVERY_ENTRY = 2000;
/** Above, this many of each tensor, and this many directions of all parameters. */
const SAMPLED = 40;
const DIRECTIONS = 8;
/** Points after the first take all entries only while this many differences suffice. */
const LATER_POINTS = 400;
/** Nodes of interpreted expressions that the differences of one tensor, or of all parameters, may take at a point. */
const BUDGET = 1e8;
/** Forward passes for a difference and what one costs in a kernel, in nodes of an interpreter. */
const PASSES = 4;
const KERNEL = 1 / 20;
/** How many entries of a tensor the step is chosen from. */
const PILOTS = 4;

/** What the stages whose adjoints the kernel keeps are: pre-activations, unless the signal is another tensor's adjoint. */
function intermediates({ module, system }: Subject): string {
  const pre = new Set(system.instances.flatMap((i) => i.preActivations.map(tensorKey)));
  const kept = module.stages.filter((stage) => stage.adjoint !== null);
  return kept.every((stage) => pre.has(keyOf(system, stage))) ? 'every pre-activation' : `every entry of ${kept.map((s) => s.name).join(', ')}`;
}

const limited = ({ module }: Subject, affordable: number): string => {
  const most = Math.max(SAMPLED, affordable);
  return module.stages.every((stage) => stage.shape.reduce((n, extent) => n * extent, 1) <= most) ? '' : ` (up to ${most} of each)`;
};

/** A family of lines that share one step: the entries of a tensor. */
interface Family {
  /** The tensor's name, or `directions`. */
  readonly what: string;
  readonly kind: CountKind;
  readonly total: number;
  readonly lines: readonly Moved[];
  readonly scale: number;
  /** The size of the whole gradient. */
  readonly whole: number;
}

interface Moved {
  readonly name: string;
  readonly line: () => Line;
  readonly kernel: number;
  /** Errors besides those of the difference: the kernel's own rounding, and that of storing the ends of a step h. */
  readonly extra: (h: number) => number;
}

/** The kernel whose forward pass is differenced, and how wrong its E may be at a point. */
export interface Differenced {
  readonly kernel: Kernel;
  readonly unit: number;
  readonly error: (visit: Visit) => number;
}

interface Moving {
  readonly subject: Subject;
  /** Whose gradient and adjoints are checked. */
  readonly checked: Kernel;
  /** Whose parameters and intermediates are moved: the same kernel, or its twin in double precision. */
  readonly kernel: Kernel;
  readonly unit: number;
  readonly branches: Branches;
  /** The rounding error that the kernel's adjoints may have. */
  readonly rounding: (key: string, at: number) => number;
}

/** What a difference costs: passes of the kernel, and of the interpreter where choices are watched. */
function evaluationCost(subject: Subject, { forward }: Branches): number {
  const watched = [...new Set(forward.sites.map((site) => site.step))].flatMap((step) => forward.steps[step]?.equations ?? []);
  return PASSES * (KERNEL * costOf(subject) + (watched.length === 0 ? 0 : costOf(subject, watched)));
}

const finiteOr0 = (x: number): number => (Number.isFinite(x) ? x : 0);

/**
 * @param differenced a single-precision kernel's forward pass is too rough to be differenced: then its twin in double
 * precision is, at the same point, and the single-precision gradient is compared with that.
 */
export function finiteDifferences(
  subject: Subject, checked: Kernel, branches: Branches, visits: readonly Visit[], differenced: Differenced | null = null,
): RoadReport {
  const road = tally('finite-differences');
  const affordable = Math.floor(BUDGET / evaluationCost(subject, branches));
  const { kernel, unit, error } = differenced ?? { kernel: checked, unit: subject.unit, error: ({ bounds }: Visit) => bounds.E };
  visits.forEach((visit, visited) => {
    const { point, bounds } = visit;
    branches.remember(point.values);
    for (const each of new Set([checked, kernel])) {
      fillKernel(subject, each, point.values);
      each.backward();
    }
    const gradient = Float64Array.from(checked.gradient);
    const random = randomFrom(seedOf(point.seed, 1));
    const count = gradient.length;
    const every = count <= Math.min(visited === 0 ? EVERY_ENTRY : LATER_POINTS, affordable);
    const families: Family[] = [];
    const moving: Moving = { subject, checked, kernel, unit, branches, rounding: (key, at) => finiteOr0(bounds.adjoint(key, at)) };
    if (count > EVERY_ENTRY) families.push(...preActivations(moving, (n) => sample(random, n, Math.max(SAMPLED, affordable))));
    families.push(...parameters(moving, gradient, (n) => sample(random, n, every ? n : SAMPLED)));
    if (count > EVERY_ENTRY) families.push(directions(moving, gradient, random.between));
    const epsilon = error(visit);
    for (const family of families) walk(road, family, point.number, epsilon);
  });
  const { parameters: count } = subject.module.layout.sizes;
  const report = road.report(count > EVERY_ENTRY ? `${intermediates(subject)}${limited(subject, affordable)}, up to ${SAMPLED} entries a tensor, ${DIRECTIONS} directions`
    : count > affordable ? `up to ${SAMPLED} entries a tensor` : `every entry at the first point, up to ${SAMPLED} a tensor at the others`);
  return differenced === null || report.coverage === '' ? report : { ...report, coverage: `${report.coverage}, by the kernel in double precision` };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Spread by the golden ratio: even distances would fall into one column of a matrix, which may be zero. */
const pilots = (count: number): ReadonlySet<number> =>
  new Set(Array.from({ length: Math.min(count, PILOTS) }, (_, n) => Math.floor(((n * GOLDEN) % 1) * count)));

/** Every line of a family, with a step chosen from a few of them. */
function walk(road: Tally, family: Family, point: number, epsilon: number): void {
  const { lines, what, kind, scale, whole } = family;
  road.expect({ what, kind, point }, family.total);
  let third = 0;
  for (const n of pilots(lines.length)) {
    const line = lines[n]!.line();
    third = Math.max(third, thirdDerivative(line, epsilon));
    line.leave();
  }
  for (const { name, line: enter, kernel, extra } of lines) {
    const line = enter();
    const step = stepFor(line, epsilon, third);
    const quick = slopeOf(line, epsilon, step);
    // What agrees within too small an error agrees; what does not is looked at more closely before it is held against the kernel.
    const apart = quick.kind === 'slope' && !(Math.abs(kernel - quick.value) <= quick.bound + extra(quick.step));
    const slope = apart ? closerSlope(line, epsilon, step) : quick;
    line.leave();
    if (slope.kind === 'kink') road.kink({ what }, { point, tensor: what, entry: name, left: slope.left, right: slope.right, kernel });
    else road.compare({ point, entry: name, what, basis: 'estimate' }, kernel, slope.value, slope.bound + extra(slope.step), scale, whole);
  }
}

function parameters(
  { subject, kernel, branches, rounding }: Moving, gradient: Float64Array, choose: (count: number) => readonly number[],
): readonly Family[] {
  const all = largest(gradient);
  const begin = offsets(subject);
  return [...byTensor(subject, gradient)].map(([key, own]) => {
    const block = blockOf(subject, key);
    const moved = { kernel, branches, from: firstUse(branches.forward, key) };
    const lines = choose(own.length).map((at) => ({
      name: entryName(block, at),
      line: () => entryLine(moved, kernel.parameters, begin.get(key)! + at, key, at, () => kernel.forward()),
      kernel: own[at]!,
      extra: () => rounding(key, at),
    }));
    return { what: block.name, kind: 'parameter', total: own.length, lines, scale: largest(own) || all, whole: all };
  });
}

/**
 * Every entry of every pre-activation whose adjoint the kernel keeps: forward() goes on from the moved entry. Not those of
 * recurrences, where later entries would have to be computed anew, but not the moved one.
 */
function preActivations({ subject, checked, kernel, branches, rounding }: Moving, choose: (count: number) => readonly number[]): readonly Family[] {
  const { module, system } = subject;
  return module.stages.flatMap((stage): readonly Family[] => {
    const buffer = kernel.tensor(stage.name);
    const adjoint = stage.adjoint === null ? null : checked.tensor(stage.adjoint);
    if (buffer === null || adjoint === null) return [];
    const key = keyOf(system, stage);
    const step = branches.forward.steps.findIndex(({ writes }) => writes.includes(key));
    if (branches.forward.steps[step]?.recurrent !== false) return [];
    const own = Float64Array.from(adjoint);
    const block = blockOf(subject, key);
    const moved = { kernel, branches, from: step + 1 };
    const lines = choose(own.length).map((at) => ({
      name: entryName(block, at),
      line: () => entryLine(moved, buffer, at, key, at, () => kernel.forward(stage.stage + 1)),
      kernel: own[at]!,
      extra: () => rounding(key, at),
    }));
    return [{ what: block.name, kind: 'intermediate', total: own.length, lines, scale: largest(own), whole: 0 }];
  });
}

/** Random signs for all parameters at once: the slope along v is g·v. */
function directions(
  { subject, kernel, unit, branches, rounding }: Moving, gradient: Float64Array, between: (lo: number, hi: number) => number,
): Family {
  const tensors = [...offsets(subject)].map(([key, offset]) => ({ key, offset }));
  const stored: Floats = kernel.parameters;
  // Each parameter is stored with an error of half an ulp at both ends of a step; E feels it through its gradient.
  const storing = gradient.reduce((sum, g, n) => sum + Math.abs(g * stored[n]!), 0) * unit * 2;
  const own = [...byTensor(subject, gradient)].reduce(
    (sum, [key, entries]) => entries.reduce((inner, _, at) => inner + rounding(key, at), sum), 0);
  const lines = Array.from({ length: DIRECTIONS }, (_, n) => {
    const v = Array.from(gradient, () => between(-1, 1));
    return {
      name: `direction ${n + 1}`,
      line: () => directionLine({ kernel, branches, from: 0 }, v, tensors),
      kernel: v.reduce((sum, x, at) => sum + x * gradient[at]!, 0),
      extra: (h: number) => (3 * storing) / h + own,
    };
  });
  const scale = Math.hypot(...lines.map((l) => l.kernel)) / Math.sqrt(DIRECTIONS);
  return { what: 'directions', kind: 'direction', total: DIRECTIONS, lines, scale, whole: 0 };
}
