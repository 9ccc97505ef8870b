// Layer numbers in the letters of a convention: l, l-1, L, 3.

import { type Layer, layerNumber } from '../../algebra/layer.ts';
import * as Q from '../../algebra/rational.ts';
import type { Convention } from '../../notation/convention.ts';
import type { Term } from '../formula/ast.ts';

const LARGEST = 1_000_000n;

/** The layer that a term is the number of; null for anything else. */
export function layerOf(term: Term, convention: Pick<Convention, 'layer'>): Layer | null {
  const { letter, last } = convention.layer;
  switch (term.kind) {
    case 'number': return !term.cut && Q.isInteger(term.value) && term.value.n <= LARGEST ? layerNumber(Number(term.value.n)) : null;
    case 'name': {
      if (term.accents.length > 0) return null;
      const isLetter = (name: string): boolean => term.text === name || (name === '\\ell' && term.text === 'ell');
      return isLetter(letter) ? { symbol: 'k', offset: 0 } : isLetter(last) ? { symbol: 'N', offset: 0 } : null;
    }
    case 'sum': {
      let [symbol, offset]: [Layer['symbol'], number] = [null, 0];
      for (const { negative, term: part } of term.terms) {
        const layer = part.kind === 'sum' ? null : layerOf(part, convention);
        if (layer === null || (layer.symbol !== null && (negative || symbol !== null))) return null;
        symbol = layer.symbol ?? symbol;
        offset += negative ? -layer.offset : layer.offset;
      }
      return { symbol, offset };
    }
    case 'fenced': {
      const [only] = term.items;
      return only !== undefined && term.items.length === 1 ? layerOf(only, convention) : null;
    }
    // n_l
    case 'scripts': {
      const [below, ...others] = term.sub?.parts ?? [];
      return term.base.kind === 'name' && term.sup === null && below?.kind === 'name' && others.length === 0 && below.accents.length === 0
        ? layerOf({ ...term.base, text: `${term.base.text}_${below.text}` }, convention) : null;
    }
    case 'product': case 'fraction': case 'derivative': case 'root': case 'apply': case 'over': case 'bracket': case 'norm': case 'absolute':
    case 'cases': case 'matrix': case 'brace': case 'letters': case 'colon': case 'dots': return null;
  }
}
