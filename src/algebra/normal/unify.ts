// Index values under which a pattern's entries are entries of a monomial: candidates only, whoever asks compares the rest.

import { affineIndices, affineKey, coefficientOf, index, sameAffine, scaleAffine, subtractAffine, substituteAffine } from '../affine.ts';
import { sameTensor } from '../expression.ts';
import { type Atom, atomKey, type Budget, type Monomial, type Polynomial, spend } from './polynomial.ts';
import type { Substitution } from './rename.ts';

/** A tensor's entry somewhere in a monomial. */
export interface Entry {
  readonly ref: Extract<Atom, { kind: 'ref' }>;
  /** Variables that are bound around the entry. */
  readonly local: ReadonlySet<string>;
}

const MOST_CANDIDATES = 64;

/**
 * Values of all `variables` of the pattern that make its entries with plain enough indices entries of m.
 * @throws StepLimitError when the budget does not suffice.
 */
export function unifications(pattern: Monomial, variables: readonly string[], m: Monomial, budget: Budget): readonly Substitution[] {
  const wanted = distinct(entriesOf(pattern, new Set(pattern.bound)));
  const present = distinct(entriesOf(m, new Set()));
  const found = new Map<string, Substitution>();
  // Many ways lead to the same values of some variables: each is gone on from once.
  const passed = new Set<string>();
  const extend = (at: number, known: Substitution): void => {
    if (found.size >= MOST_CANDIDATES) return;
    const key = [...known].map(([name, value]) => `${name}=${affineKey(value)}`).sort().join();
    if (variables.every((name) => known.has(name))) {
      found.set(key, known);
      return;
    }
    const entry = wanted[at];
    const state = `${String(at)} ${key}`;
    if (entry === undefined || passed.has(state)) return;
    passed.add(state);
    spend(budget);
    // An entry that says nothing about an open variable is left to the comparison that follows.
    if (!entry.ref.indices.some((a) => affineIndices(a).some((name) => variables.includes(name) && !known.has(name)))) {
      extend(at + 1, known);
      return;
    }
    for (const other of present) {
      const next = sameSource(other, entry) ? unify(entry, other, variables, known) : null;
      if (next !== null) extend(at + 1, next);
    }
    extend(at + 1, known);
  };
  extend(0, new Map());
  return [...found.values()];
}

/** Entries that read alike, with the same indices bound around them, are one. */
const distinct = (entries: readonly Entry[]): readonly Entry[] => [...new Map(entries.map((entry) => {
  const bound = entry.ref.indices.flatMap(affineIndices).filter((name) => entry.local.has(name));
  return [`${atomKey(entry.ref)} ${bound.join()}`, entry] as const;
})).values()];

const sameSource = (a: Entry, b: Entry): boolean => a.ref.adjoint === b.ref.adjoint && sameTensor(a.ref.tensor, b.ref.tensor);

function unify(pattern: Entry, other: Entry, variables: readonly string[], start: Substitution): Substitution | null {
  const known = new Map(start);
  for (const [n, raw] of pattern.ref.indices.entries()) {
    const value = other.ref.indices[n];
    if (value === undefined) return null;
    if (affineIndices(raw).some((name) => pattern.local.has(name)) || affineIndices(value).some((name) => other.local.has(name))) continue;
    const a = substituteAffine(raw, (s) => (s.kind === 'index' ? (known.get(s.name) ?? null) : null));
    const open = affineIndices(a).filter((name) => variables.includes(name) && !known.has(name));
    const [name] = open;
    if (name === undefined) {
      if (!sameAffine(a, value)) return null;
      continue;
    }
    const coefficient = coefficientOf(a, { kind: 'index', name });
    if (open.length > 1 || Math.abs(coefficient) !== 1) continue;
    const rest = subtractAffine(a, scaleAffine(index(name), coefficient));
    known.set(name, scaleAffine(subtractAffine(value, rest), coefficient));
  }
  return known;
}

/** All entries, those inside functions, denominators and conditions included. */
export function entriesOf(m: Monomial, local: ReadonlySet<string>): readonly Entry[] {
  return [...m.factors.values()].flatMap((f) => entriesOfAtom(f.atom, local));
}

function entriesOfAtom(atom: Atom, local: ReadonlySet<string>): readonly Entry[] {
  const below = (p: Polynomial, bound: ReadonlySet<string> = local): readonly Entry[] =>
    p.monomials.flatMap((m) => entriesOf(m, new Set([...bound, ...m.bound])));
  switch (atom.kind) {
    case 'ref': return [{ ref: atom, local }];
    case 'exp': case 'call': return below(atom.argument);
    case 'base': return below(atom.base);
    case 'positive': case 'zero': return below(atom.value);
    case 'product': case 'argmax': return below(atom.body, new Set([...local, atom.index]));
    case 'symbol': case 'integer': case 'pi': case 'prime': return [];
  }
}
