// The whole numbers and the sizes that follow from others, as a layer's or a loss's file declares them.

import type { Affine } from '../algebra/affine.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { type DerivedSize, factsOfSize, whereNoSize } from './derived-size.ts';
import type { Path, SpecDocument } from './document.ts';
import type { WholeNumber } from './layer-spec.ts';
import type { Gaps } from './parts.ts';
import { namesIn } from './range.ts';
import { readSyntax, type Written } from './read-expression.ts';
import { spanOfName } from './syntax-parts.ts';
import { valueAt } from './validate.ts';
import type { Vocabulary } from './vocabulary.ts';

export const LARGEST_WHOLE = 1_000_000;

/** The whole number that a text says, or null. */
export function wholeFrom(text: string): number | null {
  const value = /^[-+]?[0-9]{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  return Math.abs(value) <= LARGEST_WHOLE ? value : null;
}

/**
 * The whole numbers with their bounds; a wrong one is 1, and has been reported.
 * @param given values in place of the defaults
 */
export function readIntegers(
  document: SpecDocument, path: Path, integers: Readonly<Record<string, unknown>>, given: ReadonlyMap<string, number>,
  vocabulary: Vocabulary, gaps: Gaps, report: Report,
): ReadonlyMap<string, WholeNumber> {
  const found = new Map<string, WholeNumber>();
  for (const name of Object.keys(integers)) {
    const at = [...path, name];
    const part = (key: string, otherwise: number): number => {
      const own = [...at, key];
      return valueAt(document.value, own) === undefined ? otherwise : readWhole(document, own, name, report) ?? otherwise;
    };
    const plain = typeof integers[name] === 'number';
    const [least, most] = plain ? [-LARGEST_WHOLE, LARGEST_WHOLE] : [part('least', -LARGEST_WHOLE), part('most', LARGEST_WHOLE)];
    const usual = plain ? readWhole(document, at, name, report) ?? 1 : part('default', 1);
    if (usual < least || usual > most) report.add('integer-out-of-range', document.place(plain ? at : [...at, 'default']), { name, value: usual, least, most });
    const value = given.get(name) ?? usual;
    if (vocabulary.add(name, { kind: 'integer', value }, 'a whole number', document.keyPlace(at))) found.set(name, { value, usual, least, most });
    else gaps.names.add(name);
  }
  return found;
}

function readWhole(document: SpecDocument, path: Path, name: string, report: Report): number | null {
  const text = document.written(path);
  const value = wholeFrom(text);
  if (value === null) report.add('not-whole', document.place(path), { name, text: text === '' ? 'no number' : text, most: LARGEST_WHOLE });
  return value;
}

export interface Derived {
  readonly derived: readonly DerivedSize[];
  readonly facts: readonly Affine[];
  /** Reports names that are no sizes: called once all sizes are known. */
  readonly check: (sizes: readonly string[]) => void;
}

/** The sizes that follow from others, put among the `sizes` and into the vocabulary. */
export function readDerivedSizes(
  document: SpecDocument, path: Path, formulas: Readonly<Record<string, unknown>>, integers: ReadonlyMap<string, number>,
  sizes: string[], vocabulary: Vocabulary, gaps: Gaps, report: Report,
): Derived {
  const derived: DerivedSize[] = [];
  const read: { name: string; written: Written }[] = [];
  const all: Affine[] = [];
  for (const name of Object.keys(formulas)) {
    const at = [...path, name];
    const written = readSyntax(document, at, report);
    const wrong = written === null ? null : whereNoSize(written.syntax);
    if (written !== null && wrong !== null) report.add('bad-size-formula', written.at(wrong), { text: document.written(at) });
    const usable = written !== null && wrong === null;
    const facts = usable ? factsOfSize(name, written.syntax, integers) : [];
    if (!vocabulary.add(name, { kind: 'size', facts }, 'a size', document.keyPlace(at))) {
      gaps.names.add(name);
      continue;
    }
    sizes.push(name);
    if (!usable) continue;
    all.push(...facts);
    read.push({ name, written });
    derived.push({ name, syntax: written.syntax, text: document.written(at), place: document.pairPlace(at) });
  }
  const check = (known: readonly string[]): void => {
    const order = derived.map((d) => d.name);
    for (const { name, written } of read) {
      for (const used of new Set(namesIn(written.syntax))) {
        const later = order.indexOf(used) >= order.indexOf(name);
        if (integers.has(used) || gaps.names.has(used) || (known.includes(used) && !(order.includes(used) && later))) continue;
        const usable = [...integers.keys(), ...known.filter((k) => !order.includes(k) || order.indexOf(k) < order.indexOf(name))];
        report.add('unknown-name', written.at(spanOfName(used, written.syntax) ?? written.syntax), { name: used, role: 'size', suggestion: nearest(used, usable), known: usable });
      }
    }
  };
  return { derived, facts: all, check };
}
