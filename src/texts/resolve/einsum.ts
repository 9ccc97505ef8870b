// einsum(si,sj→ij, A, B): letters for the axes of whole arrays, sums over those that the result lacks.

import { type Affine, index } from '../../algebra/affine.ts';
import { multiply, one as oneExpression, sum } from '../../algebra/expression.ts';
import type { Term, TermOf } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import type { Env } from './env.ts';
import { type Extent, openExtent, rangeOf, shapeText, unify, type Value } from './value.ts';

export function einsumValue(argument: Term, env: Env): Value {
  const [letters, ...terms] = argument.kind === 'fenced' ? argument.items : [argument];
  if (letters?.kind !== 'letters') return refuse('formula-incomplete', argument, { wanted: 'letters, as in ij,j→i' });
  if (letters.operands.length !== terms.length) return refuse('not-expressible', letters, { text: 'einsum', reason: `${String(letters.operands.length)} operands have letters, ${String(terms.length)} are given` });
  const extents = new Map<string, Extent>();
  const operands = terms.map((term, n) => {
    const own = Array.from(letters.operands[n] ?? '');
    const value = isOnes(term) ? null : env.evaluate(term, { ...env, rank: own.length });
    if (value !== null && value.dims.length !== own.length) refuse('no-shape', term, { what: 'this operand', shape: shapeText(value), wanted: `an array with ${String(own.length)} axes` });
    own.forEach((letter, axis) => {
      const extent = value?.dims[axis] ?? openExtent('1', term);
      const known = extents.get(letter);
      if (known === undefined) extents.set(letter, extent);
      else if (!unify(known, extent)) refuse('shapes', term, { operation: `agree on the letter ${letter}`, left: shapeText({ dims: [known], at: () => oneExpression }), right: shapeText({ dims: [extent], at: () => oneExpression }) });
    });
    return { own, value };
  });
  return result(letters, operands, extents, env);
}

interface Operand {
  readonly own: readonly string[];
  readonly value: Value | null;
}

function result(letters: TermOf<'letters'>, operands: readonly Operand[], extents: ReadonlyMap<string, Extent>, env: Env): Value {
  const kept = Array.from(letters.result);
  const dims = kept.map((letter) => extents.get(letter) ?? refuse('not-expressible', letters, { text: 'einsum', reason: `no operand has the letter ${letter}` }));
  const names = new Map([...extents.keys()].map((letter) => [letter, env.reading.fresh(letter)]));
  const contracted = [...extents.keys()].filter((letter) => !kept.includes(letter));
  return {
    dims,
    at: (point) => {
      const at = (letter: string): Affine => point[kept.indexOf(letter)] ?? index(names.get(letter) ?? letter);
      const body = multiply(operands.flatMap((o) => (o.value === null ? [] : [o.value.at(o.own.map(at))])));
      return contracted.reduceRight((inner, letter) => {
        const extent = extents.get(letter);
        const range = extent === undefined ? null : rangeOf(extent);
        return range === null ? inner : sum(names.get(letter) ?? letter, range, inner);
      }, body);
    },
  };
}

/** 𝟏, of any number of axes. */
export const isOnes = (term: Term): boolean => isRepeated(term) && term.kind === 'number' && term.digits === '1';

/** A number that stands for a vector of it: 𝟏, 𝟎. */
export const isRepeated = (term: Term): boolean =>
  term.kind === 'number' && (term.style === 'bold' || term.style === 'blackboard') && (term.digits === '1' || term.digits === '0');
