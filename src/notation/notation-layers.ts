// How a notation tells layers apart: by numbers, by symbols of their own, or by the letters of their units.

import type { Path } from '../spec/document.ts';
import { valueAt } from '../spec/validate.ts';
import type { NotationReading } from './notation-reading.ts';
import { roleNames } from './notation-schema.ts';
import type { SymbolRole } from './notation-spec.ts';

/** Each layer has its own of these. */
const ofEachLayer: readonly SymbolRole[] = ['weights', 'bias', 'pre-activation', 'activation', 'signal', 'output-signal'];

export function checkLayers(reading: NotationReading): void {
  checkNumbers(reading);
  const { spec: { layers, letters, symbols, samples }, document, report, line } = reading;
  if (layers.mark !== 'letters') return;
  const marked = document.keyPlace(['layers', 'mark']).line;
  if (line(['layers', 'brackets']) !== null) report.add('notation-brackets-of-nothing', document.place(['layers', 'brackets']), { line: marked });
  if (letters.layers.length > 0) return;
  if (layers.symbols.size === 0) {
    report.add('notation-layers-unmarked', document.place(['layers', 'mark']), null);
    return;
  }
  for (const role of ofEachLayer) {
    const lacking = [...layers.symbols].filter(([, own]) => own[role] === undefined).map(([number]) => number);
    checkShared(['symbols', role], symbols[role], role, lacking, marked);
    checkShared(['samples', 'symbols', role], samples.symbols[role], role, [...layers.symbols.keys()], marked);
  }
  /** A symbol without a number can stand for one layer only. */
  function checkShared(path: Path, name: string | undefined, role: SymbolRole, [first, second]: readonly number[], line: number): void {
    if (name === undefined || first === undefined || second === undefined) return;
    report.add('notation-layers-alike', document.place(path), { name, role: roleNames[role], first: `layer ${first}`, second: `layer ${second}`, line });
  }
}

/** Layers with symbols of their own are the first ones, without a gap. */
function checkNumbers({ spec: { layers }, document, report, line }: NotationReading): void {
  const path = ['layers', 'symbols'];
  const numbers = Object.keys(valueAt(document.value, path) ?? {});
  const wanted = numbers.map((_, n) => layers.input + 1 + n);
  const missing = wanted.filter((number) => !numbers.includes(String(number)));
  for (const number of numbers.filter((n) => !wanted.map(String).includes(n))) {
    report.add('notation-layer-number', document.keyPlace([...path, number]), {
      number, wanted: missing.shift() ?? layers.input + 1, input: layers.input, line: line(['layers', 'input']),
    });
  }
}
