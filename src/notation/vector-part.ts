// Parts of a vector form: what can be laid out with one index down and one across, and how such parts are put together.

import type { Range } from '../algebra/affine.ts';
import type { Expression, FunctionName } from '../algebra/expression.ts';
import type { Arrangement, ArrangementOf } from './arrangement.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import { shapeAt } from './orientation.ts';
import { arrangementKey, best, compareArrangements, transposesOf } from './vector-measure.ts';

/** More factors than these stand in one order alone. */
const MOST_ORDERED = 3;

/** How parts are laid out: by which layout, and how many ways of writing each are kept. */
export interface Way {
  readonly layout: MatrixLayout;
  readonly limit: number;
  /** Of all indices. */
  readonly ranges: ReadonlyMap<string, Range>;
}

/** A part of a formula with at most two free indices; `as` lays it out with one index down and one across, the best ways first. */
export interface Part {
  readonly indices: readonly string[];
  as(down: string | null, across: string | null): readonly Arrangement[];
  /** The factors of an elementwise product. */
  readonly factors: readonly Part[] | null;
  /** Numbers in front, and what they are in front of. */
  readonly scale?: { readonly by: readonly Part[]; readonly of: Part | null };
}

type LayOut = Part['as'];

/** A part that is no product of others. */
export const simplePart = (indices: readonly string[], as: LayOut): Part => ({ indices, factors: null, as: once(as) });

/** Those that are transposed as a whole only where that takes fewer transposes: f(a)ᵀ says no more than f(aᵀ). */
function withTurned(straight: Ways, turned: Ways, { layout, limit }: Way): Ways {
  const fewest = Math.min(...straight.map(transposesOf));
  return best([...straight, ...turned.filter((t) => transposesOf(t) < fewest)], layout, limit);
}

/** Every layout is worked out once: parts of parts ask again and again. */
function once(as: LayOut): LayOut {
  const known = new Map<string, Ways>();
  return (down, across) => {
    const key = `${down ?? ''} ${across ?? ''}`;
    let ways = known.get(key);
    if (ways === undefined) {
      ways = as(down, across);
      known.set(key, ways);
    }
    return ways;
  };
}

export const scalarPart = (value: Expression): Part => simplePart([], () => [{ kind: 'scalar', value }]);

/** A function on every entry. */
export function applied(fn: FunctionName, argument: Part, way: Way): Part {
  const entrywise = argument.indices.length > 0;
  const apply = (transposed: boolean) => (of: Arrangement): Arrangement => ({ kind: 'apply', fn, argument: of, transposed, entrywise });
  return simplePart(argument.indices, (down, across) =>
    withTurned(argument.as(down, across).map(apply(false)), entrywise ? argument.as(across, down).map(apply(true)) : [], way));
}

export function addition(terms: readonly (Part | null)[], way: Way): Part | null {
  const present = terms.filter((t) => t !== null);
  const indices = [...new Set(present.flatMap((t) => t.indices))];
  if (present.length !== terms.length || indices.length > 2) return null;
  const spreadTerms = present.map((t) => spread(t, indices, way)).filter((t) => t !== null);
  if (spreadTerms.length !== terms.length) return null;
  return simplePart(indices, (down, across) =>
    combined(spreadTerms.map((t) => t.as(down, across)), way).map((all): Arrangement => ({ kind: 'add', terms: all })));
}

/** The same entries with further indices that they don't depend on: c becomes c·𝟏, v becomes v·𝟏ᵀ. */
export function spread(part: Part, indices: readonly string[], way: Way): Part | null {
  if (!part.indices.every((name) => indices.includes(name))) return null;
  const missing = indices.filter((name) => !part.indices.includes(name));
  return missing.length === 0 ? part : together([part, ...missing.map((name) => onesPart(name, 'repeat', way))], indices, way);
}

const onesPart = (name: string, use: ArrangementOf<'ones'>['use'], { ranges }: Way): Part => simplePart([name], (down, across) =>
  [{ kind: 'ones', transposed: down !== name, use, shape: shapeAt(down, across, ranges) }]);

/** Σ over one index of the parts that hold it: v·w, M·v, M·N, M·diag{v}·N; null for more than two open indices. */
export function contract(name: string, parts: readonly Part[], way: Way): Part | null {
  const vectors = parts.filter((p) => p.indices.length === 1);
  const outer = [...new Set(parts.flatMap((p) => p.indices))].filter((n) => n !== name);
  const matrices = outer.map((o) => hadamard(parts.filter((p) => p.indices.includes(o)), way));
  const [left, right] = matrices;
  const [down, across] = outer;
  if (outer.length > 2) return null;
  if (left === undefined || down === undefined) return innerProduct(name, vectors, way);
  if (right === undefined || across === undefined) return simplePart([down], matrixTimesVector(name, down, left, vectors, way));
  const middle = vectors.length === 0 ? [] : [diagonals(hadamard(vectors, way), name, 'factor', way)];
  return simplePart([down, across], products((d) => (d === down ? [[left.as(down, name), ...middle, right.as(name, across)]]
    : [[right.as(across, name), ...middle, left.as(name, down)]]), way));
}

