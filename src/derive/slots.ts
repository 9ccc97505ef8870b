// Activation functions put in the place of their slots: h(a) becomes h's body at a; h'(a) its derivative, written
// through the stored output z = h(a) where that is exactly possible.

import { type Affine, plainIndex, sameAffine } from '../algebra/affine.ts';
import { differentiateBySymbol } from '../algebra/differentiate.ts';
import { type Expression, type FunctionName, functionKey, ref, type Reference } from '../algebra/expression.ts';
import { children, freeIndices, mapChildren, rewrite } from '../algebra/traverse.ts';
import type { Activation, Equation, System } from '../spec/network.ts';
import { throughOutput } from './through-output.ts';

type SlotCall = Extract<Expression, { kind: 'call' }>;
type SlotName = Extract<FunctionName, { kind: 'slot' }>;

/** Replaces every slot in an expression; with `stored`, values and derivatives may read what forward() has stored. */
export type SlotResolver = (e: Expression, stored: boolean) => Expression;

/** @param missing is told of a slot without an activation function; where it returns, the slot stays uninterpreted. */
export function slotResolver(system: System, missing: (slot: string) => void = () => undefined): SlotResolver {
  const outputs = outputEquations(system.equations);
  const derivatives = new Map<Activation, ReturnType<typeof throughOutput>>();
  const derivativeOf = (activation: Activation): ReturnType<typeof throughOutput> => {
    const known = derivatives.get(activation) ?? throughOutput(activation);
    derivatives.set(activation, known);
    return known;
  };

  const resolve: SlotResolver = (e, stored) => {
    if (e.kind !== 'call' || e.fn.kind !== 'slot') return mapChildren(e, (child) => resolve(child, stored));
    const activation = system.slots.get(slotName(e.fn));
    if (activation === undefined) {
      missing(slotName(e.fn));
      return mapChildren(e, (child) => resolve(child, stored));
    }
    const output = stored ? storedOutput(e, e.fn, outputs) : null;
    if (e.fn.order === 0 && output !== null) return output;
    const argument = resolve(e.argument, stored);
    if (e.fn.order !== 1) return at(derivative(activation, e.fn.order), activation, argument);
    const { derivative: direct, through, output: name } = derivativeOf(activation);
    return through !== null && output !== null
      ? at(through, activation, argument, { name, value: output }) : at(direct, activation, argument);
  };
  return resolve;
}

const slotName = (fn: SlotName): string => functionKey({ ...fn, order: 0 });

function derivative(activation: Activation, order: number): Expression {
  let body = activation.body;
  for (let n = 0; n < order; n += 1) body = differentiateBySymbol(body, activation.argument);
  return body;
}

/** The body with the argument, and the output where it is named, put in. */
function at(body: Expression, activation: Activation, argument: Expression, output: { readonly name: string; readonly value: Expression } | null = null): Expression {
  return rewrite(body, (e) => {
    if (e.kind !== 'symbol' || e.layer !== null) return null;
    if (e.name === activation.argument) return argument;
    return e.name === output?.name ? output.value : null;
  }, freeIndices(argument));
}

/** Forward equations of the form z[…] = h(…), by slot. */
function outputEquations(equations: readonly Equation[]): ReadonlyMap<string, readonly Equation[]> {
  const found = new Map<string, Equation[]>();
  for (const equation of equations) {
    const { value } = equation;
    if (value.kind !== 'call' || value.fn.kind !== 'slot' || value.fn.order !== 0) continue;
    const key = slotName(value.fn);
    found.set(key, [...(found.get(key) ?? []), equation]);
  }
  return found;
}

/** z[…] where some forward equation says z[…] = h(the same argument). */
function storedOutput(e: SlotCall, fn: SlotName, outputs: ReadonlyMap<string, readonly Equation[]>): Reference | null {
  for (const equation of outputs.get(slotName(fn)) ?? []) {
    if (equation.value.kind !== 'call') continue;
    const binding = new Map<string, Affine>();
    const variables = new Set(equation.axes.map((a) => a.index));
    if (!matches(equation.value.argument, e.argument, variables, binding)) continue;
    const indices = equation.axes.map((a) => binding.get(a.index));
    if (indices.every((x) => x !== undefined)) return ref(equation.tensor, indices);
  }
  return null;
}

/** Whether e is the pattern with its index variables replaced; sums and conditions are not looked into. */
function matches(pattern: Expression, e: Expression, variables: ReadonlySet<string>, binding: Map<string, Affine>): boolean {
  if (pattern.kind === 'ref') {
    return e.kind === 'ref' && !e.adjoint && !pattern.adjoint && e.tensor.name === pattern.tensor.name
      && e.tensor.layer?.symbol === pattern.tensor.layer?.symbol && e.tensor.layer?.offset === pattern.tensor.layer?.offset
      && pattern.indices.every((p, n) => {
        const actual = e.indices[n];
        return actual !== undefined && matchesAffine(p, actual, variables, binding);
      });
  }
  switch (pattern.kind) {
    case 'number': return e.kind === 'number' && e.value.n === pattern.value.n && e.value.d === pattern.value.d;
    case 'add': case 'multiply': {
      const [left, right] = [children(pattern), children(e)];
      return e.kind === pattern.kind && left.length === right.length && left.every((p, n) => {
        const actual = right[n];
        return actual !== undefined && matches(p, actual, variables, binding);
      });
    }
    case 'power': return e.kind === 'power' && e.exponent.n === pattern.exponent.n && e.exponent.d === pattern.exponent.d
      && matches(pattern.base, e.base, variables, binding);
    case 'call': return e.kind === 'call' && functionKey(e.fn) === functionKey(pattern.fn)
      && matches(pattern.argument, e.argument, variables, binding);
    case 'constant': case 'symbol': case 'affine': case 'bracket': case 'sum': case 'product': case 'argmax': case 'piecewise': return false;
  }
}

function matchesAffine(pattern: Affine, actual: Affine, variables: ReadonlySet<string>, binding: Map<string, Affine>): boolean {
  const name = plainIndex(pattern);
  if (name === null || !variables.has(name)) return sameAffine(pattern, actual) && pattern.terms.every((t) => t.symbol.kind === 'size');
  const bound = binding.get(name);
  if (bound !== undefined) return sameAffine(bound, actual);
  binding.set(name, actual);
  return true;
}
