import { describe, expect, it } from 'vitest';
import { integer } from '../../src/algebra/affine.ts';
import { ref, tensor, zero } from '../../src/algebra/expression.ts';
import { coverage, oneSided, sidesSeen } from '../../src/check/coverage.ts';
import { coveragePhrase, holdsAll } from '../../src/check/counts.ts';
import type { Count, RoadName, RoadReport } from '../../src/check/report.ts';
import { notApplicable, type Tally, tally } from '../../src/check/tally.ts';

const at = { point: 0, entry: 'W_1[1, 1]', what: 'W_1', basis: 'bound' } as const;
const W = { what: 'W_1', kind: 'parameter', point: 0 } as const;
const b = { ...W, what: 'b_1' };

/** The road after one comparison. */
function after(kernel: number, other: number, bound: number, scale = 1): RoadReport {
  const road = tally('complex-step');
  road.expect(W, 1);
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

describe('a gradient that vanishes beside the others', () => {
  const zeros = (whole: number | undefined, kernel = 2e-18, other = -1e-18): RoadReport => {
    const road = tally('complex-step');
    road.expect(W, 1);
    road.compare(at, 1, 1, 1e-9, 1, 1);
    road.expect(b, 1);
    road.compare({ ...at, what: 'b_1' }, kernel, other, 1e-16, 2e-18, whole);
    return road.report();
  };

  it('agrees where both sides are zero within bounds that are small beside the whole gradient, and is called unresolved', () => {
    expect(zeros(1)).toMatchObject({
      status: 'holds', compared: 1, unresolved: 1, coverage: 'all 2 entries × 1 point, 1 of 2 unresolved (1 of b_1 zero within their bounds)',
    });
  });

  it('says nothing where the whole gradient is as small, or one side is not zero', () => {
    expect(zeros(1e-14).status).toBe('n/a');
    expect(zeros(undefined).status).toBe('n/a');
    expect(zeros(1, 2e-16, 1.5e-16).status).toBe('n/a');
    expect(zeros(1, 2e-16, 0).status).toBe('fails');
  });
});

describe('a road', () => {
  /** Comparisons of entries of a tensor of size 1, `resolved` of them with a bound that says something. */
  const compare = (road: Tally, what: Parameters<Tally['expect']>[0], resolved: number, unresolved: number): void => {
    road.expect(what, resolved + unresolved);
    for (let n = 0; n < resolved + unresolved; n += 1) road.compare({ ...at, what: what.what }, 1, 1, n < resolved ? 1e-9 : 1, 1);
  };

  it('does not hold by what it compared of other tensors: each must have been resolved to a quarter', () => {
    for (const [resolved, status] of [[0, 'n/a'], [1, 'n/a'], [2, 'holds']] as const) {
      const road = tally('complex-step');
      compare(road, W, 40, 0);
      compare(road, b, resolved, 8 - resolved);
      expect(road.report().status).toBe(status);
    }
  });

  it('says which tensor it lacks, and why', () => {
    const road = tally('complex-step');
    compare(road, W, 4, 0);
    compare(road, b, 1, 7);
    expect(road.report().reason).toBe('only 1 of 8 entries of b_1 could be compared: the others have bounds too wide to say anything');
    const silent = tally('complex-step');
    compare(silent, W, 4, 0);
    silent.expect(b, 8);
    expect(silent.report()).toMatchObject({ status: 'n/a', reason: 'no entry of b_1 was compared' });
    const kinked = tally('finite-differences');
    compare(kinked, W, 4, 0);
    kinked.expect(b, 1);
    kinked.kink(b, { point: 0, tensor: 'b_1', entry: 'b_1[1]', left: 0, right: 1, kernel: 0 });
    expect(kinked.report().reason).toBe('only 0 of 1 entries of b_1 could be compared: the others lie on kinks');
  });

  it('that asks for a part by its nature holds for that part, but does not make a check hold', () => {
    const road = tally('nerdamer', false);
    compare(road, W, 4, 0);
    road.expect(b, 8);
    const nerdamer = road.report();
    expect(nerdamer).toMatchObject({ status: 'holds', compared: 4, asked: 4, total: 12 });
    const enough = [{ ...after(1, 1, 0), road: 'finite-differences' }, after(1, 1, 0)] as const;
    expect(holdsAll([...enough, nerdamer], 10)).toBe(false);
    expect(holdsAll([...enough, { ...after(1, 1, 0), road: 'nerdamer' }], 10)).toBe(true);
  });

  it('fails with the reason when something broke, whatever else it compared', () => {
    const road = tally('variants');
    compare(road, W, 4, 0);
    road.fail('signal z: no kernel');
    expect(road.report()).toMatchObject({ status: 'fails', failed: 1, reason: 'signal z: no kernel', compared: 4 });
  });
});

describe('the phrase of what was compared', () => {
  const count = (kind: Count['kind'], asked: number, total: number, rest: Partial<Count> = {}): Count =>
    ({ what: kind, kind, form: null, compared: asked, unresolved: 0, asked, total, ...rest });

  it('counts entries and points where everything was asked', () => {
    expect(coveragePhrase([count('parameter', 268, 268)], 4, null)).toBe('all 67 entries × 4 points');
    expect(coveragePhrase([count('parameter', 26, 26)], 1, null)).toBe('all 26 entries × 1 point');
    expect(coveragePhrase([count('E', 3, 3), count('output', 18, 18)], 3, null)).toBe('E, all 6 outputs × 3 points');
    expect(coveragePhrase([count('parameter', 20, 20), count('direction', 6, 6)], 2, null)).toBe('all 10 entries, 3 directions × 2 points');
    expect(coveragePhrase([count('parameter', 20, 20, { form: 'a' }), count('parameter', 20, 20, { form: 'b' })], 2, null))
      .toBe('all 10 entries × 2 points × 2 forms');
  });

  it('says what was chosen where not', () => {
    expect(coveragePhrase([count('intermediate', 1000, 1000), count('parameter', 656, 305_576)], 3, 'every pre-activation, 40 entries a tensor'))
      .toBe('1,656 of 306,576: every pre-activation, 40 entries a tensor');
    expect(coveragePhrase([count('parameter', 0, 10)], 1, 'those with short expressions')).toBe('');
  });

  it('says what was not resolved, and what lies on kinks', () => {
    expect(coveragePhrase([count('parameter', 30, 30, { compared: 18, unresolved: 10 })], 3, null))
      .toBe('all 10 entries × 3 points, 10 of 30 unresolved, 2 on kinks');
  });
});

describe('a check holds', () => {
  const road = (name: RoadName, holds = true): RoadReport => ({ ...(holds ? after(1, 1, 0) : after(1, 2, 0)), road: name });

  it('when differences, complex step and one more road hold', () => {
    expect(holdsAll([road('finite-differences'), road('complex-step'), road('variants')], 10)).toBe(true);
    expect(holdsAll([road('finite-differences'), road('complex-step'), road('forward')], 10)).toBe(false);
    expect(holdsAll([road('finite-differences'), road('mathjs'), road('variants')], 10)).toBe(false);
    expect(holdsAll([road('complex-step'), road('mathjs'), road('variants')], 10)).toBe(false);
  });

  it('whatever does not apply besides, and never when something fails', () => {
    const enough = [road('finite-differences'), road('complex-step'), road('adjoint-equations')];
    expect(holdsAll([...enough, notApplicable('mathjs', 'no erf')], 10)).toBe(true);
    expect(holdsAll([...enough, road('nerdamer', false)], 10)).toBe(false);
  });
});

describe('coverage of comparisons', () => {
  const x = ref(tensor('x'), [integer(1)]);

  it('takes x > 0 and 0 > x for one pair', () => {
    const seen = coverage([
      { step: 0, choice: { kind: 'compare', relation: '>', left: x, right: zero } },
      { step: 0, choice: { kind: 'compare', relation: '>', left: zero, right: x } },
    ]);
    seen.note(0, 1);
    seen.note(1, -1);
    expect(sidesSeen(seen.seen)).toBe(1);
    expect(oneSided(seen.seen, () => 'z_1')).toEqual(['0 and x[1], in the equation of z_1, were only ever less']);
    seen.note(1, 1);
    expect(sidesSeen(seen.seen)).toBe(2);
    expect(oneSided(seen.seen, () => 'z_1')).toEqual([]);
  });

  it('forgets what it saw at a point that is not taken', () => {
    const seen = coverage([{ step: 0, choice: { kind: 'compare', relation: '>', left: x, right: zero } }]);
    seen.note(0, 1);
    const forget = seen.save();
    seen.note(0, -1);
    expect(sidesSeen(seen.seen)).toBe(2);
    forget();
    expect(sidesSeen(seen.seen)).toBe(1);
  });

  it('tells what was never compared', () => {
    const seen = coverage([{ step: 3, choice: { kind: 'compare', relation: '>', left: x, right: zero } }]);
    expect(oneSided(seen.seen, String)).toEqual(['0 and x[1], in the equation of 3, were never compared']);
  });
});
