// Comparisons added up to the report of one road.

import { coveragePhrase, shortfall } from './counts.ts';
import type { Basis, Comparison, Count, CountKind, Kink, RoadName, RoadReport } from './report.ts';

/** A bound that is wider than this part of the tensor's largest entry says nothing. */
export const TELLING = 1e-3;
const FAILURES_KEPT = 20;

/** What a comparison belongs to: a tensor, or the directions. */
export interface What {
  readonly what: string;
  readonly form?: string | null;
}

export interface At extends What {
  readonly point: number;
  readonly entry: string;
  readonly basis: Basis;
}

export interface Tally {
  /**
   * @param bound how far kernel and other may lie apart; NaN and infinities never count as within it.
   * @param scale the size of the entries around this one: what a bound has to be small against.
   * @param whole the size of the whole gradient: beside it a tensor may vanish (a bias before a normalisation).
   */
  compare(at: At, kernel: number, other: number, bound: number, scale: number, whole?: number): void;
  kink(what: What, kink: Kink): void;
  /** Entries of this kind that exist at a point, compared or not. */
  expect(what: What & { readonly kind: CountKind; readonly point: number }, total: number): void;
  remark(sentence: string): void;
  /** What should have been compared broke: the road fails, with this reason. */
  fail(reason: string): void;
  /** @param how says in a phrase which comparisons were chosen, where not all were asked for. */
  report(how?: string | null): RoadReport;
}

interface Counting {
  kind: CountKind;
  compared: number;
  unresolved: number;
  vanishing: number;
  kinks: number;
  total: number;
}

/**
 * @param every whether the road holds only where every parameter tensor was compared; a road that asks for a part by its
 * nature (long expressions) holds for what it asked.
 */
export function tally(road: RoadName, every = true): Tally {
  const failures: Comparison[] = [];
  const kinks: Kink[] = [];
  const details: string[] = [];
  const counts = new Map<string, Counting & { readonly what: string; readonly form: string | null }>();
  const points = new Set<number>();
  const reasons: string[] = [];
  let failed = 0;
  let worst: Comparison | null = null;
  let ratio = -1;
  let last: (Counting & { readonly what: string; readonly form: string | null }) | null = null;
  const count = ({ what, form = null }: What): Counting => {
    // Entries come tensor by tensor, hundreds of thousands of them.
    if (last !== null && last.what === what && last.form === form) return last;
    const key = form === null ? what : `${what} of ${form}`;
    const known = counts.get(key) ?? { what, form, kind: 'parameter', compared: 0, unresolved: 0, vanishing: 0, kinks: 0, total: 0 };
    counts.set(key, known);
    last = known;
    return known;
  };
  return {
    compare(at, kernel, other, bound, scale, whole = 0) {
      const error = Math.abs(kernel - other);
      const comparison = (): Comparison => ({
        point: at.point, entry: at.entry, form: at.form ?? null, kernel, other,
        error: Number.isFinite(error) ? error : null, bound, basis: at.basis,
      });
      const finite = Number.isFinite(kernel) && Number.isFinite(other);
      const within = finite && (error <= bound || Number.isNaN(bound));
      if (!within) {
        failed += 1;
        if (failures.length < FAILURES_KEPT) failures.push(comparison());
      } else if (!(bound <= TELLING * scale || (kernel === 0 && other === 0))) {
        // Both exactly 0 is an answer, whatever the bound.
        const counting = count(at);
        counting.unresolved += 1;
        if (Math.max(Math.abs(kernel), Math.abs(other)) <= bound && bound <= TELLING * whole) counting.vanishing += 1;
        return;
      }
      count(at).compared += 1;
      const own = !finite ? Infinity : error === 0 ? 0 : error / bound;
      if (own > ratio || worst === null) {
        worst = comparison();
        ratio = own;
      }
    },
    kink(what, kink) {
      kinks.push(kink);
      count(what).kinks += 1;
    },
    expect(what, total) {
      const counting = count(what);
      counting.kind = what.kind;
      counting.total += total;
      points.add(what.point);
    },
    remark(sentence) {
      details.push(sentence);
    },
    fail(reason) {
      failed += 1;
      reasons.push(reason);
    },
    report(how = null) {
      const listed = [...counts.values()].map(({ what, kind, form, compared, unresolved, vanishing, kinks: onKinks, total }): Count =>
        ({ what, kind, form, compared, unresolved, ...(vanishing > 0 ? { vanishing } : {}), asked: compared + unresolved + onKinks, total }));
      const sum = (of: (count: Count) => number): number => listed.reduce((n, c) => n + of(c), 0);
      const [compared, unresolved, asked] = [sum((c) => c.compared), sum((c) => c.unresolved), sum((c) => c.asked)];
      const lacking = compared > 0 ? shortfall(every ? listed : listed.filter((c) => c.asked > 0))
        : kinks.length > 0 ? 'every point lies on a kink'
          : unresolved > 0 ? 'the bounds are too wide to say anything' : details[0] ?? 'nothing could be compared';
      const status = failed > 0 ? 'fails' : lacking === null ? 'holds' : 'n/a';
      return {
        road, status, reason: reasons.length > 0 ? reasons.join('; ') : status === 'n/a' ? lacking : null,
        coverage: coveragePhrase(listed, points.size, how),
        compared, asked, total: sum((c) => c.total), unresolved, worst,
        ratio: worst === null ? null : Number.isFinite(ratio) ? ratio : null,
        failures, failed, kinks, counts: listed, details,
      };
    },
  };
}

const nothing = { coverage: '', compared: 0, asked: 0, total: 0, unresolved: 0, worst: null, ratio: null, failures: [], failed: 0, kinks: [], counts: [], details: [] };

/** A road that does not apply. */
export const notApplicable = (road: RoadName, reason: string): RoadReport => ({ road, status: 'n/a', reason, ...nothing });
