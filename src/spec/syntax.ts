// From the text of an expression to a syntax tree with places. mathjs's parser decides precedence and grouping; it is
// handed our own tokens under made-up names (v0, v1, …), so that it sees no name, number or character of the text: its
// units, complex i, implicit products and strings cannot come in, and every leaf knows where it stands.

import { create, parseDependencies } from 'mathjs/number';
import { isReduction } from './names.ts';
import { type Slip, type Token, tokenise } from './tokens.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Name extends Span {
  readonly name: string;
}

export type Relation = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Syntax = Span & (
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  /** x[i, j] */
  | { readonly kind: 'entry'; readonly of: Name; readonly indices: readonly Syntax[] }
  | { readonly kind: 'call'; readonly of: Name; readonly args: readonly Syntax[] }
  /** `j = 1..n` in front of the body of a sum, a mean, … */
  | { readonly kind: 'binding'; readonly of: Name; readonly lo: Syntax; readonly hi: Syntax }
  /** [condition] */
  | { readonly kind: 'bracket'; readonly test: Syntax }
  | { readonly kind: 'negate'; readonly of: Syntax }
  /** first ± … ± …, or first */
  | { readonly kind: 'terms'; readonly first: Syntax; readonly rest: readonly Step[] }
  | { readonly kind: 'factors'; readonly first: Syntax; readonly rest: readonly Step[] }
  | { readonly kind: 'power'; readonly base: Syntax; readonly exponent: Syntax }
  /** a <= b < c */
  | { readonly kind: 'relation'; readonly relations: readonly Relation[]; readonly operands: readonly Syntax[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'not'; readonly of: Syntax }
  | { readonly kind: 'conditional'; readonly test: Syntax; readonly then: Syntax; readonly otherwise: Syntax }
);

export interface Step {
  readonly operator: '+' | '-' | '*' | '/';
  readonly operand: Syntax;
}

export type Parsed =
  | { readonly syntax: Syntax; readonly slips: null }
  | { readonly syntax: null; readonly slips: readonly Slip[] };

/** The syntax tree of an expression, or everything that is wrong with its form. */
export function parseSyntax(text: string): Parsed {
  const { tokens, slips } = tokenise(text);
  if (slips.length > 0) return { syntax: null, slips };
  const written = disguise(tokens);
  if (written.slips.length > 0) return { syntax: null, slips: written.slips };
  try {
    return { syntax: fromTree(parseTree(written.text), tokens), slips: null };
  } catch (error) {
    if (error instanceof Unexpected) return { syntax: null, slips: [error.slip] };
    const char = error instanceof SyntaxError && 'char' in error && typeof error.char === 'number' ? error.char : null;
    if (char === null) throw error;
    return { syntax: null, slips: [unexpectedAt(char - 1, written.starts, tokens)] };
  }
}

/** What mathjs's parser may answer to disguised tokens. */
type Tree =
  | { readonly type: 'SymbolNode'; readonly name: string }
  | { readonly type: 'OperatorNode'; readonly fn: string; readonly args: readonly Tree[]; readonly implicit: boolean }
  | { readonly type: 'RelationalNode'; readonly conditionals: readonly string[]; readonly params: readonly Tree[] }
  | { readonly type: 'FunctionNode'; readonly fn: Tree; readonly args: readonly Tree[] }
  | { readonly type: 'AccessorNode'; readonly object: Tree; readonly index: { readonly dimensions: readonly Tree[] } }
  | { readonly type: 'ArrayNode'; readonly items: readonly Tree[] }
  | { readonly type: 'AssignmentNode'; readonly object: Tree; readonly index: unknown; readonly value: Tree }
  | { readonly type: 'RangeNode'; readonly start: Tree; readonly end: Tree; readonly step: Tree | null }
  | { readonly type: 'ParenthesisNode'; readonly content: Tree }
  | { readonly type: 'ConditionalNode'; readonly condition: Tree; readonly trueExpr: Tree; readonly falseExpr: Tree };

type Parse = (text: string) => unknown;
let parser: Parse | null = null;

function parseTree(text: string): Tree {
  parser ??= create({ parseDependencies: parseDependencies ?? {} }).parse as Parse;
  return parser(text) as Tree;
}

class Unexpected extends Error {
  readonly slip: Slip;
  constructor(slip: Slip) {
    super(slip.kind);
    this.slip = slip;
  }
}

interface Disguised {
  readonly text: string;
  /** Where each token begins in the disguised text. */
  readonly starts: readonly number[];
  readonly slips: readonly Slip[];
}

function disguise(tokens: readonly Token[]): Disguised {
  const starts: number[] = [];
  const slips: Slip[] = [];
  const open: ('bracket' | 'index' | 'reduction' | 'parenthesis')[] = [];
  let text = '';
  for (const [n, token] of tokens.entries()) {
    starts.push(text.length);
    const before = tokens[n - 1];
    if (token.kind !== 'symbol') text += `v${n}`;
    else if (token.text === '=') {
      const place = open.filter((o) => o !== 'parenthesis').at(-1);
      if (place === 'bracket' || asksFor(tokens, n)) text += '==';
      else if (place === 'reduction' && open.at(-1) === 'reduction') text += '=';
      else slips.push({ kind: 'equals', start: token.start, end: token.end });
    } else if (token.text === '..') text += ':';
    else if (token.text === ':' && open.at(-1) === 'index') {
      slips.push({ kind: 'unexpected', start: token.start, end: token.end, text: token.text });
    } else text += token.text;
    if (token.text === '[') open.push(before?.kind === 'name' ? 'index' : 'bracket');
    else if (token.text === '(') open.push(before?.kind === 'name' && isReduction(before.text) ? 'reduction' : 'parenthesis');
    else if (token.text === ')' || token.text === ']') open.pop();
    text += ' ';
  }
  return { text, starts, slips };
}

/** Whether a `?` follows before the part ends that a token stands in: then it belongs to a condition. */
function asksFor(tokens: readonly Token[], n: number): boolean {
  let depth = 0;
  for (let at = n + 1; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at]!;
    if (kind !== 'symbol') continue;
    if (depth === 0 && (text === '?' || text === ',' || text === ':' || text === ')' || text === ']')) return text === '?';
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
  }
  return false;
}

