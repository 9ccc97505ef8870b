// Puts a layer to work: its tensors get the layer's number, its ports what they are bound to, its sizes are unified.

import { addAffine, type Affine, type AffineSymbol, constantOf, integer, size, subtractAffine, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { call, type Expression, functionKey, number, ref, symbol, tensor, type Tensor } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';
import type { Rational } from '../algebra/rational.ts';
import { rewrite, substituteSymbols } from '../algebra/traverse.ts';
import { type Diagnostic, DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Activation, Axis, Declaration, Equation, Instance } from './network.ts';
import { showRange } from './show.ts';

/** What an input of a layer is bound to: a tensor and its axes. */
export interface PortBinding {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
}

/** Two extents that must be equal once sizes have values. */
export interface SameExtent {
  readonly left: Affine;
  readonly right: Affine;
  /** The layer's port, and what it is bound to. */
  readonly port: string;
  readonly binding: PortBinding;
}

export interface Options {
  readonly name?: string | null;
  /** Activation functions by slot name; a slot that is not given stays uninterpreted. */
  readonly slots?: ReadonlyMap<string, Activation>;
  /** Hyperparameters by name; one that is not given stays a symbol. */
  readonly constants?: ReadonlyMap<string, Rational>;
  /** Values of the layer's own sizes. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Where messages point: the place of the layer in its network. */
  readonly place?: Place;
}

export interface Instantiated {
  readonly instance: Instance;
  readonly declarations: readonly Declaration[];
  readonly equations: readonly Equation[];
  readonly outputs: ReadonlyMap<string, PortBinding>;
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
  const instance: Instance = {
    layer: at,
    name: options.name ?? null,
    kind: spec.name,
    inputs: new Map([...inputs].map(([port, binding]) => [port, binding.tensor])),
    outputs: new Map(spec.outputs.map((name) => [name, tensor(name, at)])),
    parameters: spec.parameters.map((name) => tensor(name, at)),
    preActivations: spec.preActivations.map((name) => tensor(name, at)),
    slots: new Map([...(options.slots ?? [])].map(([name, activation]) => [slotKey(name, at), activation])),
  };
  return { ...bound, instance };
}

/** The key of a slot in Instance.slots and System.slots: `h@3`. */
export const slotKey = (name: string, layer: Layer | null): string => functionKey({ kind: 'slot', name, layer, order: 0 });

/** As instantiate, also for a loss, whose tensors belong to no layer. */
export function bind(
  spec: LayerSpec, at: Layer | null, inputs: ReadonlyMap<string, PortBinding>, options: Options,
): Omit<Instantiated, 'instance'> {
  const solved = solveSizes(spec, inputs, options.place ?? spec.place);
  const ownSizes = new Map(spec.sizes.map((name) => [name, solved.sizes.get(name) ?? size(name, at)]));
  const given = [...(options.sizes ?? [])].filter(([name]) => ownSizes.has(name));
  const resize = (s: AffineSymbol): Affine | null => (s.kind === 'size' && s.layer === null ? (ownSizes.get(s.name) ?? null) : null);
  const axesOf = (axes: readonly Axis[]): readonly Axis[] => axes.map(({ index, range }) => ({
    index, range: { lo: substituteAffine(range.lo, resize), hi: substituteAffine(range.hi, resize) },
  }));
  const expression = (e: Expression): Expression => rewrite(substituteSymbols(e, resize), (x) => {
    switch (x.kind) {
      case 'symbol': {
        const value = options.constants?.get(x.name);
        return value === undefined ? symbol(x.name, at) : number(value);
      }
      case 'call': return x.fn.kind === 'slot' ? call({ ...x.fn, layer: at }, x.argument) : null;
      case 'ref': {
        const { name } = x.tensor;
        const binding = inputs.get(name);
        if (binding === undefined) return ref(tensor(name, at), x.indices);
        const own = axesOf(spec.tensors.get(name)?.axes ?? []);
        return ref(binding.tensor, x.indices.map((index, n) => shifted(index, own[n], binding.axes[n])));
      }
      case 'number': case 'constant': case 'affine': case 'bracket': case 'sum': case 'product': case 'argmax': case 'add':
      case 'multiply': case 'power': case 'piecewise':
        return null;
    }
  });
  const declarations = [...spec.tensors.values()].filter((t) => t.role !== 'input').map((t): Declaration => ({
    tensor: tensor(t.name, at), axes: axesOf(t.axes), role: t.role, perSample: t.role !== 'parameter', place: t.place,
  }));
  const equations = spec.equations.map((e): Equation => ({
    ...e, tensor: tensor(e.tensor.name, at), axes: axesOf(e.axes), value: expression(e.value),
  }));
  const outputs = new Map(spec.outputs.map((name): [string, PortBinding] =>
    [name, { tensor: tensor(name, at), axes: axesOf(spec.tensors.get(name)?.axes ?? []) }]));
  return {
    declarations, equations, outputs, ownSizes, sameExtents: solved.open,
    sizes: new Map(given.filter(([name]) => !solved.sizes.has(name)).map(([name, value]) => [symbolKey({ kind: 'size', name, layer: at }), value])),
    givenTwice: given.flatMap(([name, value]) => {
      const follows = solved.sizes.get(name);
      return follows === undefined ? [] : [{ name, value, follows }];
    }),
  };
}

/** Entry lo + n of a port is entry lo' + n of what it is bound to. */
function shifted(index: Affine, own: Axis | undefined, bound: Axis | undefined): Affine {
  return own === undefined || bound === undefined ? index
    : addAffine(index, subtractAffine(bound.range.lo, own.range.lo));
}

interface Solved {
  readonly sizes: ReadonlyMap<string, Affine>;
  readonly open: readonly SameExtent[];
}

/** Sizes from the extents of ports: an extent that holds one unknown size, once, determines it. */
function solveSizes(spec: LayerSpec, inputs: ReadonlyMap<string, PortBinding>, place: Place): Solved {
  const sizes = new Map<string, Affine>();
  let waiting = portExtents(spec, inputs, place);
  const resolve = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'size' && s.layer === null ? (sizes.get(s.name) ?? null) : null));
  for (let progress = true; progress;) {
    progress = false;
    for (const extent of waiting) {
      const unknown = ownTerms(extent.left, spec, sizes);
      const [term] = unknown;
      if (unknown.length !== 1 || term === undefined || Math.abs(term.coefficient) !== 1) continue;
      const without = resolve({ ...extent.left, terms: extent.left.terms.filter((t) => t !== term) });
      const value = subtractAffine(extent.right, without);
      sizes.set(term.symbol.name, term.coefficient === 1 ? value : subtractAffine(integer(0), value));
      waiting = waiting.filter((e) => e !== extent);
      progress = true;
      break;
    }
  }
  const open: SameExtent[] = [];
  for (const extent of waiting) {
    const left = resolve(extent.left);
    const difference = constantOf(subtractAffine(left, extent.right));
    if (difference === 0) continue;
    if (difference !== null) throw new DiagnosticError([mismatch(spec, extent, place)]);
    open.push({ ...extent, left });
  }
  return { sizes, open };
}

