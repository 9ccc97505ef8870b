// Reverse mode on equations: the adjoint of every tensor that the loss depends on, in evaluation order.

import { type Affine, index, plainIndex } from '../algebra/affine.ts';
import { contract } from '../algebra/contract.ts';
import { add, type Expression, isBinder, one, type Tensor, tensorKey } from '../algebra/expression.ts';
import { children, freeIndices, freshIndex, holdsBelow, references, rewrite, substituteIndices, visit } from '../algebra/traverse.ts';
import type { Axis, Equation, Network, System } from '../spec/network.ts';
import { flatStages, schedule } from '../spec/schedule.ts';
import type { AdjointEquation, Backward, Use } from './backward.ts';
import { atEntry, contextOf, entryAxes, useOf, usersByTensor } from './use.ts';

/** The tensors whose adjoints the recursion carries: the layers' pre-activations (δ), or their outputs (ζ). */
export function signalsOf(network: Network): readonly Tensor[] {
  return network.system.instances.flatMap((instance) =>
    network.signal === 'a' ? instance.preActivations : [...instance.outputs.values()]);
}

/**
 * adj(T)[p] = Σ over equations that use T, Σ over their indices, adj(lhs) · ∂rhs/∂T[p]; adjoints that are neither
 * signals nor gradients are written out where that repeats no work, and keep a name of their own elsewhere.
 * @param seeds tensors whose adjoints are given, for a window of layers that does not reach E.
 */
export function backward(system: System, signals: readonly Tensor[], seeds: readonly Tensor[] = []): Backward {
  const signalKeys = new Set(signals.map(tensorKey));
  const given = new Set(seeds.map(tensorKey));
  const users = usersByTensor(system.equations);
  const reached = dependencies(system, given);
  const eliminated = new Map<string, AdjointEquation>();
  const equations: AdjointEquation[] = [];
  const consumersOf = consumerCounts(system, reached);
  const ahead = readAhead(system.equations);
  for (const tensor of backwardOrder(system)) {
    const key = tensorKey(tensor);
    const declaration = system.declarations.get(key);
    if (declaration === undefined || given.has(key)) continue;
    if (declaration.role === 'input' || declaration.role === 'target' || declaration.integer !== undefined) continue;
    if (system.total !== null && key === tensorKey(system.total)) {
      eliminated.set(key, { tensor, axes: [], value: one, uses: [], role: 'intermediate', step: null });
      continue;
    }
    const equationsUsing = (users.get(key) ?? []).filter((e) =>
      // What an integer is found from changes it by jumps only: no derivative flows through it.
      reached.has(tensorKey(e.tensor)) && system.declarations.get(tensorKey(e.tensor))?.integer === undefined);
    if (equationsUsing.length === 0 && declaration.role !== 'parameter') continue;
    const entry = entryAxes(tensor, declaration.axes, equationsUsing);
    const uses = equationsUsing.map((equation): Use => ({ equation, value: useOf(equation, tensor, entry).contracted.value }));
    for (const repeated of summedAgain(uses, eliminated)) {
      // Written out here, its sum would be computed anew for every term of another sum: it keeps its name instead.
      eliminated.delete(tensorKey(repeated.tensor));
      equations.push(repeated);
    }
    const written = writeOut(uses.map((u) => u.value), entry, eliminated);
    const isSignal = signalKeys.has(key);
    const isParameter = declaration.role === 'parameter';
    const role = isSignal ? 'signal' : isParameter ? 'parameter' : 'intermediate';
    const result: AdjointEquation = { tensor, axes: written.axes, value: written.value, uses, role, step: null };
    if (role === 'intermediate' && !ahead.has(key) && repeatsNoWork(written.value, consumersOf.get(key) ?? 0)) eliminated.set(key, result);
    else equations.push(result);
  }
  return { system, equations: inEvaluationOrder(equations), writtenOut: [...eliminated.values()] };
}

/**
 * In a recurrence ∂E/∂h[t] needs ∂E/∂a[t+1], which reverse mode reaches later: tensors whose equations read a tensor that is
 * defined after them (or themselves) keep the names of their adjoints.
 */
function readAhead(equations: readonly Equation[]): ReadonlySet<string> {
  const position = new Map(equations.map((e, n) => [tensorKey(e.tensor), n]));
  return new Set(equations.flatMap((e, n) =>
    (references(e.value).some((r) => (position.get(tensorKey(r.tensor)) ?? -1) >= n) ? [tensorKey(e.tensor)] : [])));
}

/** Adjoints of a recurrence run the other way along its axis; all others stay as they are. */
function inEvaluationOrder(equations: readonly AdjointEquation[]): readonly AdjointEquation[] {
  const scheduled = schedule(equations.map((equation) => ({ tensor: equation.tensor, adjoint: true, axes: equation.axes, value: equation.value, equation })));
  if (scheduled.kind === 'cycle') throw new Error(`the adjoints of ${scheduled.equations.map((e) => tensorKey(e.tensor)).join(', ')} need each other in no order`);
  return flatStages(scheduled.stages).map((e) => e.equation);
}

interface Eliminated {
  readonly axes: readonly Axis[];
  readonly value: Expression;
}

/** The tensors that E (or a seed) depends on, other than by jumps of an integer. */
function dependencies(system: System, seeds: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(seeds);
  if (system.total !== null) reached.add(tensorKey(system.total));
  // A recurrence reaches tensors that are defined later: until nothing is added.
  for (let before = -1; before < reached.size;) {
    before = reached.size;
    for (const equation of [...system.equations].reverse()) {
      if (!reached.has(tensorKey(equation.tensor)) || system.declarations.get(tensorKey(equation.tensor))?.integer !== undefined) continue;
      for (const r of references(equation.value)) reached.add(tensorKey(r.tensor));
    }
  }
  return reached;
}

