// Comparisons added up to the report of one road.

import type { Comparison, Count, Kink, RoadName, RoadReport } from './report.ts';

/** A bound that is wider than this part of the tensor's largest entry says nothing. */
export const TELLING = 1e-3;
const FAILURES_KEPT = 20;

export interface Tally {
  /**
   * @param bound how far kernel and other may lie apart; NaN and infinities never count as within it.
   * @param scale the size of the entries around this one: what a bound has to be small against.
   */
  compare(at: { readonly point: number; readonly entry: string; readonly what: string }, kernel: number, other: number, bound: number, scale: number): void;
  kink(what: string, kink: Kink): void;
  /** Entries of this kind that exist, compared or not. */
  expect(what: string, total: number): void;
  remark(sentence: string): void;
  report(reason?: string | null): RoadReport;
}

export function tally(road: RoadName): Tally {
  const failures: Comparison[] = [];
  const kinks: Kink[] = [];
  const details: string[] = [];
  const counts = new Map<string, { compared: number; total: number }>();
  let failed = 0;
  let compared = 0;
  let unresolved = 0;
  let worst: Comparison | null = null;
  let ratio = -1;
  const count = (what: string): { compared: number; total: number } => {
    const known = counts.get(what) ?? { compared: 0, total: 0 };
    counts.set(what, known);
    return known;
  };
  return {
    compare(at, kernel, other, bound, scale) {
      const error = Math.abs(kernel - other);
      const comparison: Comparison = { point: at.point, entry: at.entry, kernel, other, error: Number.isFinite(error) ? error : null, bound };
      const finite = Number.isFinite(kernel) && Number.isFinite(other);
      const within = finite && (error <= bound || Number.isNaN(bound));
      if (!within) {
        failed += 1;
        if (failures.length < FAILURES_KEPT) failures.push(comparison);
      } else if (!(bound <= TELLING * scale || (bound === 0 && error === 0))) {
        unresolved += 1;
        return;
      }
      compared += 1;
      count(at.what).compared += 1;
      const own = !finite ? Infinity : error === 0 ? 0 : error / bound;
      if (own > ratio || worst === null) {
        worst = comparison;
        ratio = own;
      }
    },
    kink(what, kink) {
      kinks.push(kink);
      count(what);
    },
    expect(what, total) {
      count(what).total += total;
    },
    remark(sentence) {
      details.push(sentence);
    },
    report(reason = null) {
      const listed: Count[] = [...counts].map(([what, c]) => ({ what, ...c }));
      const total = listed.reduce((sum, c) => sum + c.total, 0);
      const status = failed > 0 ? 'fails' : compared > 0 ? 'holds' : 'n/a';
      const why = reason ?? (status !== 'n/a' ? null : kinks.length > 0 ? 'every point lies on a kink'
        : unresolved > 0 ? 'the bounds are too wide to say anything' : 'nothing could be compared');
      return {
        road, status, reason: why, compared, total, unresolved, worst,
        ratio: worst === null ? null : Number.isFinite(ratio) ? ratio : null,
        failures, failed, kinks, counts: listed, details,
      };
    },
  };
}

/** A road that does not apply. */
export const notApplicable = (road: RoadName, reason: string): RoadReport => tally(road).report(reason);
