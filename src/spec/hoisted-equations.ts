// The equations that one formula puts in front of its own, z_argmax[i] = argmax_j …, each under a name that nothing else has.

import { tensor } from '../algebra/expression.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { LayerTensor } from './layer-spec.ts';
import type { Equation } from './network.ts';
import type { Surroundings } from './scope.ts';
import type { Span } from './syntax.ts';

export interface HoistedEquations {
  readonly hoist: NonNullable<Surroundings['hoist']>;
  /** In the order in which they can be computed. */
  readonly equations: readonly Equation[];
  readonly tensors: readonly LayerTensor[];
}

/**
 * @param base the tensor of the formula
 * @param taken names that are given, to which the new ones are added
 */
export function newHoistedEquations(base: string, taken: Set<string>, at: (span: Span) => Place): HoistedEquations {
  const equations: Equation[] = [];
  const tensors: LayerTensor[] = [];
  const known = new Map<string, string>();
  return {
    equations, tensors,
    hoist: ({ suffix, axes, value, integer, text, span }) => {
      // The same maximum twice in one formula is one equation.
      const key = JSON.stringify([suffix, axes, value], (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
      const same = known.get(key);
      if (same !== undefined) return tensor(same);
      const name = freshName(`${base}_${suffix}`, taken);
      taken.add(name);
      known.set(key, name);
      const place = at(span);
      const letters = axes.map((a) => a.index.replace(/#\d+$/, ''));
      tensors.push({ name, axes, role: 'variable', ...(integer === null ? {} : { integer }), place });
      equations.push({ tensor: tensor(name), axes, value, place, text: `${name}${letters.length === 0 ? '' : `[${letters.join(', ')}]`}: ${text}` });
      return tensor(name);
    },
  };
}

function freshName(base: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}${String(n)}`;
    if (!taken.has(name)) return name;
  }
}
