// The structure of spec files: what zod checks, and what the published JSON Schemas are written from.

import * as z from 'zod';
import { type SpecKind, shippedNames } from './library.ts';
import { IDENTIFIER, LONGEST_NAME, LONGEST_SPEC_NAME, reserved, SPEC_NAME, TOTAL } from './names.ts';
import { LARGEST_SIZE } from './sizes.ts';

// What `meta` says is for editors alone: it goes into the JSON Schemas, while the reader says the same in its own words.
const within = (pattern: RegExp): string => pattern.source.replace(/^\^|\$$/g, '');
const name = within(IDENTIFIER);
const specName = within(SPEC_NAME);
const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const setting = String.raw`\s*${name}\s*=\s*${number}\s*`;
const activationUse = String.raw`${specName}(?:\s*\((?:\s*|${setting}(?:,${setting})*)\))?`;

const nameMeta = { id: 'name', pattern: `^(?:${name})$`, maxLength: LONGEST_NAME, not: { enum: [...reserved].sort() } };
const { id: _, ...nameOf } = nameMeta;
const nameKey = z.string().meta(nameMeta);
const tensorOfLayer = z.string().meta({ ...nameMeta, id: 'name-of-a-tensor', not: { enum: nameMeta.not.enum.filter((word) => word !== TOTAL) } });
// Formulas do not see the names of layers: words of the language may stand there.
const labelKey = z.string().meta({ pattern: nameMeta.pattern, maxLength: LONGEST_NAME });
const leftKey = z.string().meta({ id: 'left-side', pattern: String.raw`^\s*${name}\s*(?:\[\s*${name}\s*(?:,\s*${name}\s*)*\]\s*)?$` });
const specNameMeta = { pattern: `^(?:${specName})$`, maxLength: LONGEST_SPEC_NAME };
/** A name of one's own, and those that come with the program to choose from. */
const oneOf = (kind: SpecKind): z.ZodType<string> =>
  z.string().min(1).max(200).meta({ id: `one-of-${kind}`, anyOf: [{ enum: [...shippedNames(kind)] }, { type: 'string', ...specNameMeta }] });
const layerName = oneOf('layers');
const lossName = oneOf('losses');
const penaltyName = oneOf('penalties');
const activationName = z.string().min(1).max(200).meta({
  id: 'one-of-activations', anyOf: [{ enum: [...shippedNames('activations')] }, { type: 'string', pattern: String.raw`^\s*${activationUse}\s*$` }],
});
const sizeName = z.string().min(1).max(200).meta({ id: 'size-of', pattern: `^(?:(?:${name})\\.)?(?:${name})$` })
  .describe('A size of the network: inputs, or encode.units.');
/** The exactly one of some keys that a mapping has. */
const exactlyOne = (...keys: readonly string[]): { oneOf: { required: string[] }[] } => ({ oneOf: keys.map((key) => ({ required: [key] })) });

export const reference = z.string().min(1).max(200);
const title = z.string().max(200).describe('What it is, in a few words.');
export const expression = z.union([z.string(), z.number()]).describe('A formula: sum(j, W[i, j] * x[j]) + b[i]');
export const range = z.union([z.string(), z.number()]).describe('units (1..units), 0..inputs, 1..n-s+1, or 3 (1..3)');
export const shape = z.array(range).max(8).describe('One entry an axis: a size, a range, a number, or an index letter (its range).');
const shapes = z.record(nameKey, shape);
const shapesInLayer = z.record(tensorOfLayer, shape);
export const constant = z.number();
const constants = z.record(nameKey, constant).describe('Hyperparameters with their defaults.');
/** A whole number that may stand in indices and ranges. */
export const wholeNumber = z.union([
  z.number().meta({ type: 'integer' }),
  z.strictObject({ default: z.number(), least: z.number().optional(), most: z.number().optional() }),
]);
const integers = z.record(nameKey, wholeNumber)
  .describe('Whole numbers that may stand in indices, ranges and sizes, with their defaults: { stride: 1 }, { stride: { default: 1, least: 1 } }.');
const derivedSizes = z.record(nameKey, expression)
  .describe('Sizes that follow from others; division rounds down: { positions: (length + 2*padding - taps) / stride + 1 }.');
const values = z.record(tensorOfLayer, range).describe('Inputs and targets that hold integers, and their range: { token: v }, { digit: 0..9 }.');
const outside = z.record(tensorOfLayer, constant).describe('What an entry outside the axes of its tensor is worth: { x: 0 }.');
export const assumptions = z.array(z.string()).describe('What holds for the tensors of this file: ["sum(i, t[i]) = 1"].');
const size = z.number().meta({ id: 'size', type: 'integer', minimum: 1, maximum: LARGEST_SIZE, description: `A whole number from 1 to ${LARGEST_SIZE}.` });

export const layerSchema = z.strictObject({
  layer: reference.meta({ ...specNameMeta, description: 'The name of the layer.' }),
  title: title.optional(),
  axes: z.record(nameKey, range).optional().describe('Index letters and their ranges.'),
  input: shapesInLayer.describe('The tensors that come from other layers.'),
  output: shapesInLayer.describe('The tensors that other layers may use.'),
  parameters: shapesInLayer.optional().describe('The tensors that training changes.'),
  constants: constants.optional(),
  integers: integers.optional(),
  sizes: derivedSizes.optional(),
  assume: assumptions.optional(),
  values: values.optional(),
  outside: outside.optional(),
  slots: z.record(nameKey, reference).optional()
    .describe('Activation functions that each use of the layer chooses: `activation`, or the name of the default.'),
  'pre-activation': z.array(reference).optional().describe('The tensors whose adjoint is δ; the outputs if left out.'),
  augmented: reference.optional().describe('The layer that is the same with the bias folded into the weights.'),
  'augmented-last': reference.optional().describe('The layer that is the same with the bias folded into the weights behind.'),
  separate: z.strictObject({
    layer: reference,
    parameters: z.record(z.string(), z.string()),
  }).optional().describe('Of which layer this is the augmented form, and which entries correspond.'),
  equations: z.record(leftKey, expression).describe('In order: the left side, a[i], and the right side.'),
}).describe('A layer by its forward equations.');

