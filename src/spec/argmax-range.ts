// Which integers an argmax may be: the range of its letter, read off its syntax before anything is translated.

import type { Range } from '../algebra/affine.ts';
import { affineOf, type Letters } from './affine-syntax.ts';
import { hullOf } from './hull.ts';
import type { Names } from './meaning.ts';
import type { Syntax } from './syntax.ts';

/** Null for anything but an argmax or argmin over one letter. */
export function argmaxRange(syntax: Syntax, names: Names, letters: Letters): Range | null {
  if (syntax.kind !== 'call' || (syntax.of.name !== 'argmax' && syntax.of.name !== 'argmin') || names.get(syntax.of.name)?.kind === 'slot') return null;
  const [binder, , more] = syntax.args;
  if (more !== undefined) return null;
  if (binder?.kind === 'name') {
    const meaning = names.get(binder.name);
    return meaning?.kind === 'letter' ? meaning.range : null;
  }
  if (binder?.kind !== 'binding') return null;
  const [lo, hi] = [affineOf(binder.lo, names, letters), affineOf(binder.hi, names, letters)];
  return lo.ok && hi.ok ? hullOf({ lo: lo.value, hi: hi.value }, new Map([...letters.values()].map((l) => [l.index, l.range]))) : null;
}