function unexpectedAt(offset: number, starts: readonly number[], tokens: readonly Token[]): Slip {
  const n = starts.findIndex((start, i) => offset >= start && offset < (starts[i + 1] ?? start + 1));
  const token = tokens[n];
  const last = tokens.at(-1)!;
  return token === undefined ? { kind: 'unexpected', start: last.end, end: last.end, text: '' }
    : { kind: 'unexpected', start: token.start, end: token.end, text: token.text };
}

function fromTree(tree: Tree, tokens: readonly Token[]): Syntax {
  const convert = (t: Tree): Syntax => fromTree(t, tokens);
  switch (tree.type) {
    case 'SymbolNode': {
      const token = leaf(tree, tokens);
      const { start, end } = token;
      return token.kind === 'number' ? { kind: 'number', text: token.text, start, end } : { kind: 'name', name: token.text, start, end };
    }
    case 'ParenthesisNode': return convert(tree.content);
    case 'OperatorNode': return fromOperator(tree, tokens);
    case 'RelationalNode': return relation(tree.conditionals.map(relationOf), tree.params.map(convert));
    case 'ArrayNode': {
      const [test, second] = tree.items.map(convert);
      if (test === undefined || second !== undefined) throw unexpected(second ?? { start: 0, end: 0 }, ',');
      return { kind: 'bracket', test, start: test.start, end: test.end };
    }
    case 'AccessorNode': {
      const indices = tree.index.dimensions.map(convert);
      const of = nameOf(tree.object, tokens);
      return { kind: 'entry', of, indices, start: of.start, end: closingOf(tokens, indices.at(-1)?.end ?? of.end) };
    }
    case 'FunctionNode': {
      const args = tree.args.map(convert);
      const of = nameOf(tree.fn, tokens);
      return { kind: 'call', of, args, start: of.start, end: closingOf(tokens, args.at(-1)?.end ?? of.end) };
    }
    case 'AssignmentNode': {
      const of = nameOf(tree.object, tokens);
      const { value } = tree;
      if (value.type !== 'RangeNode' || value.step !== null) throw unexpected({ start: of.end, end: of.end + 1 }, '=');
      const lo = convert(value.start);
      const hi = convert(value.end);
      return { kind: 'binding', of, lo, hi, start: of.start, end: hi.end };
    }
    case 'RangeNode': {
      const end = convert(tree.end);
      const colon = tokens.findLast((t) => t.end <= end.start && (t.text === ':' || t.text === '..'));
      throw unexpected(colon ?? end, colon?.text ?? '..');
    }
    case 'ConditionalNode': {
      const test = convert(tree.condition);
      const otherwise = convert(tree.falseExpr);
      return { kind: 'conditional', test, then: convert(tree.trueExpr), otherwise, start: test.start, end: otherwise.end };
    }
  }
}

