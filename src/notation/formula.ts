// Formulas and steps as boxes: one choice of letters for all sides of an equality.

import type { Expression } from '../algebra/expression.ts';
import type { ChainFactor, Formula, Step } from '../derive/derivation.ts';
import type { Axis } from '../spec/network.ts';
import { type Box, letterOf, times } from './box.ts';
import { type Letters, freeOf, lettersFor, namesIn, withLetters } from './indices.ts';
import type { Notation } from './notation.ts';
import { isWholeAxis, typeset } from './typeset.ts';

/** Formulas that are read together, with the same letters for the same free indices. */
export function formulaBoxes(formulas: readonly Formula[], notation: Notation): readonly Box[] {
  return lettered(formulas, notation).boxes;
}

interface Lettered {
  readonly letters: Letters;
  readonly boxes: readonly Box[];
}

function lettered(formulas: readonly Formula[], notation: Notation, axes: readonly Axis[] = []): Lettered {
  const expressions = formulas.flatMap(expressionsOf);
  const avoid = namesIn(expressions);
  const letters = lettersFor([...new Set([...axes.map((a) => a.index), ...freeOf(expressions)])], avoid, notation.convention);
  const box = (e: Expression): Box => typeset(withLetters(e, letters, avoid, notation.convention), notation);
  return { letters, boxes: formulas.map((f) => formulaBox(f, box, notation)) };
}

function expressionsOf(formula: Formula): readonly Expression[] {
  switch (formula.kind) {
    case 'expression': return [formula.value];
    case 'partial': return formula.of === null ? [formula.by] : [formula.of, formula.by];
    case 'chain': return [];
  }
}

function formulaBox(formula: Formula, box: (e: Expression) => Box, notation: Notation): Box {
  const total = letterOf(notation.convention.total);
  switch (formula.kind) {
    case 'expression': return box(formula.value);
    case 'partial': return { kind: 'partial', of: formula.of === null ? total : box(formula.of), by: box(formula.by) };
    case 'chain': return chainBox(formula.factors, notation);
  }
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
}

export function stepBoxes(step: Step, notation: Notation): StepBoxes {
  const { letters, boxes } = lettered([step.left, ...step.right.map((r) => r.formula)], notation, step.axes);
  const [left, ...right] = boxes;
  return {
    left: left!,
    right: right.map((box, n) => ({ box, rule: step.right[n]!.rule })),
    axes: step.axes.map((axis) => ({
      letter: letters.get(axis.index) ?? axis.index,
      range: isWholeAxis(axis.range) && !notation.ranges ? null : axis.range,
    })),
  };
}
