// The sentences of a derivation (titles, remarks) in Unicode, Markdown and LaTeX. What they hold of formulas is plain
// text, `W_tilde^(k-1)`, between backticks or not; index names of the algebra, `j#2`, get the letters of the step.

import { type Layer, layerK, layerN, layerNumber } from '../algebra/layer.ts';
import { letterOf } from '../notation/box.ts';
import { articleConvention, type Convention, greek } from '../notation/convention.ts';
import type { Letters } from '../notation/indices.ts';
import { layerNumberText } from '../notation/layer-mark.ts';
import { printLatex } from '../notation/print-latex.ts';
import { printUnicode } from '../notation/print-unicode.ts';
import { TOTAL } from '../spec/names.ts';

/**
 * What stands in a sentence as a formula without backticks: names with their layers and single letters, with what counts or
 * relates them: `k = 2..N`, `N-1`, `2(N-k)+3`, `y = z^(N)`. The letters a, A and I may be words.
 */
const name = String.raw`[A-Za-z]\w*?(?:[_^]\((?:[kN]|[kN]?[+-]?\d+)\)|(?<=_(?:tilde|hat|bar)))(?!\w)`;
const letter = String.raw`(?:${name}|[b-zB-HJ-Z\u03b1-\u03c9\ue000-\uf8ff](?![\w’'\u0300-\u036f]))`;
const factors = String.raw`\d+(?:\([kN][+-][kN\d]\))?`;
const relation = String.raw`(?: = | ≤ | ≥ |\.\.|[+-](?![A-Za-z]{2}))`;
const first = String.raw`(?:${letter}|\d+\([kN][+-][kN\d]\)|\d+\.\.${name})`;
const formulas = new RegExp(String.raw`(?<![\w.’'/-])${first}(?:${relation}(?:${letter}|${factors}(?!\w)))*(?!-[A-Za-z]{2})`, 'gu');

/** What is written otherwise in a text than in the algebra, and how symbols look there. */
export interface SentenceStyle {
  readonly convention: Convention;
  /** What a tensor, a size or a function is called there, and its layer; null where it keeps its name. */
  readonly rename: (name: string, layer: Layer | null) => { readonly name: string; readonly layer: Layer | null } | null;
  /** The number there of a layer that is spoken of by itself: `layer k-1`, `layer 0`, `k = 2..N`. */
  readonly layer: (layer: Layer) => Layer;
  /** Whether k and N are layers where they stand by themselves; in a network whose layers have numbers they are letters like others. */
  readonly generic: boolean;
}

export const plainSentences: SentenceStyle = { convention: articleConvention, rename: () => null, layer: (layer) => layer, generic: true };

const layerFrom = (text: string | undefined): Layer | null => {
  if (text === undefined) return null;
  const offset = Number(text.replace(/^[kN]/, '') || 0);
  return text.startsWith('k') ? layerK(offset) : text.startsWith('N') ? layerN(offset) : layerNumber(offset);
};

/** Letters that indices got stand as private characters while names are looked for, so that nobody takes them for layers. */
const FIRST = 0xe000;

interface Lettered {
  readonly text: string;
  /** Puts the letters back. */
  readonly restored: (text: string, print: (letter: string) => string) => string;
}

