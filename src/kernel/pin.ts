// Entries chosen by stored integers: [token[t] = v] fixes v at token[t], so that no loop over v is needed.

import { addAffine, type Affine, affineIndices, coefficientOf, index, integer, type Range, scaleAffine } from '../algebra/affine.ts';
import { add, affineValue, type Expression, multiply, number, type Reference, type Test } from '../algebra/expression.ts';
import { freeIndices } from '../algebra/traverse.ts';
import { keyOf } from './key.ts';

/** The integers that the entries of a tensor are, as numbers; null for tensors of other numbers. */
export type IntegerRange = (r: Reference) => { readonly lo: number; readonly hi: number } | null;

/** What an index variable is pinned to. */
export interface Pinned {
  readonly value: Expression;
  /** The value lies in it. */
  readonly range: Range;
}

/** affine + Σ coefficient · opaque, opaque integers. */
interface Linear {
  readonly affine: Affine;
  readonly opaque: readonly Opaque[];
}

interface Opaque {
  readonly coefficient: number;
  readonly value: Expression;
  readonly lo: number;
  readonly hi: number;
}

const scale = (a: Linear, by: number): Linear => ({
  affine: scaleAffine(a.affine, by),
  opaque: by === 0 ? [] : a.opaque.map((o) => ({ ...o, coefficient: by * o.coefficient })),
});

function plus(a: Linear, b: Linear): Linear {
  const opaque = new Map<string, Opaque>();
  for (const o of [...a.opaque, ...b.opaque]) {
    const key = keyOf(o.value);
    opaque.set(key, { ...o, coefficient: o.coefficient + (opaque.get(key)?.coefficient ?? 0) });
  }
  return { affine: addAffine(a.affine, b.affine), opaque: [...opaque.values()].filter((o) => o.coefficient !== 0) };
}

/** e as a combination of index variables and stored integers with integer coefficients, else null. */
function linear(e: Expression, integers: IntegerRange): Linear | null {
  switch (e.kind) {
    case 'number': return e.value.d === 1n ? { affine: integer(Number(e.value.n)), opaque: [] } : null;
    case 'affine': return { affine: e.value, opaque: [] };
    case 'ref': return opaqueOf(e, integers(e));
    case 'add': {
      const terms = e.terms.map((t) => linear(t, integers));
      return terms.reduce((sum, t) => (sum === null || t === null ? null : plus(sum, t)), { affine: integer(0), opaque: [] });
    }
    case 'multiply': {
      const [head, ...rest] = e.factors;
      if (head?.kind !== 'number' || head.value.d !== 1n) return selected(e, integers);
      const of = linear(multiply(rest), integers);
      return of === null ? null : scale(of, Number(head.value.n));
    }
    case 'sum': return selected(e, integers);
    case 'constant': case 'symbol': case 'bracket': case 'product': case 'argmax': case 'power': case 'call': case 'piecewise': return null;
  }
}

const opaqueOf = (value: Expression, range: { readonly lo: number; readonly hi: number } | null): Linear | null =>
  (range === null ? null : { affine: integer(0), opaque: [{ coefficient: 1, value, ...range }] });

/** An entry that is itself chosen, Σ_u [place[t] = u] · token[u]: an integer of the entry's range, or 0 where nothing is chosen. */
function selected(e: Expression, integers: IntegerRange): Linear | null {
  let body = e;
  const bound = new Set<string>();
  while (body.kind === 'sum') {
    bound.add(body.index);
    body = body.body;
  }
  const factors = body.kind === 'multiply' ? body.factors : [body];
  const [entry, ...others] = factors.filter((f) => f.kind !== 'bracket');
  if (entry?.kind !== 'ref' || others.length > 0) return null;
  const fixed = [...bound].every((name) => factors.some((f) => f.kind === 'bracket' && pinOf(f.test, name, integers) !== null));
  const range = integers(entry);
  return fixed && range !== null ? opaqueOf(e, { lo: Math.min(0, range.lo), hi: Math.max(0, range.hi) }) : null;
}

/** What an equation of values says of an index variable that it has with coefficient ±1, else null. */
export function pinOf(test: Test, name: string, integers: IntegerRange): Pinned | null {
  if (test.kind !== 'compare' || test.relation !== '=') return null;
  const [left, right] = [linear(test.left, integers), linear(test.right, integers)];
  if (left === null || right === null) return null;
  const difference = plus(left, scale(right, -1));
  const coefficient = coefficientOf(difference.affine, { kind: 'index', name });
  if (Math.abs(coefficient) !== 1 || difference.opaque.length === 0) return null;
  if (difference.opaque.some((o) => freeIndices(o.value).has(name))) return null;
  const rest: Linear = { ...difference, affine: addAffine(difference.affine, index(name), -coefficient) };
  const solved = scale(rest, -coefficient);
  const end = (least: boolean): Affine => solved.opaque.reduce((bound, o) =>
    addAffine(bound, integer(o.coefficient * ((o.coefficient > 0) === least ? o.lo : o.hi))), solved.affine);
  return {
    value: add([...solved.opaque.map((o) => multiply([number(o.coefficient), o.value])), affineValue(solved.affine)]),
    range: { lo: end(true), hi: end(false) },
  };
}

/** The index variables that a pinned value needs. */
export const needsOf = (p: Pinned): readonly string[] =>
  [...new Set([...freeIndices(p.value), ...affineIndices(p.range.lo), ...affineIndices(p.range.hi)])];
