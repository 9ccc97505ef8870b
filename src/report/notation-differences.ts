// What notations choose, side by side: the choices in which they differ most, a row for each notation.

import { layerK } from '../algebra/layer.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { choices, sameChoice, structuralChoices } from './notation-choices.ts';
import { symbolMaths } from './notation-maths.ts';
import { type Phrase, plainPhrase, type Table } from './phrase.ts';

const symbols: readonly (readonly [SymbolRole, string])[] = [
  ['weights', 'weights'], ['bias', 'bias'], ['pre-activation', 'pre-activation'], ['activation', 'activation'], ['activation-function', 'function'], ['loss', 'loss'], ['signal', 'signal'],
];

/** Choices that every reader stumbles over, under shorter titles. */
const structure: readonly (readonly [string, string])[] = [
  ['layers.input', 'input layer'], ['layers.weights', 'weights of a layer'], ['indices', 'indices of weights'], ['vectors', 'vectors'], ['layout', 'derivatives'], ['product', 'entry by entry'],
  ['signal', 'carried down'], ['bias-form', 'bias'], ['samples.mean', 'loss of all'], ['samples.as', 'samples'],
];

export interface Difference {
  readonly title: string;
  /** For each notation, and whether it is what the first one chooses. */
  readonly cells: readonly { readonly words: Phrase; readonly same: boolean }[];
}

/** A row for each choice, the first notation being the one that the others are compared with. */
export function differences(specs: readonly NotationSpec[]): readonly Difference[] {
  const [first] = specs;
  const ofSymbols = symbols.map(([role, title]): Difference => ({
    title: `symbol: ${title}`, cells: specs.map((spec) => ({ words: symbolsOf(role, spec), same: first !== undefined && plainPhrase(symbolsOf(role, spec)) === plainPhrase(symbolsOf(role, first)) })),
  }));
  const ofStructure = structure.flatMap(([id, title]) => choices.filter((c) => c.id === id).map((choice): Difference => ({
    title, cells: specs.map((spec) => ({ words: choice.words(spec), same: first !== undefined && sameChoice(choice, spec, first) })),
  })));
  return [...ofSymbols, ...ofStructure];
}

/** The same, a row for each notation: its symbols, and in what else it differs from the first one. */
export function differenceTable(specs: readonly NotationSpec[]): Table {
  const [first] = specs;
  return {
    kind: 'table', head: [['notation'], ...symbols.map(([, title]): Phrase => [title]), [`differs from ${first?.name ?? ''} in`]],
    rows: specs.map((spec) => [
      [[spec.name]], ...symbols.map(([role]) => [symbolsOf(role, spec)]),
      structuralChoices.filter((c) => first !== undefined && !sameChoice(c, spec, first)).map((c): Phrase => [`${c.title}: `, ...c.words(spec)]),
    ]),
  };
}

/** The symbol of layer k, and those of single layers. */
function symbolsOf(role: SymbolRole, spec: NotationSpec): Phrase {
  const general = spec.symbols[role];
  const own = [...spec.layers.symbols.values()].flatMap((s) => s[role] ?? []);
  const isOfLayer = role !== 'loss' && !(role === 'activation-function' && spec.functions === 'one');
  const all: Phrase[] = [
    ...own.map((name): Phrase => [symbolMaths(name, spec)]),
    ...(general === undefined ? [] : [[symbolMaths(general, spec, isOfLayer ? layerK() : null)]]),
  ];
  return all.length === 0 ? ['–'] : all.flatMap((p, n) => (n === 0 ? p : [', ', ...p]));
}
