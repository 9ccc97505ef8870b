// What a file says of entries: `values` (the entries of a tensor are integers of a range) and `outside` (what an entry
// outside the axes is worth).

import type { Range } from '../algebra/affine.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Path, SpecDocument } from './document.ts';
import type { LayerTensor } from './layer-spec.ts';
import { readRange } from './range.ts';
import type { Vocabulary } from './vocabulary.ts';

interface Ranges {
  readonly letters: ReadonlyMap<string, Range>;
  readonly integers: ReadonlyMap<string, number>;
  readonly addSizes: (names: readonly string[], path: Path) => void;
}

/** Marks the inputs and targets that hold integers. */
export function readValues(
  document: SpecDocument, path: Path, values: Readonly<Record<string, unknown>>, tensors: Map<string, LayerTensor>, vocabulary: Vocabulary,
  { letters, integers, addSizes }: Ranges, report: Report,
): void {
  for (const name of Object.keys(values)) {
    const at = [...path, name];
    const known = tensors.get(name);
    const data = [...tensors.values()].filter((t) => t.role === 'input' || t.role === 'target').map((t) => t.name);
    if (known === undefined) {
      report.add('unknown-name', document.keyPlace(at), { name, role: 'input or target', suggestion: nearest(name, data), known: data });
      continue;
    }
    if (!data.includes(name)) {
      report.add('values-of-no-input', document.keyPlace(at), { name, is: known.role === 'parameter' ? 'a parameter' : 'defined by an equation' });
      continue;
    }
    const result = readRange(document.written(at), new Set(letters.keys()), integers);
    if (result.kind === 'range') addSizes(result.sizes, at);
    const range = result.kind === 'range' ? result.range : result.kind === 'letter' ? letters.get(result.name) : undefined;
    if (range === undefined) {
      report.add('bad-range', document.place(at), { text: document.written(at) });
      continue;
    }
    tensors.set(name, { ...known, integer: range });
    vocabulary.markInteger(name, range);
  }
}

/** What entries outside their axes are worth, by tensor; those that no tensor of the file is named by are reported. */
export function checkOutside(
  document: SpecDocument, path: Path, outside: ReadonlyMap<string, Rational>, tensors: ReadonlyMap<string, LayerTensor>, report: Report,
): void {
  const known = [...tensors.keys()];
  for (const name of outside.keys()) {
    const tensor = tensors.get(name);
    const at = document.keyPlace([...path, name]);
    if (tensor === undefined) report.add('unknown-name', at, { name, role: 'tensor', suggestion: nearest(name, known), known });
    else if (tensor.axes.length === 0) report.add('outside-of-a-scalar', at, { name });
  }
}
