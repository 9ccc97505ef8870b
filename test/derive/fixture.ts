// Networks built by hand from the constructors, for tests that must not depend on the spec reader.

import { type Affine, index, integer, size } from '../../src/algebra/affine.ts';
import { add, call, type Expression, multiply, number, power, ref, subtract, sum, tensor, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import type { Axis, Declaration, Equation, Instance, Network, System } from '../../src/spec/network.ts';

const place = { file: 'fixture.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
export const range = (hi: Affine, lo = 1): Axis['range'] => ({ lo: integer(lo), hi });
const axis = (name: string, hi: Affine): Axis => ({ index: name, range: range(hi) });
const at = (t: Tensor, ...indices: string[]): Expression => ref(t, indices.map((n) => index(n)));

/** Dense layers with uninterpreted activation functions and half the squared error. */
export function denseNetwork(depth: number, options: { signal?: 'a' | 'z' } = {}): Network {
  const declarations = new Map<string, Declaration>();
  const equations: Equation[] = [];
  const instances: Instance[] = [];
  const declare = (t: Tensor, axes: readonly Axis[], role: Declaration['role'], perSample: boolean): void => {
    declarations.set(tensorKey(t), { tensor: t, axes, role, perSample, place });
  };
  const x = tensor('x');
  const t = tensor('t');
  declare(x, [axis('j', size('inputs'))], 'input', true);
  let before = x;
  let width: Affine = size('inputs');
  for (let k = 1; k <= depth; k += 1) {
    const layer = layerNumber(k);
    const [W, b, a, z] = ['W', 'b', 'a', 'z'].map((name) => tensor(name, layer)) as [Tensor, Tensor, Tensor, Tensor];
    const units = size('units', layer);
    const i = axis('i', units);
    const j = axis('j', width);
    declare(W, [i, j], 'parameter', false);
    declare(b, [i], 'parameter', false);
    declare(a, [i], 'variable', true);
    declare(z, [i], 'variable', true);
    equations.push({ tensor: a, axes: [i], value: add([sum('j', j.range, multiply([at(W, 'i', 'j'), at(before, 'j')])), at(b, 'i')]), place, text: '' });
    equations.push({ tensor: z, axes: [i], value: call({ kind: 'slot', name: 'h', layer, order: 0 }, at(a, 'i')), place, text: '' });
    instances.push({ layer, name: null, kind: 'dense', inputs: new Map([['x', before]]), outputs: new Map([['z', z]]), parameters: [W, b], preActivations: [a], slots: new Map() });
    before = z;
    width = units;
  }
  const y = axis('i', width);
  declare(t, [y], 'target', true);
  const L = tensor('L');
  declare(L, [], 'variable', true);
  equations.push({ tensor: L, axes: [], value: multiply([number({ n: 1n, d: 2n }), sum('i', y.range, power(subtract(at(before, 'i'), at(t, 'i')), 2))]), place, text: '' });
  const system: System = { name: 'fixture', declarations, equations, instances, slots: new Map(), sizes: new Map(), total: null };
  return {
    name: 'fixture', title: null, file: 'fixture.yaml', system, inputs: [x], targets: [t], outputs: [before], loss: L,
    penalty: number(0), penalties: [], reduction: 'sum', signal: options.signal ?? 'a', bias: 'separate', precision: 'f64', correspondence: [],
  };
}
