// Names of things and of functions.

import { greek } from '../../notation/convention.ts';
import type { Style } from '../latex/node.ts';
import { refuse } from '../problem.ts';
import { type Span, spanOf } from '../span.ts';
import type { Term } from './ast.ts';

/** Functions that mathematics calls by a word, and what matrices are asked for. */
export const knownFunctions: ReadonlySet<string> = new Set([
  'exp', 'log', 'ln', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'arctan', 'erf', 'sgn', 'sign', 'log1p', 'expm1', 'diag', 'einsum', 'vec', 'tr', 'softmax',
]);

const variants: ReadonlyMap<string, string> = new Map([
  ['varepsilon', 'epsilon'], ['varphi', 'phi'], ['vartheta', 'theta'], ['varrho', 'rho'], ['varsigma', 'sigma'], ['varpi', 'pi'],
  ...[...greek].map(([name, letter]) => [letter, name] as const),
]);

export const nameOf = (text: string, word: boolean, style: Style, place: Span): Term =>
  ({ kind: 'name', text: variants.get(text) ?? text, word, style, accents: [], ...spanOf(place) });

/** An accent on a name, or on a name with scripts. */
export function accented(accent: string, body: Term, place: Span): Term {
  if (body.kind === 'name') return { ...body, accents: [...body.accents, accent], ...spanOf(place) };
  if (body.kind === 'scripts') return { ...body, base: accented(accent, body.base, body.base), ...spanOf(place) };
  return refuse('formula-construct', place, { text: accent, type: 'accent' });
}
