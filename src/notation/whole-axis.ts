// Whether an index runs over all of an axis of an entry, so that the axis need not be written.

import { type Range, sameAffine } from '../algebra/affine.ts';
import { type Reference, tensorKey } from '../algebra/expression.ts';
import type { Declaration } from '../spec/network.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import { declarationFor } from './declared.ts';
import { isSize, isWholeAxis } from './typeset.ts';

/** As the axis is declared, or for layer k as it may be anywhere; in front of the axes of a layer's own tensor the samples may stand. */
export function coversAxis(range: Range, { tensor, indices }: Reference, axis: number, declarations: ReadonlyMap<string, Declaration> | null): boolean {
  if (declarations === null) return isWholeAxis(range);
  const own = declarations.get(tensorKey(tensor));
  if (own !== undefined) {
    const ahead = indices.length - own.axes.length;
    if (ahead === 1 && axis === 0) return isSamplesAxis({ index: '', range });
    const declared = own.axes[axis - ahead];
    return declared !== undefined && ahead <= 1 && sameRange(declared.range, range);
  }
  if ((tensor.layer?.symbol ?? null) === null) return false;
  const namesakes = [...declarations.values()].filter((d) => d.tensor.name === tensor.name && d.tensor.layer !== null);
  const model = declarationFor(tensor, namesakes)?.axes[axis];
  if (model !== undefined && sameRange(model.range, range)) return true;
  // Layers may call their sizes differently; half of an axis is no axis.
  return namesakes.length > 0 && isSize(range.hi) && namesakes.every((d) => {
    const declared = d.axes[axis]?.range;
    return declared !== undefined && isSize(declared.hi) && sameAffine(declared.lo, range.lo);
  });
}

const sameRange = (a: Range, b: Range): boolean => sameAffine(a.lo, b.lo) && sameAffine(a.hi, b.hi);
