// What a notation chooses, in words: each choice with its title, with what is special about it, and the formula that shows it.

import { layerK, layerN, layerNumber } from '../algebra/layer.ts';
import { roleNames } from '../notation/notation-schema.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { isFolded } from '../notation/notation-symbols.ts';
import { markText, numberMaths, roleMaths, symbolMaths, unitLetters } from './notation-maths.ts';
import type { Form, FormulaGroup, FormulaPart } from './notation-formulas.ts';
import { joined, type Maths, type Phrase } from './phrase.ts';

interface Example {
  readonly group: FormulaGroup;
  readonly part: FormulaPart;
  readonly form: Form;
}

export interface Choice {
  readonly id: string;
  readonly title: string;
  /** Two notations agree where it is the same. */
  readonly value: (spec: NotationSpec) => unknown;
  readonly words: (spec: NotationSpec) => Phrase;
  /** In a few words, where many texts do otherwise; null where it goes without saying. */
  readonly special: (spec: NotationSpec) => Phrase | null;
  /** Null where none shows it. */
  readonly example: Example | null;
}

const component = (part: FormulaPart, group: FormulaGroup = 'sample'): Example => ({ group, part, form: 'component' });
const vector = (part: FormulaPart, group: FormulaGroup = 'sample'): Example => ({ group, part, form: 'vector' });
const never = (): null => null;

const examples: Readonly<Record<SymbolRole, Example | null>> = {
  weights: component('forward'), bias: component('forward'), 'pre-activation': component('forward'), activation: component('forward'),
  'activation-function': component('forward'), loss: component('weights'), 'sample-loss': null, signal: component('recursion'),
  'output-signal': component('recursion', 'outputs'), input: null, target: null, output: null,
  'augmented-weights': component('forward', 'augmented'), 'augmented-input': component('forward', 'augmented'),
};

/** Each symbol, with the layers that have one of their own. */
const symbolChoices: readonly Choice[] = (Object.keys(roleNames) as SymbolRole[]).map((role) => ({
  id: `symbols.${role}`, title: `symbol of ${roleNames[role]}`,
  value: ({ symbols, layers }) => [symbols[role] ?? null, [...layers.symbols].flatMap(([n, own]) => (own[role] === undefined ? [] : [[n, own[role]]]))],
  words: (spec) => symbolWords(role, spec), special: never, example: examples[role],
}));

function symbolWords(role: SymbolRole, spec: NotationSpec): Phrase {
  const own = [...spec.layers.symbols].flatMap(([number, symbols]): Phrase[] => {
    const name = symbols[role];
    return name === undefined ? [] : [[symbolMaths(name, spec), ` in layer ${String(number)}`]];
  });
  const general = spec.symbols[role];
  const all = [...(general === undefined ? [] : [[symbolMaths(general, spec)]]), ...own];
  return all.length > 0 ? joined(all) : without(role, spec);
}

function without(role: SymbolRole, spec: NotationSpec): Phrase {
  switch (role) {
    case 'signal': case 'output-signal': return ['none: the derivative is written'];
    case 'input': return ['none: the activation of the input layer'];
    case 'output': return ['none: the activation of the last layer'];
    case 'bias': return isFolded(spec) ? ['none: one of the weights'] : ['none'];
    case 'augmented-weights': case 'augmented-input': return ['none of its own'];
    case 'weights': case 'pre-activation': case 'activation': case 'activation-function': case 'loss': case 'sample-loss': case 'target': return ['none'];
  }
}

const weightsFor = (spec: NotationSpec): Maths | null => roleMaths('weights', spec);
/** The symbol of a role, or the words for it. */
const named = (role: SymbolRole, spec: NotationSpec): string | Maths => roleMaths(role, spec) ?? roleNames[role];

