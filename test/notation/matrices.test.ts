// Forms of matrices: as people know them, and worth what their components are worth.

import { describe, expect, test } from 'vitest';
import { addAffine, index, integer, type Range, size, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, adjoint, affineValue, bracket, divide, elementary, type Expression, indexAtLeast, multiply, negate, number, power, ref, squareRoot, subtract, sum,
  tensor, tensorKey,
} from '../../src/algebra/expression.ts';
import { rational } from '../../src/algebra/rational.ts';
import type { Declaration } from '../../src/spec/network.ts';
import { notationOf } from '../../src/notation/notation.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { vectorBoxes } from '../../src/notation/vector-box.ts';
import { inColumns, inRows } from '../../src/notation/matrix-layout.ts';
import { vectorForm } from '../../src/notation/vector.ts';
import { valueOfBox } from './matrices.ts';
import { affine, evaluate, sizeOf } from './values.ts';

const range = (name: string): Range => ({ lo: integer(1), hi: size(name) });
const ranges = { t: range('T'), c: range('T'), u: range('T'), d: range('w'), e: range('w'), b: range('B'), s: range('K'), o: range('O') };
type Letter = keyof typeof ranges;
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const declared: readonly (readonly [name: string, ...axes: Letter[]])[] = [
  ['Q', 't', 'd'], ['K', 't', 'd'], ['V', 't', 'd'], ['S', 't', 'c'], ['P', 't', 'c'], ['O', 't', 'd'], ['x', 't', 'd'], ['gain', 'd'], ['mu', 't'], ['r', 't'],
  ['h', 't', 'd'], ['a', 't', 'd'], ['U', 'd', 'e'], ['W', 'd', 'e'], ['bias', 'd'], ['A', 'b', 't', 'd'], ['C', 'b', 't', 'd'], ['G', 'b', 't', 'c'],
  ['F', 'o', 'd', 's'], ['tok', 't'], ['Y', 's', 'd'], ['y', 'o', 't'], ['q', 'd', 't'],
];
const declarations = new Map(declared.map(([name, ...axes]): [string, Declaration] => [tensorKey(tensor(name)), {
  tensor: tensor(name), axes: axes.map((a) => ({ index: a, range: ranges[a] })), role: 'variable', perSample: false, place, ...(name === 'tok' ? { integer: range('K') } : {}),
}]));
const shapes = new Map(declared.map(([name, ...axes]) => [name, axes.map((a) => affine(ranges[a].hi, new Map()))]));

const at = (name: string, ...indices: (Letter | ReturnType<typeof index>)[]): Expression =>
  ref(tensor(name), indices.map((i) => (typeof i === 'string' ? index(i) : i)));
const d = (name: string, ...indices: (Letter | ReturnType<typeof index>)[]): Expression =>
  adjoint(tensor(name), indices.map((i) => (typeof i === 'string' ? index(i) : i)));
const over = (letter: Letter, ...factors: Expression[]): Expression => sum(letter, ranges[letter], multiply(factors));
/** [tok_t = k]. */
const picks = (k: string): Expression =>
  bracket({ kind: 'compare', relation: '=', left: at('tok', 't'), right: affineValue(index(k)) });
const root = squareRoot(affineValue(size('w')));
const [before, after] = [addAffine(index('t'), integer(-1)), addAffine(index('t'), integer(1))];
const offset = addAffine(index('t'), addAffine(index('s'), integer(-1)));

