// Which output feeds which input, and the order of the layers that follows: numbers go from the inputs to the loss.

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Path, SpecDocument } from './document.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Numbers } from './numbers.ts';
import type { LayerUse } from './use.ts';

/** A layer's use with what it uses. */
export interface Placed {
  readonly use: LayerUse;
  readonly spec: LayerSpec;
  /** The layer as it is with other numbers; null when something is wrong with it then, which has been reported. */
  readonly withNumbers: (numbers: Numbers) => LayerSpec | null;
}

/** Where the values of a port come from. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'layer'; readonly placed: Placed; readonly output: string };

export type Wiring = ReadonlyMap<string, Source>;

/** Names that a port may be bound to. */
export interface Sources {
  readonly inputs: readonly string[];
  readonly layers: ReadonlyMap<string, Placed>;
  /** Names of inputs and layers that could not be read; null where it is not even known which there are. */
  readonly unread: ReadonlySet<string> | null;
}

/** A plain list: each layer's one input is the output of the layer in front of it; null is one that could not be read. */
export function wireList(placed: readonly (Placed | null)[], sources: Sources, document: SpecDocument, report: Report): ReadonlyMap<Placed, Wiring> {
  const wirings = new Map<Placed, Wiring>();
  for (const [n, one] of placed.entries()) {
    if (one === null) continue;
    if (one.use.from !== null) {
      wirings.set(one, wire(one, sources, document, report));
      continue;
    }
    const before = placed[n - 1];
    if (before === null) continue;
    const [port, ...others] = one.spec.inputs;
    const [output, ...further] = before?.spec.outputs ?? [''];
    const first = others[0] ?? further[0];
    if (port === undefined || output === undefined || first !== undefined) {
      report.add('unbound-port', one.use.place, { name: others[0] ?? port ?? '', layer: one.spec.name, example: 'instances: { … in: { x: … } }' });
      continue;
    }
    wirings.set(one, new Map([[port, before === undefined ? { kind: 'input', name: sources.inputs[0] ?? 'x' } : { kind: 'layer', placed: before, output }]]));
  }
  return wirings;
}

/** Named layers: each port is bound by `in`. */
export function wire(one: Placed, sources: Sources, document: SpecDocument, report: Report): Wiring {
  const { use, spec } = one;
  const wiring = new Map<string, Source>();
  const { from, fromPath } = use;
  if (from === null) {
    if (spec.inputs.length > 0) report.add('unbound-port', use.place, { name: spec.inputs.join('`, `'), layer: spec.name, example: bindingExample(spec) });
    return wiring;
  }
  if (typeof from === 'string') {
    const [port] = spec.inputs;
    if (port === undefined || spec.inputs.length !== 1) {
      report.add('ambiguous-binding', document.place(fromPath), { text: from, ports: spec.inputs });
      return wiring;
    }
    const source = sourceOf(from, document.place(fromPath), sources, report);
    if (source !== null) wiring.set(port, source);
    return wiring;
  }
  for (const [port, text] of Object.entries(from)) {
    const at: Path = [...fromPath, port];
    if (!spec.inputs.includes(port)) {
      report.add('unknown-name', document.keyPlace(at), { name: port, role: 'input', suggestion: nearest(port, spec.inputs), known: spec.inputs });
      continue;
    }
    const source = sourceOf(text, document.place(at), sources, report);
    if (source !== null) wiring.set(port, source);
  }
  for (const port of spec.inputs) {
    if (!Object.hasOwn(from, port)) report.add('unbound-port', document.place(fromPath), { name: port, layer: spec.name, example: bindingExample(spec) });
  }
  return wiring;
}

const bindingExample = (spec: LayerSpec): string =>
  spec.inputs.length === 1 ? 'in: x' : `in: { ${spec.inputs.map((p) => `${p}: …`).join(', ')} }`;

/** x (an input of the network), left (a layer with one output), left.z */
export function sourceOf(text: string, place: Place, sources: Sources, report: Report): Source | null {
  const [name = '', output, ...rest] = text.trim().split('.');
  if (rest.length === 0 && output === undefined && sources.inputs.includes(name)) return { kind: 'input', name };
  const placed = sources.layers.get(name);
  if (placed === undefined && (sources.unread?.has(name) ?? true)) return null;
  if (placed === undefined || rest.length > 0) {
    const known = [...sources.inputs, ...sources.layers.keys()];
    report.add('unknown-name', place, { name: placed === undefined ? name : text, role: 'layer or input', suggestion: nearest(name, known), known });
    return null;
  }
  const { outputs } = placed.spec;
  const [only] = outputs;
  if (output === undefined) {
    if (outputs.length === 1 && only !== undefined) return { kind: 'layer', placed, output: only };
    report.add('ambiguous-binding', place, { text, ports: outputs.map((o) => `${name}.${o}`) });
    return null;
  }
  if (outputs.includes(output)) return { kind: 'layer', placed, output };
  report.add('unknown-name', place, { name: output, role: 'output', suggestion: nearest(output, outputs), known: outputs });
  return null;
}

/** Layers after what feeds them, in the order of the file where that leaves a choice; null when there is a cycle (reported). */
export function order(placed: readonly Placed[], wirings: ReadonlyMap<Placed, Wiring>, report: Report): readonly Placed[] | null {
  const sorted = new Set<Placed>();
  for (const start of placed) {
    if (sorted.has(start)) continue;
    const way: { at: Placed; rest: Placed[] }[] = [{ at: start, rest: feeders(start, wirings) }];
    const open = new Set([start]);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        sorted.add(top.at);
        open.delete(top.at);
        way.pop();
      } else if (open.has(next)) {
        const cycle = [...way.slice(way.findIndex((w) => w.at === next)).map((w) => nameOf(w.at)), nameOf(next)];
        report.add('cyclic-network', next.use.place, { cycle: cycle.reverse() });
        return null;
      } else if (!sorted.has(next)) {
        open.add(next);
        way.push({ at: next, rest: feeders(next, wirings) });
      }
    }
  }
  return [...sorted];
}

/** What messages call a layer. */
export const nameOf = (placed: Placed): string => placed.use.name ?? placed.spec.name;

const feeders = (placed: Placed, wirings: ReadonlyMap<Placed, Wiring>): Placed[] =>
  [...(wirings.get(placed)?.values() ?? [])].flatMap((source) => (source.kind === 'layer' ? [source.placed] : []));
