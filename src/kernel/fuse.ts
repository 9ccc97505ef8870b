// Loop fusion over the samples: what all equations do for one sample is done in one loop, as far as no equation needs
// what an earlier one has summed over all samples.

import { type Affine, coefficientOf, index, subtractAffine, scaleAffine } from '../algebra/affine.ts';
import type { Buffer, Statement, StatementOf } from './program.ts';
import { type Effects, effects, mapStatements, replaceIndices, visitScalars, visitStatements } from './rebuild.ts';

interface Group {
  /** What comes before the loop, in the loop, and after it. */
  readonly before: Statement[];
  readonly body: Statement[];
  readonly after: Statement[];
  readonly loop: StatementOf<'loop'>;
}

export function fuseSamples(statements: readonly Statement[], buffers: ReadonlyMap<string, Buffer>): readonly Statement[] {
  const result: Statement[] = [];
  let group: Group | null = null;
  let comments: Statement[] = [];
  const close = (): void => {
    if (group !== null) result.push(...group.before, { ...group.loop, body: group.body }, ...group.after);
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
      const aligned: Statement = group === null ? st : renamed(st, group.loop.index);
      const body = aligned.kind === 'loop' ? aligned.body : [];
      if (group !== null && sameBounds(group.loop, st) && joins(group, body, buffers)) group.body.push(...said, ...body);
      else {
        close();
        group = { before: [], body: [...said, ...st.body], after: [], loop: st };
      }
    } else if (group === null) result.push(...said, st);
    else if (independent(effects([st]), effects([...group.body, ...group.after]))) group.before.push(...said, st);
    else group.after.push(...said, st);
  }
  close();
  return [...result, ...comments];
}

const renamed = (loop: StatementOf<'loop'>, name: string): Statement =>
  ({ ...loop, index: name, body: mapStatements(loop.body, replaceIndices(new Map([[loop.index, index(name)]]))) });

const sameBounds = (a: StatementOf<'loop'>, b: StatementOf<'loop'>): boolean =>
  !a.descending && !b.descending && JSON.stringify([a.from, a.to]) === JSON.stringify([b.from, b.to]);

/** Whether neither writes what the other reads or writes. */
const independent = (a: Effects, b: Effects): boolean =>
  [...a.writes].every((w) => !b.reads.has(w) && !b.writes.has(w)) && [...a.reads].every((r) => !b.writes.has(r));

/** Whether a loop body can run in each round of the group's loop, after what runs there already. */
function joins(group: Group, body: readonly Statement[], buffers: ReadonlyMap<string, Buffer>): boolean {
  const own = effects(body);
  if (!independent(own, effects(group.after))) return false;
  const shared = [...own.writes, ...own.reads].filter((r) => {
    const there = effects(group.body);
    return there.writes.has(r) || (own.writes.has(r) && there.reads.has(r));
  });
  return shared.every((resource) => {
    const buffer = resource.startsWith('b:') ? buffers.get(resource.slice(2)) : undefined;
    return buffer?.perSample === true && staysInSample([...group.body, ...body], buffer, group.loop.index);
  });
}

/** Whether every access to the buffer lies within the entries of the loop's own sample. */
export function staysInSample(statements: readonly Statement[], buffer: Buffer, sample: string): boolean {
  let stays = true;
  const look = (at: Affine): void => {
    const rest = subtractAffine(at, scaleAffine(index(sample), buffer.entries));
    if (coefficientOf(rest, { kind: 'index', name: sample }) !== 0 || rest.terms.length > 0) stays = false;
    if (rest.constant < 0 || rest.constant >= buffer.entries) stays = false;
  };
  visitStatements(statements, (st) => {
    if (st.kind === 'store' && st.buffer === buffer.name) look(st.at);
  });
  visitScalars(statements, (e) => {
    if (e.kind === 'load' && e.buffer === buffer.name) look(e.at);
  });
  return stays;
}

