// The table of the main job: a row a network, from its size to what the check found.

import Table from 'cli-table3';
import type { CheckReport, RoadName } from '../check/report.ts';
import { roadMark, roadTitles, worstRoad } from './check-text.ts';
import { bytes, short } from './text.ts';

export interface MainRow {
  readonly network: string;
  readonly layers: number;
  readonly parameters: number;
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

export function mainTable(rows: readonly MainRow[], paint: Paint): string {
  const roads: readonly RoadName[] = [...new Set(rows.flatMap((r) => r.report.roads.map((road) => road.road)))];
  const table = new Table({
    head: ['network', 'layers', 'parameters', 'signal', 'bias', 'steps', 'kernel', ...roads.map((r) => roadTitles[r]), 'error / bound', 's'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'left', 'left', 'right', 'left', ...roads.map(() => 'left' as const), 'left', 'right'],
    chars: plainBorders,
  });
  for (const row of rows) {
    table.push([
      row.report.holds ? paint.green(row.network) : paint.red(row.network), String(row.layers), String(row.parameters), row.signal, row.bias,
      String(row.steps), `${row.form === 'loops' ? 'loops' : 'straight'} ${bytes(row.kernelBytes)}`,
      ...roads.map((name) => mark(row.report, name, paint)), errorAndBound(row.report), (row.milliseconds / 1000).toFixed(1),
    ]);
  }
  return table.toString();
}

const plainBorders = {
  top: '─', 'top-mid': '─', 'top-left': '', 'top-right': '', bottom: '─', 'bottom-mid': '─', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '─', 'mid-mid': '─', right: '', 'right-mid': '', middle: ' ',
};

function mark(report: CheckReport, name: RoadName, paint: Paint): string {
  const road = report.roads.find((r) => r.road === name);
  if (road === undefined) return '';
  const text = roadMark(road);
  return road.status === 'holds' ? paint.green(text) : road.status === 'fails' ? paint.red(text) : paint.dim(text);
}

function errorAndBound(report: CheckReport): string {
  const worst = worstRoad(report)?.worst ?? null;
  return worst === null ? '–' : `${short(worst.error)} / ${short(worst.bound)}`;
}
