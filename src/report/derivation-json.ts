// A derivation as JSON: every formula as data and as strings. The shape is stable; `version` counts its changes.

import * as Q from '../algebra/rational.ts';
import { tensorKey } from '../algebra/expression.ts';
import type { Derivation, Formula, Step } from '../derive/derivation.ts';
import type { WrittenStep } from '../notation/formula.ts';
import { latexStep, latexVector } from '../notation/latex.ts';
import { unicodeStep, unicodeVector } from '../notation/unicode.ts';
import type { WholeForm } from '../notation/vector-box.ts';
import { remarksOf } from './correlation-remarks.ts';
import { notationFor, sectionsOf } from './sections.ts';
import { columns, rows, einsumOf, vectorOf } from './whole-forms.ts';

/** One side of an equality; `data` is the formula as in the library's types, with rational numbers as strings "-1/2". */
export interface FormulaJson {
  readonly unicode: string;
  readonly latex: string;
  readonly data: unknown;
}

type WholeJson = Omit<FormulaJson, 'data'>;

export interface StepJson {
  readonly number: number;
  readonly section: string;
  readonly title: string;
  /** The rule of the last equality. */
  readonly rule: string;
  readonly relation: '=' | ':=';
  readonly left: FormulaJson;
  readonly right: readonly (FormulaJson & { readonly rule: string })[];
  /** For which indices and layers it holds. */
  readonly condition: { readonly unicode: string; readonly latex: string };
  /** Vector forms in denominator layout (odot) and in numerator layout (diag), and an einsum; null where there is none. */
  readonly vector: { readonly odot: WholeJson | null; readonly diag: WholeJson | null; readonly einsum: WholeJson | null };
  readonly sources: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  readonly remarks: readonly string[];
  readonly verified: Step['verified'];
}

export interface DerivationJson {
  readonly format: 'backproof derivation';
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly signal: Derivation['signal'];
  /** Tensors whose adjoints are the signal: `a@k`, `a@3`. */
  readonly signals: readonly string[];
  readonly bias: Derivation['bias'];
  readonly assumptions: readonly string[];
  readonly sections: readonly { readonly id: string; readonly title: string; readonly steps: readonly number[] }[];
  readonly steps: readonly StepJson[];
}

export function derivationJson(derivation: Derivation): DerivationJson {
  return {
    format: 'backproof derivation', version: 1, name: derivation.name, title: derivation.title, signal: derivation.signal,
    signals: derivation.signals.map(tensorKey), bias: derivation.bias, assumptions: derivation.assumptions,
    sections: sectionsOf(derivation).map((s) => ({ id: s.id, title: s.title, steps: s.steps.map((step) => step.number) })),
    steps: derivation.steps.map((step) => stepJson(step, derivation)),
  };
}

function stepJson(step: Step, derivation: Derivation): StepJson {
  const options = notationFor(derivation);
  const [text, tex]: readonly WrittenStep[] = [unicodeStep(step, options), latexStep(step, options)];
  const vector = (form: WholeForm | null): WholeJson | null =>
    (form === null ? null : { unicode: unicodeVector(form, options), latex: latexVector(form, options) });
  return {
    number: step.number, section: step.section, title: step.title, rule: step.rule, relation: step.relation,
    left: { unicode: text!.left, latex: tex!.left, data: plain(step.left) },
    right: step.right.map((r, n) => ({
      unicode: text!.right[n]!.text, latex: tex!.right[n]!.text, rule: r.rule, data: plain(r.formula),
    })),
    condition: { unicode: text!.condition, latex: tex!.condition },
    vector: {
      odot: vector(vectorOf(step, derivation, columns)), diag: vector(vectorOf(step, derivation, rows)), einsum: vector(einsumOf(step, derivation)),
    },
    sources: step.sources.map(({ file, line, column }) => ({ file, line, column })),
    remarks: remarksOf(step, derivation), verified: step.verified,
  };
}

/** The same structure without BigInts. */
const plain = (formula: Formula): unknown => JSON.parse(JSON.stringify(formula, (_key, value: unknown) =>
  (isRational(value) ? Q.show(value) : value)));

const isRational = (value: unknown): value is Q.Rational =>
  typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'bigint' && 'd' in value;
