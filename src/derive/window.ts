// The generic layer k: a layer instance and its lower neighbour of the same kind, layer numbers replaced by k and k-1.

import {
  addAffine, type Affine, type AffineSymbol, coefficientOf, constantOf, fromSymbol, sameAffine, sameSymbol, substituteAffine,
} from '../algebra/affine.ts';
import { call, type Expression, symbol, type Tensor, tensor, tensorKey } from '../algebra/expression.ts';
import { type Layer, sameLayer, shiftLayer } from '../algebra/layer.ts';
import { mapChildren, substituteSymbols } from '../algebra/traverse.ts';
import type { Axis, Declaration, Equation, Instance, System } from '../spec/network.ts';

export interface Window {
  readonly system: System;
  readonly lower: Instance;
  readonly upper: Instance;
}

/** A relabelling of one instance: its own layer becomes `to`, what it reads becomes what the layer below `to` writes. */
interface Relabelling {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly symbols: readonly (readonly [AffineSymbol, Affine])[];
  readonly from: Layer;
  readonly to: Layer;
}

/**
 * The window of layers top-1 and top, both like `instance`, or null where the layer's inputs are not bound one to one to
 * outputs of a layer of its kind (several inputs, no output of the input's rank).
 */
export function windowOf(system: System, instance: Instance, top: Layer): Window | null {
  const ports = [...instance.inputs];
  const outputs = [...instance.outputs];
  const [input] = ports;
  const [output] = outputs;
  if (input === undefined || output === undefined || ports.length !== 1 || outputs.length !== 1) return null;
  const inputDeclaration = system.declarations.get(tensorKey(input[1]));
  const outputDeclaration = system.declarations.get(tensorKey(output[1]));
  if (inputDeclaration === undefined || outputDeclaration === undefined) return null;
  if (inputDeclaration.axes.length !== outputDeclaration.axes.length) return null;
  const pairs = inputDeclaration.axes.map((axis, n) => neighbourSize(axis, outputDeclaration.axes[n]));
  const at = (to: Layer): Relabelling => ({
    tensors: new Map([[tensorKey(input[1]), tensor(output[1].name, shiftLayer(to, -1))]]),
    symbols: pairs.flatMap((pair) => (pair === null ? [] : [[pair.symbol, inputSize(pair, instance.layer, to, top)] as const])),
    from: instance.layer,
    to,
  });
  if (pairs.includes(null)) return null;
  const below = at(shiftLayer(top, -1));
  const above = at(top);
  const lower = relabelInstance(instance, below);
  const upper = relabelInstance(instance, above);
  const own = system.equations.filter((e) => sameLayer(e.tensor.layer, instance.layer));
  const declared = [...system.declarations.values()].filter((d) => sameLayer(d.tensor.layer, instance.layer));
  const source: Declaration = {
    ...inputDeclaration,
    tensor: tensor(output[1].name, shiftLayer(top, -2)),
    axes: inputDeclaration.axes.map((a) => ({ ...a, range: mapRange(a, (x) => relabelAffine(x, below)) })),
    role: 'variable',
  };
  const declarations = [source, ...declared.map((d) => relabelDeclaration(d, below)), ...declared.map((d) => relabelDeclaration(d, above))];
  return {
    lower,
    upper,
    system: {
      name: instance.kind,
      declarations: new Map(declarations.map((d) => [tensorKey(d.tensor), d])),
      equations: [...own.map((e) => relabelEquation(e, below)), ...own.map((e) => relabelEquation(e, above))],
      instances: [lower, upper],
      slots: new Map(),
      sizes: new Map(),
      total: null,
    },
  };
}

interface SizePair {
  /** The size of an input axis. */
  readonly symbol: Extract<AffineSymbol, { kind: 'size' }>;
  /** The size of the output axis that takes its place in the layer above. */
  readonly size: Affine;
}

/**
 * What an input size of the layer at `to` is: the output size of the layer below it. Where that follows from the layer's own
 * input (a convolution shortens it), the lower layer's input size is the symbol that all is written in; where it is the
 * same, all layers share one size.
 */
