// Seeded random numbers: a failure can be repeated from the seed in its report.

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  readonly between: (lo: number, hi: number) => number;
  /** An integer from 0 to below - 1. */
  readonly below: (below: number) => number;
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const between = (lo: number, hi: number): number => lo + (hi - lo) * uniformFloat64(generator);
  return { between, below: (below) => Math.floor(between(0, below)) };
}

/** One 32-bit seed from several numbers (FNV-1a over their bytes), for streams that do not depend on each other. */
export function seedOf(...numbers: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const n of numbers) {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((n >>> shift) & 255), 0x01000193);
  }
  return hash | 0;
}

/** `count` different integers from 0 to below - 1 in ascending order; all of them when there are no more. */
export function sample(random: Random, below: number, count: number): readonly number[] {
  if (count >= below) return Array.from({ length: below }, (_, n) => n);
  const chosen = new Set<number>();
  // Floyd's way: every subset is equally likely, and no list of all integers is needed.
  for (let n = below - count; n < below; n += 1) {
    const candidate = random.below(n + 1);
    chosen.add(chosen.has(candidate) ? n : candidate);
  }
  return [...chosen].sort((a, b) => a - b);
}
