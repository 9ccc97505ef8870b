// Whether an index runs over all of an axis of an entry, so that the axis need not be written.

import { type Range, sameAffine } from '../algebra/affine.ts';
import type { Reference } from '../algebra/expression.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import { declaredAs, type Declarations } from './declared.ts';
import { isWholeAxis } from './typeset.ts';

/** As the axis is declared; in front of the declared ones the samples may stand. */
export function coversAxis(range: Range, { tensor, indices }: Reference, axis: number, declarations: Declarations): boolean {
  if (declarations === null) return isWholeAxis(range);
  const declared = declaredAs(tensor, declarations);
  if (declared === undefined) return false;
  const ahead = indices.length - declared.axes.length;
  if (ahead === 1 && axis === 0) return isSamplesAxis({ index: '', range });
  const own = declared.axes[axis - ahead];
  return own !== undefined && ahead <= 1 && sameRange(own.range, range);
}

const sameRange = (a: Range, b: Range): boolean => sameAffine(a.lo, b.lo) && sameAffine(a.hi, b.hi);
