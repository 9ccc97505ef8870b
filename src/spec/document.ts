// A YAML file as plain values, with the place of every value, key and part of an expression.

import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Pair, parseDocument, type Scalar, type YAMLError, type YAMLMap } from 'yaml';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { isObjectMember } from './names.ts';
import type { Span } from './syntax.ts';

export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Keys and positions from the root of a file to a value. */
export type Path = readonly (string | number)[];

export interface SpecDocument {
  readonly file: string;
  /** Plain objects, arrays, strings, numbers, booleans and nulls; null when the file is no YAML. */
  readonly value: unknown;
  /** The place of a value; of the nearest existing one around it when there is none. */
  place(path: Path): Place;
  /** The place of a key. */
  keyPlace(path: Path): Place;
  /** From the key to the end of its value. */
  pairPlace(path: Path): Place;
  /** The place of a part of a text. */
  placeIn(path: Path, span: Span): Place;
  /** The place of a part of a key. */
  placeInKey(path: Path, span: Span): Place;
  /** A scalar as it is written: `0.10` where the value is 0.1. */
  written(path: Path): string;
}

export const LARGEST_FILE = 1_000_000;
const MOST_ALIASES = 100;
const DEEPEST = 40;

export function readDocument(source: Source, report: Report): SpecDocument {
  const lines = new LineCounter();
  const place = (start: number, end: number): Place => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(start, end));
    return { file: source.file, line: Math.max(1, from.line), column: Math.max(1, from.col), endLine: Math.max(1, to.line), endColumn: Math.max(1, to.col) };
  };
  const nothing = emptyDocument(source, place);
  if (source.text.length > LARGEST_FILE) {
    report.add('file-too-large', null, { file: source.file, bytes: source.text.length, most: LARGEST_FILE });
    return nothing;
  }
  if (nestsTooDeeply(source.text)) {
    report.add('yaml-too-deep', null, { file: source.file, most: DEEPEST });
    return nothing;
  }
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false, logLevel: 'error' });
  for (const problem of [...document.errors, ...document.warnings].slice(0, 20)) reportYaml(problem, source.text, place, report);
  if (document.errors.length + document.warnings.length > 0) return nothing;
  const range = (node: unknown): Range3 | null => rangeOf(node);
  const pairsOf = pairIndex();
  const step = (node: unknown, key: string | number): unknown => {
    const here = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(here)) return here.items[Number(key)];
    return isMap(here) ? pairsOf(here).get(String(key))?.value : undefined;
  };
  const find = (path: Path): unknown => path.reduce<unknown>(step, document.contents);
  const pairAt = (path: Path): Pair | null => {
    const parent = find(path.slice(0, -1));
    const here = isAlias(parent) ? parent.resolve(document) : parent;
    return isMap(here) ? (pairsOf(here).get(String(path.at(-1))) ?? null) : null;
  };
  const nodePlace = (path: Path): Place => {
    for (let n = path.length; n >= 0; n -= 1) {
      const found = range(find(path.slice(0, n)));
      if (found === null) continue;
      const key = n < path.length || n === 0 ? null : range(pairAt(path)?.key);
      // An empty value lies behind its key; the key is what a reader looks at.
      if (found[0] === found[1] && key !== null) return place(key[0], key[1]);
      return isScalar(find(path.slice(0, n))) ? place(found[0], found[1]) : firstLine(source.text, found, place);
    }
    return place(0, 0);
  };
  const written = (path: Path): string => {
    const found = find(path);
    const node = isAlias(found) ? found.resolve(document) : found;
    return isScalar(node) ? (node.source ?? String(node.value)) : '';
  };
  const keyPlace = (path: Path): Place => {
    const key = range(pairAt(path)?.key);
    return key === null ? nodePlace(path) : place(key[0], key[1]);
  };
  checkKeys(document.contents, source.file, place, report, 0);
  let value: unknown = null;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    report.add('yaml-aliases', firstAlias(document.contents, place), { most: MOST_ALIASES });
    return nothing;
  }
  return {
    file: source.file,
    value,
    place: nodePlace,
    keyPlace,
    pairPlace: (path) => {
      const pair = pairAt(path);
      const [key, last] = [range(pair?.key), range(pair?.value)];
      return key === null ? nodePlace(path) : place(key[0], Math.max(key[1], last?.[1] ?? 0));
    },
    placeIn: (path, span) => partPlace(find(path), span, source.text, place) ?? nodePlace(path),
    placeInKey: (path, span) => partPlace(pairAt(path)?.key, span, source.text, place) ?? keyPlace(path),
    written,
  };
}

type Range3 = readonly [number, number, number];
type PlaceOf = (start: number, end: number) => Place;

function rangeOf(node: unknown): Range3 | null {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && node.range ? node.range : null;
}

/** A block as a whole is shown by its first line. */
function firstLine(text: string, range: Range3, place: PlaceOf): Place {
  const length = text.slice(range[0], range[1]).search(/\r?\n/);
  return place(range[0], length < 0 ? range[1] : range[0] + length);
}