const layerChoices: readonly Choice[] = [
  {
    id: 'layers.mark', title: 'how a layer is marked', example: component('forward'),
    value: ({ layers: { mark, brackets } }) => (mark === 'letters' ? mark : [mark, brackets]),
    words: (spec) => {
      const { mark, brackets } = spec.layers;
      switch (mark) {
        case 'superscript': return [brackets === 'none' ? 'above, without brackets' : `above, as ${markText(spec)}`];
        case 'subscript': return [brackets === 'none' ? 'below, without brackets' : `below, as ${markText(spec)}`];
        case 'letters': return [spec.layers.symbols.size > 0 ? 'not at all: each layer has symbols of its own' : 'not at all: the letters of the units say it'];
      }
    },
    special: (spec) => {
      const { mark, brackets, symbols } = spec.layers;
      if (mark === 'letters') return [symbols.size > 0 ? 'symbols of its own for each layer' : 'letters of units tell layers apart'];
      return mark === 'superscript' && brackets === 'round' ? null : ['layers as ', symbolMaths(spec.symbols.weights ?? 'W', spec, layerK())];
    },
  },
  {
    id: 'layers.input', title: 'number of the input layer', example: component('recursion'), value: ({ layers }) => (layers.mark === 'letters' && layers.symbols.size === 0 ? null : layers.input),
    words: ({ layers }) => [layers.mark === 'letters' && layers.symbols.size === 0 ? 'none: layers have no numbers' : String(layers.input)],
    special: ({ layers }) => (layers.mark !== 'letters' && layers.input === 1 ? ['the input is layer 1'] : null),
  },
  {
    id: 'layers.weights', title: 'the layer that W belongs to', example: component('forward'), value: ({ layers }) => (layers.mark === 'letters' ? 'into' : layers.weights),
    words: (spec) => {
      const own = weightsFor(spec) ?? 'W';
      if (spec.layers.mark === 'letters') return ['no number'];
      return spec.layers.weights === 'into' ? [own, ' leads into layer ', numberMaths(layerK(), spec)]
        : [own, ' leads out of layer ', numberMaths(layerK(), spec), ', into ', numberMaths(layerK(1), spec)];
    },
    special: (spec) => (spec.layers.mark !== 'letters' && spec.layers.weights === 'out-of' ? [weightsFor(spec) ?? 'W', ' leads out of layer ', numberMaths(layerK(), spec)] : null),
  },
  {
    id: 'layers.recursion', title: 'the recursion', example: component('recursion'), value: ({ layers }) => (layers.mark === 'letters' ? null : layers.recursion),
    words: (spec) => (spec.layers.mark === 'letters' ? ['from the layer above']
      : spec.layers.recursion === 'down' ? ['gives layer ', numberMaths(layerK(-1), spec), ' from ', numberMaths(layerK(), spec)]
        : ['gives layer ', numberMaths(layerK(), spec), ' from ', numberMaths(layerK(1), spec)]),
    special: never,
  },
  {
    id: 'layers.forward', title: 'the forward step', example: component('forward'), value: ({ layers }) => (layers.mark === 'letters' ? null : layers.forward),
    words: (spec) => (spec.layers.mark === 'letters' ? ['from the layer below']
      : spec.layers.forward === 'own' ? ['gives layer ', numberMaths(layerK(), spec), ' from ', numberMaths(layerK(-1), spec)]
        : ['gives layer ', numberMaths(layerK(1), spec), ' from ', numberMaths(layerK(), spec)]),
    special: never,
  },
  {
    id: 'functions', title: 'activation functions', example: component('forward'), value: ({ functions }) => functions,
    words: (spec) => (spec.functions === 'one' ? [named('activation-function', spec), ' for all layers']
      : [symbolMaths(spec.symbols['activation-function'] ?? 'h', spec, layerK()), ' in each layer']),
    special: never,
  },
];

