// The values of a layer taken by itself, its equations run with loops and recursion in any order that they allow.

import { symbolKey } from '../../src/algebra/affine.ts';
import type { Tensor } from '../../src/algebra/expression.ts';
import type { LayerSpec } from '../../src/spec/layer-spec.ts';
import { entries, valueOf } from './value.ts';

export type Inputs = Readonly<Record<string, (indices: readonly number[]) => number>>;

/** Entries of the layer's tensors, each computed from those that it needs: one that needs itself throws, and one outside its axes. */
export function runLayer(spec: LayerSpec, sizes: Readonly<Record<string, number>>, inputs: Inputs, constants: ReadonlyMap<string, number> = new Map()): (name: string, indices: readonly number[]) => number {
  const values = new Map<string, number>();
  const open = new Set<string>();
  const env = {
    sizes: new Map(Object.entries(sizes).map(([name, value]) => [symbolKey({ kind: 'size', name, layer: null }), value])),
    symbols: constants,
    entry: ({ name }: Tensor, indices: readonly number[]): number => value(name, indices),
  };
  const value = (name: string, indices: readonly number[]): number => {
    const key = `${name}[${indices.join(',')}]`;
    const known = values.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) throw new Error(`${key} needs itself`);
    open.add(key);
    const equation = spec.equations.find((e) => e.tensor.name === name);
    const given = inputs[name];
    if (equation === undefined && given === undefined) throw new Error(`no ${key}`);
    for (const [n, axis] of (equation?.axes ?? spec.tensors.get(name)?.axes ?? []).entries()) {
      const [lo, hi] = [axis.range.lo, axis.range.hi].map((end) => valueOf({ kind: 'affine', value: end }, env));
      if (indices[n] === undefined || indices[n] < lo! || indices[n] > hi!) throw new Error(`${key} is outside its axes`);
    }
    const found = equation === undefined ? given!(indices) : valueOf(equation.value, env, new Map(equation.axes.map((a, n) => [a.index, indices[n]!])));
    open.delete(key);
    const integer = spec.tensors.get(name)?.integer;
    if (integer !== undefined) {
      const [lo, hi] = [integer.lo, integer.hi].map((end) => valueOf({ kind: 'affine', value: end }, env));
      if (!Number.isInteger(found) || found < lo! || found > hi!) throw new Error(`${key} is ${found}, no integer of its range`);
    }
    values.set(key, found);
    return found;
  };
  // Every entry has to be computable, asked for by another or not.
  for (const { tensor, axes } of spec.equations) for (const indices of entries(axes, env)) value(tensor.name, indices);
  return value;
}
