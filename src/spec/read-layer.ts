// From the file of a layer or a loss to its meaning: names, shapes, equations, and what is wrong with them.

import { type Range, sameAffine } from '../algebra/affine.ts';
import { tensor } from '../algebra/expression.ts';
import { parseDecimal, type Rational, ZERO } from '../algebra/rational.ts';
import { freshIndex } from '../algebra/traverse.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Path, SpecDocument } from './document.ts';
import type { LayerSpec, LayerTensor } from './layer-spec.ts';
import { whyNoSpecName } from './names.ts';
import type { Axis, Role } from './network.ts';
import { noNumbers, type Numbers } from './numbers.ts';
import { readRange } from './range.ts';
import { readEquations } from './read-equations.ts';
import { readAssumptions } from './read-assumptions.ts';
import { readSeparate } from './read-separate.ts';
import { readDerivedSizes, readIntegers } from './read-sizes.ts';
import { checkOutside, readValues } from './read-values.ts';
import { writeOutPairs } from './sample-pairs.ts';
import { checkSamplesAxes } from './samples-axis.ts';
import type { LayerFile, LossFile } from './schema.ts';
import { type Gaps, type Usable, withoutEchoes } from './parts.ts';
import { valueAt } from './validate.ts';
import { newVocabulary, type Vocabulary } from './vocabulary.ts';

type Shapes = Readonly<Record<string, readonly (string | number)[]>>;

/** The parts of a layer's or a loss's file, with the place of each. */
interface Parts {
  readonly name: string;
  readonly title: string | undefined;
  readonly axes: Readonly<Record<string, string | number>>;
  readonly shapes: readonly { readonly key: string; readonly role: Role; readonly is: string; readonly shapes: Shapes }[];
  readonly constants: Readonly<Record<string, number>>;
  readonly integers: Readonly<Record<string, unknown>>;
  readonly sizes: Readonly<Record<string, unknown>>;
  readonly assume: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly outside: Readonly<Record<string, number>>;
  readonly slots: Readonly<Record<string, string>>;
  readonly preActivation: readonly string[] | undefined;
}

/**
 * The layer that a file describes; its meaning is of no use when the report holds errors.
 * @param numbers values in place of the defaults
 */
export function layerFrom(
  document: SpecDocument, path: Path, { file, gaps }: Usable<LayerFile>, report: Report, numbers: Numbers = noNumbers,
): LayerSpec {
  const spec = read(document, path, {
    name: file.layer,
    title: file.title,
    axes: file.axes ?? {},
    shapes: [
      { key: 'input', role: 'input', is: 'an input', shapes: file.input },
      { key: 'parameters', role: 'parameter', is: 'a parameter', shapes: file.parameters ?? {} },
      { key: 'output', role: 'variable', is: 'an output', shapes: file.output },
    ],
    constants: file.constants ?? {},
    integers: file.integers ?? {},
    sizes: file.sizes ?? {},
    assume: file.assume ?? [],
    values: file.values ?? {},
    outside: file.outside ?? {},
    slots: file.slots ?? {},
    preActivation: file['pre-activation'],
  }, Object.keys(file.equations).map((left) => ({ left, path: [...path, 'equations', left] })), 'layer', gaps, report, numbers);
  const separate = file.separate === undefined ? null
    : readSeparate(document, [...path, 'separate'], file.separate, spec, report);
  return { ...spec, augmented: file.augmented ?? null, augmentedLast: file['augmented-last'] ?? null, separate };
}

/** The loss that a file describes: a layer with targets. */
export function lossFrom(
  document: SpecDocument, path: Path, { file, gaps }: Usable<LossFile>, report: Report, numbers: Numbers = noNumbers,
): LayerSpec {
  const given = (key: string): boolean => valueAt(document.value, [...path, key]) !== undefined;
  const short = file.expression !== undefined;
  if (given('expression') && given('equations')) report.add('keys-exclude', document.keyPlace([...path, 'equations']), { first: 'expression', second: 'equations' });
  if (!given('expression') && !given('equations')) report.add('missing-key', document.place(path), { name: 'expression', wanted: 'the formula of the loss' });
  const output: Shapes = file.output ?? { L: [] };
  const outputs = Object.keys(output);
  // A loss that names the samples has one value for each of them.
  const perSample = (shape: readonly (string | number)[]): boolean => shape.length === 1 && [shape[0], file.axes?.[String(shape[0])]].includes('samples');
  const axed = outputs.find((name) => output[name]?.length !== 0 && !perSample(output[name] ?? []));
  if ((outputs.length !== 1 && !gaps.all && gaps.names.size === 0) || axed !== undefined) report.add('not-scalar-loss', document.place([...path, 'output']), { name: axed ?? '' });
  const equations = short ? [{ left: outputs[0] ?? 'L', path: [...path, 'expression'] }]
    : Object.keys(file.equations ?? {}).map((left) => ({ left, path: [...path, 'equations', left] }));
  return read(document, path, {
    name: file.loss,
    title: file.title,
    axes: file.axes ?? {},
    shapes: [
      { key: 'input', role: 'input', is: 'an input', shapes: file.input },
      { key: 'target', role: 'target', is: 'a target', shapes: file.target ?? {} },
      { key: 'output', role: 'variable', is: 'the loss', shapes: output },
    ],
    constants: file.constants ?? {},
    integers: file.integers ?? {},
    sizes: file.sizes ?? {},
    assume: file.assume ?? [],
    values: file.values ?? {},
    outside: file.outside ?? {},
    slots: {},
    preActivation: undefined,
  }, equations, 'loss', gaps, report, numbers);
}

