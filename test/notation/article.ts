// The article's formulas, built by hand: what the writers are tested on, whatever the derivation gives.

import { index, integer, type Range, size } from '../../src/algebra/affine.ts';
import {
  add, adjoint, call, type Expression, multiply, number, power, ref, subtract, sum, tensor,
} from '../../src/algebra/expression.ts';
import { type Layer, layerK, layerN } from '../../src/algebra/layer.ts';
import { rational } from '../../src/algebra/rational.ts';

export const k = layerK();
export const below = layerK(-1);
export const top = layerN();
export const [i, j, s] = [index('i'), index('j'), index('s')];

export const units: Range = { lo: integer(1), hi: size('m', k) };
export const inputs: Range = { lo: integer(1), hi: size('n', k) };
export const fromZero: Range = { lo: integer(0), hi: size('n', k) };
export const samples: Range = { lo: integer(1), hi: size('samples') };

export const W = tensor('W', k);
export const b = tensor('b', k);
export const a = tensor('a', k);
export const z = tensor('z', k);
export const aBelow = tensor('a', below);
export const zBelow = tensor('z', below);
export const aTop = tensor('a', top);
export const y = tensor('y');
export const t = tensor('t');
export const E = tensor('E');

export const h = (argument: Expression, layer: Layer = k, order = 0): Expression =>
  call({ kind: 'slot', name: 'h', layer, order }, argument);

export const preActivation = add([sum('j', inputs, multiply([ref(W, [i, j]), ref(zBelow, [j])])), ref(b, [i])]);
export const recursion = multiply([
  sum('i', units, multiply([adjoint(a, [i]), ref(W, [i, j])])), h(ref(aBelow, [j]), below, 1)]);
export const alternative = sum('i', units, multiply([adjoint(z, [i]), h(ref(a, [i]), k, 1), ref(W, [i, j])]));
export const weightGradient = multiply([adjoint(a, [i]), ref(zBelow, [j])]);
export const topSignal = multiply([adjoint(y, [j]), h(ref(aTop, [j]), top, 1)]);
export const halfSquares = multiply([number(rational(1, 2)), sum('i', units, power(subtract(ref(y, [i]), ref(t, [i])), 2))]);
