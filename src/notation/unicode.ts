// Unicode text of expressions, formulas, steps and vector forms, for terminals and comments.

import type { Expression, Tensor } from '../algebra/expression.ts';
import { type Layer, layerK, sameLayer } from '../algebra/layer.ts';
import type { Formula, Step } from '../derive/derivation.ts';
import { letterOf } from './box.ts';
import { layerNumberText } from './layer-mark.ts';
import { flat, type Layout } from './layout.ts';
import { formulaBoxes, stepBoxes, type WrittenStep } from './formula.ts';
import { type Notation, type NotationOptions, notationOf } from './notation.ts';
import { indexStyle, printUnicode, unicodeLayout } from './print-unicode.ts';
import { affineBox } from './affine-box.ts';
import { signalBoxes } from './signal.ts';
import { vectorBoxes, type WholeForm } from './vector-box.ts';

export const unicode = (e: Expression, options: NotationOptions = {}): string =>
  unicodeFormula({ kind: 'expression', value: e }, options);

export const unicodeFormula = (formula: Formula, options: NotationOptions = {}): string =>
  unicodeFormulas([formula], options).join('');

/** Formulas that are read together: the same letters, and the same way to write indices. */
export function unicodeFormulas(formulas: readonly Formula[], options: NotationOptions = {}): readonly string[] {
  const notation = notationOf(options);
  const boxes = formulaBoxes(formulas, notation);
  const style = indexStyle(boxes, notation.convention);
  return boxes.map((box) => printUnicode(box, notation.convention, style));
}

/** A step with its right sides as layouts, which can be broken into lines. */
export interface LaidOutStep extends Omit<WrittenStep, 'right'> {
  readonly right: readonly { readonly layout: Layout; readonly rule: string }[];
}

export function unicodeStepLayout(step: Step, options: NotationOptions = {}): LaidOutStep {
  const notation = notationOf(options);
  const boxes = stepBoxes(step, notation);
  const style = indexStyle([boxes.left, ...boxes.right.map((r) => r.box)], notation.convention);
  return {
    left: printUnicode(boxes.left, notation.convention, style),
    relation: step.relation,
    right: boxes.right.map((r) => ({ layout: unicodeLayout(r.box, notation.convention, style), rule: r.rule })),
    condition: condition(boxes.axes, step, notation),
    letters: boxes.letters,
  };
}

export function unicodeStep(step: Step, options: NotationOptions = {}): WrittenStep {
  const laidOut = unicodeStepLayout(step, options);
  return { ...laidOut, right: laidOut.right.map((r) => ({ text: flat(r.layout), rule: r.rule })) };
}

/** `∀ i, ∀ j = 0..n, ∀ k = 2..N`. */
function condition(axes: ReturnType<typeof stepBoxes>['axes'], step: Step, { convention }: Notation): string {
  const end = (a: Parameters<typeof affineBox>[0]): string => printUnicode(affineBox(a), convention, 'subscripts');
  const whole = axes.filter((a) => a.range === null).map((a) => a.letter);
  const ranged = axes.flatMap((a) => (a.range === null ? [] : [`${a.letter} = ${end(a.range.lo)}..${end(a.range.hi)}`]));
  const layer = (l: Layer): string => layerNumberText(l, convention, (name) => printUnicode(letterOf(name), convention, 'subscripts'));
  const layers = step.layers === null ? [] : [`${layer(layerK())} = ${sameLayer(step.layers.from, step.layers.to)
    ? layer(step.layers.from) : `${layer(step.layers.from)}..${layer(step.layers.to)}`}`];
  return [...(whole.length > 0 ? [whole.join(', ')] : []), ...ranged, ...layers].map((c) => `∀ ${c}`).join(', ');
}

export interface LaidOutVector {
  readonly left: string;
  readonly right: Layout;
}

export function unicodeVectorLayout(form: WholeForm, options: NotationOptions = {}): LaidOutVector {
  const notation = notationOf(options);
  const { left, right } = vectorBoxes(form, notation);
  const style = indexStyle([left, right], notation.convention);
  return { left: printUnicode(left, notation.convention, style), right: unicodeLayout(right, notation.convention, style) };
}

export function unicodeVector(form: WholeForm, options: NotationOptions = {}): string {
  const { left, right } = unicodeVectorLayout(form, options);
  return `${left} = ${flat(right)}`;
}

/** `δ = ∂E/∂a`: the signal's symbol, if it has one, and what it stands for. */
export function unicodeSignal(tensor: Tensor, options: NotationOptions = {}): string {
  const notation = notationOf(options);
  const { symbol, meaning } = signalBoxes(tensor, notation);
  return [...(symbol === null ? [] : [symbol]), meaning].map((box) => printUnicode(box, notation.convention, 'subscripts')).join(' = ');
}