function read(
  document: SpecDocument, path: Path, parts: Parts, lines: readonly { left: string; path: Path }[], key: 'layer' | 'loss', gaps: Gaps,
  loud: Report, given: Numbers,
): LayerSpec {
  const report = withoutEchoes(loud, gaps);
  const why = parts.name === '' ? null : whyNoSpecName(parts.name);
  if (why !== null) report.add('bad-spec-name', document.place([...path, key]), { name: parts.name, why });
  const vocabulary = newVocabulary(report, gaps.names, key === 'layer' ? 'layer' : 'other');
  const sizes: string[] = [];
  const declared = readIntegers(document, [...path, 'integers'], parts.integers, given.integers, vocabulary, gaps, report);
  const integers = new Map([...declared].map(([name, { value }]) => [name, value]));
  const derived = readDerivedSizes(document, [...path, 'sizes'], parts.sizes, integers, sizes, vocabulary, gaps, report);
  const letters = readAxes(document, [...path, 'axes'], parts.axes, integers, vocabulary, sizes, gaps, report);
  const tensors = new Map<string, LayerTensor>();
  for (const group of parts.shapes) {
    for (const [name, shape] of Object.entries(group.shapes)) {
      const at = [...path, group.key, name];
      const axes = readShape(document, at, shape, letters, integers, vocabulary, sizes, gaps, report);
      const added = vocabulary.add(name, { kind: 'tensor', tensor: tensor(name), axes }, group.is, document.keyPlace(at));
      if (added) tensors.set(name, { name, axes: axes ?? [], role: group.role, place: document.pairPlace(at) });
    }
  }
  const addNew = (names: readonly string[], at: Path): void => addSizes(names, document, at, vocabulary, sizes);
  readValues(document, [...path, 'values'], parts.values, tensors, vocabulary, { letters, integers, addSizes: addNew }, report);
  derived.check(sizes);
  const constants = readConstants(document, [...path, 'constants'], parts.constants, report);
  for (const [name, usual] of constants) {
    const value = given.constants.get(name) ?? usual;
    vocabulary.add(name, { kind: 'constant', value, symbol: true }, 'a constant', document.keyPlace([...path, 'constants', name]));
  }
  for (const name of Object.keys(parts.slots)) {
    vocabulary.add(name, { kind: 'slot' }, 'an activation function', document.keyPlace([...path, 'slots', name]));
  }
  const named = (role: Role): string[] => [...tensors.values()].filter((t) => t.role === role).map((t) => t.name);
  const outputs = named('variable');
  const outside = readConstants(document, [...path, 'outside'], parts.outside, report);
  const read = readEquations(document, path, lines, vocabulary, outputs, tensors, outside, gaps, report);
  const { equations, gone, without } = writeOutPairs(read.equations, read.locals.filter((t) => !outputs.includes(t.name)), report);
  for (const local of read.locals) if (!gone.has(local.name)) tensors.set(local.name, local);
  checkOutside(document, [...path, 'outside'], outside, tensors, report);
  checkSamplesAxes(tensors, key, report);
  const assumptions = readAssumptions(document, [...path, 'assume'], parts.assume, vocabulary, report)
    .map((a) => ({ ...a, left: without(a.left), right: without(a.right) }));
  for (const [n, name] of (parts.preActivation ?? []).entries()) {
    if (equations.some((e) => e.tensor.name === name)) continue;
    const known = equations.map((e) => e.tensor.name);
    report.add('unknown-name', document.place([...path, 'pre-activation', n]), { name, role: 'tensor with an equation', suggestion: null, known });
  }
  return {
    name: parts.name, title: parts.title ?? null, file: document.file, place: document.place([...path, key]),
    sizes, inputs: named('input'), targets: named('target'), outputs, parameters: named('parameter'), tensors, constants,
    slots: new Map(Object.entries(parts.slots).map(([slot, value]) => [slot, value === 'activation' ? null : value])),
    preActivations: parts.preActivation ?? outputs, equations, augmented: null, augmentedLast: null, separate: null,
    integers: declared, derived: derived.derived, facts: derived.facts, assumptions,
  };
}

