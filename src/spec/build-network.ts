// From a network's file to the network: layers are found, wired, put to work, and brought together with the loss.

import { integer, symbolKey } from '../algebra/affine.ts';
import { add, tensor, tensorKey, zero } from '../algebra/expression.ts';
import { substituteSymbols } from '../algebra/traverse.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { assemble, type Assembled, type LossUse } from './assemble.ts';
import { correspondencesOf, inForm } from './correspond.ts';
import type { SpecDocument } from './document.ts';
import type { PortBinding } from './instantiate.ts';
import type { LayerSpec } from './layer-spec.ts';
import { checkLimits, MOST_LAYERS } from './limits.ts';
import { whyNoIdentifier, whyNoLabel, whyNoSpecName } from './names.ts';
import type { Activation, Axis, Bias, Correspondence, Declaration, Equation, Network, Signal } from './network.ts';
import { penaltyTerms, type PenaltyUse, readPenalties } from './penalize.ts';
import { readDecimal } from './read-layer.ts';
import type { Resolver } from './resolve.ts';
import type { NetworkParts } from './parts.ts';
import { readSettings, readSize } from './settings.ts';
import { inputSize, unify, unifyAxes, unifyDeclaration, unifyEquation } from './sizes.ts';
import { activationFromText, type LayerUse, readLine, readMapping } from './use.ts';
import { order, type Placed, sourceOf, type Sources, wire, wireList, type Wiring } from './wire.ts';

