// Whatever layer somebody writes: derivation, kernel, finite differences and the complex step agree on random layer files.
// RUNS=2000 draws more of them, SEED=7 others; a failure shrinks to a small file, which is shown.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deriveNetwork } from '../../src/derive/derive.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Network } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { everyRoadOf, type Outcome, roadsOf } from './agreement.ts';
import { type Feature, layerFiles } from './random-layers.ts';

const ALL: readonly Feature[] = ['mean', 'prod', 'max', 'logsumexp', 'gather', 'recurrence', 'share', 'outside'];
const FEATURES = ALL.filter((f) => process.env['FEATURES']?.split(',').includes(f) ?? true);
const options = { seed: Number(process.env['SEED'] ?? 1), numRuns: Number(process.env['RUNS'] ?? 150) };
/** One in so many files also goes to the other computer algebra systems. */
const EVERY = 12;

/** What a file may say without being right: a case, or a condition, that can never hold. Such a file is drawn again. */
const VAIN = 'never';

function read(text: string): Network {
  try {
    return readNetwork({ file: 'drawn.yaml', text }, shippedLibrary);
  } catch (error) {
    if (error instanceof DiagnosticError) fc.pre(!error.diagnostics.filter((d) => d.severity === 'error').every((d) => d.code.includes(VAIN)));
    throw error;
  }
}

/** Shows the file that failed, as small as it could be made. */
const reporter = ({ failed, counterexample, errorInstance, seed, counterexamplePath }: fc.RunDetails<[string]>): void => {
  if (!failed) return;
  const said = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  throw new Error(`SEED=${seed}, at ${counterexamplePath ?? 'no path'}:\n${counterexample?.[0] ?? ''}\n${said ?? ''}`);
};

test('random layers: all are read', () => {
  fc.assert(fc.property(layerFiles(FEATURES), (text) => {
    expect(read(text).outputs.length).toBeGreaterThan(0);
  }), { ...options, numRuns: 4 * options.numRuns, reporter });
}, 600_000);

test('random layers: every step of their derivations is verified', () => {
  fc.assert(fc.property(layerFiles(FEATURES), (text) => {
    expect(deriveNetwork(read(text)).steps.length).toBeGreaterThan(0);
  }), { ...options, numRuns: Math.ceil(options.numRuns / 3), reporter });
}, 3_600_000);

test('random layers: all roads agree', async () => {
  const counts = { kernels: 0, telling: 0, compared: 0 };
  const note = ({ form, roads }: Outcome): void => {
    expect(roads.filter((r) => r.status === 'fails').map((r) => [form, r.road, r.reason, r.failures.slice(0, 2)])).toEqual([]);
    counts.kernels += 1;
    if (roads.filter((r) => r.status === 'holds').length >= 4) counts.telling += 1;
    counts.compared += roads.reduce((n, r) => n + r.compared, 0);
  };
  let drawn = 0;
  await fc.assert(fc.asyncProperty(layerFiles(FEATURES), async (text) => {
    const network = read(text);
    for (const form of ['loops', 'straight-line'] as const) note(await roadsOf(network, form, drawn));
    drawn += 1;
    if (drawn % EVERY === 0) note(await everyRoadOf(network, drawn));
  }), { ...options, reporter });
  if (options.numRuns > 200) console.log(counts);
  // Files that say nothing (a gradient of zeros, kinks everywhere) are few.
  expect(counts.telling).toBeGreaterThan(0.7 * counts.kernels);
}, 3_600_000);
