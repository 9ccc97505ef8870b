// What commands and characters are called in the tree.

import type { SignFamily, Style } from './node.ts';

export const styles: ReadonlyMap<string, Style> = new Map([
  ['mathrm', 'upright'], ['mathup', 'upright'], ['textrm', 'upright'], ['mathbf', 'bold'], ['boldsymbol', 'bold'], ['bold', 'bold'], ['textbf', 'bold'],
  ['mathcal', 'script'], ['mathscr', 'script'], ['mathfrak', 'script'], ['mathbb', 'blackboard'], ['mathtt', 'mono'], ['mathsf', 'sans'], ['mathsfit', 'sans'],
]);

/** Operators that reach over the product that follows. */
export const operatorNames: ReadonlySet<string> = new Set(['sum', 'prod', 'max', 'min', 'argmax', 'argmin', 'arg']);

/** Functions that are often set as text: \text{diag}(v). */
export const spokenFunctions: ReadonlySet<string> = new Set([
  'diag', 'sgn', 'sign', 'exp', 'log', 'ln', 'tanh', 'erf', 'max', 'min', 'argmax', 'argmin', 'vec', 'tr', 'softmax', 'einsum',
]);

/** Brackets and bars, however they are written. */
export const delimiterNames: ReadonlyMap<string, string> = new Map([
  ['(', '('], [')', ')'], ['[', '['], [']', ']'], ['\\lbrack', '['], ['\\rbrack', ']'], ['\\{', '{'], ['\\}', '}'], ['\\lbrace', '{'], ['\\rbrace', '}'],
  ['|', '|'], ['\\vert', '|'], ['\\lvert', '|'], ['\\rvert', '|'], ['\\|', '‖'], ['\\Vert', '‖'], ['\\lVert', '‖'], ['\\rVert', '‖'],
  ['\\langle', '⟨'], ['\\rangle', '⟩'], ['\\lfloor', '⌊'], ['\\rfloor', '⌋'], ['\\lceil', '⌈'], ['\\rceil', '⌉'],
]);

const signs: ReadonlyMap<string, { readonly text: string; readonly family: SignFamily }> = new Map([
  ...pairs('relation', {
    '=': '=', ':': ':', '<': '<', '>': '>', '\\lt': '<', '\\gt': '>', '\\le': '≤', '\\leq': '≤', '\\leqslant': '≤', '≤': '≤', '\\ge': '≥', '\\geq': '≥',
    '\\geqslant': '≥', '≥': '≥', '\\ne': '≠', '\\neq': '≠', '≠': '≠', '\\equiv': '≡', '\\approx': '≈', '\\propto': '∝', '\\in': '∈', '∈': '∈',
    '\\triangleq': '≜', '\\doteq': '≐', '\\gets': '←', '\\leftarrow': '←', '\\Rightarrow': '⇒', '\\implies': '⇒', '\\coloneqq': '≔', '≔': '≔',
  }),
  ...pairs('binary', {
    '+': '+', '-': '-', '−': '-', '\\pm': '±', '\\cdot': '·', '⋅': '·', '·': '·', '\\cdotp': '·', '\\times': '×', '×': '×', '*': '*', '\\ast': '*', '\\odot': '⊙', '⊙': '⊙', '\\circ': '∘', '∘': '∘',
    '\\bullet': '•', '•': '•', '\\otimes': '⊗', '⊗': '⊗', '/': '/', '\\land': '∧', '\\wedge': '∧', '\\lor': '∨', '\\vee': '∨', '\\star': '*',
  }),
  ...pairs('punctuation', { ',': ',', ';': ';', '.': '.' }),
  ...pairs('inner', { '\\ldots': '…', '\\cdots': '…', '\\dots': '…', '\\dotsc': '…', '…': '…', '\\vdots': '…', '@cdots': '…', '\\@cdots': '…' }),
  ...pairs('ordinary', { '\\forall': '∀', '∀': '∀', '\\lnot': '¬', '\\neg': '¬', '¬': '¬', '!': '!' }),
]);

function pairs(family: SignFamily, names: Readonly<Record<string, string>>): [string, { text: string; family: SignFamily }][] {
  return Object.entries(names).map(([name, text]) => [name, { text, family }]);
}

/** The sign that a character or a command stands for; null where it is a letter. */
export const signOf = (text: string): { readonly text: string; readonly family: SignFamily } | null => signs.get(text) ?? null;
