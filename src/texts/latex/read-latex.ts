// LaTeX of one formula to a tree: KaTeX's nodes as our own, scripts on what they belong to, brackets matched.

import { attempt, MOST_LEVELS, type Outcome, refuse } from '../problem.ts';
import { type Span, spanning } from '../span.ts';
import { type Item, matched } from './fences.ts';
import { cellsIn, type KatexNode, type Macros, nodesIn, parseKatex, REFUSED, textIn, widthOf } from './katex.ts';
import type { LatexNode, SignFamily, Style } from './node.ts';
import { insideOf, placeBetween } from './places.ts';
import { delimiterNames, operatorNames, signOf, spokenFunctions, styles } from './names.ts';

/** The tree of a formula, or what is wrong with it. */
export const readLatex = (source: string, macros: Macros = {}): Outcome<readonly LatexNode[]> =>
  attempt({ start: 0, end: source.length }, () => latexTree(source, macros));

/** @throws Refusal */
export function latexTree(source: string, macros: Macros = {}): readonly LatexNode[] {
  const reading: Reading = { source, places: new Map(), style: 'plain', depth: 0 };
  return read(parseKatex(source, macros), { start: 0, end: source.length }, reading);
}

interface Reading {
  readonly source: string;
  readonly places: Map<object, Span | null>;
  readonly style: Style;
  readonly depth: number;
}

/** A list of nodes within a range: items first, then brackets. */
function read(nodes: readonly KatexNode[], within: Span, reading: Reading): readonly LatexNode[] {
  if (reading.depth > 4 * MOST_LEVELS) refuse('formula-too-deep', within, { most: MOST_LEVELS });
  return matched(items(nodes, within, { ...reading, depth: reading.depth + 1 }));
}

function items(nodes: readonly KatexNode[], within: Span, reading: Reading): readonly Item[] {
  let cursor = within.start;
  return joined(nodes.flatMap((node) => {
    const place = placeBetween(node, cursor, within.end, reading.source, reading.places);
    cursor = Math.max(cursor, place.end);
    return itemsOf(node, place, reading);
  }));
}

/** Digits side by side are one number, with their point; a point before a star is a sign with it. */
function joined(all: readonly Item[]): readonly Item[] {
  const out: Item[] = [];
  for (const item of all) {
    const last = out.at(-1);
    if (item.kind === 'number' && last?.kind === 'number' && last.end === item.start && last.style === item.style && !(item.digits === '.' && last.digits.includes('.'))) {
      out[out.length - 1] = { ...last, digits: last.digits + item.digits, end: item.end };
    } else if (item.kind === 'sign' && item.text === '*' && last?.kind === 'number' && last.digits === '.' && last.end === item.start) {
      out[out.length - 1] = { kind: 'sign', text: '.*', family: 'binary', start: last.start, end: item.end };
    } else out.push(item);
  }
  return out.map((item) => (item.kind === 'number' && item.digits === '.'
    ? { kind: 'sign', text: '.', family: 'punctuation', start: item.start, end: item.end } : item));
}

function itemsOf(node: KatexNode, place: Span, reading: Reading): readonly Item[] {
  const { source } = reading;
  const inside = (field: string, style: Style = reading.style): readonly LatexNode[] =>
    read(opened(nodesIn(node, field, source), source), insideOf(nodesIn(node, field, source), place, source, reading.places), { ...reading, style });
  const spliced = (field: string): readonly Item[] => items(nodesIn(node, field, source), place, reading);
  const text = textIn(node, 'text');
  switch (node.type) {
    case 'mathord': case 'textord': return symbolItems(text, place, reading);
    case 'atom': return atomItems(text, textIn(node, 'family'), place);
    case 'ordgroup': {
      const body = read(nodesIn(node, 'body', source), insideOf([node], place, source, reading.places), reading);
      return body.length === 0 ? [] : [groupOf(body, place)];
    }
    case 'supsub': return scriptItems(node, place, reading);
    case 'genfrac': return [{ ...place, kind: 'fraction', top: inside('numer'), bottom: inside('denom') }];
    case 'sqrt': {
      const degree = nodesIn(node, 'index', source);
      return [{ ...place, kind: 'root', degree: degree.length === 0 ? null : read(opened(degree, source), insideOf(degree, place, source, reading.places), reading), body: inside('body') }];
    }
    case 'op': return operatorItems(node, place, reading);
    case 'operatorname': return [wordOf(inside('body', 'upright'), place, 'upright', true)];
    case 'font': return fontItems(node, place, reading);
    case 'text': return [textOf(plainText(nodesIn(node, 'body', source), source), place)];
    case 'accent': case 'accentUnder': return [{ ...place, kind: 'accent', accent: accentName(textIn(node, 'label')), body: inside('base') }];
    case 'overline': return [{ ...place, kind: 'accent', accent: 'overline', body: inside('body') }];
    case 'underline': return [{ ...place, kind: 'accent', accent: 'underline', body: inside('body') }];
    case 'horizBrace': return [{ ...place, kind: 'brace', over: textIn(node, 'label').startsWith('\\over'), body: inside('base') }];
    case 'leftright': return [leftRight(node, place, reading)];
    case 'delimsizing': return delimiterItems(textIn(node, 'delim'), textIn(node, 'mclass'), place);
    case 'array': return [{ ...place, kind: 'table', rows: tableRows(node, place, reading) }];
    case 'color': return textIn(node, 'color') === REFUSED ? unknown(node, place, reading) : spliced('body');
    case 'mclass': case 'styling': case 'sizing': case 'tag': case 'hbox': case 'lap': case 'raisebox': case 'html': case 'smash': case 'pmb':
    case 'vcenter': return spliced('body');
    case 'htmlmathml': return htmlItems(node, place, reading);
    case 'mathchoice': return items(nodesIn(node, 'display', source), place, reading);
    case 'spacing': return [{ ...place, kind: 'space', width: /^\\(?:nobreak|allowbreak)$/.test(text) ? 0 : 0.3 }];
    case 'kern': return [{ ...place, kind: 'space', width: widthOf(node) }];
    case 'phantom': case 'hphantom': case 'vphantom': case 'rule': case 'cr': case 'internal': return [];
  }
  return unknown(node, place, reading);
}

