// Dense networks built by hand from the algebra, without the spec language: for the tests of evaluate and check.

import { index, integer, type Range } from '../../src/algebra/affine.ts';
import { add, call, elementary, type Expression, multiply, number, one, piecewise, power, ref, subtract, sum, symbol, tensor, type Tensor, tensorKey, zero } from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import type { Place } from '../../src/diagnostics/diagnostic.ts';
import type { Activation, Axis, Declaration, Equation, Instance, Network, Role } from '../../src/spec/network.ts';

export const place: Place = { file: 'hand.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const a = symbol('a');
const activation = (name: string, body: Expression): Activation => ({ name, argument: 'a', body, place });
const positive = { kind: 'compare', relation: '>', left: a, right: zero } as const;

export const tanh = activation('tanh', elementary('tanh', a));
export const sigmoid = activation('sigmoid', power(add([one, elementary('exp', multiply([number(-1), a]))]), -1));
export const relu = activation('relu', piecewise([{ when: positive, then: a }], zero));
export const identity = activation('identity', a);
export const cube = activation('cube', power(a, 3));

/** Half the squared error over outputs y and targets t. */
export const halfSquares = (y: Expression, t: Expression, i: string, range: Range): Expression =>
  multiply([number({ n: 1n, d: 2n }), sum(i, range, power(subtract(y, t), 2))]);

export interface Shape {
  /** Sizes from the inputs to the outputs; one activation per layer. */
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly reduction?: Network['reduction'];
  readonly penalty?: (W: Tensor, entries: readonly Axis[]) => Expression;
  readonly signal?: Network['signal'];
  /** One term of the loss, in symbols y and t replaced by entries. */
  readonly loss?: (y: Expression, t: Expression, i: string, range: Range) => Expression;
}

const axis = (letter: string, extent: number): Axis => ({ index: letter, range: { lo: integer(1), hi: integer(extent) } });

/** a[i] = Σ_j W[i,j] x[j] + b[i], z[i] = h(a[i]) for each layer, and a loss. */
export function denseNetwork(shape: Shape): Network {
  const declarations = new Map<string, Declaration>();
  const equations: Equation[] = [];
  const instances: Instance[] = [];
  const slots = new Map<string, Activation>();
  const declare = (t: Tensor, axes: readonly Axis[], role: Role, perSample: boolean): void => {
    declarations.set(tensorKey(t), { tensor: t, axes, role, perSample, place });
  };
  const define = (t: Tensor, axes: readonly Axis[], value: Expression): void => {
    declare(t, axes, 'variable', true);
    equations.push({ tensor: t, axes, value, place, text: '' });
  };
  const x = tensor('x');
  declare(x, [axis('j', shape.sizes[0]!)], 'input', true);
  let below = x;
  const penalties: Expression[] = [];
  shape.activations.forEach((h, n) => {
    const layer = layerNumber(n + 1);
    const [W, b, pre, z] = ['W', 'b', 'a', 'z'].map((name) => tensor(name, layer)) as [Tensor, Tensor, Tensor, Tensor];
    const i = axis('i', shape.sizes[n + 1]!);
    const j = axis('j', shape.sizes[n]!);
    declare(W, [i, j], 'parameter', false);
    declare(b, [i], 'parameter', false);
    define(pre, [i], add([
      sum('j', j.range, multiply([ref(W, [index('i'), index('j')]), ref(below, [index('j')])])), ref(b, [index('i')])]));
    define(z, [i], call({ kind: 'slot', name: 'h', layer, order: 0 }, ref(pre, [index('i')])));
    slots.set(`h@${n + 1}`, h);
    if (shape.penalty !== undefined) penalties.push(shape.penalty(W, [i, j]));
    instances.push({
      layer, name: null, kind: 'dense', inputs: new Map([['x', below]]), outputs: new Map([['z', z]]),
      parameters: [W, b], preActivations: [pre], slots: new Map([[`h@${n + 1}`, h]]),
    });
    below = z;
  });
  const t = tensor('t');
  const outputs = axis('i', shape.sizes.at(-1)!);
  declare(t, [outputs], 'target', true);
  const loss = tensor('L');
  define(loss, [], (shape.loss ?? halfSquares)(ref(below, [index('i')]), ref(t, [index('i')]), 'i', outputs.range));
  return {
    name: 'hand', title: null, file: 'hand.yaml',
    system: { name: 'hand', declarations, equations, instances, slots, sizes: new Map(), total: null },
    inputs: [x], targets: [t], outputs: [below], loss, penalty: add(penalties), penalties: [],
    reduction: shape.reduction ?? 'sum', signal: shape.signal ?? 'a', bias: 'separate', precision: 'f64', correspondence: [],
  };
}

/** ½ λ Σ W², λ = 1/8. */
export const squares = (W: Tensor, [i, j]: readonly Axis[]): Expression => multiply([
  number({ n: 1n, d: 16n }),
  sum(i!.index, i!.range, sum(j!.index, j!.range, power(ref(W, [index(i!.index), index(j!.index)]), 2)))]);

export const samplesKey = 'n:samples@';
