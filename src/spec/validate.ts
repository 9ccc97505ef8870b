// Checks a file's structure, and says what zod finds in the words of the catalogue.

import * as z from 'zod';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { Path, SpecDocument } from './document.ts';

type Issue = z.core.$ZodIssue;

/** Reports what is wrong with the form of the value below `path`; the value (see parts.ts for what of it can be used). */
export function validate(schema: z.ZodType, document: SpecDocument, path: Path, report: Report): unknown {
  const value = valueAt(document.value, path);
  const result = schema.safeParse(value);
  if (!result.success) for (const issue of result.error.issues) reportIssue(issue, schema, document, path, report);
  return value;
}

/** What stands at a path of plain values; undefined when there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((v, key) =>
    (typeof v === 'object' && v !== null && Object.hasOwn(v, key) ? (v as Record<string | number, unknown>)[key] : undefined), value);
}

function reportIssue(issue: Issue, schema: z.ZodType, document: SpecDocument, base: Path, report: Report): void {
  const path: Path = [...base, ...issue.path.map((p) => (typeof p === 'symbol' ? String(p) : p))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysOf(schema, issue.path);
      for (const key of issue.keys) report.add('unknown-key', document.keyPlace([...path, key]), { name: key, suggestion: nearest(key, known), known });
      return;
    }
    case 'invalid_union': {
      const input = valueAt(document.value, path);
      if (input === undefined) { missing(path, document, report); return; }
      // The branch that accepts the kind of value is the one that was meant.
      const meant = issue.errors.find((issues) => !issues.some((i) => i.path.length === 0 && i.code === 'invalid_type'));
      if (meant !== undefined) {
        for (const inner of meant) reportIssue({ ...inner, path: [...issue.path, ...inner.path] }, schema, document, base, report);
        return;
      }
      const wanted = issue.errors.flatMap((issues) => issues.flatMap((i) => (i.code === 'invalid_type' ? [kindName(i.expected)] : [])));
      report.add('wrong-type', document.place(path), { wanted: oneOf([...new Set(wanted)]), found: kindOfValue(input) });
      return;
    }
    case 'invalid_type': {
      const input = valueAt(document.value, path);
      if (input === undefined) { missing(path, document, report); return; }
      report.add('wrong-type', document.place(path), { wanted: kindName(issue.expected), found: kindOfValue(input) });
      return;
    }
    case 'invalid_value':
      if (valueAt(document.value, path) === undefined) { missing(path, document, report); return; }
      report.add('bad-value', document.place(path), { text: document.written(path), wanted: issue.values.map((v) => `\`${String(v)}\``).join(' or ') });
      return;
    case 'too_small': {
      const wanted = issue.origin === 'array' ? 'at least one entry' : 'a text that is not empty';
      report.add('bad-value', document.place(path), { text: issue.origin === 'array' ? '[]' : document.written(path), wanted });
      return;
    }
    case 'too_big': {
      const unit = issue.origin === 'array' ? 'entries' : 'characters';
      report.add('bad-value', document.place(path), { text: document.written(path).slice(0, 20), wanted: `at most ${issue.maximum} ${unit}` });
      return;
    }
    case 'invalid_format': case 'not_multiple_of': case 'invalid_key': case 'invalid_element': case 'custom':
      report.add('bad-value', document.place(path), { text: document.written(path), wanted: issue.message });
      return;
  }
}

function missing(path: Path, document: SpecDocument, report: Report): void {
  const name = String(path.at(-1) ?? '');
  report.add('missing-key', document.place(path.slice(0, -1)), { name, wanted: 'its value' });
}

/** `a text, a number or a mapping` */
const oneOf = (words: readonly string[]): string =>
  (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`);

/** The kinds of values that the schemas ask for, by zod's words for them. */
const kindNames: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'], ['number', 'a number'], ['array', 'a list'], ['object', 'a mapping'], ['record', 'a mapping'],
  ['boolean', 'true or false'],
]);

function kindName(expected: string): string {
  const name = kindNames.get(expected);
  if (name === undefined) throw new RangeError(`the schemas ask for a kind of value without a name: ${expected}`);
  return name;
}

function kindOfValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'no finite number';
  return typeof value === 'boolean' ? 'true or false' : 'a text';
}

/** The keys that a schema knows at a path. */
function keysOf(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const key of path) {
    at = unwrapped(at);
    if (at instanceof z.ZodObject) at = at.shape[String(key)] ?? at.def.catchall;
    else if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else return [];
  }
  at = unwrapped(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.map(unwrapped).find((option) => option instanceof z.ZodObject) ?? schema;
  return schema;
}
