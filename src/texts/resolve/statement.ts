// A statement as formulas of the algebra: the left side says which indices are free, every right side is read with them.

import { type Affine, index, type Range } from '../../algebra/affine.ts';
import { type Expression, multiply, number, ref } from '../../algebra/expression.ts';
import { freeIndices, freshIndex, references } from '../../algebra/traverse.ts';
import type { Formula } from '../../derive/derivation.ts';
import type { Axis } from '../../spec/network.ts';
import type { Quantifier, RelationSign, Statement, Term } from '../formula/ast.ts';
import { refuse } from '../problem.ts';
import { type Span, spanOf } from '../span.ts';
import { chainFormula, type Partial, partialOf, referenceIn } from './chain.ts';
import { isSignal, knowledgeOf, type ReadingContext } from './context.ts';
import { type Env, newBinding, type Reading } from './env.ts';
import { evaluate } from './evaluate.ts';
import { limitOf } from './indices.ts';
import { layerOf } from './layers.ts';
import { isTotal, letterIn, meaningsOf, type Named, namedOf } from './meaning.ts';
import { rangeOfIndex } from './over.ts';
import { isScalar, numberIn, shapeText, unify, type Value, rangeOf } from './value.ts';
import { holds, lettersIn } from './walk.ts';

export interface ReadSide {
  readonly formula: Formula;
  readonly range: Span;
}

/** A side with the sign between it and the one before. */
export interface RightSide extends ReadSide {
  readonly relation: RelationSign;
}

export interface ReadStatement {
  readonly left: ReadSide;
  readonly right: readonly RightSide[];
  /** The free indices in their order on the left side, with what they run over. */
  readonly axes: readonly Axis[];
  /** Whether it is of whole vectors and matrices. */
  readonly whole: boolean;
  readonly range: Span;
}

/** @throws Refusal */
export function readStatement(statement: Statement, quantifiers: readonly Quantifier[], context: ReadingContext): ReadStatement {
  const [left, ...right] = statement.sides;
  if (left === undefined || statement.signs.length === 0) return refuse('formula-incomplete', statement, { wanted: 'a relation and its two sides' });
  const reading = newReading(statement, context);
  const env: Env = {
    reading, scope: new Map(), collects: true, places: null, evaluate,
    rank: holds(left, isLetters) || right.some((t) => holds(t, isLetters)) ? rankOf(left, reading) ?? 0 : null,
  };
  quantify(quantifiers, env);
  const read = leftSide(left, right, env);
  // What the right side has of an index may be wider: a part of an axis is an axis of the left side.
  const axes = axesOf(read, env, left, []);
  const closed: Env = { ...env, collects: false, places: read.places };
  const sides = right.map((side, n): RightSide => {
    const formula = rightSide(side, read, closed);
    checkIndices(formula, read.formula, side);
    return { relation: statement.signs[n] ?? '=', formula, range: spanOf(side) };
  });
  return { left: { formula: read.formula, range: spanOf(left) }, right: sides, axes: axesOf(read, env, left, axes), whole: read.open.length > 0, range: spanOf(statement) };
}

/** An index that is free on the right stands on the left, too. */
function checkIndices(right: Formula, left: Formula, place: Span): void {
  const known = freeIn(left);
  for (const name of freeIn(right)) if (!known.has(name)) refuse('unknown-formula-index', place, { text: name, known: [...known] });
}

function freeIn(f: Formula): ReadonlySet<string> {
  switch (f.kind) {
    case 'expression': return freeIndices(f.value);
    case 'partial': return new Set([...(f.of === null ? [] : freeIndices(f.of)), ...freeIndices(f.by)]);
    case 'chain': return new Set();
    case 'multiple': return freeIn(f.of);
    case 'chain-rule': return new Set(f.terms.flatMap((t) => {
      const bound = new Set(t.axes.map((a) => a.index));
      return t.factors.flatMap(({ of, by }) => [...(of === null ? [] : freeIndices(of)), ...freeIndices(by)]).filter((name) => !bound.has(name));
    }));
  }
}

const isLetters = (t: Term): boolean => t.kind === 'letters';

function newReading(statement: Statement, context: ReadingContext): Reading {
  const letters = lettersIn(statement.sides);
  let count = 0;
  return {
    context, knowledge: knowledgeOf(context), free: new Map(), letters,
    fresh: (stem) => {
      count += 1;
      return `${stem}#${String(1000 + count)}`;
    },
  };
}