interface Inputs {
  readonly bindings: ReadonlyMap<string, PortBinding>;
  readonly places: ReadonlyMap<string, Place>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Null when something is wrong (which is reported). */
export function buildNetwork(
  document: SpecDocument, file: NetworkParts, resolver: Resolver, overrides: { readonly signal?: Signal; readonly bias?: Bias }, report: Report,
): Network | null {
  const { network: name } = file;
  const why = name === undefined ? null : whyNoSpecName(name);
  if (name !== undefined && why !== null) report.add('bad-spec-name', document.place(['network']), { name, why });
  const inputs = readInputs(document, file, report);
  const bias = overrides.bias ?? file.bias ?? null;
  const uses = readUses(document, file, resolver, report);
  const places = uses.map((use): Placed | null => {
    if (use === null) return null;
    const named = resolver.layer(use.layer, use.layerPlace);
    const spec = named === null ? null : inForm(named, bias, resolver);
    if (spec !== null) return { use, spec };
    if (use.activation !== null) activationFromText(use.activation.text, use.activation.place, resolver, report);
    return null;
  });
  const placed = places.filter((p) => p !== null);
  const settings = new Map(placed.map((p) => [p, readSettings(p.use, p.spec, document, resolver, report)]));
  const penalties = readPenalties(file.penalties, document, resolver, report);
  const sources: Sources = {
    inputs: [...inputs.bindings.keys()],
    layers: new Map(placed.flatMap((p): [string, Placed][] => (p.use.name === null ? [] : [[p.use.name, p]]))),
    unread: unreadNames(file),
  };
  const wirings = file.layers !== undefined ? wireList(places, sources, document, report)
    : new Map(placed.map((p): [Placed, Wiring] => [p, wire(p, sources, document, report)]));
  const sorted = order(placed, wirings, report);
  const complete = placed.length > 0 && placed.length === uses.length;
  const loss = readLoss(document, file, complete ? placed : null, wirings, sources, resolver, report);
  if (sorted === null || !complete) return null;
  const assembled = assemble(sorted, wirings, inputs.bindings, inputs.sizes, settings, loss, report);
  if (assembled === null || loss === null) return null;
  checkUnused(sorted, wirings, loss, report);
  return network(document, file, inputs, loss, assembled, penalties, overrides, resolver, report);
}

/** What cannot be used as a source because it could not be read: inputs, and layers with whatever is wrong with them. */
function unreadNames({ given, inputs, instances }: NetworkParts): ReadonlySet<string> | null {
  if ((given.has('inputs') && inputs === undefined) || (given.has('instances') && instances === undefined)) return null;
  return new Set([...Object.keys(inputs ?? {}), ...Object.keys(instances ?? {})]);
}

/** Null stands for a use that could not be read. */
function readUses(document: SpecDocument, file: NetworkParts, resolver: Resolver, report: Report): readonly (LayerUse | null)[] {
  const { given, layers, instances } = file;
  if (given.has('layers') && given.has('instances')) {
    report.add('keys-exclude', document.keyPlace(['instances']), { first: 'layers', second: 'instances' });
  } else if (!given.has('layers') && !given.has('instances')) {
    report.add('missing-key', document.place([]), { name: 'layers', wanted: 'a list of layers' });
  }
  if (instances !== undefined && Object.keys(instances).length === 0) {
    report.add('bad-value', document.place(['instances']), { text: '{}', wanted: 'at least one layer' });
  }
  const count = (layers?.length ?? 0) + Object.keys(instances ?? {}).length;
  if (count > MOST_LAYERS) {
    report.add('too-many-layers', document.keyPlace([layers === undefined ? 'instances' : 'layers']), { count, most: MOST_LAYERS });
    return [];
  }
  const list = (layers ?? []).map((layer, n): LayerUse | null => {
    const path = ['layers', n];
    if (layer === null) return null;
    return typeof layer === 'object' ? readMapping(document, path, null, layer)
      : readLine(document, path, document.written(path), resolver, report);
  });
  const named = Object.entries(layers === undefined ? (instances ?? {}) : {}).map(([name, mapping]) => {
    const path = ['instances', name];
    const why = whyNoLabel(name);
    if (why !== null) report.add('bad-name', document.keyPlace(path), { name, why });
    if (file.inputs !== undefined && Object.hasOwn(file.inputs, name)) {
      report.add('duplicate-name', document.keyPlace(path), { name, first: 'an input', second: 'a layer' });
    }
    return mapping === null ? null : readMapping(document, path, name, mapping);
  });
  return [...list, ...named];
}

function readInputs(document: SpecDocument, file: NetworkParts, report: Report): Inputs {
  const { given, input, inputs } = file;
  if (given.has('input') && given.has('inputs')) report.add('keys-exclude', document.keyPlace(['inputs']), { first: 'input', second: 'inputs' });
  if (!given.has('input') && !given.has('inputs')) report.add('missing-key', document.place([]), { name: 'input', wanted: 'the size of the input' });
  const shapes = Object.entries(inputs ?? (input === undefined ? {} : { x: input }));
  const bindings = new Map<string, PortBinding>();
  const places = new Map<string, Place>();
  const sizes = new Map<string, number>();
  for (const [name, shape] of shapes) {
    const path = inputs === undefined ? ['input'] : ['inputs', name];
    const why = whyNoIdentifier(name);
    if (why !== null) report.add('bad-name', document.keyPlace(path), { name, why });
    if (shape === null) continue;
    const entries = typeof shape === 'number' ? [path] : shape.map((_, n) => [...path, n]);
    const axes = entries.map((at, n): Axis => {
      const own = inputSize(name, n, entries.length, shapes.length);
      const [term] = own.terms;
      const value = readSize(document, inputs === undefined ? 'input' : name, { path: at, place: document.place(at) }, report);
      if (term !== undefined) {
        const key = symbolKey(term.symbol);
        if (sizes.has(key)) report.add('duplicate-name', document.keyPlace(path), { name: `inputs_${name}`, first: 'a size', second: 'another size' });
        sizes.set(key, value);
      }
      return { index: 'ijlmnpqr'[n] ?? `i${n}`, range: { lo: integer(1), hi: own } };
    });
    bindings.set(name, { tensor: tensor(name), axes });
    places.set(name, document.pairPlace(path));
  }
  return { bindings, places, sizes };
}

/** @param placed the layers, or null where some of them could not be read */
function readLoss(
  document: SpecDocument, file: NetworkParts, placed: readonly Placed[] | null, wirings: ReadonlyMap<Placed, Wiring>, sources: Sources,
  resolver: Resolver, report: Report,
): LossUse | null {
  if (file.loss === undefined) return null;
  const plain = typeof file.loss === 'string';
  const name = typeof file.loss === 'string' ? file.loss : file.loss.use;
  const place = document.place(plain ? ['loss'] : ['loss', 'use']);
  const spec = resolver.loss(name, place);
  if (spec === null) return null;
  const settings: Readonly<Record<string, unknown>> = typeof file.loss === 'string' ? {} : file.loss;
  const constants = new Map<string, Rational>(spec.constants);
  const sizes = new Map<string, number>();
  const wiring = new Map<string, ReturnType<typeof sourceOf> & object>();
  let complete = true;
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'use') continue;
    const path = ['loss', key];
    if (spec.inputs.includes(key) && typeof value === 'string') {
      const source = sourceOf(value, document.place(path), sources, report);
      if (source === null) complete = false;
      else wiring.set(key, source);
    } else if (spec.constants.has(key)) {
      const decimal = readDecimal(document, path, report);
      if (decimal !== null) constants.set(key, decimal);
    } else if (spec.sizes.includes(key)) {
      sizes.set(key, readSize(document, key, { path, place: document.place(path) }, report));
    } else {
      const known = [...spec.inputs, ...spec.constants.keys(), ...spec.sizes];
      report.add('unknown-key', document.keyPlace(path), { name: key, suggestion: nearest(key, known), known });
    }
  }
  for (const port of spec.inputs) {
    if (wiring.has(port) || Object.hasOwn(settings, port)) continue;
    const last = spec.inputs.length === 1 && placed !== null ? lastOutput(file, placed, wirings) : null;
    if (last !== null) wiring.set(port, last);
    else if (placed !== null) {
      report.add('unbound-port', place, { name: port, layer: spec.name, example: `loss: { use: ${spec.name}, ${port}: … }` });
      complete = false;
    }
  }
  return complete && placed !== null ? { spec, place, constants, sizes, wiring } : null;
}

