// A pinned index is declared once in a block, however many of its nests need it, and only where one does.

import { affineIndices } from '../algebra/affine.ts';
import type { Statement } from './program.ts';
import { mapBodies, mapStatements } from './rebuild.ts';

export const pinnedOnce = (statements: readonly Statement[]): readonly Statement[] => whereUsed(firstOnly(statements, new Set()));

/** Every index has one value wherever it is in scope: what is declared already is left out. */
function firstOnly(statements: readonly Statement[], above: ReadonlySet<string>): readonly Statement[] {
  const known = new Set(above);
  return statements.flatMap((st): readonly Statement[] => {
    if (st.kind !== 'pin') return [mapBodies(st, (body) => firstOnly(body, known))];
    // The index of a scatter is its output's, with another value in every nest.
    if (!st.index.includes('@')) return [st];
    if (known.has(st.index)) return [];
    known.add(st.index);
    return [st];
  });
}

/** Without the indices that nothing in their block reads. */
const whereUsed = (statements: readonly Statement[]): readonly Statement[] => statements.reduceRight<readonly Statement[]>((after, st) =>
  (st.kind === 'pin' && !indicesOf(after).has(st.index) ? after : [mapBodies(st, whereUsed), ...after]), []);

function indicesOf(statements: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  mapStatements(statements, {
    affine: (value) => {
      for (const name of affineIndices(value)) found.add(name);
      return value;
    },
  });
  return found;
}
