// Activation functions and their derivatives as functions of T: the slot's body, compiled with its variable in a cell.

import { differentiateBySymbol } from '../algebra/differentiate.ts';
import { type Expression, functionKey } from '../algebra/expression.ts';
import type { Activation, System } from '../spec/network.ts';
import { tensorTitle } from './block.ts';
import { compile, type Setting, type SlotName } from './compile.ts';
import { EvaluationError } from './domain.ts';

/** How a slot is computed: its body by default; a wider choice where errors of several ways have to be covered. */
export type SlotFunctions<T> = (fn: SlotName, setting: Setting<T>) => (argument: T) => T;

/** The activation function of a slot. @throws EvaluationError when the slot has none. */
export function activationOf(fn: SlotName, slots: System['slots']): Activation {
  const key = functionKey({ ...fn, order: 0 });
  const activation = slots.get(key);
  if (activation === undefined) throw new EvaluationError(`the activation function ${tensorTitle(fn)} is not given`);
  return activation;
}

/** Evaluates h, h', h'', …: the body of the slot's activation, differentiated as often as asked. */
export function slotFunctions<T>(slots: System['slots']): SlotFunctions<T> {
  const compiled = new Map<string, (argument: T) => T>();
  return (fn, setting) => {
    const key = functionKey(fn);
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const activation = activationOf(fn, slots);
    let body = activation.body;
    for (let order = 0; order < fn.order; order += 1) body = differentiateBySymbol(body, activation.argument);
    const made = functionOf(body, activation.argument, setting);
    compiled.set(key, made);
    return made;
  };
}

/** An expression of one variable as a function. A body calls no slot, so that one cell is enough. */
export function functionOf<T>(body: Expression, argument: string, setting: Setting<T>): (argument: T) => T {
  let cell = setting.domain.integer(0);
  const code = compile(body, { ...setting, argument: { name: argument, value: () => cell } }, new Map());
  return (value) => {
    cell = value;
    return code();
  };
}
