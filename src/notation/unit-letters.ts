// Where nothing but the letters of units tells layers apart (w_ji, a_j, δ_k): which letter an axis has, and what cannot be told apart.

import { affineIndices, type Range } from '../algebra/affine.ts';
import { type Tensor, tensorKey } from '../algebra/expression.ts';
import { references } from '../algebra/traverse.ts';
import type { Derivation, Formula } from '../derive/derivation.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { declarationFor } from './declared.ts';
import { expressionsOf } from './expressions-of.ts';
import { placeOf } from './indices.ts';
import type { System } from '../spec/network.ts';
import type { NotationSpec } from './notation-spec.ts';
import type { UnitsOf } from './notation.ts';

export const tellsLayersByUnits = ({ layers }: Pick<NotationSpec, 'layers'>): boolean => layers.mark === 'letters' && layers.symbols.size === 0;

/** The letter for the units of an axis; '' for units of a layer that has none, null for what counts no units. */
export const unitLetters = ({ letters }: Pick<NotationSpec, 'letters'>, unitsOf: UnitsOf) => (range: Range): string | null => {
  const units = unitsOf('', range);
  return units === null || units === 'some' ? null : letters.layers[placeOf(units)] ?? '';
};

/** Whether every entry of a formula has the letter of some units, or none that could have it: z_0 may be of any layer. */
export function isTold(f: Formula, system: System, letterOf: (range: Range) => string | null): boolean {
  return expressionsOf(f).flatMap(references).every(({ tensor: t, indices }) => {
    const axes = t.layer === null ? [] : declarationFor(t, [...system.declarations.values()].filter((d) => d.tensor.name === t.name))?.axes ?? [];
    const ofUnits = axes.flatMap((a, n) => (letterOf(a.range) === null ? [] : [indices[n + indices.length - axes.length]]));
    return ofUnits.length === 0 || ofUnits.some((a) => a !== undefined && affineIndices(a).length > 0);
  });
}

/**
 * @param derivation in the words of the notation
 * @throws DiagnosticError where tensors of two layers would be written alike, or a layer's units have no letter
 */
export function refuseAlike({ steps, system }: Derivation, spec: NotationSpec, unitsOf: UnitsOf): void {
  const letterOf = unitLetters(spec, unitsOf);
  const seen = new Map<string, Tensor>();
  const all = new Map(steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]).flatMap(expressionsOf).flatMap(references)
    .flatMap(({ tensor: t }) => (t.layer === null ? [] : [[tensorKey(t), t] as const])));
  for (const t of all.values()) {
    const axes = declarationFor(t, [...system.declarations.values()].filter((d) => d.tensor.name === t.name))?.axes ?? [];
    const letters = axes.map((a) => letterOf(a.range));
    if (letters.includes('')) {
      throw new DiagnosticError([diagnostic('notation-units-without-letter', null, { notation: spec.name, symbol: t.name, tensor: tensorKey(t), letters: spec.letters.layers })]);
    }
    // Formulas are of layers in general, of the last ones, or of a network's own.
    const key = [t.name, t.layer?.symbol ?? '', ...letters.map((l) => l ?? '·')].join(' ');
    const other = seen.get(key);
    if (other !== undefined) {
      throw new DiagnosticError([diagnostic('notation-layers-look-alike', null, {
        notation: spec.name, symbol: t.name, first: tensorKey(other), second: tensorKey(t), letters: spec.letters.layers,
      })]);
    }
    seen.set(key, t);
  }
}
