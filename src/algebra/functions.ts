// The elementary functions of the language: what each is by definition. exp, log, sin, cos, atan and erf are the
// primitives (their derivatives are rows of the rule table); the others are defined through them, and whatever is
// said of their derivatives is derived from these definitions.

import { add, divide, type ElementaryName, elementary, type Expression, negate, number, one, subtract } from './expression.ts';

export type PrimitiveName = 'exp' | 'log' | 'sin' | 'cos' | 'atan' | 'erf';
export type DefinedName = Exclude<ElementaryName, PrimitiveName>;

/** The definition of an elementary function at u, or null for a primitive. */
export function definition(name: ElementaryName, u: Expression): Expression | null {
  switch (name) {
    case 'exp': case 'log': case 'sin': case 'cos': case 'atan': case 'erf': return null;
    case 'tan': return divide(elementary('sin', u), elementary('cos', u));
    case 'sinh': return divide(subtract(elementary('exp', u), elementary('exp', negate(u))), number(2));
    case 'cosh': return divide(add([elementary('exp', u), elementary('exp', negate(u))]), number(2));
    case 'tanh': return divide(
      subtract(elementary('exp', u), elementary('exp', negate(u))),
      add([elementary('exp', u), elementary('exp', negate(u))]));
    case 'log1p': return elementary('log', add([one, u]));
    case 'expm1': return subtract(elementary('exp', u), one);
  }
}

export const elementaryNames: readonly ElementaryName[] =
  ['exp', 'log', 'sin', 'cos', 'atan', 'erf', 'tan', 'sinh', 'cosh', 'tanh', 'log1p', 'expm1'];
