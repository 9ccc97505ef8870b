// Which ways the choices of a forward pass have been seen to go: points ought to lie on both sides of every kink.

import { plain } from '../algebra/print.ts';
import type { Outcome } from '../evaluate/compile.ts';
import type { Site } from '../evaluate/equations.ts';

/** A pair of values that is compared (x > 0 and 0 > x compare the same pair), or values of which the greatest is chosen. */
export interface Seen {
  /** `x_1[s, i] and 0`, `the greatest x[s, i] over i`. */
  readonly what: string;
  readonly kind: 'pair' | 'argmax';
  readonly step: number;
  /** -1, 0, 1 as less, equal, greater; the indices that were chosen. */
  outcomes: ReadonlySet<number>;
}

export interface Coverage {
  note(site: number, outcome: Outcome): void;
  readonly seen: readonly Seen[];
  /** Remembers what has been seen; the result forgets everything since. */
  save(): () => void;
}

/** @param sites may still grow until the first choice is noted. */
export function coverage(sites: readonly Site[]): Coverage {
  const all: Seen[] = [];
  const places: { readonly seen: Seen; readonly turned: boolean }[] = [];
  const byKey = new Map<string, Seen>();
  const place = (site: number): { readonly seen: Seen; readonly turned: boolean } => {
    const { step, choice } = sites[site]!;
    const { what, turned } = titleOf(choice);
    const key = `${step}: ${what}`;
    let seen = byKey.get(key);
    if (seen === undefined) {
      seen = { what, kind: choice.kind === 'argmax' ? 'argmax' : 'pair', step, outcomes: new Set() };
      byKey.set(key, seen);
      all.push(seen);
    }
    return { seen, turned };
  };
  const placeAll = (): void => {
    for (let site = places.length; site < sites.length; site += 1) places.push(place(site));
  };
  return {
    note(site, outcome) {
      placeAll();
      if (outcome === null) return;
      const { seen, turned } = places[site]!;
      // -0 and 0 are one member of a set.
      const own = turned ? -outcome : outcome;
      if (!seen.outcomes.has(own)) seen.outcomes = new Set([...seen.outcomes, own]);
    },
    save() {
      placeAll();
      const saved = all.map(({ outcomes }) => outcomes);
      return () => saved.forEach((outcomes, n) => (all[n]!.outcomes = outcomes));
    },
    get seen() {
      placeAll();
      return all;
    },
  };
}

function titleOf(choice: Site['choice']): { readonly what: string; readonly turned: boolean } {
  if (choice.kind === 'argmax') return { what: `the greatest ${plain(choice.body)} over ${choice.index}`, turned: false };
  const left = plain(choice.left);
  const right = plain(choice.right);
  const turned = right < left;
  return { what: turned ? `${right} and ${left}` : `${left} and ${right}`, turned };
}

/** Two sides have to be seen of a choice: less and greater (equality is a matter of luck), or two different indices. */
const sidesOf = ({ kind, outcomes }: Seen): number =>
  kind === 'argmax' ? Math.min(2, outcomes.size) : Number(outcomes.has(-1)) + Number(outcomes.has(1));

/** How many sides have been seen. */
export const sidesSeen = (seen: readonly Seen[]): number => seen.reduce((n, s) => n + sidesOf(s), 0);

/** What was seen from one side only, or not at all, as sentences. An argmax that never had a choice is none of them. */
export function oneSided(seen: readonly Seen[], where: (step: number) => string): readonly string[] {
  return seen.filter((s) => sidesOf(s) < 2 && (s.kind === 'pair' || s.outcomes.size > 0)).map(({ kind, what, step, outcomes }) => {
    const place = `in the equation of ${where(step)},`;
    if (kind === 'argmax') return `${what}, ${place} was only ever number ${[...outcomes].join()}`;
    const sides = [[-1, 'less'], [0, 'equal'], [1, 'greater']].flatMap(([order, side]) => (outcomes.has(Number(order)) ? [side] : []));
    return `${what}, ${place} ${sides.length === 0 ? 'were never compared' : `were only ever ${sides.join(' or ')}`}`;
  });
}
