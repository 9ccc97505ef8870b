// Bounds of loops that other bounds imply: of min(t + 1, 32) with t < 32, t + 1 is left.

import { type Affine, constantOf, subtractAffine } from '../algebra/affine.ts';
import { type Context, emptyContext, provablyNonNegative, withRange } from '../algebra/bounds.ts';
import type { Statement } from './program.ts';
import { mapBodies } from './rebuild.ts';

export function tightBounds(statements: readonly Statement[], context: Context = emptyContext): readonly Statement[] {
  return statements.map((st): Statement => {
    if (st.kind !== 'loop') return mapBodies(st, (body) => tightBounds(body, context));
    const from = needed(st.from, (a, b) => provablyNonNegative(subtractAffine(a, b), context));
    const to = needed(st.to, (a, b) => provablyNonNegative(subtractAffine(b, a), context));
    return { ...st, from, to, body: tightBounds(st.body, within(st, context)) };
  });
}

/** What the numbers among a loop's bounds say of its index. */
export function within(loop: Extract<Statement, { kind: 'loop' }>, context: Context): Context {
  const [lo, hi] = [loop.from, loop.to].map((bounds) => bounds.find((b) => constantOf(b) !== null));
  return lo === undefined || hi === undefined ? context : withRange(context, loop.index, { lo, hi });
}

/** The bounds that no other one implies. */
function needed(bounds: readonly Affine[], implies: (a: Affine, b: Affine) => boolean): readonly Affine[] {
  return bounds.reduce<readonly Affine[]>((kept, b, n) => {
    const others = [...kept, ...bounds.slice(n + 1)];
    return others.some((other) => implies(other, b)) ? kept : [...kept, b];
  }, []);
}
