// Phrases in HTML: formulas as MathML, words escaped.

import katex from 'katex';
import type { Phrase } from './phrase.ts';

const characters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapedHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => characters[c] ?? c);

export const mathsHtml = (latex: string): string => katex.renderToString(latex, { output: 'mathml', throwOnError: true, strict: 'error' });

export const phraseHtml = (phrase: Phrase): string => phrase.map((part) => {
  if (typeof part === 'string') return escapedHtml(part);
  return part.kind === 'maths' ? mathsHtml(part.latex) : `<a href="${escapedHtml(part.url)}">${escapedHtml(part.text)}</a>`;
}).join('');
