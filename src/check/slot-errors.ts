// Activation functions with the rounding errors that a kernel may make in them, whichever way it computes them.

import { differentiateBySymbol } from '../algebra/differentiate.ts';
import { type Expression, functionKey } from '../algebra/expression.ts';
import { rewrite } from '../algebra/traverse.ts';
import { throughOutput } from '../derive/through-output.ts';
import type { Setting, SlotName } from '../evaluate/compile.ts';
import { EvaluationError } from '../evaluate/domain.ts';
import { disturbed } from '../evaluate/noisy.ts';
import { rounding, type Rounded, widest } from '../evaluate/rounding.ts';
import { activationOf, functionOf, type SlotFunctions } from '../evaluate/slots.ts';
import type { Subject } from './subject.ts';

/**
 * h from its body; h' with the larger error of the two ways in which a kernel may compute it, from the pre-activation
 * and through the output (1 - z² near |z| = 1 loses digits that the other way keeps).
 */
export function roundedSlots(subject: Pick<Subject, 'system' | 'unit'>): SlotFunctions<Rounded> {
  return functions(subject, rounding(subject.unit));
}

/** The same, disturbed by that error. */
export function noisySlots(subject: Pick<Subject, 'system'>, unit: number, random: () => number): SlotFunctions<number> {
  const rounded = functions(subject, rounding(unit));
  const setting = alone(rounding(unit));
  return (fn) => disturbed(rounded(fn, setting), random);
}

function functions({ system }: Pick<Subject, 'system'>, domain: Setting<Rounded>['domain']): SlotFunctions<Rounded> {
  const made = new Map<string, (argument: Rounded) => Rounded>();
  const make = (fn: SlotName): ((argument: Rounded) => Rounded) => {
    const activation = activationOf(fn, system.slots);
    const { argument, body } = activation;
    if (fn.order === 0) return functionOf(body, argument, alone(domain));
    let { derivative } = throughOutput(activation);
    for (let order = 1; order < fn.order; order += 1) derivative = differentiateBySymbol(derivative, argument);
    const direct = functionOf(derivative, argument, alone(domain));
    const { through, output } = throughOutput(activation);
    if (fn.order !== 1 || through === null) return direct;
    const other = functionOf(withOutput(through, output, body), argument, alone(domain));
    return (u) => either(direct(u), other(u));
  };
  return (fn) => {
    const key = functionKey(fn);
    const known = made.get(key) ?? make(fn);
    made.set(key, known);
    return known;
  };
}

const withOutput = (through: Expression, output: string, body: Expression): Expression =>
  rewrite(through, (e) => (e.kind === 'symbol' && e.name === output && e.layer === null ? body : null));

const isFinite = (a: Rounded): boolean => Number.isFinite(a.value) && Number.isFinite(a.error);
const either = (a: Rounded, b: Rounded): Rounded => (isFinite(a) && isFinite(b) ? widest(a, b) : isFinite(a) ? a : b);

/** A setting for bodies of activation functions, which hold nothing but their argument and numbers. */
const alone = (domain: Setting<Rounded>['domain']): Setting<Rounded> => ({
  domain, sizes: new Map(), symbols: new Map(), argument: null, indices: [], watch: null, newSite: () => 0,
  block: ({ tensor }) => {
    throw new EvaluationError(`an activation function mentions the tensor ${tensor.name}`);
  },
  slot: ({ name }) => {
    throw new EvaluationError(`an activation function mentions the slot ${name}`);
  },
});
