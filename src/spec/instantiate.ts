// Puts a layer to work: its tensors get the layer's number, its ports what they are bound to, its sizes are unified.

import { addAffine, type Affine, type AffineSymbol, type Range, size, subtractAffine, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { call, type Expression, functionKey, number, ref, symbol, tensor } from '../algebra/expression.ts';
import { type Layer, showLayer } from '../algebra/layer.ts';
import { equals, type Rational, show } from '../algebra/rational.ts';
import { rewrite, substituteSymbols } from '../algebra/traverse.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Activation, Assumption, Axis, Declaration, Equation, Instance } from './network.ts';
import { type PortBinding, type SameExtent, solveSizes } from './port-sizes.ts';
import { isSamplesAxis } from './samples.ts';
import { isCoupled, namesSamples } from './samples-axis.ts';

export type { PortBinding } from './port-sizes.ts';

export interface Options {
  readonly name?: string | null;
  /** Activation functions by slot name; a slot that is not given stays uninterpreted. */
  readonly slots?: ReadonlyMap<string, Activation>;
  /** Hyperparameters by name; one that is not given stays a symbol. */
  readonly constants?: ReadonlyMap<string, Rational>;
  /** Values of the layer's own sizes. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Parameters that belong to other layers, by the names that they have in this one. */
  readonly share?: ReadonlyMap<string, PortBinding>;
  /** Where messages point: the place of the layer in its network. */
  readonly place?: Place;
}

export interface Instantiated {
  readonly instance: Instance;
  readonly declarations: readonly Declaration[];
  readonly equations: readonly Equation[];
  readonly assumptions: readonly Assumption[];
  readonly facts: readonly Affine[];
  readonly outputs: ReadonlyMap<string, PortBinding>;
  /** What the parameters are for layers that share them. */
  readonly parameters: ReadonlyMap<string, PortBinding>;
  /** The ranges of ports whose entries are integers. */
  readonly integers: ReadonlyMap<string, Range>;
  /** Given values of sizes, by symbolKey. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What each of the layer's own sizes has become. */
  readonly ownSizes: ReadonlyMap<string, Affine>;
  /** Extents that are not equal as they are written, but have to be. */
  readonly sameExtents: readonly SameExtent[];
  /** Own sizes that were given a value although a port determines them. */
  readonly givenTwice: readonly { readonly name: string; readonly value: number; readonly follows: Affine }[];
}

/**
 * The equations of a layer at `at`. Sizes that an input determines become the sizes of what the input is bound to;
 * an index of a port with another base is shifted.
 * @throws DiagnosticError when a port is not bound, or a shape cannot fit
 */
export function instantiate(spec: LayerSpec, at: Layer, inputs: ReadonlyMap<string, PortBinding>, options: Options = {}): Instantiated {
  const bound = bind(spec, at, inputs, options);
  const share = options.share ?? new Map<string, PortBinding>();
  const instance: Instance = {
    layer: at,
    name: options.name ?? null,
    kind: kindOf(spec, options),
    inputs: new Map([...inputs].map(([port, binding]) => [port, binding.tensor])),
    outputs: new Map(spec.outputs.map((name) => [name, tensor(name, at)])),
    parameters: spec.parameters.filter((name) => !share.has(name)).map((name) => tensor(name, at)),
    ...(share.size === 0 ? {} : { shared: new Map([...share].map(([name, binding]) => [name, binding.tensor])) }),
    preActivations: spec.preActivations.map((name) => tensor(name, at)),
    slots: new Map([...(options.slots ?? [])].map(([name, activation]) => [slotKey(name, at), activation])),
  };
  return { ...bound, instance };
}

/** `dense`; `conv(stride=2)` and `dense(W=W_1)` where a use has numbers or parameters that are not the layer's own. */
function kindOf(spec: LayerSpec, { constants, share }: Options): string {
  const changed = [
    ...[...spec.integers].flatMap(([name, { value, usual }]) => (value === usual ? [] : [`${name}=${value}`])),
    ...[...(constants ?? [])].flatMap(([name, value]) => {
      const usual = spec.constants.get(name);
      return usual === undefined || equals(value, usual) ? [] : [`${name}=${show(value)}`];
    }),
    ...[...(share ?? [])].map(([name, { tensor: t }]) => `${name}=${t.name}_${showLayer(t.layer)}`),
  ];
  return changed.length === 0 ? spec.name : `${spec.name}(${changed.join(', ')})`;
}

/** The key of a slot in Instance.slots and System.slots: `h@3`. */
export const slotKey = (name: string, layer: Layer | null): string => functionKey({ kind: 'slot', name, layer, order: 0 });

/** As instantiate, also for a loss, whose tensors belong to no layer. */
export function bind(
  spec: LayerSpec, at: Layer | null, inputs: ReadonlyMap<string, PortBinding>, options: Options,
): Omit<Instantiated, 'instance'> {
  const written = new Map([...inputs].map(([port, binding]) => [port, withSamples(binding, spec.tensors.get(port)?.axes[0])]));
  const bound = new Map([...written, ...(options.share ?? [])]);
  const solved = solveSizes(spec, bound, options.place ?? spec.place);
  const ownSizes = new Map(spec.sizes.map((name) => [name, solved.sizes.get(name) ?? size(name, at)]));
  const given = [...(options.sizes ?? [])].filter(([name]) => ownSizes.has(name));
  const resize = (s: AffineSymbol): Affine | null => (s.kind === 'size' && s.layer === null ? (ownSizes.get(s.name) ?? null) : null);
  const rangeOf = ({ lo, hi }: Range): Range => ({ lo: substituteAffine(lo, resize), hi: substituteAffine(hi, resize) });
  const axesOf = (axes: readonly Axis[]): readonly Axis[] => axes.map(({ index, range }) => ({ index, range: rangeOf(range) }));
  const expression = (e: Expression): Expression => rewrite(substituteSymbols(e, resize), (x) => {
    switch (x.kind) {
      case 'symbol': {
        const value = options.constants?.get(x.name);
        return value === undefined ? symbol(x.name, at) : number(value);
      }
      case 'call': return x.fn.kind === 'slot' ? call({ ...x.fn, layer: at }, x.argument) : null;
      case 'ref': {
        const { name } = x.tensor;
        const binding = bound.get(name);
        if (binding === undefined) return ref(tensor(name, at), x.indices);
        const own = axesOf(spec.tensors.get(name)?.axes ?? []);
        return ref(binding.tensor, x.indices.map((index, n) => shifted(index, own[n], binding.axes[n])));
      }
      case 'number': case 'constant': case 'affine': case 'bracket': case 'sum': case 'product': case 'argmax': case 'add':
      case 'multiply': case 'power': case 'piecewise':
        return null;
    }
  });
  const coupled = isCoupled(spec);
  const forAll = at !== null && inputs.size > 0 && [...inputs.values()].every((binding) => binding.shared === true);
  const perSample = (name: string): boolean => (coupled ? namesSamples(spec.tensors.get(name)) : !forAll);
  const bindingOf = (name: string): PortBinding => {
    const { axes = [], integer, role } = spec.tensors.get(name) ?? {};
    return {
      tensor: tensor(name, at), axes: axesOf(namesSamples({ axes }) ? axes.slice(1) : axes),
      ...(integer === undefined ? {} : { integer: rangeOf(integer) }), ...(role === 'parameter' || perSample(name) ? {} : { shared: true }),
    };
  };
  const declarations = [...spec.tensors.values()].filter((t) => !bound.has(t.name)).map((t): Declaration => ({
    tensor: tensor(t.name, at), axes: axesOf(t.axes), role: t.role, perSample: t.role !== 'parameter' && perSample(t.name),
    ...(t.integer === undefined ? {} : { integer: rangeOf(t.integer) }), place: t.place,
  }));
  return {
    declarations,
    equations: spec.equations.map((e): Equation => ({ ...e, tensor: tensor(e.tensor.name, at), axes: axesOf(e.axes), value: expression(e.value) })),
    assumptions: spec.assumptions.map((a): Assumption => ({ ...a, axes: axesOf(a.axes), left: expression(a.left), right: expression(a.right) })),
    facts: spec.facts.map((fact) => substituteAffine(fact, resize)).filter((fact) => fact.terms.length > 0),
    outputs: new Map(spec.outputs.map((name) => [name, bindingOf(name)])),
    parameters: new Map(spec.parameters.map((name) => [name, options.share?.get(name) ?? bindingOf(name)])),
    integers: new Map(spec.inputs.flatMap((name): [string, Range][] => {
      const range = spec.tensors.get(name)?.integer;
      return range === undefined ? [] : [[name, rangeOf(range)]];
    })),
    ownSizes, sameExtents: solved.open,
    sizes: new Map(given.filter(([name]) => !solved.sizes.has(name)).map(([name, value]) => [symbolKey({ kind: 'size', name, layer: at }), value])),
    givenTwice: given.flatMap(([name, value]) => {
      const follows = solved.sizes.get(name);
      return follows === undefined ? [] : [{ name, value, follows }];
    }),
  };
}

/** A tensor with the samples axis that its port writes out. */
const withSamples = (binding: PortBinding, first: Axis | undefined): PortBinding =>
  (first === undefined || !isSamplesAxis(first) || isSamplesAxis(binding.axes[0]) ? binding : { ...binding, axes: [first, ...binding.axes] });

/** Entry lo + n of a port is entry lo' + n of what it is bound to. */
function shifted(index: Affine, own: Axis | undefined, bound: Axis | undefined): Affine {
  return own === undefined || bound === undefined ? index
    : addAffine(index, subtractAffine(bound.range.lo, own.range.lo));
}
