// Networks at the edge of what can be checked: gradients that are 0, no parameters at all, a computer algebra system that errs.

import { describe, expect, it } from 'vitest';
import { checkNetwork } from '../../src/check/check.ts';
import { finiteDifferences } from '../../src/check/finite-differences.ts';
import type { CheckReport, RoadName, RoadReport } from '../../src/check/report.ts';
import { tally } from '../../src/check/tally.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { inline, standingAt } from './setup.ts';

const check = (text: string): Promise<CheckReport> =>
  checkNetwork(readNetwork({ file: 'edge.yaml', text }, shippedLibrary), { samples: 2, seed: 1 });
const road = (report: CheckReport, name: RoadName): RoadReport | undefined => report.roads.find((r) => r.road === name);

describe('a gradient that is 0 everywhere', () => {
  it('is compared like any other', async () => {
    const report = await check('network: zero\ninput: 2\nlayers: [2 tanh, 1 flat]\nloss: half-squared-error\ndefine:\n  activations:\n    - { activation: flat, argument: a, expression: pi / 2 }\n');
    expect(report.holds).toBe(true);
    expect(road(report, 'complex-step')?.unresolved).toBe(0);
  });

  it('agrees only with an exact 0', () => {
    const zeros = tally('complex-step');
    zeros.expect({ what: 'W_1', kind: 'parameter', point: 0 }, 1);
    zeros.compare({ what: 'W_1', entry: 'W_1[1]', point: 0, basis: 'bound' }, 0, 1e-30, 1e-20, 0);
    expect(zeros.report().status).toBe('n/a');
    zeros.compare({ what: 'W_1', entry: 'W_1[1]', point: 0, basis: 'bound' }, 0, 1e-3, 1e-20, 0);
    expect(zeros.report().status).toBe('fails');
  });
});

it('a gradient that is 0 by an invariance of the network agrees, unresolved', async () => {
  // The softmax does not see what is added to all of its arguments: the gradient of c is 0 but for rounding.
  const report = await check(`
network: invariant
input: 2
layers: [3 tanh, shifted, 2 identity]
loss: half-squared-error
define:
  layers:
    - layer: shifted
      axes: { i: n, j: n }
      input: { x: [n] }
      output: { z: [n] }
      parameters: { c: [] }
      equations:
        e[i]: exp(x[i] + c)
        z[i]: e[i] / sum(j, e[j])
`);
  expect(report.holds).toBe(true);
  for (const name of ['finite-differences', 'complex-step', 'adjoint-equations'] as const) {
    const count = road(report, name)?.counts.find((c) => c.what.startsWith('c'));
    const { compared = NaN, vanishing = 0, asked } = count ?? {};
    // Where rounding leaves an exact 0 on both sides, that is compared.
    expect([name, vanishing > 0, compared + vanishing]).toEqual([name, true, asked]);
  }
});

it('a network without parameters holds by its forward pass', async () => {
  const report = await check('network: nothing\ninput: 2\nlayers: [double]\nloss: half-squared-error\ndefine:\n  layers:\n    - { layer: double, axes: { i: n }, input: { x: [n] }, output: { z: [n] }, equations: { "z[i]": "2 * x[i]" } }\n');
  expect(report.parameters).toBe(0);
  expect(road(report, 'forward')?.status).toBe('holds');
  expect(report.holds).toBe(true);
});

it('a system that is wrong about its own input is not held against the kernel', async () => {
  const report = await check('network: norm\ninput: 1\nlayers: [2 identity]\nloss: norm\ndefine:\n  losses:\n    - { loss: norm, axes: { i: n }, input: { y: [n] }, target: { t: [n] }, expression: "sum(i, t[i] * y[i]) / sqrt(sum(i, y[i]^2))" }\n');
  expect(report.holds).toBe(true);
  expect(road(report, 'mathjs')?.status).toBe('holds');
  const nerdamer = road(report, 'nerdamer');
  expect(nerdamer?.failed).toBe(0);
  expect(nerdamer?.details.join('\n')).toContain('wrong about its own input');
});

it('where two differences agree by chance on a wrong slope, a third one is asked before the kernel is blamed', async () => {
  const network = inline(`
network: chance
input: 1
layers: [bent]
loss: { use: itself }
define:
  layers:
    - layer: bent
      axes: { i: n }
      input: { x: [n] }
      output: { z: [n] }
      parameters: { W: [] }
      equations:
        z[i]: W * x[i] + ((32 * W)^5 - 20 * (32 * W)^3 / 17 - 20 * (32 * W)^7 / 357) / 3200000
  losses:
    - { loss: itself, axes: { i: n }, input: { y: [n] }, target: { t: [n] }, expression: "sum(i, y[i] * t[i])" }
`);
  const { subject, kernel, branches, visit } = await standingAt(network, new Map([['x@', [1]], ['t@', [1]], ['W@1', [0]]]), 1);
  const road = finiteDifferences(subject, kernel, branches, [visit]);
  expect([road.status, road.compared, road.failed]).toEqual(['holds', 1, 0]);
  // What is wrong is still found.
  const wrong = { ...kernel, gradient: kernel.gradient, backward: () => {
    kernel.backward();
    kernel.gradient[0] = 1 + 1e-5;
    return 0;
  } };
  expect(finiteDifferences(subject, wrong, branches, [visit]).failed).toBe(1);
});
