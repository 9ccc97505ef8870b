import { describe, expect, test } from 'vitest';
import { addAffine, index, integer, type Range, size } from '../../src/algebra/affine.ts';
import {
  add, adjoint, bracket, elementary, type Expression, indexEqual, multiply, one, power, ref, subtract, sum, type Tensor, tensor,
} from '../../src/algebra/expression.ts';
import { tensorKey } from '../../src/algebra/expression.ts';
import { layerN, layerNumber } from '../../src/algebra/layer.ts';
import type { Declaration } from '../../src/spec/network.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { inColumns, inRows, type MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { latexVector } from '../../src/notation/latex.ts';
import { vectorForm, vectorForms } from '../../src/notation/vector.ts';
import * as article from './article.ts';

const { a, aBelow, aTop, b, E, fromZero, i, inputs, j, k, s, samples, units, W, y, z, zBelow } = article;
const [rows, columns, each] = [{ index: 'i', range: units }, { index: 'j', range: inputs }, { index: 's', range: samples }];

/** Where samples stand in matrices at all, each is a row. */
const columnsOf: MatrixLayout = { ...inColumns, samples: 'rows' };
const rowsOf: MatrixLayout = { ...inRows, samples: 'rows' };

type Row = readonly [what: string, tensor: Tensor, adjoint: boolean, axes: readonly { index: string; range: Range }[], value: Expression, odot: string | null, diag: string | null];

function arranged(rowsOfTable: readonly Row[], options: Parameters<typeof unicodeVector>[1]): void {
  test.each(rowsOfTable)('%s', (_what, of, isAdjoint, axes, value, odot, diag) => {
    const formula = { tensor: of, adjoint: isAdjoint, axes, value };
    const [column, row] = [vectorForm(formula, columnsOf), vectorForm(formula, rowsOf)];
    expect(column && unicodeVector(column, options)).toBe(odot);
    expect(row && unicodeVector(row, options)).toBe(diag);
  });
}