/** Each row: what it is, the left side, its value, and the form in columns; in rows only its value is checked. */
const rows: readonly (readonly [string, Expression, readonly Letter[], Expression, string])[] = [
  ['scores', at('S', 't', 'c'), ['t', 'c'], divide(over('d', at('Q', 't', 'd'), at('K', 'c', 'd')), root), 'S = Q Kᵀ / √w'],
  ['weights of rows', at('P', 't', 'c'), ['t', 'c'], divide(elementary('exp', at('S', 't', 'c')), over('u', elementary('exp', at('S', 't', 'u')))),
    'P = diag{exp(S) 𝟏}⁻¹ exp(S)'],
  ['their use', at('O', 't', 'd'), ['t', 'd'], over('c', at('P', 't', 'c'), at('V', 'c', 'd')), 'O = P V'],
  ['back to the values', d('V', 'c', 'd'), ['c', 'd'], over('t', at('P', 't', 'c'), d('O', 't', 'd')), '∂E/∂V = Pᵀ · ∂E/∂O'],
  ['back to the weights', d('P', 't', 'c'), ['t', 'c'], over('d', d('O', 't', 'd'), at('V', 'c', 'd')), '∂E/∂P = ∂E/∂O · Vᵀ'],
  ['sums of rows', at('r', 't'), ['t'], over('c', at('P', 't', 'c'), d('P', 't', 'c')), 'r = (P ⊙ ∂E/∂P) 𝟏'],
  ['back to the scores', d('S', 't', 'c'), ['t', 'c'],
    multiply([at('P', 't', 'c'), subtract(d('P', 't', 'c'), over('u', at('P', 't', 'u'), d('P', 't', 'u')))]),
    '∂E/∂S = P ⊙ (∂E/∂P - (P ⊙ ∂E/∂P) 𝟏 𝟏ᵀ)'],
  ['the same multiplied out', d('S', 't', 'c'), ['t', 'c'],
    subtract(multiply([at('P', 't', 'c'), d('P', 't', 'c')]), multiply([at('P', 't', 'c'), over('u', at('P', 't', 'u'), d('P', 't', 'u'))])),
    '∂E/∂S = P ⊙ ∂E/∂P - diag{(P ⊙ ∂E/∂P) 𝟏} P'],
  ['means of rows', at('mu', 't'), ['t'], divide(over('d', at('x', 't', 'd')), affineValue(size('w'))), 'μ = x 𝟏 / w'],
  ['a normalised row', at('O', 't', 'd'), ['t', 'd'],
    add([multiply([at('gain', 'd'), divide(subtract(at('x', 't', 'd'), at('mu', 't')), at('r', 't'))]), at('bias', 'd')]),
    'O = diag{r}⁻¹ · (x - μ 𝟏ᵀ) diag{gain} + 𝟏 biasᵀ'],
  ['a root of a column', at('O', 't', 'd'), ['t', 'd'], divide(subtract(at('x', 't', 'd'), at('mu', 't')), squareRoot(add([at('r', 't'), number(2)]))),
    'O = diag{√(2 𝟏 + r)}⁻¹ · (x - μ 𝟏ᵀ)'],
  ['another power of a column', at('O', 't', 'd'), ['t', 'd'], multiply([at('x', 't', 'd'), power(at('r', 't'), rational(-3, 2))]), 'O = diag{r^⊙(3/2)}⁻¹ x'],
  ['one row for all', d('bias', 'd'), ['d'], over('t', d('O', 't', 'd')), '∂E/∂bias = (∂E/∂O)ᵀ 𝟏'],
  ['a recurrence', at('a', 't', 'd'), ['t', 'd'],
    add([over('e', at('W', 'd', 'e'), at('x', 't', 'e')), multiply([bracket(indexAtLeast(subtractAffine(index('t'), integer(2)))), over('e', at('U', 'd', 'e'), at('h', before, 'e'))]), at('bias', 'd')]),
    'aₜ = W xₜ + [t ≥ 2] U hₜ₋₁ + bias'],
  ['and back', d('h', 't', 'd'), ['t', 'd'],
    add([d('O', 't', 'd'), multiply([bracket(indexAtLeast(subtractAffine(size('T'), after))), over('e', d('a', after, 'e'), at('U', 'e', 'd'))])]),
    '∂E/∂hₜ = ∂E/∂Oₜ + [t + 1 ≤ T] Uᵀ · ∂E/∂aₜ₊₁'],
  ['a gradient over time', d('U', 'd', 'e'), ['d', 'e'],
    sum('t', { lo: integer(2), hi: size('T') }, multiply([d('a', 't', 'd'), at('h', before, 'e')])), '∂E/∂U = Σ_{t=2..T} ∂E/∂aₜ · hₜ₋₁ᵀ'],
  ['a gradient over times that are all there', d('W', 'd', 'e'), ['d', 'e'], over('t', d('a', 't', 'd'), at('x', 't', 'e')), '∂E/∂W = (∂E/∂a)ᵀ x'],
  ['scores of every group', at('G', 'b', 't', 'c'), ['b', 't', 'c'], over('d', at('A', 'b', 't', 'd'), at('C', 'b', 'c', 'd')), 'G[b] = A[b] C[b]ᵀ'],
  ['a gradient over groups', d('W', 'd', 'e'), ['d', 'e'], over('b', over('t', d('A', 'b', 't', 'd'), at('C', 'b', 't', 'e'))),
    '∂E/∂W = Σ_{b=1..B} (∂E/∂A[b])ᵀ C[b]'],
  ['a convolution', at('y', 'o', 't'), ['o', 't'], over('s', over('d', at('F', 'o', 'd', 's'), at('q', 'd', offset))),
    'y[:,t] = Σ_{s=1..K} F[:,:,s] q[:,t+s-1]'],
  ['rows of a table', at('x', 't', 'd'), ['t', 'd'], sum('k', range('K'), multiply([picks('k'), at('Y', index('k'), 'd')])), 'x[t] = Y[tok[t]]'],
  ['rows of a table in use', at('x', 't', 'd'), ['t', 'd'],
    add([sum('k', range('K'), multiply([picks('k'), over('e', at('W', 'd', 'e'), at('Y', index('k'), 'e'))])), at('bias', 'd')]), 'x[t] = W Y[tok[t]] + bias'],
  ['and back: what no sum picks out', d('Y', 's', 'd'), ['s', 'd'], over('t', picks('s'), d('x', 't', 'd')), '∂E/∂Yₛ = Σ_{t=1..T} [tokₜ = s] · ∂E/∂xₜ'],
  ['two sums over one letter', at('gain', 'd'), ['d'],
    multiply([sum('t', { lo: integer(2), hi: size('T') }, at('h', before, 'd')), sum('t', { lo: integer(2), hi: size('T') }, at('a', before, 'd'))]),
    'gain = (Σ_{t=2..T} hₜ₋₁) ⊙ (Σ_{t=2..T} aₜ₋₁)'],
  ['a sum of rows under conditions on both indices', at('S', 't', 'c'), ['t', 'c'],
    multiply([bracket(indexAtLeast(subtractAffine(index('t'), index('c')))), at('P', 't', 'c')]), ''],
  ['signs and numbers', d('x', 't', 'd'), ['t', 'd'],
    multiply([number(-2), power(affineValue(size('w')), -1), subtract(at('x', 't', 'd'), negate(multiply([at('mu', 't'), at('gain', 'd')])))]), '∂E/∂x = -2 (x + μ gainᵀ) / w'],
];

