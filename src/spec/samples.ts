// Samples are one more axis, in front, on every tensor that each sample has for itself; E adds the samples up.

import { type Affine, index, integer, size } from '../algebra/affine.ts';
import {
  add, affineValue, divide, type Expression, isBinder, ref, type Reference, sum, tensor, type Tensor, tensorKey,
} from '../algebra/expression.ts';
import { freeIndices, freshIndex, rewrite, visit } from '../algebra/traverse.ts';
import type { Axis, Declaration, Equation, Network, System } from './network.ts';

/** The loss of all samples, the scalar that is differentiated. */
export const E: Tensor = tensor('E');
/** The number of samples as a symbolic size. */
export const samplesSize: Affine = size('samples');

/** The network for one sample, with E = L + penalties as its last equation; for all of them where they are coupled. */
export function oneSample(network: Network): System {
  if (network.coupled !== undefined) return allSamples(network);
  const value = add([ref(network.loss, []), network.penalty]);
  return withTotal(network, network.system.declarations, network.system.equations, value);
}

/** The network for `samples` many samples: E = Σ_s L[s] + penalties, or (1/samples) Σ_s L[s] + penalties. */
export function allSamples(network: Network): System {
  const { system: lifted, axis } = network.coupled === undefined
    ? liftSamples(network.system) : { system: network.system, axis: network.coupled };
  const total = sum(axis.index, axis.range, ref(network.loss, [index(axis.index)]));
  const reduced = network.reduction === 'mean' ? divide(total, affineValue(samplesSize)) : total;
  return withTotal(network, lifted.declarations, lifted.equations, add([reduced, network.penalty]));
}

/** The samples axis in front of every per-sample tensor, in its declaration and wherever an equation mentions it. */
export function liftSamples(system: System): { readonly system: System; readonly axis: Axis } {
  const s = sampleIndex(system.equations);
  const axis: Axis = { index: s, range: { lo: integer(1), hi: samplesSize } };
  const perSample = new Set<string>();
  const declarations = new Map<string, Declaration>();
  for (const [key, declaration] of system.declarations) {
    if (declaration.perSample) perSample.add(key);
    declarations.set(key, declaration.perSample ? { ...declaration, axes: [axis, ...declaration.axes] } : declaration);
  }
  const equations = system.equations.map((equation): Equation =>
    perSample.has(tensorKey(equation.tensor))
      ? { ...equation, axes: [axis, ...equation.axes], value: liftExpression(equation.value, perSample, s) } : equation);
  return { system: { ...system, declarations, equations }, axis };
}

/** The sample index in front of every entry (and adjoint) of a per-sample tensor. */
export function liftExpression(e: Expression, perSample: ReadonlySet<string>, s: string): Expression {
  const lift = (r: Reference): Reference =>
    perSample.has(tensorKey(r.tensor)) ? { ...r, indices: [index(s), ...r.indices] } : r;
  return rewrite(e, (x) => (x.kind === 'ref' ? lift(x) : null));
}

function withTotal(
  network: Network, declarations: ReadonlyMap<string, Declaration>, equations: readonly Equation[], value: Expression,
): System {
  const last = equations.at(-1);
  if (last === undefined) throw new Error('a network has at least the equation of its loss');
  const declaration: Declaration = { tensor: E, axes: [], role: 'variable', perSample: false, place: last.place };
  return {
    ...network.system,
    declarations: new Map([...declarations, [tensorKey(E), declaration]]),
    equations: [...equations, { tensor: E, axes: [], value, place: last.place, text: '' }],
    total: E,
  };
}

/** A letter for the samples that no equation uses: s, else s#2, … */
function sampleIndex(equations: readonly Equation[]): string {
  const taken = new Set<string>();
  for (const equation of equations) {
    for (const axis of equation.axes) taken.add(axis.index);
    for (const name of freeIndices(equation.value)) taken.add(name);
    visit(equation.value, (e) => {
      if (isBinder(e)) taken.add(e.index);
    });
  }
  return freshIndex('s', taken);
}

