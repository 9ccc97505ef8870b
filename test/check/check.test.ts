import { describe, expect, it } from 'vitest';
import { checkNetwork, confront } from '../../src/check/check.ts';
import { complexStep } from '../../src/check/complex-step.ts';
import { finiteDifferences, type Visit } from '../../src/check/finite-differences.ts';
import { adjointRoad, forwardRoad } from '../../src/check/interpreted.ts';
import { type CheckReport, holdsAll, type RoadName, type RoadReport } from '../../src/check/report.ts';
import { drawPoints } from '../../src/check/points.ts';
import type { Kernel, KernelModule } from '../../src/kernel/kernel.ts';
import { mistakes } from './mistakes.ts';
import { inline, mistaken, otherForms, type Overrides, standingAt } from './setup.ts';

const text = `
network: small
input: 3
layers:
  - 4 tanh
  - 2 sigmoid
loss: half-squared-error
`;
const read = (overrides: Overrides = {}): ReturnType<typeof inline> => inline(text, overrides);
const failing = (report: CheckReport): readonly RoadName[] => report.roads.filter((r) => r.status === 'fails').map((r) => r.road);
const road = (report: CheckReport, name: RoadName): RoadReport => report.roads.find((r) => r.road === name)!;

describe('a correct kernel', () => {
  it('holds on every road, every parameter by its own difference', async () => {
    const report = await checkNetwork(read(), { samples: 3, seed: 7, variants: otherForms(read, read()) });
    expect(report.roads.map((r) => [r.road, r.status])).toEqual([
      ['forward', 'holds'], ['finite-differences', 'holds'], ['complex-step', 'holds'], ['adjoint-equations', 'holds'],
      ['mathjs', 'holds'], ['nerdamer', 'holds'], ['variants', 'holds'],
    ]);
    expect(report.holds).toBe(true);
    expect(road(report, 'finite-differences').counts.map((c) => c.total)).toEqual([36, 12, 24, 6]);
    expect(road(report, 'variants').counts.map((c) => c.what)).toEqual([
      'signal a, bias augmented', 'signal z, bias separate', 'signal z, bias augmented',
    ]);
  });

  it('gives the same report for the same seed, other points for another, and plain JSON', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => checkNetwork(read(), { samples: 2, seed })));
    expect(a).toEqual(b);
    expect(c!.points.map((p) => p.E)).not.toEqual(a!.points.map((p) => p.E));
    expect(JSON.parse(JSON.stringify(a))).toEqual(a);
  });

  it('is compared tightly by the complex step: a few units in the last place, whatever the size of the gradient', async () => {
    const { worst } = road(await checkNetwork(read(), { samples: 3, seed: 3 }), 'complex-step');
    expect(worst!.bound).toBeLessThan(1e-13);
  });

  it('in single precision holds within single precision, and not by accident', async () => {
    const single = inline(`${text}precision: f32\n`);
    const report = await checkNetwork(single, { samples: 3, seed: 1 });
    expect(report.precision).toBe('f32');
    expect(failing(report)).toEqual([]);
    expect(road(report, 'complex-step').worst!.error).toBeGreaterThan(1e-12);
    expect(report.holds).toBe(true);
  });

  it('of more than 2,000 parameters: every pre-activation, entries of each tensor at random, directions', async () => {
    const large = inline('network: large\ninput: 60\nlayers: [40 relu, 5 tanh]\nloss: half-squared-error\n');
    const report = await checkNetwork(large, { samples: 2, seed: 1 });
    const { counts } = road(report, 'finite-differences');
    const points = report.points.length;
    expect(counts.slice(0, 2)).toEqual([
      { what: 'a@1', compared: expect.any(Number) as number, total: 80 * points },
      { what: 'a@2', compared: 10 * points, total: 10 * points },
    ]);
    expect(counts.at(-1)).toEqual({ what: 'directions', compared: 8 * points, total: 8 * points });
    expect(counts.find((c) => c.what === 'W@1')!.compared).toBeLessThanOrEqual(40 * points);
    expect(report.kinks.oneSided).toEqual([]);
    expect(report.holds).toBe(true);
  });
});

