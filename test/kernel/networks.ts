// Networks made by hand, without the reader: declarations and equations from the algebra's constructors.

import { type Affine, index, integer, type Range } from '../../src/algebra/affine.ts';
import {
  add, affineValue, bracket, call, divide, elementary, type Expression, indexAtLeast, indexEqual, multiply, negate, number,
  one, piecewise, power, ref, subtract, sum, symbol, tensor, type Tensor, tensorKey, zero,
} from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import type { Place } from '../../src/diagnostics/diagnostic.ts';
import type {
  Activation, Axis, Declaration, Equation, Instance, Network, Precision, Role, Signal,
} from '../../src/spec/network.ts';

export const place = (line: number): Place => ({ file: 'by-hand.yaml', line, column: 1, endLine: line, endColumn: 1 });
export const range = (lo: number, hi: number): Range => ({ lo: integer(lo), hi: integer(hi) });
export const axis = (letter: string, hi: number, lo = 1): Axis => ({ index: letter, range: range(lo, hi) });
export const at = (name: string): Affine => index(name);
export const T = (name: string, layer?: number): Tensor => tensor(name, layer === undefined ? null : layerNumber(layer));

export interface Sketch {
  readonly name?: string;
  readonly declarations: readonly Declaration[];
  readonly equations: readonly Equation[];
  readonly inputs: readonly Tensor[];
  readonly targets?: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly loss: Tensor;
  readonly instances?: readonly Instance[];
  readonly slots?: ReadonlyMap<string, Activation>;
  readonly penalty?: Expression;
  readonly reduction?: 'sum' | 'mean';
  readonly signal?: Signal;
  readonly precision?: Precision;
}

export const declare = (t: Tensor, axes: readonly Axis[], role: Role): Declaration =>
  ({ tensor: t, axes, role, perSample: role !== 'parameter', place: place(1) });

export const equation = (t: Tensor, axes: readonly Axis[], value: Expression, line = 1): Equation =>
  ({ tensor: t, axes, value, place: place(line), text: '' });

/** A network from declarations of what is given and equations for the rest, whose tensors are declared from them. */
export function network(sketch: Sketch): Network {
  const computed = sketch.equations.map((e) => declare(e.tensor, e.axes, 'variable'));
  return {
    name: sketch.name ?? 'by-hand', title: null, file: 'by-hand.yaml',
    system: {
      name: 'by-hand', instances: sketch.instances ?? [], slots: sketch.slots ?? new Map(), sizes: new Map(), total: null,
      declarations: new Map([...sketch.declarations, ...computed].map((d) => [tensorKey(d.tensor), d])),
      equations: sketch.equations,
    },
    inputs: sketch.inputs, targets: sketch.targets ?? [], outputs: sketch.outputs, loss: sketch.loss,
    penalty: sketch.penalty ?? zero, penalties: [], reduction: sketch.reduction ?? 'sum', signal: sketch.signal ?? 'a', bias: 'separate',
    precision: sketch.precision ?? 'f64', correspondence: [],
  };
}

const u = symbol('u');
const body = (name: string, e: Expression): Activation => ({ name, argument: 'u', body: e, place: place(1) });
export const activations = {
  identity: body('identity', u),
  sigmoid: body('sigmoid', power(add([one, elementary('exp', negate(u))]), -1)),
  tanh: body('tanh', elementary('tanh', u)),
  relu: body('relu', piecewise([{ when: { kind: 'compare', relation: '>', left: u, right: zero }, then: u }], zero)),
  elu: body('elu', piecewise([{ when: { kind: 'compare', relation: '>', left: u, right: zero }, then: u }], elementary('expm1', u))),
  softplus: body('softplus', elementary('log', add([one, elementary('exp', u)]))),
  gelu: body('gelu', multiply([u, divide(add([one, elementary('erf', divide(u, power(number(2), { n: 1n, d: 2n })))]), number(2))])),
  gaussian: body('gaussian', elementary('exp', negate(power(u, 2)))),
  cube: body('cube', power(u, 3)),
} as const;

export interface DenseOptions {
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly signal?: Signal;
  readonly precision?: Precision;
  readonly reduction?: 'sum' | 'mean';
  readonly augmented?: boolean;
  readonly penalty?: Expression;
  readonly name?: string;
}

