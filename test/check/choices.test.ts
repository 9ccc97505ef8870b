// Checks of networks with an argmax, integers, recurrences and batch statistics.

import { describe, expect, it } from 'vitest';
import { checkNetwork, confront } from '../../src/check/check.ts';
import { closeness } from '../../src/check/close.ts';
import { complexStep } from '../../src/check/complex-step.ts';
import { fans } from '../../src/check/fan.ts';
import { finiteDifferences } from '../../src/check/finite-differences.ts';
import { drawPoints } from '../../src/check/points.ts';
import { bounding } from '../../src/check/bounds.ts';
import { multiply, number, type Expression } from '../../src/algebra/expression.ts';
import { rewrite } from '../../src/algebra/traverse.ts';
import type { Network } from '../../src/spec/network.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { inline, mistaken, standingAt, type Mistake } from './setup.ts';

const withLayer = (network: string, layer: string): Network => inline(`network: chosen\n${network}\nloss: half-squared-error\ndefine:\n  layers:\n    - ${layer.trim().split('\n').join('\n      ')}\n`);

const greatest = withLayer('input: 3\nlayers: [{ layer: greatest }]', `
layer: greatest
axes: { i: n, k: 1 }
input: { x: [n] }
output: { z: [k] }
parameters: { W: [n] }
equations:
  m: max(i, W[i] * x[i])
  z[k]: m + W[1] / 4
`);

const at = (W: readonly number[]): Map<string, readonly number[]> => new Map([['x@', [1, 1, 1]], ['t@', [-1]], ['W@1', W]]);

describe('the greatest of several', () => {
  for (const form of ['loops', 'straight-line'] as const) {
    it(`a tie is a kink along each of the entries that tie, and along no other (${form})`, async () => {
      const { subject, kernel, branches, visit } = await standingAt(greatest, at([0.25, 1, 1]), 1, form);
      const road = finiteDifferences(subject, kernel, branches, [visit]);
      expect(road.kinks.map((k) => k.entry)).toEqual(['W_1[2]', 'W_1[3]']);
      const [second, third] = road.kinks;
      expect([second!.left, second!.right, third!.left, third!.right].map((x) => Math.round(x * 1e6) / 1e6 + 0)).toEqual([0, 2.0625, 0, 2.0625]);
      expect([road.failed, road.compared]).toEqual([0, 1]);
    });
  }

  for (const distance of [1e-3, 1e-6, 1e-8]) {
    it(`${distance} from a tie the difference does not cross it`, async () => {
      const { subject, kernel, branches, visit } = await standingAt(greatest, at([0.25, 1 + distance, 1]), 1);
      const road = finiteDifferences(subject, kernel, branches, [visit]);
      expect([road.kinks, road.compared, road.status]).toEqual([[], 3, 'holds']);
      expect(complexStep(subject, kernel, [visit]).status).toBe('holds');
    });
  }

  it('a tie but for rounding errors is too close to call; equal zeros, and what lies apart, are not', async () => {
    const close = closeness((await standingAt(greatest, at([1, 2, 3]), 1)).subject);
    expect(close(at([0, 0.1 * 3, 0.3]))).toBe(true);
    expect(close(at([0, 0.3 + 1e-9, 0.3]))).toBe(false);
    expect(close(at([-1, 0, 0]))).toBe(false);
  });

  it('is seen at more than one index', async () => {
    const { subject, branches } = await standingAt(greatest, at([1, 2, 3]), 1);
    const { visits, oneSided } = drawPoints(subject, 5, branches, bounding(subject));
    expect(oneSided).toEqual([]);
    expect(visits.length).toBeGreaterThanOrEqual(3);
    const only = withLayer('input: 3\nlayers: [{ layer: first }]', `
layer: first
axes: { i: n, k: 1 }
input: { x: [n] }
output: { z: [k] }
parameters: { W: [n] }
equations:
  z[k]: sum(i, W[i] * x[i]) + max(i, 0 - i)
`);
    const report = await checkNetwork(only, { samples: 2, seed: 1 });
    expect(report.kinks.oneSided).toHaveLength(1);
    expect(report.kinks.oneSided[0]).toMatch(/^the greatest .* over i.*, in the equation of .*, was only ever number 1$/);
  });

  it('holds on every road', async () => {
    const { holds, roads } = await checkNetwork(greatest, { samples: 3, seed: 2 });
    expect([holds, roads.filter((r) => r.status !== 'holds').map((r) => r.road)]).toEqual([true, ['variants']]);
  });
});