describe('arrangements are found by the indices', () => {
  arranged([
    ['(2)', a, false, [rows], article.preActivation, 'a⁽ᵏ⁾ = W⁽ᵏ⁾ z⁽ᵏ⁻¹⁾ + b⁽ᵏ⁾', 'a⁽ᵏ⁾ = W⁽ᵏ⁾ · z⁽ᵏ⁻¹⁾ + b⁽ᵏ⁾'],
    ['(3)', z, false, [rows], article.h(ref(a, [i])), 'z⁽ᵏ⁾ = h⁽ᵏ⁾(a⁽ᵏ⁾)', 'z⁽ᵏ⁾ = h⁽ᵏ⁾(a⁽ᵏ⁾)'],
    ['(9)', aBelow, true, [columns], article.recursion,
      'δ⁽ᵏ⁻¹⁾ = (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)', 'δ⁽ᵏ⁻¹⁾ = δ⁽ᵏ⁾ · W⁽ᵏ⁾ · diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)}'],
    ['∂E/∂W has the shape of W, or in numerator layout its transpose', W, true, [rows, columns], article.weightGradient,
      '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ z⁽ᵏ⁻¹⁾ᵀ', '∂E/∂W⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ · δ⁽ᵏ⁾'],
    ['(10.1)', aTop, true, [columns], article.topSignal,
      'δ⁽ᴺ⁾ = ∂E/∂y ⊙ h⁽ᴺ⁾′(a⁽ᴺ⁾)', 'δ⁽ᴺ⁾ = ∂E/∂y · diag{h⁽ᴺ⁾′(a⁽ᴺ⁾)}'],
    ['a whole Jacobian', a, true, [rows],
      subtract(multiply([ref(z, [i]), adjoint(z, [i])]), multiply([ref(z, [i]), sum('j', units, multiply([adjoint(z, [j]), ref(z, [j])]))])),
      'δ⁽ᵏ⁾ = z⁽ᵏ⁾ ⊙ ∂E/∂z⁽ᵏ⁾ - ((∂E/∂z⁽ᵏ⁾)ᵀ z⁽ᵏ⁾) z⁽ᵏ⁾',
      'δ⁽ᵏ⁾ = ∂E/∂z⁽ᵏ⁾ · diag{z⁽ᵏ⁾} - (∂E/∂z⁽ᵏ⁾ · z⁽ᵏ⁾) · z⁽ᵏ⁾ᵀ'],
    ['a square', E, false, [], article.halfSquares, 'E = ½ ‖y - t‖²', 'E = ½ ‖y - t‖²'],
    ['the adjoint of y', y, true, [rows], subtract(ref(y, [i]), ref(article.t, [i])), '∂E/∂y = y - t', '∂E/∂y = yᵀ - tᵀ'],
    ['constants are spread', z, false, [rows], subtract(one, power(ref(a, [i]), 2)), 'z⁽ᵏ⁾ = 𝟏 - a⁽ᵏ⁾ ⊙ a⁽ᵏ⁾', 'z⁽ᵏ⁾ = 𝟏 - diag{a⁽ᵏ⁾} · a⁽ᵏ⁾'],
    ['samples as rows', a, false, [each, rows], add([sum('j', inputs, multiply([ref(W, [i, j]), ref(zBelow, [s, j])])), ref(b, [i])]),
      'a⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ W⁽ᵏ⁾ᵀ + 𝟏 b⁽ᵏ⁾ᵀ', 'a⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ · W⁽ᵏ⁾ᵀ + 𝟏 · b⁽ᵏ⁾ᵀ'],
    ['the sum over samples', W, true, [rows, columns], sum('s', samples, multiply([adjoint(a, [s, i]), ref(zBelow, [s, j])])),
      '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ᵀ z⁽ᵏ⁻¹⁾', '∂E/∂W⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ᵀ · δ⁽ᵏ⁾ᵀ'],
  ], { signals: [a, aBelow, aTop] });
  arranged([
    ['the exercise', zBelow, true, [columns], article.alternative,
      'ζ⁽ᵏ⁻¹⁾ = W⁽ᵏ⁾ᵀ · (ζ⁽ᵏ⁾ ⊙ h⁽ᵏ⁾′(a⁽ᵏ⁾))', 'ζ⁽ᵏ⁻¹⁾ = ζ⁽ᵏ⁾ · diag{h⁽ᵏ⁾′(a⁽ᵏ⁾)} · W⁽ᵏ⁾'],
  ], { signals: [z, zBelow], signal: 'z' });
});

describe('where there is no arrangement there is none', () => {
  const x = tensor('x');
  arranged([
    ['an index that is not plain', z, false, [rows], ref(x, [addAffine(i, integer(1))]), null, null],
    ['a diagonal', z, false, [rows], ref(W, [i, i]), null, null],
    ['three open indices', z, false, [rows, columns], sum('c', units, multiply([ref(W, [i, index('c')]), ref(W, [j, index('c')]), ref(tensor('V'), [i, j]), ref(tensor('U'), [index('c'), s])])), null, null],
    ['a bracket', z, false, [rows], multiply([bracket(indexEqual(i)), ref(x, [i])]), null, null],
    ['a sum over a part of an axis', a, false, [rows], sum('j', fromZero, multiply([ref(W, [i, j]), ref(zBelow, [j])])), null, null],
    ['a reciprocal of a vector', z, false, [rows], power(elementary('exp', ref(x, [i])), -1), null, null],
  ], {});
});

