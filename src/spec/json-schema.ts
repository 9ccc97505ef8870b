// The published JSON Schemas, by which editors complete and check spec files; written from the schemas that zod checks.

import * as z from 'zod';
import { activationSchema, layerSchema, lossSchema, networkSchema, penaltySchema } from './schema.ts';

const schemas = {
  network: networkSchema, layer: layerSchema, activation: activationSchema, loss: lossSchema, penalty: penaltySchema,
};

/** The text of each schema file by its name, such as `layer.schema.json`. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
    const text = JSON.stringify({ $schema, title: `backproof: a ${kind}`.replace('a activation', 'an activation'), ...rest }, null, 2);
    return [`${kind}.schema.json`, `${text}\n`];
  }));
}
