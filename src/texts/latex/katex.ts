// KaTeX's parser with types: its nodes are checked as they are read, its errors are values.

import katex from 'katex';
import { MOST_LEVELS, refuse } from '../problem.ts';
import type { Span } from '../span.ts';

/** A node of KaTeX's tree; `place` is null where it comes out of a macro, or where KaTeX does not say. */
export interface KatexNode {
  readonly type: string;
  readonly place: Span | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Definitions by name, `\bm` or `\R`; #1 and so on stand for arguments. */
export type Macros = Readonly<Record<string, string>>;

/** Characters of a formula, and of a macro. */
export const LONGEST_FORMULA = 20_000;
const LONGEST_MACRO = 1000;
const MOST_EXPANSIONS = 2000;
/** The colour in which KaTeX sets commands that it does not carry out (pictures, links). */
export const REFUSED = '#refused';

/** What changes the meaning of other commands has no place in a formula. */
const defining = /\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|global|long|csname|char)(?![A-Za-z])/;

/** Commands that number a formula and refer to others: they say nothing of it. */
const silent: Readonly<Record<string, string>> = { '\\label': '\\@secondoftwo{#1}{}', '\\tag': '\\@secondoftwo{#1}{}', '\\nonumber': '', '\\notag': '' };

export function parseKatex(source: string, macros: Macros = {}): readonly KatexNode[] {
  const whole = { start: 0, end: source.length };
  if (source.length > LONGEST_FORMULA) refuse('formula-too-long', whole, { length: source.length, most: LONGEST_FORMULA });
  const command = defining.exec(source);
  if (command !== null) refuse('formula-defines', { start: command.index, end: command.index + command[0].length }, { text: command[0] });
  for (const [name, body] of Object.entries(macros)) {
    if (body.length > LONGEST_MACRO || defining.test(body)) refuse('formula-macro', whole, { name, most: LONGEST_MACRO });
  }
  checkDepth(source);
  const parsed = parsedOr(source, macros, (message, at) => refuse('latex-syntax', { start: at, end: Math.min(source.length, at + 1) }, { reason: message }));
  return nodesOf(parsed, source);
}

function parsedOr(source: string, macros: Macros, otherwise: (message: string, at: number) => never): unknown {
  const options = {
    displayMode: true, throwOnError: true, strict: false, trust: false, maxExpand: MOST_EXPANSIONS, errorColor: REFUSED,
    macros: { ...silent, ...macros },
  };
  try {
    return parser(source, options);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParseError') throw error;
    const at = 'position' in error && typeof error.position === 'number' ? error.position : source.length;
    const reason = /^KaTeX parse error: ([^]*?)(?: at position \d+:[^]*| at end of input:[^]*)?$/.exec(error.message)?.[1] ?? error.message;
    return otherwise(reason, Math.min(Math.max(0, at), source.length));
  }
}

/** KaTeX declares no type for its parser. */
function parser(source: string, options: object): unknown {
  const parse: unknown = Reflect.get(katex, '__parse');
  if (typeof parse !== 'function') throw new Error('this version of KaTeX has no parser of its own');
  return Reflect.apply(parse, katex, [source, options]) as unknown;
}

/** Braces and \left … \right that open and do not close. */
function checkDepth(source: string): void {
  let depth = 0;
  for (const token of source.matchAll(/\\left(?![A-Za-z])|\\right(?![A-Za-z])|\\begin|\\end|\\[^]|[{}^_]/g)) {
    if (token[0] === '{' || token[0] === '\\left' || token[0] === '\\begin') depth += 1;
    else if (token[0] === '}' || token[0] === '\\right' || token[0] === '\\end') depth -= 1;
    if (depth > MOST_LEVELS) refuse('formula-too-deep', { start: token.index, end: token.index + 1 }, { most: MOST_LEVELS });
  }
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null;

function nodeOf(x: unknown, source: string): KatexNode {
  if (!isRecord(x) || typeof x['type'] !== 'string') throw new Error('KaTeX gave something that is no node');
  return { type: x['type'], place: placeOf(x['loc'], source), fields: x };
}

function placeOf(loc: unknown, source: string): Span | null {
  if (!isRecord(loc) || typeof loc['start'] !== 'number' || typeof loc['end'] !== 'number') return null;
  // What a macro brings along is counted in the macro's own text.
  const lexer = loc['lexer'];
  return isRecord(lexer) && lexer['input'] === source ? { start: loc['start'], end: loc['end'] } : null;
}

const nodesOf = (x: unknown, source: string): readonly KatexNode[] => (Array.isArray(x) ? x.map((n) => nodeOf(n, source)) : []);

/** The nodes of a field: a list of nodes, or one. */
export function nodesIn(node: KatexNode, field: string, source: string): readonly KatexNode[] {
  const value = node.fields[field];
  return Array.isArray(value) ? nodesOf(value, source) : isRecord(value) ? [nodeOf(value, source)] : [];
}

/** The cells of a table, row by row. */
export function cellsIn(node: KatexNode, source: string): readonly (readonly KatexNode[])[] {
  const rows = node.fields['body'];
  return Array.isArray(rows) ? rows.map((row) => nodesOf(row, source)) : [];
}

export function textIn(node: KatexNode, field: string): string {
  const value = node.fields[field];
  return typeof value === 'string' ? value : '';
}

/** A width in em. */
export function widthOf(node: KatexNode): number {
  const dimension = node.fields['dimension'];
  if (!isRecord(dimension) || typeof dimension['number'] !== 'number') return 0;
  return dimension['unit'] === 'mu' ? dimension['number'] / 18 : dimension['number'];
}