describe('axes reach as far as they are declared', () => {
  const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const augmented = tensor('W_tilde', k);
  const declare = (of: Tensor, ...ranges: Range[]): [string, Declaration] => [tensorKey(of), {
    tensor: of, axes: ranges.map((range, n) => ({ index: `i#${n + 2}`, range })), role: 'variable', perSample: true, place,
  }];
  const zTilde = tensor('z_tilde', k);
  const declarations = new Map([
    declare(a, units), declare(augmented, units, fromZero), declare(zTilde, fromZero), declare(aBelow, inputs),
  ]);
  const forward = { tensor: a, adjoint: false, axes: [rows], value: sum('j', fromZero, multiply([ref(augmented, [i, j]), ref(zTilde, [j])])) };
  test('a whole axis from 0 is a whole axis', () => {
    const form = vectorForm(forward, inColumns, declarations);
    expect(form && unicodeVector(form)).toBe('a⁽ᵏ⁾ = W̃⁽ᵏ⁾ z̃⁽ᵏ⁾');
  });
  test('a matrix without its column 0 is not that matrix', () => {
    const value = multiply([sum('i', units, multiply([adjoint(a, [i]), ref(augmented, [i, j])])), article.h(ref(aBelow, [j]))]);
    expect(vectorForm({ tensor: aBelow, adjoint: true, axes: [columns], value }, inColumns, declarations)).toBeNull();
  });
  test('for layers k and N an axis reaches as far as it does in the layers of the network', () => {
    const of = (n: number): Range => ({ lo: integer(1), hi: size('m', layerNumber(n)) });
    const below = { index: 'j', range: { lo: integer(1), hi: size('m', article.below) } };
    const two = layerNumber(2);
    const numbered = new Map([
      declare(tensor('W_tilde', two), of(2), { ...of(1), lo: integer(0) }), declare(tensor('a', layerNumber(1)), of(1)), declare(tensor('a', two), of(2)),
      declare(tensor('W', two), of(2), of(1)), declare(tensor('pair', two), { ...of(2), hi: addAffine(of(2).hi, of(2).hi) }),
    ]);
    const value = sum('i', units, multiply([adjoint(a, [i]), ref(augmented, [i, j])]));
    expect(vectorForm({ tensor: aBelow, adjoint: true, axes: [below], value }, inColumns, numbered)).toBeNull();
    expect(vectorForm({ tensor: aBelow, adjoint: true, axes: [below], value: article.recursion }, inColumns, numbered)).not.toBeNull();
    for (const layer of [k, layerN()]) {
      const half = { lo: integer(1), hi: size('m', layer) };
      const whole = { lo: integer(1), hi: addAffine(half.hi, half.hi) };
      const form = (range: Range): unknown => vectorForm({ tensor: tensor('pair', layer), adjoint: false, axes: [{ index: 'i', range }], value: ref(tensor('pair', layer), [i]) }, inColumns, numbered);
      expect(form(half)).toBeNull();
      expect(form(whole)).not.toBeNull();
    }
  });
  test('sizes of the same name in other layers are other sizes', () => {
    const other = { lo: integer(1), hi: size('n', article.below) };
    expect(vectorForm({ tensor: aBelow, adjoint: false, axes: [{ index: 'j', range: other }], value: ref(aBelow, [j]) }, inColumns, declarations)).toBeNull();
  });
});

