// emitKernel: a network becomes a module. Equations → assignments → loops → passes → text.

import { tensorKey } from '../algebra/expression.ts';
import type { Backward } from '../derive/backward.ts';
import { kernelBackward } from '../derive/derive.ts';
import { backward as deriveBackward, signalsOf } from '../derive/reverse.ts';
import type { Network, System } from '../spec/network.ts';
import { schedule } from '../spec/schedule.ts';
import { allSamples } from '../spec/samples.ts';
import { MOST_STRAIGHT_OPERATIONS, operationsOf } from './form.ts';
import { keyOf } from './key.ts';
import { moduleText } from './module.ts';
import { fileNameOf, newNamer } from './names.ts';
import type { LoopProgram } from './program.ts';
import { slotResolver } from './slots.ts';
import { describe } from './describe.ts';
import { lowerAll, type Lowered, loopProgram, straightProgram } from './programs.ts';
import { stabilize } from './stability/stabilize.ts';
import type { Writing } from './stages.ts';
import { layStorage, parameterCount } from './storage.ts';

export interface EmitOptions {
  /** By default what is faster for the network's size; loops where stored integers choose entries. */
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

/** The kernel of a network, from its verified derivation. @throws DiagnosticError where the network leaves something open. */
export function emitKernel(network: Network, options: EmitOptions = {}): EmittedKernel {
  const system = allSamples(network);
  if (options.backward !== undefined) return emitSystem(network, system, options);
  const derived = kernelBackward(network);
  const stable = stabilize(system, new Set(network.outputs.map(tensorKey)));
  if (stable.system === system) return emitSystem(network, system, { ...options, backward: derived });
  // The same derivative, of the equations as they are computed; a formula that stays the same is still that of its step.
  const adjoints = deriveBackward(stable.differentiated, signalsOf(network));
  const steps = new Map(derived.equations.map((e) => [keyOf([e.tensor, e.axes, e.value]), e.step]));
  const equations = adjoints.equations.map((e) => ({ ...e, step: steps.get(keyOf([e.tensor, e.axes, e.value])) ?? null }));
  return emitSystem(network, stable.system, { ...options, backward: { ...adjoints, equations } }, stable.remarks);
}

/** The kernel of a network whose system for all samples is given. */
export function emitSystem(network: Network, system: System, options: EmitOptions = {}, remarks: Writing['remarks'] = new Map()): EmittedKernel {
  const adjoints = options.backward ?? deriveBackward(system, signalsOf(network));
  const lowered = (directOutput: boolean): Lowered => {
    const namer = newNamer();
    const storage = layStorage(network, system, namer, { directOutput, adjoints: adjoints.equations.map((e) => e.tensor) });
    const writing: Writing = { system, storage, resolve: slotResolver(system), remarks };
    return lowerAll(network, writing, adjoints, namer, !directOutput);
  };
  const { from, program } = choose(formOf(options.form ?? 'auto', system), network, lowered);
  const source = describe(network, from, program);
  return {
    name: network.name, fileName: fileNameOf(network.name), form: program.form, program,
    typescript: moduleText(source, 'typescript'), javascript: moduleText(source, 'javascript'),
  };
}

/** Entries that stored integers choose have no names of their own, and recurrences are not written out: loops for both. */
function formOf(wanted: 'auto' | 'loops' | 'straight-line', system: System): 'auto' | 'loops' | 'straight-line' {
  if ([...system.declarations.values()].some((d) => d.integer !== undefined)) return 'loops';
  const scheduled = schedule(system.equations);
  const recurrent = scheduled.kind === 'stages' && scheduled.stages.some((s) => s.kind === 'recurrence');
  return recurrent && wanted === 'auto' ? 'loops' : wanted;
}

interface Choice {
  readonly from: Lowered;
  readonly program: LoopProgram;
}

/** Straight-line code where its function stays small enough to be optimised, else loops. */
function choose(wanted: 'auto' | 'loops' | 'straight-line', network: Network, lowered: (directOutput: boolean) => Lowered): Choice {
  if (wanted === 'straight-line' || (wanted === 'auto' && parameterCount(network.system) <= MOST_STRAIGHT_OPERATIONS)) {
    const from = lowered(false);
    const enough = operationsOf([...from.forward, ...from.backward].flatMap((p) => p.body));
    // Fusion, sharing and code motion leave more than half of the operations.
    if (wanted === 'straight-line' || enough <= 2 * MOST_STRAIGHT_OPERATIONS) {
      const program = straightProgram(from);
      const left = Math.max(...program.backward.map((r) => operationsOf(r.body)));
      if (wanted === 'straight-line' || left <= MOST_STRAIGHT_OPERATIONS) return { from, program };
    }
  }
  const from = lowered(true);
  return { from, program: loopProgram(from) };
}
