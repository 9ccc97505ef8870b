// Index arithmetic at run time: affine expressions over loop variables as closures, and how far they can reach.

import { type Affine, constantOf, symbolKey } from '../algebra/affine.ts';
import { EvaluationError } from './domain.ts';

/** A loop's variable: where its value is kept, and the range that it is known to stay in. */
export interface Loop {
  readonly slot: number;
  readonly lo: number;
  readonly hi: number;
}

export type Loops = ReadonlyMap<string, Loop>;

/** What index arithmetic needs: the values of sizes by symbolKey, and of the loop variables by slot. */
export interface Counters {
  readonly sizes: ReadonlyMap<string, number>;
  /** The compiler hands out the slots. */
  readonly indices: number[];
}

/** constant + Σ coefficient · indices[slot]. */
export interface Linear {
  readonly constant: number;
  readonly terms: readonly { readonly slot: number; readonly coefficient: number }[];
}

export function linear(a: Affine, setting: Pick<Counters, 'sizes'>, loops: Loops): Linear {
  let constant = a.constant;
  const terms: { slot: number; coefficient: number }[] = [];
  for (const { symbol, coefficient } of a.terms) {
    if (symbol.kind === 'index') {
      const loop = loops.get(symbol.name);
      if (loop === undefined) throw new EvaluationError(`the index ${symbol.name} is not bound`);
      terms.push({ slot: loop.slot, coefficient });
    } else {
      const value = setting.sizes.get(symbolKey(symbol));
      if (value === undefined) throw new EvaluationError(`the size ${symbol.name} has no value`);
      constant += coefficient * value;
    }
  }
  return { constant, terms };
}

export function compileLinear({ constant, terms }: Linear, indices: readonly number[]): () => number {
  const [first, second, third] = terms;
  if (first === undefined) return () => constant;
  const { slot: s1, coefficient: c1 } = first;
  if (second === undefined) return () => constant + c1 * indices[s1]!;
  const { slot: s2, coefficient: c2 } = second;
  if (third === undefined) return () => constant + c1 * indices[s1]! + c2 * indices[s2]!;
  return () => terms.reduce((total, t) => total + t.coefficient * indices[t.slot]!, constant);
}

export const compileAffine = (a: Affine, setting: Counters, loops: Loops): (() => number) =>
  compileLinear(linear(a, setting, loops), setting.indices);

/** The smallest and the largest value of an affine expression over the loops around it. */
export function extent(a: Affine, setting: Pick<Counters, 'sizes'>, loops: Loops): { readonly lo: number; readonly hi: number } {
  const fixed = constantOf(a);
  if (fixed !== null) return { lo: fixed, hi: fixed };
  let { constant: lo } = linear(a, setting, new Map([...loops]));
  let hi = lo;
  for (const { symbol, coefficient } of a.terms) {
    const loop = symbol.kind === 'index' ? loops.get(symbol.name) : undefined;
    if (loop === undefined) continue;
    lo += coefficient > 0 ? coefficient * loop.lo : coefficient * loop.hi;
    hi += coefficient > 0 ? coefficient * loop.hi : coefficient * loop.lo;
  }
  return { lo, hi };
}

/** Σ stride · (index - base), like slots collected. */
export function flat(indices: readonly Linear[], base: readonly number[], strides: readonly number[]): Linear {
  let constant = 0;
  const terms = new Map<number, number>();
  indices.forEach((a, n) => {
    constant += strides[n]! * (a.constant - base[n]!);
    for (const t of a.terms) terms.set(t.slot, (terms.get(t.slot) ?? 0) + strides[n]! * t.coefficient);
  });
  return { constant, terms: [...terms].map(([slot, coefficient]) => ({ slot, coefficient })) };
}

/** A new variable for a loop over a range. */
export function newLoop(lo: Affine, hi: Affine, setting: Counters, loops: Loops): Loop {
  const slot = setting.indices.length;
  setting.indices.push(0);
  return { slot, lo: extent(lo, setting, loops).lo, hi: extent(hi, setting, loops).hi };
}
