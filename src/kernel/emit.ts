// emitKernel: a network becomes a module. Equations → assignments → loops → passes → text.

import type { Backward } from '../derive/backward.ts';
import { backward as deriveBackward, signalsOf } from '../derive/reverse.ts';
import type { Network } from '../spec/network.ts';
import { allSamples } from '../spec/samples.ts';
import { MOST_STRAIGHT_OPERATIONS, operationsOf } from './form.ts';
import { moduleText } from './module.ts';
import { newNamer } from './names.ts';
import type { LoopProgram } from './program.ts';
import { slotResolver } from './slots.ts';
import { describe } from './describe.ts';
import { lowerAll, type Lowered, loopProgram, straightProgram } from './programs.ts';
import type { Writing } from './stages.ts';
import { layStorage } from './storage.ts';

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

/** The kernel of a network. @throws DiagnosticError where the network leaves something open. */
export function emitKernel(network: Network, options: EmitOptions = {}): EmittedKernel {
  const system = allSamples(network);
  const adjoints = options.backward ?? deriveBackward(system, signalsOf(network));
  const lowered = (directOutput: boolean): Lowered => {
    const namer = newNamer();
    const storage = layStorage(network, system, namer, { directOutput, adjoints: adjoints.equations.map((e) => e.tensor) });
    const writing: Writing = { system, storage, resolve: slotResolver(system) };
    return lowerAll(network, writing, adjoints, namer, !directOutput);
  };
  const wanted = options.form ?? 'auto';
  const loops = wanted === 'straight-line' ? null : lowered(true);
  const small = loops === null
    || (wanted === 'auto' && operationsOf([...loops.forward, ...loops.backward].flatMap((p) => p.body)) <= MOST_STRAIGHT_OPERATIONS);
  const chosen = small || loops === null ? lowered(false) : loops;
  const program = chosen === loops ? loopProgram(chosen) : straightProgram(chosen);
  const source = describe(network, chosen, program);
  return {
    name: network.name, fileName: `${network.name}.ts`, form: program.form, program,
    typescript: moduleText(source, 'typescript'), javascript: moduleText(source, 'javascript'),
  };
}
