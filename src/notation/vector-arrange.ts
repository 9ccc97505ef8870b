// Expressions as parts of a vector form: which indices a part has open, and how its sums are carried out.

import { affineIndices, plainIndex, type Range } from '../algebra/affine.ts';
import { type Expression, type ExpressionOf, isBinder, type Reference, tensorKey } from '../algebra/expression.ts';
import * as Q from '../algebra/rational.ts';
import { freeIndices, holdsBelow } from '../algebra/traverse.ts';
import type { Arrangement } from './arrangement.ts';
import { declaredAs, type Declarations } from './declared.ts';
import { orientation, shapeAt } from './orientation.ts';
import { selectionOf } from './selection.ts';
import { addition, applied, contract, hadamard, type Part, scalarPart, simplePart, together, type Way } from './vector-part.ts';
import { coversAxis } from './whole-axis.ts';

export interface VectorContext extends Way {
  readonly declarations: Declarations;
  /** Indices that stay as they are: the form holds for each of their values. */
  readonly fixed: ReadonlySet<string>;
}

export function arrange(e: Expression, context: VectorContext): Part | null {
  if (isScalar(e, context)) return scalarPart(e);
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': case 'bracket': case 'product': case 'argmax': case 'piecewise': return null;
    case 'ref': return tensorPart(e, context);
    case 'call': {
      const argument = arrange(e.argument, context);
      return argument === null ? null : applied(e.fn, argument, context);
    }
    case 'power': return powerPart(e.base, e.exponent, context);
    case 'add': return addition(e.terms.map((t) => arrange(t, context)), context);
    case 'sum': return chosen(e, context) ?? term(e, context);
    case 'multiply': return term(e, context);
  }
}

/** A number with no indices but those that are held fast: 1/n, [t ≥ 2], α_t. */
function isScalar(e: Expression, { fixed }: VectorContext): boolean {
  const held = [...freeIndices(e)].every((name) => fixed.has(name));
  if (!held) return false;
  if (!holdsBelow(e, (x) => x.kind === 'ref' || x.kind === 'bracket' || x.kind === 'piecewise')) return true;
  return freeIndices(e).size > 0 && !holdsBelow(e, (x) => isBinder(x) || (x.kind === 'ref' && x.indices.length === 0));
}

/** T[i], T[i,j]: plain, different indices that run over whole axes; others are held fast. */
export function tensorPart(e: Reference, context: VectorContext): Part | null {
  const isFixed = e.indices.map((a) => affineIndices(a).every((name) => context.fixed.has(name)));
  const open = e.indices.map((a, n) => (isFixed[n] === true ? null : plainIndex(a)));
  const indices = open.filter((n) => n !== null);
  if (indices.length !== isFixed.filter((f) => !f).length || new Set(indices).size !== indices.length || indices.length > 2) return null;
  const declared = declaredAs(e.tensor, context.declarations);
  const covers = open.every((name, n) => {
    const range = name === null ? undefined : context.ranges.get(name);
    return name === null || (range !== undefined && coversAxis(range, e, n, context.declarations));
  });
  // An axis more than is declared is that of the samples, where a tensor is written for one of them.
  if (!covers || (declared !== undefined && declared.axes.length !== e.indices.length)) return null;
  const native = orientation(e, indices, context.ranges, context.layout, context.declarations);
  const at = isFixed.includes(true) ? e.indices.map((a, n) => (isFixed[n] === true ? a : null)) : [];
  return simplePart(indices, (down, across) => [{
    kind: 'tensor', tensor: e.tensor, adjoint: e.adjoint, transposed: !(down === native.down && across === native.across), at,
    shape: shapeAt(down, across, context.ranges),
  }]);
}

/** The part that an integer entry picks out of a sum. */
function chosen(e: ExpressionOf<'sum'>, context: VectorContext): Part | null {
  const { declarations } = context;
  if (!context.fixed.has(e.index) || declarations === null) return null;
  const found = selectionOf(e, { valuesOf: (t) => declarations.get(tensorKey(t))?.integer ?? null, choiceOf: () => null });
  if (found?.kind !== 'entry' || ![...freeIndices(found.by)].every((name) => context.fixed.has(name))) return null;
  const part = arrange(found.body, context);
  return part === null ? null : simplePart(part.indices, (down, across) =>
    part.as(down, across).map((of): Arrangement => ({ kind: 'chosen', index: found.index, by: found.by, of })));
}

function powerPart(base: Expression, exponent: Q.Rational, context: VectorContext): Part | null {
  const part = arrange(base, context);
  if (part === null) return null;
  const elementwise = part.indices.length > 0;
  if (elementwise && Q.equals(exponent, Q.rational(2))) return hadamard([part, part], context);
  return simplePart(part.indices, (down, across) => part.as(down, across).map((base): Arrangement => ({ kind: 'power', base, exponent, elementwise })));
}

/** A product of factors under sums: the sums are carried out one by one, the fewest open indices first. */
function term(e: Expression, context: VectorContext): Part | null {
  const flat = flatten(e, context.fixed);
  const inner: VectorContext = { ...context, ranges: new Map([...context.ranges, ...flat.bound]) };
  const found = flat.factors.map((f) => arrange(f, inner));
  let parts = found.filter((p) => p !== null);
  if (parts.length !== found.length) return null;
  let open = [...flat.bound.keys()].filter((name) => !context.fixed.has(name));
  while (open.length > 0) {
    const others = (name: string): number =>
      new Set(parts.filter((p) => p.indices.includes(name)).flatMap((p) => p.indices)).size;
    const next = open.reduce((best, name) => (others(name) < others(best) ? name : best));
    const contracted = contract(next, parts.filter((p) => p.indices.includes(next)), inner);
    if (contracted === null) return null;
    // What came of the sum stands where its first factor stood.
    const first = parts.findIndex((p) => p.indices.includes(next));
    parts = parts.flatMap((p, n) => (n === first ? [contracted] : p.indices.includes(next) ? [] : [p]));
    open = open.filter((name) => name !== next);
  }
  const indices = [...new Set(parts.flatMap((p) => p.indices))];
  if (indices.length > 2) return null;
  const sums = [...flat.bound].filter(([name]) => context.fixed.has(name));
  const inside = together(parts, indices, inner);
  return sums.length === 0 ? inside : simplePart(indices, (down, across) => inside.as(down, across).map((summand) =>
    sums.reduceRight<Arrangement>((of, [name, range]) => ({ kind: 'over', index: name, range, of }), summand)));
}

/** Factors and the sums around them; sums within a product stay where they are when their index is held fast. */
function flatten(
  e: Expression, fixed: ReadonlySet<string>, within = false,
): { readonly factors: readonly Expression[]; readonly bound: ReadonlyMap<string, Range> } {
  if (e.kind === 'sum' && !(within && fixed.has(e.index))) {
    const inner = flatten(e.body, fixed, within);
    return { factors: inner.factors, bound: new Map([[e.index, e.range], ...inner.bound]) };
  }
  if (e.kind !== 'multiply') return { factors: [e], bound: new Map() };
  const inner = e.factors.map((f) => flatten(f, fixed, true));
  return { factors: inner.flatMap((f) => f.factors), bound: new Map(inner.flatMap((f) => [...f.bound])) };
}
