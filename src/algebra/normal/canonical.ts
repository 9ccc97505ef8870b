// Normal form, one monomial: summed variables are counted where nothing depends on them, and named canonically. The
// naming walks through the positions of tensor indices: the affine expression at the least unnamed position becomes the
// next variable (a unimodular change), so that sums agree up to affine changes of their indices, not only up to renaming.
// Ties are searched; the least result wins.

import { addAffine, type Affine, affineIndices, affineKey, coefficientOf, index, integer, scaleAffine, subtractAffine } from '../affine.ts';
import { type Context, decideEqual, provablyNonNegative } from '../bounds.ts';
import { renormalised, solveEqualities, solveFor, settleEqualities, tighten } from './conditions.ts';
import { type Atom, atomKey, type Budget, type Factor, type Monomial, monomialKey, type Polynomial, spend } from './polynomial.ts';
import { freeOfMonomial, heightOfMonomial, integerTerms, substituteMonomial, variablesOfAtom, withFactor } from './rename.ts';
import * as Q from '../rational.ts';

/** The canonical monomials that add up to m. */
export function canonicalMonomials(m: Monomial, context: Context, budget: Budget): readonly Monomial[] {
  if (Q.isZero(m.coefficient)) return [];
  if (m.bound.length === 0 && m.equalities.length === 0 && m.inequalities.length === 0) return [m];
  spend(budget);
  return solveEqualities(m).flatMap((solved) => {
    const settled = settleEqualities(solved);
    return settled === null ? [] : settled
      .filter((s) => s.equalities.every((a) => decideEqual(a, context) !== false))
      .flatMap((s) => settleInequalities(s, context, budget));
  });
}

function settleInequalities(m: Monomial, context: Context, budget: Budget): readonly Monomial[] {
  const inequalities = tighten(m.inequalities, context);
  if (inequalities === null) return [];
  const pinned = inequalities.find((a) => provablyNonNegative(scaleAffine(a, -1),
    { ...context, assumptions: [...context.assumptions, ...inequalities.filter((o) => o !== a)] }));
  if (pinned !== undefined) {
    // a ≥ 0 and a ≤ 0: an equality.
    const rest = inequalities.filter((a) => a !== pinned);
    return canonicalMonomials({ ...m, inequalities: rest, equalities: [...m.equalities, pinned] }, context, budget);
  }
  const settled: Monomial = { ...m, inequalities };
  const counted = countFreeVariable(settled, context);
  if (counted !== null) return counted.flatMap((c) => settleInequalities(c, context, budget));
  return settled.bound.length === 0 ? [settled] : nameVariables(settled, context, budget);
}

/** Σ_{v=lo}^{hi} 1 = hi - lo + 1 for a summed variable that only its own two bounds mention. */
function countFreeVariable(m: Monomial, context: Context): readonly Monomial[] | null {
  const used = new Set([...m.factors.values()].flatMap((f) => variablesOfAtom(f.atom)));
  for (const a of m.equalities) for (const name of affineIndices(a)) used.add(name);
  for (const name of m.bound) {
    if (used.has(name)) continue;
    const mine = m.inequalities.filter((a) => affineIndices(a).includes(name));
    const lower = mine.filter((a) => coefficientOf(a, { kind: 'index', name }) === 1);
    const upper = mine.filter((a) => coefficientOf(a, { kind: 'index', name }) === -1);
    const [lo] = lower;
    const [hi] = upper;
    if (mine.length !== 2 || lo === undefined || hi === undefined) continue;
    const count = addAffine(addAffine(lo, hi), integer(1));
    const others = m.inequalities.filter((a) => !mine.includes(a));
    const known: Context = { ...context, assumptions: [...context.assumptions, ...others] };
    if (!provablyNonNegative(count, known)) continue;
    const rest: Monomial = { ...m, bound: m.bound.filter((b) => b !== name), inequalities: others };
    return integerTerms(count).map((t) => {
      const scaled = { ...rest, coefficient: Q.multiply(rest.coefficient, t.coefficient) };
      return t.factor === null ? scaled : withFactor(scaled, t.factor);
    });
  }
  return null;
}

