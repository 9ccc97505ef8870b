// Straight-line code in single-assignment form: `v = 0; v += p; v += q` becomes `const v = p + q` where it is complete;
// copies and what nobody reads disappear.

import type { Namer } from './names.ts';
import { addScalars, local, type Scalar, type Statement } from './program.ts';
import { renameIn, renameScalar } from './unroll.ts';
import { bodiesOf, effects, mapBodies, mapScalar, mapStatements, statementScalars, visitScalar, visitScalars, visitStatements } from './rebuild.ts';

export interface Block {
  readonly statements: readonly Statement[];
  /** What is read after the statements. */
  readonly result: Scalar | null;
}

/** Names that readers know (entries of tensors): they stay even where they are copies, or are used once. */
export type KnownNames = ReadonlySet<string>;

/** The block, and the blocks in it, in single-assignment form. */
export function singleAssignment(block: Block, namer: Namer, known: KnownNames): Block {
  const inner = withBodies(block, (b) => singleAssignment(b, namer, known));
  return dropUnread(propagateCopies(collapse(inner, namer), known));
}

/** Without copies, and with what is used once put where it is used, names that readers know excepted. */
export function tidy(block: Block, known: KnownNames): Block {
  const inner = withBodies(block, (b) => tidy(b, known));
  return dropUnread(inlineSingleUses(propagateCopies(inner, known), known));
}

const withBodies = (block: Block, f: (inner: Block) => Block): Block => ({
  ...block,
  statements: block.statements.map((st) => mapBodies(st, (statements) => f({ statements, result: null }).statements)),
});

/** One value of a variable: what is added up to it, and where it is complete. */
interface Version {
  /** A name of its own until it is known whether it is the variable's last value. */
  readonly name: string;
  readonly variable: string;
  readonly start: Scalar;
  readonly terms: Scalar[];
  last: number;
  read: boolean;
}

/** Gives each value of a variable that is set in this block only a constant of its own; the last keeps its name. */
function collapse({ statements, result }: Block, namer: Namer): Block {
  const written = new Set([...effects(statements).writes].filter((w) => w.startsWith('b:')));
  const nested = setsBelow(statements);
  const eligible = new Set(statements.flatMap((st) => (st.kind === 'let' && st.mutable && !nested.has(st.name) ? [st.name] : [])));
  const current = new Map<string, Version>();
  const finished = new Map<number, Version[]>();
  const kept = new Map<number, Statement>();
  const close = (v: Version): void => {
    finished.set(v.last, [...(finished.get(v.last) ?? []), v]);
  };
  const begin = (variable: string, start: Scalar, last: number): void => {
    current.set(variable, { name: `${variable} (${String(last)})`, variable, start, terms: [], last, read: false });
  };
  const one = (x: Scalar): Scalar => {
    const version = x.kind === 'local' ? current.get(x.name) : undefined;
    if (version === undefined) return x;
    version.read = true;
    return local(version.name);
  };
  const reading = (e: Scalar): Scalar => mapScalar(e, { scalar: one });
  const set = (at: number, name: string, add: boolean, given: Scalar): void => {
    let value = reading(given);
    if (loads(value, written)) {
      // It is completed later, when the entry may have another value.
      const now = namer.fresh('then');
      kept.set(at, { kind: 'let', name: now, mutable: false, value });
      value = local(now);
    }
    const before = current.get(name);
    if (add && before !== undefined && !before.read) {
      before.terms.push(value);
      before.last = at;
      return;
    }
    if (before?.read === true) close(before);
    begin(name, add && before !== undefined ? addScalars([local(before.name), value]) : value, at);
  };
  for (const [at, st] of statements.entries()) {
    switch (st.kind) {
      case 'comment': case 'fill': kept.set(at, st); break;
      case 'pin': kept.set(at, { ...st, value: reading(st.value) }); break;
      case 'loop': case 'if': mapStatements([st], { scalar: one }).forEach((mapped) => kept.set(at, mapped)); break;
      case 'store': kept.set(at, { ...st, value: reading(st.value) }); break;
      case 'let':
        if (eligible.has(st.name)) begin(st.name, st.value, at);
        else kept.set(at, { ...st, value: reading(st.value) });
        break;
      case 'set':
        if (eligible.has(st.name)) set(at, st.name, st.operator === '+=', st.value);
        else kept.set(at, { ...st, value: reading(st.value) });
    }
  }
  const read = result === null ? null : reading(result);
  for (const v of current.values()) if (v.read) close(v);
  const names = new Map<string, string>();
  for (const v of [...finished.values()].flat()) names.set(v.name, current.get(v.variable) === v ? v.variable : namer.fresh('part'));
  const renamed = (e: Scalar): Scalar => (e.kind === 'local' ? local(names.get(e.name) ?? e.name) : e);
  const collapsed = statements.flatMap((_, at) => {
    const st = kept.get(at);
    const values = (finished.get(at) ?? []).map((v): Statement =>
      ({ kind: 'let', name: names.get(v.name) ?? v.name, mutable: false, value: addScalars([v.start, ...v.terms]) }));
    return st === undefined ? values : [st, ...values];
  });
  return { statements: mapStatements(collapsed, { scalar: renamed }), result: read === null ? null : mapScalar(read, { scalar: renamed }) };
}

