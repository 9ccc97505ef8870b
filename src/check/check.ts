// Confronts the emitted kernel of a network with every independent road to its numbers.

import { backward, signalsOf } from '../derive/reverse.ts';
import type { Backward } from '../derive/backward.ts';
import { EvaluationError } from '../evaluate/domain.ts';
import { emitKernel, type EmittedKernel } from '../kernel/emit.ts';
import type { KernelModule } from '../kernel/kernel.ts';
import type { Network, System } from '../spec/network.ts';
import { allSamples } from '../spec/samples.ts';
import { type Bounds, bounding } from './bounds.ts';
import { branches } from './branches.ts';
import { holdsAll } from './counts.ts';
import { complexStep } from './complex-step.ts';
import { type Differenced, finiteDifferences } from './finite-differences.ts';
import { adjointRoad, forwardRoad } from './interpreted.ts';
import { loadKernel } from './load.ts';
import { mathjs } from './mathjs.ts';
import { nerdamer } from './nerdamer.ts';
import { drawPoints, type Visit } from './points.ts';
import type { CheckReport, RoadName, RoadReport } from './report.ts';
import { secondSystem } from './second-system.ts';
import { subjectOf, type Subject, type Values } from './subject.ts';
import { notApplicable } from './tally.ts';
import { messageOf, type Variant, variantsRoad } from './variants.ts';

export interface CheckOptions {
  readonly samples: number;
  readonly seed: number;
  /** The same file read with the other signal or bias. */
  readonly variants?: readonly Network[];
  readonly kernel?: EmittedKernel;
  readonly onProgress?: (road: RoadName) => void;
}

/** Emits (or takes) the network's kernel and takes every road that applies to it. */
export async function checkNetwork(network: Network, options: CheckOptions): Promise<CheckReport> {
  const kernel = options.kernel ?? emitKernel(network);
  const variants = await Promise.all((options.variants ?? []).map(variantOf));
  return confront({
    network, variants, seed: options.seed, samples: options.samples,
    module: await loadKernel(kernel), form: kernel.form,
    double: network.precision === 'f64' ? null : await loadKernel(emitKernel({ ...network, precision: 'f64' }, { form: kernel.form })),
    derive: (system) => backward(system, signalsOf(network)),
    onProgress: options.onProgress ?? (() => undefined),
  });
}

/** Emits and loads another form; one that breaks is for its road to report, not for the check to die of. */
async function variantOf(network: Network): Promise<Variant> {
  try {
    const kernel = emitKernel(network, { backward: backward(allSamples(network), signalsOf(network)) });
    return { network, module: await loadKernel(kernel) };
  } catch (error) {
    return { network, module: { broken: `there is no kernel: ${messageOf(error)}` } };
  }
}

/** A check with everything given: a kernel module, and the derivation whose equations are interpreted beside it. */
export interface Confrontation {
  readonly network: Network;
  readonly module: KernelModule;
  readonly form: EmittedKernel['form'];
  /** The same kernel in double precision, where the module is single. */
  readonly double?: KernelModule | null;
  readonly variants: readonly Variant[];
  readonly derive: (system: System) => Backward;
  readonly samples: number;
  readonly seed: number;
  readonly onProgress: (road: RoadName) => void;
}

export async function confront(given: Confrontation): Promise<CheckReport> {
  const { network, module, seed, variants, derive } = given;
  const samples = samplesFor(network, given.samples);
  const subject = subjectOf(network, module, samples, derive);
  const ways = branches(subject);
  const drawn = drawPoints(subject, seed, ways, boundsAt(subject));
  const { visits } = drawn;
  const roads: RoadReport[] = [];
  const take = async (road: RoadName, walk: () => RoadReport | Promise<RoadReport>): Promise<void> => {
    given.onProgress(road);
    roads.push(drawn.reason === null ? await orNot(road, walk) : notApplicable(road, drawn.reason));
  };
  const kernel = module.createKernel({ samples });
  await take('forward', () => forwardRoad(subject, kernel, ways, visits));
  await take('finite-differences', () => finiteDifferences(subject, kernel, ways, visits, doubleOf(given)));
  await take('complex-step', () => complexStep(subject, kernel, visits));
  await take('adjoint-equations', () => adjointRoad(subject, kernel, visits));
  // Coupled samples have no meaning one by one: there, all of them are written out.
  const coupled = network.coupled !== undefined;
  const alone = coupled ? subject : subjectOf(network, module, 1, derive);
  const one = coupled ? kernel : module.createKernel({ samples: 1 });
  const few = once(() => coupled ? visits.slice(0, 1) : visits.slice(0, 1).map(({ point }): Visit => {
    const values = firstSample(subject, point.values);
    return { point: { ...point, values }, bounds: boundsAt(alone)(values) };
  }));
  const system = once(() => Promise.resolve(mathjs()));
  await take('mathjs', () => secondSystem('mathjs', system, alone, one, few));
  await take('nerdamer', () => secondSystem('nerdamer', async () => nerdamer((await system()).parse), alone, one, few));
  await take('variants', () => variantsRoad(subject, kernel, visits, variants));
  return {
    network: network.name, file: network.file, seed, samples,
    parameters: module.layout.sizes.parameters, form: given.form, precision: module.precision,
    points: visits.map(({ point: { values: _values, ...point } }) => point),
    kinks: { comparisons: ways.comparisons, oneSided: drawn.oneSided },
    roads, holds: holdsAll(roads, module.layout.sizes.parameters),
  };
}

/** Statistics of one or two coupled samples are degenerate: of two, normalised, only the sign is left. */
const LEAST_COUPLED = 3;

const samplesFor = (network: Network, samples: number): number =>
  (network.coupled === undefined ? samples : Math.max(samples, LEAST_COUPLED));

/** For differences of a kernel in single precision: they would be lost in its rounding errors. */
function doubleOf({ network, double, samples: asked, derive }: Confrontation): Differenced | null {
  const samples = samplesFor(network, asked);
  if (double === undefined || double === null) return null;
  const subject = subjectOf(network, double, samples, derive);
  const at = boundsAt(subject);
  return { kernel: double.createKernel({ samples }), unit: subject.unit, error: ({ point }) => at(point.values).E };
}

function boundsAt(subject: Subject): (values: Values) => Bounds {
  const guarded = <R>(ask: () => R, instead: R): R => {
    try {
      return ask();
    } catch (error) {
      if (error instanceof EvaluationError) return instead;
      throw error;
    }
  };
  const at = guarded(() => bounding(subject), withoutBounds);
  return (values) => guarded(() => at(values), withoutBounds());
}

/** Where the derived equations cannot be interpreted nothing is known about rounding, and nothing is called resolved. */
const withoutBounds = (): Bounds => ({ basis: 'bound', resolved: 0, E: NaN, forward: () => NaN, adjoint: () => NaN });

/** A road that meets equations which cannot be evaluated does not apply, and says what it met. */
async function orNot(road: RoadName, walk: () => RoadReport | Promise<RoadReport>): Promise<RoadReport> {
  try {
    return await walk();
  } catch (error) {
    if (error instanceof EvaluationError) return notApplicable(road, error.message);
    throw error;
  }
}

/** The values of the first sample, where every sample has its own. */
function firstSample(subject: Subject, values: Values): Values {
  const perSample = new Set([...subject.inputs, ...subject.targets]);
  return new Map([...values].map(([key, entries]) =>
    [key, perSample.has(key) ? entries.slice(0, entries.length / subject.samples) : entries]));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
