// What a check found: a line or two a network, and below it failures, kinks, what each road compared, and why some do not apply.

import type { CheckReport, Comparison, Kink, RoadName, RoadReport } from '../check/report.ts';
import { short, wrap } from './text.ts';

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

/**
 * `✓ 0.031`: the largest error as a part of its bound; `✓ 0.012 (180 of 270)` where not everything was compared; `✗ 7`
 * failures; `–` where the road does not apply.
 */
export function roadMark(road: RoadReport): string {
  switch (road.status) {
    case 'holds': {
      const part = road.compared < road.total ? ` (${counted(road.compared)} of ${counted(road.total)})` : '';
      return (road.ratio === null ? '✓' : `✓ ${short(road.ratio)}`) + part;
    }
    case 'fails': return `✗ ${String(road.failed)}`;
    case 'n/a': return '–';
  }
}

const counted = (n: number): string => n.toLocaleString('en-US');

export interface CheckTextOptions {
  /** Also say what each road compared, why roads do not apply, and list the kinks that were met. */
  readonly details?: boolean;
  /** How wide the lines may be; as long as they are where it is not given. */
  readonly columns?: number;
}

const NO_BREAK = '\u00a0';
const together = (text: string): string => text.replaceAll(' ', NO_BREAK);

export function checkText(report: CheckReport, options: CheckTextOptions = {}): string {
  const columns = options.columns ?? Infinity;
  const kinks = report.roads.reduce((count, r) => count + r.kinks.length, 0);
  const roads = [...report.roads.map((r) => `${roadTitles[r.road]} ${roadMark(r)}`), ...(kinks > 0 ? [`kinks ${String(kinks)}`] : [])];
  const line = [
    together(`${report.holds ? '✓' : '✗'} ${report.network} `), ...roads.map((r, n) => together(n < roads.length - 1 ? `${r} ·` : `${r} `)),
    together(`worst ${worstText(report)}`),
  ].join(' ');
  const below = [
    ...report.roads.flatMap(failureLines),
    ...(options.details === true ? [...report.roads.flatMap(kinkLines), ...report.roads.flatMap(coverageLines)] : []),
  ];
  return [...hanging(line, columns, 4), ...below.flatMap((l) => hanging(l, columns - 4, 2)).map((l) => `    ${l}`)].join('\n');
}

/** Lines of at most that many columns, all but the first moved in. */
const hanging = (text: string, columns: number, indent: number): readonly string[] =>
  wrap(text, columns - indent).map((l, n) => ((n === 0 ? l : ' '.repeat(indent) + l).replaceAll(NO_BREAK, ' ')).trimEnd());

/** `1.2e-11 of at most 3.4e-9 (W_1[2, 3], differences)`: the comparison nearest to its bound, or past it. */
export function worstText(report: CheckReport): string {
  const road = worstRoad(report);
  const worst = road?.worst ?? null;
  return road === null || worst === null ? '–'
    : `${short(worst.error)} of at most ${short(worst.bound)} (${entryText(worst)}, ${roadTitles[road.road]})`;
}

/** `W_1[2, 3]`, of another form than the checked one with its name. */
const entryText = (c: Comparison): string => (c.form === null ? c.entry : `${c.entry} with ${c.form}`);

export function worstRoad(report: CheckReport): RoadReport | null {
  const ratio = (r: RoadReport): number => (r.worst === null ? -1 : r.ratio ?? Infinity);
  return report.roads.reduce<RoadReport | null>((best, r) => (r.worst !== null && (best === null || ratio(r) > ratio(best)) ? r : best), null);
}

/** Failures that are shown; a full report holds more of them. */
const SHOWN = 3;

function failureLines(road: RoadReport): readonly string[] {
  const shown = road.failures.slice(0, SHOWN).map((f) => `${roadTitles[road.road]}: ${failureText(f)}`);
  const more = road.failed - shown.length;
  return more > 0 ? [...shown, `${roadTitles[road.road]}: ${String(more)} more`] : shown;
}

const failureText = (f: Comparison): string =>
  `${entryText(f)} at point ${String(f.point)}: the kernel says ${String(f.kernel)}, this road ${String(f.other)}; `
  + `the difference ${short(f.error)} is above ${short(f.bound)}`;

const kinkLines = (road: RoadReport): readonly string[] => road.kinks.map(kinkText);

const kinkText = (kink: Kink): string =>
  `kink: ${kink.entry} at point ${String(kink.point)} has the slopes ${short(kink.left)} and ${short(kink.right)}; the kernel says ${short(kink.kernel)}`;

/** What a road compared, and why it was not taken or not to its end. */
function coverageLines(road: RoadReport): readonly string[] {
  const said = [...(road.coverage === '' ? [] : [road.coverage]), ...(road.reason === null ? [] : [road.reason])];
  return said.length === 0 ? [] : [`${roadTitles[road.road]}: ${said.join('; ')}`];
}
