// Letters for indices: the algebra renames them i#2, i#3, …; a reader gets letters, without capture.

import { type Affine, index, type Range } from '../algebra/affine.ts';
import { bind, type Expression, isBinder } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';
import { freeIndices, mapChildren, substituteIndices, testAffines, visit } from '../algebra/traverse.ts';
import { SAMPLES } from '../spec/names.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import type { Convention, LayerMark } from './convention.ts';
import type { Notation, UnitsOf } from './notation.ts';

/** Shown names of the free indices of a formula, by their names in the algebra. */
export type Letters = ReadonlyMap<string, string>;

const stem = (name: string): string => name.replace(/#\d+$/, '');

/** A free index: its name in the algebra, and its range where that is known. */
export interface FreeIndex {
  readonly name: string;
  readonly range: Range | null;
}

/** What has to be known to choose letters for the formulas that are read together. */
export interface LetterRules {
  /** What no index that gets another letter should get. */
  readonly avoid: ReadonlySet<string>;
  /** What no index may be called, though it be its own letter: that of the layers, or a name that stands in the formulas. */
  readonly reserved: ReadonlySet<string>;
  /** The letters that the indices have in the spec. */
  readonly own: ReadonlySet<string>;
  readonly convention: Convention;
  readonly unitsOf: UnitsOf;
}

/** Letters for indices that are free in one formula: first those that the convention has letters for, those that keep their own, the others. */
export function lettersFor(free: readonly FreeIndex[], rules: LetterRules): Letters {
  const letters = new Map<string, string>();
  const taken = new Set<string>();
  const rank = (i: FreeIndex): number => (conventional(i, rules).length > 0 ? 0 : stem(i.name) === i.name ? 1 : 2);
  for (const index of [0, 1, 2].flatMap((n) => free.filter((i) => rank(i) === n))) {
    if (letters.has(index.name)) continue;
    const letter = freeLetter(index, taken, rules);
    letters.set(index.name, letter);
    taken.add(letter);
  }
  return letters;
}

/**
 * The expression with the letters of its free indices, and with letters for bound ones that no scope around uses.
 * @param given collects the letters of bound indices by their names in the algebra
 */
export function withLetters(e: Expression, letters: Letters, rules: LetterRules, given = new Map<string, string>()): Expression {
  const shown = substituteIndices(e, new Map([...letters].map(([name, letter]) => [name, index(letter)])));
  return renameBound(shown, new Set(letters.values()), rules, given);
}

function renameBound(e: Expression, taken: ReadonlySet<string>, rules: LetterRules, given: Map<string, string>): Expression {
  if (!isBinder(e)) return mapChildren(e, (child) => renameBound(child, taken, rules, given));
  const letter = freeLetter({ name: e.index, range: e.range }, taken, rules);
  if (!given.has(e.index)) given.set(e.index, letter);
  const body = substituteIndices(e.body, new Map([[e.index, index(letter)]]));
  return bind(e.kind, letter, e.range, renameBound(body, new Set([...taken, letter]), rules, given));
}

/** The letter that the convention has for it, its own where nobody has it, one of its family, any, primes. */
function freeLetter(index: FreeIndex, taken: ReadonlySet<string>, rules: LetterRules): string {
  const { layer, letters, primedUnits } = rules.convention;
  const isSample = conventionalSample(index, rules);
  const own = stem(index.name);
  const isFree = (letter: string): boolean => !taken.has(letter) && !rules.reserved.has(letter) && (isSample || letter !== letters.sample?.[0]);
  const fitting = conventional(index, rules);
  const wanted = fitting.find((l) => isFree(l) && !numberLetters(layer).includes(l));
  if (wanted !== undefined) return wanted;
  const [first] = fitting;
  if (primedUnits === true && first !== undefined && !isSample) return primed(first, isFree);
  if (fitting.length === 0 && isFree(own)) return own;
  const family = Object.hasOwn(letters, own) ? letters[own] ?? [] : [];
  const spare = [...family, ...letters.other].filter((l) => isFree(l) && !rules.avoid.has(l));
  // Who has to give up the own letter does not push others out of theirs.
  const [letter] = rules.reserved.has(own) ? [...spare.filter((l) => !rules.own.has(l)), ...spare] : spare;
  if (letter !== undefined) return letter;
  return primed(own, isFree);
}

function primed(letter: string, isFree: (letter: string) => boolean): string {
  for (let name = `${letter}′`; ; name += '′') if (isFree(name)) return name;
}

const conventionalSample = ({ name, range }: FreeIndex, { convention: { letters } }: LetterRules): boolean =>
  letters.sample !== undefined && range !== null && isSamplesAxis({ index: name, range });

/** What the convention calls an index that counts samples or units; none for any other. */
function conventional(free: FreeIndex, rules: LetterRules): readonly string[] {
  const { letters } = rules.convention;
  if (conventionalSample(free, rules)) return letters.sample ?? [];
  const units = rules.unitsOf(free.name, free.range);
  if (units === null) return [];
  const ofLayer = units === 'some' ? '' : letters.layers?.[placeOf(units)] ?? '';
  return [...(ofLayer === '' ? [] : [ofLayer]), ...(letters.units ?? [])];
}

/** Of a layer in general, the letters are for the one below, itself, and the one above; the last one is the uppermost. */
export const placeOf = ({ symbol, offset }: Layer): number => (symbol === null ? offset : symbol === 'N' ? offset + 2 : offset + 1);

/**
 * What keeps letters apart from names, for formulas that are read together.
 * @param layers whether the letters for layer numbers stand beside them
 */
export function letterRules(expressions: readonly Expression[], { convention, unitsOf }: Pick<Notation, 'convention' | 'unitsOf'>, layers: boolean): LetterRules {
  const { names, indices, own, generic, adjoints } = namesIn(expressions);
  const { layer, signal, total, derivative } = convention;
  const reserved = new Set([
    ...names, ...(names.has(SAMPLES) ? [convention.samples] : []), ...(layers || generic ? numberLetters(layer) : []),
    ...(adjoints ? [total, signal.a ?? total, signal.z ?? total, ...(derivative === 'd' ? ['d'] : [])] : []),
  ]);
  return { avoid: new Set([...indices, ...numberLetters(layer)]), reserved, own, convention, unitsOf };
}

/** The letters for layer numbers, and what a reader would take for them; none where symbols carry no number. */
const numberLetters = ({ kind, letter, last }: LayerMark): readonly string[] =>
  (kind === 'none' ? [] : [letter, last]).flatMap((l) => (l === 'ell' ? [l, 'l'] : [l]));

interface Names {
  /** Of tensors, symbols, sizes and functions. */
  readonly names: ReadonlySet<string>;
  /** Indices that are used as numbers. */
  readonly indices: ReadonlySet<string>;
  /** Of all indices, as the spec has them. */
  readonly own: ReadonlySet<string>;
  /** Whether layer k or N is among them. */
  readonly generic: boolean;
  readonly adjoints: boolean;
}

function namesIn(expressions: readonly Expression[]): Names {
  const [names, indices, own] = [new Set<string>(), new Set<string>(), new Set(freeOf(expressions).map(stem))];
  let [generic, adjoints] = [false, false];
  const add = (name: string, layer: Layer | null): void => {
    names.add(name);
    generic ||= layer !== null && layer.symbol !== null;
  };
  const sizes = (affine: Affine): void => {
    for (const { symbol } of affine.terms) if (symbol.kind === 'size') add(symbol.name, symbol.layer);
  };
  for (const expression of expressions) {
    visit(expression, (e) => {
      if (e.kind === 'ref') {
        add(e.tensor.name, e.tensor.layer);
        e.indices.forEach(sizes);
        adjoints ||= e.adjoint;
      } else if (e.kind === 'symbol') add(e.name, e.layer);
      else if (e.kind === 'call') {
        if (e.fn.kind === 'slot') add(e.fn.name, e.fn.layer);
      } else if (e.kind === 'affine') {
        sizes(e.value);
        for (const { symbol } of e.value.terms) if (symbol.kind === 'index') indices.add(symbol.name);
      } else if (e.kind === 'bracket') testAffines(e.test).forEach(sizes);
      else if (isBinder(e)) {
        own.add(stem(e.index));
        [e.range.lo, e.range.hi].forEach(sizes);
      }
    });
  }
  return { names, indices, own, generic, adjoints };
}

/** The free indices of several expressions, in order of appearance. */
export const freeOf = (expressions: readonly Expression[]): readonly string[] =>
  [...new Set(expressions.flatMap((e) => [...freeIndices(e)]))];
