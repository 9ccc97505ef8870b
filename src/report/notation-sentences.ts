// How to read one notation with the eyes of another: a sentence for each thing that has to be changed on the way.

import { type Layer, layerK, layerN, shiftLayer } from '../algebra/layer.ts';
import { roleNames } from '../notation/notation-schema.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { isFolded } from '../notation/notation-symbols.ts';
import { numberMaths, roleMaths, symbolMaths, unitLetters } from './notation-maths.ts';
import { joined, type Maths, type Phrase, plainPhrase } from './phrase.ts';

type Sentence = (a: NotationSpec, b: NotationSpec) => readonly Phrase[];

/** From the words of `a` to those of `b`. */
export const translationSentences = (a: NotationSpec, b: NotationSpec): readonly Phrase[] =>
  [symbols, layers, weightsLayer, indices, bias, biasIn, signal, samples, vectors, layout].flatMap((say) => say(a, b));

const plain = (name: string, spec: NotationSpec): Maths => symbolMaths(name, spec);

/** Symbols that are other ones, with those of single layers. */
const symbols: Sentence = (a, b) => {
  const pairs = (Object.keys(roleNames) as SymbolRole[]).flatMap((role): Phrase[] => {
    const [one, other] = [nameOf(role, a), nameOf(role, b)];
    return one === null || other === null || plainPhrase(one) === plainPhrase(other) ? [] : [[...one, ' is ', ...other]];
  });
  return pairs.length === 0 ? [] : [[...joined(pairs), ' there.']];
};

function nameOf(role: SymbolRole, spec: NotationSpec): Phrase | null {
  const own = [...spec.layers.symbols.values()].flatMap((s) => s[role] ?? []).map((name): Phrase => [plain(name, spec)]);
  const general = spec.symbols[role];
  const all = [...(general === undefined ? [] : [[plain(general, spec)]]), ...own];
  return all.length === 0 ? null : joined(all, ' or ');
}

const numbered = ({ layers }: NotationSpec): boolean => layers.mark !== 'letters';

/** k of `a` as a number of `b`. */
const shifted = (a: NotationSpec, b: NotationSpec, layer: Layer): Layer => shiftLayer(layer, b.layers.input - a.layers.input);

const layers: Sentence = (a, b) => {
  if (!numbered(a) || !numbered(b)) {
    const lettered = numbered(a) ? b : numbered(b) ? a : null;
    const other = numbered(a) ? 'there' : 'here';
    return lettered === null ? [] : [[lettered.layers.symbols.size > 0 ? `Layers have no numbers ${other}, but symbols of their own.` : `Layers have no numbers ${other}: the letters of the units tell them apart.`]];
  }
  const there = shifted(a, b, layerK());
  const one = plainPhrase([numberMaths(layerK(), a)]);
  return one === plainPhrase([numberMaths(there, b)]) ? []
    : [['Layer ', numberMaths(layerK(), a), ' here is layer ', numberMaths(there, b), ' there, and the last one is ', numberMaths(layerN(), a), ' here and ', numberMaths(layerN(), b), ' there.']];
};

const weightsLayer: Sentence = (a, b) => {
  if (!numbered(a) || !numbered(b) || a.layers.weights === b.layers.weights) return [];
  const into = ({ layers: { input, weights } }: NotationSpec): number => (weights === 'into' ? input : input - 1);
  return [[
    ofLayer('weights', a, layerK()), ' here is ', ofLayer('weights', b, layerK(into(b) - into(a))), ' there: the weights of a layer carry ',
    b.layers.weights === 'out-of' ? 'the number of the layer that they lead out of' : 'the number of the layer that they lead into', ', and so does the bias.',
  ]];
};

const ofLayer = (role: SymbolRole, spec: NotationSpec, layer: Layer): Maths => symbolMaths(spec.symbols[role] ?? 'W', spec, layer);

const indices: Sentence = (a, b) => {
  if (a.weights === b.weights) return [];
  const [first, second] = unitLetters(a);
  const other = unitLetters(b);
  // The same letters on both sides, where the other text does not give its own a meaning.
  const isFree = b.letters.layers.length === 0 && (b.letters.units.length === 0 || (other.includes(first) && other.includes(second)));
  const [one, two] = [roleMaths('weights', a, [first, second]), roleMaths('weights', b, isFree ? [second, first] : other)];
  return one === null || two === null ? [] : [[one, ' here is ', two, ' there: the matrix of weights is transposed.']];
};

