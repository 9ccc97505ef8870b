import { describe, expect, it } from 'vitest';
import { checkNetwork, confront } from '../../src/check/check.ts';
import { complexStep } from '../../src/check/complex-step.ts';
import { finiteDifferences } from '../../src/check/finite-differences.ts';
import { adjointRoad, forwardRoad } from '../../src/check/interpreted.ts';
import { holdsAll } from '../../src/check/counts.ts';
import type { CheckReport, RoadName, RoadReport } from '../../src/check/report.ts';
import { drawPoints, type Visit } from '../../src/check/points.ts';
import type { Kernel, KernelModule } from '../../src/kernel/kernel.ts';
import type { Network } from '../../src/spec/network.ts';
import { bounding } from '../../src/check/bounds.ts';
import { mistakes } from './mistakes.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { inline, mistaken, otherForms, type Overrides, shippedText, standingAt } from './setup.ts';

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
    expect([...new Set(road(report, 'variants').counts.map((c) => c.form))]).toEqual([
      'signal a, bias augmented', 'signal z, bias separate', 'signal z, bias augmented',
    ]);
    expect(report.roads.map((r) => r.coverage)).toEqual([
      'E, all 6 outputs × 3 points', 'all 26 entries × 3 points', 'all 26 entries, 3 directions × 3 points', 'all 26 entries × 3 points',
      'all 26 entries × 1 point', expect.stringMatching(/^\d+ of 26: those with short expressions, at one point of one sample$/),
      'E, all 26 entries × 3 points × 3 forms',
    ]);
    expect(report.points.map((p) => [p.basis, p.resolved, p.redrawn])).toEqual([['bound', 1, null], ['bound', 1, null], ['bound', 1, null]]);
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
    const { compared, total, coverage } = road(report, 'finite-differences');
    expect(compared / total).toBeGreaterThan(0.8);
    expect(coverage).toMatch(/^all 26 entries × 3 points, .*by the kernel in double precision$/);
    expect(report.holds).toBe(true);
  });

  it('of more than 2,000 parameters: every pre-activation, entries of each tensor at random, directions', async () => {
    const large = inline('network: large\ninput: 60\nlayers: [40 relu, 5 tanh]\nloss: half-squared-error\n');
    const report = await checkNetwork(large, { samples: 2, seed: 1 });
    const { counts } = road(report, 'finite-differences');
    const points = report.points.length;
    expect(counts.slice(0, 2)).toEqual([
      expect.objectContaining({ what: 'a_1', kind: 'intermediate', total: 80 * points }),
      expect.objectContaining({ what: 'a_2', kind: 'intermediate', compared: 10 * points, total: 10 * points }),
    ]);
    expect(counts.at(-1)).toMatchObject({ what: 'directions', kind: 'direction', compared: 8 * points, total: 8 * points });
    expect(counts.find((c) => c.what === 'W_1')).toMatchObject({ asked: 40 * points, total: 2400 * points });
    expect(road(report, 'finite-differences').coverage)
      .toMatch(/^[\d,]+ of [\d,]+: every pre-activation, up to 40 entries a tensor, 8 directions/);
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
    expect(road(report, 'complex-step').failures.map((f) => f.entry)).toContain('W_1[1, 3]');
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
      const blind: Visit = { ...visit, bounds: { basis: 'estimate', resolved: 0, E: wide, forward: () => wide, adjoint: () => wide } };
      const roads = [
        forwardRoad(subject, kernel, branches, [blind]), finiteDifferences(subject, kernel, branches, [blind]),
        complexStep(subject, kernel, [blind]), adjointRoad(subject, kernel, [blind]),
      ];
      expect(roads.map((r) => [r.status, r.compared])).toEqual(roads.map(() => ['n/a', 0]));
      expect(holdsAll(roads, 10)).toBe(false);
    }
    expect(complexStep(subject, kernel, [visit]).status).toBe('holds');
  });

  it('roads that were not taken do not count as holding', () => {
    expect(holdsAll([], 10)).toBe(false);
  });
});

