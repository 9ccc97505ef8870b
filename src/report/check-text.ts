// What a check found, in one line a network; every failure and every kink gets a line of its own below.

import type { CheckReport, RoadName, RoadReport } from '../check/report.ts';
import { short } from './text.ts';

/** How the roads are called in lines and tables. */
export const roadTitles: Readonly<Record<RoadName, string>> = {
  forward: 'forward',
  'finite-differences': 'differences',
  'complex-step': 'complex step',
  'adjoint-equations': 'equations',
  mathjs: 'mathjs',
  nerdamer: 'nerdamer',
  variants: 'variants',
};

/** `✓ 0.031`: the largest error as a part of its bound; `✗ 7` failures; `–` where the road does not apply. */
export function roadMark(road: RoadReport): string {
  switch (road.status) {
    case 'holds': return road.ratio === null ? '✓' : `✓ ${short(road.ratio)}`;
    case 'fails': return `✗ ${String(road.failed)}`;
    case 'n/a': return '–';
  }
}

export interface CheckTextOptions {
  /** Also say why roads do not apply, and list the kinks that were met. */
  readonly details?: boolean;
}

export function checkText(report: CheckReport, options: CheckTextOptions = {}): string {
  const roads = report.roads.map((r) => `${roadTitles[r.road]} ${roadMark(r)}`);
  const kinks = report.roads.reduce((count, r) => count + r.kinks.length, 0);
  const line = [
    `${report.holds ? '✓' : '✗'} ${report.network}`, [...roads, ...(kinks > 0 ? [`kinks ${String(kinks)}`] : [])].join(' · '),
    `worst ${worstText(report)}`,
  ].join('  ');
  const below = [
    ...report.roads.flatMap(failureLines),
    ...(options.details === true ? [...report.roads.flatMap(kinkLines), ...report.roads.flatMap(reasonLines)] : []),
  ];
  return [line, ...below.map((l) => `    ${l}`)].join('\n');
}

/** `1.2e-11 of at most 3.4e-9 (W@1[2, 3], differences)`: the comparison nearest to its bound, or past it. */
export function worstText(report: CheckReport): string {
  const road = worstRoad(report);
  const worst = road?.worst ?? null;
  return road === null || worst === null ? '–'
    : `${short(worst.error)} of at most ${short(worst.bound)} (${worst.entry}, ${roadTitles[road.road]})`;
}

export function worstRoad(report: CheckReport): RoadReport | null {
  const ratio = (r: RoadReport): number => (r.worst === null ? -1 : r.ratio ?? Infinity);
  return report.roads.reduce<RoadReport | null>((best, r) => (r.worst !== null && (best === null || ratio(r) > ratio(best)) ? r : best), null);
}

/** Failures that are shown; a full report holds more of them. */
const SHOWN = 3;

function failureLines(road: RoadReport): readonly string[] {
  const shown = road.failures.slice(0, SHOWN).map((f) =>
    `${roadTitles[road.road]}: ${f.entry} at point ${String(f.point)}: the kernel says ${String(f.kernel)}, this road ${String(f.other)}; the difference ${short(f.error)} is above ${short(f.bound)}`);
  const more = road.failed - shown.length;
  return more > 0 ? [...shown, `${roadTitles[road.road]}: ${String(more)} more`] : shown;
}

const kinkLines = (road: RoadReport): readonly string[] => road.kinks.map((kink) =>
  `kink: ${kink.entry} at point ${String(kink.point)} has the slopes ${short(kink.left)} and ${short(kink.right)}; the kernel says ${short(kink.kernel)}`);

/** Why a road was not taken, or not to its end. */
const reasonLines = (road: RoadReport): readonly string[] =>
  (road.reason === null ? [] : [`${roadTitles[road.road]}: ${road.reason}`]);
