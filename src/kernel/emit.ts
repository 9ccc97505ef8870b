// emitKernel: a network becomes a module. Equations → assignments → loops → passes → text.

import type { Backward } from '../derive/backward.ts';
import { kernelBackward } from '../derive/derive.ts';
import { backward as deriveBackward, signalsOf } from '../derive/reverse.ts';
import type { Network, System } from '../spec/network.ts';
import { allSamples } from '../spec/samples.ts';
import { MOST_STRAIGHT_OPERATIONS, operationsOf } from './form.ts';
import { moduleText } from './module.ts';
import { fileNameOf, newNamer } from './names.ts';
import type { LoopProgram } from './program.ts';
import { slotResolver } from './slots.ts';
import { describe } from './describe.ts';
import { lowerAll, type Lowered, loopProgram, straightProgram } from './programs.ts';
import type { Writing } from './stages.ts';
import { layStorage, parameterCount } from './storage.ts';

export interface EmitOptions {
  /** By default what is faster for the network's size. */
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
export const emitKernel = (network: Network, options: EmitOptions = {}): EmittedKernel =>
  emitSystem(network, allSamples(network), { ...options, backward: options.backward ?? kernelBackward(network) });

/** The kernel of a network whose system for all samples is given. */
export function emitSystem(network: Network, system: System, options: EmitOptions = {}): EmittedKernel {
  const adjoints = options.backward ?? deriveBackward(system, signalsOf(network));
  const lowered = (directOutput: boolean): Lowered => {
    const namer = newNamer();
    const storage = layStorage(network, system, namer, { directOutput, adjoints: adjoints.equations.map((e) => e.tensor) });
    const writing: Writing = { system, storage, resolve: slotResolver(system) };
    return lowerAll(network, writing, adjoints, namer, !directOutput);
  };
  const { from, program } = choose(options.form ?? 'auto', network, lowered);
  const source = describe(network, from, program);
  return {
    name: network.name, fileName: fileNameOf(network.name), form: program.form, program,
    typescript: moduleText(source, 'typescript'), javascript: moduleText(source, 'javascript'),
  };
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