const unknown = (node: KatexNode, place: Span, { source }: Reading): never =>
  refuse('formula-construct', place, { text: source.slice(place.start, place.end), type: node.type });

/** The braces of an argument are no group. */
function opened(nodes: readonly KatexNode[], source: string): readonly KatexNode[] {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 && (only.type === 'ordgroup' || only.type === 'styling')
    ? opened(nodesIn(only, 'body', source), source) : nodes;
}

function symbolItems(text: string, place: Span, { style }: Reading): readonly Item[] {
  if (/^[0-9.]$/.test(text)) return [{ ...place, kind: 'number', digits: text, style }];
  const delimiter = delimiterNames.get(text);
  if (delimiter !== undefined) return [{ ...place, kind: 'delimiter', side: 'bar', text: delimiter }];
  const sign = signOf(text);
  if (sign !== null) return [{ ...place, kind: 'sign', ...sign }];
  return [text.startsWith('\\')
    ? { ...place, kind: 'symbol', text: text === '\\_' ? '_' : text.slice(1), command: text !== '\\_', style }
    : { ...place, kind: 'symbol', text, command: false, style }];
}

const families: ReadonlyMap<string, SignFamily> = new Map([
  ['bin', 'binary'], ['rel', 'relation'], ['punct', 'punctuation'], ['inner', 'inner'],
]);

function atomItems(text: string, family: string, place: Span): readonly Item[] {
  if (family === 'open' || family === 'close') return delimiterItems(text, family === 'open' ? 'mopen' : 'mclose', place);
  const own = signOf(text);
  return [{ ...place, kind: 'sign', text: own?.text ?? text.replace(/^\\/, ''), family: own?.family ?? families.get(family) ?? 'ordinary' }];
}

function delimiterItems(text: string, mclass: string, place: Span): readonly Item[] {
  const name = delimiterNames.get(text) ?? text;
  const side = mclass === 'mopen' ? 'open' : mclass === 'mclose' ? 'close' : 'bar';
  return [{ ...place, kind: 'delimiter', side, text: name }];
}

const groupOf = (body: readonly LatexNode[], place: Span): LatexNode =>
  (body.length === 1 && body[0] !== undefined && body[0].kind !== 'sign' ? body[0] : { ...place, kind: 'group', body });

/** Scripts on a closing bracket belong to the whole bracket; those on primes stand behind them. */
function scriptItems(node: KatexNode, place: Span, reading: Reading): readonly Item[] {
  const { source } = reading;
  const base = items(nodesIn(node, 'base', source), place, reading);
  const [only] = base;
  const from = only?.end ?? place.start;
  const part = (field: string): readonly LatexNode[] | null => {
    const nodes = nodesIn(node, field, source);
    return nodes.length === 0 ? null : read(opened(nodes, source), insideOf(nodes, { start: from, end: place.end }, source, reading.places), reading);
  };
  const { rest, primes } = withoutPrimes(part('sup'));
  const scripts = { sub: part('sub'), sup: rest, primes };
  if (only?.kind === 'delimiter') return [{ ...only, scripts: { ...scripts, end: place.end } }];
  if (base.length > 1) {
    const inner = matched(base);
    return [{ ...place, kind: 'scripts', base: groupOf(inner, spanning(inner, place)), ...scripts }];
  }
  return [{ ...place, kind: 'scripts', base: only ?? null, ...scripts }];
}

