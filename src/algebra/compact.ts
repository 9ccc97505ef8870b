// Formulas as people know them: an expression in normal form, written through tensors whose definitions stand in it.

import type { Context } from './bounds.ts';
import type { Expression } from './expression.ts';
import { tensorKey } from './expression.ts';
import { type Definition, entriesInside, type Extents, type FoldRule, foldRules, foldShortest } from './normal/fold.ts';
import { normalize } from './normal/normalize.ts';
import { type Atom, constantMonomial, type Factor, type Polynomial, StepLimitError } from './normal/polynomial.ts';
import { withFactor } from './normal/rename.ts';
import { type Letters, Unwritable, write } from './normal/write.ts';
import { ONE } from './rational.ts';
import { references } from './traverse.ts';

const STEPS = 60_000;
const RULE_STEPS = 5_000;

/** What writing needs to know of tensors: letters for their indices, their ranges, and the letters that are in use. */
export interface Page {
  readonly letters: Letters;
  readonly extents: Extents;
  readonly taken: ReadonlySet<string>;
}

const known = new WeakMap<Definition, readonly FoldRule[]>();

function rulesOf(definition: Definition): readonly FoldRule[] {
  let rules = known.get(definition);
  if (rules === undefined) {
    rules = foldRules(definition, RULE_STEPS);
    known.set(definition, rules);
  }
  return rules;
}

/**
 * e with the definitions read backwards wherever that makes it shorter; null where e has no normal form that can be written
 * so (cases, too many steps). Equal to e for all values that satisfy the definitions.
 * Cost: one normal form of e, and one pass over it for each rule that shares a tensor with it, at most six times.
 */
export function compactForm(
  e: Expression, context: Context, definitions: readonly Definition[], page: Page,
): Expression | null {
  try {
    const budget = { steps: STEPS };
    const polynomial = normalize(e, context, STEPS);
    if (holdsCases(polynomial)) return null;
    const present = new Set(references(e).map((r) => tensorKey(r.tensor)));
    const rules = definitions.filter((d) => references(d.value).some((r) => present.has(tensorKey(r.tensor)))
      || references(d.left).some((r) => present.has(tensorKey(r.tensor)))).flatMap(rulesOf);
    const inside = (f: Factor): boolean => entriesInside(withFactor(constantMonomial(ONE), f), context, page.extents);
    return write(foldShortest(polynomial, rules, { context, budget, extents: page.extents }), page.letters, page.taken, inside);
  } catch (error) {
    if (error instanceof StepLimitError || error instanceof Unwritable) return null;
    throw error;
  }
}

/** Comparisons of values are better read as cases. */
function holdsCases(p: Polynomial): boolean {
  const inAtom = (atom: Atom): boolean => {
    switch (atom.kind) {
      case 'positive': return true;
      case 'zero': return holdsCases(atom.value);
      case 'exp': case 'call': return holdsCases(atom.argument);
      case 'base': return holdsCases(atom.base);
      case 'product': case 'argmax': return holdsCases(atom.body);
      case 'ref': case 'symbol': case 'integer': case 'pi': case 'prime': return false;
    }
  };
  return p.monomials.some((m) => [...m.factors.values()].some((f) => inAtom(f.atom)));
}
