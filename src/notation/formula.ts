// Formulas and steps as boxes: one choice of letters for all sides of an equality.

import { type Expression, multiply, ref, type Reference, sum, tensor } from '../algebra/expression.ts';
import type { ChainFactor, ChainTerm, Formula, Step } from '../derive/derivation.ts';
import type { Axis } from '../spec/network.ts';
import { type Box, letterOf, plus, times } from './box.ts';
import type { Convention } from './convention.ts';
import { type Letters, freeOf, lettersFor, namesIn, withLetters } from './indices.ts';
import type { Notation } from './notation.ts';
import { isWholeAxis, product, typeset } from './typeset.ts';

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

function lettered(formulas: readonly Formula[], notation: Notation, axes: readonly Axis[] = []): Lettered {
  const { letters, avoid } = chosenLetters(formulas.flatMap(expressionsOf), notation.convention, axes);
  const given = new Map<string, string>();
  const box = (e: Expression): Box => typeset(withLetters(e, letters, avoid, notation.convention, given), notation);
  return { letters, given, boxes: formulas.map((f) => formulaBox(f, box, notation)) };
}

/** Letters of free indices, and names that no index should take. */
function chosenLetters(
  expressions: readonly Expression[], convention: Convention, axes: readonly Axis[],
): { readonly letters: Letters; readonly avoid: ReadonlySet<string> } {
  const avoid = namesIn(expressions);
  return { letters: lettersFor([...new Set([...axes.map((a) => a.index), ...freeOf(expressions)])], avoid, convention), avoid };
}

function expressionsOf(formula: Formula): readonly Expression[] {
  switch (formula.kind) {
    case 'expression': return [formula.value];
    case 'partial': return formula.of === null ? [formula.by] : [formula.of, formula.by];
    case 'chain': return [];
    case 'chain-rule': return formula.terms.map(encoded);
    case 'multiple': return [formula.factor, ...expressionsOf(formula.of)];
  }
}

function formulaBox(formula: Formula, box: (e: Expression) => Box, notation: Notation): Box {
  const total = letterOf(notation.convention.total);
  switch (formula.kind) {
    case 'expression': return box(formula.value);
    case 'partial': return { kind: 'partial', of: formula.of === null ? total : box(formula.of), by: box(formula.by) };
    case 'chain': return plus(formula.paths.map((path) => chainBox(path, notation)));
    case 'chain-rule': return plus(formula.terms.map((term) => chainTermBox(box(encoded(term)), notation)));
    case 'multiple': {
      const { factor } = formula;
      return product(factor.kind === 'multiply' ? factor.factors : [factor], box, false, [formulaBox(formula.of, box, notation)]);
    }
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
  return times(shown.flatMap((of, n): Box[] => (n % 2 === 0 ? [{ kind: 'partial', of, by: shown[n + 1] ?? total }] : [])), 'dot');
}

/** The factors that the layer above has computed already stand over one brace. */
export function chainBox(factors: readonly ChainFactor[], notation: Notation): Box {
  const factor = (f: ChainFactor): Box => ({
    kind: 'partial',
    of: f.of === null ? letterOf(notation.convention.total) : letterOf(f.of.name, f.of.layer),
    by: letterOf(f.by.name, f.by.layer),
  });
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
  const { letters, given, boxes } = lettered(formulasOf(step), notation, step.axes);
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
export function shownResult(step: Step, { convention }: Notation): { readonly value: Expression; readonly letters: Letters } | null {
  const result = step.right.at(-1)?.formula;
  if (result?.kind !== 'expression') return null;
  const { letters, avoid } = chosenLetters(formulasOf(step).flatMap(expressionsOf), convention, step.axes);
  return { value: withLetters(result.value, letters, avoid, convention), letters };
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
