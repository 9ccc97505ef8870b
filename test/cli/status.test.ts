// What no spec can bring about: a kernel that does not hold, and a defect of the program itself.

import { existsSync, readdirSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import type { CheckReport } from '../../src/check/report.ts';
import { all } from '../../src/cli/all.ts';
import { check } from '../../src/cli/check.ts';
import { finish } from '../../src/cli/run.ts';
import { GatherIndexError } from '../../src/evaluate/integers.ts';
import { tiny, workspace } from './command.ts';

const failing: CheckReport = {
  network: 'one', file: 'one.yaml', seed: 1, samples: 3, parameters: 13, form: 'straight-line', precision: 'f64', points: [],
  kinks: { comparisons: 0, oneSided: [] }, roads: [], holds: false,
};
vi.mock('../../src/check/check.ts', () => ({ checkNetwork: () => Promise.resolve(failing) }));

const started = process.cwd();
afterEach(() => {
  process.chdir(started);
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** What is written to a stream while `f` runs. */
async function captured(stream: NodeJS.WriteStream, f: () => Promise<void>): Promise<string> {
  let text = '';
  vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await f();
  return text;
}

const options = { color: false, format: 'text', samples: 3, seed: 1 } as const;

test('check ends with status 1 when a network does not hold', async () => {
  const folder = workspace({ 'one.yaml': tiny('one') });
  const out = await captured(process.stdout, () => check([folder.path], options));
  folder.remove();
  expect(process.exitCode).toBe(1);
  expect(out).toMatch(/^✗ one/);
});

test('the main job then ends with status 1, and writes no kernel', async () => {
  const folder = workspace({ 'specs/networks/one.yaml': tiny('one') });
  process.chdir(folder.path);
  const out = await captured(process.stdout, () => all(options));
  expect(process.exitCode).toBe(1);
  expect(out).toContain('1 of 1 networks do not hold');
  expect(existsSync('generated')).toBe(false);
  expect(readdirSync('.')).toEqual(['specs']);
  process.chdir(started);
  folder.remove();
});

test.each([
  ['a kernel', new RangeError('gather-index-out-of-range: token[2] of sample 1 is 9, no integer from 1 to 7 (net.yaml:5)'), 'net.yaml:5:1', 'token[2] of sample 1 is 9'],
  ['an interpreter', new GatherIndexError('token[1]', 0.5, { lo: 1, hi: 7 }, { file: 'net.yaml', line: 4, column: 3, endLine: 4, endColumn: 8 }), 'net.yaml:4:3', 'token[1] is 0.5'],
])('an integer that %s cannot use is a diagnostic with its place', async (_what, error, place, says) => {
  const err = await captured(process.stderr, () => finish(() => Promise.reject(error)));
  expect(process.exitCode).toBe(2);
  expect(err).toContain(`${place}: error[gather-index-out-of-range]: ${says}`);
  expect(err).toContain('Give an integer from 1 to 7.');
  expect(err).not.toMatch(/^ +at |internal-error/m);
});

test('a defect of the program is a diagnostic with status 2, not a stack trace', async () => {
  const err = await captured(process.stderr, () => finish(() => Promise.reject(new TypeError('x is not a function'))));
  expect(process.exitCode).toBe(2);
  expect(err).toContain('error[internal-error]: backproof has failed: x is not a function');
  expect(err).not.toMatch(/^ +at /m);
});
