// The shift of a softmax: exponentials that are divided by their own sum, or end in a logarithm, are all divided by the
// greatest of them, exp(m). The value does not depend on m, so m has no derivative; that is proved, m being any number.

import { index, plainIndex } from '../../algebra/affine.ts';
import { emptyContext, withRange } from '../../algebra/bounds.ts';
import {
  argmax, bracket, elementary, type Expression, isBinder, multiply, number, piecewise, ref, type Reference, subtract, sum, type Tensor, tensorKey, type Test, zero,
} from '../../algebra/expression.ts';
import { provablyEqual } from '../../algebra/normal/equal.ts';
import * as Q from '../../algebra/rational.ts';
import { children, freeIndices, holdsBelow, mapChildren, references } from '../../algebra/traverse.ts';
import type { Axis, Declaration, Equation, System } from '../../spec/network.ts';
import { freshTensor, isExponential } from './exponentials.ts';
import { type Defining, definitionOf } from './definitions.ts';
import { type Degree, degreeOf, type Scaled } from './scale.ts';
import { hasPlace } from './unstored.ts';

export interface Shifted {
  readonly system: System;
  /** The greatest exponents, and where they are: without a derivative. */
  readonly constants: readonly Tensor[];
  /** Keys of the tensors whose equations have changed. */
  readonly changed: readonly string[];
}

/** Shifts the exponentials of one tensor; null where something would change that is seen, or no proof is found. */
export function shiftTensor(system: System, tensor: Tensor, visible: ReadonlySet<string>): Shifted | null {
  const equation = system.equations.find((e) => tensorKey(e.tensor) === tensorKey(tensor));
  const parts = equation === undefined ? null : exponentialOf(equation.value);
  if (equation === undefined || parts === null || visible.has(tensorKey(tensor))) return null;
  const axes = summedAxes(system, equation);
  for (const along of axes.length > 1 ? [...axes.map((n) => [n]), [...axes].reverse()] : [axes]) {
    const found = along.length === 0 ? null : shiftAlong(system, equation, parts, along, visible);
    if (found !== null) return found;
  }
  return null;
}

interface Parts {
  readonly tests: readonly Test[];
  readonly exponent: Expression;
}

/** [condition]·exp(u), else null. */
function exponentialOf(value: Expression): Parts | null {
  const factors = value.kind === 'multiply' ? value.factors : [value];
  const tests = factors.flatMap((f) => (f.kind === 'bracket' ? [f.test] : []));
  const [only, ...others] = factors.filter((f) => f.kind !== 'bracket');
  return only !== undefined && others.length === 0 && isExponential(only) ? { tests, exponent: only.argument } : null;
}

/** The axes of a tensor over which some equation adds it up. */
function summedAxes(system: System, { tensor, axes }: Equation): readonly number[] {
  const found = new Set<number>();
  const walk = (e: Expression, bound: ReadonlySet<string>): void => {
    if (e.kind === 'ref' && !e.adjoint && tensorKey(e.tensor) === tensorKey(tensor)) {
      e.indices.forEach((a, n) => {
        const name = plainIndex(a);
        if (name !== null && bound.has(name)) found.add(n);
      });
    }
    for (const child of children(e)) walk(child, e.kind === 'sum' ? new Set([...bound, e.index]) : bound);
  };
  for (const reader of system.equations) walk(reader.value, new Set());
  return [...found].filter((n) => axes[n] !== undefined).sort((a, b) => b - a);
}

/** The shift by the greatest exponent over one axis, or over several at once. */
function shiftAlong(system: System, equation: Equation, parts: Parts, along: readonly number[], visible: ReadonlySet<string>): Shifted | null {
  const declared = system.declarations.get(tensorKey(equation.tensor));
  const over = along.flatMap((n) => equation.axes[n] ?? []);
  if (declared === undefined || over.some((axis) => !freeIndices(parts.exponent).has(axis.index))) return null;
  const rows = equation.axes.filter((axis) => !over.includes(axis));
  if (!hasPlace(rows)) return null;
  const fresh = (suffix: string): Tensor => freshTensor(system, { ...equation.tensor, name: `${equation.tensor.name}_${suffix}` });
  const [m, kept] = [fresh('max'), fresh('exponent')];
  const row = rows.map((a) => index(a.index));
  const heavy = holdsBelow(parts.exponent, (e) => isBinder(e) || e.kind === 'call');
  const exponent = heavy ? ref(kept, equation.axes.map((a) => index(a.index))) : parts.exponent;
  const conditions = parts.tests.map((test): Expression => bracket(test));
  const own = (t: Tensor, axes: readonly Axis[], value: Expression): Equation => ({ ...equation, tensor: t, axes, value, text: '' });
  const greatest = greatestOver(equation.axes, over, exponent, masked(parts.tests, exponent), m, fresh);
  if (!greatest.every((g) => hasPlace(g.axes))) return null;
  const added: readonly Equation[] = [
    ...(heavy ? [own(kept, equation.axes, multiply([...conditions, parts.exponent]))] : []), ...greatest.map((g) => own(g.tensor, g.axes, g.value)),
  ];
  const shifted: Equation = { ...equation, value: multiply([...conditions, elementary('exp', subtract(exponent, ref(m, row)))]) };
  const first: Scaled = { degree: Q.ONE, row, letters: equation.axes.map((a) => a.index) };
  const all = rescaled(system, equation, shifted, first, m, visible);
  if (all === null || !isProved(system, all, [...added, shifted], m)) return null;
  const declare = (t: Tensor, axes: readonly Axis[], more: Partial<Declaration> = {}): [string, Declaration] =>
    [tensorKey(t), { tensor: t, axes, role: 'variable', perSample: declared.perSample, place: declared.place, ...more }];
  const declarations = new Map([
    ...system.declarations, ...(heavy ? [declare(kept, equation.axes)] : []),
    ...greatest.map((g) => declare(g.tensor, g.axes, g.among === null ? {} : { integer: g.among })),
  ]);
  return {
    system: { ...system, declarations, equations: all.equations.flatMap((e) => (e === shifted ? [...added, shifted] : [e])) },
    constants: greatest.map((g) => g.tensor), changed: all.changed,
  };
}

