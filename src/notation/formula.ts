// Formulas and steps as boxes: one choice of letters for all sides of an equality.

import { plainIndex, type Range } from '../algebra/affine.ts';
import { type Expression, multiply, ref, type Reference, sum, tensor, type Tensor } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { ChainFactor, ChainTerm, Formula, Step } from '../derive/derivation.ts';
import type { Axis } from '../spec/network.ts';
import { type Box, letterOf, plus, times } from './box.ts';
import { freeOf, type LetterRules, letterRules, type Letters, lettersFor, withLetters } from './indices.ts';
import type { Notation } from './notation.ts';
import { partialBox, tensorBox } from './symbols.ts';
import { isWholeAxis, typeset } from './typeset.ts';

/** Formulas that are read together, with the same letters for the same free indices. */
export function formulaBoxes(formulas: readonly Formula[], notation: Notation): readonly Box[] {
  return lettered(formulas, notation).boxes;
}

interface Lettered {
  readonly letters: Letters;
  /** Of bound indices. */
  readonly given: Letters;
  readonly boxes: readonly Box[];
}

function lettered(formulas: readonly Formula[], notation: Notation, step: Surroundings = nothing): Lettered {
  const { letters, rules } = chosenLetters(formulas.flatMap(expressionsOf), notation, step);
  const given = new Map<string, string>();
  const box = (e: Expression): Box => typeset(withLetters(e, letters, rules, given), notation);
  return { letters, given, boxes: formulas.map((f) => formulaBox(f, box, notation)) };
}

/** What stands beside formulas: the ranges of free indices and of layer numbers. */
type Surroundings = Pick<Step, 'axes' | 'layers'>;
const nothing: Surroundings = { axes: [], layers: null };

/** Letters of free indices, those of the left side first, and what keeps letters apart from names. */
function chosenLetters(
  expressions: readonly Expression[], notation: Notation, { axes, layers }: Surroundings,
): { readonly letters: Letters; readonly rules: LetterRules } {
  const rules = letterRules(expressions, notation, layers !== null);
  const inFormulas = freeOf(expressions);
  const names = [...inFormulas.filter((name) => axes.some((a) => a.index === name)), ...axes.map((a) => a.index), ...inFormulas];
  const ranges = new Map([...expressions.flatMap((e) => [...axesIn(e, notation)]), ...axes.map((a) => [a.index, a.range] as const)]);
  return { letters: lettersFor([...new Set(names)].map((name) => ({ name, range: ranges.get(name) ?? null })), rules), rules };
}

/** How far indices reach, where they stand for the axis of a tensor that is declared. */
function axesIn(e: Expression, notation: Notation): readonly (readonly [string, Range])[] {
  return references(e).flatMap((r) => r.indices.flatMap((a, n) => {
    const [name, range] = [plainIndex(a), notation.axisOf(r, n)];
    return name === null || range === null ? [] : [[name, range] as const];
  }));
}

function expressionsOf(formula: Formula): readonly Expression[] {
  switch (formula.kind) {
    case 'expression': return [formula.value];
    case 'partial': return formula.of === null ? [formula.by] : [formula.of, formula.by];
    case 'chain': return [];
    case 'chain-rule': return formula.terms.map(encoded);
  }
}

function formulaBox(formula: Formula, box: (e: Expression) => Box, notation: Notation): Box {
  switch (formula.kind) {
    case 'expression': return box(formula.value);
    case 'partial': return partialBox(formula.of === null ? null : box(formula.of), box(formula.by), notation);
    case 'chain': return plus(formula.paths.map((path) => chainBox(path, notation)));
    case 'chain-rule': return plus(formula.terms.map((term) => chainTermBox(box(encoded(term)), notation)));
  }
}

const E = tensor('');

