// The part of JSON Schema (draft 7) that the published schemas use; any other keyword is refused.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Mapping = { readonly [key: string]: Json };

const isMapping = (value: Json): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);
const mapping = (value: Json | undefined): Mapping => (value !== undefined && isMapping(value) ? value : {});
const text = (value: Json): string => (typeof value === 'string' ? value : '');
const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value as readonly Json[] : []);

/** Whether a value is what a schema describes. */
export function fits(schema: Json, value: Json, root: Json = schema): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(mapping(schema)).every(([keyword, wanted]) => holds(keyword, wanted, mapping(schema), value, root));
}

function holds(keyword: string, wanted: Json, schema: Mapping, value: Json, root: Json): boolean {
  const sub = (s: Json): boolean => fits(s, value, root);
  switch (keyword) {
    case '$schema': case 'title': case 'description': case 'examples': case 'definitions': return true;
    case '$ref': return fits(mapping(mapping(root)['definitions'])[text(wanted).replace('#/definitions/', '')] ?? false, value, root);
    case 'type': return (Array.isArray(wanted) ? list(wanted) : [wanted]).some((t) => isOfType(text(t), value));
    case 'enum': return list(wanted).some((v) => v === value);
    case 'pattern': return typeof value !== 'string' || new RegExp(text(wanted), 'u').test(value);
    case 'minLength': return typeof value !== 'string' || value.length >= Number(wanted);
    case 'maxLength': return typeof value !== 'string' || value.length <= Number(wanted);
    case 'minimum': return typeof value !== 'number' || value >= Number(wanted);
    case 'maximum': return typeof value !== 'number' || value <= Number(wanted);
    case 'minItems': return !Array.isArray(value) || list(value).length >= Number(wanted);
    case 'maxItems': return !Array.isArray(value) || list(value).length <= Number(wanted);
    case 'items': return !Array.isArray(value) || list(value).every((v) => fits(wanted, v, root));
    case 'minProperties': return !isMapping(value) || Object.keys(value).length >= Number(wanted);
    case 'required': return !isMapping(value) || list(wanted).every((key) => Object.hasOwn(value, text(key)));
    case 'properties':
      return !isMapping(value) || Object.entries(mapping(wanted)).every(([key, s]) => !Object.hasOwn(value, key) || fits(s, value[key] ?? null, root));
    case 'additionalProperties': {
      const known = mapping(schema['properties']);
      return !isMapping(value) || Object.entries(value).every(([key, v]) => Object.hasOwn(known, key) || fits(wanted, v, root));
    }
    case 'propertyNames': return !isMapping(value) || Object.keys(value).every((key) => fits(wanted, key, root));
    case 'allOf': return list(wanted).every(sub);
    case 'anyOf': return list(wanted).some(sub);
    case 'oneOf': return list(wanted).filter(sub).length === 1;
    case 'not': return !sub(wanted);
    default: throw new RangeError(`a keyword that this check does not know: ${keyword}`);
  }
}

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'integer': return typeof value === 'number' && Number.isInteger(value);
    case 'array': return Array.isArray(value);
    case 'object': return isMapping(value);
    case 'null': return value === null;
    default: return typeof value === type;
  }
}