export const activationSchema = z.strictObject({
  activation: reference.meta({ ...specNameMeta, description: 'The name of the activation function.' }),
  title: title.optional(),
  source: z.string().max(400).optional().describe('Where it was published.'),
  argument: reference.meta({ ...nameOf, description: 'The name of its variable.' }),
  constants: constants.optional(),
  expression,
}).describe('An activation function: an expression of one variable.');

export const lossSchema = z.strictObject({
  loss: reference.meta({ ...specNameMeta, description: 'The name of the loss.' }),
  title: title.optional(),
  source: z.string().max(400).optional().describe('Where it was published.'),
  axes: z.record(nameKey, range).optional(),
  input: shapes.describe('What it compares: outputs of layers.'),
  target: shapes.optional().describe('What it compares them with.'),
  output: shapes.optional().describe('The loss itself, a scalar: { L: [] }, needed with `equations`.'),
  constants: constants.optional(),
  integers: integers.optional(),
  sizes: derivedSizes.optional(),
  assume: assumptions.optional(),
  values: values.optional(),
  outside: outside.optional(),
  expression: expression.optional(),
  equations: z.record(leftKey, expression).optional(),
}).meta({ description: 'The loss of one sample.', ...exactlyOne('expression', 'equations') });

export const penaltySchema = z.strictObject({
  penalty: reference.meta({ ...specNameMeta, description: 'The name of the penalty.' }),
  title: title.optional(),
  source: z.string().max(400).optional().describe('Where it was published.'),
  argument: reference.meta({ ...nameOf, description: 'The name of its variable: one entry of a parameter.' }),
  constants: constants.optional(),
  expression,
}).describe('A penalty on parameters: an expression of one entry; the penalties of all entries are added.');

const port = z.union([reference, z.record(z.string(), reference)])
  .describe('Where the input comes from: x (an input of the network), left (a layer with one output), left.z; or one for each port.');

/** Sizes, whole numbers, activation functions and constants are keys too: which ones, the layer says. */
export const instance = z.object({
  layer: layerName,
  in: port.optional(),
  share: z.record(z.string(), reference).optional()
    .describe('Parameters that are those of another layer: { W: encode.W }.'),
}).catchall(z.union([z.number(), activationName, sizeName, z.looseObject({ use: activationName })]))
  .describe('A layer with its sizes, activation functions and constants.');

export const inputShape = z.union([size, z.array(size).max(8)]);

const lineText = z.string().meta({
  id: 'layer-line', examples: ['4 tanh', '4 leaky-relu(alpha=0.2)', 'dense 4 tanh'],
  pattern: String.raw`^\s*(?:${specName}(?:\s+\d+)?|\d+)(?:\s+${activationUse})?\s*$`,
});
export const layerLine = z.union([lineText, size, instance]);
export const lossUse = z.union([lossName, z.object({ use: lossName }).catchall(z.union([z.number(), z.string()]))]);
export const penaltyUse = z.object({ use: penaltyName, on: z.array(reference).min(1) }).catchall(z.number());

export const networkSchema = z.strictObject({
  network: reference.meta({ ...specNameMeta, description: 'The name of the network.' }),
  title: title.optional(),
  input: inputShape.optional().describe('The size of the input x.'),
  layers: z.array(layerLine).min(1).optional().describe('From the input to the output, a line a layer: `4 tanh`.'),
  inputs: z.record(nameKey, inputShape).optional().describe('Several inputs, by name.'),
  instances: z.record(labelKey, instance).meta({ minProperties: 1 }).optional().describe('Layers by name, in any order.'),
  loss: lossUse,
  penalties: z.array(penaltyUse).optional()
    .describe('Added to the loss once: { use: l2, lambda: 0.01, on: [W] }.'),
  samples: z.enum(['sum', 'mean']).optional().describe('How the losses of the samples become E; sum if left out.'),
  bias: z.enum(['separate', 'augmented', 'augmented-last']).optional().describe('Replaces each layer by the form with the bias of its own, or folded into W, in front or behind.'),
  signal: z.enum(['a', 'z']).optional().describe('Which adjoint the recursion carries: of the pre-activations (δ), or of the outputs.'),
  precision: z.enum(['f64', 'f32']).optional(),
  define: z.strictObject({
    layers: z.array(layerSchema).optional(),
    activations: z.array(activationSchema).optional(),
    losses: z.array(lossSchema).optional(),
    penalties: z.array(penaltySchema).optional(),
  }).optional().describe('Layers, activation functions and losses of this file alone, written as in files of their own.'),
}).meta({ description: 'A network: layers, and a loss.', allOf: [exactlyOne('input', 'inputs'), exactlyOne('layers', 'instances')] });

export type LayerFile = z.infer<typeof layerSchema>;
export type ActivationFile = z.infer<typeof activationSchema>;
export type LossFile = z.infer<typeof lossSchema>;
export type PenaltyFile = z.infer<typeof penaltySchema>;
export type InstanceFile = z.infer<typeof instance>;
export type InputShape = z.infer<typeof inputShape>;
export type NetworkFile = z.infer<typeof networkSchema>;
