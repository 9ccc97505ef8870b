// What readers know of a text, written down by hand: dense layers, and tensors of several kinds.

import { index, integer, type Range, size } from '../../src/algebra/affine.ts';
import { argmax, call, ref, symbol, type Tensor, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { type Layer, layerK } from '../../src/algebra/layer.ts';
import { articleConvention, type Convention } from '../../src/notation/convention.ts';
import { inColumns, type MatrixLayout } from '../../src/notation/matrix-layout.ts';
import type { Axis, Declaration, Equation, Role } from '../../src/spec/network.ts';
import type { ReadingContext } from '../../src/texts/read.ts';

const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const k = layerK();
const below = layerK(-1);
const upTo = (name: string, layer: Layer | null = null): Range => ({ lo: integer(1), hi: size(name, layer) });
const axis = (letter: string, range: Range): Axis => ({ index: letter, range });

const declare = (t: Tensor, role: Role, axes: readonly Axis[], integerRange?: Range): readonly [string, Declaration] =>
  [tensorKey(t), { tensor: t, axes, role, perSample: role !== 'parameter', place, ...(integerRange === undefined ? {} : { integer: integerRange }) }];

const [i, j] = [axis('i', upTo('units', k)), axis('j', upTo('units', below))];
const [time, words, width] = [axis('t', upTo('time')), axis('v', upTo('words')), axis('d', upTo('width'))];

const declarations = new Map([
  declare(tensor('W', k), 'parameter', [i, j]), declare(tensor('b', k), 'parameter', [i]), declare(tensor('a', k), 'variable', [i]), declare(tensor('z', k), 'variable', [i]),
  declare(tensor('W_tilde', k), 'parameter', [i, { ...j, range: { lo: integer(0), hi: j.range.hi } }]),
  declare(tensor('x'), 'input', [axis('i', upTo('inputs'))]), declare(tensor('L'), 'variable', []),
  // Words by their numbers, a table, hidden states of a recurrence, and places of greatest entries.
  declare(tensor('token'), 'input', [time], words.range), declare(tensor('E_table'), 'parameter', [words, width]),
  declare(tensor('H'), 'variable', [time, width]), declare(tensor('U'), 'parameter', [width, axis('m', width.range)]), declare(tensor('c'), 'parameter', [width]),
  declare(tensor('best'), 'variable', [time], width.range), declare(tensor('m'), 'variable', [time]), declare(tensor('c_d'), 'parameter', []),
]);

const equations: readonly Equation[] = [
  { tensor: tensor('z', k), axes: [i], value: call({ kind: 'slot', name: 'h', layer: k, order: 0 }, ref(tensor('a', k), [index('i')])), place, text: '' },
  { tensor: tensor('best'), axes: [time], value: argmax('d', width.range, ref(tensor('H'), [index('t'), index('d')])), place, text: '' },
  { tensor: tensor('m'), axes: [time], value: symbol('alpha'), place, text: '' },
];

/** δ = ∂E/∂a, superscripts (k), columns, every derivative as its variable lies. */
export function context(convention: Partial<Convention> = {}, layout: Partial<MatrixLayout> = {}, more: Partial<ReadingContext> = {}): ReadingContext {
  return {
    convention: { ...articleConvention, ...convention }, layout: { ...inColumns, ...layout },
    system: { declarations, equations, slots: new Map() }, signals: [{ tensor: tensor('a', k), symbol: 'a' }], ...more,
  };
}

export const nielsen = context({ layer: { kind: 'superscript', open: '', close: '', letter: 'l', last: 'L' }, total: 'C', functions: 'one' });
export const ng = context(
  { layer: { kind: 'superscript', open: '[', close: ']', letter: 'l', last: 'L' }, total: 'J', derivative: 'd', signal: { a: null, z: null }, elementwise: '*', functions: 'each' },
  { samples: 'columns' }, { samples: 'all', signals: [] },
);