function matrixTimesVector(name: string, down: string, matrix: Part, vectors: readonly Part[], way: Way): LayOut {
  const ones = onesPart(name, vectors.length === 0 ? 'rows' : 'instead', way);
  if (vectors.length === 0) return products((d) => [d === down ? [matrix.as(down, name), ones.as(name, null)] : [ones.as(null, name), matrix.as(name, down)]], way);
  const vector = hadamard(vectors, way);
  return products((d) => {
    const usual = d === down ? [matrix.as(down, name), vector.as(name, null)] : [vector.as(null, name), matrix.as(name, down)];
    if (way.limit === 1) return [usual];
    const scaling = diagonals(vector, name, 'entrywise', way);
    return [usual, d === down ? [matrix.as(down, name), scaling, ones.as(name, null)] : [ones.as(null, name), scaling, matrix.as(name, down)]];
  }, way);
}

function innerProduct(name: string, vectors: readonly Part[], way: Way): Part | null {
  const flat = vectors.flatMap((v) => v.factors ?? [v]);
  const [first, second] = flat;
  const ones = onesPart(name, flat.length === 1 ? 'total' : 'instead', way);
  const total = (vector: Part): readonly (readonly Ways[])[] => [[ones.as(null, name), vector.as(name, null)], [vector.as(null, name), ones.as(name, null)]];
  if (first === undefined) return null;
  if (second === undefined) return simplePart([], products(() => total(first), way));
  const squared = flat.length === 2 && sameWritten(first.as(name, null), second.as(name, null));
  const pairs = flat.map((row, n) => [row.as(null, name), hadamard(flat.filter((_, m) => m !== n), way).as(name, null)]);
  const asProduct = products(() => [...pairs, ...(way.limit === 1 ? [] : total(hadamard(flat, way)))], way);
  if (!squared) return simplePart([], asProduct);
  const squares = eitherWay(first, name, way).map((of): Arrangement => ({ kind: 'square', of }));
  return simplePart([], () => (way.limit === 1 ? squares : [...squares, ...asProduct(null, null)].slice(0, way.limit)));
}

function sameWritten([a]: Ways, [b]: Ways): boolean {
  return a !== undefined && b !== undefined && arrangementKey(a) === arrangementKey(b);
}

/** An elementwise product of parts that have the same indices. */
export function hadamard(parts: readonly Part[], way: Way): Part {
  const flat = parts.flatMap((p) => p.factors ?? [p]);
  const [only] = flat;
  if (only !== undefined && flat.length === 1) return only;
  return {
    indices: only?.indices ?? [], factors: flat,
    as: once((down, across) => {
      const isVector = down === null || across === null;
      const usual = !isVector || way.layout.elementwise === 'product' ? withSigns(flat, down, across, way) : withDiagonals(flat, down, across, way);
      if (way.limit === 1 || !isVector) return usual;
      const other = way.layout.elementwise === 'product' ? withDiagonals(flat, down, across, way) : withSigns(flat, down, across, way);
      return best([...usual, ...other], way.layout, way.limit);
    }),
  };
}

/** u ⊙ v, or (uᵀ ⊙ vᵀ)ᵀ. */
function withSigns(flat: readonly Part[], down: string | null, across: string | null, way: Way): Ways {
  const vectors = down === null || across === null;
  const multiplied = (d: string | null, a: string | null): Ways => orders(flat, way).flatMap((order) =>
    combined(order.map((f) => f.as(d, a)), way).map((factors): Arrangement => ({ kind: 'hadamard', factors, vectors })));
  return withTurned(multiplied(down, across), multiplied(across, down).map((of): Arrangement => ({ kind: 'transpose', of })), way);
}

/** diag{u} v or vᵀ diag{u}, one of the factors being the vector. */
function withDiagonals(flat: readonly Part[], down: string | null, across: string | null, way: Way): Ways {
  const name = down ?? across ?? '';
  return products((d) => flat.flatMap((main, n) => orders(flat.filter((_, m) => m !== n), way).map((order) => {
    const others = order.map((f) => diagonals(f, name, 'entrywise', way));
    return d === null ? [main.as(null, name), ...others] : [...others, main.as(name, null)];
  })), way)(down, across);
}

function diagonals(vector: Part, name: string, use: ArrangementOf<'diag'>['use'], way: Way): Ways {
  return eitherWay(vector, name, way).map((of) => ({ kind: 'diag', of, use }));
}

/** A vector as a column or as a row, whichever is shorter. */
function eitherWay(vector: Part, name: string, { layout }: Way): Ways {
  const [column, row] = [vector.as(name, null), vector.as(null, name)];
  const [down, across] = [column[0], row[0]];
  return down !== undefined && across !== undefined && compareArrangements(across, down, layout) < 0 ? row : column;
}