const bias: Sentence = (a, b) => {
  if (a.bias === b.bias) return [];
  return [[...biasTerm(a), ' here is ', ...(isSubtracted(a) === isSubtracted(b) ? [] : ['minus ']), ...biasTerm(b), ' there.']];
};

const isSubtracted = ({ bias: form }: NotationSpec): boolean => form === 'threshold';

/** The bias as it stands in the notation: b, or one of the weights. */
function biasTerm(spec: NotationSpec): Phrase {
  if (!isFolded(spec)) return nameOf('bias', spec) ?? ['the bias'];
  const [own] = unitLetters(spec);
  const isFirst = spec.bias === 'first';
  const at = [own, isFirst ? '0' : 'n+1'];
  return [roleMaths('augmented-weights', spec, at) ?? roleMaths('weights', spec, at) ?? 'a weight', ` (the ${isFirst ? 'first' : 'last'} column of the weights)`];
}

const biasIn: Sentence = (a, b) => {
  if (a.biasIn === b.biasIn || isFolded(a) || isFolded(b)) return [];
  const [one, other] = [nameOf('pre-activation', a), nameOf('pre-activation', b)];
  const [here, there] = a.biasIn === 'pre-activation' ? ['holds', 'does not'] : ['does not hold', 'does'];
  return one === null || other === null ? [] : [[...one, ` here ${here} the bias, and `, ...other, ` there ${there}.`]];
};

const signal: Sentence = (a, b) => {
  if (a.signal.of !== b.signal.of) return [['The recursion carries the derivative by ', roleNames[roleOfSignal(a)], ' here, and that by ', roleNames[roleOfSignal(b)], ' there.']];
  return a.signal.sign === b.signal.sign ? [] : [[...signalOf(a), ' here is minus ', ...signalOf(b), ' there.']];
};

const roleOfSignal = ({ signal: { of } }: NotationSpec): SymbolRole => (of === 'a' ? 'pre-activation' : 'activation');

const signalOf = (spec: NotationSpec): Phrase =>
  nameOf(spec.signal.of === 'a' ? 'signal' : 'output-signal', spec) ?? ['the derivative by ', ...(nameOf(roleOfSignal(spec), spec) ?? [roleNames[roleOfSignal(spec)]])];

const samples: Sentence = (a, b) => {
  const same = a.samples.mean === b.samples.mean && (!a.samples.mean || a.samples.at === b.samples.at);
  return [
    ...(same ? [] : [['The loss of all samples is ', ...lossWords(a), ' here, and ', ...lossWords(b), ' there.']]),
    ...(a.samples.as === b.samples.as ? [] : [[`All samples are ${samplesWords(a)} here, and ${samplesWords(b)} there.`]]),
  ];
};

const lossWords = (spec: NotationSpec): Phrase => (!spec.samples.mean ? ['the sum']
  : ['the mean (with 1/', symbolMaths(spec.letters.samples, spec), ` in the ${spec.samples.at === 'gradient' ? 'gradients' : 'signals'})`]);

const samplesWords = ({ samples: { as } }: NotationSpec): string => (as === 'sum' ? 'a sum' : `the ${as} of a matrix`);

const vectors: Sentence = (a, b) => (a.vectors === b.vectors ? [] : [[`Vectors are ${a.vectors} here and ${b.vectors} there: whole products are transposed.`]]);

const layout: Sentence = (a, b) => {
  const shape = ({ layout: l, vectors: v }: NotationSpec): string => (l === 'denominator' ? v : v === 'columns' ? 'rows' : 'columns');
  const parameter = (spec: NotationSpec): string => (spec.layout === 'numerator' ? 'of the transposed shape' : 'of the shape of the parameter');
  return [
    ...(shape(a) === shape(b) ? [] : [[`Signals are ${shape(a)} here and ${shape(b)} there.`]]),
    ...(parameter(a) === parameter(b) ? [] : [[`Gradients by parameters are ${parameter(a)} here, and ${parameter(b)} there.`]]),
  ];
};