function loads(e: Scalar, buffers: ReadonlySet<string>): boolean {
  let found = false;
  visitScalar(e, (x) => {
    found ||= x.kind === 'load' && buffers.has(`b:${x.buffer}`);
  });
  return found;
}

/** Variables that are set inside loops or branches of the block. */
function setsBelow(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const st of statements) {
    for (const body of bodiesOf(st)) for (const w of effects(body).writes) if (w.startsWith('l:')) names.add(w.slice(2));
  }
  return names;
}

/**
 * const v = w, const v = 2: the name goes, the value stays. Where readers know v and not w, w takes its name.
 */
function propagateCopies({ statements, result }: Block, known: KnownNames): Block {
  const values = new Map<string, Scalar>();
  const names = new Map<string, string>();
  const constants = new Set(statements.flatMap((st) => (st.kind === 'let' && !st.mutable ? [st.name] : [])));
  const scalar = (e: Scalar): Scalar => (e.kind === 'local' ? (values.get(e.name) ?? e) : e);
  const kept = statements.flatMap((st): readonly Statement[] => {
    const [mapped] = mapStatements([st], { scalar });
    if (mapped === undefined) return [];
    if (mapped.kind !== 'let' || mapped.mutable) return [mapped];
    const { name, value } = mapped;
    if (value.kind === 'literal') {
      values.set(name, value);
      return [];
    }
    if (value.kind !== 'local') return [mapped];
    if (known.has(name) && !known.has(value.name)) {
      if (!constants.has(value.name) || names.has(value.name)) return [mapped];
      names.set(value.name, name);
    }
    values.set(name, value);
    return [];
  });
  return {
    statements: renameIn(kept, names),
    result: result === null ? null : renameScalar(mapScalar(result, { scalar }), names),
  };
}

/** Constants of the block that are used once in it, and read no buffer that it writes, go where they are used. */
function inlineSingleUses({ statements, result }: Block, known: KnownNames): Block {
  const written = effects(statements).writes;
  const uses = new Map<string, number>();
  const count = (weight: number) => (e: Scalar): void => visitScalar(e, (x) => {
    if (x.kind === 'local') uses.set(x.name, (uses.get(x.name) ?? 0) + weight);
  });
  for (const st of statements) {
    statementScalars(st).forEach(count(1));
    // A use inside a loop counts as many.
    for (const body of bodiesOf(st)) visitScalars(body, (e) => e.kind === 'local' && count(2)(e));
  }
  if (result !== null) count(2)(result);
  const values = new Map<string, Scalar>();
  const scalar = (e: Scalar): Scalar => (e.kind === 'local' ? (values.get(e.name) ?? e) : e);
  const mutable = new Set(statements.flatMap((st) => (st.kind === 'let' && st.mutable ? [st.name] : [])));
  const movable = (e: Scalar): boolean => {
    let free = true;
    visitScalar(e, (x) => {
      if (x.kind === 'load' && written.has(`b:${x.buffer}`)) free = false;
      if (x.kind === 'local' && (mutable.has(x.name) || !declaredHere.has(x.name)) && written.has(`l:${x.name}`)) free = false;
    });
    return free;
  };
  const declaredHere = new Set(statements.flatMap((st) => (st.kind === 'let' ? [st.name] : [])));
  const kept = statements.flatMap((st): readonly Statement[] => {
    const [mapped] = mapStatements([st], { scalar });
    if (mapped === undefined) return [];
    if (mapped.kind === 'let' && !mapped.mutable && !known.has(mapped.name) && uses.get(mapped.name) === 1 && movable(mapped.value)) {
      values.set(mapped.name, mapped.value);
      return [];
    }
    return [mapped];
  });
  return { statements: kept, result };
}

/** Without constants that nothing reads. */
function dropUnread({ statements, result }: Block): Block {
  const needed = new Set<string>();
  const need = (e: Scalar): void => visitScalar(e, (x) => {
    if (x.kind === 'local') needed.add(x.name);
  });
  if (result !== null) need(result);
  const kept = [...statements].reverse().filter((st) => {
    if (st.kind === 'let' && !st.mutable && !needed.has(st.name)) return false;
    if (st.kind === 'loop' || st.kind === 'if') {
      visitStatements([st], (inner) => {
        if (inner.kind === 'set') needed.add(inner.name);
        statementScalars(inner).forEach(need);
      });
    }
    if (st.kind === 'set') needed.add(st.name);
    statementScalars(st).forEach(need);
    return true;
  });
  return { statements: kept.reverse(), result };
}

