// Exponentials that are summed over an index, each family in a tensor of its own: exp(a[i])/Σ_j exp(a[j]) becomes
// e[i]/Σ_j e[j] with e[j] = exp(a[j]).

import { index } from '../../algebra/affine.ts';
import { emptyContext, withRange } from '../../algebra/bounds.ts';
import { type Expression, isBinder, multiply, ref, tensorKey, type Tensor } from '../../algebra/expression.ts';
import { provablyEqual } from '../../algebra/normal/equal.ts';
import { children, freeIndices, mapChildren, substituteIndices } from '../../algebra/traverse.ts';
import type { Axis, Declaration, Equation, System } from '../../spec/network.ts';
import { keyOf } from '../key.ts';
import { isIndexTest } from '../nest.ts';
import { overSamples } from '../prepare.ts';

/** exp(u[j]) under Σ_j, with the conditions on indices beside it. */
interface Family {
  readonly axes: readonly Axis[];
  readonly value: Expression;
  readonly exponential: Expression;
}

export const isExponential = (e: Expression): e is Extract<Expression, { kind: 'call' }> =>
  e.kind === 'call' && e.fn.kind === 'elementary' && e.fn.name === 'exp';

/** The system with the first such family of an equation in a tensor of its own, and that tensor; null where there is none. */
export function extractExponential(system: System, skip: ReadonlySet<string>): { readonly system: System; readonly tensor: Tensor; readonly key: string } | null {
  for (const equation of system.equations) {
    for (const family of familiesOf(equation)) {
      const key = `${tensorKey(equation.tensor)} ${keyOf(family.value)}`;
      if (skip.has(key)) continue;
      const declared = system.declarations.get(tensorKey(equation.tensor));
      if (declared === undefined) continue;
      const tensor = freshTensor(system, { ...equation.tensor, name: `${equation.tensor.name}_exp` });
      const declaration: Declaration = { ...declared, tensor, axes: family.axes, role: 'variable' };
      const own: Equation = { ...equation, tensor, axes: family.axes, value: family.value, text: '' };
      const shared = withShared(system.equations, equation, family, tensor);
      if (shared === null) continue;
      return {
        key, tensor,
        system: {
          ...system, declarations: new Map([...system.declarations, [tensorKey(tensor), declaration]]),
          equations: system.equations.flatMap((e, n) => [...(n === system.equations.findIndex((x, m) => x !== shared[m]) ? [own] : []), shared[n] ?? e]),
        },
      };
    }
  }
  return null;
}

/** A name that nothing in the system has. */
export function freshTensor(system: System, wanted: Tensor): Tensor {
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? wanted : { ...wanted, name: `${wanted.name}${String(n)}` };
    if (!system.declarations.has(tensorKey(candidate))) return candidate;
  }
}

function familiesOf(equation: Equation): readonly Family[] {
  const found: Family[] = [];
  const walk = (e: Expression, scope: readonly Axis[], guards: readonly Expression[]): void => {
    if (isExponential(e)) {
      const last = scope.at(-1);
      const whole = multiply([...guards, e]);
      const free = freeIndices(whole);
      const bound = scope.slice(equation.axes.length);
      // Only directly under the sum: in between, other things may bind.
      if (last !== undefined && bound.length > 0 && freeIndices(e).has(last.index) && new Set(scope.map((a) => a.index)).size === scope.length) {
        const all = scope.filter((a) => free.has(a.index));
        // As everywhere, the samples come first.
        const axes = [...all.filter((a) => overSamples(a.range)), ...all.filter((a) => !overSamples(a.range))];
        const closed = axes.every((a) => [...freeIndices({ kind: 'affine', value: a.range.hi }), ...freeIndices({ kind: 'affine', value: a.range.lo })].length === 0);
        if (closed) found.push({ axes, value: whole, exponential: e });
      }
    }
    if (e.kind === 'multiply') {
      const own = e.factors.filter((f) => f.kind === 'bracket' && isIndexTest(f.test));
      for (const f of e.factors) walk(f, scope, [...guards, ...own]);
    } else if (e.kind === 'sum') walk(e.body, [...scope, { index: e.index, range: e.range }], guards);
    else if (!isBinder(e) && e.kind !== 'piecewise') for (const child of children(e)) walk(child, scope, e.kind === 'add' ? guards : []);
  };
  walk(equation.value, equation.axes, []);
  return found;
}

/** The equations with the family read from the tensor, wherever it stands; null where that is not proved. */
function withShared(equations: readonly Equation[], origin: Equation, family: Family, tensor: Tensor): readonly Equation[] | null {
  const back = (e: Expression): Expression => {
    if (e.kind !== 'ref' || tensorKey(e.tensor) !== tensorKey(tensor)) return mapChildren(e, back);
    return substituteIndices(family.value, new Map(family.axes.flatMap((a, n) => {
      const at = e.indices[n];
      return at === undefined ? [] : [[a.index, at] as const];
    })));
  };
  const shared = equations.map((e): Equation => {
    const value = replaced(e.value, family, tensor, e === origin);
    if (keyOf(value) === keyOf(e.value)) return e;
    const context = e.axes.reduce((c, a) => withRange(c, a.index, a.range), emptyContext);
    return provablyEqual(e.value, back(value), context) === 'equal' ? { ...e, value } : e;
  });
  return shared[equations.indexOf(origin)] === origin ? null : shared;
}

/** Every exponential of the family, whatever its letters, read from the tensor. */
function replaced(e: Expression, family: Family, tensor: Tensor, own: boolean): Expression {
  if (isExponential(e)) {
    const [theirs, ours] = [[...freeIndices(e)], [...freeIndices(family.exponential)]];
    const to = new Map(ours.map((letter, n) => [letter, index(theirs[n] ?? letter)]));
    const known = own || family.axes.every((a) => to.has(a.index));
    if (known && theirs.length === ours.length && keyOf(substituteIndices(family.exponential, to)) === keyOf(e)) {
      return ref(tensor, family.axes.map((a) => to.get(a.index) ?? index(a.index)));
    }
  }
  return mapChildren(e, (child) => replaced(child, family, tensor, own));
}
