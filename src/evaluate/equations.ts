// The forward equations of a system, evaluated in any domain: an interpreter that shares nothing with the emitted kernels.

import { type Expression, type ExpressionOf, ref, type Reference, sameTensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Axis, Equation, System } from '../spec/network.ts';
import { type Block, emptyBlock, sizeValue, tensorTitle } from './block.ts';
import { compile, compileAffine, type Comparison, type Loop, type Loops, type Setting } from './compile.ts';
import { type Domain, EvaluationError, type Order } from './domain.ts';
import { type SlotFunctions, slotFunctions } from './slots.ts';

export interface EvaluationOptions<T> {
  /** Sizes by symbolKey, beside those of the system: at least `samples`. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Hyperparameters by name@layer that the spec leaves open. */
  readonly symbols?: ReadonlyMap<string, T>;
  readonly slots?: SlotFunctions<T>;
  /** Sees the outcome of every value comparison; sites are numbered per compiled comparison, from 0. */
  readonly watch?: (site: number, order: Order) => void;
}

/** Compiled equations with the blocks that they read and write. Inputs, targets and parameters are given through `blocks`. */
export interface Evaluation<T> {
  readonly domain: Domain<T>;
  /** By tensorKey. */
  readonly blocks: ReadonlyMap<string, Block<T>>;
  /** One per equation, in evaluation order. */
  readonly steps: readonly Step[];
  /** Computes everything from the given step on; what earlier steps computed keeps its values. */
  run(from?: number): void;
  /** Each comparison as written, with the step that it belongs to. */
  readonly sites: readonly Site[];
  /** The value of the scalar that is differentiated. */
  total(): T;
}

export interface Site {
  readonly step: number;
  readonly comparison: Comparison;
}

export interface Step {
  readonly equation: Equation;
  readonly writes: string;
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
    (comparison) => sites.push({ step: current, comparison }) - 1);
  for (const [key, declaration] of system.declarations) {
    blocks.set(key, emptyBlock(tensorTitle(declaration.tensor), declaration.axes, setting.sizes));
  }
  const steps = system.equations.map((equation, n): Step => {
    current = n;
    const key = tensorKey(equation.tensor);
    const block = blocks.get(key);
    if (block === undefined) throw new EvaluationError(`${tensorTitle(equation.tensor)} is not declared`);
    return {
      equation,
      writes: key,
      reads: new Set(references(equation.value).map((r) => tensorKey(r.tensor))),
      run: compileEquation(ref(equation.tensor, []), equation.axes, equation.value, block, setting),
    };
  });
  return {
    domain,
    blocks,
    steps,
    run: (from = 0) => {
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

/** Loops over the axes and writes block[axes] = value; `left` is the tensor (or its adjoint) on the left side. */
export function compileEquation<T>(
  left: Pick<Reference, 'tensor' | 'adjoint'>, axes: readonly Axis[], value: Expression, block: Block<T>, setting: Setting<T>,
): () => void {
  const loops = new Map<string, Loop>();
  const bounds = new Map<string, { lo: () => number; hi: () => number }>();
  for (const axis of axes) {
    bounds.set(axis.index, { lo: compileAffine(axis.range.lo, setting, loops), hi: compileAffine(axis.range.hi, setting, loops) });
    const fixed = isFixed(axis) ? { lo: sizeValue(axis.range.lo, setting.sizes), hi: sizeValue(axis.range.hi, setting.sizes) } : null;
    loops.set(axis.index, { slot: setting.indices.length, lo: fixed?.lo ?? -Infinity, hi: fixed?.hi ?? Infinity });
    setting.indices.push(0);
  }
  const code = compile(value, setting, loops);
  const position = compilePosition(axes, block, loops, setting.indices);
  const write = (): void => {
    block.entries[position()] = code();
  };
  const directions = recurrence(left, axes, value);
  const order = [...axes.filter((a) => directions.has(a.index)), ...axes.filter((a) => !directions.has(a.index))];
  return order.reduceRight<() => void>((inner, axis) => {
    const { lo, hi } = bounds.get(axis.index)!;
    const { slot } = loops.get(axis.index)!;
    if (directions.get(axis.index) === 'down') {
      return () => {
        const last = lo();
        for (let i = hi(); i >= last; i -= 1) {
          setting.indices[slot] = i;
          inner();
        }
      };
    }
    return () => {
      const last = hi();
      for (let i = lo(); i <= last; i += 1) {
        setting.indices[slot] = i;
        inner();
      }
    };
  }, write);
}

const isFixed = (axis: Axis): boolean =>
  [axis.range.lo, axis.range.hi].every((a) => a.terms.every((t) => t.symbol.kind === 'size'));

function compilePosition(
  axes: readonly Axis[], block: Block<unknown>, loops: Loops, indices: readonly number[],
): () => number {
  const slots = axes.map((axis) => loops.get(axis.index)!.slot);
  return () => {
    let at = 0;
    for (let n = 0; n < slots.length; n += 1) {
      const i = indices[slots[n]!]! - block.base[n]!;
      if (i < 0 || i >= block.shape[n]!) throw new EvaluationError(`${block.name} has no entry at ${i + block.base[n]!} of axis ${n + 1}`);
      at += i * block.strides[n]!;
    }
    return at;
  };
}

/** Axes along which an equation looks at its own left side, h[t-1] or h[t+1]: they run outermost, from the known end. */
function recurrence(
  left: Pick<Reference, 'tensor' | 'adjoint'>, axes: readonly Axis[], value: Expression,
): ReadonlyMap<string, 'up' | 'down'> {
  const directions = new Map<string, 'up' | 'down'>();
  for (const r of references(value)) {
    if (r.adjoint !== left.adjoint || !sameTensor(r.tensor, left.tensor)) continue;
    axes.forEach((axis, n) => {
      const used = r.indices[n];
      const term = used?.terms.length === 1 ? used.terms[0] : undefined;
      if (used === undefined || used.constant === 0 || term?.symbol.kind !== 'index' || term.symbol.name !== axis.index) return;
      directions.set(axis.index, used.constant < 0 ? 'up' : 'down');
    });
  }
  return directions;
}
