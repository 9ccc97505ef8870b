// emitKernel: a network becomes a module. Equations → assignments → loops → passes → text.

import { type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Backward } from '../derive/backward.ts';
import { backward as deriveBackward, signalsOf } from '../derive/reverse.ts';
import type { Network } from '../spec/network.ts';
import { allSamples } from '../spec/samples.ts';
import type { Layout, Slot } from './kernel.ts';
import { lower } from './lower.ts';
import { newLowering } from './lowering.ts';
import { moduleText, type ModuleSource } from './module.ts';
import { moveInvariants } from './motion.ts';
import { type Namer, newNamer, tensorName } from './names.ts';
import type { Assignment } from './prepare.ts';
import { recurrenceAxes } from './recurrence.ts';
import type { Buffer, LoopProgram, Routine, Statement } from './program.ts';
import { shareScalars } from './share.ts';
import { slotResolver } from './slots.ts';
import { splitAxes } from './split.ts';
import { backwardWork, forwardWork, outputCopies, type Work, type Writing } from './stages.ts';
import { layStorage, referenceKey, type Storage } from './storage.ts';

export interface EmitOptions {
  readonly form?: 'auto' | 'loops' | 'straight-line';
  /** Adjoint equations to use instead of the derived ones. */
  readonly backward?: Backward;
}

export interface EmittedKernel {
  readonly name: string;
  readonly fileName: string;
  readonly typescript: string;
  /** The same module as JavaScript. */
  readonly javascript: string;
  readonly form: 'loops' | 'straight-line';
  readonly program: LoopProgram;
}

/** The kernel of a network. @throws DiagnosticError where the network leaves something open. */
export function emitKernel(network: Network, options: EmitOptions = {}): EmittedKernel {
  const system = allSamples(network);
  const adjoints = options.backward ?? deriveBackward(system, signalsOf(network));
  const namer = newNamer();
  const storage = layStorage(network, system, namer, { directOutput: true, adjoints: adjoints.equations.map((e) => e.tensor) });
  const writing: Writing = { system, storage, resolve: slotResolver(system) };
  const forward = forwardWork(writing);
  const scratch: Buffer[] = [];
  const copies = outputCopies(writing, network);
  const lowered = (assignments: readonly Assignment[]): readonly Statement[] => {
    const result = lowerAll(assignments, storage, namer);
    scratch.push(...result.scratch);
    return result.body;
  };
  const routine = (work: Work, extra: readonly Assignment[]): Routine =>
    ({ name: namer.fresh(work.purpose), comment: work.comment, body: lowered([work.assignment, ...extra]), result: null });
  const copiesAfter = (n: number): readonly Assignment[] => copies.filter(({ tensor }) => {
    const computed = forward.findIndex((w) => tensorKey(w.tensor) === tensorKey(tensor));
    return Math.max(computed, 0) === n;
  }).map((c) => c.assignment);
  const program: LoopProgram = {
    form: 'loops',
    forward: forward.map((work, n) => routine(work, copiesAfter(n))),
    backward: backwardWork(writing, adjoints).map((work) => routine(work, [])),
    buffers: [...storage.buffers, ...scratch],
  };
  const source = sourceOf(network, writing, program, forward);
  return {
    name: network.name, fileName: `${network.name}.ts`, form: program.form, program,
    typescript: moduleText(source, 'typescript'), javascript: moduleText(source, 'javascript'),
  };
}

function lowerAll(assignments: readonly Assignment[], storage: Storage, buffers: Namer): { body: readonly Statement[]; scratch: readonly Buffer[] } {
  const locals = buffers.scope();
  const lowering = newLowering(storage.placements, locals, buffers);
  const lowered = assignments.flatMap((whole) => splitAxes(whole, recurrenceAxes(whole))).flatMap((a) => lower(a, lowering));
  return { body: shareScalars(moveInvariants(lowered, locals), locals), scratch: lowering.scratch() };
}

function sourceOf(network: Network, { system, storage }: Writing, program: LoopProgram, forward: readonly Work[]): ModuleSource {
  const entries = (slots: readonly Slot[]): number => slots.reduce((sum, s) => sum + s.shape.reduce((a, b) => a * b, 1), 0);
  const layout: Layout = {
    parameters: storage.parameters, input: storage.input, target: storage.target, output: storage.output,
    sizes: {
      parameters: entries(storage.parameters), input: entries(storage.input), target: entries(storage.target), output: entries(storage.output),
    },
  };
  const keyOfTotal = system.total === null ? '' : referenceKey({ tensor: system.total, adjoint: false });
  const stageOf = (tensor: Tensor, stage: number): ModuleSource['stages'][number] => {
    const where = storage.placements.get(referenceKey({ tensor, adjoint: false }));
    const adjoint = storage.placements.get(referenceKey({ tensor, adjoint: true }));
    return {
      name: where?.name ?? tensorName(tensor), tensor: tensor.name, layer: tensor.layer?.offset ?? 0, shape: where?.shape ?? [],
      base: (where?.bases ?? []).slice(where?.perSample === true ? 1 : 0), stage, adjoint: adjoint?.name ?? null,
    };
  };
  const kept = new Set(storage.buffers.filter((b) => b.kind === 'forward' || b.kind === 'adjoint' || b.kind === 'total' || b.kind === 'output').map((b) => b.name));
  return {
    name: network.name, precision: network.precision, layout, program,
    header: headerOf(network, layout),
    total: storage.placements.get(keyOfTotal)?.buffer ?? '',
    tensors: [...storage.placements.values()].filter((p) => kept.has(p.buffer) && p.name !== 'output').map((p) => ({ name: p.name, buffer: p.buffer })),
    stages: program.form === 'straight-line' ? [] : forward.map((work, stage) => stageOf(work.tensor, stage)),
  };
}

function headerOf(network: Network, layout: Layout): readonly string[] {
  const { sizes } = layout;
  const precision = network.precision === 'f64'
    ? 'All numbers are doubles.'
    : 'Stored as 32-bit floats, computed in doubles.';
  return [
    `The kernel of ${network.name}: ${String(sizes.parameters)} parameters, ${String(sizes.input)} inputs, ${String(sizes.output)} outputs. ${precision}`,
    `Generated by backproof from ${network.file}; edit that, not this.`,
  ];
}
