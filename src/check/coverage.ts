// Which sides of its comparisons a forward pass has been seen on: points ought to lie on both sides of every kink.

import { plain } from '../algebra/print.ts';
import type { Order } from '../evaluate/domain.ts';
import type { Site } from '../evaluate/equations.ts';

/** A pair of values that is compared; x > 0 and 0 > x compare the same pair. */
export interface Seen {
  /** `x_1[s, i] and 0`. */
  readonly pair: string;
  readonly step: number;
  less: boolean;
  equal: boolean;
  greater: boolean;
}

export interface Coverage {
  note(site: number, order: Order): void;
  readonly pairs: readonly Seen[];
  /** Remembers what has been seen; the result forgets everything since. */
  save(): () => void;
}

/** @param sites may still grow until the first comparison is noted. */
export function coverage(sites: readonly Site[]): Coverage {
  const pairs: Seen[] = [];
  const places: { readonly seen: Seen; readonly turned: boolean }[] = [];
  const byKey = new Map<string, Seen>();
  const place = (site: number): { readonly seen: Seen; readonly turned: boolean } => {
    const { step, comparison } = sites[site]!;
    const left = plain(comparison.left);
    const right = plain(comparison.right);
    const turned = right < left;
    const pair = turned ? `${right} and ${left}` : `${left} and ${right}`;
    const key = `${step}: ${pair}`;
    let seen = byKey.get(key);
    if (seen === undefined) {
      seen = { pair, step, less: false, equal: false, greater: false };
      byKey.set(key, seen);
      pairs.push(seen);
    }
    return { seen, turned };
  };
  const placeAll = (): void => {
    for (let site = places.length; site < sites.length; site += 1) places.push(place(site));
  };
  return {
    note(site, order) {
      placeAll();
      if (order === null) return;
      const { seen, turned } = places[site]!;
      if (order === 0) seen.equal = true;
      else if ((order > 0) === turned) seen.less = true;
      else seen.greater = true;
    },
    save() {
      placeAll();
      const saved = pairs.map((seen) => ({ ...seen }));
      return () => saved.forEach((then, n) => Object.assign(pairs[n]!, then));
    },
    get pairs() {
      placeAll();
      return pairs;
    },
  };
}

/** How many sides have been seen; equality is a matter of luck and does not count. */
export const sidesSeen = (pairs: readonly Seen[]): number => pairs.reduce((n, s) => n + Number(s.less) + Number(s.greater), 0);

/** What was seen from one side only, or not at all, as sentences. */
export function oneSided(pairs: readonly Seen[], where: (step: number) => string): readonly string[] {
  return pairs.filter((s) => !s.less || !s.greater).map((s) => {
    const sides = [s.less ? 'less' : null, s.equal ? 'equal' : null, s.greater ? 'greater' : null].filter((side) => side !== null);
    const what = sides.length === 0 ? 'were never compared' : `were only ever ${sides.join(' or ')}`;
    return `${s.pair}, in the equation of ${where(s.step)}, ${what}`;
  });
}
