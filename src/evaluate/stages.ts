// Equations in the order that the schedule gives: one after the other, or together along an axis where they read each
// other's earlier entries (a recurrence). The same for forward and for adjoint equations.

import type { Affine } from '../algebra/affine.ts';
import { type Axis } from '../spec/network.ts';
import { flatStages, schedule, type Schedulable, type Stage } from '../spec/schedule.ts';
import { type Block, sizeValue, tensorTitle } from './block.ts';
import { compile, type Setting } from './compile.ts';
import { EvaluationError } from './domain.ts';
import { compileAffine, type Loop, type Loops } from './loops.ts';

/** A stage with what runs it. */
export interface Run<E> {
  /** One, or all those of a recurrence. */
  readonly equations: readonly E[];
  readonly recurrent: boolean;
  readonly run: () => void;
}

/**
 * All stages of the equations, in evaluation order.
 * @param setting is asked for once for each equation, before it is compiled.
 * @throws EvaluationError for equations that need each other in no order that any axis gives.
 */
export function compileStages<T, E extends Schedulable>(
  equations: readonly E[], block: (equation: E) => Block<T>, setting: (stage: number) => Setting<T>,
): readonly Run<E>[] {
  const scheduled = schedule(equations);
  if (scheduled.kind === 'cycle') {
    throw new EvaluationError(`${scheduled.equations.map(titleOf).join(', ')} need each other in no order that an axis gives`);
  }
  return scheduled.stages.map((stage, n): Run<E> => {
    const own = flatStages([stage]);
    const compiled = new Map(own.map((equation) => [equation, compileEntry(equation, block(equation), setting(n))]));
    return { equations: own, recurrent: stage.kind === 'recurrence', run: runOf(stage, compiled, new Map()) };
  });
}

const titleOf = ({ tensor, adjoint }: Schedulable): string => `${adjoint === true ? '∂E/∂' : ''}${tensorTitle(tensor)}`;

/** One entry of an equation's left side, at the current values of the loop variables. */
interface Entry {
  readonly axes: readonly { readonly slot: number; readonly lo: () => number; readonly hi: () => number; readonly fixed: boolean }[];
  readonly write: () => void;
  readonly indices: number[];
}

function compileEntry<T>({ axes, value }: Schedulable, block: Block<T>, setting: Setting<T>): Entry {
  const loops = new Map<string, Loop>();
  const bounds = axes.map((axis) => {
    const lo = compileAffine(axis.range.lo, setting, loops);
    const hi = compileAffine(axis.range.hi, setting, loops);
    const fixed = [axis.range.lo, axis.range.hi].every(isFixed);
    const slot = setting.indices.length;
    setting.indices.push(0);
    loops.set(axis.index, fixed ? { slot, lo: sizeValue(axis.range.lo, setting.sizes), hi: sizeValue(axis.range.hi, setting.sizes) }
      : { slot, lo: -Infinity, hi: Infinity });
    return { slot, lo, hi, fixed };
  });
  const code = compile(value, setting, loops);
  const position = compilePosition(axes, block, loops, setting.indices);
  return {
    axes: bounds,
    write: () => {
      block.entries[position()] = code();
    },
    indices: setting.indices,
  };
}

const isFixed = (a: Affine): boolean => a.terms.every((t) => t.symbol.kind === 'size');

/** @param outer the axes of each equation that an outer recurrence runs along. */
function runOf<E extends Schedulable>(stage: Stage<E>, compiled: ReadonlyMap<E, Entry>, outer: ReadonlyMap<E, ReadonlySet<number>>): () => void {
  if (stage.kind === 'equation') return everyEntry(compiled.get(stage.equation)!, outer.get(stage.equation) ?? new Set());
  const members = new Map(stage.members.map(({ equation, axis }) => {
    const entry = compiled.get(equation)!;
    const along = entry.axes[axis];
    if (along?.fixed !== true) throw new EvaluationError(`${titleOf(equation)} recurs along an axis whose ends are not known`);
    return [equation, { indices: entry.indices, slot: along.slot, lo: along.lo(), hi: along.hi() }] as const;
  }));
  const within = new Map([...outer, ...stage.members.map(({ equation, axis }) =>
    [equation, new Set([...(outer.get(equation) ?? []), axis])] as const)]);
  const first = Math.min(...[...members.values()].map((m) => m.lo));
  const last = Math.max(...[...members.values()].map((m) => m.hi));
  const stages = stage.stages.map((inner) => ({ run: runOf(inner, compiled, within), members: flatStages([inner]).map((equation) => members.get(equation)!) }));
  const at = (i: number): void => {
    for (const { run, members: own } of stages) {
      for (const { indices, slot } of own) indices[slot] = i;
      if (own.some(({ lo, hi }) => i >= lo && i <= hi)) run();
    }
  };
  return stage.direction === 'up' ? () => {
    for (let i = first; i <= last; i += 1) at(i);
  } : () => {
    for (let i = last; i >= first; i -= 1) at(i);
  };
}

/** All entries over the axes that no recurrence holds; nothing where a held one lies outside of its own range. */
function everyEntry({ axes, write, indices }: Entry, held: ReadonlySet<number>): () => void {
  const free = axes.filter((_, n) => !held.has(n)).reduceRight<() => void>((inner, { slot, lo, hi }) => () => {
    const last = hi();
    for (let i = lo(); i <= last; i += 1) {
      indices[slot] = i;
      inner();
    }
  }, write);
  const along = axes.filter((_, n) => held.has(n));
  return along.length === 0 ? free : () => {
    if (along.every(({ slot, lo, hi }) => indices[slot]! >= lo() && indices[slot]! <= hi())) free();
  };
}

function compilePosition(axes: readonly Axis[], block: Block<unknown>, loops: Loops, indices: readonly number[]): () => number {
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