/** A place where a tensor index or an index as a number stands, described so that equal places read equally. */
interface Anchor {
  readonly description: string;
  readonly value: Affine;
}

const MOST_LEAVES = 2_000;

interface Search {
  best: Monomial | null;
  bestKey: string;
  leaves: number;
}

function nameVariables(m: Monomial, context: Context, budget: Budget): readonly Monomial[] {
  const height = heightOfMonomial(m);
  const search: Search = { best: null, bestKey: '', leaves: 0 };
  // Temporary names first: the variables that come in may already carry the names that go out.
  const temporary = new Map(m.bound.map((name, n): [string, Affine] => [name, index(`~${String(n)}`)]));
  const unnamed = m.bound.map((_, n) => `~${String(n)}`);
  const opened = substituteMonomial({ ...m, bound: unnamed }, temporary);
  const [only] = opened;
  if (opened.length !== 1 || only === undefined) throw new Error('renaming variables keeps a monomial one');
  // A free variable may carry a name that goes out, too.
  const free = freeOfMonomial(only);
  const names: string[] = [];
  for (let n = 0; names.length < unnamed.length; n += 1) {
    const name = `#${String(height)}.${String(n)}`;
    if (!free.has(name)) names.push(name);
  }
  extend(only, unnamed, [], names, context, budget, search);
  if (search.leaves === 0) spend(budget, Number.MAX_SAFE_INTEGER);
  return search.best === null ? [] : [search.best];
}

function extend(
  m: Monomial, unnamed: readonly string[], named: readonly string[], names: readonly string[], context: Context, budget: Budget, search: Search,
): void {
  // What a name costs grows with the conditions that it is put into, and that are compared with each other in the end.
  spend(budget, 1 + m.inequalities.length);
  if (unnamed.length === 0) {
    offer({ ...m, bound: named }, context, budget, search);
    return;
  }
  const hidden = new Set(unnamed);
  const next = names[named.length] ?? '';
  const anchors = anchorsOf(m, hidden).filter((a) => unnamed.some((name) => solvable(a.value, name)));
  const least = anchors.reduce<string | null>((best, a) => (best === null || a.description < best ? a.description : best), null);
  if (least === null) {
    // Nothing but conditions mention the remaining variables: try each.
    for (const name of unnamed) {
      for (const renamed of substituteMonomial(m, new Map([[name, index(next)]]))) {
        extend(renamed, unnamed.filter((u) => u !== name), [...named, next], names, context, budget, search);
      }
    }
    return;
  }
  const tied = new Map(anchors.filter((a) => a.description === least).map((a) => [affineKey(a.value), a.value]));
  for (const value of tied.values()) {
    const name = unnamed.find((u) => solvable(value, u));
    if (name === undefined) continue;
    // next = value, so name = ±(next - rest).
    const solution = solveFor(subtractAffine(value, index(next)), name);
    if (solution === null) continue;
    const results = substituteMonomial(m, new Map([[name, solution]]));
    const [only] = results;
    // An index used as a number would split the monomial: then it keeps its own variable.
    const renamed = results.length === 1 && only !== undefined ? only : null;
    if (renamed !== null) {
      extend(renamed, unnamed.filter((u) => u !== name), [...named, next], names, context, budget, search);
    } else {
      for (const plain of substituteMonomial(m, new Map([[name, index(next)]]))) {
        extend(plain, unnamed.filter((u) => u !== name), [...named, next], names, context, budget, search);
      }
    }
  }
}

const solvable = (value: Affine, name: string): boolean => {
  const coefficient = coefficientOf(value, { kind: 'index', name });
  return coefficient === 1 || coefficient === -1;
};

function offer(m: Monomial, context: Context, budget: Budget, search: Search): void {
  search.leaves += 1;
  spend(budget, m.inequalities.length ** 2);
  if (search.leaves > MOST_LEAVES) spend(budget, Number.MAX_SAFE_INTEGER);
  const inequalities = tighten(m.inequalities, context);
  if (inequalities === null) return;
  const candidate = { ...m, inequalities, equalities: renormalised(m.equalities) };
  const key = monomialKey(candidate);
  if (search.best === null || key < search.bestKey) {
    search.best = candidate;
    search.bestKey = key;
  }
}