/** The output that a loss is about when it does not say: of the last layer in a list, else the only one that nothing uses. */
function lastOutput(
  file: NetworkParts, placed: readonly Placed[], wirings: ReadonlyMap<Placed, Wiring>,
): { kind: 'layer'; placed: Placed; output: string } | null {
  const candidates = file.layers !== undefined ? placed.slice(-1) : placed;
  const used = new Set([...wirings.values()].flatMap((w) => [...w.values()].map((s) => (s.kind === 'layer' ? keyOf(s.placed, s.output) : ''))));
  const free = candidates.flatMap((p) => p.spec.outputs.filter((o) => !used.has(keyOf(p, o))).map((output) => ({ kind: 'layer' as const, placed: p, output })));
  return free.length === 1 ? (free[0] ?? null) : null;
}

const keyOf = (placed: Placed, output: string): string => `${placed.use.name ?? String(placed.use.fromPath[1])}.${output}`;

function checkUnused(placed: readonly Placed[], wirings: ReadonlyMap<Placed, Wiring>, loss: LossUse, report: Report): void {
  const used = new Set([...wirings.values(), loss.wiring].flatMap((w) => [...w.values()].map((s) => (s.kind === 'layer' ? keyOf(s.placed, s.output) : ''))));
  for (const one of placed) {
    for (const output of one.spec.outputs) {
      if (!used.has(keyOf(one, output))) report.add('unused-output', one.use.place, { name: `${one.use.name ?? one.spec.name}.${output}` });
    }
  }
}