describe('every layout has its forms', () => {
  const weights: Declaration = { tensor: W, axes: [rows, columns], role: 'parameter', perSample: false, place: { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 } };
  const variable = (of: Tensor, axis: { index: string; range: Range }): [string, Declaration] => [tensorKey(of), { ...weights, tensor: of, axes: [axis], role: 'variable', perSample: true }];
  const declarations = new Map([
    [tensorKey(W), weights], [tensorKey(b), { ...weights, tensor: b, axes: [rows] }],
    variable(a, rows), variable(aBelow, columns), variable(zBelow, columns),
  ] as const);
  const forward = { tensor: a, adjoint: false, axes: [rows], value: article.preActivation };
  const recursion = { tensor: aBelow, adjoint: true, axes: [columns], value: article.recursion };
  const gradient = { tensor: W, adjoint: true, axes: [rows, columns], value: article.weightGradient };
  const options = { signals: [a, aBelow] };
  const inRowVectors: MatrixLayout = { ...inColumns, vectors: 'rows' };
  const mixed: MatrixLayout = { ...inColumns, derivatives: 'mixed' };

  test.each([
    ['rows', forward, inRowVectors, 'a⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ W⁽ᵏ⁾ᵀ + b⁽ᵏ⁾'],
    ['rows', recursion, inRowVectors, 'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ W⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)'],
    ['rows', gradient, inRowVectors, '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ᵀ z⁽ᵏ⁻¹⁾'],
    ['mixed', gradient, mixed, '∂E/∂W⁽ᵏ⁾ = δ⁽ᵏ⁾ᵀ z⁽ᵏ⁻¹⁾ᵀ'],
    ['mixed', recursion, mixed, 'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ W⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾ᵀ)'],
    ['numerator with ⊙', recursion, { ...inRows, elementwise: 'product' }, 'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ · W⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾ᵀ)'],
    ['denominator with diag', recursion, { ...inColumns, elementwise: 'diag' }, 'δ⁽ᵏ⁻¹⁾ = diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)} W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾'],
  ] as const)('%s', (_what, formula, layout, expected) => {
    const form = vectorForm(formula, layout, declarations);
    expect(form && unicodeVector(form, options)).toBe(expected);
  });

  test('weights from i to j need no transpose with rows', () => {
    const from = { tensor: W, axes: [columns, rows] };
    const value = add([sum('j', inputs, multiply([ref(W, [j, i]), ref(zBelow, [j])])), ref(b, [i])]);
    const form = vectorForm({ ...forward, value }, inRowVectors, new Map([...declarations, [tensorKey(W), { ...weights, ...from }]]));
    expect(form && unicodeVector(form, options)).toBe('a⁽ᵏ⁾ = z⁽ᵏ⁻¹⁾ W⁽ᵏ⁾ + b⁽ᵏ⁾');
  });

  test('all arrangements of the recursion, the most usual first, none twice', () => {
    const forms = vectorForms(recursion, inColumns, declarations).map((f) => unicodeVector(f, options));
    expect(forms).toEqual([
      'δ⁽ᵏ⁻¹⁾ = (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)',
      'δ⁽ᵏ⁻¹⁾ = h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾) ⊙ (W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾)',
      'δ⁽ᵏ⁻¹⁾ = (δ⁽ᵏ⁾ᵀ W⁽ᵏ⁾)ᵀ ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)',
      'δ⁽ᵏ⁻¹⁾ = h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾) ⊙ (δ⁽ᵏ⁾ᵀ W⁽ᵏ⁾)ᵀ',
      'δ⁽ᵏ⁻¹⁾ = diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)} W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾',
      'δ⁽ᵏ⁻¹⁾ = diag{W⁽ᵏ⁾ᵀ δ⁽ᵏ⁾} h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)',
      'δ⁽ᵏ⁻¹⁾ = diag{h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)} (δ⁽ᵏ⁾ᵀ W⁽ᵏ⁾)ᵀ',
      'δ⁽ᵏ⁻¹⁾ = diag{(δ⁽ᵏ⁾ᵀ W⁽ᵏ⁾)ᵀ} h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)',
      'δ⁽ᵏ⁻¹⁾ = (Σᵢ δᵢ⁽ᵏ⁾ Wᵢ⁽ᵏ⁾) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)',
    ]);
  });

  test('the shapes of all parts', () => {
    const form = vectorForm(recursion, inColumns, declarations);
    expect(form && unicodeVector(form, { ...options, shapes: true }))
      .toBe('δ⁽ᵏ⁻¹⁾⟨n⁽ᵏ⁾×1⟩ = (W⁽ᵏ⁾ᵀ⟨n⁽ᵏ⁾×m⁽ᵏ⁾⟩ δ⁽ᵏ⁾⟨m⁽ᵏ⁾×1⟩) ⊙ h⁽ᵏ⁻¹⁾′(a⁽ᵏ⁻¹⁾)⟨n⁽ᵏ⁾×1⟩');
    expect(form && latexVector(form, { ...options, shapes: true })).toBe('\\underset{n^{(k)} \\times 1}{\\delta^{(k-1)}} = '
      + "\\left(\\underset{n^{(k)} \\times m^{(k)}}{W^{(k)T}} \\underset{m^{(k)} \\times 1}{\\delta^{(k)}}\\right) \\odot \\underset{n^{(k)} \\times 1}{h^{(k-1)'}(a^{(k-1)})}");
  });
});
