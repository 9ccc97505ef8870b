// Names of accumulators in straight-line code: what is added up to become one entry has that entry's name.

import type { Affine } from '../algebra/affine.ts';
import type { Block, KnownNames } from './collapse.ts';
import type { Namer } from './names.ts';
import type { Scalar } from './program.ts';
import { visitScalar, visitScalars } from './rebuild.ts';
import { renameIn, renameScalar } from './unroll.ts';

/** Names the entry of a buffer at a subscript, null where there is no such name. */
export type EntryAt = (buffer: string, at: Affine) => string | null;

/** Renames each variable that is read once, for a constant that readers know or for an entry. */
export function nameAccumulators({ statements, result }: Block, known: KnownNames, entryAt: EntryAt, namer: Namer): { block: Block; names: KnownNames } {
  const reads = new Map<string, number>();
  const count = (e: Scalar): void => {
    if (e.kind === 'local') reads.set(e.name, (reads.get(e.name) ?? 0) + 1);
  };
  visitScalars(statements, count);
  if (result !== null) visitScalar(result, count);
  const sums = new Set(statements.flatMap((st) => (st.kind === 'let' && st.mutable && !known.has(st.name) && reads.get(st.name) === 1 ? [st.name] : [])));
  const names = new Map<string, string>();
  const kept = statements.filter((st) => {
    if ((st.kind !== 'let' && st.kind !== 'store') || st.value.kind !== 'local' || !sums.has(st.value.name)) return true;
    if (st.kind === 'let') {
      if (st.mutable || !known.has(st.name)) return true;
      names.set(st.value.name, st.name);
      return false;
    }
    const entry = st.operator === '=' ? entryAt(st.buffer, st.at) : null;
    if (entry !== null) names.set(st.value.name, namer.fresh(entry));
    return true;
  });
  return {
    block: { statements: renameIn(kept, names), result: result === null ? null : renameScalar(result, names) },
    names: new Set([...known, ...names.values()]),
  };
}