/** The pairs of a mapping by key, found once. */
function pairIndex(): (map: YAMLMap) => ReadonlyMap<string, Pair> {
  const known = new WeakMap<YAMLMap, Map<string, Pair>>();
  return (map) => {
    const found = known.get(map) ?? new Map(map.items.flatMap((pair): [string, Pair][] => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
    known.set(map, found);
    return found;
  };
}

function emptyDocument(source: Source, place: PlaceOf): SpecDocument {
  const start = (): Place => place(0, 0);
  return {
    file: source.file, value: null, place: start, keyPlace: start, pairPlace: start, placeIn: start,
    placeInKey: start, written: () => '',
  };
}

/** YAML's reader recurses: deep nesting is refused beforehand, by indentation and by brackets in a row. */
function nestsTooDeeply(text: string): boolean {
  if (/(?:[[{][\s,]*){41}/.test(text)) return true;
  let open = 0;
  for (const line of text.split('\n')) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (indent > 20 * DEEPEST || /^\s*(?:[-?]\s+){41}/.test(line)) return true;
    for (const character of line) {
      if (character === '[' || character === '{') open += 1;
      else if ((character === ']' || character === '}') && open > 0) open -= 1;
    }
    // Brackets in texts are counted too; those of a line that closes none of them are no nesting of the file.
    if (open > 10 * DEEPEST) return true;
  }
  return false;
}

function reportYaml(problem: YAMLError, text: string, place: PlaceOf, report: Report): void {
  const [start, end] = problem.pos;
  const at = place(Math.min(start, text.length), Math.min(end, text.length));
  if (problem.code === 'TAB_AS_INDENT') {
    const lineStart = text.lastIndexOf('\n', Math.min(start, text.length - 1)) + 1;
    const tab = text.indexOf('\t', Math.min(lineStart, start));
    report.add('yaml-tab', tab < 0 ? at : place(tab, tab + 1), null);
  } else if (problem.code === 'MULTIPLE_DOCS') {
    report.add('yaml-syntax', place(start, start + 3), { reason: 'the file holds several documents, separated by ---' });
  } else {
    report.add('yaml-syntax', at, { reason: problem.message.replace(/\.$/, '') });
  }
}

/** Keys stand once, and none is the name of something that every JavaScript object has. */
function checkKeys(node: unknown, file: string, place: PlaceOf, report: Report, depth: number): void {
  if (depth > DEEPEST) {
    if (depth === DEEPEST + 1) report.add('yaml-too-deep', place(...twoOf(rangeOf(node))), { file, most: DEEPEST });
    return;
  }
  if (isSeq(node)) for (const item of node.items) checkKeys(item, file, place, report, depth + 1);
  if (!isMap(node)) return;
  // yaml compares each key with each other, which takes minutes for a file full of keys.
  const keys = new Set<string>();
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const { key } = pair;
    if (isScalar(key) && typeof key.value === 'string' && isObjectMember(key.value)) {
      report.add('bad-name', place(...twoOf(key.range ?? null)), { name: key.value, why: 'the word is reserved' });
    }
    if (isScalar(key)) {
      const name = String(key.value);
      if (keys.has(name)) report.add('yaml-duplicate-key', place(...twoOf(key.range ?? null)), { name });
      keys.add(name);
    }
    checkKeys(pair.value, file, place, report, depth + 1);
  }
}

const twoOf = (range: Range3 | null): [number, number] => [range?.[0] ?? 0, range?.[1] ?? 0];

function firstAlias(node: unknown, place: PlaceOf): Place {
  const search = (n: unknown, depth: number): Range3 | null => {
    if (isAlias(n)) return n.range ?? null;
    if (depth > DEEPEST) return null;
    const below: readonly unknown[] = isSeq(n) ? n.items : isMap(n) ? n.items.map((p) => p.value) : [];
    for (const child of below) {
      const found = search(child, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return place(...twoOf(search(node, 0)));
}

/**
 * Where a part of a scalar's text stands. White space means nothing in expressions, and folding changes nothing else:
 * the n-th other character of the text is the n-th other character of the file. (Escapes in double quotes are not undone.)
 */
function partPlace(node: unknown, span: Span, text: string, place: PlaceOf): Place | null {
  if (!isScalar(node) || !node.range) return null;
  const value = node.source ?? String(node.value);
  const offsets = offsetsOf(node, text);
  if (offsets === null) return null;
  const count = (upTo: number): number => value.slice(0, upTo).replace(/\s/g, '').length;
  const first = count(span.start);
  const last = count(span.end);
  const end = last > 0 ? offsets[last - 1] : undefined;
  const start = offsets[first] ?? (end === undefined ? undefined : end + 1);
  return start === undefined ? null : place(start, last > first && end !== undefined ? end + 1 : start);
}

/** Offsets in the file of the characters of a scalar that are not white space; null where escapes hide them. */
function offsetsOf(node: Scalar, text: string): readonly number[] | null {
  const [start, end] = node.range ?? [0, 0];
  let from = start;
  let to = end;
  const single = node.type === 'QUOTE_SINGLE';
  if (single || node.type === 'QUOTE_DOUBLE') {
    from += 1;
    to -= 1;
    if (!single && text.slice(from, to).includes('\\')) return null;
  } else if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
    from = text.indexOf('\n', start) + 1;
  }
  const offsets: number[] = [];
  for (let at = from; at < to; at += 1) {
    if (/\s/.test(text[at] ?? ' ')) continue;
    offsets.push(at);
    if (single && text[at] === "'") at += 1;
  }
  return offsets;
}
