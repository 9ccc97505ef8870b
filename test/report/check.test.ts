import { describe, expect, test } from 'vitest';
import type { CheckReport, RoadReport } from '../../src/check/report.ts';
import { checkText } from '../../src/report/check-text.ts';
import { mainTable } from '../../src/report/main-table.ts';

const road = (part: Partial<RoadReport> & Pick<RoadReport, 'road' | 'status'>): RoadReport => ({
  reason: null, compared: 10, total: 10, unresolved: 0, worst: null, ratio: null, failures: [], failed: 0, kinks: [], counts: [], details: [], ...part,
});
const comparison = { point: 2, entry: 'W@1[2, 3]', kernel: 1, other: 1.5, error: 0.5, bound: 1e-9 };

const report = (roads: readonly RoadReport[], holds: boolean): CheckReport => ({
  network: 'xor', file: 'specs/networks/xor.yaml', seed: 1, samples: 3, parameters: 13, form: 'straight-line', precision: 'f64', points: [],
  kinks: { comparisons: 0, oneSided: [] }, roads, holds,
});
const good = report([
  road({ road: 'finite-differences', status: 'holds', worst: { ...comparison, error: 3.1e-11, bound: 1e-9 }, ratio: 0.031 }),
  road({ road: 'complex-step', status: 'holds', ratio: 0.2, worst: { ...comparison, entry: 'b@1[1]', error: 2e-16, bound: 1e-15 } }),
  road({ road: 'mathjs', status: 'n/a', reason: '800 parameters: only networks of up to 80 are written out' }),
], true);
const kink = { point: 3, tensor: 'W', entry: 'W@1[1, 1]', left: 0, right: 1, kernel: 0 };
const bad = report([
  road({ road: 'finite-differences', status: 'fails', worst: comparison, ratio: 5e8, failures: [comparison], failed: 3, kinks: [kink] }),
], false);

describe('a check in one line', () => {
  test('every road with its largest error as a part of its bound, and the one nearest to its bound', () => {
    expect(checkText(good)).toBe('✓ xor  differences ✓ 0.031 · complex step ✓ 0.2 · mathjs –  worst 2.0e-16 of at most 1.0e-15 (b@1[1], complex step)');
  });
  test('on demand why a road does not apply', () => {
    expect(checkText(good, { details: true }).split('\n')[1]).toBe('    mathjs: 800 parameters: only networks of up to 80 are written out');
  });
  test('failures are always said, and how many more there are', () => {
    expect(checkText(bad).split('\n')).toEqual([
      '✗ xor  differences ✗ 3 · kinks 1  worst 0.5 of at most 1.0e-9 (W@1[2, 3], differences)',
      '    differences: W@1[2, 3] at point 2: the kernel says 1, this road 1.5; the difference 0.5 is above 1.0e-9',
      '    differences: 2 more',
    ]);
  });
  test('a kink is reported with both slopes', () => {
    expect(checkText(bad, { details: true })).toContain('kink: W@1[1, 1] at point 3 has the slopes 0 and 1; the kernel says 0');
  });
});

test('the table has a row a network and a column a road', () => {
  const plain = (text: string): string => text;
  const row = { layers: 2, parameters: 13, signal: 'δ', bias: 'separate', steps: 24, form: 'loops' as const, kernelBytes: 5300, milliseconds: 1234 };
  const lines = mainTable([{ ...row, network: 'xor', report: good }, { ...row, network: 'iris', report: bad }],
    { green: plain, red: plain, dim: plain, bold: plain }).split('\n');
  expect(lines[1]).toMatch(/network.*lay-.*param-.*signal,.*steps.*kernel.*differ-.*complex.*mathjs.* s/);
  expect(Math.max(...lines.map((l) => l.length))).toBeLessThan(120);
  expect(lines.find((l) => l.includes('xor'))).toMatch(/xor +2 +13 +δ separate +24 +loops 5.3 kB +0.031 +0.2 +– +1.2/);
  expect(lines.find((l) => l.includes('iris'))).toMatch(/✗ 3/);
});
