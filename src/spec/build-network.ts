// From a network's file to the network: layers are found, wired, put to work, and brought together with the loss.

import { type Affine, integer, substituteAffine, symbolKey } from '../algebra/affine.ts';
import { add, tensor, tensorKey, zero } from '../algebra/expression.ts';
import { substituteSymbols } from '../algebra/traverse.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { assemble, type Assembled, type LossUse } from './assemble.ts';
import { biasOf, correspondencesOf, inForm } from './correspond.ts';
import type { SpecDocument } from './document.ts';
import { type InputSize, withInputNames } from './input-sizes.ts';
import type { PortBinding } from './port-sizes.ts';
import type { LayerSpec } from './layer-spec.ts';
import { checkLimits, MOST_LAYERS } from './limits.ts';
import { keyOf, readLossUse } from './loss-use.ts';
import { whyNoIdentifier, whyNoLabel, whyNoSpecName } from './names.ts';
import type { Activation, Assumption, Axis, Bias, Correspondence, Declaration, Equation, Network, Signal, System } from './network.ts';
import { penaltyTerms, type PenaltyUse, readPenalties } from './penalize.ts';
import type { Resolver } from './resolve.ts';
import type { NetworkParts } from './parts.ts';
import { isSamplesAxis, liftSamples } from './samples.ts';
import { isCoupled } from './samples-axis.ts';
import { readSettings, readSize } from './settings.ts';
import { readSharing, sharingNames } from './share.ts';
import { inputSize, unify, unifyAssumption, unifyAxes, unifyDeclaration, unifyEquation } from './sizes.ts';
import { activationFromText, type LayerUse, readLine, readMapping } from './use.ts';
import { order, type Placed, type Sources, wire, wireList, type Wiring } from './wire.ts';

