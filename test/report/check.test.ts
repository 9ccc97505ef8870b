import { describe, expect, test } from 'vitest';
import type { CheckReport, RoadReport } from '../../src/check/report.ts';
import { checkText } from '../../src/report/check-text.ts';
import { mainTable } from '../../src/report/main-table.ts';

const road = (part: Partial<RoadReport> & Pick<RoadReport, 'road' | 'status'>): RoadReport => ({
  reason: null, compared: 10, asked: 10, total: 10, unresolved: 0, worst: null, ratio: null, failures: [], failed: 0, kinks: [], counts: [], details: [],
  coverage: part.status === 'n/a' ? '' : 'all 10 entries × 1 point', ...part,
});
const comparison = { point: 2, entry: 'W_1[2, 3]', form: null, kernel: 1, other: 1.5, error: 0.5, bound: 1e-9, basis: 'bound' } as const;

const report = (roads: readonly RoadReport[], holds: boolean): CheckReport => ({
  network: 'xor', file: 'specs/networks/xor.yaml', seed: 1, samples: 3, parameters: 13, form: 'straight-line', precision: 'f64', points: [],
  kinks: { comparisons: 0, oneSided: [] }, roads, holds,
});
const good = report([
  road({ road: 'finite-differences', status: 'holds', worst: { ...comparison, error: 3.1e-11, bound: 1e-9 }, ratio: 0.031 }),
  road({ road: 'complex-step', status: 'holds', ratio: 0.2, worst: { ...comparison, entry: 'b_1[1]', error: 2e-16, bound: 1e-15 } }),
  road({ road: 'mathjs', status: 'n/a', reason: '800 parameters: only networks of up to 80 are written out' }),
], true);
const kink = { point: 3, tensor: 'W', entry: 'W_1[1, 1]', left: 0, right: 1, kernel: 0 };
const bad = report([
  road({ road: 'finite-differences', status: 'fails', worst: comparison, ratio: 5e8, failures: [comparison], failed: 3, kinks: [kink] }),
], false);

describe('a check in one line', () => {
  test('every road with its largest error as a part of its bound, and the one nearest to its bound', () => {
    expect(checkText(good)).toBe('✓ xor  differences ✓ 0.031 · complex step ✓ 0.2 · mathjs –  worst 2.0e-16 of at most 1.0e-15 (b_1[1], complex step)');
  });
  test('on demand what a road compared, and why one does not apply', () => {
    expect(checkText(good, { details: true }).split('\n').slice(1)).toEqual([
      '    differences: all 10 entries × 1 point', '    complex step: all 10 entries × 1 point',
      '    mathjs: 800 parameters: only networks of up to 80 are written out',
    ]);
  });
  test('failures are always said, and how many more there are', () => {
    expect(checkText(bad).split('\n')).toEqual([
      '✗ xor  differences ✗ 3 · kinks 1  worst 0.5 of at most 1.0e-9 (W_1[2, 3], differences)',
      '    differences: W_1[2, 3] at point 2: the kernel says 1, this road 1.5; the difference 0.5 is above 1.0e-9',
      '    differences: 2 more',
    ]);
  });
  test('a part of the entries is said beside the mark', () => {
    const part = report([road({ road: 'nerdamer', status: 'holds', ratio: 0.012, compared: 180, total: 1270 })], true);
    expect(checkText(part)).toContain('nerdamer ✓ 0.012 (180 of 1,270)');
  });
  test('another form than the checked one is named', () => {
    const other = report([road({ road: 'variants', status: 'holds', ratio: 0.5, worst: { ...comparison, form: 'signal z' } })], true);
    expect(checkText(other)).toContain('(W_1[2, 3] with signal z, variants)');
  });
  test('lines are as wide as they may be, and what belongs together stays so', () => {
    const lines = checkText(bad, { details: true, columns: 60 }).split('\n');
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(60);
    expect(lines[0]).toBe('✗ xor  differences ✗ 3 · kinks 1');
    expect(checkText(good, { columns: 60 }).split('\n')[0]).toMatch(/ ·$/);
  });
  test('a kink is reported with both slopes', () => {
    expect(checkText(bad, { details: true })).toContain('kink: W_1[1, 1] at point 3 has the slopes 0 and 1; the kernel says 0');
  });
});

describe('the table', () => {
  const plain = (text: string): string => text;
  const paint = { green: plain, red: plain, dim: plain, bold: plain };
  const row = { layers: 2, parameters: 13, signal: 'δ', bias: 'separate', steps: 24, form: 'loops' as const, kernelBytes: 5300, milliseconds: 1234 };
  const rows = [{ ...row, network: 'xor', report: good }, { ...row, network: 'a-long-name', report: bad }];
  const lines = (columns: number): readonly string[] => mainTable(rows, paint, columns).split('\n');
  test('has a row a network and a column a road', () => {
    expect(lines(130)[1]).toMatch(/network.*lay-.*param-.*signal,.*steps.*kernel.*differ-.*complex.*mathjs.* check/);
    expect(lines(130).find((l) => l.startsWith('xor'))).toMatch(/xor +2 +13 +δ separate +24 +loops 5.3 kB +0.031 +0.2 +–¹ +1.2/);
    expect(lines(130).find((l) => l.startsWith('a-long'))).toMatch(/✗ 3/);
  });
  test.each([130, 82, 68, 60])('is at most %i columns wide, with all below it', (columns) => {
    expect(Math.max(...lines(columns).map((l) => l.length))).toBeLessThanOrEqual(columns);
  });
  test('drops the size of the kernel and the steps first, then all but the worst', () => {
    expect(lines(68).find((l) => l.startsWith('xor'))).toMatch(/^xor +2 +13 δ sep\. +loops +0.031 +0.2 +–¹ +1.2/);
    expect(lines(50).filter((l) => /^[✓✗]/.test(l))).toEqual([
      expect.stringMatching(/^✓ +xor +13 +0\.2 +2 of 3 roads –¹ +1\.2/), expect.stringMatching(/^✗ +a-long-name +13 +5\.0e8 +0 of 1 roads +1\.2/),
    ]);
  });
  test('says once why a road does not apply', () => {
    expect(lines(130).filter((l) => l.startsWith('–'))).toEqual(['–¹ 800 parameters: only networks of up to 80 are written out']);
  });
});