describe.each(rows)('%s', (what, left, axes, value, text) => {
  if (left.kind !== 'ref') throw new Error('an entry');
  const formula = { tensor: left.tensor, adjoint: left.adjoint, axes: axes.map((a) => ({ index: a, range: ranges[a] })), value };
  if (text === '') {
    test('has no form', () => expect(vectorForm(formula, inColumns, declarations)).toBeNull());
    return;
  }
  test('as it is written', () => {
    const form = vectorForm(formula, inColumns, declarations);
    const shown = form && unicodeVector(form, { ranges: form.right.kind === 'over' });
    expect(shown).toBe(text);
  });
  test.each([['columns', inColumns], ['rows', inRows]] as const)('as it is worth, in %s', (_name, layout) => {
    const form = vectorForm(formula, layout, declarations);
    if (form === null) throw new Error(what);
    const { right, left: shown } = vectorBoxes(form, notationOf({ ranges: true }));
    const held = shown.kind === 'partial' ? shown.by : shown;
    const fixed = held.kind === 'letter' ? held.indices.flatMap((i) => (i.kind === 'letter' && i.name !== ':' ? [i.name] : [])) : [];
    const open = axes.filter((a) => !fixed.includes(a));
    let compared = 0;
    for (const scope of points(axes)) {
      const found = valueOfBox(right, { shapes, scope: new Map([...scope].filter(([name]) => fixed.includes(name))), rows: layout === inRows });
      const [i, j] = open.map((a) => scope.get(a) ?? NaN);
      const flipped = layout === inRows && left.adjoint;
      const [row, column] = flipped ? [j ?? 1, i ?? 1] : [i ?? 1, j ?? 1];
      expect(typeof found === 'number' ? found : found.at(row, column)).toBeCloseTo(evaluate(value, scope), 9);
      if (typeof found !== 'number') {
        const sizes = open.map((a) => affine(ranges[a].hi, new Map()));
        const shape = flipped ? [sizes[1] ?? 1, sizes[0]] : [sizes[0], sizes[1] ?? 1];
        expect([found.rows, found.columns]).toEqual(shape);
      }
      compared += 1;
    }
    expect(compared).toBeGreaterThan(1);
  });
});

/** Every combination of the letters' values. */
function points(letters: readonly Letter[]): readonly ReadonlyMap<string, number>[] {
  return letters.reduce<readonly ReadonlyMap<string, number>[]>((before, letter) => before.flatMap((scope) =>
    Array.from({ length: affine(ranges[letter].hi, new Map()) }, (_, n) => new Map([...scope, [letter, n + 1]]))), [new Map()]);
}

test('different axes have different sizes', () => {
  expect(new Set(['T', 'w', 'B'].map((name) => sizeOf(name, ''))).size).toBeGreaterThan(1);
});
