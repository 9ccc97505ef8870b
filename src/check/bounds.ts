// How far correctly derived and correctly emitted numbers may lie apart at a point because of rounding.
// First by running bounds of first order through the forward and the adjoint equations. They are worst cases: through
// thirty layers they grow like the product of the layers' norms and say nothing any more. There they are replaced by an
// estimate: the sensitivity to rounding errors measured at random, times a confidence factor. An estimate is no bound,
// and every report says which of the two it rests on. A wrong derivation gets one of the same tiny size either way, so
// it cannot excuse itself.

import { evaluateAdjoints } from '../evaluate/adjoints.ts';
import type { Block } from '../evaluate/block.ts';
import { noisy } from '../evaluate/noisy.ts';
import { real } from '../evaluate/real.ts';
import { represented, rounding } from '../evaluate/rounding.ts';
import { costOf } from './cost.ts';
import { randomFrom, seedOf } from './random.ts';
import type { Basis } from './report.ts';
import { noisySlots, roundedSlots } from './slot-errors.ts';
import { fillBlocks, largest, type Subject, type Values } from './subject.ts';
import { TELLING } from './tally.ts';

export interface Bounds {
  /** Whether what follows are bounds, or estimates where bounds would say nothing. */
  readonly basis: Basis;
  /**
   * The part of the parameters' gradient (every tensor weighs the same) whose entries can be told from rounding errors, by
   * the road that allows most: 0 where the whole gradient vanishes, since then nothing is tested.
   */
  readonly resolved: number;
  /** Of the forward pass: |computed E - E|. */
  readonly E: number;
  /** Of every entry of the forward tensors, by tensor key. */
  readonly forward: (key: string, entry: number) => number;
  /** Of every entry of an adjoint, by tensor key; NaN where there is no adjoint of that name or no finite bound. */
  readonly adjoint: (key: string, entry: number) => number;
}

/** Entries by tensor key: of the forward tensors, and of their adjoints. */
interface Tables {
  readonly forward: ReadonlyMap<string, Float64Array>;
  readonly adjoints: ReadonlyMap<string, Float64Array>;
  readonly E: number;
}

/** @throws EvaluationError where the derived equations cannot be evaluated. */
export function bounding(subject: Subject): (values: Values) => Bounds {
  const running = runningErrors(subject);
  let measured: ((values: Values) => Tables) | null = null;
  return (values) => {
    const { errors, sizes } = running(values);
    if (telling(subject, errors, sizes)) return boundsOf(subject, errors, sizes, 'bound');
    measured ??= measuredErrors(subject);
    return boundsOf(subject, least(errors, measured(values)), sizes, 'estimate');
  };
}

/**
 * Relative errors say nothing where numbers leave their range: 1/(1 + exp(-a))² is 0 in doubles from 1e-154 on, and the
 * complex step loses slopes below 1e-108 to underflow. What is smaller than this is as good as zero.
 */
const UNDERFLOW_F64 = 1e-100;
const UNDERFLOW_F32 = 2 ** -120;

function boundsOf(subject: Subject, { forward, adjoints, E }: Tables, sizes: Tables, basis: Basis): Bounds {
  const underflow = subject.module.precision === 'f32' ? UNDERFLOW_F32 : UNDERFLOW_F64;
  return {
    basis,
    resolved: resolvedPart(subject, adjoints, sizes.adjoints, underflow),
    E: E + underflow,
    forward: (key, entry) => (forward.get(key)?.[entry] ?? NaN) + underflow,
    adjoint: (key, entry) => (adjoints.get(key)?.[entry] ?? NaN) + underflow,
  };
}

/** Whether every bound of a parameter's gradient is small beside the largest entry of that gradient. */
function telling(subject: Subject, errors: Tables, sizes: Tables): boolean {
  return subject.parameters.every((key) => {
    const bounds = errors.adjoints.get(key);
    const scale = largest(sizes.adjoints.get(key) ?? []);
    return scale === 0 || (bounds?.every((bound) => ALLOWED * bound <= TELLING * scale) ?? true);
  });
}

/** The road that allows most, the complex step, allows five times the bound. */
const ALLOWED = 5;

