// Numbers that one use of a layer or a loss gives in place of the file's own: the file is read again with them.

import { equals, type Rational, show } from '../algebra/rational.ts';
import type { LayerSpec } from './layer-spec.ts';

/** What is not in them keeps the value of the file. */
export interface Numbers {
  readonly integers: ReadonlyMap<string, number>;
  readonly constants: ReadonlyMap<string, Rational>;
}

export const noNumbers: Numbers = { integers: new Map(), constants: new Map() };

/** What has defaults. */
type Defaults = Pick<LayerSpec, 'constants'>;

/** The numbers that are not the file's own, with their values, by name. */
function changesOf(spec: Defaults, { integers, constants }: Numbers): readonly (readonly [string, string])[] {
  const changed = [...constants].filter(([name, value]) => {
    const usual = spec.constants.get(name);
    return usual !== undefined && !equals(value, usual);
  });
  return [
    ...[...integers].map(([name, value]) => [name, String(value)] as const),
    ...changed.map(([name, value]) => [name, show(value)] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `gamma = 1/2, stride = 2`; empty where all numbers are the file's own. */
export const showChanges = (spec: Defaults, numbers: Numbers): string =>
  changesOf(spec, numbers).map(([name, value]) => `${name} = ${value}`).join(', ');