interface OwnTerm {
  readonly symbol: Extract<AffineSymbol, { kind: 'size' }>;
  readonly coefficient: number;
}

const ownTerms = (a: Affine, spec: LayerSpec, known: ReadonlyMap<string, Affine>): readonly OwnTerm[] =>
  a.terms.filter((t): t is OwnTerm =>
    t.symbol.kind === 'size' && t.symbol.layer === null && spec.sizes.includes(t.symbol.name) && !known.has(t.symbol.name));

function portExtents(spec: LayerSpec, inputs: ReadonlyMap<string, PortBinding>, place: Place): readonly SameExtent[] {
  const problems: Diagnostic[] = [];
  const extents: SameExtent[] = [];
  for (const port of spec.inputs) {
    const binding = inputs.get(port);
    const axes = spec.tensors.get(port)?.axes ?? [];
    if (binding === undefined) {
      problems.push(diagnostic('unbound-port', place, { name: port, layer: spec.name, example: `in: { ${port}: … }` }));
    } else if (axes.length !== binding.axes.length) {
      problems.push(mismatch(spec, { port, binding }, place));
    } else {
      axes.forEach(({ range }, n) => {
        const other = binding.axes[n]!.range;
        extents.push({ port, binding, left: extentOf(range), right: extentOf(other) });
      });
    }
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  return extents;
}

/** How many entries an axis has. */
export const extentOf = (range: Axis['range']): Affine => addAffine(subtractAffine(range.hi, range.lo), integer(1));

export function mismatch(spec: LayerSpec, extent: Pick<SameExtent, 'port' | 'binding'>, place: Place): Diagnostic {
  const { tensor: other, axes } = extent.binding;
  const layer = other.layer === null ? '' : ` of layer ${other.layer.offset}`;
  return diagnostic('shape-mismatch', place, {
    first: `the input \`${extent.port}\` of \`${spec.name}\``, firstShape: showShape(spec.tensors.get(extent.port)?.axes ?? []),
    second: `\`${other.name}\`${layer}`, secondShape: showShape(axes),
  });
}

/** `[1..units, 0..inputs]` */
export const showShape = (axes: readonly Axis[]): string => `[${axes.map((a) => showRange(a.range)).join(', ')}]`;
