// Where nothing but the letters of units tells layers apart (w_ji, a_j, δ_k): which letter an axis has, and what cannot be told apart.

import { type Affine, affineIndices, type Range } from '../algebra/affine.ts';
import { isBinder, type Tensor, tensorKey } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { references, testAffines, visit } from '../algebra/traverse.ts';
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
  const seen: { readonly tensor: Tensor; readonly letters: readonly (string | null)[] }[] = [];
  const all = new Map(steps.flatMap((s) => [s.left, ...s.right.map((r) => r.formula)]).flatMap(expressionsOf).flatMap(references)
    .flatMap(({ tensor: t }) => (t.layer === null ? [] : [[tensorKey(t), t] as const])));
  for (const t of all.values()) {
    const axes = declarationFor(t, [...system.declarations.values()].filter((d) => d.tensor.name === t.name))?.axes ?? [];
    const letters = axes.map((a) => letterOf(a.range));
    if (letters.includes('')) {
      throw new DiagnosticError([diagnostic('notation-units-without-letter', null, { notation: spec.name, symbol: t.name, tensor: tensorKey(t), letters: spec.letters.layers })]);
    }
    // Formulas are of layers in general, of the last ones, or of a network's own.
    const other = seen.find((s) => s.tensor.name === t.name && s.tensor.layer?.symbol === t.layer?.symbol
      && s.letters.every((l, n) => l === letters[n] || l === null || (letters[n] ?? null) === null))?.tensor;
    if (other !== undefined) {
      throw new DiagnosticError([diagnostic('notation-layers-look-alike', null, {
        notation: spec.name, symbol: t.name, first: tensorKey(other), second: tensorKey(t), letters: spec.letters.layers,
      })]);
    }
    seen.push({ tensor: t, letters });
  }
  refuseSizes(steps, spec, letterOf);
}

/** A size is that of the layer whose units an index counts; elsewhere nothing says of which layer it is. */
function refuseSizes(steps: Derivation['steps'], spec: NotationSpec, letterOf: (range: Range) => string | null): void {
  const refuse = (a: Affine): void => {
    for (const { symbol: s } of a.terms) {
      if (s.kind === 'size' && s.layer !== null) throw new DiagnosticError([diagnostic('notation-size-of-no-layer', null, { notation: spec.name, size: s.name, layer: showLayer(s.layer), letters: spec.letters.layers })]);
    }
  };
  const inRange = (range: Range): void => {
    if (letterOf(range) === null) [range.lo, range.hi].forEach(refuse);
    else if (range.hi.constant !== 0) refuse(range.hi);
  };
  for (const { axes, left, right } of steps) {
    for (const axis of axes) inRange(axis.range);
    for (const e of [left, ...right.map((r) => r.formula)].flatMap(expressionsOf)) visit(e, (x) => {
      if (x.kind === 'ref') x.indices.forEach(refuse);
      else if (x.kind === 'affine') refuse(x.value);
      else if (x.kind === 'bracket') testAffines(x.test).forEach(refuse);
      else if (x.kind === 'piecewise') x.branches.flatMap((b) => testAffines(b.when)).forEach(refuse);
      else if (isBinder(x)) inRange(x.range);
    });
  }
}
