// The error function, from its series and its continued fraction (Abramowitz & Stegun 7.1.6 and 7.1.14).

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** erf(x) = 2/√π ∫₀ˣ exp(-t²) dt, within 8 ulp. */
export function erf(x: number): number {
  const u = Math.abs(x);
  const value = u < 2.5 ? series(u) : u < 6 ? 1 - complement(u) : u >= 6 ? 1 : NaN;
  return x < 0 ? -value : value;
}

/** The derivative of erf. */
export const erfSlope = (x: number): number => TWO_OVER_SQRT_PI * Math.exp(-x * x);

/** erf(u) = 2/√π exp(-u²) Σₙ 2ⁿ u²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms positive, so nothing cancels. */
function series(u: number): number {
  let term = u;
  let total = u;
  for (let n = 1; term > total * 1e-18; n += 1) {
    term *= (2 * u * u) / (2 * n + 1);
    total += term;
  }
  return erfSlope(u) * total;
}

/** 1 - erf(u) = exp(-u²)/√π · 1/(u + (1/2)/(u + 1/(u + (3/2)/(u + …)))), from the 60th fraction upwards. */
function complement(u: number): number {
  let tail = u;
  for (let n = 60; n >= 1; n -= 1) tail = u + n / 2 / tail;
  return Math.exp(-u * u) / Math.sqrt(Math.PI) / tail;
}