const table = withLayer('input: [4]\nlayers: [{ layer: lookup, vocabulary: 5 }]', `
layer: lookup
axes: { t: n, v: vocabulary, k: 1 }
input: { token: [n] }
values: { token: v }
output: { z: [k] }
parameters: { D: [vocabulary] }
equations:
  z[k]: sum(t, t * D[token[t]]^2)
`);

describe('integers', () => {
  it('are drawn from their range: all of it where there is room, and the same one often', async () => {
    const { subject, branches } = await standingAt(table, new Map([['x@', [1, 2, 3, 4, 5, 5, 5, 1]], ['t@', [0, 0]], ['D@1', [1, 2, 3, 4, 5]]]), 2);
    const { visits } = drawPoints(subject, 1, branches, bounding(subject));
    const [even, crowded] = visits.map(({ point }) => point.values.get('x@')!);
    expect([...new Set(even)].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(crowded).size).toBeLessThan(5);
    for (const token of [...even!, ...crowded!]) expect([1, 2, 3, 4, 5]).toContain(token);
  });

  it('hold on every road, none of which differentiates by them', async () => {
    const { holds, roads, kinks } = await checkNetwork(table, { samples: 3, seed: 2 });
    expect([holds, kinks.comparisons, roads.filter((r) => r.status === 'fails')]).toEqual([true, 0, []]);
  });
});

const recurrent = withLayer('input: [5]\nlayers: [{ layer: memory }]', `
layer: memory
axes: { t: time, k: 1 }
input: { x: [time] }
output: { z: [k] }
parameters: { w: [k], u: [k] }
equations:
  h[t]: tanh(w[1] * x[t] + [t > 1] * u[1] * h[t - 1])
  z[k]: h[time]
`);

describe('a recurrence', () => {
  it('holds on every road; unrolled for the other systems', async () => {
    const { holds, roads } = await checkNetwork(recurrent, { samples: 3, seed: 2 });
    expect([holds, roads.filter((r) => r.status === 'fails')]).toEqual([true, []]);
    expect(roads.find((r) => r.road === 'mathjs')!.compared).toBeGreaterThan(0);
  });

  it('whose adjoint forgets a part of what comes from later on fails finite differences and the complex step', async () => {
    const weaker = (value: Expression): Expression => rewrite(value, (e) =>
      e.kind === 'ref' && e.adjoint && e.tensor.name === 'h' && e.indices.some((i) => i.constant !== 0) ? multiply([number({ n: 1n, d: 2n }), e]) : null);
    const mistake: Mistake = (backward) => ({ ...backward, equations: backward.equations.map((e) => ({ ...e, value: weaker(e.value) })) });
    const { roads } = await confront(await mistaken(recurrent, mistake, []));
    expect(roads.filter((r) => r.status === 'fails').map((r) => r.road)).toEqual(expect.arrayContaining(['finite-differences', 'complex-step', 'mathjs']));
  });
});

describe('statistics over the samples', () => {
  const normalised = inline('network: batch\ninput: 2\nlayers: [3 tanh, batch-normalisation, 2 identity]\nloss: half-squared-error\n');

  it('are checked for three samples at least, on all of which every road looks together', async () => {
    const report = await checkNetwork(normalised, { samples: 1, seed: 2 });
    expect([report.samples, report.holds, report.roads.filter((r) => r.status === 'fails')]).toEqual([3, true, []]);
  });
});

it('parameters are drawn small where many of them are added up, whatever their axes; not where one is looked up', () => {
  const convolution = withLayer('input: [2, 9]\nlayers: [{ layer: convolve, taps: 3, filters: 4 }]', `
layer: convolve
axes: { f: filters, c: channels, t: 1..length-taps+1, p: taps }
input: { x: [channels, length] }
output: { z: [f] }
parameters: { K: [filters, channels, taps], b: [filters] }
equations:
  z[f]: b[f] + sum(t, sum(c, p, K[f, c, p] * x[c, t + p - 1])^2)
`);
  const fan = fans(allSamples(convolution), new Map([...convolution.system.sizes, ['n:samples@', 1]]));
  expect([fan.get('K@1'), fan.get('b@1')]).toEqual([2 * 3, 1]);
  expect(fans(allSamples(table), new Map([...table.system.sizes, ['n:samples@', 1]])).get('D@1')).toBe(1);
});