describe('points', () => {
  it('see every comparison from both sides', async () => {
    const network = inline('network: corners\ninput: 3\nlayers: [3 hard-tanh, 3 leaky-relu, 2 identity]\nloss: huber\n');
    const { subject, branches } = await standingAt(network, new Map([
      ['x@', [1, 2, 3]], ['t@', [0, 0]], ['W@1', new Array<number>(9).fill(0.1)], ['b@1', [0, 0, 0]],
      ['W@2', new Array<number>(9).fill(0.1)], ['b@2', [0, 0, 0]], ['W@3', new Array<number>(6).fill(0.1)], ['b@3', [0, 0]],
    ]), 1);
    const { visits, oneSided } = drawPoints(subject, 5, branches, bounding(subject));
    const points = visits.map((v) => v.point);
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
    const reduced = report.points.filter((p) => p.scale < p.planned);
    expect(reduced.length).toBeGreaterThan(0);
    for (const { scale, planned, redrawn } of reduced) {
      expect(redrawn).toMatch(new RegExp(`^scale ${scale} instead of ${planned}: before, the loss or its slope left the range of numbers at \\d+ drawings?$`));
    }
    expect(report.points.filter((p) => p.scale === p.planned).every((p) => p.redrawn === null)).toBe(true);
  });

  it('are drawn again where the gradient vanishes: a hinge that every output is beyond tests nothing', async () => {
    const report = await checkNetwork(readNetwork(shippedText('kinks'), shippedLibrary), { samples: 3, seed: 1 });
    const saturated = report.points.find((p) => p.label === 'saturated')!;
    expect([saturated.scale, saturated.resolved]).toEqual([5, 1]);
    for (const name of ['finite-differences', 'complex-step', 'adjoint-equations'] as const) {
      expect(road(report, name)).toMatchObject({ status: 'holds', unresolved: 0 });
    }
  });

  it('where the gradient is zero everywhere: the roads agree on exact zeros, and no point counts as telling', async () => {
    const network = inline(`
network: flat
input: 2
layers: [2 tanh, 1 flat]
loss: half-squared-error
define:
  activations:
    - { activation: flat, argument: a, expression: 'a > 0 ? 1 : 2' }
`);
    const report = await checkNetwork(network, { samples: 2, seed: 1 });
    expect(report.points.every((p) => p.resolved === 0)).toBe(true);
    expect(failing(report)).toEqual([]);
    expect(road(report, 'complex-step')).toMatchObject({ status: 'holds', unresolved: 0, worst: { kernel: 0, other: 0 } });
    expect(report.holds).toBe(true);
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
    expect(report.points.map((p) => p.basis)).toContain('estimate');
    const { unresolved, status, compared, worst } = road(report, 'complex-step');
    expect(worst!.basis).toBe(report.points[worst!.point]!.basis);
    expect({ unresolved, status }).toEqual({ unresolved: 0, status: 'holds' });
    expect(compared).toBeGreaterThan(1000);
  });
});

describe('an activation function whose argument is called z', () => {
  it('is checked like any other', async () => {
    const own = inline(`
network: named
input: 3
layers: [4 own, 2 identity]
loss: half-squared-error
define:
  activations:
    - { activation: own, argument: z, expression: 1 / (1 + exp(-z)) }
`);
    const report = await checkNetwork(own, { samples: 3, seed: 1 });
    expect(report.roads.filter((r) => r.status !== 'holds').map((r) => r.road)).toEqual(['variants']);
    const same = await checkNetwork(inline('network: named\ninput: 3\nlayers: [4 sigmoid, 2 identity]\nloss: half-squared-error\n'), { samples: 3, seed: 1 });
    expect(road(report, 'complex-step').worst).toEqual(road(same, 'complex-step').worst);
  });
});

describe('another form that breaks', () => {
  it('fails the road of the variants with the reason; the other forms and roads are taken', async () => {
    const network = read();
    const other = read({ signal: 'z' });
    const unfit: Network = { ...other, system: { ...other.system, slots: new Map() } };
    const report = await checkNetwork(network, { samples: 2, seed: 1, variants: [unfit, read({ bias: 'augmented' })] });
    expect(failing(report)).toEqual(['variants']);
    expect(road(report, 'variants').reason).toMatch(/^signal z, bias separate: there is no kernel: ./);
    expect(road(report, 'variants').compared).toBe(3 * 27);
  });

  it('while it runs, too', async () => {
    const given = await mistaken(read(), mistakes['none']!, [{ network: read({ signal: 'z' }), mistake: mistakes['none']! }]);
    const [{ network, module }] = given.variants as [{ network: Network; module: KernelModule }];
    const report = await confront({ ...given, variants: [{ network, module: tampered(module, () => ({ backward: () => { throw new RangeError('out of memory'); } })) }] });
    expect(failing(report)).toEqual(['variants']);
    expect(road(report, 'variants').reason).toBe('signal z, bias separate: out of memory');
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