const matrixChoices: readonly Choice[] = [
  {
    id: 'indices', title: 'indices of W', example: component('forward'), value: ({ weights }) => weights,
    words: (spec) => indexWords(spec),
    special: (spec) => (spec.weights === 'from-to' ? indexWords(spec) : null),
  },
  {
    id: 'vectors', title: 'vectors', example: vector('forward'), value: ({ vectors }) => vectors,
    words: ({ vectors }) => [vectors], special: ({ vectors }) => (vectors === 'rows' ? ['row vectors'] : null),
  },
  {
    id: 'layout', title: 'shape of derivatives', example: vector('weights'), value: ({ layout, vectors }) => [layout, vectors],
    words: ({ layout, vectors }) => {
      const [vector, other] = vectors === 'columns' ? ['column', 'row'] : ['row', 'column'];
      switch (layout) {
        case 'denominator': return [`denominator layout: by a ${vector} it is a ${vector}`];
        case 'numerator': return [`numerator layout: by a ${vector} it is a ${other}`];
        case 'mixed': return [`mixed layout: by a ${vector} it is a ${other}, by a parameter it has the parameter’s shape`];
      }
    },
    special: ({ layout }) => (layout === 'denominator' ? null : [`${layout} layout`]),
  },
  {
    id: 'product', title: 'product entry by entry', example: vector('recursion'), value: ({ product }) => product,
    words: ({ product }) => [product === 'diag' ? 'diagonal matrices' : product], special: ({ product }) => (product === '⊙' ? null : [product === 'diag' ? 'diagonal matrices' : product]),
  },
  {
    id: 'dot', title: 'product of matrices', example: vector('forward'), value: ({ dot }) => dot,
    words: ({ dot }) => [dot ? 'with a dot' : 'side by side'], special: never,
  },
  { id: 'transpose', title: 'transpose', example: vector('weights'), value: ({ transpose }) => transpose, words: ({ transpose }) => [transpose], special: never },
  { id: 'bold', title: 'bold vectors and matrices', example: vector('forward'), value: ({ bold }) => bold, words: ({ bold }) => [bold ? 'yes' : 'no'], special: never },
];

function indexWords(spec: NotationSpec): Phrase {
  const [first, second] = unitLetters(spec);
  const [to, from] = spec.weights === 'to-from' ? [first, second] : [second, first];
  return [roleMaths('weights', spec, [first, second]) ?? 'W', ' leads from ', symbolMaths(from, spec), ' to ', symbolMaths(to, spec)];
}

const derivativeChoices: readonly Choice[] = [
  {
    id: 'derivative', title: 'derivatives', example: vector('weights'), value: ({ derivative }) => derivative,
    words: (spec) => {
      switch (spec.derivative) {
        case 'partial': return ['with ∂'];
        case 'nabla': return ['gradients with ∇, entries with ∂'];
        case 'd': return ['d before the symbol; the loss goes without saying'];
        case 'bar': return ['a bar on the symbol; the loss goes without saying'];
      }
    },
    special: ({ derivative }) => {
      switch (derivative) {
        case 'partial': return null;
        case 'nabla': return ['∇'];
        case 'd': return ['dZ for derivatives'];
        case 'bar': return ['bars for derivatives'];
      }
    },
  },
  {
    id: 'signal', title: 'what the recursion carries', example: component('last'), value: ({ signal }) => [signal.of, signal.sign],
    words: (spec) => signalWords(spec), special: ({ signal }) => (signal.sign === -1 ? ['the signal is minus the derivative'] : signal.of === 'z' ? ['the signal is ∂E/∂z'] : null),
  },
];

function signalWords(spec: NotationSpec): Phrase {
  const { of, sign } = spec.signal;
  const symbol = roleMaths(of === 'a' ? 'signal' : 'output-signal', spec);
  return [
    ...(symbol === null ? [] : [symbol, ': ']), `${sign === -1 ? 'minus ' : ''}the derivative by `, named(of === 'a' ? 'pre-activation' : 'activation', spec),
  ];
}

const biasChoices: readonly Choice[] = [
  {
    id: 'bias-form', title: 'the bias', example: component('forward'), value: ({ bias }) => bias,
    words: (spec) => {
      switch (spec.bias) {
        case 'separate': return ['a term of its own'];
        case 'threshold': return ['a threshold, which is subtracted'];
        case 'first': return ['folded into the weights, in front'];
        case 'last': return ['folded into the weights, behind'];
      }
    },
    special: ({ bias }) => {
      switch (bias) {
        case 'separate': return null;
        case 'threshold': return ['thresholds are subtracted'];
        case 'first': case 'last': return ['bias folded into the weights'];
      }
    },
  },
  {
    id: 'bias-in', title: 'where the bias is added', example: component('forward'), value: ({ biasIn }) => biasIn,
    words: (spec) => (spec.biasIn === 'function' ? ['in the argument of ', named('activation-function', spec)] : ['in ', named('pre-activation', spec)]), special: never,
  },
];

