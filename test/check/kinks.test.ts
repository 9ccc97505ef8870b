import { describe, expect, it } from 'vitest';
import { finiteDifferences } from '../../src/check/finite-differences.ts';
import { complexStep } from '../../src/check/complex-step.ts';
import { inline, standingAt } from './setup.ts';

const one = (activation: string, loss = 'half-squared-error'): ReturnType<typeof inline> =>
  inline(`network: kink\ninput: 1\nlayers: ["1 ${activation}"]\nloss: ${loss}\n`);

/** a = W x + b = 2·0.5 - 1 = 0, and ∂E/∂z = z - t = 1 there. */
const onTheKink = new Map([['x@', [0.5]], ['t@', [-1]], ['W@1', [2]], ['b@1', [-1]]]);

describe('a point on a kink', () => {
  for (const form of ['loops', 'straight-line'] as const) {
    it(`relu at 0 is reported with the slopes 0 and 1, neither as a failure nor as a pass (${form})`, async () => {
      const { subject, kernel, branches, visit } = await standingAt(one('relu'), onTheKink, 1, form);
      const road = finiteDifferences(subject, kernel, branches, [visit]);
      expect(road.status).toBe('n/a');
      expect(road.reason).toBe('every point lies on a kink');
      expect(road.compared).toBe(0);
      const [W, b] = road.kinks;
      expect(W).toMatchObject({ tensor: 'W_1', entry: 'W_1[1, 1]', kernel: 0 });
      expect(W!.left).toBeCloseTo(0, 8);
      expect(W!.right).toBeCloseTo(0.5, 6);
      expect(b).toMatchObject({ tensor: 'b_1', entry: 'b_1[1]', kernel: 0 });
      expect(b!.left).toBeCloseTo(0, 8);
      expect(b!.right).toBeCloseTo(1, 6);
    });
  }

  it('the corner of hard-tanh has the slopes 1 and 0', async () => {
    const values = new Map([['x@', [1]], ['t@', [0]], ['W@1', [2]], ['b@1', [-1]]]);
    const { subject, kernel, branches, visit } = await standingAt(one('hard-tanh'), values, 1);
    const { kinks } = finiteDifferences(subject, kernel, branches, [visit]);
    expect(kinks).toHaveLength(2);
    for (const kink of kinks) {
      expect(kink.left).toBeCloseTo(1, 6);
      expect(kink.right).toBeCloseTo(0, 6);
    }
  });

  it('|y - t| at y = t has the slopes -1 and 1', async () => {
    const values = new Map([['x@', [1]], ['t@', [1]], ['W@1', [2]], ['b@1', [-1]]]);
    const { subject, kernel, branches, visit } = await standingAt(one('identity', 'absolute'), values, 1);
    const { kinks } = finiteDifferences(subject, kernel, branches, [visit]);
    expect(kinks.map((k) => [Math.round(k.left * 1e6) / 1e6, Math.round(k.right * 1e6) / 1e6])).toEqual([[-1, 1], [-1, 1]]);
  });
});

describe('a point near a kink', () => {
  for (const distance of [1e-3, 1e-6, 1e-8]) {
    it(`${distance} away: the step shrinks to one side of it, and the difference agrees`, async () => {
      const values = new Map([['x@', [0.5]], ['t@', [-1]], ['W@1', [2]], ['b@1', [-1 + distance]]]);
      const { subject, kernel, branches, visit } = await standingAt(one('relu'), values, 1);
      const road = finiteDifferences(subject, kernel, branches, [visit]);
      expect(road.kinks).toEqual([]);
      expect(road.compared).toBe(2);
      expect(road.status).toBe('holds');
      expect(complexStep(subject, kernel, [visit]).status).toBe('holds');
    });
  }

  it('leaves everything as it was: the next entry finds the point where it was', async () => {
    const network = inline('network: two\ninput: 2\nlayers: [3 relu, 2 hard-tanh]\nloss: half-squared-error\n');
    const values = new Map([
      ['x@', [0.7, -0.4]], ['t@', [0.3, -0.2]], ['W@1', [0.5, -0.3, 0.2, 0.9, -0.6, 0.1]], ['b@1', [0.1, 0.5, -0.2]],
      ['W@2', [0.4, -0.7, 0.3, 0.2, 0.6, -0.5]], ['b@2', [0.05, -0.1]],
    ]);
    const { subject, kernel, branches, visit } = await standingAt(network, values, 1);
    const snapshot = (): readonly unknown[] => [...branches.forward.blocks].map(([key, block]) => [key, [...block.entries]]);
    branches.remember(values);
    const before = snapshot();
    finiteDifferences(subject, kernel, branches, [visit]);
    expect(snapshot()).toEqual(before);
  });

  it('values that are equal at the point, and stay so along the entry, are no kink of that entry', async () => {
    // Both units are off; the second parameter moves neither.
    const network = inline('network: dead\ninput: 1\nlayers: [2 relu, 1 relu]\nloss: half-squared-error\n');
    const values = new Map([['x@', [1]], ['t@', [1]], ['W@1', [-1, -2]], ['b@1', [0, 0]], ['W@2', [1, 1]], ['b@2', [2]]]);
    const { subject, kernel, branches, visit } = await standingAt(network, values, 1);
    const road = finiteDifferences(subject, kernel, branches, [visit]);
    expect(road.kinks).toEqual([]);
    expect(road.failed).toBe(0);
  });
});
