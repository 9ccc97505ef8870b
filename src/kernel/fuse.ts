// Loop fusion over the samples: what all equations do for one sample is done in one loop, as far as no equation needs
// what an earlier one has summed over all samples.

import { type Affine, constantOf, index, scaleAffine, subtractAffine } from '../algebra/affine.ts';
import type { Buffer, Statement, StatementOf } from './program.ts';
import {
  type Effects, effects, mapBodies, mapStatements, numberedBuffers, replaceIndices, visitScalars, visitStatements,
} from './rebuild.ts';

/** What comes before a loop over the samples, in it, and after it; with what each part reads and writes. */
interface Group {
  readonly loop: StatementOf<'loop'>;
  readonly before: Part;
  readonly body: Part;
  readonly after: Part;
}

interface Part {
  readonly statements: Statement[];
  readonly reads: Set<string>;
  readonly writes: Set<string>;
}

const newPart = (): Part => ({ statements: [], reads: new Set(), writes: new Set() });

function extend(part: Part, statements: readonly Statement[], by: Effects): void {
  part.statements.push(...statements);
  for (const r of by.reads) part.reads.add(r);
  for (const w of by.writes) part.writes.add(w);
}

export function fuseSamples(statements: readonly Statement[], buffers: ReadonlyMap<string, Buffer>): readonly Statement[] {
  const entrywise = numberedBuffers(statements);
  const result: Statement[] = [];
  let group: Group | null = null;
  let comments: Statement[] = [];
  const close = (): void => {
    if (group !== null) result.push(...group.before.statements, { ...group.loop, body: group.body.statements }, ...group.after.statements);
    group = null;
  };
  for (const st of statements) {
    if (st.kind === 'comment') {
      comments.push(st);
      continue;
    }
    const said = comments;
    comments = [];
    if (st.kind === 'loop') {
      const body: readonly Statement[] = group === null ? st.body : withIndex(st, group.loop.index);
      const own = effects(body, entrywise);
      if (group === null || !sameBounds(group.loop, st) || !joins(group, body, own, buffers)) {
        close();
        group = { loop: st, before: newPart(), body: newPart(), after: newPart() };
        extend(group.body, [...said, ...st.body], effects(st.body, entrywise));
      } else extend(group.body, [...said, ...body], own);
      continue;
    }
    const own = effects([st], entrywise);
    if (group === null) result.push(...said, st);
    else extend(independent(own, group.body) && independent(own, group.after) ? group.before : group.after, [...said, st], own);
  }
  close();
  return [...result, ...comments];
}

/** The loop's body with another name for its index; what has that name inside gets the loop's own in exchange, so that neither hides the other. */
function withIndex(loop: StatementOf<'loop'>, name: string): readonly Statement[] {
  const exchanged = new Map([[loop.index, name], [name, loop.index]]);
  const binders = (all: readonly Statement[]): readonly Statement[] => all.map((st): Statement => {
    const below = mapBodies(st, binders);
    return below.kind === 'loop' || below.kind === 'pin' ? { ...below, index: exchanged.get(below.index) ?? below.index } : below;
  });
  return binders(mapStatements(loop.body, replaceIndices(new Map([...exchanged].map(([from, to]) => [from, index(to)])))));
}

const sameBounds = (a: StatementOf<'loop'>, b: StatementOf<'loop'>): boolean =>
  !a.descending && !b.descending && JSON.stringify([a.from, a.to]) === JSON.stringify([b.from, b.to]);

/** Whether neither writes what the other reads or writes. */
const independent = (a: Effects, b: Effects): boolean =>
  [...a.writes].every((w) => !b.reads.has(w) && !b.writes.has(w)) && [...a.reads].every((r) => !b.writes.has(r));

/** Whether a loop body can run in each round of the group's loop, after what runs there already. */
function joins(group: Group, body: readonly Statement[], own: Effects, buffers: ReadonlyMap<string, Buffer>): boolean {
  if (!independent(own, group.after)) return false;
  const shared = [...own.writes].filter((w) => group.body.reads.has(w) || group.body.writes.has(w));
  const both = new Set([...shared, ...[...own.reads].filter((r) => group.body.writes.has(r))]);
  return [...both].every((resource) => {
    const buffer = resource.startsWith('b:') ? buffers.get(resource.slice(2)) : undefined;
    return buffer?.perSample === true && staysInSample(body, buffer, group.loop.index)
      && staysInSample(group.body.statements, buffer, group.loop.index);
  });
}

/** Whether every access to the buffer lies within the entries of the loop's own sample. */
export function staysInSample(statements: readonly Statement[], buffer: Buffer, sample: string): boolean {
  let stays = true;
  const look = (at: Affine): void => {
    const rest = constantOf(subtractAffine(at, scaleAffine(index(sample), buffer.entries)));
    if (rest === null || rest < 0 || rest >= buffer.entries) stays = false;
  };
  visitStatements(statements, (st) => {
    if (st.kind === 'store' && st.buffer === buffer.name) look(st.at);
  });
  visitScalars(statements, (e) => {
    if (e.kind === 'load' && e.buffer === buffer.name) look(e.at);
  });
  return stays;
}
