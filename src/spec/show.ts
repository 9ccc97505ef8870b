// How messages write ranges and affine expressions: as the spec would.

import type { Affine, AffineSymbol, Range } from '../algebra/affine.ts';
import { showLayer } from '../algebra/layer.ts';

/** `n-s+1`, `2*t+s-1`, `units of layer 3`. */
export function showAffine(a: Affine): string {
  // What is added first reads better: n-s+1, not -s+n+1.
  const terms = [...a.terms].sort((x, y) => Number(x.coefficient < 0) - Number(y.coefficient < 0));
  const parts = terms.map(({ symbol, coefficient }) => {
    const factor = Math.abs(coefficient) === 1 ? '' : `${Math.abs(coefficient)}*`;
    return `${coefficient < 0 ? '-' : '+'}${factor}${showSymbol(symbol)}`;
  });
  if (a.constant !== 0 || parts.length === 0) parts.push(`${a.constant < 0 ? '-' : '+'}${Math.abs(a.constant)}`);
  return parts.join('').replace(/^\+/, '');
}

export const showSymbol = (symbol: AffineSymbol): string =>
  symbol.kind === 'index' ? symbol.name.replace(/#\d+$/, '')
    : symbol.layer === null ? symbol.name : `${symbol.name}^(${showLayer(symbol.layer)})`;

/** `1..units` */
export const showRange = (range: Range): string => `${showAffine(range.lo)}..${showAffine(range.hi)}`;
