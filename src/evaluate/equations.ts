// The forward equations of a system, evaluated in any domain: an interpreter that shares nothing with the emitted kernels.

import { type ExpressionOf, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Equation, System } from '../spec/network.ts';
import { type Block, emptyBlock, tensorTitle } from './block.ts';
import type { Choice, Outcome, Setting } from './compile.ts';
import { type Domain, EvaluationError } from './domain.ts';
import { checkIntegers } from './integers.ts';
import { type SlotFunctions, slotFunctions } from './slots.ts';
import { compileStages } from './stages.ts';

export interface EvaluationOptions<T> {
  /** Sizes by symbolKey, beside those of the system: at least `samples`. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Hyperparameters by name@layer that the spec leaves open. */
  readonly symbols?: ReadonlyMap<string, T>;
  readonly slots?: SlotFunctions<T>;
  /** Sees the outcome of every choice between values; sites are numbered per compiled choice, from 0. */
  readonly watch?: (site: number, outcome: Outcome) => void;
}

/** Compiled equations with the blocks that they read and write. Inputs, targets and parameters are given through `blocks`. */
export interface Evaluation<T> {
  readonly domain: Domain<T>;
  /** By tensorKey. */
  readonly blocks: ReadonlyMap<string, Block<T>>;
  /** One per equation or recurrence, in evaluation order. */
  readonly steps: readonly Step[];
  /**
   * Computes everything from the given step on, a recurrence as a whole; what earlier steps computed keeps its values.
   * @throws GatherIndexError from step 0, where an integer is given that is none of its range.
   */
  run(from?: number): void;
  /** Each choice as written, with the step that it belongs to. */
  readonly sites: readonly Site[];
  /** The value of the scalar that is differentiated. */
  total(): T;
}

export interface Site {
  readonly step: number;
  readonly choice: Choice;
}

/** An equation, or the equations of a recurrence together. */
export interface Step {
  readonly equations: readonly Equation[];
  readonly recurrent: boolean;
  readonly writes: readonly string[];
  readonly reads: ReadonlySet<string>;
  readonly run: () => void;
}

/** Sizes of the system and of the options together. */
export const sizesOf = (system: System, options: { readonly sizes?: ReadonlyMap<string, number> }): ReadonlyMap<string, number> =>
  new Map([...system.sizes, ...(options.sizes ?? [])]);

/** What expressions of the system are compiled against, tensors looked up by `block`. */
export function settingOf<T>(
  system: System, domain: Domain<T>, options: EvaluationOptions<T>,
  block: Setting<T>['block'], newSite: Setting<T>['newSite'],
): Setting<T> {
  const slots = options.slots ?? slotFunctions<T>(system.slots);
  const setting: Setting<T> = {
    domain,
    sizes: sizesOf(system, options),
    symbols: options.symbols ?? new Map<string, T>(),
    argument: null,
    indices: [],
    block,
    slot: (fn) => slots(fn, setting),
    watch: options.watch ?? null,
    newSite,
  };
  return setting;
}

/** @throws EvaluationError for what cannot be evaluated: unknown sizes, open slots, adjoints. */
export function evaluation<T>(system: System, domain: Domain<T>, options: EvaluationOptions<T> = {}): Evaluation<T> {
  const blocks = new Map<string, Block<T>>();
  const sites: Site[] = [];
  let current = 0;
  const setting = settingOf(system, domain, options, (ref) => forwardBlock(ref, blocks),
    (choice) => sites.push({ step: current, choice }) - 1);
  for (const [key, { tensor, axes, integer }] of system.declarations) {
    blocks.set(key, emptyBlock(tensorTitle(tensor), axes, setting.sizes, integer));
  }
  const written = ({ tensor }: Equation): Block<T> => {
    const block = blocks.get(tensorKey(tensor));
    if (block === undefined) throw new EvaluationError(`${tensorTitle(tensor)} is not declared`);
    return block;
  };
  const runs = compileStages(system.equations, written, (stage) => {
    current = stage;
    return setting;
  });
  const steps = runs.map(({ equations, recurrent, run }): Step => ({
    equations, recurrent, run,
    writes: equations.map((equation) => tensorKey(equation.tensor)),
    reads: new Set(equations.flatMap((equation) => references(equation.value).map((r) => tensorKey(r.tensor)))),
  }));
  return {
    domain,
    blocks,
    steps,
    run: (from = 0) => {
      if (from === 0) checkIntegers(system, blocks, domain);
      for (let n = from; n < steps.length; n += 1) steps[n]!.run();
    },
    sites,
    total: () => scalar(blocks, system),
  };
}

function forwardBlock<T>(ref: ExpressionOf<'ref'>, blocks: ReadonlyMap<string, Block<T>>): Block<T> {
  const block = ref.adjoint ? undefined : blocks.get(tensorKey(ref.tensor));
  if (block === undefined) throw new EvaluationError(`${ref.adjoint ? 'the adjoint of ' : ''}${tensorTitle(ref.tensor)} is not declared`);
  return block;
}

function scalar<T>(blocks: ReadonlyMap<string, Block<T>>, system: System): T {
  const value = system.total === null ? undefined : blocks.get(tensorKey(system.total))?.entries[0];
  if (value === undefined) throw new EvaluationError('the system has no total that has been computed');
  return value;
}

/** The first step that reads the tensor; the number of steps when none does. */
export function firstUse(evaluation: Pick<Evaluation<unknown>, 'steps'>, key: string): number {
  const at = evaluation.steps.findIndex((step) => step.reads.has(key));
  return at < 0 ? evaluation.steps.length : at;
}
