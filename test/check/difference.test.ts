import { describe, expect, it } from 'vitest';
import { closerSlope, type Line, slopeOf, stepFor, thirdDerivative } from '../../src/check/difference.ts';

const EPSILON = 2 ** -52;

/** A line along a function of one variable; `kinks` are the places where its branch changes. */
function line(f: (x: number) => number, start: number, kinks: readonly number[] = []): Line {
  let x = start;
  const branch = (at: number): string => kinks.map((k) => Math.sign(at - k)).join();
  let pinned = '';
  return {
    start, reach: Math.max(1, Math.abs(start)),
    move: (to) => (x = to),
    value: () => f(x),
    sameBranch: () => branch(x) === branch(start),
    pin: () => (pinned = branch(x)),
    pinned: () => branch(x) === pinned,
    leave: () => (x = start),
  };
}

const cases: readonly (readonly [string, (x: number) => number, (x: number) => number])[] = [
  ['exp', Math.exp, Math.exp],
  ['sin(5x)', (x) => Math.sin(5 * x), (x) => 5 * Math.cos(5 * x)],
  ['tanh', Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  ['x⁵ - 40x³', (x) => x ** 5 - 40 * x ** 3, (x) => 5 * x ** 4 - 120 * x ** 2],
  ['a straight line', (x) => 3 * x + 1, () => 3],
];

describe('a central difference', () => {
  for (const [name, f, derivative] of cases) {
    it(`of ${name} is right within its bound, and the bound is small`, () => {
      for (const x of [-2.3, -0.4, 0.1, 1.7, 12]) {
        const epsilon = 4 * EPSILON * Math.max(1, Math.abs(f(x)));
        const along = line(f, x);
        const slope = slopeOf(along, epsilon, stepFor(along, epsilon, thirdDerivative(along, epsilon)));
        expect(slope.kind).toBe('slope');
        if (slope.kind !== 'slope') return;
        expect(Math.abs(slope.value - derivative(x))).toBeLessThanOrEqual(slope.bound);
        expect(slope.bound).toBeLessThan(1e-8 * Math.max(1, Math.abs(f(x)), Math.abs(derivative(x))));
      }
    });
  }

  it('chooses the step of the error model: (3ε/M₃)^⅓ to the nearest power of two', () => {
    const along = line(Math.exp, 0);
    const third = thirdDerivative(along, EPSILON);
    expect(third).toBeCloseTo(1, 1);
    expect(stepFor(along, EPSILON, third)).toBe(2 ** Math.round(Math.log2(Math.cbrt(3 * EPSILON))));
  });

  it('divides by the step that was really stored', () => {
    // Above 1/2 single precision has half as many digits after the point as below.
    const single = line((x) => x, 0.5 + 2 ** -30);
    const along: Line = { ...single, move: (to) => single.move(Math.fround(to)) };
    for (const step of [2 ** -20 / 3, 2 ** -22 / 5]) expect(slopeOf(along, 2 ** -60, step)).toMatchObject({ kind: 'slope', value: 1 });
  });

  it('extrapolates: what is left is far below the truncation error, which is in the bound', () => {
    const slope = slopeOf(line(Math.exp, 0), EPSILON, 2 ** -5);
    if (slope.kind !== 'slope') expect.unreachable();
    const error = Math.abs(slope.value - 1);
    expect(error).toBeLessThan(2 ** -20 / 480 * 2);
    expect(error).toBeGreaterThan((3 * EPSILON) / slope.step);
    expect(slope.bound).toBeGreaterThan(1000 * error);
  });

  it('shrinks its step until the stencil lies on one side of a kink, whichever side that is', () => {
    for (const [start, expected] of [[1e-5, 1], [-1e-5, -1]] as const) {
      const slope = slopeOf(line(Math.abs, start, [0]), EPSILON, 2 ** -10);
      if (slope.kind !== 'slope') expect.unreachable();
      expect(slope.step).toBeLessThan(1e-5);
      expect(Math.abs(slope.value - expected)).toBeLessThanOrEqual(slope.bound);
    }
  });

  it('a choice that leaves the slope as it is, is no kink: the curvature changes, or nothing does', () => {
    for (const f of [(x: number) => x / (1 + Math.abs(x)), (x: number) => (x > 0 ? x + 5 * x * x : x - x ** 3), Math.exp]) {
      const slope = slopeOf(line(f, 0, [0]), EPSILON, 2 ** -10);
      if (slope.kind !== 'slope') expect.unreachable();
      expect(Math.abs(slope.value - 1)).toBeLessThanOrEqual(slope.bound);
      expect(slope.bound).toBeLessThan(1e-3);
    }
  });

  it('slopes that differ by more than their errors are a kink, however little it is', () => {
    expect(slopeOf(line((x) => (x > 0 ? 1.001 * x : x), 0, [0]), EPSILON, 2 ** -10).kind).toBe('kink');
  });

  it('on a kink gives both slopes', () => {
    const slope = slopeOf(line((x) => (x > 0 ? 3 * x + x * x : -x), 0, [0]), EPSILON, 2 ** -10);
    expect(slope.kind).toBe('kink');
    if (slope.kind !== 'kink') return;
    expect(slope.left).toBeCloseTo(-1, 8);
    expect(slope.right).toBeCloseTo(3, 4);
  });

  it('two steps may agree by chance, and three show it', () => {
    // Here E''' seems to vanish both from ±1/16 and ±1/8, which gives the largest step, and from 1/32 and 1/64, its two differences.
    const h = 2 ** -5;
    const f = (x: number): number => 1e-5 * h * ((x / h) ** 5 - (20 / 17) * (x / h) ** 3 - (20 / 357) * (x / h) ** 7) + x;
    const along = line(f, 0);
    const step = stepFor(along, EPSILON, thirdDerivative(along, EPSILON));
    expect(step).toBe(h);
    const [quick, closer] = [slopeOf(along, EPSILON, step), closerSlope(along, EPSILON, step)];
    if (quick.kind !== 'slope' || closer.kind !== 'slope') expect.unreachable();
    expect(Math.abs(quick.value - 1)).toBeGreaterThan(100 * quick.bound);
    expect(Math.abs(closer.value - 1)).toBeLessThan(closer.bound);
    expect(closer.bound).toBeLessThan(1e-5);
  });

  it('looked at more closely is right within its bound, too, on either side of a kink', () => {
    for (const [, f, derivative] of cases) {
      for (const x of [-2.3, 0.1, 1.7]) {
        const slope = closerSlope(line(f, x, [x + 1e-3]), 4 * EPSILON * Math.max(1, Math.abs(f(x))), 2 ** -5);
        if (slope.kind !== 'slope') expect.unreachable();
        expect(slope.step).toBeLessThan(1e-3);
        expect(Math.abs(slope.value - derivative(x))).toBeLessThanOrEqual(slope.bound);
        expect(slope.bound).toBeLessThan(1e-8 * Math.max(1, Math.abs(f(x)), Math.abs(derivative(x))));
      }
    }
    expect(closerSlope(line(Math.abs, 0, [0]), EPSILON, 2 ** -5).kind).toBe('kink');
  });
});
