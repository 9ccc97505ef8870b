// Named and written-out adjoints in the order in which a reader meets them.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { AdjointEquation, Backward } from './backward.ts';

/** Written-out adjoints stand before the first named one that follows them; that of E itself is left out. */
export function inOrder(reverse: Backward, total: Tensor | null): readonly AdjointEquation[] {
  const position = new Map([...reverse.system.equations].reverse().map((e, n) => [tensorKey(e.tensor), n]));
  const own = total === null ? null : tensorKey(total);
  const rank = (e: AdjointEquation): number => position.get(tensorKey(e.tensor))
    ?? Math.min(...e.uses.map((u) => position.get(tensorKey(u.equation.tensor)) ?? 0)) + 0.5;
  return [...reverse.writtenOut.filter((e) => tensorKey(e.tensor) !== own), ...reverse.equations].sort((x, y) => rank(x) - rank(y));
}