function withoutPrimes(sup: readonly LatexNode[] | null): { readonly rest: readonly LatexNode[] | null; readonly primes: number } {
  if (sup === null) return { rest: null, primes: 0 };
  const isPrime = (n: LatexNode): boolean => n.kind === 'symbol' && n.text === 'prime';
  const primes = sup.findIndex((n) => !isPrime(n));
  const count = primes < 0 ? sup.length : primes;
  return { primes: count, rest: count === sup.length ? null : sup.slice(count) };
}

function operatorItems(node: KatexNode, place: Span, reading: Reading): readonly Item[] {
  const name = textIn(node, 'name');
  // \overset{…}{=} and the like.
  if (name === '') return items(nodesIn(node, 'body', reading.source), place, reading);
  const word = name.replace(/^\\/, '');
  return [operatorNames.has(word) ? { ...place, kind: 'operator', name: word } : { ...place, kind: 'word', text: word, style: 'upright', operator: true }];
}

/** A font changes letters; upright ones side by side are a word. */
function fontItems(node: KatexNode, place: Span, reading: Reading): readonly Item[] {
  const style = styles.get(textIn(node, 'font')) ?? 'plain';
  const body = read(opened(nodesIn(node, 'body', reading.source), reading.source), place, { ...reading, style });
  if (style === 'mono') return [{ ...place, kind: 'word', text: body.map(plainSign).join(''), style, operator: false }];
  // \mathbf{var} is a word, \mathbf{W} a letter.
  const isWord = (style === 'upright' || style === 'sans' || (style === 'bold' && body.length > 1)) && body.every((n) => (n.kind === 'symbol' && !n.command) || n.kind === 'number');
  return isWord ? [wordOf(body, place, style, false)] : body.length === 1 ? body.map((n) => ({ ...n, ...place })) : body;
}

function plainSign(n: LatexNode): string {
  switch (n.kind) {
    case 'symbol': case 'word': return n.text;
    case 'number': return n.digits;
    case 'sign': return n.text === 'to' || n.text === 'rightarrow' ? '->' : n.text;
    case 'space': return '';
    case 'operator': return n.name;
    case 'group': return n.body.map(plainSign).join('');
    case 'fenced': case 'scripts': case 'fraction': case 'root': case 'accent': case 'text': case 'brace': case 'table':
      return refuse('formula-construct', n, { text: '\\mathtt', type: n.kind });
  }
}

function wordOf(body: readonly LatexNode[], place: Span, style: Style, operator: boolean): LatexNode {
  const text = body.map((n) => (n.kind === 'symbol' ? n.text : n.kind === 'number' ? n.digits : n.kind === 'space' ? '' : null));
  const word = text.join('');
  if (text.includes(null) || word === '') return { ...place, kind: 'group', body };
  return operator && operatorNames.has(word) ? { ...place, kind: 'operator', name: word } : { ...place, kind: 'word', text: word, style, operator };
}

function plainText(nodes: readonly KatexNode[], source: string): string {
  return nodes.map((n) => {
    const inner = nodesIn(n, 'body', source);
    return inner.length > 0 ? plainText(inner, source) : textIn(n, 'text');
  }).join('');
}

/** Words between formulas, but for the names of functions. */
function textOf(text: string, place: Span): LatexNode {
  const word = text.trim();
  if (!spokenFunctions.has(word)) return { ...place, kind: 'text', text };
  return operatorNames.has(word) ? { ...place, kind: 'operator', name: word } : { ...place, kind: 'word', text: word, style: 'upright', operator: true };
}

const accentName = (label: string): string => label.replace(/^\\(?:wide)?/, '');

function leftRight(node: KatexNode, place: Span, reading: Reading): LatexNode {
  const name = (text: string): string => (text === '.' ? '' : delimiterNames.get(text) ?? text.replace(/^\\/, ''));
  return {
    ...place, kind: 'fenced', open: name(textIn(node, 'left')), close: name(textIn(node, 'right')),
    body: read(nodesIn(node, 'body', reading.source), insideOf([], place, reading.source, reading.places), reading),
  };
}

function tableRows(node: KatexNode, place: Span, reading: Reading): readonly (readonly (readonly LatexNode[])[])[] {
  let cursor = insideOf([], place, reading.source, reading.places).start;
  const rows = cellsIn(node, reading.source).map((row) => row.map((cell) => {
    const body = read(opened([cell], reading.source), { start: cursor, end: place.end }, reading);
    cursor = body.at(-1)?.end ?? cursor;
    return body;
  }));
  return rows.filter((row) => row.some((cell) => cell.length > 0));
}

/** What KaTeX draws out of pieces it names for MathML: ≠. */
function htmlItems(node: KatexNode, place: Span, reading: Reading): readonly Item[] {
  const text = plainText(nodesIn(node, 'mathml', reading.source), reading.source);
  const sign = signOf(text);
  return sign === null ? items(nodesIn(node, 'html', reading.source), place, reading) : [{ ...place, kind: 'sign', ...sign }];
}
