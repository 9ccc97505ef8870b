// Looking through terms.

import type { Condition, Limits, Subscript, Superscript, Term } from '../formula/ast.ts';

/** The terms directly below one, those of scripts and conditions included. */
export function termsBelow(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'number': case 'name': case 'letters': case 'colon': case 'dots': return [];
    case 'scripts': return [term.base, ...below(term.sub), ...above(term.sup)];
    case 'sum': return term.terms.map((t) => t.term);
    case 'product': return term.factors.map((f) => f.term);
    case 'fraction': return [term.top, term.bottom];
    case 'derivative': return [term.of, term.by];
    case 'root': return term.degree === null ? [term.body] : [term.degree, term.body];
    case 'apply': return [...below(term.scripts?.sub ?? null), ...above(term.scripts?.sup ?? null), term.argument];
    case 'over': return [...atOperator(term.limits), term.body];
    case 'bracket': return sides(term.condition);
    case 'fenced': return term.items;
    case 'norm': case 'absolute': case 'brace': return [term.body];
    case 'cases': return term.branches.flatMap((b) => [b.then, ...(b.when === null ? [] : sides(b.when))]);
    case 'matrix': return term.rows.flat();
  }
}

const below = (sub: Subscript | null): readonly Term[] => sub?.parts ?? [];
const above = (sup: Superscript | null): readonly Term[] => (sup === null ? []
  : sup.whole !== null ? [sup.whole] : sup.parts.flatMap((p) => (p.kind === 'mark' ? [p.body] : p.kind === 'value' ? [p.term] : [])));

const atOperator = ({ indices, condition }: Limits): readonly Term[] =>
  [...indices.flatMap((i) => [i.index, i.from, i.to].filter((t) => t !== null)), ...(condition === null ? [] : sides(condition))];

function sides(c: Condition): readonly Term[] {
  switch (c.kind) {
    case 'chain': return c.sides;
    case 'and': case 'or': return c.parts.flatMap(sides);
    case 'not': return sides(c.part);
  }
}

export const holds = (term: Term, test: (term: Term) => boolean): boolean => test(term) || termsBelow(term).some((t) => holds(t, test));

/** Every letter of a term: names that are made up avoid them. */
export function lettersIn(terms: readonly Term[], found = new Set<string>()): ReadonlySet<string> {
  for (const term of terms) {
    if (term.kind === 'name') found.add(term.text);
    lettersIn(termsBelow(term), found);
  }
  return found;
}
