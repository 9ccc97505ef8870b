// What the names of a spec stand for, and how the translation of an expression reports what is wrong with it.

import type { Rational } from '../algebra/rational.ts';
import type { Affine, Range } from '../algebra/affine.ts';
import type { Tensor } from '../algebra/expression.ts';
import type { Code, DataOf } from '../diagnostics/catalogue.ts';
import type { Axis } from './network.ts';
import type { Span } from './syntax.ts';

export type Meaning =
  /** An index letter and the range that `axes` gives it. */
  | { readonly kind: 'letter'; readonly range: Range }
  /** `facts`: affine expressions that are ≥ 0 because of how this size follows from others. */
  | { readonly kind: 'size'; readonly facts?: readonly Affine[] }
  /** A whole number that stands in indices and ranges. */
  | { readonly kind: 'integer'; readonly value: number }
  /** A hyperparameter. Where `symbol` says so it stays one, but for exponents: those are numbers. */
  | { readonly kind: 'constant'; readonly value: Rational; readonly symbol: boolean }
  /** The one variable of an activation or a penalty. */
  | { readonly kind: 'argument' }
  /** `unknown` axes: the tensor's own equation was wrong, so that references to it are not judged. `integer`: what its entries are. */
  | { readonly kind: 'tensor'; readonly tensor: Tensor; readonly axes: readonly Axis[] | null; readonly integer?: Range }
  | { readonly kind: 'slot' };

export type Names = ReadonlyMap<string, Meaning>;

/** Reports something about a part of one expression. */
export type ReportAt = <C extends Code>(code: C, span: Span, data: DataOf<C>) => void;

/** How messages call what a name stands for. */
export function describe(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'letter': return 'an index letter';
    case 'size': return 'a size';
    case 'integer': return 'a whole number';
    case 'constant': return 'a constant';
    case 'argument': return 'the variable';
    case 'tensor': return meaning.axes?.length === 0 ? 'a scalar' : 'a tensor';
    case 'slot': return 'an activation function';
  }
}