function withLetters(text: string, letters: Letters): Lettered {
  const shown: string[] = [];
  const stand = (letter: string): string => String.fromCharCode(FIRST + shown.push(letter) - 1);
  return {
    text: text.replace(/\b([A-Za-z]\w*#\d+)/g, (name) => stand(letters.get(name) ?? name.replace(/#\d+$/, '′')))
      .replace(/`[^`]*`/g, (formula) => (isCode(formula.slice(1, -1)) ? formula : formula.replace(plainNames, (name) => {
        const letter = letters.get(name);
        return letter === undefined || letter === name ? name : stand(letter);
      }))),
    restored: (written, print) => written.replace(/[\ue000-\uf8ff]/g, (c) => print(shown[c.charCodeAt(0) - FIRST] ?? c)),
  };
}

/** Names without a layer. */
const plainNames = /(?<![\w^(])[A-Za-z]\w*(?![\w(^]|_\()/g;

/** A heading begins with a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** For a terminal: without backticks. */
export function unicodeSentence(text: string, letters: Letters = new Map(), style: SentenceStyle = plainSentences): string {
  const print = (name: string, layer: Layer | null): string => printUnicode(letterOf(name, layer), style.convention, 'subscripts');
  return written(text, letters, style, {
    print, prose: (prose) => prose, code: (code) => code,
    formula: (formula, set) => set(formula, (word) => greek.get(word) ?? word),
  });
}

/** For Markdown: formulas between dollars, words and paths between backticks as code. */
export function markdownSentence(text: string, letters: Letters = new Map(), style: SentenceStyle = plainSentences): string {
  return written(text, letters, style, {
    ...latexWriter(style), prose: (prose) => prose, code: (code) => `\`${code}\``,
  });
}

/** For LaTeX: everything in ASCII. */
export function latexSentence(text: string, letters: Letters = new Map(), style: SentenceStyle = plainSentences): string {
  return written(text, letters, style, { ...latexWriter(style), prose, code: (code) => `\\texttt{${escaped(code)}}` });
}

/** The sentence as it is, formulas between backticks, with the names of the text. */
export function renamedSentence(text: string, letters: Letters, style: SentenceStyle): string {
  const print = (name: string, layer: Layer | null): string =>
    (layer === null ? name : `${name}^(${layerNumberText(layer, style.convention, (letter) => letter)})`);
  return written(text, letters, style, {
    print, prose: (prose) => prose, code: (code) => `\`${code}\``,
    formula: (formula, set, quoted) => (quoted ? `\`${set(formula, (word) => word)}\`` : set(formula, (word) => word)),
  });
}

interface Writer {
  readonly print: (name: string, layer: Layer | null) => string;
  readonly prose: (text: string) => string;
  readonly code: (text: string) => string;
  /** \`set\` writes all names of a formula, words that nobody renames by the function that it is given. */
  readonly formula: (text: string, set: (text: string, word: (word: string) => string, mark?: (text: string) => string) => string, quoted: boolean) => string;
}

const latexWriter = (style: SentenceStyle): Pick<Writer, 'print' | 'formula'> => {
  const print = (name: string, layer: Layer | null): string => printLatex(letterOf(name, layer), style.convention);
  return {
    print,
    formula: (text, set) => {
      const kept: string[] = [];
      const mark = (piece: string): string => `\u0001${String(kept.push(piece) - 1)}\u0002`;
      const marked = set(text, (word) => (word.length < 2 ? word : mark(print(word, null))), mark)
        .replace(/\^\(([^()]*)\)/g, '^{$1}').replaceAll('..', '…');
      return `$${Array.from(marked).map(sign).join('').replace(/\u0001(\d+)\u0002/g, (_, n: string) => kept[Number(n)] ?? '').replace(/ {2,}/g, ' ').trim()}$`;
    },
  };
};

function written(text: string, letters: Letters, style: SentenceStyle, writer: Writer): string {
  const lettered = withLetters(text, letters);
  return pieces(lettered.text).map((p) => {
    switch (p.kind) {
      case 'code': return writer.code(lettered.restored(p.text, (letter) => letter));
      case 'text': return writer.prose(lettered.restored(layersNamed(p.text, style), (letter) => letter));
      case 'formula': return writer.formula(p.text, (formula, word, mark = (t) => t) =>
        lettered.restored(named(formula, style, writer.print, word, mark), (letter) => mark(writer.print(letter, null))), p.quoted);
    }
  }).join('');
}

/** `layer 0`, `layers 1, 2`: their numbers in the text; letters for layers are formulas by themselves. */
const layersNamed = (text: string, { layer }: SentenceStyle): string =>
  text.replace(/\b([Ll]ayers? )(\d+(?:(?:, | and )\d+)*)(?![\w.])/g, (_, word: string, numbers: string) =>
    word + numbers.replace(/\d+/g, (n) => String(layer(layerNumber(Number(n))).offset)));

const tokens = /\b([A-Za-z]\w*?)(?:[_^]\(([kN]|[kN]?[+-]?\d+)\)|(?!\w))/g;
const count = String.raw`[kN](?:[+-]\d+)?|\d+`;
const layerAlone = new RegExp(String.raw`^(?:${count})$`);
const layerRange = new RegExp(String.raw`^k = (${count})(?:\.\.(${count}))?$`);

/** A formula with its names as the text has them. */
function named(
  formula: string, style: SentenceStyle, print: Writer['print'], word: (word: string) => string, mark: (text: string) => string,
): string {
  const { convention, generic } = style;
  const number = (text: string): string => mark(layerNumberText(style.layer(layerFrom(text) ?? layerNumber(0)), convention, (name) => print(name, null)));
  const range = generic ? layerRange.exec(formula) : null;
  if (range !== null) return `${mark(print(convention.layer.letter, null))} = ${number(range[1] ?? '')}${range[2] === undefined ? '' : `..${number(range[2])}`}`;
  if (generic && layerAlone.test(formula) && /[kN]/.test(formula)) return number(formula);
  return formula.replace(tokens, (all, name: string, text: string | undefined) => {
    const layer = layerFrom(text);
    const other = style.rename(name, layer);
    if (other !== null) return mark(print(other.name, other.layer));
    if (layer !== null || hasAccent(name)) return mark(print(name, layer));
    if (generic && (name === 'k' || name === 'N')) return mark(print(name === 'k' ? convention.layer.letter : convention.layer.last, null));
    // A name that is no layer must not look like one: the loss l beside layer l.
    if (generic && (name === convention.layer.letter || name === convention.layer.last)) return mark(print(name === 'l' ? 'ell' : `${name}′`, null));
    return name === TOTAL && convention.total !== TOTAL ? mark(print(convention.total, null)) : word(all);
  });
}

const hasAccent = (name: string): boolean => /._(?:tilde|hat|bar)$/.test(name);

interface Piece {
  readonly kind: 'text' | 'code' | 'formula';
  readonly text: string;
  /** Between backticks. */
  readonly quoted: boolean;
}

function pieces(text: string): readonly Piece[] {
  return text.split(/(`[^`]*`)/).flatMap((part): readonly Piece[] => {
    if (part.startsWith('`')) {
      const inner = part.slice(1, -1);
      return [{ kind: isCode(inner) ? 'code' : 'formula', text: inner, quoted: true }];
    }
    return aroundFormulas(part);
  });
}

function aroundFormulas(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(formulas)) {
    found.push({ kind: 'text', text: text.slice(at, match.index), quoted: false }, { kind: 'formula', text: match[0], quoted: false });
    at = match.index + match[0].length;
  }
  return [...found, { kind: 'text', text: text.slice(at), quoted: false }];
}

/** Paths and the names of specs are no formulas. */
const isCode = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)+$|^[\w./-]+\.yaml/.test(text);

const commands: ReadonlyMap<string, string> = new Map([
  ...[...greek].map(([name, letter]) => [letter, printLatex(letterOf(name), articleConvention)] as const),
  ['∂', '\\partial'], ['Σ', '\\sum'], ['·', '\\cdot'], ['⊙', '\\odot'], ['≥', '\\geq'], ['≤', '\\leq'], ['≠', '\\neq'], ['→', '\\to'],
  ['∀', '\\forall'], ['′', "'"], ['−', '-'], ['√', '\\surd'], ['…', '\\dots'], ['½', '\\tfrac12'], ['×', '\\times'], ['∞', '\\infty'],
  ['ᵀ', '^T'], ['∧', '\\land'], ['∨', '\\lor'], ['¬', '\\lnot'], ['∈', '\\in'],
]);

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
