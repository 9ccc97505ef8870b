// A pinned index is declared once in a block, however many of its nests need it.

import type { Statement } from './program.ts';
import { mapBodies } from './rebuild.ts';

/** Every index has one value wherever it is in scope: what is declared already is left out. */
export function pinnedOnce(statements: readonly Statement[], above: ReadonlySet<string> = new Set()): readonly Statement[] {
  const known = new Set(above);
  return statements.flatMap((st): readonly Statement[] => {
    if (st.kind !== 'pin') return [mapBodies(st, (body) => pinnedOnce(body, known))];
    // The index of a scatter is its output's, with another value in every nest.
    if (!st.index.includes('@')) return [st];
    if (known.has(st.index)) return [];
    known.add(st.index);
    return [st];
  });
}
