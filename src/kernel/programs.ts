// From assignments to loop programs: each is lowered by itself, then stands in a routine of its own (loops), or all
// together make one routine (straight-line).

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Backward } from '../derive/backward.ts';
import type { Network } from '../spec/network.ts';
import { openBranches } from './branches.ts';
import { zeroFills } from './fill.ts';
import { withFormula } from './formulas.ts';
import { lower } from './lower.ts';
import { newLowering } from './lowering.ts';
import { type Hoisting, moveInvariants } from './motion.ts';
import type { Namer } from './names.ts';
import type { Assignment } from './prepare.ts';
import type { Buffer, LoopProgram, Routine, Scalar, Statement } from './program.ts';
import { integerRanges } from './integers.ts';
import { effects } from './rebuild.ts';
import { stageStatements } from './recurrence.ts';
import type { EntryName } from './registers.ts';
import { shareScalars } from './share.ts';
import { splitAxes } from './split.ts';
import { backwardWork, forwardWork, outputCopies, type Work, type Writing } from './stages.ts';
import { referenceKey } from './storage.ts';
import { pinnedOnce } from './pinned-once.ts';
import { tightBounds } from './tight.ts';
import { straightRoutine } from './straight.ts';

/** An equation, or a recurrence, as statements. */
export interface Piece {
  readonly tensors: readonly Tensor[];
  /** The name of its routine. */
  readonly name: string;
  readonly comment: readonly string[];
  readonly body: readonly Statement[];
  /** Knows all names in it. */
  readonly locals: Namer;
}

export interface Lowered {
  readonly writing: Writing;
  readonly forward: readonly Piece[];
  readonly backward: readonly Piece[];
  readonly buffers: readonly Buffer[];
  readonly namer: Namer;
  /** Names local variables, unique among all pieces. */
  readonly locals: Namer;
}

/** @param together whether all pieces share one function, so that no two may use the same local variable. */
export function lowerAll(network: Network, writing: Writing, adjoints: Backward, namer: Namer, together: boolean): Lowered {
  const forward = forwardWork(writing);
  const copies = outputCopies(writing, network);
  const scratch: Buffer[] = [];
  const all = [...forward, ...backwardWork(writing, adjoints)];
  const names = new Map(all.map((work) => [work, namer.fresh(work.purpose)]));
  const common = namer.scope();
  const hoisting = hoistingOf(writing, together);
  const integers = integerRanges(writing.system);
  const pieceOf = (work: Work, extra: readonly Assignment[]): Piece => {
    const locals = together ? common : namer.scope();
    const lowering = newLowering(writing.storage.placements, locals, namer, integers);
    const own = stageStatements(work.stage, writing.system, lowering);
    const copied = extra.flatMap((whole) => splitAxes(whole)).flatMap((part) => lower(part, lowering));
    // What moved out of a loop may stand beside the same index, declared there already.
    const body = tightBounds(pinnedOnce(moveInvariants(pinnedOnce([...own, ...copied]), locals, hoisting)));
    scratch.push(...lowering.scratch());
    return { tensors: work.tensors, name: names.get(work) ?? work.purpose, comment: work.comment, body, locals };
  };
  const copiesAfter = (n: number): readonly Assignment[] => copies.filter(({ tensor }) => {
    const computed = forward.findIndex((w) => w.tensors.some((t) => tensorKey(t) === tensorKey(tensor)));
    return Math.max(computed, 0) === n;
  }).map((c) => c.assignment);
  return {
    writing, namer, locals: common,
    forward: forward.map((work, n) => pieceOf(work, copiesAfter(n))),
    backward: all.slice(forward.length).map((work) => pieceOf(work, [])),
    buffers: [...writing.storage.buffers, ...scratch],
  };
}