/** What is left when all sums are carried out: numbers in front, u wᵀ, diag{u} M diag{w}, u ⊙ w. */
export function together(all: readonly Part[], indices: readonly string[], way: Way): Part {
  const parts = all.flatMap((p) => (p.scale === undefined ? [p] : p.scale.of === null ? [] : [p.scale.of]));
  const scalars = [...all.flatMap((p) => p.scale?.by ?? []), ...parts.filter((p) => p.indices.length === 0)];
  const front = (): readonly Ways[] => scalars.map((s) => s.as(null, null));
  if (scalars.length > 0 && indices.length > 0) {
    const of = together(parts.filter((p) => p.indices.length > 0), indices, way);
    const scaled = (down: string | null, across: string | null): Ways => combined([...front(), of.as(down, across)], way)
      .map((chosen): Arrangement => ({ kind: 'scaled', by: chosen.slice(0, -1), of: chosen.at(-1) ?? null }));
    return { indices, factors: null, scale: { by: scalars, of }, as: once(scaled) };
  }
  const only = (names: readonly string[]): Part | null => {
    const found = parts.filter((p) => p.indices.length === names.length && names.every((n) => p.indices.includes(n)));
    return found.length === 0 ? null : hadamard(found, way);
  };
  const [first, second] = indices;
  if (first === undefined) {
    return { indices, factors: null, scale: { by: scalars, of: null }, as: () => combined(front(), way).map((by): Arrangement => ({ kind: 'scaled', by, of: null })) };
  }
  if (second === undefined) {
    const vector = only([first]) ?? onesPart(first, 'repeat', way);
    return { indices, factors: vector.factors, as: vector.as.bind(vector) };
  }
  const matrix = only([first, second]);
  const ones = (name: string | null, use: ArrangementOf<'ones'>['use']): Part => onesPart(name ?? '', use, way);
  return {
    indices, factors: only([first]) === null && only([second]) === null ? matrix?.factors ?? null : null,
    as: once(products((down, across) => {
      const [rows, columns] = [only([down ?? '']), only([across ?? ''])];
      if (matrix === null) return [[(rows ?? ones(down, 'repeat')).as(down, null), (columns ?? ones(across, 'repeat')).as(null, across)]];
      const usual = [
        ...(rows === null ? [] : [diagonals(rows, down ?? '', 'factor', way)]), matrix.as(down, across),
        ...(columns === null ? [] : [diagonals(columns, across ?? '', 'factor', way)]),
      ];
      if (way.limit === 1 || usual.length === 1) return [usual];
      // diag{u} M is u 𝟏ᵀ ⊙ M.
      const repeated = (vector: Part | null): readonly Part[] => (vector === null ? [] : [together([vector, ones(vector.indices[0] === down ? across : down, 'instead')], indices, way)]);
      return [usual, [hadamard([...repeated(rows), matrix, ...repeated(columns)], way).as(down, across)]];
    }, way)),
  };
}

/** Several ways to write one thing, the best first. */
type Ways = readonly Arrangement[];

/** Lays out products of matrices, whose factors can each be written in several ways; where all ways are wanted also (AB)ᵀ for BᵀAᵀ, but for 𝟏. */
function products(chains: (down: string | null, across: string | null) => readonly (readonly Ways[])[], way: Way): LayOut {
  const straight = (down: string | null, across: string | null): Ways => chains(down, across).flatMap((chain) => combined(chain, way).map(product));
  return (down, across) => {
    const isNumber = down === null && across === null;
    const turned = way.limit === 1 || isNumber ? [] : straight(across, down).filter((a) => a.kind === 'product' && !a.factors.some((f) => f.kind === 'ones'));
    return best([...straight(down, across), ...turned.map((of): Arrangement => ({ kind: 'transpose', of }))], way.layout, way.limit);
  };
}

/** One way of each, in all combinations: those with the fewest transposes as far as there is room. */
function combined(lists: readonly Ways[], { limit }: Way): readonly Ways[] {
  const transposes = (chosen: Ways): number => chosen.reduce((n, a) => n + transposesOf(a), 0);
  return lists.reduce<readonly Ways[]>((before, list) => {
    const longer = before.flatMap((chosen) => list.slice(0, limit).map((a) => [...chosen, a]));
    return longer.length <= limit ? longer : [...longer].sort((a, b) => transposes(a) - transposes(b)).slice(0, limit);
  }, [[]]);
}

/** The order of the component form, and where all ways are wanted the others. */
function orders(parts: readonly Part[], way: Way): readonly (readonly Part[])[] {
  if (way.limit === 1 || parts.length > MOST_ORDERED || parts.length <= 1) return [parts];
  return parts.flatMap((first, n) => orders(parts.filter((_, m) => m !== n), way).map((rest) => [first, ...rest]));
}

function product(factors: readonly Arrangement[]): Arrangement {
  const flat = factors.flatMap((f) => (f.kind === 'product' ? f.factors : [f]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: 'product', factors: flat };
}
