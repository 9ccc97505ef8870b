// Einsums: as they are written, and worth what their components are worth, by loops over nested arrays.

import { describe, expect, test } from 'vitest';
import { addAffine, index, integer, type Range, size } from '../../src/algebra/affine.ts';
import {
  add, adjoint, affineValue, bracket, divide, type Expression, indexAtLeast, multiply, negate, number, power, ref, squareRoot, subtract, sum, tensor, tensorKey,
} from '../../src/algebra/expression.ts';
import { mapChildren, references } from '../../src/algebra/traverse.ts';
import type { Declaration } from '../../src/spec/network.ts';
import { type EinsumForm, einsumForm } from '../../src/notation/einsum.ts';
import { latexVector } from '../../src/notation/latex.ts';
import { unicodeVector } from '../../src/notation/unicode.ts';
import { affine, evaluate } from './values.ts';

const range = (name: string): Range => ({ lo: integer(1), hi: size(name) });
const ranges: Readonly<Record<string, Range>> = {
  n: range('N'), o: range('O'), c: range('C'), t: range('T'), h: range('H'), d: range('D'), u: range('T'), 'u#2': range('T'), z: { lo: integer(0), hi: size('C') },
  s: range('samples'), head: range('H'),
};
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const declared: Readonly<Record<string, string>> = { W: 'oc', x: 'nct', a: 'not', Q: 'htd', K: 'hud', S: 'htu', b: 'o', g: 'ntz', v: 'c', P: 'htu', y: 't' };
const declarations = new Map(Object.entries(declared).map(([name, axes]): [string, Declaration] => [tensorKey(tensor(name)), {
  tensor: tensor(name), axes: Array.from(axes).map((a) => ({ index: a, range: ranges[a] ?? range('?') })), role: 'variable', perSample: true, place,
}]));

type Index = string | ReturnType<typeof index>;
const indices = (names: readonly Index[]): ReturnType<typeof index>[] => names.map((n) => (typeof n === 'string' ? index(n) : n));
const at = (name: string, ...names: Index[]): Expression => ref(tensor(name), indices(names));
const d = (name: string, ...names: Index[]): Expression => adjoint(tensor(name), indices(names));
const over = (name: string, ...factors: Expression[]): Expression => sum(name, ranges[name] ?? range('?'), multiply(factors));
const next = addAffine(index('t'), integer(1));

/** Each row: what it is, the left side, its axes, its value, and the einsum; '' where there is none. */
const rows: readonly (readonly [string, Expression, readonly string[], Expression, string])[] = [
  ['a gradient over samples and positions', d('W', 'o', 'c'), ['o', 'c'], over('n', over('t', d('a', 'n', 'o', 't'), at('x', 'n', 'c', 't'))),
    "∂E/∂W = einsum('not,nct->oc', ∂E/∂a, x)"],
  ['scores of heads', at('S', 'h', 't', 'u'), ['h', 't', 'u'],
    divide(over('d', at('Q', 'h', 't', 'd'), at('K', 'h', 'u', 'd')), squareRoot(affineValue(size('D')))), "S = einsum('htd,hud->htu', Q, K) / √D"],
  ['a sum of all but one axis', d('b', 'o'), ['o'], over('n', over('t', d('a', 'n', 'o', 't'))), "∂E/∂b = einsum('not->o', ∂E/∂a)"],
  ['two terms, one for all', at('a', 'n', 'o', 't'), ['n', 'o', 't'], add([over('c', at('W', 'o', 'c'), at('x', 'n', 'c', 't')), negate(at('b', 'o'))]),
    "a = einsum('oc,nct->not', W, x) - einsum('o,nt->not', b, 𝟏)"],
  ['a term that stays as it is', at('S', 'h', 't', 'u'), ['h', 't', 'u'], add([at('P', 'h', 't', 'u'), over('d', at('Q', 'h', 't', 'd'), at('K', 'h', 'u', 'd'))]),
    "S = P + einsum('htd,hud->htu', Q, K)"],
  ['a product of sums', at('v', 'c'), ['c'], multiply([over('n', over('t', at('x', 'n', 'c', 't'))), over('n', over('t', at('x', 'n', 'c', 't')))]),
    "v = einsum('nct,acb->c', x, x)"],
  ['what is worked out entry by entry', d('v', 'c'), ['c'],
    over('n', over('t', subtract(number(1), power(at('x', 'n', 'c', 't'), 3)), at('x', 'n', 'c', 't'))), "∂E/∂v = einsum('nct,nct->c', 1 - x³, x)"],
  ['a square', at('v', 'c'), ['c'], over('n', over('t', power(at('x', 'n', 'c', 't'), 2))), "v = einsum('nct,nct->c', x, x)"],
  ['an index of more than a letter', at('y', 't'), ['t'], over('head', over('d', at('Q', 'head', 't', 'd'), d('Q', 'head', 't', 'd'))), "y = einsum('htd,htd->t', Q, ∂E/∂Q)"],
  ['an index with an offset', at('b', 'o'), ['o'], over('n', over('t', at('a', 'n', 'o', next))), ''],
  ['a condition', at('b', 'o'), ['o'], over('n', over('t', bracket(indexAtLeast(index('t'))), at('a', 'n', 'o', 't'))), ''],
  ['an axis that is not whole', at('b', 'o'), ['o'], over('n', sum('t', { lo: integer(2), hi: size('T') }, at('a', 'n', 'o', 't'))), ''],
  ['an index as a number', at('b', 'o'), ['o'], over('n', over('t', affineValue(index('t')), at('a', 'n', 'o', 't'))), ''],
  ['what is neither summed nor spread', at('S', 'h', 't', 'u'), ['h', 't', 'u'], multiply([at('P', 'h', 't', 'u'), at('P', 'h', 't', 'u')]), ''],
  ['an axis from 0', at('b', 'o'), ['o'], over('n', over('t', over('z', at('a', 'n', 'o', 't'), at('g', 'n', 't', 'z')))),
    "b = einsum('not,ntz->o', a, g)"],
  ['samples in front of what each of them has', at('b', 'o'), ['o'], over('s', over('n', over('t', d('a', 's', 'n', 'o', 't')))), "b = einsum('snot->o', ∂E/∂a)"],
];

