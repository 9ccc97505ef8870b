// What surrounds a part of an expression while it is translated: names, letters in scope, and what is known to hold.

import type { Range } from '../algebra/affine.ts';
import type { Expression, Tensor, Test } from '../algebra/expression.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Letters } from './affine-syntax.ts';
import type { Known } from './extent.ts';
import type { Names, ReportAt } from './meaning.ts';
import type { Axis } from './network.ts';
import type { Span, Syntax } from './syntax.ts';

/** An equation that a formula needs beside its own: the argmax of a maximum over an axis. */
export interface Hoisted {
  /** What its tensor is called after the tensor of the formula: `argmax` for z_argmax. */
  readonly suffix: string;
  readonly axes: readonly Axis[];
  readonly value: Expression;
  /** Given where the entries are integers of this range. */
  readonly integer: Range | null;
  readonly text: string;
  readonly span: Span;
}

/** What stands around a whole formula. */
export interface Surroundings {
  /** Adds an equation in front of the formula's own, and gives its tensor; null where there are no equations. */
  readonly hoist: ((equation: Hoisted) => Tensor) | null;
  /** Tensors whose equations need the one of the formula, and are needed by it: their earlier entries are known. */
  readonly recurring: ReadonlySet<string>;
  /** What entries outside the axes of a tensor are worth; those of other tensors must not be. */
  readonly outside: ReadonlyMap<string, Rational>;
}

/** A formula by itself: an activation function, a penalty. */
export const byItself: Surroundings = { hoist: null, recurring: new Set(), outside: new Map() };

export interface Scope extends Surroundings {
  readonly names: Names;
  readonly letters: Letters;
  /** Names of index variables of this scope and of those around it, hidden ones too. */
  readonly taken: ReadonlySet<string>;
  /** What holds wherever the part is evaluated: brackets in the same product, branches of conditionals. */
  readonly conditions: readonly Test[];
  /** Whether the part stands in an exponent: constants are numbers there. */
  readonly exponent?: boolean;
  readonly text: string;
  readonly report: ReportAt;
}

/** The same scope where further tests hold. */
export const under = (scope: Scope, tests: readonly Test[]): Scope =>
  tests.length === 0 ? scope : { ...scope, conditions: [...scope.conditions, ...tests] };

/** The text of a part of the expression. */
export const textOf = (span: Span, scope: Scope): string => scope.text.slice(span.start, span.end);

/** What is known of the index letters and the sizes of a scope. */
export const knownIn = (scope: Scope): Known =>
  ({
    ranges: new Map([...scope.letters.values()].map((l) => [l.index, l.range])), conditions: scope.conditions,
    facts: [...scope.names.values()].flatMap((meaning) => (meaning.kind === 'size' ? (meaning.facts ?? []) : [])),
  });

/** The value of a part: translate.ts hands it to what it delegates to. */
export type ValueOf = (syntax: Syntax, scope: Scope) => Expression;
