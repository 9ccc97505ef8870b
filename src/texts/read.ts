// LaTeX of a formula in a known notation, read into the algebra.

import type { LayerRange } from '../derive/derivation.ts';
import type { Convention } from '../notation/convention.ts';
import type { Quantifier } from './formula/ast.ts';
import { formulaOf } from './formula/parse.ts';
import { attempt, type Problem } from './problem.ts';
import type { ReadingContext } from './resolve/context.ts';
import { layerOf } from './resolve/layers.ts';
import { readStatement, type ReadStatement } from './resolve/statement.ts';

export type { Problem } from './problem.ts';
export type { ReadingContext, SignalSymbol } from './resolve/context.ts';
export type { ReadSide, ReadStatement, RightSide } from './resolve/statement.ts';

export type ReadFormula =
  | { readonly ok: true; readonly statements: readonly ReadStatement[]; readonly layers: LayerRange | null }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Every statement of a formula in one piece of LaTeX, in the words of the context's system; or everything that keeps it from being read. */
export function readFormula(latex: string, context: ReadingContext): ReadFormula {
  const whole = { start: 0, end: latex.length };
  const parsed = attempt(whole, () => formulaOf(latex, context.macros));
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const { statements, quantifiers } = parsed.value;
  const read = statements.map((s) => attempt(s, () => readStatement(s, quantifiers, context)));
  const problems = read.flatMap((r) => (r.ok ? [] : [r.problem]));
  return problems.length > 0 ? { ok: false, problems }
    : { ok: true, statements: read.flatMap((r) => (r.ok ? [r.value] : [])), layers: layersOf(quantifiers, context.convention) };
}

/** k = 2, …, N, in the letters of the text. */
function layersOf(quantifiers: readonly Quantifier[], convention: Convention): LayerRange | null {
  for (const { variable, range } of quantifiers) {
    if (variable.kind !== 'name' || variable.text !== convention.layer.letter || range === null) continue;
    const [from, to] = [layerOf(range.from, convention), layerOf(range.to, convention)];
    if (from !== null && to !== null) return { from, to };
  }
  return null;
}
