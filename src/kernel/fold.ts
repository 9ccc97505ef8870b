// Products and choices over an index: a loop with an accumulator; of equal values the first one is chosen.

import type { Expression, Reference, Test } from '../algebra/expression.ts';
import { type Lowering, nameOfLocal } from './lowering.ts';
import { nest } from './nest.ts';
import type { Loop } from './prepare.ts';
import { literal, local, multiplyScalars, type Scalar, type Statement } from './program.ts';

export interface Fold {
  readonly kind: 'product' | 'argmax';
  readonly loop: Loop;
  /** Where they fail, nothing uses the result. */
  readonly guards: readonly Test[];
  readonly body: Expression;
  readonly result: Expression;
}

/** @param compute the statements that give a local variable the body's value, inside the loop */
export function foldStatements(
  fold: Fold, compute: (to: Reference, body: Expression) => readonly Statement[], lowering: Lowering,
): readonly Statement[] {
  if (fold.result.kind !== 'ref') throw new Error('the result of a fold is a local variable');
  const name = nameOfLocal(lowering, fold.result);
  const value = lowering.newLocal('value');
  const computed = compute(value, fold.body);
  const of = lowering.scalar(value);
  const set = (to: string, scalar: Scalar): Statement => ({ kind: 'set', name: to, operator: '=', value: scalar });
  if (fold.kind === 'product') {
    return [
      { kind: 'let', name, mutable: true, value: literal(1) },
      ...nest([fold.loop], fold.guards, [...computed, set(name, multiplyScalars([local(name), of]))]),
    ];
  }
  const greatest = nameOfLocal(lowering, lowering.newLocal('greatest'));
  const better: Statement = {
    kind: 'if', test: { kind: 'compare', relation: '>', left: of, right: local(greatest) }, otherwise: [],
    body: [set(greatest, of), set(name, { kind: 'index', value: { terms: [{ symbol: { kind: 'index', name: fold.loop.index }, coefficient: 1 }], constant: 0 } })],
  };
  const { lo } = fold.loop.range;
  return [
    { kind: 'let', name: greatest, mutable: true, value: literal(-Infinity) },
    { kind: 'let', name, mutable: true, value: lo.terms.length === 0 ? literal(lo.constant) : { kind: 'index', value: lo } },
    ...nest([fold.loop], fold.guards, [...computed, better]),
  ];
}
