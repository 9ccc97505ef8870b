// The order of a layer's equations: a tensor is defined before it is used, but for recurrences, whose equations read each
// other's earlier entries; those come out together, in the order in which one step computes them.

import type { Report } from '../diagnostics/report.ts';
import type { Equation } from './network.ts';
import { namesIn } from './range.ts';
import type { Written } from './read-expression.ts';
import { flatStages, schedule } from './schedule.ts';
import { spanOfName } from './syntax-parts.ts';

/** The formula of a tensor before it is translated. */
export interface Formula {
  readonly name: string;
  readonly written: Written | null;
}

/** Which names each formula mentions, by the tensor that it defines. */
export type Uses = ReadonlyMap<string, ReadonlySet<string>>;

export const usesOf = (formulas: readonly Formula[]): Uses =>
  new Map(formulas.map(({ name, written }) => [name, new Set(written === null ? [] : namesIn(written.syntax))]));

/** By tensor: the tensors that need it and that it needs, itself among them; only tensors that need themselves have any. */
export function recurringTensors(formulas: readonly Formula[], uses: Uses): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  const position = new Map(formulas.map(({ name }, n) => [name, n]));
  for (const [n, { name }] of formulas.entries()) {
    for (const used of uses.get(name) ?? []) {
      const defined = position.get(used);
      if (defined === undefined || defined < n) continue;
      const cycle = pathBetween(used, name, uses);
      if (cycle === null) continue;
      const all = new Set([name, ...cycle].flatMap((member) => [member, ...(groups.get(member) ?? [])]));
      for (const member of all) groups.set(member, all);
    }
  }
  return groups;
}

/** The equations in evaluation order, those in front of a formula's own included; what has no order is reported. */
export function inOrder(
  formulas: readonly (Formula & { readonly equations: readonly Equation[] })[], uses: Uses, recurring: ReadonlyMap<string, ReadonlySet<string>>,
  report: Report,
): readonly Equation[] {
  const position = new Map(formulas.map(({ name }, n) => [name, n]));
  const told = new Set<ReadonlySet<string>>();
  for (const [n, { name, written }] of formulas.entries()) {
    for (const used of uses.get(name) ?? []) {
      const defined = position.get(used);
      if (written === null || defined === undefined || defined < n) continue;
      const place = written.at(spanOfName(used, written.syntax) ?? written.syntax);
      const group = recurring.get(name);
      if (group?.has(used) !== true) report.add('used-before-definition', place, { name: used });
      else if (!told.has(group)) {
        told.add(group);
        const members = formulas.filter((f) => group.has(f.name)).flatMap((f) => f.equations);
        if (schedule(members).kind === 'cycle') report.add('cyclic-equations', place, { cycle: [name, ...(pathBetween(used, name, uses) ?? [])] });
      }
    }
  }
  const equations = formulas.flatMap((f) => f.equations);
  if (recurring.size === 0) return equations;
  const found = schedule(equations);
  return found.kind === 'cycle' ? equations : flatStages(found.stages);
}

/** The names on a way from one tensor to another that it depends on, both ends included. */
function pathBetween(from: string, to: string, uses: Uses): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const waiting = [from];
  for (const name of waiting) {
    if (name === to) {
      const path: string[] = [];
      for (let at: string | null = name; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at);
      return path;
    }
    for (const next of uses.get(name) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      waiting.push(next);
    }
  }
  return null;
}
