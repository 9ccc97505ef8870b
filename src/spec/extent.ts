// Does a reference stay inside its tensor, for every size? Exact for affine indices: ranges of the letters, conditions
// that guard the reference, and sizes ≥ 1 against "below the axis" and "above the axis".

import { addAffine, type Affine, type AffineSymbol, fromSymbol, integer, plainIndex, type Range, sameAffine, substituteAffine, subtractAffine, symbolKey } from '../algebra/affine.ts';
import { not, type Test } from '../algebra/expression.ts';
import { integerPoint } from './integer-point.ts';
import { showSymbol } from './show.ts';

/** What is known where a reference stands. */
export interface Known {
  /** Ranges by the unique name of the index variable. */
  readonly ranges: ReadonlyMap<string, Range>;
  readonly conditions: readonly Test[];
  /** Affine expressions of sizes that are ≥ 0. */
  readonly facts?: readonly Affine[];
}

export type Outside =
  | { readonly kind: 'inside' }
  /** `example` is a case such as `n = 1, j = 2` where the index has the value `value`, which lies on that side of the axis. */
  | { readonly kind: 'outside'; readonly example: string; readonly value: number; readonly side: 'below' | 'above' }
  | { readonly kind: 'too-complex' };

const MOST_CASES = 64;

export function whereOutside(index: Affine, range: Range, known: Known): Outside {
  const letter = plainIndex(index);
  const own = letter === null ? undefined : known.ranges.get(letter);
  if (own !== undefined && sameAffine(own.lo, range.lo) && sameAffine(own.hi, range.hi)) return { kind: 'inside' };
  const cases = casesOf(known.conditions);
  if (cases === null) return { kind: 'too-complex' };
  const below = addAffine(subtractAffine(range.lo, index), integer(-1));
  const above = addAffine(subtractAffine(index, range.hi), integer(-1));
  const base = [...known.ranges].flatMap(([name, r]) => {
    const variable = fromSymbol({ kind: 'index', name });
    return [subtractAffine(variable, r.lo), subtractAffine(r.hi, variable)];
  });
  for (const conditions of cases) {
    for (const violation of [below, above]) {
      const stated = [...base, ...conditions, violation];
      const constraints = [...stated, ...tellingFacts(known.facts ?? [], stated)];
      const symbols = symbolsOf([...constraints, index]);
      const sizes = symbols.filter((s) => s.kind === 'size').map((s) => addAffine(fromSymbol(s), integer(-1)));
      const found = integerPoint([...constraints, ...sizes], symbols);
      if (found.kind === 'unknown') return { kind: 'too-complex' };
      if (found.kind === 'point') return outside(index, violation, violation === below ? 'below' : 'above', found.values, symbols);
    }
  }
  return { kind: 'inside' };
}

/** Whether some sizes and letters satisfy all that is known; true where that could not be settled. */
export function isPossible(known: Known): boolean {
  const cases = casesOf(known.conditions);
  if (cases === null || known.conditions.length === 0) return true;
  const base = [...known.ranges].flatMap(([name, r]) => {
    const variable = fromSymbol({ kind: 'index', name });
    return [subtractAffine(variable, r.lo), subtractAffine(r.hi, variable)];
  });
  return cases.some((conditions) => {
    const stated = [...base, ...conditions];
    const constraints = [...stated, ...tellingFacts(known.facts ?? [], stated)];
    const symbols = symbolsOf(constraints);
    const sizes = symbols.filter((s) => s.kind === 'size').map((s) => addAffine(fromSymbol(s), integer(-1)));
    return integerPoint([...constraints, ...sizes], symbols).kind !== 'none';
  });
}

function outside(
  index: Affine, violation: Affine, side: 'below' | 'above', values: ReadonlyMap<string, number>, symbols: readonly AffineSymbol[],
): Outside {
  const telling = new Set([...index.terms, ...violation.terms].map((t) => symbolKey(t.symbol)));
  const example = symbols.filter((s) => telling.has(symbolKey(s)))
    .map((s) => `${showSymbol(s)} = ${values.get(symbolKey(s)) ?? 0}`).join(', ');
  const value = substituteAffine(index, (s) => integer(values.get(symbolKey(s)) ?? 0)).constant;
  return { kind: 'outside', example, value, side };
}

/** The facts that say something of the sizes in `about`, and of those that they tie them to. */
function tellingFacts(facts: readonly Affine[], about: readonly Affine[]): readonly Affine[] {
  const sizes = new Set(about.flatMap(sizeKeys));
  const found = new Set<Affine>();
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const fact of facts) {
      if (!sizeKeys(fact).some((key) => sizes.has(key))) continue;
      found.add(fact);
      sizeKeys(fact).forEach((key) => sizes.add(key));
    }
  }
  return [...found];
}

const sizeKeys = (a: Affine): readonly string[] => a.terms.flatMap((t) => (t.symbol.kind === 'size' ? [symbolKey(t.symbol)] : []));

/** Sizes first, so that the example has the smallest ones. */
function symbolsOf(affines: readonly Affine[]): readonly AffineSymbol[] {
  const found = new Map<string, AffineSymbol>();
  for (const affine of affines) for (const { symbol } of affine.terms) found.set(symbolKey(symbol), symbol);
  const all = [...found.values()];
  return [...all.filter((s) => s.kind === 'size'), ...all.filter((s) => s.kind === 'index')];
}

/** The conditions as alternatives of expressions ≥ 0; comparisons of values say nothing about indices. */
function casesOf(conditions: readonly Test[]): readonly (readonly Affine[])[] | null {
  let cases: readonly (readonly Affine[])[] = [[]];
  for (const test of conditions) {
    const alternatives = alternativesOf(test);
    if (alternatives === null || cases.length * alternatives.length > MOST_CASES) return null;
    cases = cases.flatMap((c) => alternatives.map((a) => [...c, ...a]));
  }
  return cases;
}

function alternativesOf(test: Test): readonly (readonly Affine[])[] | null {
  switch (test.kind) {
    case 'compare': return [[]];
    case 'index': return test.relation === '=' ? [[test.value, subtractAffine(integer(0), test.value)]] : [[test.value]];
    case 'and': return casesOf(test.tests);
    case 'or': {
      const all = test.tests.map(alternativesOf);
      const known = all.filter((a) => a !== null);
      const cases = known.flat();
      return known.length < all.length || cases.length > MOST_CASES ? null : cases;
    }
    case 'not': return alternativesOfNegation(test.test);
  }
}

function alternativesOfNegation(test: Test): readonly (readonly Affine[])[] | null {
  switch (test.kind) {
    case 'compare': return [[]];
    case 'index': {
      const above = addAffine(test.value, integer(-1));
      const below = subtractAffine(integer(-1), test.value);
      return test.relation === '=' ? [[above], [below]] : [[below]];
    }
    case 'and': return alternativesOf({ kind: 'or', tests: test.tests.map(not) });
    case 'or': return alternativesOf({ kind: 'and', tests: test.tests.map(not) });
    case 'not': return alternativesOf(test.test);
  }
}
