// What surrounds a part of an expression while it is translated: names, letters in scope, and what is known to hold.

import type { Test } from '../algebra/expression.ts';
import type { Letters } from './affine-syntax.ts';
import type { Names, ReportAt } from './meaning.ts';
import type { Span } from './syntax.ts';

export interface Scope {
  readonly names: Names;
  readonly letters: Letters;
  /** Names of index variables of this scope and of those around it, hidden ones too. */
  readonly taken: ReadonlySet<string>;
  /** What holds wherever the part is evaluated: brackets in the same product, branches of conditionals. */
  readonly conditions: readonly Test[];
  readonly text: string;
  readonly report: ReportAt;
}

/** The same scope where further tests hold. */
export const under = (scope: Scope, tests: readonly Test[]): Scope =>
  tests.length === 0 ? scope : { ...scope, conditions: [...scope.conditions, ...tests] };

/** The text of a part of the expression. */
export const textOf = (span: Span, scope: Scope): string => scope.text.slice(span.start, span.end);
