// The table of the main job: a row a network, from its size to what the check found.

import Table from 'cli-table3';
import type { CheckReport, RoadName } from '../check/report.ts';
import { bytes, short } from './text.ts';

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

export function mainTable(rows: readonly MainRow[], paint: Paint): string {
  const roads: readonly RoadName[] = [...new Set(rows.flatMap((r) => r.report.roads.map((road) => road.road)))];
  const table = new Table({
    head: ['network', 'lay-\ners', 'param-\neters', 'signal,\nbias', 'steps', 'kernel', ...roads.map((r) => headings[r]), 's'],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', ...roads.map(() => 'right' as const), 'right'],
    chars: plainBorders,
  });
  for (const row of rows) {
    table.push([
      row.report.holds ? paint.green(row.network) : paint.red(row.network), String(row.layers), String(row.parameters),
      `${row.signal} ${row.bias}`, String(row.steps), `${row.form === 'loops' ? 'loops' : 'line'} ${bytes(row.kernelBytes)}`,
      ...roads.map((name) => mark(row.report, name, paint)), (row.milliseconds / 1000).toFixed(1),
    ]);
  }
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

const plainBorders = {
  top: '─', 'top-mid': '─', 'top-left': '', 'top-right': '', bottom: '─', 'bottom-mid': '─', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '─', 'mid-mid': '─', right: '', 'right-mid': '', middle: ' ',
};

/** The largest error as a part of its bound where the road holds, ✗ and the number of failures, – where it does not apply. */
function mark(report: CheckReport, name: RoadName, paint: Paint): string {
  const road = report.roads.find((r) => r.road === name);
  if (road === undefined) return '';
  switch (road.status) {
    case 'holds': return paint.green(road.ratio === null ? '✓' : short(road.ratio));
    case 'fails': return paint.red(`✗ ${String(road.failed)}`);
    case 'n/a': return paint.dim('–');
  }
}
