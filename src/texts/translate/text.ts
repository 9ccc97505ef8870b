// A text in a notation, about a network: what is needed to read its formulas and to write others as it would.

import type { Derivation } from '../../derive/derivation.ts';
import { notationFor, signalNames } from '../../notation/derivation-options.ts';
import { type Meanings, meaningsOf } from '../../notation/meant.ts';
import type { NotationSpec } from '../../notation/notation-spec.ts';
import type { NotationOptions } from '../../notation/notation.ts';
import { conventionOf, unitsOf } from '../../notation/setting.ts';
import { translateDerivation, type Translation } from '../../notation/translation.ts';
import { notationContext } from '../notation-context.ts';
import type { ReadingContext } from '../resolve/context.ts';

export interface Text {
  readonly spec: NotationSpec;
  readonly translation: Translation;
  readonly context: ReadingContext;
  readonly options: NotationOptions;
  /** For formulas of one sample, and of all. */
  readonly meanings: { readonly one: Meanings; readonly all: Meanings };
}

/**
 * @param derivation of what the text is about, in the program's own words
 * @throws DiagnosticError for what the notation cannot say
 */
export function textOf(derivation: Derivation, spec: NotationSpec): Text {
  const translation = translateDerivation(derivation, spec, signalNames(derivation, spec));
  const { plain, signalName, derivation: said } = translation;
  return {
    spec, translation, context: notationContext(derivation, translation),
    options: {
      ...notationFor(said), convention: conventionOf(spec, derivation.system), signalName, unitsOf: unitsOf(derivation.system, plain), system: said.system,
    },
    meanings: { one: meaningsOf(plain), all: meaningsOf({ ...plain, samples: derivation.reduction ?? 'open' }) },
  };
}
