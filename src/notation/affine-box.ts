// Numbers and affine integer expressions as boxes: 2t + s - 1, 1/3, 0.01.

import type { Affine } from '../algebra/affine.ts';
import * as Q from '../algebra/rational.ts';
import { type Box, integerOf, letterOf, minus, plus, times } from './box.ts';

/** Boxes that stand for index variables, by their names: the entry `k_t` in x_{2t + k_t - 1}. */
export type Inserted = ReadonlyMap<string, Box>;

const none: Inserted = new Map();

/** Terms in their order, but a positive one first; the constant last. */
export function affineBox(value: Affine, inserted: Inserted = none): Box {
  const terms = value.terms.map((t): Box => {
    const own = t.symbol.kind === 'index' ? inserted.get(t.symbol.name) : undefined;
    const letter = own ?? letterOf(t.symbol.name, t.symbol.kind === 'size' ? t.symbol.layer : null);
    const factor = Math.abs(t.coefficient);
    const box = factor === 1 ? letter : times([integerOf(factor), letter], 'space');
    return t.coefficient < 0 ? minus(box) : box;
  });
  const isMinus = (b: Box): boolean => b.kind === 'plus' && b.terms[0]?.negative === true;
  const constant = value.constant === 0 && terms.length > 0 ? [] : [rationalBox(Q.rational(value.constant))];
  const positive = [...terms.filter((t) => !isMinus(t)), ...(value.constant > 0 && terms.every(isMinus) ? constant : [])];
  const all = [...positive, ...terms.filter(isMinus), ...constant.filter((c) => !positive.includes(c))];
  return plus(all);
}

export function rationalBox(value: Q.Rational): Box {
  const { n, d } = Q.absolute(value);
  const box: Box = d === 1n ? integerOf(n) : decimalBox(Q.absolute(value)) ?? { kind: 'fraction', top: integerOf(n), bottom: integerOf(d) };
  return Q.sign(value) < 0 ? minus(box) : box;
}

/** Of what is longer only the first digits are written, and nobody can read it back. */
const MOST_DIGITS = 80;

/** A number that was most likely written as a decimal: its denominator is a product of twos and fives, not a small power of two. */
export function decimalBox({ n, d }: Q.Rational): Box | null {
  if (d === 1n || d === 2n || d === 4n || d === 8n || d === 16n) return null;
  let places = 0;
  let scale = 1n;
  for (; scale % d !== 0n && places < 400; places += 1) scale *= 10n;
  if (scale % d !== 0n) return null;
  const digits = String(n * (scale / d)).padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  const leading = /^0\.0*/.exec(text)?.[0].length ?? 0;
  const cut = text.length - leading > MOST_DIGITS;
  return { kind: 'decimal', digits: cut ? text.slice(0, leading + 12) : text, cut };
}
