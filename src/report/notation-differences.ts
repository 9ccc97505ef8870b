// What notations choose, side by side: the choices in which they differ most, a row for each notation.

import { layerK } from '../algebra/layer.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { choices } from './notation-choices.ts';
import { symbolMaths } from './notation-maths.ts';
import type { Phrase, Table } from './phrase.ts';

const symbols: readonly (readonly [SymbolRole, string])[] = [
  ['weights', 'weights'], ['bias', 'bias'], ['pre-activation', 'pre-activation'], ['activation', 'activation'], ['activation-function', 'function'], ['loss', 'loss'], ['signal', 'signal'],
];

/** Choices that every reader stumbles over, under shorter titles. */
const structure: readonly (readonly [string, string])[] = [
  ['layers.input', 'input layer'], ['layers.weights', 'weights of a layer'], ['weights', 'indices'], ['vectors', 'vectors'], ['layout', 'derivatives'], ['product', 'entry by entry'],
  ['signal', 'carried'], ['bias-form', 'bias'], ['samples.mean', 'loss of all'], ['samples.as', 'samples'],
];

/** Two tables in one: symbols, then the rest. */
export function differenceTable(specs: readonly NotationSpec[]): Table {
  const chosen = structure.flatMap(([id, title]) => choices.filter((c) => c.id === id).map((choice) => ({ choice, title })));
  return {
    kind: 'table',
    head: [['notation'], ...symbols.map(([, title]): Phrase => [title]), ...chosen.map(({ title }): Phrase => [title])],
    rows: specs.map((spec) => [[[spec.name]], ...symbols.map(([role]) => symbolsOf(role, spec)), ...chosen.map(({ choice }) => [choice.words(spec)])]),
  };
}

/** The symbol of layer k, and those of single layers. */
function symbolsOf(role: SymbolRole, spec: NotationSpec): readonly Phrase[] {
  const general = spec.symbols[role];
  const own = [...spec.layers.symbols.values()].flatMap((s) => s[role] ?? []);
  const isOfLayer = role !== 'loss' && !(role === 'activation-function' && spec.functions === 'one');
  const all: Phrase[] = [
    ...own.map((name): Phrase => [symbolMaths(name, spec)]),
    ...(general === undefined ? [] : [[symbolMaths(general, spec, isOfLayer ? layerK() : null)]]),
  ];
  return all.length === 0 ? [['–']] : [all.flatMap((p, n) => (n === 0 ? p : [', ', ...p]))];
}
