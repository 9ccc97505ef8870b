import { describe, expect, it } from 'vitest';
import { type Line, slopeOf, stepFor, thirdDerivative } from '../../src/check/difference.ts';

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
    const single = line((x) => Math.fround(x), 1 / 3);
    const along: Line = { ...single, move: (to) => single.move(Math.fround(to)) };
    const slope = slopeOf(along, 2 ** -60, 2 ** -12);
    expect(slope).toMatchObject({ kind: 'slope', value: 1 });
  });

  it('shrinks its step until the stencil lies on one side of a kink', () => {
    const slope = slopeOf(line(Math.abs, 1e-5, [0]), EPSILON, 2 ** -10);
    expect(slope).toMatchObject({ kind: 'slope' });
    if (slope.kind === 'slope') expect(slope.step).toBeLessThan(1e-5);
  });

  it('on a kink gives both slopes', () => {
    const slope = slopeOf(line((x) => (x > 0 ? 3 * x + x * x : -x), 0, [0]), EPSILON, 2 ** -10);
    expect(slope.kind).toBe('kink');
    if (slope.kind !== 'kink') return;
    expect(slope.left).toBeCloseTo(-1, 8);
    expect(slope.right).toBeCloseTo(3, 4);
  });
});