/** Left sides from the last equation to the first; after each, the parameters that its right side uses first of all; at the end those that nothing uses. */
function backwardOrder(system: System): readonly Tensor[] {
  const firstUse = new Map<string, { tensor: Tensor; equation: Equation }>();
  for (const equation of system.equations) {
    for (const r of references(equation.value)) {
      const key = tensorKey(r.tensor);
      if (!firstUse.has(key) && system.declarations.get(key)?.role === 'parameter') firstUse.set(key, { tensor: r.tensor, equation });
    }
  }
  const parametersOf = new Map<Equation, Tensor[]>();
  for (const { tensor, equation } of firstUse.values()) parametersOf.set(equation, [...(parametersOf.get(equation) ?? []), tensor]);
  const unused = [...system.declarations.values()].filter((d) => d.role === 'parameter' && !firstUse.has(tensorKey(d.tensor)));
  return [
    ...[...system.equations].reverse().flatMap((equation) => [equation.tensor, ...(parametersOf.get(equation) ?? [])]),
    ...unused.map((d) => d.tensor),
  ];
}

/** For each tensor, how many tensors that need an adjoint stand on the right side of its own equation. */
function consumerCounts(system: System, reached: ReadonlySet<string>): ReadonlyMap<string, number> {
  return new Map(system.equations.map((own) => {
    const consumers = new Set(references(own.value).map((r) => tensorKey(r.tensor)).filter((key) => {
      const role = system.declarations.get(key)?.role;
      return reached.has(key) && (role === 'variable' || role === 'parameter');
    }));
    return [tensorKey(own.tensor), consumers.size];
  }));
}

/** Eliminated adjoints with a sum of their own that stand under a sum here. */
function summedAgain(uses: readonly Use[], eliminated: ReadonlyMap<string, AdjointEquation>): readonly AdjointEquation[] {
  const found = new Set<AdjointEquation>();
  const look = (e: Expression, underSum: boolean): void => {
    if (e.kind === 'ref' && e.adjoint && underSum) {
      const known = eliminated.get(tensorKey(e.tensor));
      if (known !== undefined && holdsBelow(known.value, isBinder)) found.add(known);
    }
    for (const child of children(e)) look(child, underSum || isBinder(e));
  };
  for (const use of uses) look(use.value, false);
  return [...found];
}

/** A product without sums costs nothing to repeat; anything else is written out only where it is consumed once. */
function repeatsNoWork(value: Expression, consumers: number): boolean {
  if (consumers <= 1) return true;
  return !holdsBelow(value, (e) => isBinder(e) || e.kind === 'piecewise' || e.kind === 'add');
}

/** Replaces eliminated adjoints by their formulas, choosing letters so that no bound index needs a second name. */
function writeOut(terms: readonly Expression[], entry: readonly Axis[], eliminated: ReadonlyMap<string, Eliminated>): Eliminated {
  const value = add(terms);
  const axes = adoptLetters(value, entry, eliminated);
  const renamed = substituteIndices(value, new Map(entry.flatMap((axis, at): [string, Affine][] => {
    const to = axes[at];
    return to === undefined || to.index === axis.index ? [] : [[axis.index, index(to.index)]];
  })));
  const written = inline(renamed, eliminated, new Set(axes.map((a) => a.index)));
  return { axes, value: contract(written, contextOf(axes)).value };
}

function inline(e: Expression, eliminated: ReadonlyMap<string, Eliminated>, scope: ReadonlySet<string>): Expression {
  return rewrite(e, (x) => {
    if (x.kind !== 'ref' || !x.adjoint) return null;
    const known = eliminated.get(tensorKey(x.tensor));
    return known === undefined ? null : atEntry(known, x, new Set([...scope, ...freeIndices(e), ...boundIndices(e)]));
  }, scope);
}

function boundIndices(e: Expression): ReadonlySet<string> {
  const bound = new Set<string>();
  visit(e, (x) => {
    if (isBinder(x)) bound.add(x.index);
  });
  return bound;
}

/** adj(a)[i] = adj(z)[i]·h'(a[i]) with adj(z)[j] = Σ_i δ_i W[i,j] reads best with the letter j. */
function adoptLetters(value: Expression, entry: readonly Axis[], eliminated: ReadonlyMap<string, Eliminated>): readonly Axis[] {
  const bound = boundIndices(value);
  const letters = new Map<string, string>();
  for (const r of references(value)) {
    const known = r.adjoint ? eliminated.get(tensorKey(r.tensor)) : undefined;
    if (known === undefined) continue;
    for (const [n, axis] of known.axes.entries()) {
      const used = r.indices[n];
      const letter = used === undefined ? null : plainIndex(used);
      if (letter !== null && !letters.has(letter)) letters.set(letter, axis.index);
    }
  }
  const taken = new Set<string>();
  return entry.map((axis) => {
    const wanted = letters.get(axis.index) ?? axis.index;
    const others = new Set([...taken, ...bound, ...entry.filter((a) => a !== axis).map((a) => a.index)]);
    const chosen = others.has(wanted) ? freshIndex(axis.index, taken) : wanted;
    taken.add(chosen);
    return { index: chosen, range: axis.range };
  });
}
