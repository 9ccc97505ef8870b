// One use of a tensor: what flows into ∂E/∂T through one equation that mentions T, by the chain rule the reader knows.

import { type Affine, index, plainIndex } from '../algebra/affine.ts';
import { type Context, emptyContext, withRange } from '../algebra/bounds.ts';
import { contract, type Contracted } from '../algebra/contract.ts';
import { differentiate } from '../algebra/differentiate.ts';
import { adjoint, type Expression, isBinder, multiply, ref, type Reference, sameTensor, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import { freshIndex, references, rewrite, substituteIndices, visit } from '../algebra/traverse.ts';
import type { Axis, Equation } from '../spec/network.ts';

export interface TensorUse {
  readonly equation: Equation;
  /** The equation's free indices, renamed apart from the indices of the entry. */
  readonly axes: readonly Axis[];
  /** The left side of the renamed equation. */
  readonly left: Expression;
  /** ∂rhs/∂entry, deltas as they come. */
  readonly derivative: Expression;
  /** Σ over the equation's indices of adj(lhs) · ∂rhs/∂entry, deltas contracted. */
  readonly contracted: Contracted;
}

/** The letters that read best for an entry of `tensor`: those of the equation that uses it, where they are free. */
export function entryAxes(tensor: Tensor, declared: readonly Axis[], uses: readonly Equation[]): readonly Axis[] {
  const [first] = uses;
  const entry = first === undefined ? undefined : references(first.value).find((r) => !r.adjoint && sameTensor(r.tensor, tensor));
  const taken = new Set<string>();
  return declared.map((axis, at) => {
    const used = entry?.indices[at];
    const letter = used === undefined ? null : plainIndex(used);
    const chosen = freshIndex(letter ?? axis.index, taken);
    taken.add(chosen);
    return { index: chosen, range: axis.range };
  });
}

export const contextOf = (axes: readonly Axis[]): Context =>
  axes.reduce((context, axis) => withRange(context, axis.index, axis.range), emptyContext);

/** What flows into ∂E/∂tensor[entry] through the equation. */
export function useOf(equation: Equation, tensor: Tensor, entry: readonly Axis[]): TensorUse {
  const apart = renameApart(equation, new Set(entry.map((a) => a.index)));
  const by = ref(tensor, entry.map((a) => index(a.index)));
  const derivative = differentiate(apart.value, by);
  const left = ref(equation.tensor, apart.axes.map((a) => index(a.index)));
  const flow = multiply([adjoint(equation.tensor, left.indices), derivative]);
  const summed = apart.axes.reduceRight<Expression>((body, axis) => sum(axis.index, axis.range, body), flow);
  return { equation, axes: apart.axes, left, derivative, contracted: contract(summed, contextOf(entry)) };
}

/** Renames the equation's free and bound indices so that none is in `taken`. */
export function renameApart(equation: Equation, taken: ReadonlySet<string>): { axes: readonly Axis[]; value: Expression } {
  const all = new Set(taken);
  visit(equation.value, (e) => {
    if (isBinder(e)) all.add(e.index);
  });
  for (const axis of equation.axes) all.add(axis.index);
  const renaming = new Map<string, Affine>();
  const axes = equation.axes.map((axis) => {
    if (!taken.has(axis.index)) return axis;
    const name = freshIndex(axis.index, all);
    all.add(name);
    renaming.set(axis.index, index(name));
    return { index: name, range: axis.range };
  });
  const reserved = new Set([...taken, ...axes.map((a) => a.index)]);
  return { axes, value: substituteIndices(rewrite(equation.value, () => null, reserved), renaming) };
}

/** For each tensor (by key), the equations that mention it. */
export function usersByTensor(equations: readonly Equation[]): ReadonlyMap<string, readonly Equation[]> {
  const users = new Map<string, Equation[]>();
  for (const equation of equations) {
    for (const key of new Set(references(equation.value).map((r) => tensorKey(r.tensor)))) {
      const known = users.get(key);
      if (known === undefined) users.set(key, [equation]);
      else known.push(equation);
    }
  }
  return users;
}

/** A formula for tensor[axes] at an entry, its bound indices renamed apart from everything in scope. */
export function atEntry(formula: Pick<Equation, 'axes' | 'value'>, entry: Reference, scope: ReadonlySet<string>): Expression {
  const apart = rewrite(formula.value, () => null, new Set([...scope, ...formula.axes.map((a) => a.index)]));
  return substituteIndices(apart, new Map(formula.axes.flatMap((axis, n): [string, Affine][] => {
    const value = entry.indices[n];
    return value === undefined ? [] : [[axis.index, value]];
  })));
}
