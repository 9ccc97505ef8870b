// The table of the main job: a row a network, from its size to what the check found, as wide as the terminal lets it be.

import Table from 'cli-table3';
import type { CheckReport, RoadName, RoadReport } from '../check/report.ts';
import { worstRoad } from './check-text.ts';
import { bytes, short, width, wrap } from './text.ts';

export interface MainRow {
  readonly network: string;
  readonly layers: number;
  readonly parameters: number;
  /** δ or ζ. */
  readonly signal: string;
  readonly bias: string;
  readonly steps: number;
  readonly form: 'loops' | 'straight-line';
  readonly kernelBytes: number;
  readonly report: CheckReport;
  readonly milliseconds: number;
}

export interface Paint {
  green(text: string): string;
  red(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

const unpainted: Paint = { green: (t) => t, red: (t) => t, dim: (t) => t, bold: (t) => t };

/** Headings in two lines, so that the table fits a terminal. */
const headings: Readonly<Record<RoadName, string>> = {
  forward: 'for-\nward',
  'finite-differences': 'differ-\nences',
  'complex-step': 'complex\nstep',
  'adjoint-equations': 'equa-\ntions',
  mathjs: 'mathjs',
  nerdamer: 'nerda-\nmer',
  variants: 'vari-\nants',
};

/** The table, and below it what its numbers mean and why roads do not apply; at most `columns` wide where that is possible. */
export function mainTable(rows: readonly MainRow[], paint: Paint, columns: number): string {
  const notes = notesOf(rows);
  // What is painted takes no more room, but its escapes would be counted.
  const fitting = [withSizes, withRoads].find((form) => Math.max(...form(rows, unpainted, notes).split('\n').map(width)) <= columns);
  const form = fitting ?? inShort;
  return [
    form(rows, paint, notes), ...wrap(form === inShort ? legendInShort : legend, columns), ...footnotes(notes, columns),
  ].join('\n');
}

const legend = 'The numbers are each road’s largest error as a part of what rounding and truncation explain; – is a road that does not apply.';
const legendInShort = 'The number is the largest error on any road as a part of what rounding and truncation explain.';

/** Why roads do not apply: each reason once, with its number. */
type Notes = ReadonlyMap<string, number>;

function notesOf(rows: readonly MainRow[]): Notes {
  const reasons = rows.flatMap((r) => r.report.roads).flatMap((road) => (road.status === 'n/a' && road.reason !== null ? [road.reason] : []));
  return new Map([...new Set(reasons)].map((reason, n) => [reason, n + 1]));
}

const footnotes = (notes: Notes, columns: number): readonly string[] => [...notes].flatMap(([reason, number]) =>
  wrap(`–${raised(number)} ${reason}`, columns - 4).map((l, n) => (n === 0 ? l : `    ${l}`)));

const raised = (number: number): string => Array.from(String(number), (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit))).join('');

/** `–¹`. */
const noted = (road: RoadReport, notes: Notes): string => {
  const number = road.reason === null ? undefined : notes.get(road.reason);
  return number === undefined ? '–' : `–${raised(number)}`;
};

type Form = (rows: readonly MainRow[], paint: Paint, notes: Notes) => string;

const withSizes: Form = (rows, paint, notes) => table(
  ['network', 'lay-\ners', 'param-\neters', 'signal,\nbias', 'steps', 'kernel', ...roadsOf(rows).map((r) => headings[r]), 'check\ns'], 'lrrl',
  rows.map((row) => [
    name(row, paint), String(row.layers), String(row.parameters), `${row.signal} ${row.bias}`, String(row.steps),
    `${formWord(row)} ${bytes(row.kernelBytes)}`, ...marks(row, rows, paint, notes), seconds(row),
  ]));

const withRoads: Form = (rows, paint, notes) => table(
  ['network', 'lay-\ners', 'param-\neters', 'signal,\nbias', 'ker-\nnel', ...roadsOf(rows).map((r) => headings[r]), 'check\ns'], 'lrrl',
  rows.map((row) => [
    name(row, paint), String(row.layers), String(row.parameters), `${row.signal} ${row.bias.slice(0, 3)}.`, formWord(row),
    ...marks(row, rows, paint, notes), seconds(row),
  ]), 0);

const inShort: Form = (rows, paint, notes) => table(
  ['', 'network', 'param-\neters', 'worst', 'holding', 'check\ns'], 'llrrl',
  rows.map((row) => {
    const { roads, holds } = row.report;
    const holding = roads.filter((r) => r.status === 'holds').length;
    const absent = [...new Set(roads.filter((r) => r.status === 'n/a').map((r) => noted(r, notes)))];
    const worst = worstRoad(row.report);
    return [
      holds ? paint.green('✓') : paint.red('✗'), name(row, paint), String(row.parameters), worst === null ? '–' : short(worst.ratio),
      [`${String(holding)} of ${String(roads.length)} roads`, ...absent.map((a) => paint.dim(a))].join(' '), seconds(row),
    ];
  }));

const roadsOf = (rows: readonly MainRow[]): readonly RoadName[] => [...new Set(rows.flatMap((r) => r.report.roads.map((road) => road.road)))];
const name = (row: MainRow, paint: Paint): string => (row.report.holds ? paint.green(row.network) : paint.red(row.network));
const formWord = (row: MainRow): string => (row.form === 'loops' ? 'loops' : 'line');
const seconds = (row: MainRow): string => (row.milliseconds / 1000).toFixed(1);

const marks = (row: MainRow, rows: readonly MainRow[], paint: Paint, notes: Notes): readonly string[] =>
  roadsOf(rows).map((road) => mark(row.report, road, paint, notes));

/** The largest error as a part of its bound where the road holds, ✗ and the number of failures, – where it does not apply. */
function mark(report: CheckReport, name: RoadName, paint: Paint, notes: Notes): string {
  const road = report.roads.find((r) => r.road === name);
  if (road === undefined) return '';
  switch (road.status) {
    case 'holds': return paint.green(road.ratio === null ? '✓' : short(road.ratio));
    case 'fails': return paint.red(`✗ ${String(road.failed)}`);
    case 'n/a': return paint.dim(noted(road, notes));
  }
}

/**
 * @param alignments `l` or `r` for each column; those behind the last are aligned right
 * @param padding the room between columns, beyond one space
 */
function table(head: readonly string[], alignments: string, rows: readonly (readonly string[])[], padding = 1): string {
  const made = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': padding },
    colAligns: head.map((_, n) => (alignments.charAt(n) === 'l' ? 'left' : 'right')),
    chars: plainBorders,
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

const plainBorders = {
  top: '─', 'top-mid': '─', 'top-left': '', 'top-right': '', bottom: '─', 'bottom-mid': '─', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '─', 'mid-mid': '─', right: '', 'right-mid': '', middle: ' ',
};
