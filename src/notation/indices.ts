// Letters for indices: the algebra renames them i#2, i#3, …; a reader gets letters, without capture.

import { index } from '../algebra/affine.ts';
import { bind, type Expression, isBinder } from '../algebra/expression.ts';
import { freeIndices, mapChildren, substituteIndices, visit } from '../algebra/traverse.ts';
import type { Convention } from './convention.ts';

/** Shown names of the free indices of a formula, by their names in the algebra. */
export type Letters = ReadonlyMap<string, string>;

const stem = (name: string): string => name.replace(/#\d+$/, '');

/** Letters for indices that are free in one formula: first those that keep their own, then the others. */
export function lettersFor(free: Iterable<string>, avoid: ReadonlySet<string>, convention: Convention): Letters {
  const letters = new Map<string, string>();
  const taken = new Set<string>();
  const names = [...free];
  for (const name of [...names.filter((n) => stem(n) === n), ...names.filter((n) => stem(n) !== n)]) {
    const letter = freeLetter(name, taken, avoid, convention);
    letters.set(name, letter);
    taken.add(letter);
  }
  return letters;
}

/**
 * The expression with the letters of its free indices, and with letters for bound ones that no scope around uses.
 * @param given collects the letters of bound indices by their names in the algebra
 */
export function withLetters(
  e: Expression, letters: Letters, avoid: ReadonlySet<string>, convention: Convention, given = new Map<string, string>(),
): Expression {
  const shown = substituteIndices(e, new Map([...letters].map(([name, letter]) => [name, index(letter)])));
  return renameBound(shown, new Set(letters.values()), { avoid, convention, given });
}

interface Choice {
  readonly avoid: ReadonlySet<string>;
  readonly convention: Convention;
  readonly given: Map<string, string>;
}

function renameBound(e: Expression, taken: ReadonlySet<string>, choice: Choice): Expression {
  if (!isBinder(e)) return mapChildren(e, (child) => renameBound(child, taken, choice));
  const letter = freeLetter(e.index, taken, choice.avoid, choice.convention);
  if (!choice.given.has(e.index)) choice.given.set(e.index, letter);
  const body = substituteIndices(e.body, new Map([[e.index, index(letter)]]));
  return bind(e.kind, letter, e.range, renameBound(body, new Set([...taken, letter]), choice));
}

/** The index's own letter where nobody has it, then its family's, then any, then primes. */
function freeLetter(name: string, taken: ReadonlySet<string>, avoid: ReadonlySet<string>, convention: Convention): string {
  const own = stem(name);
  if (!taken.has(own)) return own;
  const family = Object.hasOwn(convention.letters, own) ? convention.letters[own] ?? [] : [];
  const spare = [...family, ...convention.letters.other].find((l) => !taken.has(l) && !avoid.has(l));
  if (spare !== undefined) return spare;
  for (let primed = `${own}′`; ; primed += '′') if (!taken.has(primed)) return primed;
}

/** What stands in formulas as a name of something else: letters that a renamed index had better not take. */
export function namesIn(expressions: readonly Expression[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expression of expressions) {
    visit(expression, (e) => {
      if (e.kind === 'ref') names.add(e.tensor.name);
      else if (e.kind === 'symbol') names.add(e.name);
      else if (e.kind === 'affine') for (const term of e.value.terms) names.add(term.symbol.name);
    });
  }
  return names;
}

/** The free indices of several expressions, in order of appearance. */
export const freeOf = (expressions: readonly Expression[]): readonly string[] =>
  [...new Set(expressions.flatMap((e) => [...freeIndices(e)]))];
