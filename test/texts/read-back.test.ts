// Whatever is written is read back: every formula of every shipped derivation, in components and as matrices, proved equal to what was
// written. What cannot be is listed, with the reason.

import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Derivation } from '../../src/derive/derivation.ts';
import { deriveSpec } from '../../src/report/derive-spec.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { anyConvention, bare, below, square, unmarked } from '../notation/conventions.ts';
import { roundTrip, type Style } from './round-trip.ts';

const derivation = (file: string): Derivation => deriveSpec({ file, text: readFileSync(file, 'utf8') }, shippedLibrary);

/** `step: code`; `differs` where something else was read than was written. */
const failures = (file: string, style?: Style): readonly string[] =>
  roundTrip(derivation(file), style).failures.map((f) => `${String(f.step)}: ${f.problems[0]?.code ?? (f.why.includes('WAS READ AS') ? 'differs' : f.why)}`);

/** No entry has Σ_s for an index of its own, and no range is written: nothing says how far s runs. */
const open = 'range-unknown';
/** Digits are left out. */
const cut = 'number-cut';

/** What cannot be read as it is written, by the steps. */
const known: Readonly<Record<string, readonly string[]>> = {
  'specs/layers/average-pooling.yaml': [`1: ${open}`, `3: ${open}`],
  'specs/networks/pooling.yaml': [`7: ${open}`, `31: ${open}`],
  'specs/activations/selu.yaml': [`1: ${cut}`, `2: ${cut}`],
  'specs/networks/deep.yaml': [`36: ${cut}`, `37: ${cut}`, `54: ${cut}`, `99: ${cut}`],
  // Σ_j over 1..n of an entry whose axis is 0..n, without its range.
  'specs/networks/penalized.yaml': ['11: differs', '20: differs', '21: differs', '22: differs'],
};

describe('every formula that is printed is read back', () => {
  const files = ['layers', 'losses', 'activations', 'networks'].flatMap((kind) => readdirSync(`specs/${kind}`).map((f) => `specs/${kind}/${f}`));
  it.each(files)('%s', (file) => {
    expect(failures(file)).toEqual(known[file] ?? []);
  });
});

const layouts: readonly MatrixLayout[] = (['columns', 'rows'] as const).flatMap((vectors) =>
  (['numerator', 'denominator', 'mixed'] as const).flatMap((derivatives) => (['product', 'diag'] as const).flatMap((elementwise) =>
    (['columns', 'rows'] as const).map((samples) => ({ vectors, derivatives, elementwise, samples })))));

describe('in any layout', () => {
  it.each(['specs/layers/dense.yaml', 'specs/layers/batch-normalisation.yaml', 'specs/layers/attention.yaml', 'specs/layers/lstm.yaml', 'specs/networks/article.yaml'])('%s', (file) => {
    expect(failures(file, { layouts })).toEqual([]);
  });
});

describe('in any convention', () => {
  // What is renamed with a convention, the total and what is called like a signal, is no business of the reader.
  const marked = fc.sample(anyConvention, { seed: 20261123, numRuns: 14 }).filter((c) => c.layer.kind !== 'none').map((c) => ({ ...c, total: 'E' }));
  const conventions = [bare, square, below, ...marked].map((c) => ({ ...c, total: 'E' }));
  const specs = ['layers/dense', 'layers/dense-augmented', 'layers/bilinear', 'layers/conv1d', 'layers/highway', 'networks/xor', 'networks/embedding', 'layers/multi-head-attention'];
  it.each(specs.flatMap((spec) => conventions.map((convention, n) => [spec, n, convention] as const)))('%s %i', (spec, n, convention) => {
    expect(failures(`specs/${spec}.yaml`, { convention, layouts: [0, 5].map((m) => layouts[(7 * n + m) % layouts.length]).filter((l) => l !== undefined) })).toEqual([]);
  });

  it.each(['attention', 'elman', 'gru', 'batch-normalisation'])('without layers: %s', (layer) => {
    expect(failures(`specs/layers/${layer}.yaml`, { convention: { ...unmarked, signal: { a: 'q', z: 'p' } }, layouts: layouts.slice(0, 2) })).toEqual([]);
  });
});
