// Layers at work one after the other: instances, bindings, and the values of all sizes.

import { type Affine, symbolKey } from '../algebra/affine.ts';
import type { Tensor } from '../algebra/expression.ts';
import { layerNumber } from '../algebra/layer.ts';
import type { Rational } from '../algebra/rational.ts';
import { DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { bind, instantiate, type Instantiated, mismatch, type PortBinding, type SameExtent } from './instantiate.ts';
import type { LayerSpec } from './layer-spec.ts';
import { type Settings, sizeFrom } from './settings.ts';
import { LARGEST_SIZE, sizeValue, solveOne } from './sizes.ts';
import type { Placed, Source, Wiring } from './wire.ts';

export interface Assembled {
  readonly layers: readonly { readonly placed: Placed; readonly done: Instantiated }[];
  readonly loss: Omit<Instantiated, 'instance'>;
  /** Tensors that the loss compares with the targets. */
  readonly compared: readonly Tensor[];
  /** Values of all sizes, by symbolKey. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Extents that are equal by their values and not as they are written. */
  readonly equalities: readonly { readonly left: Affine; readonly right: Affine }[];
}

export interface LossUse {
  readonly spec: LayerSpec;
  readonly place: Place;
  readonly constants: ReadonlyMap<string, Rational>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly wiring: Wiring;
}

interface State {
  readonly report: Report;
  /** Values by symbolKey; NaN where a value was wrong, which has been reported. */
  readonly sizes: Map<string, number>;
  readonly equalities: { left: Affine; right: Affine }[];
  readonly outputs: Map<Placed, ReadonlyMap<string, PortBinding>>;
  readonly inputs: ReadonlyMap<string, PortBinding>;
}

/** Null when something is wrong (which is reported). */
export function assemble(
  placed: readonly Placed[], wirings: ReadonlyMap<Placed, Wiring>, inputs: ReadonlyMap<string, PortBinding>,
  inputSizes: ReadonlyMap<string, number>, settings: ReadonlyMap<Placed, Settings>, loss: LossUse | null, report: Report,
): Assembled | null {
  const state: State = { report, sizes: new Map(inputSizes), equalities: [], outputs: new Map(), inputs };
  const layers: { placed: Placed; done: Instantiated }[] = [];
  let complete = true;
  for (const [n, one] of placed.entries()) {
    const done = assembleLayer(one, n + 1, wirings.get(one) ?? new Map(), settings.get(one) ?? noSettings, state);
    if (done === null) complete = false;
    else {
      layers.push({ placed: one, done });
      state.outputs.set(one, done.outputs);
    }
  }
  if (!complete || loss === null) return null;
  const bindings = bindingsOf(loss.wiring, state);
  const bound = caught(report, () => bind(loss.spec, null, bindings, { constants: loss.constants, sizes: loss.sizes, place: loss.place }));
  if (bound === null) return null;
  for (const [key, value] of bound.sizes) state.sizes.set(key, value);
  settleSizes(loss.spec, null, bound, loss.place, state);
  const compared = [...bindings.values()].map((b) => b.tensor).filter((t) => t.layer !== null);
  return { layers, loss: bound, compared, sizes: state.sizes, equalities: state.equalities };
}

const noSettings: Settings = { sizes: new Map(), slots: new Map(), constants: new Map() };

function assembleLayer(placed: Placed, n: number, wiring: Wiring, settings: Settings, state: State): Instantiated | null {
  const { use, spec } = placed;
  const { report } = state;
  const at = layerNumber(n);
  const bindings = bindingsOf(wiring, state);
  // What is missing has been reported where it was not found.
  if (spec.inputs.some((port) => !bindings.has(port))) return null;
  const done = caught(report, () => instantiate(spec, at, bindings, {
    name: use.name, slots: settings.slots, constants: settings.constants, sizes: settings.sizes, place: use.place,
  }));
  if (done === null) return null;
  for (const [key, value] of done.sizes) state.sizes.set(key, value);
  const free = spec.sizes.filter((name) => isOwn(done.ownSizes.get(name), name, n) && !settings.sizes.has(name));
  if (use.size !== null) {
    const [only] = free;
    if (only === undefined || free.length > 1) {
      report.add('bad-layer-line', use.size.place, { text: use.size.text });
      return null;
    }
    const value = sizeFrom(use.size.text);
    if (value === null) report.add('bad-size', use.size.place, { name: only, text: use.size.text, most: LARGEST_SIZE });
    state.sizes.set(symbolKey({ kind: 'size', name: only, layer: at }), value ?? NaN);
  }
  settleSizes(spec, n, done, use.place, state);
  return done;
}

const isOwn = (a: Affine | undefined, name: string, n: number): boolean => {
  const [term] = a?.terms ?? [];
  return a?.terms.length === 1 && a.constant === 0 && term?.coefficient === 1 && term.symbol.kind === 'size'
    && term.symbol.name === name && term.symbol.layer?.offset === n;
};

/** Finds the sizes that follow, asks for those that are missing, and checks that extents which meet are equal. */
function settleSizes(
  spec: LayerSpec, n: number | null, done: Omit<Instantiated, 'instance'>, place: Place, state: State,
): void {
  const { sizes, report } = state;
  for (const { left, right } of done.sameExtents) {
    const solved = solveOne(left, right, sizes);
    if (solved === null) continue;
    sizes.set(symbolKey(solved.symbol), solved.value);
  }
  const missing = spec.sizes.filter((name) => {
    const own = done.ownSizes.get(name);
    return own !== undefined && sizeValue(own, sizes) === null;
  });
  if (missing.length > 0) {
    report.add('missing-size', place, { layer: spec.name, names: missing });
    for (const name of missing) sizes.set(symbolKey({ kind: 'size', name, layer: n === null ? null : layerNumber(n) }), NaN);
  }
  for (const extent of done.sameExtents) checkExtent(spec, extent, place, state);
  for (const { name, value, follows } of done.givenTwice) {
    const known = sizeValue(follows, sizes);
    if (known !== null && known !== value && !Number.isNaN(known + value)) report.add('size-conflict', place, { name, given: value, follows: known });
  }
  if (n === null) checkLossSizes(spec, done, place, state);
}

/** Sizes of the loss itself carry no layer number: they must not meet those of the network's inputs. */
function checkLossSizes(spec: LayerSpec, done: Omit<Instantiated, 'instance'>, place: Place, state: State): void {
  const taken = new Set([...state.inputs.values()].flatMap((b) => b.axes.flatMap((a) => a.range.hi.terms.map((t) => symbolKey(t.symbol)))));
  for (const name of spec.sizes) {
    const key = symbolKey({ kind: 'size', name, layer: null });
    if (done.sizes.has(key) && taken.has(key)) state.report.add('duplicate-name', place, { name, first: 'a size of the network', second: 'a size of the loss' });
  }
}

function checkExtent(spec: LayerSpec, extent: SameExtent, place: Place, state: State): void {
  const left = sizeValue(extent.left, state.sizes);
  const right = sizeValue(extent.right, state.sizes);
  if (left === null || right === null || Number.isNaN(left + right)) return;
  if (left === right) state.equalities.push({ left: extent.left, right: extent.right });
  else {
    const problem = mismatch(spec, extent, place);
    state.report.include([{ ...problem, message: `${problem.message} (${left} and ${right} entries)` }]);
  }
}

function bindingsOf(wiring: Wiring, state: State): ReadonlyMap<string, PortBinding> {
  const bindings = new Map<string, PortBinding>();
  for (const [port, source] of wiring) {
    const binding = bindingOf(source, state);
    if (binding !== null) bindings.set(port, binding);
  }
  return bindings;
}

function bindingOf(source: Source, state: State): PortBinding | null {
  return source.kind === 'input' ? (state.inputs.get(source.name) ?? null) : (state.outputs.get(source.placed)?.get(source.output) ?? null);
}

/** The result, or null when it throws diagnostics (which are reported). */
function caught<T>(report: Report, f: () => T): T | null {
  try {
    return f();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    report.include(error.diagnostics);
    return null;
  }
}
