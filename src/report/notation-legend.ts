// What the symbols of each notation stand for, and what it chooses: two tables with a row for each notation.

import { layerK } from '../algebra/layer.ts';
import { latexSignal } from '../notation/latex.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { unicodeSignal } from '../notation/unicode.ts';
import { choices, sameChoice } from './notation-choices.ts';
import { formulasIn } from './notation-formulas.ts';
import { symbolMaths } from './notation-maths.ts';
import { type Maths, type Phrase, plainPhrase } from './phrase.ts';

const symbols: readonly (readonly [SymbolRole, string])[] = [
  ['weights', 'weights'], ['bias', 'bias'], ['pre-activation', 'pre-activation'], ['activation', 'activation'], ['activation-function', 'function'], ['loss', 'loss'],
  ['signal', 'signal'], ['input', 'input'], ['target', 'target'], ['output', 'output'],
];

/** Choices that every reader stumbles over, under shorter titles. */
const structure: readonly (readonly [string, string])[] = [
  ['layers.input', 'input layer'], ['layers.weights', 'weights of a layer'], ['indices', 'indices of weights'], ['vectors', 'vectors'], ['layout', 'derivatives'], ['product', 'entry by entry'],
  ['signal', 'carried down'], ['bias-form', 'bias'], ['samples.mean', 'loss of all'], ['samples.as', 'samples'],
];

export interface LegendCell {
  readonly words: Phrase;
  /** Whether it is what the first notation has. */
  readonly same: boolean;
}

export interface Legend {
  readonly titles: readonly string[];
  readonly rows: readonly { readonly spec: NotationSpec; readonly cells: readonly LegendCell[] }[];
}

/** Which symbol plays which part, and where the notation is from. */
export function symbolLegend(specs: readonly NotationSpec[]): Legend {
  const cells = specs.map((spec) => [...symbols.map(([role]) => symbolsOf(role, spec)), sourceOf(spec)]);
  return {
    titles: [...symbols.map(([, title]) => title), 'where'],
    rows: specs.map((spec, n) => ({
      spec, cells: (cells[n] ?? []).map((words, m) => ({ words, same: n > 0 && m < symbols.length && plainPhrase(words) === plainPhrase(cells[0]?.[m] ?? []) })),
    })),
  };
}

/** What else it chooses. */
export function choiceLegend(specs: readonly NotationSpec[]): Legend {
  const shown = structure.flatMap(([id, title]) => choices.filter((c) => c.id === id).map((choice) => ({ choice, title })));
  const [first] = specs;
  return {
    titles: shown.map((s) => s.title),
    rows: specs.map((spec) => ({
      spec, cells: shown.map(({ choice }) => ({ words: choice.words(spec), same: first !== undefined && spec !== first && sameChoice(choice, spec, first) })),
    })),
  };
}

const sourceOf = ({ source: { place } }: NotationSpec): Phrase => [place.replace(/;? ?https?:\S+/g, '')];

/** The symbol of layer k, and those of single layers. */
function symbolsOf(role: SymbolRole, spec: NotationSpec): Phrase {
  const general = spec.symbols[role];
  const own = [...spec.layers.symbols.values()].flatMap((s) => s[role] ?? []);
  const isOfLayer = !ofWhole.has(role) && !(role === 'activation-function' && spec.functions === 'one');
  const all: Phrase[] = [
    ...own.map((name): Phrase => [symbolMaths(name, spec)]),
    ...(general === undefined ? [] : [[symbolMaths(general, spec, isOfLayer ? layerK() : null)]]),
  ];
  const derivative = role === 'signal' && all.length === 0 ? derivativeIn(spec) : null;
  return derivative !== null ? [derivative] : all.length === 0 ? ['–'] : all.flatMap((p, n) => (n === 0 ? p : [', ', ...p]));
}

const ofWhole: ReadonlySet<SymbolRole> = new Set(['loss', 'sample-loss', 'input', 'target', 'output']);

/** How the signal is written where it has no symbol of its own: ∂J/∂z. */
function derivativeIn(spec: NotationSpec): Maths | null {
  const found = formulasIn(spec, 'sample');
  const recursion = found.kind === 'formulas' ? found.formulas.find((f) => f.part === 'recursion') : undefined;
  if (recursion?.said.left.kind !== 'expression' || recursion.said.left.value.kind !== 'ref') return null;
  const { tensor } = recursion.said.left.value;
  const shown = tensor.layer?.symbol === 'k' ? { ...tensor, layer: layerK() } : tensor;
  const { options } = recursion.writing;
  return { kind: 'maths', unicode: unicodeSignal(shown, options), latex: latexSignal(shown, options) };
}