function resolvedPart(subject: Subject, bounds: Tables['adjoints'], gradient: Tables['adjoints'], underflow: number): number {
  const all = largest(subject.parameters.map((key) => largest(gradient.get(key) ?? [])));
  const parts = subject.parameters.map((key) => {
    const own = bounds.get(key) ?? new Float64Array();
    const scale = largest(gradient.get(key) ?? []) || all;
    const resolved = own.reduce((n, bound) => n + (ALLOWED * (bound + underflow) <= TELLING * scale ? 1 : 0), 0);
    return own.length === 0 ? 0 : resolved / own.length;
  });
  return parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function runningErrors(subject: Subject): (values: Values) => { readonly errors: Tables; readonly sizes: Tables } {
  const pass = evaluateAdjoints(subject.backward, rounding(subject.unit), { sizes: subject.sizes, slots: roundedSlots(subject) });
  return (values) => {
    fillBlocks(pass.forward.blocks, values, represented);
    pass.run();
    const total = pass.forward.total();
    return {
      errors: tables(pass, total.error, (entry) => entry.error),
      sizes: tables(pass, Math.abs(total.value), (entry) => Math.abs(entry.value)),
    };
  };
}

interface Pass<T> {
  readonly forward: { readonly blocks: ReadonlyMap<string, Block<T>> };
  readonly adjoints: ReadonlyMap<string, Block<T>>;
}

function tables<T>(pass: Pass<T>, E: number, of: (entry: T) => number): Tables {
  const table = (blocks: ReadonlyMap<string, Block<T>>): ReadonlyMap<string, Float64Array> =>
    new Map([...blocks].map(([key, { entries }]) => [key, Float64Array.from(entries, (entry) => (entry === undefined ? NaN : of(entry)))]));
  return { forward: table(pass.forward.blocks), adjoints: table(pass.adjoints), E };
}

/** How often an evaluation is disturbed, and by how much: far above rounding, far below the curvature of anything. */
const RUNS = 8;
const DISTURBANCE = 2 ** -36;
/** What the rough mean of so few runs may miss. */
const CONFIDENCE = 4;

/**
 * To first order the error of a result is Σ εᵣ sᵣ over all roundings r, |εᵣ| ≤ unit: at most unit·√N·‖s‖₂ for N of
 * them, whatever their signs. Disturbing every operation by independent amounts, uniform on ±d, gives the result a
 * variance of ‖s‖₂² d²/3: that is how ‖s‖₂ is measured.
 */
function measuredErrors(subject: Subject): (values: Values) => Tables {
  const plain = evaluateAdjoints(subject.backward, real, { sizes: subject.sizes });
  // Three passes' worth of operations: forward, and the two products of each factor backward.
  const roundings = 3 * costOf(subject);
  const factor = (CONFIDENCE * Math.sqrt(roundings) * Math.sqrt(3) * subject.unit) / DISTURBANCE;
  return (values) => {
    const { between } = randomFrom(seedOf(subject.samples, roundings));
    const pass = evaluateAdjoints(subject.backward, noisy(DISTURBANCE, () => between(-1, 1)), {
      sizes: subject.sizes, slots: noisySlots(subject, DISTURBANCE, () => between(-1, 1)),
    });
    fillBlocks(plain.forward.blocks, values, (x) => x);
    plain.run();
    const exact = tables(plain, plain.forward.total(), (x) => x);
    fillBlocks(pass.forward.blocks, values, (x) => x);
    const runs = Array.from({ length: RUNS }, () => {
      pass.run();
      return tables(pass, pass.forward.total(), (x) => x);
    });
    const spread = (of: (table: Tables) => number): number =>
      factor * Math.sqrt(runs.reduce((sum, run) => sum + (of(run) - of(exact)) ** 2, 0) / RUNS);
    const spreads = (side: 'forward' | 'adjoints'): ReadonlyMap<string, Float64Array> =>
      new Map([...exact[side]].map(([key, entries]) => [key, entries.map((_, at) => spread((t) => t[side].get(key)![at]!))]));
    return { forward: spreads('forward'), adjoints: spreads('adjoints'), E: spread((t) => t.E) };
  };
}

/** The smaller of a bound and an estimate; where one of them is not finite, the other. */
function least(a: Tables, b: Tables): Tables {
  const smaller = (x: number, y: number): number => (Number.isFinite(x) ? (Number.isFinite(y) ? Math.min(x, y) : x) : y);
  const side = (name: 'forward' | 'adjoints'): ReadonlyMap<string, Float64Array> =>
    new Map([...a[name]].map(([key, entries]) => [key, entries.map((x, at) => smaller(x, b[name].get(key)?.[at] ?? NaN))]));
  return { forward: side('forward'), adjoints: side('adjoints'), E: smaller(a.E, b.E) };
}
