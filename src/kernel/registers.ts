// Scalar replacement: entries of buffers that live and die within one sample become local variables.

import { addAffine, type Affine, constantOf, index, integer, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import type { Namer } from './names.ts';
import { type Buffer, local, type Statement, type StatementOf } from './program.ts';
import type { Block } from './collapse.ts';
import { effects, type Mapping, mapBodies, mapScalar, mapStatements, numberedBuffers } from './rebuild.ts';
import { staysInSample } from './fuse.ts';

/** Names the entry of a buffer at a flat offset. */
export type EntryName = (buffer: Buffer, offset: number) => string;

/** Puts local variables in the place of intermediates; what crosses from one loop over the samples to another stays. */
export function replaceByLocals(
  { statements, result }: Block, buffers: readonly Buffer[], nameOf: EntryName, namer: Namer,
): { readonly block: Block; readonly entries: ReadonlySet<string> } {
  const inner = buffers.filter((b) => b.kind === 'forward' || b.kind === 'adjoint' || b.kind === 'scratch' || b.kind === 'total');
  const loops = statements.filter((st) => st.kind === 'loop');
  const uses = new Map(loops.map((l) => [l, touched([l])]));
  const outside = touched(statements.filter((st) => st.kind !== 'loop'));
  const numbered = numberedBuffers(statements);
  const shared = inner.filter((b) => !b.perSample && numbered.has(b.name));
  const names = new Map<string, string>();
  const nameAt = (b: Buffer, offset: number): string => {
    const key = `${b.name}[${String(offset)}]`;
    // A buffer that is replaced leaves its name to its only entry.
    const wanted = nameOf(b, offset);
    const known = names.get(key) ?? (wanted === b.name ? wanted : namer.fresh(wanted));
    names.set(key, known);
    return known;
  };
  const throughout = declared(shared, nameAt, touched(statements));
  const inLoops = statements.map((st): Statement => {
    if (st.kind !== 'loop') return st;
    const own = inner.filter((b) => b.perSample && !outside.has(b.name)
      && loops.every((l) => l === st || uses.get(l)?.has(b.name) !== true)
      && uses.get(st)?.has(b.name) === true && staysInSample(st.body, b, st.index));
    const given = buffers.filter((b) => (b.kind === 'input' || b.kind === 'target') && uses.get(st)?.has(b.name) === true && staysInSample(st.body, b, st.index));
    const body = replace(st.body, [...own, ...given], nameAt, st);
    return { ...st, body: [...declared(own, nameAt, uses.get(st) ?? new Set()), ...loaded(given, nameAt, st.index), ...body] };
  });
  return {
    block: {
      statements: [...throughout, ...replace(inLoops, shared, nameAt, null)],
      result: result === null ? null : mapScalar(result, entriesAsLocals(shared, nameAt, null)),
    },
    entries: new Set(names.values()),
  };
}

/** let entry = 0 for every entry: later passes drop what is never needed. */
const declared = (
  buffers: readonly Buffer[], nameAt: EntryLocal, used: ReadonlySet<string>,
): readonly Statement[] => buffers.filter((b) => used.has(b.name)).flatMap((b) => Array.from({ length: b.entries }, (_, n): Statement =>
  ({ kind: 'let', name: nameAt(b, n), mutable: true, value: { kind: 'literal', value: 0 } })));

/** const x_1 = input[…] for every entry of the sample. */
const loaded = (buffers: readonly Buffer[], nameAt: EntryLocal, sample: string): readonly Statement[] =>
  buffers.flatMap((b) => Array.from({ length: b.entries }, (_, n): Statement => ({
    kind: 'let', name: nameAt(b, n), mutable: false,
    value: { kind: 'load', buffer: b.name, at: addAffine(scaleAffine(index(sample), b.entries), integer(n)) },
  })));

type EntryLocal = (b: Buffer, offset: number) => string;

/** The entry of the loop's sample, or of all. */
const offsetIn = (b: Buffer, at: Affine, loop: StatementOf<'loop'> | null): number =>
  constantOf(loop === null ? at : subtractAffine(at, scaleAffine(index(loop.index), b.entries))) ?? 0;

function entriesAsLocals(all: readonly Buffer[], nameAt: EntryLocal, loop: StatementOf<'loop'> | null): Mapping {
  const byName = new Map(all.map((b) => [b.name, b]));
  return {
    scalar: (e) => {
      const b = e.kind === 'load' ? byName.get(e.buffer) : undefined;
      return e.kind === 'load' && b !== undefined ? local(nameAt(b, offsetIn(b, e.at, loop))) : e;
    },
  };
}

function replace(
  statements: readonly Statement[], all: readonly Buffer[], nameAt: EntryLocal, loop: StatementOf<'loop'> | null,
): readonly Statement[] {
  const byName = new Map(all.map((b) => [b.name, b]));
  const stores = (list: readonly Statement[]): readonly Statement[] => list.map((st): Statement => {
    if (st.kind === 'loop' || st.kind === 'if') return mapBodies(st, stores);
    const b = st.kind === 'store' ? byName.get(st.buffer) : undefined;
    return st.kind === 'store' && b !== undefined
      ? { kind: 'set', name: nameAt(b, offsetIn(b, st.at, loop)), operator: st.operator, value: st.value } : st;
  });
  return stores(mapStatements(statements, entriesAsLocals(all, nameAt, loop)));
}

/** The buffers that statements read or write. */
function touched(statements: readonly Statement[]): ReadonlySet<string> {
  const { reads, writes } = effects(statements);
  return new Set([...reads, ...writes].filter((r) => r.startsWith('b:')).map((r) => r.slice(2)));
}
