// mathjs as a second opinion on derivatives; never its simplification, which is no proof.

// Named imports, so that a bundle holds the parser and the derivative and nothing else of mathjs (the whole of it takes
// 50 ms to start); the room itself is loaded only by a check.

import type { MathNode } from 'mathjs';
import { create, derivativeDependencies, parseDependencies } from 'mathjs/number';
import type { System } from './second-system.ts';

/** The parser and the derivative of mathjs. */
export function mathjs(): System {
  const system = create({ ...parseDependencies, ...derivativeDependencies });
  const trees = new Map<string, MathNode>();
  const tree = (text: string): MathNode => {
    const known = trees.get(text);
    if (known !== undefined) return known;
    const parsed = system.parse(text);
    trees.clear();
    trees.set(text, parsed);
    return parsed;
  };
  return {
    road: 'mathjs',
    limit: 2500,
    budget: 1e7,
    whole: 2500,
    derive: (text, name) => system.derivative(tree(text), name, { simplify: false }),
    parse: (text) => system.parse(text),
  };
}
