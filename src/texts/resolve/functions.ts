// Functions of values: elementary ones and activation functions entry by entry, |x| and sgn x, diag.

import { type Affine, integer, subtractAffine } from '../../algebra/affine.ts';
import {
  bracket, call, elementary, type ElementaryName, type Expression, indexEqual, multiply, negate, number, piecewise, zero,
} from '../../algebra/expression.ts';
import type { Layer } from '../../algebra/layer.ts';
import { showLayer } from '../../algebra/layer.ts';
import { references } from '../../algebra/traverse.ts';
import { refuse } from '../problem.ts';
import type { Span } from '../span.ts';
import type { Knowledge } from './context.ts';
import type { Env } from './env.ts';
import { type Meaning, primesIn } from './meaning.ts';
import { isScalar, mapped, one, settled, shapeText, type Value } from './value.ts';

const names: ReadonlyMap<string, ElementaryName> = new Map([
  ['exp', 'exp'], ['log', 'log'], ['ln', 'log'], ['sin', 'sin'], ['cos', 'cos'], ['tan', 'tan'], ['sinh', 'sinh'], ['cosh', 'cosh'], ['tanh', 'tanh'],
  ['arctan', 'atan'], ['erf', 'erf'], ['log1p', 'log1p'], ['expm1', 'expm1'],
]);

export function functionValue(name: string, argument: Value, place: Span): Value {
  const known = names.get(name);
  if (known !== undefined) return mapped(argument, (e) => elementary(known, e));
  if (name === 'sgn' || name === 'sign') return mapped(argument, (e) => signed(e, number(1)));
  if (name === 'diag') return diagonal(argument, place);
  return refuse('not-expressible', place, { text: name, reason: 'this function is not known here' });
}

/** |x| and sgn x as the language has them: cases of x > 0, x < 0, and neither. */
export const absolute = (e: Expression): Expression => signed(e, e);

function signed(e: Expression, value: Expression): Expression {
  return piecewise([
    { when: { kind: 'compare', relation: '>', left: e, right: zero }, then: value },
    { when: { kind: 'compare', relation: '>', left: zero, right: e }, then: negate(value) },
  ], zero);
}

/** The greater of two numbers. */
export const greater = (a: Expression, b: Expression): Expression =>
  piecewise([{ when: { kind: 'compare', relation: '>', left: a, right: b }, then: a }], b);

/** h(a), h'(a): where one symbol stands for all layers, the argument says of which. */
export function slotValue(meaning: Extract<Meaning, { kind: 'function' }>, argument: Value, place: Span, { reading: { context, knowledge } }: Env): Value {
  const order = primesIn(meaning.rest);
  const { open, close, letter } = context.convention.layer;
  const isOpen = meaning.layer === null && context.convention.functions === 'each' && context.convention.layer.kind !== 'none';
  if (isOpen && knowledge.layered.has(meaning.name) && context.functions?.includes(meaning.name) !== true) {
    refuse('layer-missing', place, { text: meaning.name, example: `${meaning.name}^{${open}${letter}${close}}` });
  }
  const { kind } = context.convention.layer;
  // In formulas of layers in general the function is that of the layer, which a network may call otherwise.
  const isOfLayer = knowledge.layered.has(meaning.name) || (context.units?.of ?? null) !== null;
  const isShared = isOfLayer && (context.convention.functions === 'one' || kind === 'none');
  const layer = (e: Expression): Layer | null => (meaning.layer === null && isShared ? layerOfArgument(e, meaning.name, place, knowledge) : meaning.layer);
  return mapped(argument, (e) => call({ kind: 'slot', name: meaning.name, layer: layer(e), order }, e));
}

/** The layer of the values in it; a parameter may carry the number of the layer that it leads out of. */
function layerOfArgument(e: Expression, name: string, place: Span, { tensors }: Knowledge): Layer | null {
  const all = references(e).map((r) => r.tensor);
  const values = all.filter((t) => tensors.get(t.name)?.some((d) => d.role !== 'parameter') === true);
  const layers = new Map((values.length > 0 ? values : all).map((t) => [showLayer(t.layer), t.layer]));
  const [first] = layers.values();
  return layers.size > 1 ? refuse('ambiguous-symbol', place, { text: name, meanings: [...layers.keys()].map((l) => `${name} of layer ${l}`) }) : first ?? null;
}

/** A vector as a matrix that has it on its diagonal. */
function diagonal(v: Value, place: Span): Value {
  const [down = one, across = one] = v.dims;
  const isColumn = settled(across).kind === 'one';
  const isRow = settled(down).kind === 'one';
  if (v.dims.length !== 2 || (!isColumn && !isRow) || isScalar(v)) return refuse('no-shape', place, { what: 'the argument of diag', shape: shapeText(v), wanted: 'a vector' });
  const entry = (i: Affine): Expression => v.at(isColumn ? [i, integer(1)] : [integer(1), i]);
  const extent = isColumn ? down : across;
  return {
    dims: [extent, extent], diagonal: entry,
    at: ([i = integer(1), j = integer(1)]) => multiply([entry(i), bracket(indexEqual(subtractAffine(i, j)))]),
  };
}
