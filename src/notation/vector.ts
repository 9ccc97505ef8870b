// Vector forms are found, not known: a component formula is arranged as products of matrices and vectors by looking
// which indices its factors share. Where no arrangement exists there is none.

import { index, plainIndex, type Range, sameAffine } from '../algebra/affine.ts';
import { type Expression, type FunctionName, type Reference, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import * as Q from '../algebra/rational.ts';
import { freeIndices, mapChildren, substituteIndices } from '../algebra/traverse.ts';

import type { Axis, Declaration } from '../spec/network.ts';
import { isSize, isWholeAxis } from './typeset.ts';

/**
 * `odot`: denominator layout, every vector and every adjoint of a vector a column, elementwise products with ⊙.
 * `diag`: numerator layout as in the article, ∂E/∂(column) a row, ∂E/∂(matrix) transposed, elementwise products with diag.
 */
export type VectorStyle = 'odot' | 'diag';

export type Arrangement =
  | { readonly kind: 'tensor'; readonly tensor: Tensor; readonly adjoint: boolean; readonly transposed: boolean }
  /** A number without indices. */
  | { readonly kind: 'scalar'; readonly value: Expression }
  | { readonly kind: 'ones'; readonly transposed: boolean }
  | { readonly kind: 'product'; readonly factors: readonly Arrangement[] }
  | { readonly kind: 'hadamard'; readonly factors: readonly Arrangement[] }
  | { readonly kind: 'scaled'; readonly by: readonly Arrangement[]; readonly of: Arrangement | null }
  | { readonly kind: 'add'; readonly terms: readonly Arrangement[] }
  | { readonly kind: 'diag'; readonly of: Arrangement }
  | { readonly kind: 'apply'; readonly fn: FunctionName; readonly argument: Arrangement; readonly transposed: boolean; readonly entrywise: boolean }
  | { readonly kind: 'power'; readonly base: Arrangement; readonly exponent: Q.Rational; readonly elementwise: boolean }
  /** The sum of the squares of the entries. */
  | { readonly kind: 'square'; readonly of: Arrangement };

export interface VectorForm {
  readonly style: VectorStyle;
  readonly left: Arrangement;
  readonly right: Arrangement;
}

/** The formula of an equation or an adjoint equation; `declarations` say how far the axes of its tensors reach. */
export interface ComponentFormula {
  readonly tensor: Tensor;
  readonly adjoint: boolean;
  readonly axes: readonly Axis[];
  readonly value: Expression;
}

/** A part of a formula with at most two free indices; `as` lays it out with one index down and one across. */
interface Part {
  readonly indices: readonly string[];
  as(down: string | null, across: string | null): Arrangement;
  /** The factors of an elementwise product. */
  readonly factors: readonly Part[] | null;
}

interface Context {
  readonly style: VectorStyle;
  readonly declarations: ReadonlyMap<string, Declaration> | null;
  readonly ranges: ReadonlyMap<string, Range>;
}

export function vectorForm(
  formula: ComponentFormula, style: VectorStyle, declarations: ReadonlyMap<string, Declaration> | null = null,
): VectorForm | null {
  if (formula.axes.length > 2) return null;
  const names = formula.axes.map((a) => a.index);
  const context: Context = { style, declarations, ranges: new Map(formula.axes.map((a) => [a.index, a.range])) };
  const left = tensorPart(
    { kind: 'ref', tensor: formula.tensor, adjoint: formula.adjoint, indices: names.map((n) => index(n)) }, context);
  const value = arrange(renameApart(formula.value, { count: 0 }), context);
  const right = value === null ? null : spread(value, names);
  if (left === null || right === null) return null;
  const flipped = style === 'diag' && formula.adjoint;
  const [first = null, second = null] = names;
  const [down, across] = flipped ? [second, first] : [first, second];
  return { style, left: left.as(down, across), right: right.as(down, across) };
}

/** Every bound index gets a name of its own, so that sums of one product can be taken together. */
function renameApart(e: Expression, names: { count: number }): Expression {
  if (e.kind !== 'sum') return mapChildren(e, (child) => renameApart(child, names));
  names.count += 1;
  const name = `#${String(names.count)}`;
  return sum(name, e.range, renameApart(substituteIndices(e.body, new Map([[e.index, index(name)]])), names));
}

function arrange(e: Expression, context: Context): Part | null {
  if (freeIndices(e).size === 0 && !holdsEntries(e)) return scalarPart(e);
  switch (e.kind) {
    case 'number': case 'constant': case 'symbol': case 'affine': case 'bracket': case 'product': case 'argmax': case 'piecewise': return null;
    case 'ref': return tensorPart(e, context);
    case 'call': {
      const argument = arrange(e.argument, context);
      return argument === null ? null : applied(e.fn, argument);
    }
    case 'power': return powerPart(e.base, e.exponent, context);
    case 'add': return addition(e.terms.map((t) => arrange(t, context)));
    case 'multiply': case 'sum': return term(e, context);
  }
}

const holdsEntries = (e: Expression): boolean => {
  if (e.kind === 'ref' || e.kind === 'bracket' || e.kind === 'piecewise') return true;
  let found = false;
  mapChildren(e, (child) => {
    found ||= holdsEntries(child);
    return child;
  });
  return found;
};

const scalarPart = (value: Expression): Part => ({ indices: [], factors: null, as: () => ({ kind: 'scalar', value }) });

/** T[i], T[i,j]: plain, different indices that run over whole axes. */
function tensorPart(e: Reference, context: Context): Part | null {
  const names = e.indices.map(plainIndex);
  const indices = names.filter((n) => n !== null);
  if (indices.length !== names.length || new Set(indices).size !== indices.length || indices.length > 2) return null;
  const covers = indices.every((name, n) => {
    const range = context.ranges.get(name);
    return range !== undefined && isWhole(range, e.tensor, n, context.declarations);
  });
  if (!covers) return null;
  const flipped = e.adjoint && context.style === 'diag';
  const [first = null, second = null] = indices;
  const [nativeDown, nativeAcross] = flipped ? [second, first] : [first, second];
  return {
    indices, factors: null,
    as: (down, across) => ({
      kind: 'tensor', tensor: e.tensor, adjoint: e.adjoint,
      transposed: !(down === nativeDown && across === nativeAcross),
    }),
  };
}

/** Whether a range is all of an axis: as it is declared, or for layer k as it begins wherever the tensor is declared. */
function isWhole(range: Range, of: Tensor, axis: number, declarations: Context['declarations']): boolean {
  if (declarations === null) return isWholeAxis(range);
  const own = declarations.get(tensorKey(of));
  if (own !== undefined) return own.axes[axis] !== undefined && sameRange(own.axes[axis].range, range);
  if ((of.layer?.symbol ?? null) === null) return false;
  const namesakes = [...declarations.values()].filter((d) => d.tensor.name === of.name && d.tensor.layer !== null);
  return namesakes.length > 0 && isSize(range.hi) && namesakes.every((d) => {
    const declared = d.axes[axis]?.range;
    return declared !== undefined && sameAffine(declared.lo, range.lo);
  });
}

const sameRange = (a: Range, b: Range): boolean => sameAffine(a.lo, b.lo) && sameAffine(a.hi, b.hi);

/** A function on every entry. */
function applied(fn: FunctionName, argument: Part): Part {
  return {
    indices: argument.indices, factors: null,
    as: (down, across) => {
      const entrywise = argument.indices.length > 0;
      const straight: Arrangement = { kind: 'apply', fn, argument: argument.as(down, across), transposed: false, entrywise };
      const turned: Arrangement = { kind: 'apply', fn, argument: argument.as(across, down), transposed: true, entrywise };
      return entrywise ? cheapest([straight, turned]) : straight;
    },
  };
}

function powerPart(base: Expression, exponent: Q.Rational, context: Context): Part | null {
  const part = arrange(base, context);
  if (part === null) return null;
  if (part.indices.length > 0 && Q.equals(exponent, Q.rational(2))) return hadamard([part, part], context.style);
  const elementwise = part.indices.length > 0;
  if (elementwise && (Q.sign(exponent) < 0 || !Q.isInteger(exponent))) return null;
  return {
    indices: part.indices, factors: null,
    as: (down, across) => ({ kind: 'power', base: part.as(down, across), exponent, elementwise }),
  };
}

function addition(terms: readonly (Part | null)[]): Part | null {
  const present = terms.filter((t) => t !== null);
  const indices = [...new Set(present.flatMap((t) => t.indices))];
  if (present.length !== terms.length || indices.length > 2) return null;
  const spreadTerms = present.map((t) => spread(t, indices)).filter((t) => t !== null);
  if (spreadTerms.length !== terms.length) return null;
  return {
    indices, factors: null,
    as: (down, across) => ({ kind: 'add', terms: spreadTerms.map((t) => t.as(down, across)) }),
  };
}

/** The same entries with further indices that they don't depend on: c becomes c·𝟏, v becomes v·𝟏ᵀ. */
function spread(part: Part, indices: readonly string[]): Part | null {
  if (!part.indices.every((name) => indices.includes(name))) return null;
  const missing = indices.filter((name) => !part.indices.includes(name));
  return missing.length === 0 ? part : together([part, ...missing.map(onesPart)], indices, 'odot');
}

const onesPart = (name: string): Part => ({
  indices: [name], factors: null, as: (down) => ({ kind: 'ones', transposed: down !== name }),
});

/** A product of factors under sums: the sums are carried out one by one, the fewest open indices first. */
function term(e: Expression, context: Context): Part | null {
  const flat = flatten(e);
  const inner: Context = { ...context, ranges: new Map([...context.ranges, ...flat.bound]) };
  const found = flat.factors.map((f) => arrange(f, inner));
  let parts = found.filter((p) => p !== null);
  if (parts.length !== found.length) return null;
  let open = [...flat.bound.keys()];
  while (open.length > 0) {
    const others = (name: string): number =>
      new Set(parts.filter((p) => p.indices.includes(name)).flatMap((p) => p.indices)).size;
    const next = open.reduce((best, name) => (others(name) < others(best) ? name : best));
    const contracted = contract(next, parts.filter((p) => p.indices.includes(next)), context.style);
    if (contracted === null) return null;
    // What came of the sum stands where its first factor stood.
    const first = parts.findIndex((p) => p.indices.includes(next));
    parts = parts.flatMap((p, n) => (n === first ? [contracted] : p.indices.includes(next) ? [] : [p]));
    open = open.filter((name) => name !== next);
  }
  const indices = [...new Set(parts.flatMap((p) => p.indices))];
  return indices.length > 2 ? null : together(parts, indices, context.style);
}

function flatten(e: Expression): { readonly factors: readonly Expression[]; readonly bound: ReadonlyMap<string, Range> } {
  if (e.kind === 'sum') {
    const inner = flatten(e.body);
    return { factors: inner.factors, bound: new Map([[e.index, e.range], ...inner.bound]) };
  }
  if (e.kind !== 'multiply') return { factors: [e], bound: new Map() };
  const inner = e.factors.map(flatten);
  return { factors: inner.flatMap((f) => f.factors), bound: new Map(inner.flatMap((f) => [...f.bound])) };
}

/** Σ over one index of the parts that hold it: v·w, M·v, M·N, M·diag{v}·N; null for more than two open indices. */
function contract(name: string, parts: readonly Part[], style: VectorStyle): Part | null {
  const vectors = parts.filter((p) => p.indices.length === 1);
  const outer = [...new Set(parts.flatMap((p) => p.indices))].filter((n) => n !== name);
  const matrices = outer.map((o) => hadamard(parts.filter((p) => p.indices.includes(o)), style));
  const [left, right] = matrices;
  const [down, across] = outer;
  if (outer.length > 2) return null;
  if (left === undefined || down === undefined) return innerProduct(name, vectors, style);
  if (right === undefined || across === undefined) {
    const vector = vectors.length === 0 ? onesPart(name) : hadamard(vectors, style);
    return {
      indices: [down], factors: null,
      as: (d) => (d === down ? product([left.as(down, name), vector.as(name, null)])
        : product([vector.as(null, name), left.as(name, down)])),
    };
  }
  const middle = vectors.length === 0 ? [] : [diagonal(hadamard(vectors, style), name)];
  return {
    indices: [down, across], factors: null,
    as: (d) => (d === down ? product([left.as(down, name), ...middle, right.as(name, across)])
      : product([right.as(across, name), ...middle, left.as(name, down)])),
  };
}

function innerProduct(name: string, vectors: readonly Part[], style: VectorStyle): Part {
  const flat = vectors.flatMap((v) => v.factors ?? [v]);
  const [first, second] = flat;
  const scalar = (arrangement: Arrangement): Part => ({ indices: [], factors: null, as: () => arrangement });
  if (first === undefined) return scalar(product([onesPart(name).as(null, name), onesPart(name).as(name, null)]));
  if (second === undefined) {
    return scalar(cheapest([product([onesPart(name).as(null, name), first.as(name, null)]),
      product([first.as(null, name), onesPart(name).as(name, null)])]));
  }
  const column = first.as(name, null);
  if (flat.length === 2 && JSON.stringify(column, plainly) === JSON.stringify(second.as(name, null), plainly)) {
    return scalar({ kind: 'square', of: cheapest([column, first.as(null, name)]) });
  }
  return scalar(cheapest(flat.map((row, n) =>
    product([row.as(null, name), hadamard(flat.filter((_, m) => m !== n), style).as(name, null)]))));
}

const plainly = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** An elementwise product of parts that have the same indices. */
function hadamard(parts: readonly Part[], style: VectorStyle): Part {
  const flat = parts.flatMap((p) => p.factors ?? [p]);
  const [only] = flat;
  if (only !== undefined && flat.length === 1) return only;
  return {
    indices: only?.indices ?? [], factors: flat,
    as: (down, across) => {
      const isVector = down === null || across === null;
      if (style === 'odot' || !isVector) return { kind: 'hadamard', factors: flat.map((f) => f.as(down, across)) };
      const name = down ?? across ?? '';
      return cheapest(flat.map((main, n) => {
        const others = flat.filter((_, m) => m !== n).map((f) => diagonal(f, name));
        return product(down === null ? [main.as(null, name), ...others] : [...others, main.as(name, null)]);
      }));
    },
  };
}

const diagonal = (vector: Part, name: string): Arrangement =>
  ({ kind: 'diag', of: cheapest([vector.as(name, null), vector.as(null, name)]) });

/** What is left when all sums are carried out: numbers in front, u wᵀ, diag{u} M diag{w}, u ⊙ w. */
function together(parts: readonly Part[], indices: readonly string[], style: VectorStyle): Part {
  const scalars = parts.filter((p) => p.indices.length === 0).map((p) => p.as(null, null));
  const only = (names: readonly string[]): Part | null => {
    const found = parts.filter((p) => p.indices.length === names.length && names.every((n) => p.indices.includes(n)));
    return found.length === 0 ? null : hadamard(found, style);
  };
  const scaled = (of: Arrangement | null): Arrangement =>
    scalars.length === 0 && of !== null ? of : { kind: 'scaled', by: scalars, of };
  const [first, second] = indices;
  if (first === undefined) return { indices, factors: null, as: () => scaled(null) };
  if (second === undefined) {
    const vector = only([first]);
    const factors = scalars.length === 0 ? vector?.factors ?? null : null;
    return { indices, factors, as: (down, across) => scaled(vector?.as(down, across) ?? null) };
  }
  const matrix = only([first, second]);
  return {
    indices, factors: scalars.length === 0 && only([first]) === null && only([second]) === null ? matrix?.factors ?? null : null,
    as: (down, across) => {
      const [rows, columns] = [only([down ?? '']), only([across ?? ''])];
      if (matrix === null) {
        return scaled(product([(rows ?? onesPart(down ?? '')).as(down, null), (columns ?? onesPart(across ?? '')).as(null, across)]));
      }
      return scaled(product([
        ...(rows === null ? [] : [diagonal(rows, down ?? '')]), matrix.as(down, across),
        ...(columns === null ? [] : [diagonal(columns, across ?? '')]),
      ]));
    },
  };
}

function product(factors: readonly Arrangement[]): Arrangement {
  const flat = factors.flatMap((f) => (f.kind === 'product' ? f.factors : [f]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: 'product', factors: flat };
}

/** The layout with the fewest transposes; the first of several. */
function cheapest(candidates: readonly Arrangement[]): Arrangement {
  return candidates.reduce((best, c) => (transposes(c) < transposes(best) ? c : best));
}

function transposes(a: Arrangement): number {
  const total = (of: readonly Arrangement[]): number => of.reduce((n, part) => n + transposes(part), 0);
  switch (a.kind) {
    case 'tensor': case 'ones': return a.transposed ? 1 : 0;
    case 'scalar': return 0;
    case 'product': case 'hadamard': return total(a.factors);
    case 'scaled': return total(a.of === null ? a.by : [...a.by, a.of]);
    case 'add': return total(a.terms);
    case 'diag': case 'square': return transposes(a.of);
    case 'apply': return transposes(a.argument) + (a.transposed ? 1 : 0);
    case 'power': return transposes(a.base);
  }
}
