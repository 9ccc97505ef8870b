// The way in: the text of a notation file becomes a NotationSpec, or an error that holds everything wrong with it.

import { newReport, type Report, throwErrors } from '../diagnostics/report.ts';
import { type Path, readDocument, type Source, type SpecDocument } from '../spec/document.ts';
import { whyNoSpecName } from '../spec/names.ts';
import { kinds } from '../spec/read.ts';
import { validate, valueAt } from '../spec/validate.ts';
import { checkLayers } from './notation-layers.ts';
import { checkLetters } from './notation-letters.ts';
import { checkOptions } from './notation-options.ts';
import type { NotationReading } from './notation-reading.ts';
import { type NotationFile, notationSchema } from './notation-schema.ts';
import type { NotationSpec, SymbolRole, Symbols } from './notation-spec.ts';
import { checkSymbols } from './notation-symbols.ts';

/** The notation of a file. @throws DiagnosticError with all errors of the file */
export function readNotation(source: Source): NotationSpec {
  const report = newReport();
  const document = readDocument(source, report);
  throwErrors(report);
  refuseOtherKinds(document, report);
  validate(notationSchema, document, [], report);
  throwErrors(report);
  const spec = specOf(notationSchema.parse(document.value), document);
  const why = whyNoSpecName(spec.name);
  if (why !== null) report.add('bad-spec-name', document.place(['notation']), { name: spec.name, why });
  const line = (path: Path): number | null => (valueAt(document.value, path) === undefined ? null : document.keyPlace(path).line);
  const reading: NotationReading = { spec, line, document, report };
  for (const check of [checkSymbols, checkLayers, checkLetters, checkOptions]) check(reading);
  throwErrors(report);
  return spec;
}

/** A network, a layer, … where a notation is needed is one error, and not one for each of its keys. */
function refuseOtherKinds(document: SpecDocument, report: Report): void {
  const { value } = document;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const found = keys.includes('notation') ? undefined : kinds.find((kind) => keys.includes(kind));
  if (found !== undefined) report.add('wrong-kind', document.keyPlace([found]), { found, wanted: 'notation' });
  throwErrors(report);
}

/** What a key that is left out means: what nearly all texts do, and nothing where they differ. */
function specOf(file: NotationFile, document: SpecDocument): NotationSpec {
  const { source, letters = {}, layers = {}, signal = {}, samples = {} } = file;
  return {
    name: file.notation,
    title: file.title,
    source: { text: source.text, place: source.place, url: source.url ?? null, quoted: source.quoted ?? null },
    place: document.place(['notation']),
    symbols: symbolsIn(file.symbols),
    letters: {
      units: letters.units ?? [], layers: letters.layers ?? [], layer: letters.layer ?? 'k', last: letters.last ?? 'N',
      sample: letters.sample ?? 's', samples: letters.samples ?? 'samples',
    },
    layers: {
      mark: layers.mark ?? 'superscript', brackets: layers.brackets ?? 'round', input: layers.input ?? 0,
      weights: layers.weights ?? 'into', recursion: layers.recursion ?? 'down', forward: layers.forward ?? 'own',
      symbols: new Map(Object.entries(layers.symbols ?? {}).map(([number, symbols]) => [Number(number), symbolsIn(symbols)])),
    },
    functions: file.functions ?? 'each',
    weights: file.weights ?? 'to-from',
    vectors: file.vectors ?? 'columns',
    layout: file.layout ?? 'denominator',
    product: file.product ?? '⊙',
    dot: file.dot ?? false,
    transpose: file.transpose ?? 'T',
    derivative: file.derivative ?? 'partial',
    bold: file.bold ?? false,
    bias: file.bias ?? 'separate',
    biasIn: file['bias-in'] ?? 'pre-activation',
    signal: { of: signal.of ?? 'a', sign: signal.sign ?? 1 },
    samples: { as: samples.as ?? 'sum', mean: samples.mean ?? false, at: samples.at ?? 'gradient', symbols: symbolsIn(samples.symbols ?? {}) },
    kronecker: file.kronecker ?? false,
  };
}

/** The symbols that a file has, in its order. */
const symbolsIn = (symbols: { readonly [role in SymbolRole]?: string | undefined }): Symbols =>
  Object.fromEntries(Object.entries(symbols).filter(([, name]) => name !== undefined));
