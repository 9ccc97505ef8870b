// Phrases in HTML: formulas as MathML, words escaped.

import katex from 'katex';
import type { Phrase } from './phrase.ts';

const characters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapedHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => characters[c] ?? c);

export const mathsHtml = (latex: string): string => withBoldLetters(katex.renderToString(latex, { output: 'mathml', throwOnError: true, strict: 'error' }));

/** A formula by itself: its fractions are as large as its letters. */
export const formulaHtml = (latex: string): string => mathsHtml(latex).replace('<math ', '<math displaystyle="true" ');

/** Browsers have dropped `mathvariant` but for upright letters: bold ones are characters of their own. */
const withBoldLetters = (html: string): string => html.replace(/<(m[in]) mathvariant="(bold|bold-italic)">([^<]+)<\/\1>/g, (_, tag: string, variant: keyof typeof boldLetters, text: string) =>
  `<${tag}>${Array.from(text, (c) => boldLetter(c, variant)).join('')}</${tag}>`);

/** Where the bold letters begin: of a, A, α, Α and 0. */
const boldLetters = {
  bold: { a: 0x1d41a, A: 0x1d400, α: 0x1d6c2, Α: 0x1d6a8, 0: 0x1d7ce }, 'bold-italic': { a: 0x1d482, A: 0x1d468, α: 0x1d736, Α: 0x1d71c, 0: 0x1d7ce },
} as const;

const ranges = [['a', 'z'], ['A', 'Z'], ['α', 'ω'], ['Α', 'Ω'], ['0', '9']] as const;

function boldLetter(character: string, variant: keyof typeof boldLetters): string {
  const range = ranges.find(([from, to]) => character >= from && character <= to);
  return range === undefined ? character : String.fromCodePoint(boldLetters[variant][range[0]] + (character.codePointAt(0) ?? 0) - (range[0].codePointAt(0) ?? 0));
}

export const phraseHtml = (phrase: Phrase): string => phrase.map((part) => {
  if (typeof part === 'string') return escapedHtml(part);
  return part.kind === 'maths' ? mathsHtml(part.latex) : `<a href="${escapedHtml(part.url)}">${escapedHtml(part.text)}</a>`;
}).join('');
