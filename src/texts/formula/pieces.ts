// Lists of nodes cut at signs.

import type { LatexNode } from '../latex/node.ts';

/** The parts between the nodes for which the test holds. */
export function cutAt(nodes: readonly LatexNode[], test: (node: LatexNode) => boolean): readonly (readonly LatexNode[])[] {
  const parts: LatexNode[][] = [[]];
  for (const node of nodes) {
    if (test(node)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

export const isComma = (n: LatexNode): boolean => n.kind === 'sign' && (n.text === ',' || n.text === ';');
export const isBlank = (nodes: readonly LatexNode[]): boolean => nodes.every((n) => n.kind === 'space');