function network(
  document: SpecDocument, file: NetworkParts, inputs: Inputs, loss: LossUse, assembled: Assembled, penalties: readonly PenaltyUse[],
  overrides: { readonly signal?: Signal; readonly bias?: Bias }, resolver: Resolver, report: Report,
): Network | null {
  const { layers } = assembled;
  const inputDeclarations = [...inputs.bindings].map(([name, { tensor: t, axes }]): Declaration => ({
    tensor: t, axes: withLetters(axes, lettersOf(name, layers)), role: 'input', perSample: true, place: inputs.places.get(name) ?? document.place([]),
  }));
  const all = [...inputDeclarations, ...layers.flatMap((l) => l.done.declarations), ...assembled.loss.declarations];
  const clash = assembled.loss.declarations.find((d) => inputs.bindings.has(d.tensor.name));
  if (clash !== undefined) {
    const { name } = clash.tensor;
    report.add('duplicate-name', inputs.places.get(name) ?? null, { name, first: 'an input', second: `a tensor of the loss \`${loss.spec.name}\`` });
  }
  const unified = unify(assembled.equalities);
  const unifier = unified?.to ?? null;
  const declarations = unifier === null ? all : all.map((d) => unifyDeclaration(d, unifier));
  const correspondence = layers
    .flatMap((l) => correspondencesOf(l.placed.spec, l.done.instance.layer, l.done, resolver, report))
    .map((c): Correspondence => (unifier === null ? c : { ...c, axes: unifyAxes(c.axes, unifier) }));
  const [output] = loss.spec.outputs;
  const lossTensor = tensor(output ?? 'L');
  const equations = [...layers.flatMap((l) => l.done.equations), ...lossEquations(assembled.loss.equations, lossTensor.name)];
  const ordered = unifier === null ? equations : equations.map((e) => unifyEquation(e, unifier));
  const terms = penaltyTerms(penalties, declarations, correspondence, report)
    .map((term) => (unifier === null ? term : { ...term, value: substituteSymbols(term.value, unifier) }));
  checkLimits(declarations, assembled.sizes, document.place(['network']), report);
  if (report.hasErrors() || file.network === undefined) return null;
  const slots = new Map<string, Activation>(layers.flatMap((l) => [...l.done.instance.slots]));
  return {
    name: file.network,
    title: file.title ?? null,
    file: document.file,
    system: {
      name: file.network,
      declarations: new Map(declarations.map((d) => [tensorKey(d.tensor), d])),
      equations: ordered,
      instances: layers.map((l) => l.done.instance),
      slots,
      sizes: new Map([...assembled.sizes].filter(([key]) => unified?.written.has(key) !== true)),
      total: null,
    },
    inputs: inputDeclarations.map((d) => d.tensor),
    targets: loss.spec.targets.map((name) => tensor(name)),
    outputs: assembled.compared,
    loss: lossTensor,
    penalty: terms.length === 0 ? zero : add(terms.map((term) => term.value)),
    penalties: terms,
    reduction: file.samples ?? 'sum',
    signal: overrides.signal ?? file.signal ?? 'a',
    bias: overrides.bias ?? file.bias ?? (layers.some((l) => l.placed.spec.separate !== null) ? 'augmented' : 'separate'),
    precision: file.precision ?? 'f64',
    correspondence,
  };
}

/** The equations of the loss up to its own: the last equation of a network defines the loss. */
const lossEquations = (equations: readonly Equation[], name: string): readonly Equation[] =>
  equations.slice(0, equations.findIndex((e) => e.tensor.name === name) + 1);

/** The letters by which the first layer that uses an input calls its axes. */
function lettersOf(input: string, layers: Assembled['layers']): readonly string[] {
  for (const { placed, done } of layers) {
    for (const [port, bound] of done.instance.inputs) {
      if (bound.name === input && bound.layer === null) return portAxes(placed.spec, port).map((a) => a.index);
    }
  }
  return [];
}

const portAxes = (spec: LayerSpec, port: string): readonly Axis[] => spec.tensors.get(port)?.axes ?? [];

const withLetters = (axes: readonly Axis[], letters: readonly string[]): readonly Axis[] =>
  axes.map((axis, n) => ({ ...axis, index: letters[n] ?? axis.index }));
