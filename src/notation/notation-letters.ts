// Letters of a notation: for units, layers and samples; each is a letter, and stands for one thing.

import type { Path } from '../spec/document.ts';
import { greek } from './convention.ts';
import type { NotationReading } from './notation-reading.ts';
import { roleOf, symbolUses } from './notation-symbols.ts';
import type { NotationSpec } from './notation-spec.ts';

interface LetterUse {
  readonly name: string;
  /** What it counts, in words. */
  readonly is: string;
  readonly path: Path;
  /** Whether it is a size, which may have a subscript: n_l. */
  readonly size: boolean;
}

/** The letters that formulas of the notation have. */
function letterUses({ letters, layers }: NotationSpec): readonly LetterUse[] {
  const index = (name: string, is: string, ...path: Path): LetterUse => ({ name, is, path: ['letters', ...path], size: false });
  const numbered = layers.mark !== 'letters';
  return [
    ...letters.units.map((name, n) => index(name, 'a letter for units', 'units', n)),
    ...letters.layers.map((name, n) => index(name, `the letter for the units of layer ${layers.input + n}`, 'layers', n)),
    ...(numbered ? [index(letters.layer, 'the letter for a layer', 'layer')] : []),
    ...(numbered ? [{ ...index(letters.last, 'the number of the last layer', 'last'), size: true }] : []),
    index(letters.sample, 'the letter for a sample', 'sample'),
    { ...index(letters.samples, 'the number of samples', 'samples'), size: true },
  ];
}

const isLetter = (text: string): boolean => /^\p{L}$/u.test(text) || greek.has(text);

function isSizeLetter(text: string): boolean {
  const [base = '', ...below] = text.split('_');
  return isLetter(base) && (below.length === 0 || (below.length === 1 && below.every((part) => isLetter(part) || /^\d+$/.test(part))));
}

export function checkLetters(reading: NotationReading): void {
  const { spec, document, report, line } = reading;
  const uses = letterUses(spec);
  for (const { name, path, size } of uses) {
    if (name === 'samples' && path.at(-1) === 'samples') continue;
    if (size ? !isSizeLetter(name) : !isLetter(name)) report.add('notation-no-letter', document.place(path), { text: name, subscript: size });
  }
  uses.forEach((second, n) => {
    for (const first of uses.slice(0, n).filter(({ name }) => name === second.name)) {
      // The place is one that the file has.
      const [at, other] = line(second.path) === null ? [first, second] : [second, first];
      report.add('notation-letter-twice', document.place(at.path), { name: at.name, first: other.is, second: at.is, line: line(other.path) });
    }
  });
  for (const symbol of symbolUses(spec)) {
    for (const letter of uses.filter(({ name }) => name === symbol.name)) {
      report.add('notation-symbol-is-letter', document.place(symbol.path), {
        name: symbol.name, role: roleOf(symbol), letter: letter.is, line: line(letter.path),
      });
    }
  }
  checkUnits(reading);
}

/** One of two ways to name units, with a letter for each layer that formulas speak of. */
function checkUnits({ spec: { letters, layers, derivative }, document, report, line }: NotationReading): void {
  if (letters.units.length > 0 && letters.layers.length > 0) {
    report.add('keys-exclude', document.keyPlace(['letters', 'layers']), { first: 'units', second: 'layers' });
  }
  const wanted = layers.symbols.size === 0 ? 3 : layers.symbols.size + 1;
  if (letters.layers.length > 0 && letters.layers.length < wanted) {
    report.add('notation-letters-missing', document.place(['letters', 'layers']), {
      given: letters.layers.length, wanted, line: line(['layers', 'symbols']),
    });
  }
  for (const [key, list] of derivative === 'd' ? [['units', letters.units], ['layers', letters.layers]] as const : []) {
    if (list.includes('d')) {
      report.add('notation-derivative-letter', document.place(['letters', key, list.indexOf('d')]), { is: 'a letter for units', line: document.keyPlace(['derivative']).line });
    }
  }
}
