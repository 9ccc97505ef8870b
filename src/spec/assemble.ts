// Layers at work one after the other: instances, bindings, and the values of all sizes.

import { type Affine, integer, substituteAffine, symbolKey } from '../algebra/affine.ts';
import type { Tensor } from '../algebra/expression.ts';
import { layerNumber } from '../algebra/layer.ts';
import type { Rational } from '../algebra/rational.ts';
import { DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';
import { newReport, type Report } from '../diagnostics/report.ts';
import { bind, instantiate, type Instantiated } from './instantiate.ts';
import type { LayerSpec } from './layer-spec.ts';
import { showChanges } from './numbers.ts';
import type { PortBinding } from './port-sizes.ts';
import { isCoupled, namesSamples } from './samples-axis.ts';
import { isWithin, type Settings, sizeFrom } from './settings.ts';
import { settleSizes, type SizeState } from './settle-sizes.ts';
import type { Sharing } from './share.ts';
import { showRange } from './show.ts';
import { namesOfSizes, sizeNamed } from './size-names.ts';
import { LARGEST_SIZE } from './sizes.ts';
import type { Placed, Source, Wiring } from './wire.ts';

export interface Assembled {
  /** Each layer with what it became; its spec is the one that was read for this use. */
  readonly layers: readonly { readonly placed: Placed; readonly done: Instantiated }[];
  readonly loss: Omit<Instantiated, 'instance'>;
  /** The network's inputs, with the ranges of those that are integers. */
  readonly inputs: ReadonlyMap<string, PortBinding>;
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

interface State extends SizeState {
  readonly done: Map<Placed, Instantiated>;
  readonly inputs: Map<string, PortBinding>;
  readonly sharing: Sharing;
  /** The sizes of the layers so far, by the names of the layers. */
  readonly named: Map<string, ReadonlyMap<string, Affine>>;
}

/** Null when something is wrong (which is reported). */
export function assemble(
  placed: readonly Placed[], wirings: ReadonlyMap<Placed, Wiring>, sharing: Sharing, inputs: ReadonlyMap<string, PortBinding>,
  inputSizes: ReadonlyMap<string, number>, settings: ReadonlyMap<Placed, Settings>, loss: LossUse | null, report: Report,
): Assembled | null {
  const state: State = { report, sizes: new Map(inputSizes), equalities: [], done: new Map(), inputs: new Map(inputs), sharing, named: new Map() };
  const layers: { placed: Placed; done: Instantiated }[] = [];
  for (const [n, one] of placed.entries()) {
    const made = assembleLayer(one, n + 1, wirings.get(one) ?? new Map(), settings.get(one) ?? noSettings, state);
    if (made === null) continue;
    layers.push({ placed: { ...one, spec: made.spec }, done: made.done });
    state.done.set(one, made.done);
    if (one.use.name !== null) state.named.set(one.use.name, made.done.ownSizes);
  }
  if (layers.length < placed.length || loss === null) return null;
  const bindings = bindingsOf(loss.wiring, state);
  const bound = caught(report, () => bind(loss.spec, null, bindings, { constants: loss.constants, sizes: loss.sizes, place: loss.place }));
  if (bound === null) return null;
  for (const [key, value] of bound.sizes) state.sizes.set(key, value);
  settleSizes(loss.spec, null, bound, loss.place, state);
  checkLossSizes(loss.spec, bound, loss.place, state);
  checkPorts(loss.spec, loss.wiring, bound, loss.place, state);
  const compared = [...bindings.values()].map((b) => b.tensor).filter((t) => t.layer !== null);
  return { layers, loss: bound, inputs: state.inputs, compared, sizes: state.sizes, equalities: state.equalities };
}

const noSettings: Settings = { sizes: new Map(), slots: new Map(), constants: new Map(), integers: new Map(), named: new Map() };

function assembleLayer(
  placed: Placed, n: number, wiring: Wiring, settings: Settings, state: State,
): { readonly spec: LayerSpec; readonly done: Instantiated } | null {
  const { use } = placed;
  const { report } = state;
  const at = layerNumber(n);
  const bindings = bindingsOf(wiring, state);
  // What is missing has been reported where it was not found.
  if (placed.spec.inputs.some((port) => !bindings.has(port))) return null;
  const share = new Map<string, PortBinding>();
  for (const [name, { owner, parameter }] of state.sharing.get(placed) ?? []) {
    const binding = state.done.get(owner)?.parameters.get(parameter);
    if (binding === undefined) return null;
    share.set(name, binding);
  }
  const chosen = withNamedSizes(placed, n, bindings, share, settings, state);
  const numbers = { integers: chosen.integers, constants: settings.constants };
  const spec = placed.withNumbers(numbers);
  if (spec === null) {
    report.add('numbers-do-not-fit', use.layerPlace, { layer: placed.spec.name, numbers: showChanges(placed.spec, numbers) });
    return null;
  }
  const done = caught(report, () => instantiate(spec, at, bindings, {
    name: use.name, slots: settings.slots, constants: settings.constants, sizes: chosen.sizes, share, place: use.place,
  }));
  if (done === null) return null;
  for (const [key, value] of done.sizes) state.sizes.set(key, value);
  const derived = new Set(spec.derived.map((d) => d.name));
  const free = spec.sizes.filter((name) => isOwn(done.ownSizes.get(name), name, n) && !chosen.sizes.has(name) && !derived.has(name));
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
  checkPorts(spec, wiring, done, use.place, state);
  return { spec, done };
}

const isOwn = (a: Affine | undefined, name: string, n: number): boolean => {
  const [term] = a?.terms ?? [];
  return a?.terms.length === 1 && a.constant === 0 && term?.coefficient === 1 && term.symbol.kind === 'size'
    && term.symbol.name === name && term.symbol.layer?.offset === n;
};

/** The sizes and whole numbers of a use, with the values of those that are given by the name of a size. */
function withNamedSizes(
  placed: Placed, n: number, bindings: ReadonlyMap<string, PortBinding>, share: ReadonlyMap<string, PortBinding>, settings: Settings, state: State,
): { readonly sizes: ReadonlyMap<string, number>; readonly integers: ReadonlyMap<string, number> } {
  if (settings.named.size === 0) return settings;
  const { spec } = placed;
  const sizes = new Map(settings.sizes);
  const integers = new Map(settings.integers);
  // What is wrong with it is found when the layer is put to work with all its numbers.
  const trial = caught(newReport(), () => bind(spec, layerNumber(n), bindings, { sizes: settings.sizes, share }));
  const own = new Map([...(trial?.ownSizes ?? [])].map(([name, size]) => [name, substituteAffine(size, (s) => {
    const value = trial?.sizes.get(symbolKey(s));
    return value === undefined ? null : integer(value);
  })]));
  const known = { sizes: state.sizes, layers: state.named, own };
  for (const [name, { text, place }] of settings.named) {
    const value = sizeNamed(text, known);
    const whole = spec.integers.get(name);
    if (whole === undefined) {
      if (value === null) state.report.add('bad-size', place, { name, text, most: LARGEST_SIZE });
      sizes.set(name, value ?? NaN);
    } else if (value === null) {
      state.report.add('unknown-name', place, { name: text, role: 'size', suggestion: null, known: namesOfSizes(known) });
    } else if (!Number.isNaN(value) && isWithin(name, value, whole, place, state.report)) integers.set(name, value);
  }
  return { sizes, integers };
}

/** Integer entries are bound to integers, the tensors of each sample to tensors of each sample. */
function checkPorts(spec: LayerSpec, wiring: Wiring, done: Pick<Instantiated, 'integers'>, place: Place, state: State): void {
  const coupled = isCoupled(spec);
  for (const [port, source] of wiring) {
    const binding = bindingOf(source, state);
    if (binding === null) continue;
    const range = done.integers.get(port);
    const words = { name: port, layer: spec.name, source: binding.tensor.name };
    if (range !== undefined && binding.integer === undefined) {
      if (source.kind === 'input') state.inputs.set(source.name, { ...binding, integer: range });
      else state.report.add('not-integer', place, { ...words, range: showRange(range) });
    }
    const named = namesSamples(spec.tensors.get(port));
    if (named && binding.shared === true) state.report.add('samples-shared', place, words);
    else if (coupled && !named && binding.shared !== true) state.report.add('samples-not-shared', place, words);
  }
}

/** Sizes of the loss itself carry no layer number: they must not meet those of the network's inputs. */
function checkLossSizes(spec: LayerSpec, done: Omit<Instantiated, 'instance'>, place: Place, state: State): void {
  const taken = new Set([...state.inputs.values()].flatMap((b) => b.axes.flatMap((a) => a.range.hi.terms.map((t) => symbolKey(t.symbol)))));
  for (const name of spec.sizes) {
    const key = symbolKey({ kind: 'size', name, layer: null });
    const own = done.sizes.has(key) || spec.derived.some((d) => d.name === name);
    if (own && taken.has(key)) state.report.add('duplicate-name', place, { name, first: 'a size of the network', second: 'a size of the loss' });
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
  return source.kind === 'input' ? (state.inputs.get(source.name) ?? null) : (state.done.get(source.placed)?.outputs.get(source.output) ?? null);
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