/** Letters that ∀ gives a range. */
function quantify(quantifiers: readonly Quantifier[], env: Env): void {
  for (const { variable, range } of quantifiers) {
    const named = namedOf(variable);
    const letter = named === null ? null : letterIn(named);
    const { letter: k } = env.reading.context.convention.layer;
    // ∀ k = 2, …, N speaks of layers, unless k is an index of the left side.
    if (letter === null || range === null || (letter === k && isOfLayers(range, env))) continue;
    const ends = { lo: limitOf(range.from, letter, { ...env, collects: false }), hi: limitOf(range.to, letter, { ...env, collects: false }) };
    env.reading.free.set(letter, newBinding(letter, letter, ends));
  }
}

const isOfLayers = ({ from, to }: { readonly from: Term; readonly to: Term }, { reading: { context } }: Env): boolean =>
  layerOf(from, context.convention) !== null && layerOf(to, context.convention) !== null;

interface LeftSide {
  readonly formula: Formula;
  /** Its value, where it has one; null for ∂of/∂by of entries. */
  readonly value: Value | null;
  /** Names of the axes that are left open, and where an entry of them stands. */
  readonly open: readonly Axis[];
  readonly point: readonly Affine[];
  readonly places: Range | null;
}

function leftSide(left: Term, right: readonly Term[], env: Env): LeftSide {
  const partial = partialOf(left);
  if (partial !== null && !isTotal(partial.of, env)) return partialSide(partial, env);
  if (partial !== null && right.some((side) => isWholeChain(side, env))) {
    const named = namedOf(partial.by);
    const [meaning] = named === null ? [] : meaningsOf(named, env);
    if (meaning?.kind === 'tensor') {
      return { formula: { kind: 'partial', of: null, by: ref(meaning.declared.tensor, []) }, value: null, open: [], point: [], places: null };
    }
  }
  const value = evaluate(left, env);
  const open = openAxes(value, left, env);
  const indices = open.map((a) => index(a.index));
  const point = value.whole?.point(indices) ?? placedBy(value, indices);
  const expression = value.at(point);
  return { formula: { kind: 'expression', value: expression }, value, open, point, places: placesOf(left, env) };
}

function partialSide({ of, by }: Partial, env: Env): LeftSide {
  const value = evaluate(of, env);
  if (!isScalar(value)) return refuse('no-shape', of, { what: 'what is differentiated', shape: shapeText(value), wanted: 'an entry' });
  return { formula: { kind: 'partial', of: numberIn(value), by: referenceIn(by, env) }, value: null, open: [], point: [], places: null };
}

const isWholeChain = (side: Term, env: Env): boolean => chainFormula(side, { ...env, collects: true, reading: { ...env.reading, free: new Map() } })?.kind === 'chain';

/** An index for every axis that is left open, by the letter of the axis where the formula does not use it. */
function openAxes(value: Value, left: Term, { reading }: Env): readonly Axis[] {
  const axes = value.whole?.axes ?? value.dims.flatMap((d): Axis[] => {
    const range = rangeOf(d);
    return range === null ? [] : [{ index: 'i', range }];
  });
  const taken = new Set(reading.letters);
  if (value.whole === undefined && axes.length > 2) refuse('no-shape', left, { what: 'the left side', shape: shapeText(value), wanted: 'a tensor' });
  return axes.map((axis) => {
    const name = freshIndex(axis.index, taken);
    taken.add(name);
    return { index: name, range: axis.range };
  });
}

function placedBy(value: Value, indices: readonly Affine[]): readonly Affine[] {
  let at = 0;
  return value.dims.map((d) => {
    if (rangeOf(d) === null) return { terms: [], constant: 1 };
    at += 1;
    return indices[at - 1] ?? { terms: [], constant: 1 };
  });
}

function rankOf(left: Term, reading: Reading): number | null {
  const named = namedOf(partialOf(left)?.by ?? left);
  if (named === null) return null;
  const env: Env = { reading, scope: new Map(), collects: true, places: null, rank: null, evaluate };
  const [meaning] = meaningsOf(named, env);
  return meaning?.kind === 'tensor' ? meaning.declared.axes.length : null;
}

/** What an argmax on the right may choose from. */
function placesOf(left: Term, env: Env): Range | null {
  const named: Named | null = namedOf(left);
  const [meaning] = named === null ? [] : meaningsOf(named, { ...env, collects: false });
  return meaning?.kind === 'tensor' && !meaning.adjoint ? meaning.declared.integer ?? null : null;
}

