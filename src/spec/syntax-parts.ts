// Walking syntax trees: what stands directly below a node.

import type { Span, Syntax } from './syntax.ts';

export function partsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'number': case 'name': return [];
    case 'entry': return syntax.indices;
    case 'call': return syntax.args;
    case 'binding': return [syntax.lo, syntax.hi];
    case 'bracket': return [syntax.test];
    case 'negate': case 'not': return [syntax.of];
    case 'terms': case 'factors': return [syntax.first, ...syntax.rest.map((s) => s.operand)];
    case 'power': return [syntax.base, syntax.exponent];
    case 'relation': return syntax.operands;
    case 'and': case 'or': return syntax.parts;
    case 'conditional': return [syntax.test, syntax.then, syntax.otherwise];
  }
}

/** Whether the test holds for a node or something below it. */
export const holdsIn = (syntax: Syntax, test: (syntax: Syntax) => boolean): boolean =>
  test(syntax) || partsOf(syntax).some((part) => holdsIn(part, test));

/** The first place of a name. */
export function spanOfName(name: string, syntax: Syntax): Span | null {
  if ((syntax.kind === 'name' && syntax.name === name) || (syntax.kind === 'entry' && syntax.of.name === name)) return syntax;
  for (const part of partsOf(syntax)) {
    const found = spanOfName(name, part);
    if (found !== null) return found;
  }
  return null;
}
