import { differentiateBySymbol } from '../algebra/differentiate.ts';
import type { Expression } from '../algebra/expression.ts';
import type { Activation } from '../spec/network.ts';

export function throughOutput(activation: Activation): { derivative: Expression; through: Expression | null } {
  return { derivative: differentiateBySymbol(activation.body, activation.argument), through: null };
}