describe.each(rows)('%s', (_what, left, axes, value, text) => {
  if (left.kind !== 'ref') throw new Error('an entry');
  const form = einsumForm({ tensor: left.tensor, adjoint: left.adjoint, axes: axes.map((a) => ({ index: a, range: ranges[a] ?? range('?') })), value }, declarations);
  test('as it is written', () => {
    expect(form === null ? '' : unicodeVector(form)).toBe(text);
  });
  if (text === '') return;
  test('as it is worth', () => {
    if (form === null) throw new Error('no einsum');
    const all = points(axes);
    for (const scope of all) expect(worth(form, axes.map((a) => scope.get(a) ?? NaN))).toBeCloseTo(evaluate(value, scope), 9);
    expect(all.length).toBeGreaterThan(1);
  });
});

test('in LaTeX', () => {
  const value = over('n', over('t', d('a', 'n', 'o', 't'), at('x', 'n', 'c', 't')));
  const form = einsumForm({ tensor: tensor('W'), adjoint: true, axes: ['o', 'c'].map((a) => ({ index: a, range: ranges[a] ?? range('?') })), value }, declarations);
  expect(form && latexVector(form, { signals: [tensor('a')] }))
    .toBe('\\frac{\\partial E}{\\partial W} = \\mathrm{einsum}(\\mathtt{not{,}nct{\\to}oc},\\; \\delta, x)');
});

/** Every combination of the letters' values. */
function points(letters: readonly string[], rangeOf = (letter: string): Range => ranges[letter] ?? range('?')): readonly ReadonlyMap<string, number>[] {
  return letters.reduce<readonly ReadonlyMap<string, number>[]>((before, letter) => before.flatMap((scope) => {
    const { lo, hi } = rangeOf(letter);
    const [from, to] = [affine(lo, new Map()), affine(hi, new Map())];
    return Array.from({ length: to - from + 1 }, (_, n) => new Map([...scope, [letter, from + n]]));
  }), [new Map()]);
}

/** One entry of the left side: letters of the result are given, all others are summed over, as numpy does it. */
function worth(form: EinsumForm, entry: readonly number[]): number {
  return form.terms.reduce((total, { coefficient, operands, result }) => {
    const given = new Map(Array.from(result).map((letter, n) => [letter, entry[n] ?? NaN]));
    const summed = [...new Set(operands.flatMap((o) => Array.from(o.letters)))].filter((l) => !given.has(l));
    let part = 0;
    for (const scope of points(summed, rangeIn(operands))) {
      const of = (letter: string): number => given.get(letter) ?? scope.get(letter) ?? NaN;
      part += operands.reduce((product, o) => product * (o.value === null ? 1 : evaluate(entryOf(o.value, Array.from(o.letters).map(of)), new Map())), 1);
    }
    return total + evaluate(coefficient, new Map()) * part;
  }, 0);
}

/** A letter runs over the axis of the first tensor that has it; in front of its axes stand the samples. */
const rangeIn = (operands: EinsumForm['terms'][number]['operands']) => (letter: string): Range => {
  for (const { value, letters } of operands) {
    const axes = declared[(value === null ? undefined : references(value)[0]?.tensor.name) ?? ''];
    if (axes !== undefined && letters.includes(letter)) return ranges[axes[letters.indexOf(letter) - letters.length + axes.length] ?? 's'] ?? range('?');
  }
  throw new Error(`no axis for ${letter}`);
};

/** The entry of a whole array. */
const entryOf = (e: Expression, at: readonly number[]): Expression =>
  (e.kind === 'ref' ? { ...e, indices: at.map(integer) } : mapChildren(e, (child) => entryOf(child, at)));
