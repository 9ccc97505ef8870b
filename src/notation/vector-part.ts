// Parts of a vector form: what can be laid out with one index down and one across, and how such parts are put together.

import type { Expression, FunctionName } from '../algebra/expression.ts';
import type { Arrangement, VectorStyle } from './arrangement.ts';

/** A part of a formula with at most two free indices; `as` lays it out with one index down and one across. */
export interface Part {
  readonly indices: readonly string[];
  as(down: string | null, across: string | null): Arrangement;
  /** The factors of an elementwise product. */
  readonly factors: readonly Part[] | null;
  /** Numbers in front, and what they are in front of. */
  readonly scale?: { readonly by: readonly Arrangement[]; readonly of: Part | null };
}

export const scalarPart = (value: Expression): Part => ({ indices: [], factors: null, as: () => ({ kind: 'scalar', value }) });

/** A function on every entry. */
export function applied(fn: FunctionName, argument: Part): Part {
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

export function addition(terms: readonly (Part | null)[]): Part | null {
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
export function spread(part: Part, indices: readonly string[]): Part | null {
  if (!part.indices.every((name) => indices.includes(name))) return null;
  const missing = indices.filter((name) => !part.indices.includes(name));
  return missing.length === 0 ? part : together([part, ...missing.map((name) => onesPart(name, 'repeat'))], indices, 'odot');
}

const onesPart = (name: string, use: Extract<Arrangement, { kind: 'ones' }>['use']): Part => ({
  indices: [name], factors: null, as: (down) => ({ kind: 'ones', transposed: down !== name, use }),
});

/** Σ over one index of the parts that hold it: v·w, M·v, M·N, M·diag{v}·N; null for more than two open indices. */
export function contract(name: string, parts: readonly Part[], style: VectorStyle): Part | null {
  const vectors = parts.filter((p) => p.indices.length === 1);
  const outer = [...new Set(parts.flatMap((p) => p.indices))].filter((n) => n !== name);
  const matrices = outer.map((o) => hadamard(parts.filter((p) => p.indices.includes(o)), style));
  const [left, right] = matrices;
  const [down, across] = outer;
  if (outer.length > 2) return null;
  if (left === undefined || down === undefined) return innerProduct(name, vectors, style);
  if (right === undefined || across === undefined) {
    const vector = vectors.length === 0 ? onesPart(name, 'rows') : hadamard(vectors, style);
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

function innerProduct(name: string, vectors: readonly Part[], style: VectorStyle): Part | null {
  const flat = vectors.flatMap((v) => v.factors ?? [v]);
  const [first, second] = flat;
  const scalar = (arrangement: Arrangement): Part => ({ indices: [], factors: null, as: () => arrangement });
  if (first === undefined) return null;
  if (second === undefined) {
    return scalar(cheapest([product([onesPart(name, 'total').as(null, name), first.as(name, null)]),
      product([first.as(null, name), onesPart(name, 'total').as(name, null)])]));
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
export function hadamard(parts: readonly Part[], style: VectorStyle): Part {
  const flat = parts.flatMap((p) => p.factors ?? [p]);
  const [only] = flat;
  if (only !== undefined && flat.length === 1) return only;
  return {
    indices: only?.indices ?? [], factors: flat,
    as: (down, across) => {
      const isVector = down === null || across === null;
      if (style === 'odot' || !isVector) {
        const straight: Arrangement = { kind: 'hadamard', factors: flat.map((f) => f.as(down, across)) };
        const turned: Arrangement = { kind: 'hadamard', factors: flat.map((f) => f.as(across, down)) };
        return cheapest([straight, { kind: 'transpose', of: turned }]);
      }
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
export function together(all: readonly Part[], indices: readonly string[], style: VectorStyle): Part {
  const parts = all.flatMap((p) => (p.scale === undefined ? [p] : p.scale.of === null ? [] : [p.scale.of]));
  const scalars = [...all.flatMap((p) => p.scale?.by ?? []), ...parts.filter((p) => p.indices.length === 0).map((p) => p.as(null, null))];
  if (scalars.length > 0 && indices.length > 0) {
    const of = together(parts.filter((p) => p.indices.length > 0), indices, style);
    return { indices, factors: null, scale: { by: scalars, of }, as: (down, across) => ({ kind: 'scaled', by: scalars, of: of.as(down, across) }) };
  }
  const only = (names: readonly string[]): Part | null => {
    const found = parts.filter((p) => p.indices.length === names.length && names.every((n) => p.indices.includes(n)));
    return found.length === 0 ? null : hadamard(found, style);
  };
  const [first, second] = indices;
  if (first === undefined) return { indices, factors: null, scale: { by: scalars, of: null }, as: () => ({ kind: 'scaled', by: scalars, of: null }) };
  if (second === undefined) {
    const vector = only([first]) ?? onesPart(first, 'repeat');
    return { indices, factors: vector.factors, as: vector.as.bind(vector) };
  }
  const matrix = only([first, second]);
  return {
    indices, factors: only([first]) === null && only([second]) === null ? matrix?.factors ?? null : null,
    as: (down, across) => {
      const [rows, columns] = [only([down ?? '']), only([across ?? ''])];
      if (matrix === null) {
        return product([(rows ?? onesPart(down ?? '', 'repeat')).as(down, null), (columns ?? onesPart(across ?? '', 'repeat')).as(null, across)]);
      }
      return product([
        ...(rows === null ? [] : [diagonal(rows, down ?? '')]), matrix.as(down, across),
        ...(columns === null ? [] : [diagonal(columns, across ?? '')]),
      ]);
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
    case 'transpose': return 1 + transposes(a.of);
    case 'diag': case 'square': case 'over': case 'chosen': return transposes(a.of);
    case 'apply': return transposes(a.argument) + (a.transposed ? 1 : 0);
    case 'power': return transposes(a.base);
  }
}