/** The index letters with their ranges; the sizes in the ranges become names. */
function readAxes(
  document: SpecDocument, path: Path, axes: Readonly<Record<string, string | number>>, integers: ReadonlyMap<string, number>,
  vocabulary: Vocabulary, sizes: string[], gaps: Gaps, report: Report,
): ReadonlyMap<string, Range> {
  const letters = new Map<string, Range>();
  for (const letter of Object.keys(axes)) {
    const at = [...path, letter];
    const result = readRange(document.written(at), new Set(), integers);
    if (result.kind !== 'range') {
      report.add('bad-range', document.place(at), { text: document.written(at) });
      gaps.names.add(letter);
      continue;
    }
    if (vocabulary.add(letter, { kind: 'letter', range: result.range }, 'an index letter', document.keyPlace(at))) {
      letters.set(letter, result.range);
    }
    addSizes(result.sizes, document, at, vocabulary, sizes);
  }
  return letters;
}

function addSizes(names: readonly string[], document: SpecDocument, path: Path, vocabulary: Vocabulary, sizes: string[]): void {
  for (const name of names) {
    if (sizes.includes(name)) continue;
    // How many samples there are is no choice of a layer.
    if (name === 'samples') vocabulary.grant(name, { kind: 'size' });
    if (name === 'samples') continue;
    sizes.push(name);
    vocabulary.add(name, { kind: 'size' }, 'a size', document.place(path));
  }
}

/** The axes of a tensor, each with the letter whose range it has, or a letter of its own; null when an entry is wrong. */
function readShape(
  document: SpecDocument, path: Path, shape: readonly (string | number)[], letters: ReadonlyMap<string, Range>,
  integers: ReadonlyMap<string, number>, vocabulary: Vocabulary, sizes: string[], gaps: Gaps, report: Report,
): readonly Axis[] | null {
  const axes: Axis[] = [];
  for (const n of shape.keys()) {
    const at = [...path, n];
    const result = readRange(document.written(at), new Set([...letters.keys(), ...gaps.names]), integers);
    if (result.kind === 'bad') {
      report.add('bad-range', document.place(at), { text: document.written(at) });
      continue;
    }
    if (result.kind === 'range') addSizes(result.sizes, document, at, vocabulary, sizes);
    const range = result.kind === 'range' ? result.range : letters.get(result.name);
    // A letter that has been rejected: the shape is not known.
    if (range === undefined) continue;
    const taken = new Set(axes.map((a) => a.index));
    const named = result.kind === 'letter' ? result.name : null;
    axes.push({ index: letterFor(range, named, letters, taken, vocabulary), range });
  }
  return axes.length === shape.length ? axes : null;
}

/** The letter that the file uses for a range; else one for a range that ends there; else one of its own. */
function letterFor(
  range: Range, named: string | null, letters: ReadonlyMap<string, Range>, taken: ReadonlySet<string>, vocabulary: Vocabulary,
): string {
  if (named !== null && !taken.has(named)) return named;
  const free = [...letters].filter(([letter]) => !taken.has(letter));
  const fitting = free.find(([, r]) => sameRange(r, range)) ?? free.find(([, r]) => sameAffine(r.hi, range.hi));
  return fitting?.[0] ?? ['i', 'j', 'l', 'm', 'n', 'p', 'q', 'r'].find((letter) => !taken.has(letter) && !vocabulary.names.has(letter))
    ?? freshIndex('i', new Set([...taken, ...vocabulary.names.keys()]));
}

const sameRange = (a: Range, b: Range): boolean => sameAffine(a.lo, b.lo) && sameAffine(a.hi, b.hi);

/** Hyperparameters, exactly as they are written. */
export function readConstants(
  document: SpecDocument, path: Path, constants: Readonly<Record<string, number>>, report: Report,
): ReadonlyMap<string, Rational> {
  const values = new Map<string, Rational>();
  for (const name of Object.keys(constants)) {
    const value = readDecimal(document, [...path, name], report);
    // A number that is none has been reported; its name is known all the same.
    values.set(name, value ?? ZERO);
  }
  return values;
}

/** The exact value of a number in a file, or null when it is none (which is reported). */
export function readDecimal(document: SpecDocument, path: Path, report: Report): Rational | null {
  const text = document.written(path);
  const value = text.length <= LONGEST_DECIMAL ? parseDecimal(text) : null;
  if (value === null) report.add('not-decimal', document.place(path), { text: text.slice(0, LONGEST_DECIMAL) });
  return value;
}

const LONGEST_DECIMAL = 60;
