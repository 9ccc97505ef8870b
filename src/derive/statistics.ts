// Statistics of a tensor: what is found from it with fewer axes and meets it again, as means and normalisers do.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Equation, System } from '../spec/network.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import type { EquationIndex } from './direct.ts';

const rank = (t: Tensor, system: System): number => system.declarations.get(tensorKey(t))?.axes.length ?? 0;

/** Statistics of the adjoint's tensor, and of those that only its own formula leads through (z between a and the mean of z). */
export function statisticsFor({ tensor }: AdjointEquation, reverse: Backward, lookup: EquationIndex): ReadonlyMap<string, AdjointEquation> {
  const written = new Set(reverse.writtenOut.map((e) => tensorKey(e.tensor)));
  const passed = reached((lookup.users.get(tensorKey(tensor)) ?? []).filter((e) => written.has(tensorKey(e.tensor))), (e) => written.has(tensorKey(e.tensor)), lookup);
  const carriers = [tensor, ...reverse.writtenOut.map((e) => e.tensor).filter((t) => passed.has(tensorKey(t)))];
  return new Map(carriers.flatMap((t) => [...statisticsOf(t, reverse, lookup)]));
}

/**
 * Named adjoints of the tensor's statistics: tensors with fewer axes that are found from it and meet it again in an equation
 * that reads both (a mean and what subtracts it, a normaliser and what is divided by it).
 */
function statisticsOf(tensor: Tensor, { equations, system }: Backward, lookup: EquationIndex): ReadonlyMap<string, AdjointEquation> {
  const own = rank(tensor, system);
  const readers = new Set((lookup.users.get(tensorKey(tensor)) ?? []).map((e) => tensorKey(e.tensor)));
  const lower = (e: Equation): boolean => rank(e.tensor, system) < own;
  const from = reached((lookup.users.get(tensorKey(tensor)) ?? []).filter(lower), lower, lookup);
  return new Map(equations.filter((e) => e.role === 'intermediate' && from.has(tensorKey(e.tensor)) && meetsAgain(e.tensor, readers, lower, lookup))
    .map((e) => [tensorKey(e.tensor), e]));
}

/** The left sides that these equations lead to through equations that pass. */
function reached(start: readonly Equation[], passes: (e: Equation) => boolean, lookup: EquationIndex): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...start];
  for (let e = pending.pop(); e !== undefined; e = pending.pop()) {
    const key = tensorKey(e.tensor);
    if (found.has(key)) continue;
    found.add(key);
    pending.push(...(lookup.users.get(key) ?? []).filter(passes));
  }
  return found;
}

const meetsAgain = (t: Tensor, readers: ReadonlySet<string>, lower: (e: Equation) => boolean, lookup: EquationIndex): boolean => {
  const users = lookup.users.get(tensorKey(t)) ?? [];
  const keys = new Set([...users.map((e) => tensorKey(e.tensor)), ...[...reached(users.filter(lower), lower, lookup)]
    .flatMap((key) => (lookup.users.get(key) ?? []).map((e) => tensorKey(e.tensor)))]);
  return [...keys].some((key) => readers.has(key));
};
