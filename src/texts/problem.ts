// What is wrong with a formula, as a value: a code of the catalogue, where, and what would be right.

import type { formulaWords, Wording } from '../diagnostics/catalogue.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { Span } from './span.ts';

type FormulaWords = typeof formulaWords;
export type FormulaCode = keyof FormulaWords;
type DataFor<C extends FormulaCode> = Parameters<FormulaWords[C]['words']>[0];

export interface Problem extends Wording {
  readonly code: FormulaCode;
  /** Where in the source of the formula. */
  readonly range: Span;
}

/** Ends a reading from within; the entries of this room catch it and give its problem as a value. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.message}`);
    this.problem = problem;
  }
}

export function problem<C extends FormulaCode>(code: C, range: Span, data: DataFor<C>): Problem {
  const { message, help } = diagnostic(code, null, data);
  return { code, range: { start: range.start, end: range.end }, message, help };
}

export function refuse<C extends FormulaCode>(code: C, range: Span, data: DataFor<C>): never {
  throw new Refusal(problem(code, range, data));
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** What a reading gives, or why it gives nothing; `whole` is blamed where the formula is nested too deeply for the machine. */
export function attempt<T>(whole: Span, read: () => T): Outcome<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    if (error instanceof RangeError) return { ok: false, problem: problem('formula-too-deep', whole, { most: MOST_LEVELS }) };
    throw error;
  }
}

/** Levels of brackets, scripts and fractions. */
export const MOST_LEVELS = 100;
