// The parts of a file that have the right form where others have not: what is wrong with those has been reported
// (validate.ts), and the reading goes on with the rest, so that one error does not hide the next.

import type * as z from 'zod';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import {
  type ActivationFile, assumptions, constant, expression, type InputShape, inputShape, instance, type InstanceFile, type LayerFile, layerLine, layerSchema,
  type LossFile, lossSchema, lossUse, networkSchema, type NetworkFile, type PenaltyFile, penaltyUse, range, reference, shape, wholeNumber,
} from './schema.ts';

/** Names whose declaration could not be read: that they are unknown is nobody's second error. */
export interface Gaps {
  readonly names: Set<string>;
  /** Whether a whole block of declarations is missing: then any name may have stood there. */
  readonly all: boolean;
}

export interface Usable<T> {
  readonly file: T;
  readonly gaps: Gaps;
}

type Plain = Readonly<Record<string, unknown>>;

const plain = (value: unknown): Plain | null =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Plain : null);

const fitting = <T>(schema: z.ZodType<T>, value: unknown): T | undefined => {
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
};

/** Every entry that fits; null for the others. Undefined where there is no mapping. */
function entriesOf<T>(schema: z.ZodType<T>, value: unknown): Readonly<Record<string, T | null>> | undefined {
  const found = plain(value);
  return found === null ? undefined : Object.fromEntries(Object.entries(found).map(([name, v]) => [name, fitting(schema, v) ?? null]));
}

const itemsOf = <T>(schema: z.ZodType<T>, value: unknown): readonly (T | null)[] | undefined =>
  (Array.isArray(value) ? value.map((v: unknown) => fitting(schema, v) ?? null) : undefined);

/** Takes the parts of one mapping, and remembers what it could not take. */
function taking(value: unknown, declaring: readonly string[], known: readonly string[]) {
  const from = plain(value) ?? {};
  const names = new Set<string>();
  let all = Object.keys(from).some((key) => !known.includes(key) && nearest(key, declaring) !== null);
  /** A block of declarations by name. */
  const block = <T>(key: string, schema: z.ZodType<T>, needed: boolean): Readonly<Record<string, T>> => {
    const given = from[key];
    const entries = given === undefined ? {} : entriesOf(schema, given);
    if (entries === undefined || (needed && given === undefined)) all = true;
    for (const [name, entry] of Object.entries(entries ?? {})) if (entry === null) names.add(leadingName(name));
    return Object.fromEntries(Object.entries(entries ?? {}).flatMap(([name, entry]): [string, T][] => (entry === null ? [] : [[name, entry]])));
  };
  return {
    block,
    one: <T>(key: string, schema: z.ZodType<T>): T | undefined => fitting(schema, from[key]),
    gaps: (): Gaps => ({ names, all }),
  };
}

