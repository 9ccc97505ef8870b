// The formulas in which texts differ, in the words of one of them: what a comparison shows, in components and in vectors.

import { plainIndex } from '../algebra/affine.ts';
import type { Derivation, Formula, Step } from '../derive/derivation.ts';
import { outlineOf, type OutlineOptions } from '../derive/outline.ts';
import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { signalNames } from '../notation/derivation-options.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { notationOf } from '../notation/notation.ts';
import { isFolded } from '../notation/notation-symbols.ts';
import type { Renaming } from '../notation/rename.ts';
import { translateDerivation, type Translation } from '../notation/translation.ts';
import type { Vocabulary } from '../notation/vocabulary.ts';
import type { VectorForm } from '../notation/vector.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import { shippedLibrary } from '../spec/library.ts';
import { readLayer } from '../spec/read.ts';
import { inNotation } from './in-notation.ts';
import { vectorOf } from './whole-forms.ts';
import { type Writing, writingOf } from './writing.ts';

/** One sample as the notation has it; the bias folded in; with ∂E/∂z as signal; all samples at once. */
export type FormulaGroup = 'sample' | 'augmented' | 'outputs' | 'batch';
export type FormulaPart = 'forward' | 'last' | 'recursion' | 'weights' | 'bias';

export type Form = 'component' | 'vector';

export interface NotationFormula {
  readonly part: FormulaPart;
  /** In the program's own words: one equality. */
  readonly own: Step;
  /** The same in those of the notation, and how its words were chosen. */
  readonly said: Step;
  readonly renaming: Renaming;
  /** What both belong to. */
  readonly outline: Derivation;
  readonly translation: Translation;
  readonly writing: Writing;
  /** In which forms it is shown: matrices of all samples have symbols that their entries do not have. */
  readonly forms: readonly Form[];
  /** Null where there is none, or where it would not say whose layer its symbols belong to. */
  readonly vector: VectorForm | null;
}

/** What a notation says of a group, or why it says nothing. */
export type GroupFormulas =
  | { readonly kind: 'formulas'; readonly formulas: readonly NotationFormula[] }
  | { readonly kind: 'unsaid'; readonly why: Diagnostic };

const known = new WeakMap<NotationSpec, Map<FormulaGroup, GroupFormulas>>();

export function formulasIn(spec: NotationSpec, group: FormulaGroup): GroupFormulas {
  const groups = known.get(spec) ?? new Map<FormulaGroup, GroupFormulas>();
  known.set(spec, groups);
  const found = groups.get(group) ?? made(spec, group);
  groups.set(group, found);
  return found;
}

function made(spec: NotationSpec, group: FormulaGroup): GroupFormulas {
  try {
    return { kind: 'formulas', formulas: group === 'batch' ? batchFormulas(spec) : formulasOf(outlineFor(spec, group), spec) };
  } catch (error) {
    const [why] = error instanceof DiagnosticError ? error.diagnostics : [];
    if (why === undefined) throw error;
    return { kind: 'unsaid', why };
  }
}

/** Matrices of all samples have symbols of their own, their entries are those of one sample. */
function batchFormulas(spec: NotationSpec): readonly NotationFormula[] {
  const outline = outlineFor(spec, 'batch');
  const entries = formulasOf(outline, spec);
  const { symbols } = spec.samples;
  return Object.keys(symbols).length === 0 ? entries : [
    ...entries.map((f) => ({ ...f, vector: null })),
    ...formulasOf(outline, { ...spec, symbols: { ...spec.symbols, ...symbols } }).map((f) => ({ ...f, forms: ['vector'] as const })),
  ];
}

function formulasOf(outline: Derivation, spec: NotationSpec): readonly NotationFormula[] {
  const translation = translateDerivation(outline, spec, signalNames(outline, spec));
  const { steps, vocabulary } = translation;
  const { derivation, style } = inNotation(outline, spec);
  const writing = writingOf(derivation, style);
  const [layout] = writing.layouts.shown;
  return steps.flatMap(({ step, own, renaming }): readonly NotationFormula[] => {
    const part = partOf(own, vocabulary);
    if (part === null) return [];
    const said = lastEquality(step);
    return [{ part, own: lastEquality(own), said, renaming, outline, translation, writing, forms: ['component', 'vector'], vector: layout === undefined ? null : vectorOf(said, derivation, layout.layout, notationOf(writing.options)) }];
  });
}

const lastEquality = (step: Step): Step => ({ ...step, relation: '=', right: step.right.slice(-1) });

function partOf({ section, left }: Step, { wordOf }: Vocabulary): FormulaPart | null {
  const entry = entryIn(left);
  if (entry === null) return null;
  const { role } = wordOf(entry.tensor);
  switch (section) {
    case 'forward': return role === 'augmented-input' ? null : 'forward';
    case 'ends': return 'last';
    case 'recursion': return 'recursion';
    case 'gradients': return role === 'bias' || entry.indices.some((a) => plainIndex(a) === null) ? 'bias' : 'weights';
    case 'loss': case 'chains': case 'signal': case 'samples': case 'activations': case 'layers': case 'summary': return null;
  }
}

const entryIn = (f: Formula): Renamable | null => (f.kind === 'expression' && f.value.kind === 'ref' ? f.value : null);
type Renamable = Extract<Extract<Formula, { kind: 'expression' }>['value'], { kind: 'ref' }>;

/** The kind of layer that the group is about, with layer k in general, or with as many layers as the notation has letters for. */
function outlineFor(spec: NotationSpec, group: FormulaGroup): Derivation {
  const folded = group === 'augmented' || isFolded(spec);
  return outline(folded ? 'dense-augmented' : 'dense', {
    signal: group === 'outputs' ? 'z' : group === 'sample' ? spec.signal.of : 'a',
    samples: group === 'batch' ? 'all' : 'one',
    layers: spec.layers.symbols.size > 0 ? spec.layers.symbols.size : null,
  });
}

const outlines = new Map<string, Derivation>();

function outline(kind: string, options: OutlineOptions): Derivation {
  const key = JSON.stringify([kind, options]);
  const found = outlines.get(key) ?? outlineOf(layerOf(kind), options);
  outlines.set(key, found);
  return found;
}

function layerOf(kind: string): LayerSpec {
  const source = shippedLibrary('layers', kind);
  if (source === null) throw new Error(`the layer ${kind} comes with the program`);
  return readLayer(source, shippedLibrary);
}