type Operator = Extract<Tree, { type: 'OperatorNode' }>;

function fromOperator(tree: Operator, tokens: readonly Token[]): Syntax {
  switch (tree.fn) {
    case 'add': case 'subtract': return chain(tree, tokens, 'terms', { add: '+', subtract: '-' });
    case 'multiply': case 'divide': return chain(tree, tokens, 'factors', { multiply: '*', divide: '/' });
    case 'and': case 'or': {
      const parts = spine(tree, (fn) => fn === tree.fn).map(({ operand }) => fromTree(operand, tokens));
      return { kind: tree.fn, parts, ...around(parts) };
    }
  }
  const args = tree.args.map((arg) => fromTree(arg, tokens));
  const [first, second] = args;
  if (first === undefined) throw new Error(`an operator without operands: ${tree.fn}`);
  switch (tree.fn) {
    case 'unaryMinus': return { kind: 'negate', of: first, ...around(args) };
    case 'unaryPlus': return first;
    case 'not': return { kind: 'not', of: first, ...around(args) };
  }
  if (second === undefined) throw new Error(`an operator that the language does not have: ${tree.fn}`);
  if (tree.fn === 'pow') return { kind: 'power', base: first, exponent: second, ...around(args) };
  return relation([relationOf(tree.fn)], args);
}

/** a + b - c is one node with three operands: the tree is as deep as it is long on its left side, and must not be recursed on. */
function chain(
  tree: Operator, tokens: readonly Token[], kind: 'terms' | 'factors', operators: Readonly<Record<string, Step['operator']>>,
): Syntax {
  const [head, ...tail] = spine(tree, (fn) => Object.hasOwn(operators, fn));
  const first = fromTree(head!.operand, tokens);
  const rest = tail.map(({ fn, operand }): Step => ({ operator: operators[fn]!, operand: fromTree(operand, tokens) }));
  return { kind, first, rest, ...around([first, ...rest.map((s) => s.operand)]) };
}

/** The operands of a left-leaning tree of operators, from left to right, each with the operator in front of it. */
function spine(tree: Operator, belongs: (fn: string) => boolean): { readonly fn: string; readonly operand: Tree }[] {
  const found: { fn: string; operand: Tree }[] = [];
  let at: Tree = tree;
  while (at.type === 'OperatorNode' && belongs(at.fn)) {
    const [left, right]: readonly Tree[] = at.args;
    if (left === undefined || right === undefined) break;
    found.push({ fn: at.fn, operand: right });
    at = left;
  }
  found.push({ fn: '', operand: at });
  return found.reverse();
}

const relations: Readonly<Record<string, Relation>> = {
  equal: '=', unequal: '!=', smaller: '<', smallerEq: '<=', larger: '>', largerEq: '>=',
};

function relationOf(fn: string): Relation {
  const found = Object.hasOwn(relations, fn) ? relations[fn] : undefined;
  if (found === undefined) throw new Error(`an operator that the language does not have: ${fn}`);
  return found;
}

const relation = (list: readonly Relation[], operands: readonly Syntax[]): Syntax =>
  ({ kind: 'relation', relations: list, operands, ...around(operands) });

const around = (parts: readonly Span[]): Span => ({
  start: Math.min(...parts.map((p) => p.start)),
  end: Math.max(...parts.map((p) => p.end)),
});

/** The end of the bracket that closes after `end`. */
const closingOf = (tokens: readonly Token[], end: number): number =>
  tokens.find((t) => t.start >= end && (t.text === ')' || t.text === ']'))?.end ?? end;

function leaf(tree: Tree, tokens: readonly Token[]): Token {
  const token = tree.type === 'SymbolNode' ? tokens[Number(tree.name.slice(1))] : undefined;
  // A lone `not` comes back as a name of its own.
  if (token === undefined) throw unexpected({ start: 0, end: tokens.at(-1)!.end }, tree.type === 'SymbolNode' ? tree.name : '');
  return token;
}

function nameOf(tree: Tree, tokens: readonly Token[]): Name {
  const token = leaf(tree, tokens);
  return { name: token.text, start: token.start, end: token.end };
}

const unexpected = (span: Span, text: string): Unexpected =>
  new Unexpected({ kind: 'unexpected', start: span.start, end: span.end, text });