/** `z` of `z[i]` */
export const leadingName = (text: string): string => /^\s*([^\s[(]*)/.exec(text)?.[1] ?? '';

export function usableLayer(value: unknown): Usable<LayerFile> {
  const take = taking(value, ['axes', 'input', 'output', 'parameters', 'constants', 'integers', 'sizes', 'slots'], Object.keys(layerSchema.shape));
  const file: LayerFile = {
    layer: take.one('layer', reference) ?? '',
    title: take.one('title', layerSchema.shape.title),
    axes: take.block('axes', range, false),
    input: take.block('input', shape, true),
    output: take.block('output', shape, true),
    parameters: take.block('parameters', shape, false),
    constants: take.block('constants', constant, false),
    integers: take.block('integers', wholeNumber, false),
    sizes: take.block('sizes', expression, false),
    values: take.block('values', range, false),
    outside: take.block('outside', constant, false),
    assume: take.one('assume', assumptions),
    slots: take.block('slots', reference, false),
    'pre-activation': take.one('pre-activation', layerSchema.shape['pre-activation']),
    augmented: take.one('augmented', layerSchema.shape.augmented),
    'augmented-last': take.one('augmented-last', layerSchema.shape['augmented-last']),
    separate: take.one('separate', layerSchema.shape.separate),
    equations: take.block('equations', expression, false),
  };
  return { file, gaps: take.gaps() };
}

export function usableLoss(value: unknown): Usable<LossFile> {
  const take = taking(value, ['axes', 'input', 'target', 'output', 'constants', 'integers', 'sizes'], Object.keys(lossSchema.shape));
  const given = plain(value) ?? {};
  const file: LossFile = {
    loss: take.one('loss', reference) ?? '',
    title: take.one('title', lossSchema.shape.title),
    axes: take.block('axes', range, false),
    input: take.block('input', shape, true),
    target: take.block('target', shape, false),
    output: given['output'] === undefined ? undefined : take.block('output', shape, false),
    constants: take.block('constants', constant, false),
    integers: take.block('integers', wholeNumber, false),
    sizes: take.block('sizes', expression, false),
    values: take.block('values', range, false),
    outside: take.block('outside', constant, false),
    assume: take.one('assume', assumptions),
    expression: take.one('expression', expression),
    equations: given['equations'] === undefined ? undefined : take.block('equations', expression, false),
  };
  return { file, gaps: take.gaps() };
}

/** An activation function or a penalty; null where its formula or its variable cannot be read. */
export function usableFunction<K extends 'activation' | 'penalty'>(
  value: unknown, kind: K,
): Usable<{ readonly name: string; readonly kind: K } & Pick<ActivationFile & PenaltyFile, 'argument' | 'constants' | 'expression'>> | null {
  const take = taking(value, ['constants'], [kind, 'title', 'source', 'argument', 'constants', 'expression']);
  const argument = take.one('argument', reference);
  const formula = take.one('expression', expression);
  if (argument === undefined || formula === undefined) return null;
  const file = { name: take.one(kind, reference) ?? '', kind, argument, constants: take.block('constants', constant, false), expression: formula };
  return { file, gaps: take.gaps() };
}

/** A network's file; null stands for an entry that could not be read, so that the others keep their numbers. */
export interface NetworkParts {
  /** The keys that the file has, of whatever form. */
  readonly given: ReadonlySet<string>;
  readonly network: string | undefined;
  readonly title: string | undefined;
  readonly input: InputShape | undefined;
  readonly inputs: Readonly<Record<string, InputShape | null>> | undefined;
  readonly layers: readonly (string | number | InstanceFile | null)[] | undefined;
  readonly instances: Readonly<Record<string, InstanceFile | null>> | undefined;
  readonly loss: NetworkFile['loss'] | undefined;
  readonly penalties: readonly (z.infer<typeof penaltyUse> | null)[];
  readonly samples: NetworkFile['samples'];
  readonly bias: NetworkFile['bias'];
  readonly signal: NetworkFile['signal'];
  readonly precision: NetworkFile['precision'];
}

export function usableNetwork(value: unknown): NetworkParts {
  const from = plain(value) ?? {};
  const { shape: parts } = networkSchema;
  return {
    given: new Set(Object.keys(from)),
    network: fitting(reference, from['network']),
    title: fitting(parts.title, from['title']),
    input: fitting(inputShape, from['input']),
    inputs: entriesOf(inputShape, from['inputs']),
    layers: itemsOf(layerLine, from['layers']),
    instances: entriesOf(instance, from['instances']),
    loss: fitting(lossUse, from['loss']),
    penalties: itemsOf(penaltyUse, from['penalties']) ?? [],
    samples: fitting(parts.samples, from['samples']),
    bias: fitting(parts.bias, from['bias']),
    signal: fitting(parts.signal, from['signal']),
    precision: fitting(parts.precision, from['precision']),
  };
}

/** A report without what only follows from a gap. */
export function withoutEchoes(report: Report, gaps: Gaps): Report {
  return {
    ...report,
    add: (code, place, data) => {
      if (!isEcho(code, data, gaps)) report.add(code, place, data);
    },
  };
}

function isEcho(code: string, data: unknown, gaps: Gaps): boolean {
  const name = typeof data === 'object' && data !== null && 'name' in data ? String(data.name) : '';
  if (code === 'unknown-name' || code === 'second-variable' || code === 'undefined-output') return gaps.all || gaps.names.has(name);
  return (code === 'unused-tensor' || code === 'unused-parameter') && (gaps.all || gaps.names.size > 0);
}
