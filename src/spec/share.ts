// Parameters that are those of another layer: share: { W: encode.W }. Such a parameter belongs to the first of the layers
// that have it in common; in the others its name stands for that one.

import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { SpecDocument } from './document.ts';
import type { LayerUse } from './use.ts';
import { nameOf, type Placed, type Sources } from './wire.ts';

/** Of each layer, the parameters that belong to another one. */
export type Sharing = ReadonlyMap<Placed, ReadonlyMap<string, Owned>>;

export interface Owned {
  readonly owner: Placed;
  readonly parameter: string;
}

/** The names of the layers that share parameters, on either side: they keep the form in which they are written. */
export const sharingNames = (uses: readonly (LayerUse | null)[]): ReadonlySet<string> =>
  new Set(uses.flatMap((use) => {
    const targets = Object.values(use?.share ?? {}).map((text) => text.split('.')[0]?.trim() ?? '');
    return targets.length === 0 ? [] : [...targets, ...(use?.name === null || use === null ? [] : [use.name])];
  }));

/** @param placed the layers in the order of their numbers */
export function readSharing(placed: readonly Placed[], sources: Sources, document: SpecDocument, report: Report): Sharing {
  const links = new Map<Placed, Map<string, Owned>>();
  for (const one of placed) {
    const own = new Map(Object.keys(one.use.share).flatMap((name): [string, Owned][] => {
      const target = targetOf(one, name, sources, document, report);
      return target === null ? [] : [[name, target]];
    }));
    if (own.size > 0) links.set(one, own);
  }
  const numbers = new Map(placed.map((one, n) => [one, n]));
  const numberOf = ({ owner }: Owned): number => numbers.get(owner) ?? -1;
  const roots = new Map<string, Owned[]>();
  for (const [one, own] of links) {
    for (const name of own.keys()) {
      const way: Owned[] = [{ owner: one, parameter: name }];
      const key = (o: Owned): string => `${numberOf(o)}.${o.parameter}`;
      const passed = new Set(way.map(key));
      for (let at = way[0]; at !== undefined && !roots.has(key(at)); at = way.at(-1)) {
        const next = links.get(at.owner)?.get(at.parameter);
        if (next === undefined) {
          roots.set(key(at), [at]);
          break;
        }
        way.push(next);
        if (passed.has(key(next))) {
          const cycle = way.slice(way.findIndex((w) => key(w) === key(next)));
          report.add('sharing-cycle', document.place([...one.use.sharePath, name]), { cycle: cycle.map(shown) });
          return new Map();
        }
        passed.add(key(next));
      }
      // All on the way have the same group as its end: the parameter that is nobody else's.
      const group = roots.get(key(way.at(-1) ?? { owner: one, parameter: name })) ?? [];
      for (const passing of way.slice(0, -1)) {
        if (!roots.has(key(passing))) group.push(passing);
        roots.set(key(passing), group);
      }
    }
  }
  const sharing = new Map<Placed, Map<string, Owned>>();
  for (const group of new Set(roots.values())) {
    const [first, ...others] = [...group].sort((a, b) => numberOf(a) - numberOf(b));
    for (const other of others) {
      if (first === undefined) continue;
      if (other.owner === first.owner) {
        report.add('sharing-cycle', other.owner.use.place, { cycle: [other, first].map(shown) });
        continue;
      }
      const own = sharing.get(other.owner) ?? new Map<string, Owned>();
      sharing.set(other.owner, own.set(other.parameter, first));
    }
  }
  return sharing;
}

const shown = (o: Owned): string => `${nameOf(o.owner)}.${o.parameter}`;

/** The parameter that `encode.W` names. */
function targetOf(one: Placed, name: string, sources: Sources, document: SpecDocument, report: Report): Owned | null {
  const path = [...one.use.sharePath, name];
  const { parameters } = one.spec;
  if (!parameters.includes(name)) {
    report.add('unknown-name', document.keyPlace(path), { name, role: 'parameter', suggestion: nearest(name, parameters), known: parameters });
    return null;
  }
  const text = one.use.share[name] ?? '';
  const [layer = '', parameter, ...rest] = text.trim().split('.');
  const owner = sources.layers.get(layer);
  if (owner === undefined) {
    if (sources.unread === null || sources.unread.has(layer)) return null;
    const known = [...sources.layers.keys()];
    report.add('unknown-name', document.place(path), { name: layer, role: 'layer', suggestion: nearest(layer, known), known });
    return null;
  }
  const known = owner.spec.parameters.map((p) => `${layer}.${p}`);
  if (parameter === undefined || rest.length > 0 || !owner.spec.parameters.includes(parameter)) {
    report.add('unknown-name', document.place(path), { name: text, role: 'parameter', suggestion: nearest(text, known), known });
    return null;
  }
  return { owner, parameter };
}