/** A dense network with half squared error: a[i] = Σ_j W[i,j] z[j] + b[i], z = h(a); or augmented, with j from 0. */
export function dense(options: DenseOptions): Network {
  const { sizes } = options;
  const declarations: Declaration[] = [declare(T('x'), [axis('j', sizes[0] ?? 1)], 'input')];
  const equations: Equation[] = [];
  const instances: Instance[] = [];
  const slots = new Map<string, Activation>();
  let input = T('x');
  for (const [n, size] of sizes.slice(1).entries()) {
    const k = n + 1;
    const before = sizes[n] ?? 1;
    const [i, j] = [axis('i', size), axis('j', before)];
    const [a, z, W, b] = [T('a', k), T('z', k), T('W', k), T('b', k)];
    if (options.augmented === true) {
      const x = T('x', k);
      const j0 = axis('j', before, 0);
      declarations.push(declare(W, [i, j0], 'parameter'));
      equations.push(equation(x, [j0], add([
        bracket(indexEqual(at('j'))),
        multiply([bracket(indexAtLeast({ ...at('j'), constant: -1 })), ref(input, [at('j')])]),
      ]), 10 * k));
      equations.push(equation(a, [i], sum('j', j0.range, multiply([ref(W, [at('i'), at('j')]), ref(x, [at('j')])])), 10 * k + 1));
    } else {
      declarations.push(declare(W, [i, j], 'parameter'), declare(b, [i], 'parameter'));
      equations.push(equation(a, [i], add([
        sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(input, [at('j')])])), ref(b, [at('i')]),
      ]), 10 * k + 1));
    }
    equations.push(equation(z, [i], call({ kind: 'slot', name: 'h', layer: layerNumber(k), order: 0 }, ref(a, [at('i')])), 10 * k + 2));
    slots.set(`h@${String(k)}`, options.activations[n] ?? activations.identity);
    instances.push({
      layer: layerNumber(k), name: null, kind: 'dense', inputs: new Map([['x', input]]), outputs: new Map([['z', z]]),
      parameters: options.augmented === true ? [W] : [W, b], preActivations: [a], slots: new Map(),
    });
    input = z;
  }
  const last = sizes.at(-1) ?? 1;
  const t = T('t');
  declarations.push(declare(t, [axis('i', last)], 'target'));
  const difference = subtract(ref(input, [at('i')]), ref(t, [at('i')]));
  equations.push(equation(T('L'), [], divide(sum('i', range(1, last), power(difference, 2)), number(2)), 99));
  return network({
    name: options.name ?? 'dense', declarations, equations, inputs: [T('x')], targets: [t], outputs: [input], loss: T('L'), instances, slots,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    ...(options.reduction === undefined ? {} : { reduction: options.reduction }),
    ...(options.penalty === undefined ? {} : { penalty: options.penalty }),
  });
}

/** Layers with two pre-activations: a[i] = Σ_j W[i,j] x[j], c[i] = Σ_j W[j,i] h(a[j]), z[i] = x[i] + h(c[i]). */
export function crossed(layers: number, signal: Signal, size = 3): Network {
  const [i, j] = [axis('i', size), axis('j', size)];
  const declarations: Declaration[] = [declare(T('x'), [i], 'input'), declare(T('t'), [i], 'target')];
  const equations: Equation[] = [];
  const instances: Instance[] = [];
  const slots = new Map<string, Activation>();
  let input = T('x');
  for (let k = 1; k <= layers; k += 1) {
    const [W, a, c, z] = [T('W', k), T('a', k), T('c', k), T('z', k)];
    const h = (e: Expression): Expression => call({ kind: 'slot', name: 'h', layer: layerNumber(k), order: 0 }, e);
    declarations.push(declare(W, [i, j], 'parameter'));
    equations.push(
      equation(a, [i], sum('j', j.range, multiply([ref(W, [at('i'), at('j')]), ref(input, [at('j')])]))),
      equation(c, [i], sum('j', j.range, multiply([ref(W, [at('j'), at('i')]), h(ref(a, [at('j')]))]))),
      equation(z, [i], add([ref(input, [at('i')]), h(ref(c, [at('i')]))])),
    );
    slots.set(`h@${String(k)}`, k % 2 === 0 ? activations.sigmoid : activations.tanh);
    instances.push({
      layer: layerNumber(k), name: null, kind: 'crossed', inputs: new Map([['x', input]]), outputs: new Map([['z', z]]),
      parameters: [W], preActivations: [a, c], slots: new Map(),
    });
    input = z;
  }
  const difference = subtract(ref(input, [at('i')]), ref(T('t'), [at('i')]));
  equations.push(equation(T('L'), [], divide(sum('i', i.range, power(difference, 2)), number(2))));
  return network({
    declarations, equations, inputs: [T('x')], targets: [T('t')], outputs: [input], loss: T('L'), instances, slots, signal,
  });
}

export { add, affineValue, multiply, number, power, ref, sum };
