// The second road to every adjoint: forward equations are substituted into each other first and differentiated at once,
// with E an uninterpreted function of the named tensors. Reverse mode, which goes equation by equation, must agree.

import { index } from '../algebra/affine.ts';
import { contract } from '../algebra/contract.ts';
import { differentiate } from '../algebra/differentiate.ts';
import { add, adjoint, type Expression, isBinder, isNumber, multiply, rangeKey, ref, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import { provablyEqual } from '../algebra/normal/equal.ts';
import { writing } from '../algebra/print.ts';
import { rewrite, visit } from '../algebra/traverse.ts';
import type { Axis, Equation, System } from '../spec/network.ts';
import { confirmEqual } from './confirm.ts';
import { shiftLayers } from './relabel.ts';
import { atEntry, contextOf, renameApart, usersByTensor } from './use.ts';

/** For each tensor, the equations that mention it: looked up once for a whole system. */
export interface EquationIndex {
  readonly byLeft: ReadonlyMap<string, Equation>;
  readonly users: ReadonlyMap<string, readonly Equation[]>;
  /** Questions that were already decided, by what they ask. */
  readonly settled: Map<string, Agreement>;
}

export const indexEquations = (system: System): EquationIndex => ({
  byLeft: new Map(system.equations.map((e) => [tensorKey(e.tensor), e])), users: usersByTensor(system.equations), settled: new Map(),
});

/**
 * ∂E/∂tensor[axes] by direct differentiation: Σ over the named tensors U that tensor reaches without passing through another
 * named one, Σ over U's indices, ∂E/∂U · ∂U/∂tensor, each U written in terms of tensor alone.
 */
export function directAdjoint(lookup: EquationIndex, tensor: Tensor, axes: readonly Axis[], named: ReadonlySet<string>, total: Tensor | null): Expression {
  const own = tensorKey(tensor);
  const frontier = frontierOf(lookup, own, named, total);
  const between = new Set([...frontier.passed]);
  const entry = ref(tensor, axes.map((a) => index(a.index)));
  const parts = frontier.reached.map((equation): Expression => {
    const taken = new Set(axes.map((a) => a.index));
    const opened = renameApart(equation, taken);
    const value = inlineForward(opened.value, lookup, between, new Set([...taken, ...opened.axes.map((a) => a.index)]));
    const derivative = differentiate(value, entry);
    const isTotal = total !== null && tensorKey(equation.tensor) === tensorKey(total);
    const outer = adjoint(equation.tensor, opened.axes.map((a) => index(a.index)));
    const flow = isTotal ? derivative : multiply([outer, derivative]);
    return opened.axes.reduceRight<Expression>((body, a) => (isNumber(body, 0) ? body : sum(a.index, a.range, body)), flow);
  });
  return contract(add(parts), contextOf(axes)).value;
}

/** How two sides were found equal: by proof, or at many points; null where they are not. */
export type Agreement = 'proved' | 'confirmed' | null;

export function agreement(a: Expression, b: Expression, axes: readonly Axis[]): Agreement {
  if (provablyEqual(a, b, contextOf(axes)) === 'equal') return 'proved';
  return confirmEqual(a, b, axes) === null ? null : 'confirmed';
}

/** Whether, and how, reverse mode's formula agrees with direct differentiation. */
export function agreesWithDirect(
  lookup: EquationIndex, tensor: Tensor, axes: readonly Axis[], value: Expression, named: ReadonlySet<string>, total: Tensor | null,
): Agreement {
  const direct = directAdjoint(lookup, tensor, axes, named, total);
  // Both sides in the same tensors: what was substituted on the one road is substituted in the other's result.
  const passed = new Set(frontierOf(lookup, tensorKey(tensor), named, total).passed);
  const substituted = inlineForward(value, lookup, passed, new Set(axes.map((a) => a.index)));
  return settled(lookup, tensor, axes, direct, substituted);
}

/** As `agreement`, each question once: layers of one kind ask the same with layer numbers counted from the tensor's own. */
export function settled(lookup: EquationIndex, tensor: Tensor, axes: readonly Axis[], a: Expression, b: Expression): Agreement {
  const base = tensor.layer?.symbol === null ? tensor.layer.offset : 0;
  const question = [...axes.map((x) => `${x.index} ${rangeKey(x.range)}`), writing(shiftLayers(a, -base)), writing(shiftLayers(b, -base))].join(' ; ');
  const known = lookup.settled.get(question);
  if (known !== undefined) return known;
  const found = agreement(a, b, axes);
  lookup.settled.set(question, found);
  return found;
}

/** The equations of named tensors that the tensor reaches, and the unnamed tensors passed on the way. */
function frontierOf(lookup: EquationIndex, own: string, named: ReadonlySet<string>, total: Tensor | null): { reached: readonly Equation[]; passed: readonly string[] } {
  const reached = new Set<Equation>();
  const passed = new Set<string>();
  const pending = [own];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    for (const equation of lookup.users.get(key) ?? []) {
      const left = tensorKey(equation.tensor);
      if (named.has(left) || (total !== null && left === tensorKey(total))) reached.add(equation);
      else if (!passed.has(left)) {
        passed.add(left);
        pending.push(left);
      }
    }
  }
  return { reached: [...reached], passed: [...passed] };
}

/** Replaces every tensor of `between` by its own forward equation, again and again. */
export function inlineForward(e: Expression, lookup: EquationIndex, between: ReadonlySet<string>, scope: ReadonlySet<string>): Expression {
  const bound = new Set(scope);
  visit(e, (x) => {
    if (isBinder(x)) bound.add(x.index);
  });
  return rewrite(e, (x) => {
    if (x.kind !== 'ref' || x.adjoint || !between.has(tensorKey(x.tensor))) return null;
    const equation = lookup.byLeft.get(tensorKey(x.tensor));
    return equation === undefined ? null : inlineForward(atEntry(equation, x, bound), lookup, between, bound);
  }, scope);
}
