// Symbols and formulas of a notation for sentences about it, in Unicode and in LaTeX.

import { type Layer, layerK } from '../algebra/layer.ts';
import { type Box, letterOf } from '../notation/box.ts';
import type { Convention } from '../notation/convention.ts';
import { latexStep, latexVector } from '../notation/latex.ts';
import { layerMarkText, layerNumberText } from '../notation/layer-mark.ts';
import type { NotationSpec, SymbolRole } from '../notation/notation-spec.ts';
import { indexStyle, printUnicode } from '../notation/print-unicode.ts';
import { printLatex } from '../notation/print-latex.ts';
import { conventionOf } from '../notation/setting.ts';
import { unicodeStep, unicodeVector } from '../notation/unicode.ts';
import type { System } from '../spec/network.ts';
import { type Form, type FormulaGroup, type FormulaPart, formulasIn, type NotationFormula } from './notation-formulas.ts';
import type { Maths, Phrase } from './phrase.ts';

const nothing: System = { name: '', declarations: new Map(), equations: [], instances: [], slots: new Map(), sizes: new Map(), total: null };

export const conventionFor = (spec: NotationSpec): Convention => conventionOf(spec, nothing);

export function mathsOf(box: Box, convention: Convention): Maths {
  return { kind: 'maths', unicode: printUnicode(box, convention, indexStyle([box], convention)), latex: printLatex(box, convention) };
}

/** `W^(k)`, `w_ij`, `δ`. */
export const symbolMaths = (name: string, spec: NotationSpec, layer: Layer | null = null, indices: readonly string[] = []): Maths =>
  mathsOf({ ...letterOf(name, layer, indices.map((i) => letterOf(i))), numbered: true }, conventionFor(spec));

/** A layer's number as it is spoken of: `l+1`. */
export function numberMaths(layer: Layer, spec: NotationSpec): Maths {
  const convention = conventionFor(spec);
  return {
    kind: 'maths', unicode: layerNumberText(layer, convention, (name) => printUnicode(letterOf(name), convention, 'subscripts')),
    latex: layerNumberText(layer, convention, (name) => printLatex(letterOf(name), convention)),
  };
}

/** Its mark alone: `(l)`. */
export const markText = (spec: NotationSpec): string => layerMarkText(layerK(), conventionFor(spec), (name) => name);

/** The symbol of a role for layer k, or for the first layer that has one of its own; null where there is none. */
export function roleMaths(role: SymbolRole, spec: NotationSpec, indices: readonly string[] = []): Maths | null {
  const general = spec.symbols[role];
  if (general !== undefined) return symbolMaths(general, spec, isOfLayers(role) ? layerK() : null, indices);
  const own = [...spec.layers.symbols.values()].map((symbols) => symbols[role]).find((s) => s !== undefined);
  return own === undefined ? null : symbolMaths(own, spec, null, indices);
}

const isOfLayers = (role: SymbolRole): boolean => {
  switch (role) {
    case 'weights': case 'bias': case 'pre-activation': case 'activation': case 'signal': case 'output-signal': case 'augmented-weights': case 'augmented-input': return true;
    case 'activation-function': case 'loss': case 'sample-loss': case 'input': case 'target': case 'output': return false;
  }
};

/** Letters of the units of a layer, and of the layer below: in the order of the indices of W_ji. */
export function unitLetters({ letters, weights }: NotationSpec): readonly [string, string] {
  const [below, own] = letters.layers;
  const [first = 'i', second = 'j'] = letters.units;
  if (below === undefined || own === undefined) return [first, second];
  return weights === 'to-from' ? [own, below] : [below, own];
}

/** One equality, or null where there is no such form. */
export function formulaMaths({ said, forms, vector, writing: { options } }: NotationFormula, form: Form): Maths | null {
  if (!forms.includes(form)) return null;
  if (form === 'vector') return vector === null ? null : { kind: 'maths', unicode: unicodeVector(vector, options), latex: latexVector(vector, options) };
  const [unicode, latex] = [unicodeStep(said, options), latexStep(said, options)];
  return { kind: 'maths', unicode: `${unicode.left} = ${unicode.right[0]?.text ?? ''}`, latex: `${latex.left} = ${latex.right[0]?.text ?? ''}` };
}

/** The formulas of a part, or why there are none. */
export function formulaPhrases(spec: NotationSpec, group: FormulaGroup, part: FormulaPart, form: Form): readonly Phrase[] {
  const found = formulasIn(spec, group);
  if (found.kind === 'unsaid') return [];
  return found.formulas.filter((f) => f.part === part).flatMap((f) => {
    const maths = formulaMaths(f, form);
    return maths === null ? [] : [[maths]];
  });
}
