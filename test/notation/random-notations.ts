// Notations that nobody has written down: every choice that a text may make, drawn at random, all at once.

import fc from 'fast-check';
import type { NotationSpec, Symbols } from '../../src/notation/notation-spec.ts';

/** Letters that may stand for tensors; index letters, and those for layers and samples, are others. */
const SYMBOLS = ['W', 'w', 'theta', 'Theta', 'b', 'beta', 'a', 'z', 'u', 'v', 'o', 'y', 'x', 'h', 'sigma', 'phi', 'g', 'f', 'delta', 'epsilon', 'zeta', 'J', 'C', 'Q', 't', 'd', 'A', 'Z', 'X', 'D', 'H', 'U'];
const UNITS = [[], ['j', 'k', 'i'], ['p', 'q', 'r'], ['i', 'j', 'm']];
const LAYERS = [['k', 'N'], ['l', 'L'], ['n', 'M']];

/** What a notation without any wishes says: the program's own. */
export const plainNotation: NotationSpec = {
  name: 'plain', title: 'The program\'s own', source: { text: 'none', place: 'none', url: null, quoted: null }, place: { file: 'plain.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 },
  symbols: { weights: 'W', bias: 'b', 'pre-activation': 'a', activation: 'z', 'activation-function': 'h', loss: 'E', signal: 'delta', 'output-signal': 'zeta', input: 'x', target: 't' },
  letters: { units: [], layers: [], layer: 'k', last: 'N', sample: 's', samples: 'm' },
  layers: { mark: 'superscript', brackets: 'round', input: 0, weights: 'into', recursion: 'down', forward: 'own', symbols: new Map() },
  functions: 'each', weights: 'to-from', vectors: 'columns', layout: 'numerator', product: 'diag', dot: true, transpose: 'T', derivative: 'partial', bold: false,
  bias: 'separate', biasIn: 'pre-activation', signal: { of: 'a', sign: 1 }, samples: { as: 'sum', mean: false, at: 'gradient', symbols: {} }, kronecker: false,
};

export const notations: fc.Arbitrary<NotationSpec> = fc.record({
  drawn: fc.shuffledSubarray(SYMBOLS, { minLength: 13, maxLength: 13 }),
  without: fc.subarray(['signal', 'output-signal', 'input', 'augmented-weights', 'augmented-input'] as const),
  units: fc.constantFrom(...UNITS),
  layer: fc.constantFrom(...LAYERS),
  mark: fc.constantFrom('superscript' as const, 'subscript' as const),
  brackets: fc.constantFrom('round' as const, 'square' as const, 'none' as const),
  input: fc.constantFrom(0 as const, 1 as const),
  into: fc.constantFrom('into' as const, 'out-of' as const),
  recursion: fc.constantFrom('down' as const, 'up' as const),
  forward: fc.constantFrom('own' as const, 'next' as const),
  functions: fc.constantFrom('each' as const, 'one' as const),
  weights: fc.constantFrom('to-from' as const, 'from-to' as const),
  vectors: fc.constantFrom('columns' as const, 'rows' as const),
  layout: fc.constantFrom('numerator' as const, 'denominator' as const, 'mixed' as const),
  product: fc.constantFrom('⊙' as const, '∘' as const, '*' as const, 'diag' as const),
  dot: fc.boolean(),
  transpose: fc.constantFrom('T' as const, '⊤' as const, "'" as const),
  derivative: fc.constantFrom('partial' as const, 'nabla' as const, 'd' as const, 'bar' as const),
  bold: fc.boolean(),
  bias: fc.constantFrom('separate' as const, 'threshold' as const),
  biasIn: fc.constantFrom('pre-activation' as const, 'pre-activation' as const, 'function' as const),
  sign: fc.constantFrom(1 as const, -1 as const),
  mean: fc.boolean(),
  at: fc.constantFrom('gradient' as const, 'signal' as const),
  sum: fc.boolean(),
}).map((c): NotationSpec => {
  // No symbol is also the letter for an index or a layer, or the sign of derivatives.
  const free = c.drawn.filter((s) => !c.units.includes(s) && !c.layer.includes(s) && (s !== 'd' || c.derivative !== 'd'));
  const roles = ['weights', 'bias', 'pre-activation', 'activation', 'activation-function', 'loss', 'target', 'signal', 'output-signal', 'input', 'augmented-weights', 'augmented-input'] as const;
  const symbols: Symbols = Object.fromEntries(roles.flatMap((role, n) => {
    const symbol = free[n];
    return symbol === undefined || c.without.some((w) => w === role) ? [] : [[role, symbol]];
  }));
  return {
    ...plainNotation, name: 'drawn', symbols,
    letters: { units: c.units, layers: [], layer: c.layer[0] ?? 'k', last: c.layer[1] ?? 'N', sample: 's', samples: 'm' },
    layers: { mark: c.mark, brackets: c.brackets, input: c.input, weights: c.into, recursion: c.recursion, forward: c.forward, symbols: new Map() },
    functions: c.functions, weights: c.weights, vectors: c.vectors, layout: c.layout, product: c.product, dot: c.dot, transpose: c.transpose,
    derivative: c.derivative, bold: c.bold, bias: c.bias, biasIn: c.biasIn, signal: { of: 'a', sign: c.sign },
    samples: { as: c.sum ? 'sum' : c.vectors, mean: c.mean, at: c.at, symbols: {} },
  };
});
