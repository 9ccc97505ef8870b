// The published JSON Schemas, by which editors complete and check spec files; written from the schemas that zod checks.

import * as z from 'zod';
import { activationSchema, layerSchema, lossSchema, networkSchema, penaltySchema } from './schema.ts';

const schemas = {
  network: networkSchema, layer: layerSchema, activation: activationSchema, loss: lossSchema, penalty: penaltySchema,
};

/** The text of each schema file by its name, such as `layer.schema.json`. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => [`${kind}.schema.json`, jsonSchemaText(kind, schema)]));
}

/** The text of the schema file of a kind of spec. */
export function jsonSchemaText(kind: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const text = JSON.stringify({ $schema, title: `backproof: a ${kind}`.replace('a activation', 'an activation'), ...rest }, null, 2);
  return `${text}\n`;
}
