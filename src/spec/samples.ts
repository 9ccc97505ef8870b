// Samples are one more axis, in front, on every tensor that each sample has for itself; E adds the samples up.

import { type Affine, index, integer, sameAffine, size } from '../algebra/affine.ts';
import {
  add, affineValue, divide, type Expression, isBinder, ref, type Reference, sum, tensor, type Tensor, tensorKey,
} from '../algebra/expression.ts';
import { freeIndices, freshIndex, rewrite, visit } from '../algebra/traverse.ts';
import { SAMPLES, TOTAL } from './names.ts';
import type { Assumption, Axis, Declaration, Equation, Network, System } from './network.ts';

/** The loss of all samples, the scalar that is differentiated. */
export const E: Tensor = tensor(TOTAL);
/** The number of samples as a symbolic size. */
export const samplesSize: Affine = size(SAMPLES);

/** Whether an axis counts the samples. */
export const isSamplesAxis = (axis: Axis | undefined): boolean =>
  axis !== undefined && sameAffine(axis.range.lo, integer(1)) && sameAffine(axis.range.hi, samplesSize);

/** The network for one sample, with E = L + penalties as its last equation; for all of them where they are coupled. */
export function oneSample(network: Network): System {
  if (network.coupled !== undefined) return allSamples(network);
  const value = add([ref(network.loss, []), network.penalty]);
  return withTotal(network.system, value);
}

/** The network for `samples` many samples: E = Σ_s L[s] + penalties, or (1/samples) Σ_s L[s] + penalties. */
export function allSamples(network: Network): System {
  const { system: lifted, axis } = network.coupled === undefined
    ? liftSamples(network.system) : { system: network.system, axis: network.coupled };
  const total = sum(axis.index, axis.range, ref(network.loss, [index(axis.index)]));
  const reduced = network.reduction === 'mean' ? divide(total, affineValue(samplesSize)) : total;
  return withTotal(lifted, add([reduced, network.penalty]));
}

/**
 * The samples axis in front of every per-sample tensor, in its declaration and wherever an equation mentions it. Tensors
 * that name the axis themselves, and their equations, stay as they are.
 */
export function liftSamples(system: System): { readonly system: System; readonly axis: Axis } {
  const all = [...system.declarations];
  const perSample = new Set(all.filter(([, d]) => d.perSample).map(([key]) => key));
  const lifted = new Set(all.filter(([, d]) => d.perSample && !isSamplesAxis(d.axes[0])).map(([key]) => key));
  const written = all.find(([key]) => perSample.has(key) && !lifted.has(key))?.[1].axes[0]?.index ?? null;
  const own = new Set(system.equations.filter((e) => lifted.has(tensorKey(e.tensor))));
  const open = (system.assumptions ?? []).filter((a) => isOneSample(a, system.declarations, lifted));
  const s = sampleIndex([...own, ...open.flatMap((a) => [{ axes: a.axes, value: a.left }, { axes: a.axes, value: a.right }])], written ?? 's');
  const axis: Axis = { index: s, range: { lo: integer(1), hi: samplesSize } };
  const lift = (e: Expression): Expression => liftExpression(e, perSample, s);
  const declarations = new Map(all.map(([key, d]): [string, Declaration] => [key, lifted.has(key) ? { ...d, axes: [axis, ...d.axes] } : d]));
  const equations = system.equations.map((equation): Equation =>
    (own.has(equation) ? { ...equation, axes: [axis, ...equation.axes], value: lift(equation.value) } : equation));
  const assumptions = system.assumptions?.map((a): Assumption =>
    (open.includes(a) ? { ...a, axes: [axis, ...a.axes], left: lift(a.left), right: lift(a.right) } : a));
  return { system: { ...system, declarations, equations, ...(assumptions === undefined ? {} : { assumptions }) }, axis };
}

/** Whether an assumption speaks of one sample: an entry of it lacks the samples axis. */
function isOneSample({ left, right }: Assumption, declarations: System['declarations'], lifted: ReadonlySet<string>): boolean {
  let found = false;
  for (const side of [left, right]) {
    visit(side, (e) => {
      if (e.kind !== 'ref') return;
      const key = tensorKey(e.tensor);
      const declared = declarations.get(key);
      if (declared?.perSample !== true) return;
      if (e.indices.length < declared.axes.length + (lifted.has(key) ? 1 : 0)) found = true;
    });
  }
  return found;
}

/** The sample index in front of every entry (and adjoint) of a per-sample tensor. */
export function liftExpression(e: Expression, perSample: ReadonlySet<string>, s: string): Expression {
  const lift = (r: Reference): Reference =>
    perSample.has(tensorKey(r.tensor)) ? { ...r, indices: [index(s), ...r.indices] } : r;
  return rewrite(e, (x) => (x.kind === 'ref' ? lift(x) : null));
}

function withTotal(system: System, value: Expression): System {
  const { declarations, equations } = system;
  const last = equations.at(-1);
  if (last === undefined) throw new Error('a network has at least the equation of its loss');
  const declaration: Declaration = { tensor: E, axes: [], role: 'variable', perSample: false, place: last.place };
  return {
    ...system,
    declarations: new Map([...declarations, [tensorKey(E), declaration]]),
    equations: [...equations, { tensor: E, axes: [], value, place: last.place, text: '' }],
    total: E,
  };
}

/** A letter for the samples that no equation uses: s, else s#2, … */
function sampleIndex(equations: readonly Pick<Equation, 'axes' | 'value'>[], wanted: string): string {
  const taken = new Set<string>();
  for (const equation of equations) {
    for (const axis of equation.axes) taken.add(axis.index);
    for (const name of freeIndices(equation.value)) taken.add(name);
    visit(equation.value, (e) => {
      if (isBinder(e)) taken.add(e.index);
    });
  }
  return freshIndex(wanted, taken);
}

