// Values for a point, drawn from a stream: asymmetric parameters of moderate scale, inputs and targets of several kinds.

import { fans } from './fan.ts';
import type { Random } from './random.ts';
import { blockOf, type Subject, type Values } from './subject.ts';

export type TargetKind = 'between 0 and 1' | 'signs' | 'one of each' | 'wide';
/** Which numbers given tensors hold: of both signs, positive ones alone, or 0 and 1 (masks). */
export type Signs = 'both' | 'positive inputs' | 'all positive' | 'inputs 0 and 1';

export interface Drawing {
  /** The parameters' scale, 1 for activations of about their own size. */
  readonly scale: number;
  readonly inputs: number;
  readonly targets: TargetKind;
  readonly signs: Signs;
  /** Whether integers come from few values, so that the same one comes often; else all of their range come up. */
  readonly crowded: boolean;
}

/** Uniform and independent entries: no W is symmetric, no two layers are alike. */
export function drawing(subject: Subject): (random: Random, how: Drawing) => Values {
  const round = subject.module.precision === 'f32' ? Math.fround : (x: number): number => x;
  const fan = fans(subject.system, new Map([...subject.system.sizes, ...subject.sizes]));
  const each = (key: string, draw: () => number): readonly number[] =>
    Array.from({ length: blockOf(subject, key).entries.length }, () => round(draw()));
  return (random, { scale, inputs, targets, signs, crowded }) => {
    const values = new Map<string, readonly number[]>();
    const given = (key: string, draw: () => readonly number[]): void => {
      const { integer, entries } = blockOf(subject, key);
      values.set(key, integer === undefined ? draw().map(round) : integers(random, entries.length, integer, crowded));
    };
    for (const key of subject.inputs) given(key, () => each(key, inputDraw(random, inputs, signs)));
    for (const key of subject.targets) given(key, () => targetEntries(subject, key, targets, random));
    for (const key of subject.parameters) {
      const many = fan.get(key) ?? 1;
      // Sums over so many entries stay of order one: uniform on ±r has variance r²/3.
      const reach = many === 1 ? 0.6 * scale : (1.5 * scale) / Math.sqrt(many);
      values.set(key, each(key, () => (signs === 'all positive' ? random.between(0.05 * reach, reach) : random.between(-reach, reach))));
    }
    return values;
  };
}

function inputDraw(random: Random, scale: number, signs: Signs): () => number {
  switch (signs) {
    case 'both': return () => random.between(-scale, scale);
    case 'positive inputs': case 'all positive': return () => random.between(0.05 * scale, scale);
    case 'inputs 0 and 1': return () => random.below(2);
  }
}

/** All integers of the range in a random order, again and again; or few of them, so that entries share them. */
function integers(random: Random, count: number, { lo, hi }: { readonly lo: number; readonly hi: number }, crowded: boolean): readonly number[] {
  if (crowded) {
    const few = Array.from({ length: 2 }, () => lo + random.below(hi - lo + 1));
    return Array.from({ length: count }, () => (random.below(4) === 0 ? lo + random.below(hi - lo + 1) : few[random.below(2)]!));
  }
  const drawn: number[] = [];
  let left: number[] = [];
  while (drawn.length < count) {
    if (left.length === 0) left = Array.from({ length: hi - lo + 1 }, (_, n) => lo + n);
    const at = random.below(left.length);
    drawn.push(left[at]!);
    left[at] = left.at(-1)!;
    left.pop();
  }
  return drawn;
}

function targetEntries(subject: Subject, key: string, kind: TargetKind, random: Random): readonly number[] {
  const block = blockOf(subject, key);
  const entries = (draw: () => number): readonly number[] => Array.from({ length: block.entries.length }, draw);
  switch (kind) {
    case 'between 0 and 1': return entries(() => random.between(0.05, 0.95));
    case 'signs': return entries(() => (random.below(2) === 0 ? -1 : 1));
    case 'wide': return entries(() => random.between(-3, 3));
    case 'one of each': {
      const width = block.shape.at(-1) ?? 1;
      const chosen = Array.from({ length: block.entries.length / width }, () => random.below(width));
      return Array.from({ length: block.entries.length }, (_, n) => (chosen[Math.floor(n / width)] === n % width ? 1 : 0));
    }
  }
}
