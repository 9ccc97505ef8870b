// The derived adjoint equations, evaluated in any domain: an interpreter of the derivation.

import { adjoint, type Expression, type Tensor, tensorKey } from '../algebra/expression.ts';
import type { Axis, System } from '../spec/network.ts';
import { type Block, emptyBlock, tensorTitle } from './block.ts';
import { type Domain, EvaluationError } from './domain.ts';
import { compileEquation, evaluation, type Evaluation, type EvaluationOptions, settingOf } from './equations.ts';

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
 * @param equations in evaluation order: an adjoint is defined before it is used.
 * @throws EvaluationError when an equation mentions an adjoint that no equation defines.
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
  const runs = derived.equations.map((equation) => {
    const key = tensorKey(equation.tensor);
    const declaration = system.declarations.get(key);
    if (declaration === undefined) throw new EvaluationError(`${tensorTitle(equation.tensor)} is not declared`);
    const block = emptyBlock<T>(`∂E/∂${tensorTitle(equation.tensor)}`, declaration.axes, setting.sizes);
    adjoints.set(key, block);
    return compileEquation(adjoint(equation.tensor, []), equation.axes, equation.value, block, setting);
  });
  return {
    forward,
    adjoints,
    run: () => {
      forward.run();
      for (const run of runs) run();
    },
  };
}
