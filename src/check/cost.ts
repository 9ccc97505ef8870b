// What an evaluation of the forward equations costs, counted instead of timed: the same on every machine.

import type { Affine } from '../algebra/affine.ts';
import { type Expression, isBinder } from '../algebra/expression.ts';
import { children } from '../algebra/traverse.ts';
import { sizeValue } from '../evaluate/block.ts';
import type { Equation } from '../spec/network.ts';
import type { Subject } from './subject.ts';

/** Nodes of expressions that one forward pass evaluates, about; of the equations that are asked for, or of all. */
export function costOf(subject: Pick<Subject, 'system' | 'sizes'>, equations: readonly Equation[] = subject.system.equations): number {
  const sizes = new Map([...subject.system.sizes, ...subject.sizes]);
  const extent = (lo: Affine, hi: Affine): number => {
    const fixed = [lo, hi].every((a) => a.terms.every((t) => t.symbol.kind === 'size'));
    return fixed ? Math.max(1, sizeValue(hi, sizes) - sizeValue(lo, sizes) + 1) : 1;
  };
  const nodes = (e: Expression): number => {
    const below = children(e).reduce((sum, child) => sum + nodes(child), 1);
    return isBinder(e) ? below * extent(e.range.lo, e.range.hi) : below;
  };
  return equations.reduce((sum, equation) => sum +
    nodes(equation.value) * equation.axes.reduce((n, a) => n * extent(a.range.lo, a.range.hi), 1), 1);
}