interface Inputs {
  readonly bindings: ReadonlyMap<string, PortBinding>;
  readonly places: ReadonlyMap<string, Place>;
  readonly sizes: ReadonlyMap<string, number>;
  /** The sizes whose names say nothing but where they stand. */
  readonly unnamed: readonly InputSize[];
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
  const sharers = sharingNames(uses);
  const places = uses.map((use): Placed | null => {
    if (use === null) return null;
    const named = resolver.layer(use.layer, use.layerPlace);
    const form = named === null || (use.name !== null && sharers.has(use.name)) ? null : inForm(named, bias);
    const [name, place] = form === null ? [use.layer, use.layerPlace] : [form.name, form.place];
    const spec = form === null ? named : resolver.layer(name, place);
    if (spec !== null) return { use, spec, withNumbers: (numbers) => resolver.layer(name, place, numbers) };
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
  const loss = readLossUse(document, file, complete && sorted !== null ? placed : null, wirings, sources, resolver, report);
  const sharing = readSharing(sorted ?? placed, sources, document, report);
  if (sorted === null || !complete) return null;
  const assembled = assemble(sorted, wirings, sharing, inputs.bindings, inputs.sizes, settings, loss, report);
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
  const unnamed: InputSize[] = [];
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
        if (entries.length > 1) unnamed.push({ input: name, symbol: term.symbol });
      }
      return { index: 'ijlmnpqr'[n] ?? `i${n}`, range: { lo: integer(1), hi: own } };
    });
    bindings.set(name, { tensor: tensor(name), axes });
    places.set(name, document.pairPlace(path));
  }
  return { bindings, places, sizes, unnamed };
}

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
  const inputDeclarations = [...assembled.inputs].map(([name, { tensor: t, axes, integer: values }]): Declaration => ({
    tensor: t, axes: withLetters(axes, lettersOf(name, layers)), role: 'input', perSample: true,
    ...(values === undefined ? {} : { integer: values }), place: inputs.places.get(name) ?? document.place([]),
  }));
  const all = [...inputDeclarations, ...layers.flatMap((l) => l.done.declarations), ...assembled.loss.declarations];
  const clash = assembled.loss.declarations.find((d) => inputs.bindings.has(d.tensor.name));
  if (clash !== undefined) {
    const { name } = clash.tensor;
    report.add('duplicate-name', inputs.places.get(name) ?? null, { name, first: 'an input', second: `a tensor of the loss \`${loss.spec.name}\`` });
  }
  const { unifier, written, renamed } = withInputNames(unify(assembled.equalities), inputs.unnamed, assembled, all);
  const declarations = unifier === null ? all : all.map((d) => unifyDeclaration(d, unifier));
  const correspondence = layers
    .flatMap((l) => correspondencesOf(l.placed.spec, l.done.instance.layer, l.done, resolver, report))
    .map((c): Correspondence => (unifier === null ? c : { ...c, axes: unifyAxes(c.axes, unifier) }));
  const [output] = loss.spec.outputs;
  const lossTensor = tensor(output ?? 'L');
  const equations = [...layers.flatMap((l) => l.done.equations), ...lossEquations(assembled.loss.equations, lossTensor.name)];
  const ordered = unifier === null ? equations : equations.map((e) => unifyEquation(e, unifier));
  const aliases = layers.flatMap((l) => [...(l.done.instance.shared ?? [])].map(([alias, shared]) => ({ name: alias, tensor: shared })));
  const terms = penaltyTerms(penalties, declarations, correspondence, aliases, report)
    .map((term) => (unifier === null ? term : { ...term, value: substituteSymbols(term.value, unifier) }));
  checkLimits(declarations, assembled.sizes, document.place(['network']), report);
  if (report.hasErrors() || file.network === undefined) return null;
  const slots = new Map<string, Activation>(layers.flatMap((l) => [...l.done.instance.slots]));
  const parts = [...layers.map((l) => l.done), assembled.loss];
  const facts = parts.flatMap((p) => p.facts).map((fact) => (unifier === null ? fact : substituteAffine(fact, unifier)));
  const assumptions = parts.flatMap((p) => p.assumptions).map((a) => (unifier === null ? a : unifyAssumption(a, unifier)));
  const system: System = {
    name: file.network,
    declarations: new Map(declarations.map((d) => [tensorKey(d.tensor), d])),
    equations: ordered,
    instances: layers.map((l) => l.done.instance),
    slots,
    sizes: new Map([...assembled.sizes].filter(([key]) => !written.has(key)).map(([key, value]) => [renamed(key), value])),
    total: null,
    ...stated(assumptions, facts),
  };
  const lifted = [...layers.map((l) => l.placed.spec), loss.spec].some(isCoupled) ? liftSamples(system) : null;
  return {
    name: file.network,
    title: file.title ?? null,
    file: document.file,
    system: lifted?.system ?? system,
    ...(lifted === null ? {} : { coupled: lifted.axis }),
    inputs: inputDeclarations.map((d) => d.tensor),
    targets: loss.spec.targets.map((name) => tensor(name)),
    outputs: assembled.compared,
    loss: lossTensor,
    penalty: terms.length === 0 ? zero : add(terms.map((term) => term.value)),
    penalties: terms,
    reduction: file.samples ?? 'sum',
    signal: overrides.signal ?? file.signal ?? 'a',
    bias: overrides.bias ?? file.bias ?? (layers.map((l) => biasOf(l.placed.spec)).find((form) => form !== 'separate') ?? 'separate'),
    precision: file.precision ?? 'f64',
    correspondence,
  };
}

const stated = (assumptions: readonly Assumption[], facts: readonly Affine[]): Pick<System, 'assumptions' | 'facts'> =>
  ({ ...(assumptions.length === 0 ? {} : { assumptions }), ...(facts.length === 0 ? {} : { facts }) });

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

const portAxes = (spec: LayerSpec, port: string): readonly Axis[] => (spec.tensors.get(port)?.axes ?? []).filter((axis) => !isSamplesAxis(axis));

const withLetters = (axes: readonly Axis[], letters: readonly string[]): readonly Axis[] =>
  axes.map((axis, n) => ({ ...axis, index: letters[n] ?? axis.index }));