function inputSize({ symbol, size }: SizePair, own: Layer, to: Layer, top: Layer): Affine {
  const share = coefficientOf(size, symbol);
  if (share === 0) return relabelSizes(size, own, shiftLayer(to, -1));
  if (sameAffine(size, fromSymbol(symbol))) return fromSymbol({ ...symbol, layer: null });
  const below = shiftLayer(top, -1);
  const lowest = fromSymbol({ ...symbol, layer: below });
  if (!sameLayer(to, top)) return lowest;
  return relabelSizes(substituteAffine(size, (s) => (sameSymbol(s, symbol) ? lowest : null)), own, below);
}

/** An input axis whose size is one symbol, and its output axis; null when bases differ or the size is no symbol. */
function neighbourSize(input: Axis, output: Axis | undefined): SizePair | null {
  if (output === undefined || constantOf(input.range.lo) !== constantOf(output.range.lo)) return null;
  const { terms, constant } = input.range.hi;
  const [term] = terms;
  return term?.coefficient === 1 && term.symbol.kind === 'size' && terms.length === 1 && constant === 0
    ? { symbol: term.symbol, size: output.range.hi } : null;
}

function relabelSizes(a: Affine, from: Layer, to: Layer): Affine {
  const terms = a.terms.map((t) => ({
    coefficient: t.coefficient,
    value: t.symbol.kind === 'size' && sameLayer(t.symbol.layer, from) ? fromSymbol({ ...t.symbol, layer: to }) : fromSymbol(t.symbol),
  }));
  return terms.reduce<Affine>((sum, t) => addAffine(sum, t.value, t.coefficient), { terms: [], constant: a.constant });
}

const mapRange = (axis: Axis, f: (a: Affine) => Affine): Axis['range'] => ({ lo: f(axis.range.lo), hi: f(axis.range.hi) });

function relabelAffine(a: Affine, r: Relabelling): Affine {
  return substituteAffine(a, (s) => {
    const neighbour = r.symbols.find(([from]) => sameSymbol(from, s));
    if (neighbour !== undefined) return neighbour[1];
    return s.kind === 'size' && sameLayer(s.layer, r.from) ? fromSymbol({ ...s, layer: r.to }) : null;
  });
}

const relabelAxes = (axes: readonly Axis[], r: Relabelling): readonly Axis[] =>
  axes.map((a) => ({ ...a, range: mapRange(a, (x) => relabelAffine(x, r)) }));

function relabelTensor(t: Tensor, r: Relabelling): Tensor {
  return r.tensors.get(tensorKey(t)) ?? (sameLayer(t.layer, r.from) ? tensor(t.name, r.to) : t);
}

function relabelExpression(e: Expression, r: Relabelling): Expression {
  const sized = substituteSymbols(e, (s) => {
    const neighbour = r.symbols.find(([from]) => sameSymbol(from, s));
    if (neighbour !== undefined) return neighbour[1];
    return s.kind === 'size' && sameLayer(s.layer, r.from) ? fromSymbol({ ...s, layer: r.to }) : null;
  });
  const walk = (x: Expression): Expression => {
    if (x.kind === 'ref') return { ...x, tensor: relabelTensor(x.tensor, r) };
    if (x.kind === 'symbol') return sameLayer(x.layer, r.from) ? symbol(x.name, r.to) : x;
    if (x.kind === 'call' && x.fn.kind === 'slot' && sameLayer(x.fn.layer, r.from)) return call({ ...x.fn, layer: r.to }, walk(x.argument));
    return mapChildren(x, walk);
  };
  return walk(sized);
}

const relabelDeclaration = (d: Declaration, r: Relabelling): Declaration =>
  ({
    ...d, tensor: relabelTensor(d.tensor, r), axes: relabelAxes(d.axes, r),
    ...(d.integer === undefined ? {} : { integer: { lo: relabelAffine(d.integer.lo, r), hi: relabelAffine(d.integer.hi, r) } }),
  });

const relabelEquation = (e: Equation, r: Relabelling): Equation =>
  ({ ...e, tensor: relabelTensor(e.tensor, r), axes: relabelAxes(e.axes, r), value: relabelExpression(e.value, r) });

function relabelInstance(instance: Instance, r: Relabelling): Instance {
  const ports = (map: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> =>
    new Map([...map].map(([name, t]) => [name, relabelTensor(t, r)]));
  return {
    ...instance,
    layer: r.to,
    name: null,
    inputs: ports(instance.inputs),
    outputs: ports(instance.outputs),
    parameters: instance.parameters.map((t) => relabelTensor(t, r)),
    preActivations: instance.preActivations.map((t) => relabelTensor(t, r)),
    slots: new Map(),
  };
}
