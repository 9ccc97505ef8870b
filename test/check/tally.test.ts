import { describe, expect, it } from 'vitest';
import { integer } from '../../src/algebra/affine.ts';
import { ref, tensor, zero } from '../../src/algebra/expression.ts';
import { coverage, oneSided, sidesSeen } from '../../src/check/coverage.ts';
import { holdsAll, type RoadName, type RoadReport } from '../../src/check/report.ts';
import { notApplicable, tally } from '../../src/check/tally.ts';

const at = { point: 0, entry: 'W@1[1, 1]', what: 'W@1' };

/** The road after one comparison. */
function after(kernel: number, other: number, bound: number, scale = 1): RoadReport {
  const road = tally('complex-step');
  road.expect('W@1', 1);
  road.compare(at, kernel, other, bound, scale);
  return road.report();
}

describe('a comparison', () => {
  it('holds within its bound and fails beyond it', () => {
    expect(after(1, 1 + 1e-9, 1e-8)).toMatchObject({ status: 'holds', compared: 1, failed: 0 });
    expect(after(1, 1 + 1e-7, 1e-8)).toMatchObject({ status: 'fails', compared: 1, failed: 1 });
    expect(after(1, 1, 0)).toMatchObject({ status: 'holds', ratio: 0 });
  });

  it('of what is not finite fails under every bound, an infinite or unknown one too', () => {
    for (const bound of [1, Infinity, NaN]) {
      for (const [kernel, other] of [[NaN, NaN], [NaN, 1], [Infinity, Infinity], [Infinity, 1], [1, -Infinity]] as const) {
        expect(after(kernel, other, bound)).toMatchObject({ status: 'fails', failed: 1, failures: [{ error: null }] });
      }
    }
  });

  it('with a bound that is wide beside the tensor says nothing, and does not count', () => {
    expect(after(1, 1, 0.5)).toMatchObject({ status: 'n/a', compared: 0, unresolved: 1, reason: 'the bounds are too wide to say anything' });
    expect(after(1e-9, 1e-9, 1e-10, 1e-6)).toMatchObject({ status: 'holds' });
    expect(after(1e-9, 1e-9, 1e-8, 1e-6)).toMatchObject({ status: 'n/a' });
  });

  it('keeps the worst by its ratio to the bound, not by its size', () => {
    const road = tally('variants');
    road.compare({ ...at, entry: 'large' }, 1e6, 1e6 + 1e-4, 1e-2, 1e6);
    road.compare({ ...at, entry: 'tight' }, 1, 1 + 1e-12, 2e-12, 1);
    expect(road.report()).toMatchObject({ worst: { entry: 'tight' } });
  });
});

describe('a check holds', () => {
  const road = (name: RoadName, holds = true): RoadReport => ({ ...(holds ? after(1, 1, 0) : after(1, 2, 0)), road: name });

  it('when differences, complex step and one more road hold', () => {
    expect(holdsAll([road('finite-differences'), road('complex-step'), road('variants')])).toBe(true);
    expect(holdsAll([road('finite-differences'), road('complex-step'), road('forward')])).toBe(false);
    expect(holdsAll([road('finite-differences'), road('mathjs'), road('variants')])).toBe(false);
    expect(holdsAll([road('complex-step'), road('mathjs'), road('variants')])).toBe(false);
  });

  it('whatever does not apply besides, and never when something fails', () => {
    const enough = [road('finite-differences'), road('complex-step'), road('adjoint-equations')];
    expect(holdsAll([...enough, notApplicable('mathjs', 'no erf')])).toBe(true);
    expect(holdsAll([...enough, road('nerdamer', false)])).toBe(false);
  });
});

describe('coverage of comparisons', () => {
  const x = ref(tensor('x'), [integer(1)]);

  it('takes x > 0 and 0 > x for one pair', () => {
    const seen = coverage([
      { step: 0, comparison: { kind: 'compare', relation: '>', left: x, right: zero } },
      { step: 0, comparison: { kind: 'compare', relation: '>', left: zero, right: x } },
    ]);
    seen.note(0, 1);
    seen.note(1, -1);
    expect(sidesSeen(seen.pairs)).toBe(1);
    expect(oneSided(seen.pairs, () => 'z@1')).toEqual(['0 and x[1], in the equation of z@1, were only ever less']);
    seen.note(1, 1);
    expect(sidesSeen(seen.pairs)).toBe(2);
    expect(oneSided(seen.pairs, () => 'z@1')).toEqual([]);
  });

  it('tells what was never compared', () => {
    const seen = coverage([{ step: 3, comparison: { kind: 'compare', relation: '>', left: x, right: zero } }]);
    expect(oneSided(seen.pairs, String)).toEqual(['0 and x[1], in the equation of 3, were never compared']);
  });
});
