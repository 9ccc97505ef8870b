// The road of the other forms: the same network with the other signal or the other bias gives other equations and another
// kernel, but the same E and the same gradient, entry by entry, once parameters are carried over.

import { type Affine, symbolKey } from '../algebra/affine.ts';
import { tensorKey } from '../algebra/expression.ts';
import { type Block, entryName } from '../evaluate/block.ts';
import type { Kernel, KernelModule } from '../kernel/kernel.ts';
import type { Correspondence, Network } from '../spec/network.ts';
import { allSamples } from '../spec/samples.ts';
import type { Visit } from './points.ts';
import type { RoadReport } from './report.ts';
import { blockOf, byTensor, entryCount, fillKernel, largest, type Subject, type Values } from './subject.ts';
import { notApplicable, type Tally, tally } from './tally.ts';

export interface Variant {
  readonly network: Network;
  /** Its kernel, or why there is none. */
  readonly module: KernelModule | { readonly broken: string };
}

/** Where an entry of the network under check stands in a variant. */
interface Carried {
  readonly from: string;
  readonly at: number;
  readonly to: string;
  readonly position: number;
}

export function variantsRoad(subject: Subject, kernel: Kernel, visits: readonly Visit[], variants: readonly Variant[]): RoadReport {
  if (variants.length === 0) return notApplicable('variants', 'the network has no other form');
  const road = tally('variants');
  for (const { network, module } of variants) {
    const form = `signal ${network.signal}, bias ${network.bias}`;
    if ('broken' in module) {
      road.fail(`${form}: ${module.broken}`);
      continue;
    }
    try {
      compareForm(road, form, subject, kernel, visits, network, module);
    } catch (error) {
      road.fail(`${form}: ${messageOf(error)}`);
    }
  }
  return road.report();
}

/** What an emitter, a loader or a kernel threw, in its first line. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;

function compareForm(
  road: Tally, form: string, subject: Subject, kernel: Kernel, visits: readonly Visit[], network: Network, module: KernelModule,
): void {
  const other = { system: allSamples(network), module, sizes: subject.sizes };
  const carried = carry(subject, network, other);
  if (typeof carried === 'string') {
    road.remark(`${form}: ${carried}`);
    return;
  }
  const blocks = new Map(subject.parameters.map((key) => [key, blockOf(subject, key)]));
  const twin = module.createKernel({ samples: subject.samples });
  for (const { point, bounds } of visits) {
    fillKernel(subject, kernel, point.values);
    const E = kernel.backward();
    const gradient = byTensor(subject, kernel.gradient);
    fillKernel(other, twin, carryValues(point.values, carried, other, subject));
    const twinE = twin.backward();
    const twinGradient = byTensor(other, twin.gradient);
    const all = largest(kernel.gradient);
    const scales = new Map([...gradient].map(([key, own]) => [key, largest(own) || all]));
    const place = { point: point.number, form, basis: bounds.basis };
    road.expect({ ...place, what: 'E', kind: 'E' }, 1);
    for (const [key, own] of gradient) road.expect({ ...place, what: blocks.get(key)!.name, kind: 'parameter' }, own.length);
    road.compare({ ...place, entry: 'E', what: 'E' }, E, twinE, 2 * bounds.E, Math.abs(E));
    for (const { from, at, to, position } of carried) {
      const own = gradient.get(from)!;
      const block = blocks.get(from)!;
      road.compare({ point: point.number, form, basis: bounds.basis, entry: entryName(block, at), what: block.name }, own[at]!, twinGradient.get(to)?.[position] ?? NaN,
        2 * bounds.adjoint(from, at), scales.get(from)!, all);
    }
  }
}

type Other = Pick<Subject, 'system' | 'module' | 'sizes'>;

/** Pairs every parameter entry with its counterpart, or says why that is impossible. */
function carry(subject: Subject, network: Network, other: Other): readonly Carried[] | string {
  const carried: Carried[] = [];
  for (const key of subject.parameters) {
    const block = blockOf(subject, key);
    const pair = counterpart(subject.network, network, key, other);
    for (let at = 0; at < block.entries.length; at += 1) {
      const found = pair(indicesAt(block, at));
      if (found === null) return `${entryName(block, at)} has no counterpart`;
      carried.push({ from: key, at, ...found });
    }
  }
  return carried;
}

type Locate = (indices: readonly number[]) => { readonly to: string; readonly position: number } | null;

/** By the same name, else by the correspondence of the separate and the augmented form. */
function counterpart(own: Network, network: Network, key: string, other: Other): Locate {
  const within = (block: Block<number>, to: string, indices: readonly number[]): ReturnType<Locate> => {
    const position = indices.reduce((sum, i, n) => sum + (i - block.base[n]!) * block.strides[n]!, 0);
    const inside = indices.every((i, n) => i >= block.base[n]! && i < block.base[n]! + block.shape[n]!);
    return inside ? { to, position } : null;
  };
  const links: readonly Correspondence[] = own.bias === network.bias ? [] : [...own.correspondence, ...network.correspondence];
  const outward = links.filter((c) => tensorKey(c.separate) === key && other.system.declarations.has(tensorKey(c.augmented)));
  const inward = links.filter((c) => tensorKey(c.augmented) === key && other.system.declarations.has(tensorKey(c.separate)));
  const [direct] = outward;
  if (direct !== undefined) {
    const to = tensorKey(direct.augmented);
    const block = blockOf(other, to);
    return (indices) => within(block, to, direct.entry.map((a) => valueAt(a, direct, indices, other)));
  }
  if (inward.length > 0) {
    const table = new Map(inward.flatMap((link) => {
      const block = blockOf(other, tensorKey(link.separate));
      return Array.from({ length: block.entries.length }, (_, n): [string, { to: string; position: number }] =>
        [link.entry.map((a) => valueAt(a, link, indicesAt(block, n), other)).join(), { to: tensorKey(link.separate), position: n }]);
    }));
    return (indices) => table.get(indices.join()) ?? null;
  }
  if (!other.system.declarations.has(key)) return () => null;
  const block = blockOf(other, key);
  return (indices) => within(block, key, indices);
}

/** An index of the augmented entry, from the indices of the separate one. */
const valueAt = (a: Affine, link: Correspondence, indices: readonly number[], { system, sizes }: Other): number =>
  a.terms.reduce((sum, { symbol, coefficient }) => {
    const value = symbol.kind === 'index' ? indices[link.axes.findIndex((axis) => axis.index === symbol.name)]
      : system.sizes.get(symbolKey(symbol)) ?? sizes.get(symbolKey(symbol));
    return sum + coefficient * (value ?? NaN);
  }, a.constant);

const indicesAt = (block: { readonly shape: readonly number[]; readonly base: readonly number[]; readonly strides: readonly number[] }, at: number): readonly number[] =>
  block.shape.map((extent, n) => (Math.floor(at / block.strides[n]!) % extent) + block.base[n]!);

function carryValues(values: Values, carried: readonly Carried[], other: Other, subject: Subject): Values {
  const result = new Map<string, readonly number[]>([...subject.inputs, ...subject.targets].map((key) => [key, values.get(key)!]));
  const parameters = new Map<string, number[]>();
  for (const { from, at, to, position } of carried) {
    let entries = parameters.get(to);
    if (entries === undefined) parameters.set(to, entries = new Array<number>(entryCount(other, to)).fill(0));
    entries[position] = values.get(from)![at]!;
  }
  return new Map([...result, ...parameters]);
}
