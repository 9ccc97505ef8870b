// The kernel of a network in both forms, against its equations read entry by entry.

import { expect } from 'vitest';
import type { Reference } from '../../src/algebra/expression.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import type { KernelModule } from '../../src/kernel/kernel.ts';
import type { Axis, Network } from '../../src/spec/network.ts';
import { allSamples, E } from '../../src/spec/samples.ts';
import { entryKey, forEntries, type Meaning, valueOf } from './interpreter.ts';
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
  const module: KernelModule = await load(guarded(emitKernel(network, { form, backward: backward(allSamples(network), signalsOf(network)) }).javascript));
  const kernel = module.createKernel({ samples: SAMPLES });
  fill(kernel.parameters, random(5));
  fill(kernel.input, random(6));
  fill(kernel.target, random(7));
  const value = kernel.forward();
  expect(kernel.backward()).toBe(value);
  return { E: value, output: Array.from(kernel.output), gradient: Array.from(kernel.gradient) };
}

/** Numbers for the entries of the given tensors, one after the other, as the kernel's flat arrays have them. */
function give(meaning: Meaning, given: readonly { reference: Pick<Reference, 'tensor' | 'adjoint'>; axes: readonly Axis[] }[], next: () => number): void {
  for (const { reference, axes } of given) forEntries(axes, meaning, (indices) => meaning.values.set(entryKey(reference, indices), next()));
}

function read(meaning: Meaning, r: Pick<Reference, 'tensor' | 'adjoint'>, axes: readonly Axis[]): readonly number[] {
  const values: number[] = [];
  forEntries(axes, meaning, (indices) => values.push(meaning.values.get(entryKey(r, indices)) ?? 0));
  return values;
}

function oracle(network: Network): Outcome {
  const system = allSamples(network);
  const meaning: Meaning = { system, samples: SAMPLES, values: new Map(), symbols: new Map() };
  const declared = [...system.declarations.values()];
  const of = (role: string) => declared.filter((d) => d.role === role).map((d) => ({ reference: { tensor: d.tensor, adjoint: false }, axes: d.axes }));
  give(meaning, of('parameter'), random(5));
  give(meaning, of('input'), random(6));
  give(meaning, of('target'), random(7));
  for (const equation of system.equations) {
    forEntries(equation.axes, meaning, (indices, scope) =>
      meaning.values.set(entryKey({ tensor: equation.tensor, adjoint: false }, indices), valueOf(equation.value, scope, meaning)));
  }
  for (const equation of backward(system, signalsOf(network)).equations) {
    forEntries(equation.axes, meaning, (indices, scope) =>
      meaning.values.set(entryKey({ tensor: equation.tensor, adjoint: true }, indices), valueOf(equation.value, scope, meaning)));
  }
  const [output] = network.outputs;
  const axes = system.declarations.get(`${output?.name ?? ''}@${String(output?.layer?.offset ?? '')}`)?.axes ?? [];
  return {
    E: meaning.values.get(entryKey({ tensor: E, adjoint: false }, [])) ?? NaN,
    output: output === undefined ? [] : read(meaning, { tensor: output, adjoint: false }, axes),
    gradient: of('parameter').flatMap(({ reference, axes: own }) => read(meaning, { tensor: reference.tensor, adjoint: true }, own)),
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
