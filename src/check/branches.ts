// Which way each choice of the forward pass went, comparisons and argmax: two points lie on the same branch when all went the
// same way.

import { tensorTitle } from '../evaluate/block.ts';
import { evaluation, type Evaluation } from '../evaluate/equations.ts';
import type { Outcome } from '../evaluate/compile.ts';
import { real } from '../evaluate/real.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type Coverage, coverage } from './coverage.ts';
import { fillBlocks, keyOf, type Subject, type Values } from './subject.ts';

export interface Branches {
  /** The forward equations at the current point: blocks may be changed by whoever moves the point. */
  readonly forward: Evaluation<number>;
  /** How many choices between values the equations have; with none, every point lies on the same branch. */
  readonly comparisons: number;
  /** Moves to a point and remembers its branch. */
  remember(values: Values): void;
  /**
   * Evaluates from the given step on and tells whether every comparison goes as it did at the remembered point.
   * @param kernel is at the same point, and lends the tensors that it keeps: only comparisons need to be evaluated.
   */
  same(from: number, kernel: Kernel): boolean;
  /** The same against the branch of the last call of `pin`. */
  pin(from: number, kernel: Kernel): void;
  pinned(from: number, kernel: Kernel): boolean;
  /** Back at the remembered point: computes from the given step on. */
  restore(from: number, kernel: Kernel): void;
  readonly coverage: Coverage;
  /** The tensor whose equation a step is (the tensors, where it is a recurrence), for people. */
  readonly where: (step: number) => string;
}

export function branches(subject: Pick<Subject, 'system' | 'sizes' | 'module'>): Branches {
  let orders: Outcome[] = [];
  let reference: readonly Outcome[] = [];
  let pinnedOrders: readonly Outcome[] = [];
  const forward = evaluation(subject.system, real, {
    sizes: subject.sizes,
    watch: (site, outcome) => {
      orders.push(outcome);
      covered.note(site, outcome);
    },
  });
  const covered = coverage(forward.sites);
  const comparing = new Set(forward.sites.map((site) => site.step));
  const begins: number[] = [];
  const stages = new Map(subject.module.stages.map((s) => [keyOf(subject.system, s), s.name]));
  const runFrom = (from: number, kernel: Kernel | null): void => {
    orders = [];
    for (let n = from; n < forward.steps.length; n += 1) {
      const step = forward.steps[n]!;
      begins[n] = orders.length;
      const lent = comparing.has(n) ? [] : step.writes.flatMap((key) => {
        const stage = stages.get(key);
        const buffer = stage === undefined ? undefined : kernel?.tensor(stage);
        const { entries } = forward.blocks.get(key)!;
        return buffer?.length === entries.length ? [{ buffer, entries }] : [];
      });
      if (lent.length < step.writes.length || lent.length === 0) step.run();
      else for (const { buffer, entries } of lent) for (let at = 0; at < buffer.length; at += 1) entries[at] = buffer[at];
    }
  };
  let starts: readonly number[] = [];
  return {
    forward,
    comparisons: forward.sites.length,
    remember(values) {
      fillBlocks(forward.blocks, values, (x) => x);
      runFrom(0, null);
      reference = orders;
      starts = [...begins];
    },
    same(from, kernel) {
      if (forward.sites.length === 0) return true;
      runFrom(from, kernel);
      const start = starts[from] ?? reference.length;
      return orders.length === reference.length - start && orders.every((order, n) => order === reference[start + n]);
    },
    pin(from, kernel) {
      if (forward.sites.length === 0) return;
      runFrom(from, kernel);
      pinnedOrders = orders;
    },
    pinned(from, kernel) {
      if (forward.sites.length === 0) return true;
      runFrom(from, kernel);
      return orders.length === pinnedOrders.length && orders.every((order, n) => order === pinnedOrders[n]);
    },
    restore(from, kernel) {
      if (forward.sites.length > 0) runFrom(from, kernel);
    },
    coverage: covered,
    where: (step) => forward.steps[step]!.equations.map((equation) => tensorTitle(equation.tensor)).join(', '),
  };
}
