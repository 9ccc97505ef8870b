// The structure of notation files: what zod checks, and what the published JSON Schema is written from. What a key that is
// left out means stands in read-notation.ts, and here in the descriptions.

import * as z from 'zod';
import { IDENTIFIER, LONGEST_NAME, LONGEST_SPEC_NAME, SPEC_NAME } from '../spec/names.ts';
import type { SymbolRole } from './notation-spec.ts';

const within = (pattern: RegExp): string => pattern.source.replace(/^\^|\$$/g, '');
const words = (most: number): z.ZodString => z.string().min(1).max(most);

const symbol = words(200).meta({ id: 'symbol', pattern: `^(?:${within(IDENTIFIER)})$`, maxLength: LONGEST_NAME });
const letter = words(200).meta({ id: 'letter', pattern: String.raw`^(?:\p{L}|[A-Za-z][a-z]+)$` });
const sizeLetter = words(200).meta({ id: 'letter-of-a-size', pattern: String.raw`^(?:\p{L}|[A-Za-z][a-z]+)(?:_(?:\p{L}|[A-Za-z][a-z]+|\d+))?$` });

/** What each role is, in the words that descriptions and messages use. */
export const roleNames: Readonly<Record<SymbolRole, string>> = {
  weights: 'the weights',
  bias: 'the bias',
  'pre-activation': 'the pre-activation',
  activation: 'the activation',
  'activation-function': 'the activation function',
  loss: 'the loss',
  'sample-loss': 'the loss of one sample',
  signal: 'the signal',
  'output-signal': 'the signal of outputs',
  input: 'the input',
  target: 'the target',
  output: 'the output',
  'augmented-weights': 'the weights with the bias folded in',
  'augmented-input': 'what the weights with the bias folded in are multiplied with',
};

type Roles<R extends SymbolRole> = z.ZodObject<{ [role in R]: z.ZodOptional<z.ZodString> }, z.core.$strict>;

function symbolsOf<R extends SymbolRole>(...roles: readonly R[]): Roles<R> {
  const shape = Object.fromEntries(roles.map((role) => [role, symbol.optional().describe(`The symbol of ${roleNames[role]}.`)]));
  return z.strictObject(shape) as unknown as Roles<R>;
}

const ofLayers = [
  'weights', 'bias', 'pre-activation', 'activation', 'activation-function', 'signal', 'output-signal', 'augmented-weights', 'augmented-input',
] as const;
const ofSamples = ['pre-activation', 'activation', 'signal', 'output-signal', 'input', 'target', 'output', 'augmented-input'] as const;
const all = [
  'weights', 'bias', 'pre-activation', 'activation', 'activation-function', 'loss', 'sample-loss', 'signal', 'output-signal', 'input', 'target', 'output',
  'augmented-weights', 'augmented-input',
] as const;

const source = z.strictObject({
  text: words(400).describe('Author and title.'),
  place: words(400).describe('Chapter, section, equations.'),
  url: words(400).regex(/^https?:\/\/\S+$/, 'an address that begins with http:// or https://').optional(),
  quoted: words(800).optional().describe('The text in which it was seen, where the source itself is not public.'),
}).describe('Where the notation is from.');

const letters = z.strictObject({
  units: z.array(letter).min(1).max(12).optional()
    .describe('Letters for unit indices: the left side takes the first ones, sums the next; those of the spec if left out.'),
  layers: z.array(letter).min(1).max(12).optional()
    .describe('Instead: letters for the units of the input layer and of those above it; of a generic layer: below, itself, above.'),
  layer: letter.optional().describe('The letter for a layer; k if left out.'),
  last: sizeLetter.optional().describe('The number of the last layer; N if left out.'),
  sample: letter.optional().describe('The letter for a sample; s if left out.'),
  samples: sizeLetter.optional().describe('How many samples there are; the word `samples` if left out.'),
});