const sampleChoices: readonly Choice[] = [
  {
    id: 'samples.as', title: 'all samples', example: vector('weights', 'batch'), value: ({ samples }) => [samples.as, samples.symbols],
    words: (spec) => {
      const { as, symbols } = spec.samples;
      const names = Object.values(symbols).map((name): Phrase => [symbolMaths(name, spec)]);
      return as === 'sum' ? ['a sum over samples'] : [`${as} of a matrix`, ...(names.length === 0 ? [] : [': ', ...joined(names)])];
    },
    special: ({ samples }) => (samples.as === 'sum' ? null : [`samples as ${samples.as}`]),
  },
  {
    id: 'samples.mean', title: 'the loss of all samples', example: component('weights', 'batch'), value: ({ samples: { mean, at } }) => [mean, mean ? at : null],
    words: (spec) => {
      const { mean, at } = spec.samples;
      return [mean ? `the mean, 1/` : 'the sum', ...(mean ? [symbolMaths(spec.letters.samples, spec), at === 'gradient' ? ' in the gradients' : ' in the signals'] : [])];
    },
    special: ({ samples: { mean, at } }) => (mean ? [at === 'gradient' ? '1/m in gradients' : '1/m in signals'] : null),
  },
];

const letterChoices: readonly Choice[] = [
  {
    id: 'letters.units', title: 'letters of units', example: component('recursion'), value: ({ letters }) => [letters.units, letters.layers],
    words: (spec) => {
      const { units, layers } = spec.letters;
      const all = (layers.length > 0 ? layers : units).map((l): Phrase => [symbolMaths(l, spec)]);
      return layers.length > 0 ? [...joined(all), ', from the input layer up'] : all.length === 0 ? ['those of the layer’s file'] : [...joined(all), ', those of the left side first'];
    },
    special: never,
  },
  {
    id: 'letters.layer', title: 'letter of a layer', example: component('recursion'), value: ({ layers, letters }) => (layers.mark === 'letters' ? null : letters.layer),
    words: (spec) => (spec.layers.mark === 'letters' ? ['none'] : [numberMaths(layerK(), spec)]), special: never,
  },
  {
    id: 'letters.last', title: 'number of the last layer', example: component('last'), value: ({ layers, letters }) => (layers.mark === 'letters' ? null : letters.last),
    words: (spec) => [spec.layers.mark === 'letters' ? spec.layers.symbols.size > 0 ? numberMaths(layerNumber(spec.layers.symbols.size), spec) : 'none' : numberMaths(layerN(), spec)],
    special: never,
  },
  {
    id: 'letters.sample', title: 'letter of a sample, and how many', example: component('weights', 'batch'), value: ({ letters }) => [letters.sample, letters.samples],
    words: (spec) => [symbolMaths(spec.letters.sample, spec), ' of ', spec.letters.samples === 'samples' ? 'samples' : symbolMaths(spec.letters.samples, spec)], special: never,
  },
  {
    id: 'kronecker', title: 'what has no matrix form', example: vector('weights'), value: ({ kronecker }) => kronecker,
    words: ({ kronecker }) => [kronecker ? 'with vec and ⊗' : 'in components'], special: never,
  },
];

/** In the order in which a reader asks. */
export const choices: readonly Choice[] = [
  ...symbolChoices, ...layerChoices, ...matrixChoices, ...derivativeChoices, ...biasChoices, ...sampleChoices, ...letterChoices,
];

/** What is special about a notation, in a few words. */
export function specialWords(spec: NotationSpec): Phrase {
  const all = choices.flatMap((c) => {
    const words = c.special(spec);
    return words === null ? [] : [words];
  });
  return all.length === 0 ? ['what most texts do'] : all.flatMap((p, n) => (n === 0 ? p : ['; ', ...p]));
}

export const sameChoice = (choice: Choice, a: NotationSpec, b: NotationSpec): boolean =>
  JSON.stringify(choice.value(a)) === JSON.stringify(choice.value(b));