/** A kernel whose emitter got something wrong, though the derivation is right. */
function tampered(module: KernelModule, tamper: (kernel: Kernel) => Partial<Pick<Kernel, 'forward' | 'backward'>>): KernelModule {
  return {
    ...module,
    createKernel: (options) => {
      const kernel = module.createKernel(options);
      return { ...kernel, ...tamper(kernel) };
    },
  };
}

describe('a mistake of the emitter', () => {
  const broken = async (tamper: Parameters<typeof tampered>[1]): Promise<CheckReport> => {
    const none = mistakes['none']!;
    const given = await mistaken(read(), none, [{ network: read({ signal: 'z' }), mistake: none }]);
    return confront({ ...given, module: tampered(given.module, tamper) });
  };

  it('in one entry of the gradient is caught by every road that sees gradients', async () => {
    const report = await broken((kernel) => ({
      backward: () => {
        const E = kernel.backward();
        kernel.gradient[2]! *= 1.0001;
        return E;
      },
    }));
    expect(failing(report)).toEqual(['finite-differences', 'complex-step', 'adjoint-equations', 'mathjs', 'nerdamer', 'variants']);
    expect(road(report, 'complex-step').failures.map((f) => f.entry)).toContain('W@1[1, 3]');
  });

  it('a gradient that is NaN equals nothing', async () => {
    const report = await broken((kernel) => ({
      backward: () => {
        const E = kernel.backward();
        kernel.gradient.fill(NaN);
        return E;
      },
    }));
    expect(failing(report)).toEqual(['finite-differences', 'complex-step', 'adjoint-equations', 'mathjs', 'nerdamer', 'variants']);
    expect(road(report, 'complex-step').failures[0]).toMatchObject({ kernel: NaN, error: null });
  });

  it('in the forward pass is caught by the interpreter, even where gradient and differences agree', async () => {
    const report = await broken((kernel) => ({
      forward: (from) => kernel.forward(from) + 1e-9,
      backward: () => kernel.backward() + 1e-9,
    }));
    expect(failing(report)).toEqual(['forward', 'variants']);
  });
});

describe('a checker that is broken itself', () => {
  it('with bounds that allow everything compares nothing, and does not say that anything holds', async () => {
    const values = new Map([
      ['x@', [0.3, -0.2, 0.9]], ['t@', [0.4, 0.1]],
      ['W@1', Array.from({ length: 12 }, (_, n) => Math.sin(n + 1))], ['b@1', [0.1, 0.2, -0.3, 0]],
      ['W@2', Array.from({ length: 8 }, (_, n) => Math.cos(n + 1))], ['b@2', [0.3, -0.1]],
    ]);
    const { subject, kernel, branches, visit } = await standingAt(read(), values, 1);
    for (const wide of [Infinity, NaN, 1e3]) {
      const blind: Visit = { ...visit, bounds: { E: wide, forward: () => wide, adjoint: () => wide } };
      const roads = [
        forwardRoad(subject, kernel, branches, [blind]), finiteDifferences(subject, kernel, branches, [blind]),
        complexStep(subject, kernel, [blind]), adjointRoad(subject, kernel, [blind]),
      ];
      expect(roads.map((r) => [r.status, r.compared])).toEqual(roads.map(() => ['n/a', 0]));
      expect(holdsAll(roads)).toBe(false);
    }
    expect(complexStep(subject, kernel, [visit]).status).toBe('holds');
  });

  it('roads that were not taken do not count as holding', () => {
    expect(holdsAll([])).toBe(false);
  });
});