const layers = z.strictObject({
  mark: z.enum(['superscript', 'subscript', 'letters']).optional()
    .describe('How a layer is written; letters: every layer has letters of its own. superscript if left out.'),
  brackets: z.enum(['round', 'square', 'none']).optional().describe('Around the number of a layer; round if left out.'),
  input: z.literal([0, 1]).optional().describe('The number of the input layer; 0 if left out.'),
  weights: z.enum(['into', 'out-of']).optional()
    .describe('Whether the weights that lead into layer k carry its number, or that of the layer before; into if left out.'),
  recursion: z.enum(['down', 'up']).optional().describe('δ^(k-1) from δ^(k), or δ^(l) from δ^(l+1); down if left out.'),
  forward: z.enum(['own', 'next']).optional().describe('a^(l) from a^(l-1), or a^(l+1) from a^(l); own if left out.'),
  symbols: z.record(z.string().meta({ pattern: String.raw`^\d+$` }), symbolsOf(...ofLayers)).optional()
    .describe('By the number of the layer: symbols that carry no mark, since they say themselves whose layer they are.'),
});

const samples = z.strictObject({
  as: z.enum(['columns', 'rows', 'sum']).optional().describe('How all samples stand in a matrix, if at all; sum if left out.'),
  mean: z.boolean().optional().describe('Whether E is the mean over the samples, instead of their sum; false if left out.'),
  at: z.enum(['gradient', 'signal']).optional().describe('Where the 1/m of a mean stands: in the gradients of parameters, or in the signals; gradient if left out.'),
  symbols: symbolsOf(...ofSamples).optional().describe('The symbols of matrices that hold all samples.'),
});

export const notationSchema = z.strictObject({
  notation: words(200).meta({ pattern: `^(?:${within(SPEC_NAME)})$`, maxLength: LONGEST_SPEC_NAME, description: 'The name of the notation.' }),
  title: words(200).describe('What it is, in a few words.'),
  source,
  symbols: symbolsOf(...all).describe('Spelled as names: w, theta, x_tilde, y_hat.'),
  letters: letters.optional(),
  layers: layers.optional(),
  functions: z.enum(['each', 'one']).optional().describe('Whether every layer has its own activation function, or one symbol stands for all; each if left out.'),
  weights: z.enum(['to-from', 'from-to']).optional().describe('W_ij leads from j to i, or from i to j; to-from if left out.'),
  vectors: z.enum(['columns', 'rows']).optional().describe('columns if left out.'),
  layout: z.enum(['numerator', 'denominator', 'mixed']).optional()
    .describe('A derivative by a column is a row, or a column; mixed: gradients by parameters have the shape of the parameter, others are as in numerator. denominator if left out.'),
  product: z.enum(['⊙', '∘', '*', '•', '.*', 'diag']).optional().describe('Entry by entry; ⊙ if left out.'),
  dot: z.boolean().optional().describe('Whether a dot stands between matrices; false if left out.'),
  transpose: z.enum(['T', '⊤', "'"]).optional().describe('T if left out.'),
  derivative: z.enum(['partial', 'nabla', 'd', 'bar']).optional().describe('∂E/∂W, ∇_W E, dW, or W with a bar; partial if left out.'),
  bold: z.boolean().optional().describe('Whether whole vectors and matrices are bold; false if left out.'),
  bias: z.enum(['separate', 'threshold', 'first', 'last']).optional()
    .describe('Of its own, subtracted as a threshold, or folded into the weights in front or behind; separate if left out.'),
  'bias-in': z.enum(['pre-activation', 'function']).optional()
    .describe('a = Wz + b and z = h(a), or a = Wz and z = h(a + b); pre-activation if left out.'),
  signal: z.strictObject({
    of: z.enum(['a', 'z']).optional().describe('Which adjoint the recursion carries: of pre-activations, or of activations; a if left out.'),
    sign: z.literal([1, -1]).optional().describe('-1 where the signal is -∂E/∂a; 1 if left out.'),
  }).optional(),
  samples: samples.optional(),
  kronecker: z.boolean().optional().describe('Whether what has no matrix form is written with vec and ⊗; false if left out.'),
}).describe('How a text writes networks and their derivatives.');

export type NotationFile = z.infer<typeof notationSchema>;