/** A chain-rule term as an expression, so that its indices get letters with all others: Σ … of·by·of·by. */
function encoded(term: ChainTerm): Expression {
  const entries = term.factors.flatMap((f): Reference[] => [f.of ?? ref(E, []), f.by]);
  return term.axes.reduceRight<Expression>((body, axis) => sum(axis.index, axis.range, body), multiply(entries));
}

/** The sums again, with the entries in pairs: ∂of/∂by · ∂of/∂by. */
function chainTermBox(box: Box, notation: Notation): Box {
  if (box.kind === 'over') return { ...box, body: chainTermBox(box.body, notation) };
  const entries = box.kind === 'times' ? box.factors : [box];
  const total = letterOf(notation.convention.total);
  const shown = entries.map((e) => (e.kind === 'letter' && e.name === E.name ? total : e));
  return times(shown.flatMap((of, n): Box[] => (n % 2 === 0 ? [partialBox(of, shown[n + 1] ?? total, notation)] : [])), 'dot');
}

/** The factors that the layer above has computed already stand over one brace. */
export function chainBox(factors: readonly ChainFactor[], notation: Notation): Box {
  const whole = (tensor: Tensor): Box => tensorBox({ tensor, adjoint: false, indices: [], whole: notation.rankOf(tensor) !== 0 }, notation);
  const factor = (f: ChainFactor): Box => partialBox(f.of === null ? null : whole(f.of), whole(f.by), notation);
  const boxes: Box[] = [];
  let shared: Box[] = [];
  const close = (): void => {
    if (shared.length > 0) boxes.push({ kind: 'brace', body: times(shared, 'dot'), note: 'shared' });
    shared = [];
  };
  for (const f of factors) {
    if (f.shared) shared.push(factor(f));
    else {
      close();
      boxes.push(factor(f));
    }
  }
  close();
  return times(boxes, 'dot');
}

/** A step on paper: both sides with the rules, and for which indices and layers it holds. */
export interface StepBoxes {
  readonly left: Box;
  readonly right: readonly { readonly box: Box; readonly rule: string }[];
  /** Letters of the free indices; `range` null where it is the whole axis 1..size. */
  readonly axes: readonly { readonly letter: string; readonly range: Axis['range'] | null }[];
  /** Letters of indices by their names in the algebra (`j#2`), for sentences about the step. */
  readonly letters: Letters;
}

export function stepBoxes(step: Step, notation: Notation): StepBoxes {
  const { letters, given, boxes } = lettered(formulasOf(step), notation, step);
  const [left, ...right] = boxes;
  return {
    left: left!,
    letters: new Map([...given, ...letters]),
    right: right.map((box, n) => ({ box, rule: step.right[n]!.rule })),
    axes: step.axes.map((axis) => ({
      letter: letters.get(axis.index) ?? axis.index,
      range: isWholeAxis(axis.range) && !notation.ranges ? null : axis.range,
    })),
  };
}

/** What a step comes to, with the letters that it is shown with, and those of its free indices; null where that is no expression. */
export function shownResult(step: Step, notation: Notation): { readonly value: Expression; readonly letters: Letters } | null {
  const result = step.right.at(-1)?.formula;
  if (result?.kind !== 'expression') return null;
  const { letters, rules } = chosenLetters(formulasOf(step).flatMap(expressionsOf), notation, step);
  return { value: withLetters(result.value, letters, rules), letters };
}

const formulasOf = (step: Step): readonly Formula[] => [step.left, ...step.right.map((r) => r.formula)];

/** A step's sides, each ready for a column of an aligned block, and the condition under which it holds (or ''). */
export interface WrittenStep {
  readonly left: string;
  readonly relation: string;
  /** `rows` is the same in pieces that fit a page, where the writer has such. */
  readonly right: readonly { readonly text: string; readonly rows?: readonly string[]; readonly rule: string }[];
  readonly condition: string;
  /** Letters of indices by their names in the algebra (`j#2`), for sentences about the step. */
  readonly letters: Letters;
}
