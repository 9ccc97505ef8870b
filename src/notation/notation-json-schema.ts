// The published JSON Schema of notation files.

import { jsonSchemaText } from '../spec/json-schema.ts';
import { notationSchema } from './notation-schema.ts';

/** The text of the schema file by its name. */
export function notationJsonSchemas(): Readonly<Record<string, string>> {
  return { 'notation.schema.json': jsonSchemaText('notation', notationSchema) };
}
