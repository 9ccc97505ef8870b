// Unrolling: loops between numbers become copies of their bodies, each with the index's value put in and with local
// variables of its own. Loops over the samples stay.

import { constantOf, integer } from '../algebra/affine.ts';
import type { Namer } from './names.ts';
import { decideCondition, type Scalar, type Statement, type StatementOf } from './program.ts';
import { mapBodies, type Mapping, mapScalar, mapStatements, replaceIndices, visitStatements } from './rebuild.ts';

export function unroll(statements: readonly Statement[], namer: Namer): readonly Statement[] {
  return statements.flatMap((st): readonly Statement[] => {
    switch (st.kind) {
      case 'comment': case 'let': case 'set': case 'store': case 'fill': case 'pin': return [st];
      case 'if': {
        const truth = decideCondition(st.test);
        return truth === null ? [mapBodies(st, (body) => unroll(body, namer))] : unroll(truth ? st.body : st.otherwise, namer);
      }
      case 'loop': return unrollLoop(st, namer);
    }
  });
}

function unrollLoop(loop: StatementOf<'loop'>, namer: Namer): readonly Statement[] {
  const from = loop.from.map(constantOf);
  const to = loop.to.map(constantOf);
  if (from.includes(null) || to.includes(null)) return [{ ...loop, body: unroll(loop.body, namer) }];
  const lo = Math.max(...from.map((x) => x ?? 0));
  const hi = Math.min(...to.map((x) => x ?? 0));
  const values = Array.from({ length: Math.max(0, hi - lo + 1) }, (_, n) => (loop.descending ? hi - n : lo + n));
  return values.flatMap((value, n) => {
    const put = mapStatements(loop.body, replaceIndices(new Map([[loop.index, integer(value)]])));
    return unroll(n === 0 ? put : renameLocals(put, namer), namer);
  });
}

/** The statements with new names for the variables that they declare. */
export function renameLocals(statements: readonly Statement[], namer: Namer): readonly Statement[] {
  const names = new Map<string, string>();
  visitStatements(statements, (st) => {
    if (st.kind === 'let') names.set(st.name, namer.fresh(st.name.replace(/_\d+$/, '')));
  });
  return renameIn(statements, names);
}

export function renameIn(statements: readonly Statement[], names: ReadonlyMap<string, string>): readonly Statement[] {
  const rename = (all: readonly Statement[]): readonly Statement[] => all.map((st): Statement => {
    switch (st.kind) {
      case 'let': case 'set': return { ...st, name: names.get(st.name) ?? st.name };
      case 'loop': case 'if': return mapBodies(st, rename);
      case 'comment': case 'store': case 'fill': case 'pin': return st;
    }
  });
  return rename(mapStatements(statements, renaming(names)));
}

const renaming = (names: ReadonlyMap<string, string>): Mapping =>
  ({ scalar: (e) => (e.kind === 'local' ? { ...e, name: names.get(e.name) ?? e.name } : e) });

export const renameScalar = (e: Scalar, names: ReadonlyMap<string, string>): Scalar => mapScalar(e, renaming(names));
