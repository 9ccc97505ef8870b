// LaTeX (amsmath) of expressions, formulas, steps and vector forms.

import type { Expression, Tensor } from '../algebra/expression.ts';
import { type Layer, layerK, sameLayer } from '../algebra/layer.ts';
import type { Formula, Step } from '../derive/derivation.ts';
import { type Notation, type NotationOptions, notationOf } from './notation.ts';
import { formulaBoxes, stepBoxes, type WrittenStep } from './formula.ts';
import { letterOf } from './box.ts';
import { layerNumberText } from './layer-mark.ts';
import { latexRows, printLatex } from './print-latex.ts';
import { affineBox } from './affine-box.ts';
import { signalBoxes } from './signal.ts';
import { vectorBoxes, type WholeForm } from './vector-box.ts';

/** Signs side by side that a page takes beside the left side and the rule. */
const ROW = 56;

export const latex = (e: Expression, options: NotationOptions = {}): string =>
  latexFormula({ kind: 'expression', value: e }, options);

export function latexFormula(formula: Formula, options: NotationOptions = {}): string {
  const notation = notationOf(options);
  return formulaBoxes([formula], notation).map((box) => printLatex(box, notation.convention)).join('');
}

export function latexStep(step: Step, options: NotationOptions = {}): WrittenStep {
  const notation = notationOf(options);
  const boxes = stepBoxes(step, notation);
  return {
    left: printLatex(boxes.left, notation.convention),
    relation: step.relation,
    right: boxes.right.map((r) => ({
      text: printLatex(r.box, notation.convention), rows: latexRows(r.box, notation.convention, ROW), rule: r.rule,
    })),
    condition: condition(boxes.axes, step, notation),
    letters: boxes.letters,
  };
}

/** `\forall i, \quad \forall j = 0, \dots, n, \quad \forall k = 2, \dots, N`. */
function condition(axes: ReturnType<typeof stepBoxes>['axes'], step: Step, { convention }: Notation): string {
  const letter = (name: string): string => printLatex(letterOf(name), convention);
  const end = (a: Parameters<typeof affineBox>[0]): string => printLatex(affineBox(a), convention);
  const whole = axes.filter((a) => a.range === null).map((a) => letter(a.letter));
  const ranged = axes.flatMap((a) => (a.range === null ? [] : [`${letter(a.letter)} = ${end(a.range.lo)}, \\dots, ${end(a.range.hi)}`]));
  const layer = (l: Layer): string => layerNumberText(l, convention, letter);
  const layers = step.layers === null ? [] : [`${layer(layerK())} = ${sameLayer(step.layers.from, step.layers.to)
    ? layer(step.layers.from) : `${layer(step.layers.from)}, \\dots, ${layer(step.layers.to)}`}`];
  return [...(whole.length > 0 ? [whole.join(', ')] : []), ...ranged, ...layers].map((c) => `\\forall ${c}`).join(', \\quad ');
}

export function latexVector(form: WholeForm, options: NotationOptions = {}): string {
  const notation = notationOf(options);
  const { left, right } = vectorBoxes(form, notation);
  return `${printLatex(left, notation.convention)} = ${printLatex(right, notation.convention)}`;
}

/** `\delta = \frac{...}{...}`: the signal's symbol, if it has one, and what it stands for. */
export function latexSignal(tensor: Tensor, options: NotationOptions = {}): string {
  const notation = notationOf(options);
  const { symbol, meaning } = signalBoxes(tensor, notation);
  return [...(symbol === null ? [] : [symbol]), meaning].map((box) => printLatex(box, notation.convention)).join(' = ');
}
