// A derivation as JSON: every formula as data and as strings. The shape is stable; `version` counts its changes.

import * as Q from '../algebra/rational.ts';
import { tensorKey } from '../algebra/expression.ts';
import type { Derivation, Formula, Step } from '../derive/derivation.ts';
import type { WrittenStep } from '../notation/formula.ts';
import { latexStep, latexVector } from '../notation/latex.ts';
import { notationOf } from '../notation/notation.ts';
import { unicodeStep, unicodeVector } from '../notation/unicode.ts';
import type { Letters } from '../notation/indices.ts';
import type { WholeForm } from '../notation/vector-box.ts';
import { remarksOf } from './correlation-remarks.ts';
import { sectionsOf } from './sections.ts';
import { renamedSentence } from './sentences.ts';
import { einsumOf, vectorOf, vectorsOf } from './whole-forms.ts';
import { columns, rows, type Writing, writingOf, type WritingStyle } from './writing.ts';

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
  /** The forms in the layouts of the style that was asked for, each with its name; absent without one. */
  readonly layouts?: readonly (WholeJson & { readonly name: string })[];
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

export function derivationJson(derivation: Derivation, style: WritingStyle = {}): DerivationJson {
  const writing = writingOf(derivation, style);
  const sentence = (text: string): string => sentenceIn(text, new Map(), writing);
  return {
    format: 'backproof derivation', version: 1, name: derivation.name, title: sentence(derivation.title), signal: derivation.signal,
    signals: derivation.signals.map(tensorKey), bias: derivation.bias, assumptions: derivation.assumptions.map(sentence),
    sections: sectionsOf(derivation).map((s) => ({ id: s.id, title: sentence(s.title), steps: s.steps.map((step) => step.number) })),
    steps: derivation.steps.map((step) => stepJson(step, writing)),
  };
}

function stepJson(step: Step, writing: Writing): StepJson {
  const { derivation, options } = writing;
  const letters = notationOf(options);
  const [text, tex]: readonly WrittenStep[] = [unicodeStep(step, options), latexStep(step, options)];
  const sentence = (words: string): string => sentenceIn(words, text!.letters, writing);
  const written = (form: WholeForm, as = options): WholeJson => ({ unicode: unicodeVector(form, as), latex: latexVector(form, as) });
  const vector = (form: WholeForm | null): WholeJson | null => (form === null ? null : written(form));
  return {
    number: step.number, section: step.section, title: sentence(step.title), rule: step.rule, relation: step.relation,
    left: { unicode: text!.left, latex: tex!.left, data: plain(step.left) },
    right: step.right.map((r, n) => ({
      unicode: text!.right[n]!.text, latex: tex!.right[n]!.text, rule: r.rule, data: plain(r.formula),
    })),
    condition: { unicode: text!.condition, latex: tex!.condition },
    vector: {
      odot: vector(vectorOf(step, derivation, columns, letters)), diag: vector(vectorOf(step, derivation, rows, letters)), einsum: vector(einsumOf(step, writing)),
    },
    ...(writing.isPlain && !writing.all ? {} : { layouts: vectorsOf(step, writing).map((v) => ({ name: v.layout, ...written(v.form, v.options) })) }),
    sources: step.sources.map(({ file, line, column }) => ({ file, line, column })),
    remarks: remarksOf(step, options).map(sentence), verified: step.verified,
  };
}

/** Without a style sentences have the names of the data. */
const sentenceIn = (text: string, letters: Letters, { isPlain, sentences }: Writing): string =>
  (isPlain ? text : renamedSentence(text, letters, sentences));

/** The same structure without BigInts. */
const plain = (formula: Formula): unknown => JSON.parse(JSON.stringify(formula, (_key, value: unknown) =>
  (isRational(value) ? Q.show(value) : value)));

const isRational = (value: unknown): value is Q.Rational =>
  typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'bigint' && 'd' in value;
