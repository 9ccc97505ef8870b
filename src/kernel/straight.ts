// Straight-line form: all equations in one function, all loops but that over the samples unrolled, intermediates in
// local variables.

import { constantOf, index, integer } from '../algebra/affine.ts';
import { type EntryAt, nameAccumulators } from './accumulators.ts';
import { openBranches } from './branches.ts';
import { type Block, type KnownNames, singleAssignment, tidy } from './collapse.ts';
import { zeroFills } from './fill.ts';
import { eachFormulaOnce } from './formulas.ts';
import { fuseSamples } from './fuse.ts';
import { type Namer, newNamer } from './names.ts';
import { type Buffer, isLiteral, literal, type Routine, type Scalar, type Statement } from './program.ts';
import { replaceByLocals, type EntryName } from './registers.ts';
import { shareScalars } from './share.ts';
import { renameIn, renameScalar, unroll } from './unroll.ts';
import { visitStatements } from './rebuild.ts';

export interface StraightSource {
  readonly name: string;
  readonly comment: readonly string[];
  /** What all equations do, one after the other. */
  readonly statements: readonly Statement[];
  readonly buffers: readonly Buffer[];
  readonly result: Scalar;
  readonly entryName: EntryName;
  readonly namer: Namer;
}

export function straightRoutine(source: StraightSource): Routine {
  const { namer } = source;
  const buffers = new Map(source.buffers.map((b) => [b.name, b]));
  const gradients = new Set(source.buffers.filter((b) => b.kind === 'gradient').map((b) => b.name));
  const kept = source.statements.filter((st) => !isZeroFill(st, gradients));
  const fused = eachFormulaOnce(fuseSamples(unroll(kept, namer), buffers));
  const { block: inLocals, entries } = replaceByLocals({ statements: fused, result: source.result }, source.buffers, source.entryName, namer);
  const block = singleAssignment(inLocals, namer, entries);
  const shared = openBranches(shareScalars(tidy(block, entries).statements, namer), namer);
  const entryAt: EntryAt = (name, at) => {
    const [buffer, offset] = [buffers.get(name), constantOf(at)];
    return buffer === undefined || offset === null ? null : source.entryName(buffer, offset);
  };
  const { block: named, names } = nameAccumulators(tidy({ ...block, statements: shared }, entries), entries, entryAt, namer);
  const tidied = renumber(named, names, buffers);
  const body = kept.length < source.statements.length ? [...zeroGradient(source.buffers), ...tidied.statements] : tidied.statements;
  return { name: source.name, comment: source.comment, body, result: tidied.result };
}

/** Loops around gradient[…] = 0. */
function isZeroFill(st: Statement, gradients: ReadonlySet<string>): boolean {
  if (st.kind === 'store') return st.operator === '=' && gradients.has(st.buffer) && isLiteral(st.value, 0);
  return st.kind === 'loop' && st.body.length > 0 && st.body.every((inner) => isZeroFill(inner, gradients));
}

/** Numbers the variables that passes have made in the order in which they stand. */
function renumber(block: Block, known: KnownNames, buffers: ReadonlyMap<string, Buffer>): Block {
  const namer = newNamer((name) => known.has(name) || buffers.has(name));
  const names = new Map<string, string>();
  visitStatements(block.statements, (st) => {
    if (st.kind === 'let' && !known.has(st.name)) names.set(st.name, namer.fresh(st.name.replace(/_\d+$/, '')));
  });
  return { statements: renameIn(block.statements, names), result: block.result === null ? null : renameScalar(block.result, names) };
}

/** Zeros for all gradients at once: they lie side by side. */
function zeroGradient(buffers: readonly Buffer[]): readonly Statement[] {
  const entries = buffers.reduce((sum, b) => (b.kind === 'gradient' ? sum + b.entries : sum), 0);
  const store: Statement = { kind: 'store', buffer: 'gradient', at: index('n'), operator: '=', value: literal(0) };
  return zeroFills([{ kind: 'loop', index: 'n', from: [integer(0)], to: [integer(entries - 1)], descending: false, body: [store] }]);
}
