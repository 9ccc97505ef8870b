// The order in which equations can be computed. Tensors that need each other's earlier entries along an axis (h[t] from
// h[t-1]) make a recurrence: its equations run together, entry by entry of that axis, from the known end.

import { type Affine, index, integer, sameAffine, subtractAffine } from '../algebra/affine.ts';
import { type Context, emptyContext, provablyNonNegative, withRange } from '../algebra/bounds.ts';
import { assume } from '../algebra/contract.ts';
import { type Expression, isBinder, not, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import { children, rewrite } from '../algebra/traverse.ts';
import type { Axis } from './network.ts';

/** What is scheduled: left[axes] = value, for a tensor or, with `adjoint`, for ∂E/∂tensor. */
export interface Schedulable {
  readonly tensor: Tensor;
  readonly adjoint?: boolean;
  readonly axes: readonly Axis[];
  readonly value: Expression;
}

export interface Member<T> {
  readonly equation: T;
  /** Which of the equation's axes the recurrence runs along. */
  readonly axis: number;
}

export type Stage<T> =
  | { readonly kind: 'equation'; readonly equation: T }
  /** For each value of the axis, upwards or downwards: all stages at that value (a member only inside its own range). */
  | { readonly kind: 'recurrence'; readonly direction: 'up' | 'down'; readonly members: readonly Member<T>[]; readonly stages: readonly Stage<T>[] };

export type Schedule<T> =
  | { readonly kind: 'stages'; readonly stages: readonly Stage<T>[] }
  /** Equations that need each other in no order that any axis gives. */
  | { readonly kind: 'cycle'; readonly equations: readonly T[] };

/** Where an entry stands relative to the one that is being computed, along one axis. */
type Offset = 'same' | 'before' | 'after' | 'unknown';

interface Edge<T> {
  readonly from: T;
  /** The equation that defines the entry that `from` reads. */
  readonly to: T;
  readonly indices: readonly Affine[];
  /** What is known where the entry is read. */
  readonly context: Context;
}

const keyOf = (tensor: Tensor, adjoint: boolean): string => `${adjoint ? '∂' : ''}${tensorKey(tensor)}`;

/** Stages in evaluation order; equations that nothing ties stay in the order given. */
export function schedule<T extends Schedulable>(equations: readonly T[]): Schedule<T> {
  const defining = new Map(equations.map((e): [string, T] => [keyOf(e.tensor, e.adjoint ?? false), e]));
  const edges = equations.flatMap((from) => readings(from).flatMap(({ reference, context }): Edge<T>[] => {
    const to = defining.get(keyOf(reference.tensor, reference.adjoint));
    return to === undefined ? [] : [{ from, to, indices: reference.indices, context }];
  }));
  return arrange(equations, edges);
}

/** The equations of all stages, one after the other. */
export const flatStages = <T>(stages: readonly Stage<T>[]): readonly T[] =>
  stages.flatMap((s) => (s.kind === 'equation' ? [s.equation] : flatStages(s.stages)));

function arrange<T extends Schedulable>(equations: readonly T[], edges: readonly Edge<T>[]): Schedule<T> {
  const stages: Stage<T>[] = [];
  for (const component of components(equations, edges)) {
    const members = new Set(component);
    const inner = edges.filter((e) => members.has(e.from) && members.has(e.to));
    const [only] = component;
    if (inner.length === 0 && only !== undefined) {
      stages.push({ kind: 'equation', equation: only });
      continue;
    }
    const found = recurrenceOf(component, inner);
    if (found === null) return { kind: 'cycle', equations: component };
    stages.push(found);
  }
  return { kind: 'stages', stages };
}

/** The axis along which everything is known earlier, or at the same place in an order of its own; null when there is none. */
function recurrenceOf<T extends Schedulable>(equations: readonly T[], edges: readonly Edge<T>[]): Stage<T> | null {
  for (const axes of axisChoices(equations, edges)) {
    const offsets = edges.map((edge) => offsetOf(edge, axes));
    if (offsets.includes('unknown')) continue;
    const directions = new Set(offsets.filter((o) => o !== 'same'));
    if (directions.size !== 1) continue;
    const inside = arrange(equations, edges.filter((_, n) => offsets[n] === 'same'));
    if (inside.kind === 'cycle') continue;
    const members = equations.map((equation): Member<T> => ({ equation, axis: axes.get(equation) ?? 0 }));
    return { kind: 'recurrence', direction: directions.has('before') ? 'up' : 'down', members, stages: inside.stages };
  }
  return null;
}

const MOST_CHOICES = 256;

/** Ways to choose one axis of each equation so that the entries that they read of each other can be compared along it. */
function axisChoices<T extends Schedulable>(equations: readonly T[], edges: readonly Edge<T>[]): readonly ReadonlyMap<T, number>[] {
  const choices: ReadonlyMap<T, number>[] = [];
  const extend = (chosen: ReadonlyMap<T, number>): void => {
    if (choices.length >= MOST_CHOICES) return;
    const open = edges.find((e) => chosen.has(e.from) !== chosen.has(e.to));
    if (open === undefined) {
      if (chosen.size === equations.length) choices.push(chosen);
      return;
    }
    const next = chosen.has(open.from) ? open.to : open.from;
    for (let axis = 0; axis < next.axes.length; axis += 1) {
      const tried = new Map([...chosen, [next, axis]]);
      if (edges.every((e) => !tried.has(e.from) || !tried.has(e.to) || (e !== open && e.from !== next && e.to !== next) || offsetOf(e, tried) !== 'unknown')) extend(tried);
    }
  };
  const [first] = equations;
  if (first !== undefined) for (let axis = 0; axis < first.axes.length; axis += 1) extend(new Map([[first, axis]]));
  return choices;
}

function offsetOf<T extends Schedulable>(edge: Edge<T>, axes: ReadonlyMap<T, number>): Offset {
  const own = edge.from.axes[axes.get(edge.from) ?? -1];
  const read = edge.indices[axes.get(edge.to) ?? -1];
  if (own === undefined || read === undefined) return 'unknown';
  const here = index(own.index);
  if (sameAffine(read, here)) return 'same';
  const ahead = subtractAffine(read, here);
  if (provablyNonNegative(subtractAffine(subtractAffine(integer(0), ahead), integer(1)), edge.context)) return 'before';
  return provablyNonNegative(subtractAffine(ahead, integer(1)), edge.context) ? 'after' : 'unknown';
}

interface Reading {
  readonly reference: Reference;
  readonly context: Context;
}

/** Every entry that an equation reads, with what its ranges and conditions say there. */
function readings(equation: Schedulable): readonly Reading[] {
  const found: Reading[] = [];
  const walk = (e: Expression, context: Context): void => {
    if (e.kind === 'ref') found.push({ reference: e, context });
    else if (isBinder(e)) walk(e.body, withRange(context, e.index, e.range));
    else if (e.kind === 'multiply') {
      const known = e.factors.reduce((c, f) => (f.kind === 'bracket' ? assume(c, f.test) : c), context);
      for (const f of e.factors) walk(f, f.kind === 'bracket' ? context : known);
    } else if (e.kind === 'piecewise') {
      let known = context;
      for (const branch of e.branches) {
        for (const child of children({ kind: 'bracket', test: branch.when })) walk(child, known);
        walk(branch.then, assume(known, branch.when));
        known = assume(known, not(branch.when));
      }
      walk(e.otherwise, known);
    } else for (const child of children(e)) walk(child, context);
  };
  const context = equation.axes.reduce((c, axis) => withRange(c, axis.index, axis.range), emptyContext);
  walk(rewrite(equation.value, () => null, new Set(equation.axes.map((a) => a.index))), context);
  return found;
}

/** Strongly connected components (Tarjan), each after those that it reads; equations of one component in the order given. */
function components<T>(equations: readonly T[], edges: readonly Edge<T>[]): readonly (readonly T[])[] {
  const reads = new Map<T, T[]>(equations.map((e) => [e, []]));
  for (const e of edges) reads.get(e.from)?.push(e.to);
  const position = new Map(equations.map((e, n) => [e, n]));
  const number = new Map<T, number>();
  const low = new Map<T, number>();
  const open: T[] = [];
  const onStack = new Set<T>();
  const result: T[][] = [];
  const lower = (e: T, value: number | undefined): void => {
    low.set(e, Math.min(low.get(e) ?? Infinity, value ?? Infinity));
  };
  for (const start of equations) {
    if (number.has(start)) continue;
    const way: { at: T; next: number }[] = [];
    const enter = (e: T): void => {
      number.set(e, number.size);
      low.set(e, number.size - 1);
      open.push(e);
      onStack.add(e);
      way.push({ at: e, next: 0 });
    };
    enter(start);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const to = reads.get(top.at)?.[top.next];
      top.next += 1;
      if (to === undefined) {
        way.pop();
        const above = way.at(-1);
        if (above !== undefined) lower(above.at, low.get(top.at));
        if (low.get(top.at) !== number.get(top.at)) continue;
        const component = open.splice(open.indexOf(top.at));
        for (const e of component) onStack.delete(e);
        result.push(component.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)));
      } else if (!number.has(to)) enter(to);
      else if (onStack.has(to)) lower(top.at, number.get(to));
    }
  }
  return result;
}
