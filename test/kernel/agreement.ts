// The kernel of a network in both forms, against its equations read entry by entry.

import { expect } from 'vitest';
import { integer } from '../../src/algebra/affine.ts';
import { type Expression, ref, type Reference, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { KernelModule } from '../../src/kernel/kernel.ts';
import { referenceKey } from '../../src/kernel/storage.ts';
import type { Axis, Declaration, Network } from '../../src/spec/network.ts';
import { allSamples, E } from '../../src/spec/samples.ts';
import { affineNumber, entryKey, forEntries, type Meaning, valueOf } from './interpreter.ts';
import { fill, load, random } from './run.ts';

const SAMPLES = 2;

interface Outcome {
  readonly E: number;
  readonly output: readonly number[];
  readonly gradient: readonly number[];
}

/** Emitted modules may read and write their arrays only where these have entries. */
function guarded(javascript: string): string {
  return `
    const checked = (array) => new Proxy(array, {
      get(a, key) {
        if (typeof key === 'string' && /^-?[\\d.]/.test(key) && !(Number.isInteger(+key) && +key >= 0 && +key < a.length)) throw new Error('read at ' + key + ' of ' + a.length);
        const value = a[key];
        if (key === 'subarray') return (from, to) => checked(a.subarray(from, to));
        return typeof value === 'function' ? value.bind(a) : value;
      },
      set(a, key, value) {
        if (!(Number.isInteger(+key) && +key >= 0 && +key < a.length)) throw new Error('written at ' + String(key) + ' of ' + a.length);
        a[key] = value;
        return true;
      },
    });
    const Float64Array = function (n) { return checked(new globalThis.Float64Array(n)); };
    ${javascript}`;
}

async function run(network: Network, form: 'loops' | 'straight-line'): Promise<Outcome> {
  const system = allSamples(network);
  const module: KernelModule = await load(guarded(emitKernel(network, { form, backward: backward(system, signalsOf(network)) }).javascript));
  const kernel = module.createKernel({ samples: SAMPLES });
  fill(kernel.parameters, random(5));
  const layoutOf = (tensors: readonly Tensor[]) => tensors.map((t) => system.declarations.get(tensorKey(t)));
  kernel.input.set(sampleMajor(layoutOf(network.inputs), random(6)));
  kernel.target.set(sampleMajor(layoutOf(network.targets), random(7)));
  const value = kernel.forward();
  expect(kernel.backward()).toBe(value);
  return { E: value, output: Array.from(kernel.output), gradient: Array.from(kernel.gradient) };
}

/** Numbers for the entries of a tensor: integers of its range where it has one. */
function numbersFor(declaration: Declaration, next: () => number): number {
  const range = declaration.integer;
  if (range === undefined) return next();
  const [lo, hi] = [affineNumber(range.lo, new Map(), SAMPLES), affineNumber(range.hi, new Map(), SAMPLES)];
  return lo + Math.floor(((next() + 1) / 2) * (hi - lo + 1));
}

/** Sample by sample, tensor by tensor: as the kernel's arrays have them. */
function sampleMajor(declared: readonly (Declaration | undefined)[], next: () => number): readonly number[] {
  const all: number[] = [];
  for (let s = 0; s < SAMPLES; s += 1) {
    for (const d of declared) if (d !== undefined) forEntries(d.axes.slice(1), bare, () => all.push(numbersFor(d, next)));
  }
  return all;
}

const bare: Meaning = { system: { name: '', declarations: new Map(), equations: [], instances: [], slots: new Map(), sizes: new Map(), total: null }, samples: SAMPLES, values: new Map(), symbols: new Map() };

/** The same numbers for the same entries. */
function give(meaning: Meaning, declared: readonly Declaration[], next: () => number): void {
  for (let s = 1; s <= SAMPLES; s += 1) {
    for (const d of declared) {
      forEntries(d.axes.slice(1), meaning, (indices) => meaning.values.set(entryKey({ tensor: d.tensor, adjoint: false }, [s, ...indices]), numbersFor(d, next)));
    }
  }
}

function read(meaning: Meaning, r: Pick<Reference, 'tensor' | 'adjoint'>, axes: readonly Axis[]): readonly number[] {
  const values: number[] = [];
  forEntries(axes, meaning, (indices) => values.push(valueOf({ kind: 'ref', ...r, indices: indices.map(integer) }, new Map(), meaning)));
  return values;
}

function oracle(network: Network): Outcome {
  const system = allSamples(network);
  const defined = new Map<string, { readonly axes: readonly Axis[]; readonly value: Expression }>();
  for (const e of system.equations) defined.set(referenceKey({ tensor: e.tensor, adjoint: false }), e);
  for (const e of backward(system, signalsOf(network)).equations) defined.set(referenceKey({ tensor: e.tensor, adjoint: true }), e);
  const meaning: Meaning = { system, samples: SAMPLES, values: new Map(), symbols: new Map(), defined };
  const declared = [...system.declarations.values()];
  const parameters = declared.filter((d) => d.role === 'parameter');
  const next = random(5);
  for (const d of parameters) forEntries(d.axes, meaning, (indices) => meaning.values.set(entryKey({ tensor: d.tensor, adjoint: false }, indices), next()));
  const given = (tensors: readonly Tensor[]) => tensors.flatMap((t) => system.declarations.get(tensorKey(t)) ?? []);
  give(meaning, given(network.inputs), random(6));
  give(meaning, given(network.targets), random(7));
  const [output] = network.outputs;
  const axes = system.declarations.get(`${output?.name ?? ''}@${String(output?.layer?.offset ?? '')}`)?.axes ?? [];
  return {
    E: valueOf(ref(E, []), new Map(), meaning),
    output: output === undefined ? [] : read(meaning, { tensor: output, adjoint: false }, axes),
    gradient: parameters.flatMap((d) => read(meaning, { tensor: d.tensor, adjoint: true }, d.axes)),
  };
}

const numbersOf = ({ E: total, output, gradient }: Outcome): readonly number[] => [total, ...output, ...gradient];

/** Expects of both forms that they compute what the equations say, and touch only entries that exist. */
export async function expectAgreement(network: Network): Promise<void> {
  const expected = numbersOf(oracle(network));
  for (const form of ['loops', 'straight-line'] as const) {
    const actual = numbersOf(await run(network, form));
    expect(actual.length).toBe(expected.length);
    for (const [n, value] of actual.entries()) {
      const wanted = expected[n] ?? NaN;
      expect(Math.abs(value - wanted), `${form} ${String(n)}: ${String(value)} for ${String(wanted)}`)
        .toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted)));
    }
  }
}