/** Loads are named after their tensor and indices: `delta_2_i`. Where loops are unrolled, parameters are read in place. */
function hoistingOf(writing: Writing, unrolled: boolean): Hoisting {
  const placements = [...writing.storage.placements.values()];
  const parameters = new Set(writing.storage.parameters.map((slot) => slot.name));
  return {
    nameOf: (e) => {
      if (e.kind !== 'load') return 'c';
      const where = placements.find((p) => p.buffer === e.buffer && p.offset <= e.at.constant && e.at.constant < p.offset + lengthOf(p.shape));
      const terms = e.at.terms.filter((t) => t.symbol.kind === 'index').sort((a, b) => b.coefficient - a.coefficient);
      const own = where?.perSample === true && terms.length > 1 ? terms.filter((t) => t.coefficient !== where.strides[0]) : terms;
      return own.length === 0 ? 'c' : [where?.name ?? e.buffer, ...own.map((t) => t.symbol.name)].join('_');
    },
    stays: (e) => unrolled && e.kind === 'load' && parameters.has(e.buffer),
  };
}

/** One routine for each equation. */
export function loopProgram(lowered: Lowered): LoopProgram {
  const routine = ({ name, comment, body, locals }: Piece): Routine => {
    const own = locals.scope();
    return { name, comment, body: zeroFills(openBranches(shareScalars(body, own), own)), result: null };
  };
  return { form: 'loops', buffers: lowered.buffers, forward: lowered.forward.map(routine), backward: lowered.backward.map(routine) };
}

/** One routine for forward(), one for backward(), which begins with the forward equations. */
export function straightProgram(lowered: Lowered): LoopProgram {
  const { writing, namer, locals } = lowered;
  const { total } = writing.system;
  const place = total === null ? undefined : writing.storage.placements.get(referenceKey({ tensor: total, adjoint: false }));
  const result: Scalar = { kind: 'load', buffer: place?.buffer ?? '', at: { terms: [], constant: 0 } };
  const all: Buffer = { name: 'gradient', kind: 'gradient', entries: 0, perSample: false, within: { array: 'gradient', offset: 0 } };
  const routine = (name: string, comment: string, pieces: readonly Piece[]): Routine => straightRoutine({
    name: namer.fresh(name), comment: [comment], buffers: [...lowered.buffers, all], result, entryName: entryNames(writing), namer: locals.scope(),
    statements: pieces.flatMap((p) => withFormula(p.comment, p.body)),
  });
  const forward = routine('run_forward', 'The forward pass.', lowered.forward);
  const backward = routine('run_backward', 'The forward pass, and all derivatives.', [...lowered.forward, ...lowered.backward]);
  const used = usedBuffers([forward, backward]);
  const kept = lowered.buffers.filter((b) => used.has(b.name) || !internal(b));
  return { form: 'straight-line', buffers: kept, forward: [forward], backward: [backward] };
}

const internal = (b: Buffer): boolean => b.kind === 'forward' || b.kind === 'adjoint' || b.kind === 'scratch' || b.kind === 'total';

function usedBuffers(routines: readonly Routine[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { reads, writes } of routines.map((r) => effects(r.body))) {
    for (const r of [...reads, ...writes]) if (r.startsWith('b:')) names.add(r.slice(2));
  }
  return names;
}

/** `z_1_2` for z_1[2]: the indices as the spec counts them. */
function entryNames(writing: Writing): EntryName {
  const all = [...writing.storage.placements.values()];
  return (buffer, offset) => {
    const where = all.find((p) => p.buffer === buffer.name && p.offset <= offset && offset < p.offset + lengthOf(p.shape));
    if (where === undefined) return `${buffer.name}_${String(offset)}`;
    const bases = where.perSample ? where.bases.slice(1) : where.bases;
    let rest = offset - where.offset;
    const indices = where.shape.map((_, n) => {
      const stride = lengthOf(where.shape.slice(n + 1));
      const value = Math.floor(rest / stride);
      rest -= value * stride;
      return value + (bases[n] ?? 0);
    });
    return [where.name, ...indices].join('_');
  };
}

const lengthOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