interface Greatest {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly value: Expression;
  /** The range of a choice, null for the value that is chosen. */
  readonly among: Axis['range'] | null;
}

/** m, the greatest of an exponent over some of its axes: over the last of them first, then of these the greatest. */
function greatestOver(
  axes: readonly Axis[], over: readonly Axis[], exponent: Expression, compared: Expression, m: Tensor, fresh: (suffix: string) => Tensor,
): readonly Greatest[] {
  const found: Greatest[] = [];
  let [left, body, best] = [axes, exponent, compared];
  for (const [n, axis] of [...over].reverse().entries()) {
    left = left.filter((a) => a !== axis);
    const row = left.map((a) => index(a.index));
    const last = n === over.length - 1;
    const suffix = over.length === 1 ? '' : `_${axis.index}`;
    const at = fresh(`argmax${suffix}`);
    const tensor = last ? m : fresh(`max${suffix}`);
    const chosen = bracket({ kind: 'compare', relation: '=', left: ref(at, row), right: { kind: 'affine', value: index(axis.index) } });
    found.push(
      { tensor: at, axes: left, value: argmax(axis.index, axis.range, best), among: axis.range },
      // Where nothing is to be compared, the greatest is less than anything: it must not be chosen among others.
      { tensor, axes: left, value: sum(axis.index, axis.range, multiply([chosen, last ? body : best])), among: null },
    );
    body = ref(tensor, row);
    best = body;
  }
  return found;
}

/** u where the conditions hold, and less than anything elsewhere. */
function masked(tests: readonly Test[], u: Expression): Expression {
  const [only] = tests;
  if (only === undefined) return u;
  return piecewise([{ when: tests.length === 1 ? only : { kind: 'and', tests }, then: u }], elementary('log', zero));
}

interface Rescaled {
  readonly equations: readonly Equation[];
  readonly changed: readonly string[];
  readonly scaled: ReadonlyMap<string, Scaled>;
  /** By key, for what reads something scaled. */
  readonly degrees: ReadonlyMap<string, Degree>;
}

/** All equations with the one tensor shifted; null where one of them is not homogeneous, or something seen would change. */
function rescaled(
  system: System, equation: Equation, shifted: Equation, first: Scaled, m: Tensor, visible: ReadonlySet<string>,
): Rescaled | null {
  const scaled = new Map([[tensorKey(equation.tensor), first]]);
  const degrees = new Map<string, Degree>();
  const isScaled = (r: Reference): boolean => !r.adjoint && scaled.has(tensorKey(r.tensor));
  for (let before = -1; before !== scaled.size;) {
    before = scaled.size;
    for (const e of system.equations) {
      const key = tensorKey(e.tensor);
      if (e === equation || !references(e.value).some(isScaled)) continue;
      const found = degreeOf(e.value, scaled, m);
      if (found === null) return null;
      degrees.set(key, found);
      if (Q.isZero(found.degree)) continue;
      if (visible.has(key)) return null;
      const known = scaled.get(key);
      if (known !== undefined && !Q.equals(known.degree, found.degree)) return null;
      scaled.set(key, { degree: found.degree, row: found.row ?? [], letters: e.axes.map((a) => a.index) });
    }
  }
  const equations = system.equations.map((e): Equation => {
    const degree = degrees.get(tensorKey(e.tensor));
    return e === equation ? shifted : degree === undefined ? e : { ...e, value: degree.value };
  });
  return { equations, scaled, degrees, changed: [tensorKey(equation.tensor), ...degrees.keys()] };
}

/** Whether every changed value is exp(degree · m) times less than it was, whatever m is. */
function isProved(system: System, all: Rescaled, added: readonly Equation[], m: Tensor): boolean {
  const before = definitions(system.equations);
  const after = definitions([...all.equations, ...added.filter((e) => tensorKey(e.tensor) !== tensorKey(m))]);
  const keys = new Set([...all.scaled.keys(), ...added.slice(0, -1).map((e) => tensorKey(e.tensor)).filter((key) => key !== tensorKey(m))]);
  return system.equations.every((old, n) => {
    const now = all.equations[n];
    const key = tensorKey(old.tensor);
    if (now === undefined || !all.changed.includes(key)) return true;
    const scale = all.scaled.get(key);
    const factor = scale === undefined ? number(1) : elementary('exp', multiply([number(scale.degree), ref(m, scale.row)]));
    const context = old.axes.reduce((c, a) => withRange(c, a.index, a.range), emptyContext);
    return provablyEqual(inlined(old.value, before, keys), multiply([inlined(now.value, after, keys), factor]), context) === 'equal';
  });
}

const definitions = (equations: readonly Equation[]): Defining => new Map(equations.map((e) => [tensorKey(e.tensor), e]));

/** The expression with the entries of some tensors written out. */
function inlined(e: Expression, defining: Defining, keys: ReadonlySet<string>): Expression {
  if (e.kind === 'ref') {
    const definition = !e.adjoint && keys.has(tensorKey(e.tensor)) ? definitionOf(e, defining) : null;
    return definition === null ? e : inlined(definition, defining, keys);
  }
  return mapChildren(e, (child) => inlined(child, defining, keys));
}
