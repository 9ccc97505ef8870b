// Relations between sides: a = b = c, a := b, 1 ≤ i ≤ n.

import type { LatexNode } from '../latex/node.ts';
import type { RelationSign } from './ast.ts';
import type { Tokens } from './tokens.ts';

const relations: ReadonlyMap<string, RelationSign> = new Map([
  ['=', '='], ['≠', '≠'], ['<', '<'], ['≤', '≤'], ['>', '>'], ['≥', '≥'], ['∈', '∈'], ['≡', '≡'], ['≜', ':='], ['≔', ':='], ['≐', ':='], ['≈', '≈'], ['∝', '∝'], ['←', '←'],
  ['⇒', '⇒'],
]);

/** Takes a relation, `:=` in two signs too; null where none stands. */
export function acceptRelation(tokens: Tokens): RelationSign | null {
  const node = tokens.peek();
  const next = tokens.peek(1);
  if (node?.kind !== 'sign') return null;
  if (node.text === ':' && next?.kind === 'sign' && next.text === '=') {
    tokens.take();
    tokens.take();
    return ':=';
  }
  const sign = relations.get(node.text) ?? null;
  if (sign !== null) tokens.take();
  return sign;
}

export const isRelation = (n: LatexNode): boolean => n.kind === 'sign' && relations.has(n.text);
