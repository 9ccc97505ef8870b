// Correlations and convolutions are found by the shapes of indices.

import { expect, test } from 'vitest';
import { type Affine, addAffine, index, integer, type Range, scaleAffine, size } from '../../src/algebra/affine.ts';
import { type Expression, bracket, indexAtLeast, multiply, ref, sum, tensor } from '../../src/algebra/expression.ts';
import { correlationsIn } from '../../src/notation/correlation.ts';

const taps: Range = { lo: integer(1), hi: size('taps') };
const at = (name: string, ...indices: (string | Affine)[]): Expression => ref(tensor(name), indices.map((i) => (typeof i === 'string' ? index(i) : i)));
/** factor · name + … + constant. */
const place = (constant: number, ...terms: (readonly [factor: number, name: string])[]): Affine =>
  terms.reduce((sum, [factor, name]) => addAffine(sum, scaleAffine(index(name), factor)), integer(constant));
const shifted = place(-1, [1, 'l'], [1, 's']);
const kernel = (x: Affine): Expression => sum('s', taps, multiply([at('W', 'o', 's'), at('x', x)]));

test.each<[what: string, e: Expression, found: readonly string[]]>([
  ['an index that rises with the summed one', kernel(shifted), ['correlation over s']],
  ['one that falls', kernel(place(1, [1, 'l'], [-1, 's'])), ['convolution over s']],
  ['both turned round', kernel(place(9, [-1, 'l'], [-1, 's'])), ['correlation over s']],
  ['in steps', kernel(place(-2, [2, 'l'], [3, 's'])), ['correlation over s']],
  ['two axes', sum('s', taps, sum('r', taps, multiply([at('W', 's', 'r'), at('x', shifted, place(1, [1, 'm'], [-1, 'r']))]))), ['correlation over s', 'convolution over r']],
  ['below another sum and a condition', sum('s', taps, multiply([bracket(indexAtLeast(shifted)), at('W', 's'), sum('c', taps, at('x', 'c', shifted))])), ['correlation over s']],
  ['the same twice', multiply([kernel(shifted), kernel(shifted)]), ['correlation over s']],
  ['a shift by a number', sum('s', taps, multiply([at('W', 's'), at('x', place(1, [1, 's']))])), []],
  ['nothing beside it with the summed index', sum('s', taps, multiply([at('W', 'o'), at('x', shifted)])), []],
  ['no sum', multiply([at('W', 's'), at('x', shifted)]), []],
  ['a plain product of matrices', sum('s', taps, multiply([at('W', 'o', 's'), at('x', 's')])), []],
])('%s', (_what, e, found) => {
  expect(correlationsIn(e).map((c) => `${c.kind} over ${c.over}`)).toEqual(found);
});
