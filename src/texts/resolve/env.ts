// What is known at one place of a formula: which letters are indices there, and how matrices are looked at.

import type { Range } from '../../algebra/affine.ts';
import type { Term } from '../formula/ast.ts';
import type { Knowledge, ReadingContext } from './context.ts';
import type { Value } from './value.ts';

/** A letter that is an index, free or bound, and what is seen of it while its scope is read. */
export interface Binding {
  readonly letter: string;
  /** Its name in the algebra. */
  readonly name: string;
  /** Where it is written. */
  readonly range: Range | null;
  /** Axes that it indexes by itself, as they are met. */
  readonly uses: Range[];
  /** Indices that a bracket says it equals. */
  readonly equals: Binding[];
}

/** What one reading gathers as it goes. */
export interface Reading {
  readonly context: ReadingContext;
  readonly knowledge: Knowledge;
  /** Indices of the left side. */
  readonly free: Map<string, Binding>;
  /** Letters of the whole formula: names that are made up avoid them. */
  readonly letters: ReadonlySet<string>;
  /** A name that nothing else has. */
  readonly fresh: (stem: string) => string;
}

export interface Env {
  readonly reading: Reading;
  readonly scope: ReadonlyMap<string, Binding>;
  /** Whether unknown letters in subscripts are new indices (on the left side). */
  readonly collects: boolean;
  /** Whole tensors as matrices, or, for einsum, as arrays with this many axes. */
  readonly rank: number | null;
  /** The range of places that the left side holds, for an argmax without a range. */
  readonly places: Range | null;
  readonly evaluate: (term: Term, env: Env) => Value;
}

export const newBinding = (letter: string, name: string, range: Range | null): Binding => ({ letter, name, range, uses: [], equals: [] });

export const bindingOf = (letter: string, env: Env): Binding | null => env.scope.get(letter) ?? env.reading.free.get(letter) ?? null;

export const withBindings = (env: Env, bindings: readonly Binding[]): Env =>
  ({ ...env, scope: new Map([...env.scope, ...bindings.map((b) => [b.letter, b] as const)]) });

export const lettersKnown = (env: Env): readonly string[] => [...new Set([...env.scope.keys(), ...env.reading.free.keys()])];

