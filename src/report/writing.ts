// How a derivation is written: the convention of its symbols, the layouts of its vector forms, the words of its sentences.
// Without a style it is the program's own notation.

import type { Expression, Tensor } from '../algebra/expression.ts';
import type { Derivation, Step } from '../derive/derivation.ts';
import { articleConvention, type Convention } from '../notation/convention.ts';
import { inColumns, inRows, type MatrixLayout } from '../notation/matrix-layout.ts';
import type { NotationOptions, UnitsOf } from '../notation/notation.ts';
import type { WholeForm } from '../notation/vector-box.ts';
import { notationFor } from '../notation/derivation-options.ts';
import { isGeneric } from '../notation/translation.ts';
import { plainSentences, type SentenceStyle } from './sentences.ts';

/** A layout with its name before each formula: `in columns`. */
export interface NamedLayout {
  readonly name: string;
  readonly layout: MatrixLayout;
}

export interface Layouts {
  readonly shown: readonly NamedLayout[];
  /** What stands before a formula that is the same in all of several layouts. */
  readonly same: string;
  /** What the layouts mean, said once where a step has forms that differ, or the one layout has any; formulas between backticks. */
  readonly meaning: string | null;
  /** Whether derivatives by matrices that no matrix can hold are written with vec and ⊗. */
  readonly kronecker?: boolean;
}

/** What stands before the other ways to arrange the formula above. */
export const ALSO = 'or';

/** What a step says without indices. */
export interface NamedVector {
  /** `in columns`, `einsum`. */
  readonly layout: string;
  readonly form: WholeForm;
  /** How it is written, where that is not as the step is. */
  readonly options?: NotationOptions;
}

/** What a notation decides of how a derivation is written, whose formulas are in its symbols already. */
export interface WritingStyle {
  readonly convention?: Convention;
  readonly layouts?: Layouts;
  /** Which indices count the units of a layer. */
  readonly unitsOf?: UnitsOf;
  /** The symbol for ∂E/∂t, where each layer may have its own. */
  readonly signalName?: (t: Tensor) => string | null;
  /** What the signal's symbol is of ∂E/∂T; 1 where it is not given. */
  readonly signalFactor?: Expression;
  /** What a step says of all samples at once: the usual form, or all that are found. */
  readonly samples?: (step: Step, all: boolean) => readonly NamedVector[];
  /** How names and layer numbers in sentences, which are those of the algebra, are called. */
  readonly rename?: SentenceStyle['rename'];
  readonly layer?: SentenceStyle['layer'];
  /** The numbers of rows and columns below every part of a vector form. */
  readonly shapes?: boolean;
  /** Every arrangement of matrices that is found, instead of the usual one alone. */
  readonly all?: boolean;
}

/** A derivation with everything that writers need to know besides. */
export interface Writing {
  readonly derivation: Derivation;
  readonly options: NotationOptions;
  readonly layouts: Layouts;
  readonly sentences: SentenceStyle;
  readonly samples?: (step: Step, all: boolean) => readonly NamedVector[];
  readonly all: boolean;
  /** Whether it is in the program's own words. */
  readonly isPlain: boolean;
}

/** Equations that name the samples themselves have one in every row, as they stand. */
export const columns: MatrixLayout = { ...inColumns, samples: 'rows' };
export const rows: MatrixLayout = { ...inRows, samples: 'rows' };

const bothLayouts: Layouts = {
  shown: [{ name: 'in columns', layout: columns }, { name: 'in rows', layout: rows }], same: 'in vectors',
  meaning: 'In columns: a derivative has the shape of what it is taken by. In rows: `∂E/∂v` of a column `v` is a row, and `∂E/∂W` has the shape of `Wᵀ`.',
};

export function writingOf(derivation: Derivation, style: WritingStyle = {}): Writing {
  const { convention = articleConvention, layouts, unitsOf, signalFactor, signalName, shapes = false, all = false } = style;
  return {
    derivation,
    options: {
      ...notationFor(derivation), convention, ...(unitsOf === undefined ? {} : { unitsOf }), ...(signalName === undefined ? {} : { signalName }), ...(signalFactor === undefined ? {} : { signalFactor }),
      ...(shapes ? { shapes } : {}),
    },
    layouts: layouts ?? bothLayouts,
    ...(style.samples === undefined ? {} : { samples: style.samples }),
    all, isPlain: Object.keys(style).every((key) => key === 'shapes' || key === 'all'),
    sentences: {
      convention, rename: style.rename ?? plainSentences.rename, layer: style.layer ?? plainSentences.layer, generic: isGeneric(derivation),
    },
  };
}

