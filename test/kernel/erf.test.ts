// erf, which Math has not: against its Taylor series in 80 decimal digits.

import { expect, test } from 'vitest';
import { helperText } from '../../src/kernel/helpers.ts';
import { random } from './run.ts';

const DIGITS = 80n;
const ONE = 10n ** DIGITS;
/** √π, OEIS A002161. */
const ROOT_PI = 177245385090551602729816748334114518279754945612238712821380778985291128459103218n;

/** erf of a double: 2/√π Σ (-1)ⁿ x^(2n+1) / (n! (2n+1)), exact but for the last few of 80 digits. */
function reference(x: number): number {
  const scaled = (BigInt(Math.round(x * 2 ** 50)) * ONE) / 2n ** 50n;
  let power = scaled;
  let total = 0n;
  for (let n = 0n; power !== 0n; n += 1n) {
    total += power / (2n * n + 1n);
    power = (-power * scaled * scaled) / (ONE * ONE * (n + 1n));
  }
  return Number(((2n * total * 10n ** (80n)) / ROOT_PI) / 10n ** 60n) / 1e20;
}

test('erf is right to three units in the last place', async () => {
  const { erf } = (await import(`data:text/javascript,${encodeURIComponent(`export ${helperText('erf', 'javascript').replace(/^\/\/.*\n/, '')}`)}`)) as { erf: (x: number) => number };
  const next = random(12);
  for (let n = 0; n < 3000; n += 1) {
    const x = Math.round(6.5 * next() * 2 ** 50) / 2 ** 50;
    const expected = reference(x);
    expect(Math.abs(erf(x) - expected), `erf(${String(x)})`).toBeLessThanOrEqual(3 * Number.EPSILON * Math.abs(expected));
  }
  expect([erf(0), erf(Infinity), erf(-Infinity), erf(30)]).toEqual([0, 1, -1, 1]);
  expect(erf(1e-300) / 1.1283791670955126e-300).toBeCloseTo(1, 14);
  expect(erf(NaN)).toBeNaN();
});
