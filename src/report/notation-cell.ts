// One formula in one notation, as a comparison shows it: in components, in vectors, and why where there is none.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { formulasIn, type NotationFormula } from './notation-formulas.ts';
import { formulaMaths } from './notation-maths.ts';
import type { FormulaRow } from './notation-rows.ts';
import { type Maths, type Phrase, plainPhrase } from './phrase.ts';

export interface Cell {
  readonly formulas: readonly NotationFormula[];
  readonly components: readonly Maths[];
  readonly vectors: readonly Maths[];
  /** Why something is missing, as a sentence. */
  readonly why: Phrase | null;
}

export function cellOf({ group, part }: FormulaRow, spec: NotationSpec): Cell {
  const found = formulasIn(spec, group);
  if (found.kind === 'unsaid') return { formulas: [], components: [], vectors: [], why: [reason(found.why)] };
  const isEachSample = group === 'batch' && spec.samples.as === 'sum' && (part === 'forward' || part === 'recursion');
  if (isEachSample) return { formulas: [], components: [], vectors: [], why: ['For each sample, as above.'] };
  const formulas = found.formulas.filter((f) => f.part === part);
  const inForm = (form: 'component' | 'vector'): readonly Maths[] => formulas.flatMap((f) => formulaMaths(f, form) ?? []);
  const vectors = inForm('vector');
  return { formulas, components: inForm('component'), vectors, why: vectors.length > 0 || formulas.length === 0 ? null : noVectors(formulas) };
}

const noVectors = (formulas: readonly NotationFormula[]): Phrase => (formulas.some((f) => f.writing.layouts.shown.length > 0) ? ['No product of matrices says it.']
  : ['No vector form: without indices nothing would say which layer is meant.']);

const reason = ({ code, message }: Diagnostic): string => (code === 'notation-without-symbol' ? 'Each layer has symbols of its own, and none for weights with the bias folded in.'
  : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`);

/** Those that have no formulas, by the reason for that. */
export function unsaidIn(cells: readonly { readonly name: string; readonly cell: Cell }[]): readonly { readonly why: Phrase; readonly names: readonly string[] }[] {
  const reasons = new Map<string, { readonly why: Phrase; readonly names: string[] }>();
  for (const { name, cell } of cells) {
    if (isSaid(cell) || cell.why === null) continue;
    const found = reasons.get(plainPhrase(cell.why)) ?? { why: cell.why, names: [] };
    found.names.push(name);
    reasons.set(plainPhrase(cell.why), found);
  }
  return [...reasons.values()];
}

export const isSaid = ({ components, vectors }: Cell): boolean => components.length + vectors.length > 0;
