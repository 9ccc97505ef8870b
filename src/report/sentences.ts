// The sentences of a derivation (titles, remarks) in Unicode, Markdown and LaTeX. What they hold of formulas is plain
// text, `W_tilde^(k-1)`, between backticks or not; index names of the algebra, `j#2`, get the letters of the step.

import { type Layer, layerK, layerN, layerNumber } from '../algebra/layer.ts';
import { letterOf } from '../notation/box.ts';
import { articleConvention, greek } from '../notation/convention.ts';
import type { Letters } from '../notation/indices.ts';
import { printLatex } from '../notation/print-latex.ts';
import { printUnicode } from '../notation/print-unicode.ts';

/** A name with its layer, or with an accent: `W_tilde^(k-1)`, `units_(k-1)`, `x_tilde`. */
const names = /\b([A-Za-z]\w*?)(?:[_^]\(([kN]|[kN]?[+-]?\d+)\)|(?<=_(?:tilde|hat|bar))\b)/g;

/**
 * What stands in a sentence as a formula without backticks: names with their layers and single letters, with what counts or
 * relates them: `k = 2..N`, `N-1`, `2(N-k)+3`, `y = z^(N)`. The letters a, A and I may be words.
 */
const name = String.raw`[A-Za-z]\w*?(?:[_^]\((?:[kN]|[kN]?[+-]?\d+)\)|(?<=_(?:tilde|hat|bar)))(?!\w)`;
const letter = String.raw`(?:${name}|[b-zB-HJ-Z\u03b1-\u03c9](?![\w’'\u0300-\u036f]))`;
const count = String.raw`\d+(?:\([kN][+-][kN\d]\))?`;
const relation = String.raw`(?: = | ≤ | ≥ |\.\.|[+-](?![A-Za-z]{2}))`;
const first = String.raw`(?:${letter}|\d+\([kN][+-][kN\d]\)|\d+\.\.${name})`;
const formulas = new RegExp(String.raw`(?<![\w.’'/-])${first}(?:${relation}(?:${letter}|${count}(?!\w)))*(?!-[A-Za-z]{2})`, 'gu');

const layerFrom = (text: string | undefined): Layer | null => {
  if (text === undefined) return null;
  const offset = Number(text.replace(/^[kN]/, '') || 0);
  return text.startsWith('k') ? layerK(offset) : text.startsWith('N') ? layerN(offset) : layerNumber(offset);
};

const withLetters = (text: string, letters: Letters): string =>
  text.replace(/\b([A-Za-z]\w*#\d+)/g, (name) => letters.get(name) ?? name.replace(/#\d+$/, '′'));

/** A heading begins with a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** For a terminal: without backticks. */
export function unicodeSentence(text: string, letters: Letters = new Map()): string {
  return withLetters(text, letters).replace(/`[^`]*`/g, (formula) => (isCode(formula.slice(1, -1)) ? formula : formula.replace(/\b[A-Za-z]+\b/g, (word) => greek.get(word) ?? word)))
    .replaceAll('`', '').replace(names, (_, name: string, layer: string | undefined) =>
    printUnicode(letterOf(name, layerFrom(layer)), articleConvention, 'subscripts'));
}

/** For Markdown: formulas between dollars, words and paths between backticks as code. */
export function markdownSentence(text: string, letters: Letters = new Map()): string {
  return pieces(withLetters(text, letters)).map((p) =>
    (p.kind === 'text' ? p.text : p.kind === 'code' ? `\`${p.text}\`` : `$${formula(p.text)}$`)).join('');
}

/** For LaTeX: everything in ASCII. */
export function latexSentence(text: string, letters: Letters = new Map()): string {
  return pieces(withLetters(text, letters)).map((p) =>
    (p.kind === 'text' ? prose(p.text) : p.kind === 'code' ? `\\texttt{${escaped(p.text)}}` : `$${formula(p.text)}$`)).join('');
}

interface Piece {
  readonly kind: 'text' | 'code' | 'formula';
  readonly text: string;
}

function pieces(text: string): readonly Piece[] {
  return text.split(/(`[^`]*`)/).flatMap((part): readonly Piece[] => {
    if (part.startsWith('`')) {
      const inner = part.slice(1, -1);
      return [{ kind: isCode(inner) ? 'code' : 'formula', text: inner }];
    }
    return aroundFormulas(part);
  });
}

function aroundFormulas(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(formulas)) {
    found.push({ kind: 'text', text: text.slice(at, match.index) }, { kind: 'formula', text: match[0] });
    at = match.index + match[0].length;
  }
  return [...found, { kind: 'text', text: text.slice(at) }];
}

/** Paths and the names of specs are no formulas. */
const isCode = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)+$|^[\w./-]+\.yaml/.test(text);

const commands: ReadonlyMap<string, string> = new Map([
  ...[...greek].map(([name, letter]) => [letter, printLatex(letterOf(name), articleConvention)] as const),
  ['∂', '\\partial'], ['Σ', '\\sum'], ['·', '\\cdot'], ['⊙', '\\odot'], ['≥', '\\geq'], ['≤', '\\leq'], ['≠', '\\neq'], ['→', '\\to'],
  ['∀', '\\forall'], ['′', "'"], ['−', '-'], ['√', '\\surd'], ['…', '\\dots'], ['½', '\\tfrac12'], ['×', '\\times'], ['∞', '\\infty'],
  ['ᵀ', '^T'], ['∧', '\\land'], ['∨', '\\lor'], ['¬', '\\lnot'], ['∈', '\\in'],
]);

/** A plain formula: names with their layers as they are written elsewhere, words upright, everything else sign by sign. */
function formula(text: string): string {
  const set: string[] = [];
  const marked = text.replace(names, (_, name: string, layer: string | undefined) => {
    set.push(printLatex(letterOf(name, layerFrom(layer)), articleConvention));
    return `\u0001${String(set.length - 1)}\u0002`;
  }).replace(/\b[A-Za-z]\w+\b/g, (word) => {
    set.push(printLatex(letterOf(word), articleConvention));
    return `\u0001${String(set.length - 1)}\u0002`;
  }).replace(/\^\(([^()]*)\)/g, '^{$1}').replaceAll('..', '…');
  return Array.from(marked).map(sign).join('').replace(/\u0001(\d+)\u0002/g, (_, n: string) => set[Number(n)] ?? '').replace(/ {2,}/g, ' ').trim();
}

function sign(c: string): string {
  const command = commands.get(c);
  if (command !== undefined) return /[A-Za-z0-9]$/.test(command) ? `${command} ` : command;
  if (c === '\u0001' || c === '\u0002') return c;
  if (c === '#' || c === '%' || c === '&' || c === '$') return `\\${c}`;
  // What LaTeX would not know must not break the document.
  return c >= ' ' && c <= '~' ? c : '?';
}

/** Prose in ASCII; letters of formulas that stand in it become mathematics by themselves. */
const prose = (text: string): string =>
  escaped(text.replaceAll('–', '--').replaceAll('—', '---').replaceAll('’', "'").replaceAll('…', '...'))
    .replace(/[^\0-~]+/g, (run) => `$${Array.from(run).map(sign).join('').trim()}$`);

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#', '%': '\\%', '_': '\\_', '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
export const escaped = (text: string): string => text.replace(/[\\{}$&#%_~^]/g, (c) => special[c] ?? c);
