// Networks read from YAML, their other forms, and everything that the roads of a check want.

import { readFileSync } from 'node:fs';
import { type Bounds, bounding } from '../../src/check/bounds.ts';
import { type Branches, branches } from '../../src/check/branches.ts';
import type { Confrontation } from '../../src/check/check.ts';
import type { Visit } from '../../src/check/points.ts';
import { loadKernel } from '../../src/check/load.ts';
import { type Subject, subjectOf, type Values } from '../../src/check/subject.ts';
import type { Backward } from '../../src/derive/backward.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { emitKernel, type EmitOptions } from '../../src/kernel/emit.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import type { Bias, Network, Signal } from '../../src/spec/network.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { allSamples } from '../../src/spec/samples.ts';

export type Overrides = { signal?: Signal; bias?: Bias };

export const inline = (text: string, overrides: Overrides = {}): Network =>
  readNetwork({ file: 'test.yaml', text }, shippedLibrary, overrides);

export const shippedText = (name: string): { file: string; text: string } =>
  ({ file: `specs/networks/${name}.yaml`, text: readFileSync(`specs/networks/${name}.yaml`, 'utf8') });

/** The three other forms of a network in a file. */
export function otherForms(read: (overrides: Overrides) => Network, own: Network): readonly Network[] {
  const forms = (['a', 'z'] as const).flatMap((signal) => (['separate', 'augmented'] as const).map((bias) => ({ signal, bias })));
  return forms.filter(({ signal, bias }) => signal !== own.signal || bias !== own.bias).map(read);
}

export type Mistake = (backward: Backward) => Backward;
export const derived = (network: Network): Backward => backward(allSamples(network), signalsOf(network));

/** A confrontation with the kernel of a derivation that has a mistake in it, interpreted with the same mistake. */
export async function mistaken(network: Network, mistake: Mistake, variants: readonly { network: Network; mistake: Mistake }[], form: EmitOptions['form'] = 'auto'): Promise<Confrontation> {
  const kernelOf = (other: Network, wrong: Mistake): ReturnType<typeof emitKernel> =>
    emitKernel(other, { form, backward: wrong(derived(other)) });
  const kernel = kernelOf(network, mistake);
  return {
    network, module: await loadKernel(kernel), form: kernel.form, samples: 3, seed: 1, onProgress: () => undefined,
    derive: (system) => mistake(backward(system, signalsOf(network))),
    variants: await Promise.all(variants.map(async (v) => ({ network: v.network, module: await loadKernel(kernelOf(v.network, v.mistake)) }))),
  };
}

export interface Standing {
  readonly subject: Subject;
  readonly kernel: Kernel;
  readonly branches: Branches;
  readonly visit: Visit;
  readonly bounds: Bounds;
}

/** Everything set up at one given point. */
export async function standingAt(network: Network, values: Values, samples: number, form: EmitOptions['form'] = 'auto'): Promise<Standing> {
  const module = await loadKernel(emitKernel(network, { form }));
  const subject = subjectOf(network, module, samples, (system) => backward(system, signalsOf(network)));
  const ways = branches(subject);
  const bounds = bounding(subject)(values);
  const point = {
    number: 0, label: 'given', seed: 0, scale: 1, inputs: 1, targets: 'given', planned: 1, redrawn: null, E: NaN,
    basis: bounds.basis, resolved: bounds.resolved, values,
  };
  return { subject, kernel: module.createKernel({ samples }), branches: ways, visit: { point, bounds }, bounds };
}