describe('points', () => {
  it('see every comparison from both sides', async () => {
    const network = inline('network: corners\ninput: 3\nlayers: [3 hard-tanh, 3 leaky-relu, 2 identity]\nloss: huber\n');
    const { subject, branches } = await standingAt(network, new Map([
      ['x@', [1, 2, 3]], ['t@', [0, 0]], ['W@1', new Array<number>(9).fill(0.1)], ['b@1', [0, 0, 0]],
      ['W@2', new Array<number>(9).fill(0.1)], ['b@2', [0, 0, 0]], ['W@3', new Array<number>(6).fill(0.1)], ['b@3', [0, 0]],
    ]), 1);
    const { points, oneSided } = drawPoints(subject, 5, branches);
    expect(oneSided).toEqual([]);
    expect(points.map((p) => p.label).slice(0, 3)).toEqual(['generic', 'wide', 'saturated']);
    for (const { values } of points) {
      const W = values.get('W@1')!;
      expect(W[1]).not.toBe(W[3]);
    }
  });

  it('stay where the loss is finite', async () => {
    const network = inline('network: counts\ninput: 2\nlayers: [3 tanh, 1 exp]\nloss: poisson\n');
    const report = await checkNetwork(network, { samples: 2, seed: 1 });
    expect(report.points.every((p) => Number.isFinite(p.E))).toBe(true);
    expect(report.holds).toBe(true);
  });

  it('stay where the complex step is finite too: exp(800) has left the range of doubles, though 1/(1 + exp(800)) is 0', async () => {
    const network = inline(`
network: steep
input: 2
layers: [2 step, 1 identity]
loss: half-squared-error
define:
  activations:
    - { activation: step, argument: a, expression: 1 / (1 + exp(-9000 * a)) }
`);
    const report = await checkNetwork(network, { samples: 2, seed: 3 });
    expect(failing(report)).toEqual([]);
    expect(report.points.some((p) => p.scale < 1)).toBe(true);
  });

  it('a loss that is finite nowhere: no road applies, with the reason', async () => {
    const network = inline(`
network: nowhere
input: 1
layers: [1 identity]
loss: never
define:
  losses:
    - loss: never
      axes: { i: n }
      input: { y: [n] }
      target: { t: [n] }
      output: { L: [] }
      equations: { L: 'sum(i, log(-1 - (y[i] - t[i])^2))' }
`);
    const report = await checkNetwork(network, { samples: 1, seed: 1 });
    expect(report.holds).toBe(false);
    expect(report.roads.every((r) => r.status === 'n/a')).toBe(true);
    expect(report.roads[0]!.reason).toBe('the loss is finite at none of the points that were tried');
  });
});

describe('thirty layers', () => {
  it('are still resolved: sensitivities are measured where worst-case bounds explode', async () => {
    const layers = Array.from({ length: 30 }, (_, n) => ['5 tanh', '4 softsign', '5 sigmoid'][n % 3]!).join(', ');
    const report = await checkNetwork(inline(`network: deep\ninput: 4\nlayers: [${layers}, 2 identity]\nloss: half-squared-error\n`), { samples: 2, seed: 1 });
    const { unresolved, status, compared } = road(report, 'complex-step');
    expect({ unresolved, status }).toEqual({ unresolved: 0, status: 'holds' });
    expect(compared).toBeGreaterThan(1000);
  });
});

describe('roads that do not apply say why', () => {
  it('erf for both systems, other forms for a network that has none', async () => {
    const network = inline('network: gelu\ninput: 2\nlayers: [2 gelu, 1 identity]\nloss: half-squared-error\n');
    const report = await checkNetwork(network, { samples: 2, seed: 1 });
    expect(road(report, 'mathjs')).toMatchObject({ status: 'n/a', reason: 'erf is not among the functions that the systems differentiate' });
    expect(road(report, 'nerdamer').status).toBe('n/a');
    expect(road(report, 'variants')).toMatchObject({ status: 'n/a', reason: 'the network has no other form' });
    expect(report.holds).toBe(true);
  });

  it('too many parameters to be written out', async () => {
    const network = inline('network: wide\ninput: 20\nlayers: [12 tanh]\nloss: half-squared-error\n');
    const { reason } = road(await checkNetwork(network, { samples: 1, seed: 1 }), 'mathjs');
    expect(reason).toBe('252 parameters: only networks of up to 200 are written out');
  });
});
