// A letter in LaTeX: its name in the right font, with everything that stands above and below it.

import type { Letter } from './box.ts';
import { type Convention, greek, isBareMark, isRaised, shownName } from './convention.ts';
import { layerMarkText } from './layer-mark.ts';

/** @param indices each as it is written, without spaces */
export function latexLetter(m: Letter, indices: readonly string[], convention: Convention): string {
  const { base, mark } = named(shownName(m.name, convention), convention, m.whole && convention.bold);
  const layer = m.layer === null ? '' : layerMarkText(m.layer, convention, (name) => layerLetter(name, convention));
  const raised = isRaised(convention) ? layer : '';
  const short = indices.every((a) => /^.$/u.test(a));
  const below = [
    ...(mark === '' ? [] : [m.numbered && /^\d+$/.test(mark) ? mark : `\\mathrm{${mark}}`]), ...(convention.layer.kind === 'subscript' && layer !== '' ? [layer] : []),
    ...(short && indices.length > 0 ? [indices.join('')] : indices),
  ].join(',');
  // x_1 would be all of the x of layer 1; in x_i no layer is read.
  const { letter, last } = convention.layer;
  const isLayerNumber = (index: string): boolean => /\d/.test(index) || index.includes(layerLetter(letter, convention)) || index.includes(layerLetter(last, convention));
  const apart = m.namesakes && convention.layer.kind === 'subscript' && indices.slice(0, 1).some(isLayerNumber);
  const name = marked(base, m.derivative);
  const head = (apart ? `(${name})` : name) + (below === '' ? '' : script('_', below));
  const primes = "'".repeat(m.primes);
  if (raised === '') return head + primes + (m.transposed ? transposed[convention.transpose].alone : '');
  // Without brackets a layer number reads as one only where nothing else stands beside it: (w^l)^T, h'^l.
  if (!isBareMark(convention)) return `${head}${script('^', raised + primes + (m.transposed ? transposed[convention.transpose].behind : ''))}`;
  const whole = `${head}${primes}${script('^', raised)}`;
  return m.transposed ? `(${whole})${transposed[convention.transpose].alone}` : whole;
}

const transposed = {
  T: { alone: '^T', behind: 'T' }, '⊤': { alone: '^\\top', behind: '\\top' }, "'": { alone: "'", behind: "'" },
} as const;

const script = (sign: '^' | '_', text: string): string => (/^.$/.test(text) ? sign + text : `${sign}{${text}}`);

function marked(base: string, derivative: Letter['derivative']): string {
  switch (derivative) {
    case null: return base;
    case 'd': return `d${base}`;
    case 'bar': return `\\overline{${base}}`;
  }
}

/** The letter of a layer number: n_l, whose mark is a letter as well. */
export function layerLetter(name: string, convention: Convention): string {
  const { base, mark } = named(name, convention, false);
  return base + (mark === '' ? '' : script('_', /^[A-Za-z]$/.test(mark) ? mark : `\\mathrm{${mark}}`));
}

/** A name without scripts: Greek, with its accent, upright where it is a word; `mark` is what stands behind an underscore. */
function named(name: string, convention: Convention, bold: boolean): { readonly base: string; readonly mark: string } {
  for (const accent of convention.accents) {
    if (!name.endsWith(accent.ending) || name.length === accent.ending.length) continue;
    const { base, mark } = named(name.slice(0, -accent.ending.length), convention, bold);
    return { base: `${accent.latex}{${base}}`, mark };
  }
  const at = name.indexOf('_', 1);
  const [head, mark] = at < 0 || at === name.length - 1 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
  return { base: font(head, bold), mark: escaped(mark) };
}

function font(head: string, bold: boolean): string {
  if (greek.has(head)) return bold ? `\\boldsymbol{\\${latexGreek(head)}}` : `\\${latexGreek(head)}`;
  if (bold) return `\\mathbf{${escaped(head)}}`;
  return /^.′*$/u.test(head) ? escaped(head) : `\\mathrm{${escaped(head)}}`;
}

/** LaTeX has no \omicron; all other letters of the table go by their own names. */
const latexGreek = (name: string): string => (name === 'epsilon' ? 'varepsilon' : name === 'phi' ? 'varphi' : name);
const escaped = (text: string): string => text.replaceAll('_', '\\_').replaceAll('′', "'");
