// The derived adjoint equations, evaluated in any domain: an interpreter of the derivation.

import { type Expression, type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Axis, System } from '../spec/network.ts';
import { type Block, emptyBlock, tensorTitle } from './block.ts';
import { type Domain, EvaluationError } from './domain.ts';
import { evaluation, type Evaluation, type EvaluationOptions, settingOf } from './equations.ts';
import { compileStages } from './stages.ts';

/** What is needed of a derived adjoint equation (a Backward has such; derivations live above this room). */
export interface AdjointFormula {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly value: Expression;
}

export interface AdjointEvaluation<T> {
  readonly forward: Evaluation<T>;
  /** ∂E/∂tensor by the tensor's key, for every tensor that has an adjoint equation. */
  readonly adjoints: ReadonlyMap<string, Block<T>>;
  /** The forward pass, then all adjoints. */
  run(): void;
}

/**
 * @throws EvaluationError when an equation mentions an adjoint that no equation defines, and for integers outside of their range.
 */
export function evaluateAdjoints<T>(
  derived: { readonly system: System; readonly equations: readonly AdjointFormula[] },
  domain: Domain<T>, options: EvaluationOptions<T> = {},
): AdjointEvaluation<T> {
  const { system } = derived;
  const forward = evaluation(system, domain, options);
  const adjoints = new Map<string, Block<T>>();
  const { watch: _forwardOnly, ...unwatched } = options;
  let site = 0;
  const setting = settingOf(system, domain, unwatched, (r) => {
    const key = tensorKey(r.tensor);
    const block = r.adjoint ? adjoints.get(key) : forward.blocks.get(key);
    if (block === undefined) throw new EvaluationError(`${r.adjoint ? 'the adjoint of ' : ''}${tensorTitle(r.tensor)} is not defined`);
    return block;
  }, () => site++);
  if (system.total !== null) {
    const seed = emptyBlock<T>('∂E/∂E', [], new Map());
    seed.entries[0] = domain.integer(1);
    adjoints.set(tensorKey(system.total), seed);
  }
  for (const { tensor } of derived.equations) {
    const declaration = system.declarations.get(tensorKey(tensor));
    if (declaration === undefined) throw new EvaluationError(`${tensorTitle(tensor)} is not declared`);
    adjoints.set(tensorKey(tensor), emptyBlock<T>(`∂E/∂${tensorTitle(tensor)}`, declaration.axes, setting.sizes));
  }
  const runs = compileStages(
    derived.equations.map((equation) => ({ ...equation, adjoint: true })), ({ tensor }) => adjoints.get(tensorKey(tensor))!, () => setting);
  return {
    forward,
    adjoints,
    run: () => {
      forward.run();
      for (const { run } of runs) run();
    },
  };
}
