// Which loss a network has, its constants, sizes and whole numbers, and where its inputs come from.

import type { Rational } from '../algebra/rational.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { LossUse } from './assemble.ts';
import type { SpecDocument } from './document.ts';
import { showChanges } from './numbers.ts';
import type { NetworkParts } from './parts.ts';
import { readDecimal } from './read-layer.ts';
import type { Resolver } from './resolve.ts';
import { readInteger, readSize } from './settings.ts';
import { type Placed, sourceOf, type Sources, type Wiring } from './wire.ts';

/** @param placed the layers, or null where some of them could not be read */
export function readLossUse(
  document: SpecDocument, file: NetworkParts, placed: readonly Placed[] | null, wirings: ReadonlyMap<Placed, Wiring>, sources: Sources,
  resolver: Resolver, report: Report,
): LossUse | null {
  if (file.loss === undefined) return null;
  const plain = typeof file.loss === 'string';
  const name = typeof file.loss === 'string' ? file.loss : file.loss.use;
  const place = document.place(plain ? ['loss'] : ['loss', 'use']);
  const usual = resolver.loss(name, place);
  if (usual === null) return null;
  const settings: Readonly<Record<string, unknown>> = typeof file.loss === 'string' ? {} : file.loss;
  const constants = new Map<string, Rational>(usual.constants);
  const sizes = new Map<string, number>();
  const integers = new Map<string, number>();
  const wiring = new Map<string, ReturnType<typeof sourceOf> & object>();
  let complete = true;
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'use') continue;
    const path = ['loss', key];
    if (usual.inputs.includes(key) && typeof value === 'string') {
      const source = sourceOf(value, document.place(path), sources, report);
      if (source === null) complete = false;
      else wiring.set(key, source);
    } else if (usual.constants.has(key)) {
      const decimal = readDecimal(document, path, report);
      if (decimal !== null) constants.set(key, decimal);
    } else if (usual.sizes.includes(key)) {
      sizes.set(key, readSize(document, key, { path, place: document.place(path) }, report));
    } else if (usual.integers.has(key)) {
      const whole = readInteger(document, key, usual, { path, place: document.place(path) }, report);
      if (whole !== null) integers.set(key, whole);
    } else {
      const known = [...usual.inputs, ...usual.constants.keys(), ...usual.sizes, ...usual.integers.keys()];
      report.add('unknown-key', document.keyPlace(path), { name: key, suggestion: nearest(key, known), known });
    }
  }
  const numbers = { integers, constants };
  const spec = resolver.loss(name, place, numbers);
  if (spec === null) {
    report.add('numbers-do-not-fit', place, { layer: usual.name, numbers: showChanges(usual, numbers) });
    return null;
  }
  const open = spec.inputs.filter((port) => !wiring.has(port) && !Object.hasOwn(settings, port));
  for (const port of open) {
    const last = open.length === 1 && placed !== null ? lastOutput(file, placed, wirings) : null;
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

/** One output of one layer. */
export const keyOf = (placed: Placed, output: string): string => `${placed.use.name ?? String(placed.use.fromPath[1])}.${output}`;
