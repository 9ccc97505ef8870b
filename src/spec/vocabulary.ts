// The names of one spec: each has one meaning, and reads as a name.

import type { Range } from '../algebra/affine.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { describe, type Meaning, type Names } from './meaning.ts';
import { whyNoIdentifier, whyNoTensorOfLayer } from './names.ts';

export interface Vocabulary {
  readonly names: Names;
  /** Adds a name, or reports why it cannot be added; whether it was. */
  add(name: string, meaning: Meaning, what: string, place: Place): boolean;
  /** Adds a word of the language that a file makes use of. */
  grant(name: string, meaning: Meaning): void;
  /** Notes that the entries of a tensor are integers of a range. */
  markInteger(name: string, integer: Range): void;
}

/**
 * @param rejected receives the names that cannot be added
 * @param of what the file describes: the tensors of a layer carry its number, and so have a name more to choose from
 */
export function newVocabulary(report: Report, rejected: Set<string>, of: 'layer' | 'other'): Vocabulary {
  const names = new Map<string, Meaning>();
  const roles = new Map<string, string>();
  return {
    names,
    grant: (name, meaning) => {
      names.set(name, meaning);
    },
    add: (name, meaning, what, place) => {
      const why = of === 'layer' && meaning.kind === 'tensor' ? whyNoTensorOfLayer(name) : whyNoIdentifier(name);
      if (why !== null) {
        report.add('bad-name', place, { name, why });
        rejected.add(name);
        return false;
      }
      const known = names.get(name);
      if (known !== undefined) {
        report.add('duplicate-name', place, { name, first: roles.get(name) ?? describe(known), second: what });
        return false;
      }
      names.set(name, meaning);
      roles.set(name, what);
      return true;
    },
    markInteger: (name, integer) => {
      const meaning = names.get(name);
      if (meaning?.kind === 'tensor') names.set(name, { ...meaning, integer });
    },
  };
}