/** The positions that mention a hidden variable, each with a description in which hidden variables are all alike. */
function anchorsOf(m: Monomial, hidden: ReadonlySet<string>): readonly Anchor[] {
  return [...m.factors.values()].flatMap((f) => anchorsOfFactor(f, hidden, ''));
}

function anchorsOfFactor(f: Factor, hidden: ReadonlySet<string>, path: string): readonly Anchor[] {
  const own = `${path}${describeAtom(f.atom, hidden)}^${Q.show(f.exponent)}`;
  switch (f.atom.kind) {
    case 'ref': return f.atom.indices.flatMap((value, at) =>
      affineIndices(value).some((name) => hidden.has(name)) ? [{ description: `1${own}#${String(at)}`, value }] : []);
    case 'integer': {
      const { symbol } = f.atom;
      return symbol.kind === 'index' && hidden.has(symbol.name) ? [{ description: `1${own}#`, value: index(symbol.name) }] : [];
    }
    case 'exp': case 'call': return anchorsOfNested(f.atom.argument, hidden, `3${own}/`);
    case 'base': return anchorsOfNested(f.atom.base, hidden, `3${own}/`);
    case 'positive': case 'zero': return anchorsOfNested(f.atom.value, hidden, `3${own}/`);
    case 'product': case 'argmax': {
      const { index: inner } = f.atom;
      return anchorsOfNested(f.atom.body, hidden, `3${own}/`).filter((a) => !affineIndices(a.value).includes(inner));
    }
    case 'symbol': case 'pi': case 'prime': return [];
  }
}

/** Positions that mix in variables summed inside the nested polynomial can't name an outer one. */
function anchorsOfNested(p: Polynomial, hidden: ReadonlySet<string>, path: string): readonly Anchor[] {
  return p.monomials.flatMap((m) => [...m.factors.values()].flatMap((f) =>
    anchorsOfFactor(f, hidden, `${path}${describeMonomial(m, hidden)}:`)
      .filter((a) => !affineIndices(a.value).some((name) => m.bound.includes(name)))));
}

function describeAtom(atom: Atom, hidden: ReadonlySet<string>): string {
  switch (atom.kind) {
    case 'ref': return `${atom.adjoint ? '∂' : ''}${atom.tensor.name}@${String(atom.tensor.layer?.symbol)}${String(atom.tensor.layer?.offset)}[${atom.indices.map((a) => describeAffine(a, hidden)).join(',')}]`;
    case 'integer': return atom.symbol.kind === 'index' && hidden.has(atom.symbol.name) ? '?' : atomKey(atom);
    case 'symbol': return `$${atom.name}`;
    case 'pi': return 'π';
    case 'prime': return `√${String(atom.prime)}`;
    case 'exp': return `exp(${describePolynomial(atom.argument, hidden)})`;
    case 'call': return `${atom.fn.name}${atom.fn.kind === 'slot' ? `@${String(atom.fn.layer?.offset)}'${String(atom.fn.order)}` : ''}(${describePolynomial(atom.argument, hidden)})`;
    case 'base': return `{${describePolynomial(atom.base, hidden)}}`;
    case 'positive': return `[${describePolynomial(atom.value, hidden)}]`;
    case 'zero': return `[${describePolynomial(atom.value, hidden)}=0]`;
    case 'product': case 'argmax': return `${atom.kind} ${describeAffine(atom.last, hidden)} (${describePolynomial(atom.body, hidden)})`;
  }
}

const describePolynomial = (p: Polynomial, hidden: ReadonlySet<string>): string =>
  p.monomials.map((m) => describeMonomial(m, hidden)).sort().join('+');

const describeMonomial = (m: Monomial, hidden: ReadonlySet<string>): string =>
  `${Q.show(m.coefficient)}·${[...m.factors.values()].map((f) => `${describeAtom(f.atom, hidden)}^${Q.show(f.exponent)}`).sort().join('·')}`;

/** What mentions a hidden variable reads alike however it is written: t, n - t and t + s must not differ. */
const describeAffine = (a: Affine, hidden: ReadonlySet<string>): string =>
  (affineIndices(a).some((name) => hidden.has(name)) ? '?' : affineKey(a));