function rightSide(side: Term, left: LeftSide, env: Env): Formula {
  const chain = chainFormula(side, env) ?? multipleOfChain(side, env);
  if (chain !== null) return chain;
  const partial = partialOf(side);
  if (partial !== null && (!isTotal(partial.of, env) || isOfSignal(partial, env)) && left.open.length === 0) {
    const of = isTotal(partial.of, env) ? null : numberIn(evaluate(partial.of, env));
    return { kind: 'partial', of, by: referenceIn(partial.by, env) };
  }
  const value = evaluate(side, env);
  return { kind: 'expression', value: fitted(value, left, side) };
}

/** A chain with a number in front: that which a signal is of the derivative. */
function multipleOfChain(side: Term, env: Env): Formula | null {
  const [only, second] = side.kind === 'sum' ? side.terms : [{ negative: false, term: side }];
  if (only === undefined || second !== undefined) return null;
  const { factors, chain } = numberBefore(only.term, env);
  if (!only.negative && factors.length === 0) return null;
  // Several paths stand in brackets.
  const [inside] = chain.kind === 'fenced' && chain.open === '(' && chain.items.length === 1 ? chain.items : [chain];
  const partial = partialOf(chain);
  const of = chainFormula(inside ?? chain, env)
    ?? (partial !== null && isOfSignal(partial, env) ? { kind: 'partial', of: null, by: referenceIn(partial.by, env) } as const : null);
  if (of === null) return null;
  // 𝟏 is no number.
  const values = factors.map((f) => evaluate(f, env));
  return values.every(isScalar) ? { kind: 'multiple', factor: multiply([...(only.negative ? [number(-1)] : []), ...values.map(numberIn)]), of } : null;
}

/** m · ∂E/∂a · …: the numbers before the first derivative or sum, and the rest. */
function numberBefore(term: Term, env: Env): { readonly factors: readonly Term[]; readonly chain: Term } {
  if (term.kind !== 'product') return { factors: [], chain: term };
  const at = term.factors.findIndex((f) => !isConstant(f.term, env));
  const rest = term.factors.slice(at);
  const [first] = rest;
  if (at <= 0 || first === undefined) return { factors: [], chain: term };
  return { factors: term.factors.slice(0, at).map((f) => f.term), chain: rest.length === 1 ? first.term : { ...term, factors: rest, start: first.term.start } };
}

/** Numbers and sizes: nothing that has entries. */
const isConstant = (term: Term, env: Env): boolean => !holds(term, (t) => {
  if (partialOf(t) !== null) return true;
  const named = namedOf(t);
  return named !== null && meaningsOf(named, { ...env, collects: false }).some((m) => m.kind !== 'number');
});

/** What a signal is defined as. */
function isOfSignal({ by }: Partial, env: Env): boolean {
  const named = namedOf(by);
  const [meaning] = named === null ? [] : meaningsOf(named, env);
  return meaning?.kind === 'tensor' && isSignal(meaning.declared.tensor, env.reading.context);
}

/** The entry of a right side that stands where that of the left side stands. */
function fitted(value: Value, left: LeftSide, side: Term): Expression {
  const dims = left.value?.dims ?? value.dims;
  if (value.dims.length === 0) return numberIn(value);
  const fits = value.dims.length === dims.length && value.dims.every((d, n) => {
    const other = dims[n];
    return other !== undefined && unify(d, other);
  });
  if (!fits) {
    if (left.value === null) return numberIn(value);
    return refuse('shapes', side, { operation: 'equal each other', left: shapeText(left.value), right: shapeText(value) });
  }
  return left.value === null ? numberIn(value) : value.at(left.point);
}

/** The free indices: those that the left side shows and those of open axes, in the order of its entry; `known` are settled already. */
function axesOf(left: LeftSide, { reading }: Env, place: Span, known: readonly Axis[]): readonly Axis[] {
  const { formula } = left;
  const shown = formula.kind === 'expression' ? references(formula.value) : formula.kind === 'partial'
    ? [...(formula.of === null ? [] : references(formula.of)), ...references(formula.by)] : [];
  const order = [...new Set(shown.flatMap((r) => r.indices.flatMap((a) => a.terms.flatMap((t) => (t.symbol.kind === 'index' ? [t.symbol.name] : [])))))];
  return order.flatMap((name): readonly Axis[] => {
    const open = [...left.open, ...known].find((a) => a.index === name);
    const binding = [...reading.free.values()].find((b) => b.name === name);
    if (open !== undefined) return [open];
    return binding === undefined || (binding.range === null && binding.uses.length === 0) ? [] : [{ index: name, range: rangeOfIndex(binding, place, null) }];
  });
}
