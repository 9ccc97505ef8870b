// Tensors with an entry for each pair of samples have no place of their own: they are computed where they are read.

import { type Expression, tensorKey } from '../../algebra/expression.ts';
import { mapChildren } from '../../algebra/traverse.ts';
import type { Axis, Equation, System } from '../../spec/network.ts';
import { overSamples } from '../prepare.ts';
import { type Defining, definitionOf } from './definitions.ts';

/** Whether a tensor with these axes has a place: only the first may count the samples. */
export const hasPlace = (axes: readonly Axis[]): boolean => axes.slice(1).every((a) => !overSamples(a.range));

/** The system with the equations of some tensors put in where their entries are read. */
export function withoutPlaces(system: System): System {
  const without: Defining = new Map(system.equations.filter((e) => !hasPlace(e.axes)).map((e) => [tensorKey(e.tensor), e]));
  if (without.size === 0) return system;
  const written = (e: Expression): Expression => {
    if (e.kind === 'ref') {
      const definition = definitionOf(e, without);
      return definition === null ? e : written(definition);
    }
    return mapChildren(e, written);
  };
  return {
    ...system,
    declarations: new Map([...system.declarations].filter(([key]) => !without.has(key))),
    equations: system.equations.flatMap((e): readonly Equation[] => (without.has(tensorKey(e.tensor)) ? [] : [{ ...e, value: written(e.value) }])),
  };
}
