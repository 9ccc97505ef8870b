// Which tensor plays which part in its layer: found in the equations, never by a name. W is what is multiplied with the
// input under a sum, b what is added by itself, a what the layer declares as pre-activation, z its one output.

import { affineIndices, sameAffine } from '../algebra/affine.ts';
import { type Expression, functionKey, type Reference, type Tensor, tensorKey } from '../algebra/expression.ts';
import { sameLayer } from '../algebra/layer.ts';
import { references, visit } from '../algebra/traverse.ts';
import { TOTAL } from '../spec/names.ts';
import type { Axis, Instance, System } from '../spec/network.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import type { SymbolRole } from './notation-spec.ts';

export interface Roles {
  /** By tensorKey. */
  readonly tensors: ReadonlyMap<string, SymbolRole>;
  /** Keys of slots (`h@3`) that are their layer's only one. */
  readonly slots: ReadonlySet<string>;
}

export function rolesOf(system: System): Roles {
  const tensors = new Map<string, SymbolRole>();
  const give = (t: Tensor | null, role: SymbolRole): void => {
    if (t !== null && !tensors.has(tensorKey(t))) tensors.set(tensorKey(t), role);
  };
  const slots = new Set<string>();
  for (const instance of system.instances) {
    for (const [t, role] of rolesIn(instance, system)) give(t, role);
    const called = [...slotsOf(instance, system)];
    if (called.length === 1) called.forEach((key) => slots.add(key));
  }
  const declared = [...system.declarations.values()];
  const own = system.instances.length > 0 ? declared.filter((d) => d.tensor.layer === null && d.integer === undefined) : [];
  give(onlyOf(own.filter((d) => d.role === 'input').map((d) => d.tensor)), 'input');
  give(onlyOf(own.filter((d) => d.role === 'target').map((d) => d.tensor)), 'target');
  const last = system.equations.at(-1);
  if (system.instances.length > 0 && last?.tensor.layer === null && last.axes.length === 0 && last.tensor.name !== TOTAL) give(last.tensor, 'sample-loss');
  return { tensors, slots };
}

const onlyOf = <T>(all: readonly T[]): T | null => (all.length === 1 ? all[0] ?? null : null);

function rolesIn(instance: Instance, system: System): readonly (readonly [Tensor | null, SymbolRole])[] {
  const outputs = [...instance.outputs.values()];
  const output = onlyOf(outputs);
  const before = onlyOf(instance.preActivations.filter((t) => !outputs.some((o) => tensorKey(o) === tensorKey(t))));
  const weighted = before ?? output;
  const equation = weighted === null ? undefined : system.equations.find((e) => tensorKey(e.tensor) === tensorKey(weighted));
  if (equation === undefined) return [[before, 'pre-activation'], [output, 'activation']];
  const parameters = new Set(instance.parameters.map(tensorKey));
  const terms = equation.value.kind === 'add' ? equation.value.terms : [equation.value];
  const alone = terms.filter((t) => t.kind === 'ref').map((t) => t.tensor).filter((t) => parameters.has(tensorKey(t)));
  const summed = terms.flatMap((t) => weightedSum(t, parameters, system));
  const sum = onlyOf(summed);
  const folded = alone.length === 0 && sum !== null && isWidened(sum.input, instance, system);
  return [
    [before, 'pre-activation'], [output, 'activation'],
    [sum?.weights ?? null, folded ? 'augmented-weights' : 'weights'],
    [folded ? sum.input : null, 'augmented-input'],
    [sum === null ? null : onlyOf(alone), 'bias'],
  ];
}

interface WeightedSum {
  readonly weights: Tensor;
  readonly input: Tensor;
}

/** Σ of one parameter times entries of one other tensor over an index that both have; under further sums, too. */
function weightedSum(e: Expression, parameters: ReadonlySet<string>, system: System): readonly WeightedSum[] {
  if (e.kind !== 'sum') return [];
  const inner = weightedSum(e.body, parameters, system);
  if (inner.length > 0) return inner;
  const all = references(e.body);
  const own = distinct(all.filter((r) => parameters.has(tensorKey(r.tensor))));
  const others = distinct(all.filter((r) => !parameters.has(tensorKey(r.tensor))));
  const [weights, input] = [onlyOf(own), onlyOf(others)];
  if (weights === null || input === null || system.declarations.get(tensorKey(input))?.integer !== undefined) return [];
  const isSummed = all.filter((r) => tensorKey(r.tensor) === tensorKey(weights)).every((r) => r.indices.some((a) => affineIndices(a).includes(e.index)));
  return isSummed ? [{ weights, input }] : [];
}

const distinct = (all: readonly Reference[]): readonly Tensor[] => [...new Map(all.map((r) => [tensorKey(r.tensor), r.tensor])).values()];

/** Whether a tensor is one of the layer's inputs with a further entry: read from that input alone, and longer. */
function isWidened(t: Tensor, instance: Instance, system: System): boolean {
  const inputs = new Map([...instance.inputs.values()].map((i) => [tensorKey(i), i]));
  const equation = system.equations.find((e) => tensorKey(e.tensor) === tensorKey(t));
  if (equation === undefined || inputs.has(tensorKey(t))) return false;
  const read = new Set(references(equation.value).map((r) => tensorKey(r.tensor)));
  const source = onlyOf([...read].flatMap((key) => inputs.get(key) ?? []));
  const ofOne = (axes: readonly Axis[] | undefined): readonly Axis[] => (axes ?? []).filter((a) => !isSamplesAxis(a));
  const [before, ...othersBefore] = source === null ? [] : ofOne(system.declarations.get(tensorKey(source))?.axes);
  const [axis, ...others] = ofOne(equation.axes);
  return axis !== undefined && before !== undefined && othersBefore.length === 0 && others.length === 0
    && !(sameAffine(before.range.lo, axis.range.lo) && sameAffine(before.range.hi, axis.range.hi));
}

/** The keys of the activation functions that a layer's equations call. */
function slotsOf(instance: Instance, system: System): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const equation of system.equations.filter((e) => sameLayer(e.tensor.layer, instance.layer))) {
    visit(equation.value, (e) => {
      if (e.kind === 'call' && e.fn.kind === 'slot') keys.add(functionKey({ ...e.fn, order: 0 }));
    });
  }
  return keys;
}
