// mathjs as a second opinion on derivatives; never its simplification, which is no proof.

import type { MathNode } from 'mathjs';
import type { System } from './second-system.ts';

/** Loads the parser and the derivative of mathjs, nothing else of it. */
export async function mathjs(): Promise<System & { readonly parse: (text: string) => MathNode }> {
  const { create, derivativeDependencies = {}, parseDependencies = {} } = await import('mathjs/number');
  const system = create({ derivativeDependencies, parseDependencies });
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
    budget: 3e8,
    whole: 2500,
    derive: (text, name) => system.derivative(tree(text), name, { simplify: false }),
    parse: (text) => system.parse(text),
  };
}
