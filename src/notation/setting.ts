// How a notation's formulas are set: the printers' convention, the matrices' layout, which indices count units.

import { fromSymbol, symbolKey } from '../algebra/affine.ts';
import { type Layer, layerNumber, shiftLayer } from '../algebra/layer.ts';
import type { System } from '../spec/network.ts';
import { isSamplesAxis } from '../spec/samples.ts';
import { articleConvention, type Convention } from './convention.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import type { NotationSpec } from './notation-spec.ts';
import type { UnitsOf } from './notation.ts';
import { isOneFunction } from './one-function.ts';
import { tellsLayersByUnits } from './unit-letters.ts';
import { renamedSize, type Renaming } from './rename.ts';

const brackets = { round: ['(', ')'], square: ['[', ']'], none: ['', ''] } as const;

/** @param system the program's own: it tells whether one symbol can stand for all its activation functions */
export function conventionOf(spec: NotationSpec, system: System): Convention {
  const { letters, layers, symbols } = spec;
  const [open, close] = brackets[layers.brackets];
  const kind = layers.mark === 'letters' ? 'none' : layers.mark;
  return {
    total: symbols.loss ?? 'E',
    signal: { a: symbols.signal ?? null, z: symbols['output-signal'] ?? null },
    layer: { kind, open, close, letter: letters.layer, last: letters.last },
    elementwise: spec.product === 'diag' ? '⊙' : spec.product,
    dot: spec.dot, transpose: spec.transpose, derivative: spec.derivative,
    functions: spec.functions === 'one' && isOneFunction(system) ? 'one' : 'each',
    ...(tellsLayersByUnits(spec) ? { primedUnits: true } : {}), bold: spec.bold, samples: letters.samples,
    letters: {
      ...articleConvention.letters,
      ...(letters.units.length > 0 ? { units: letters.units } : {}), ...(letters.layers.length > 0 ? { layers: letters.layers } : {}),
      sample: [letters.sample],
    },
    accents: articleConvention.accents,
  };
}

export const layoutOf = (spec: NotationSpec): MatrixLayout => ({
  vectors: spec.vectors, derivatives: spec.layout, elementwise: spec.product === 'diag' ? 'diag' : 'product', samples: spec.samples.as,
});

/**
 * The layer whose units an index counts, counted from the input layer as 0, found by its range: what activations,
 * pre-activations, inputs and targets of one axis run over.
 */
export function unitsOf(system: System, r: Renaming): UnitsOf {
  const { wordOf, spec } = r.vocabulary;
  // Sizes as they are written, with their layers in the program's own numbers; sizes of layer k by their names.
  const layers = new Map<string, Layer>();
  const general = new Set<string>();
  for (const { tensor, axes } of system.declarations.values()) {
    const { role } = wordOf(tensor);
    const isUnits = role === 'activation' || role === 'pre-activation' || role === 'input' || role === 'target';
    const [axis, ...others] = axes.filter((a) => !isSamplesAxis(a));
    const [term] = axis?.range.hi.terms ?? [];
    if (!isUnits || others.length > 0 || term?.symbol.kind !== 'size') continue;
    const [shown] = (renamedSize(term.symbol, r) ?? fromSymbol(term.symbol)).terms;
    if (shown === undefined) continue;
    layers.set(symbolKey(shown.symbol), term.symbol.layer ?? layerNumber(0));
    if (term.symbol.layer !== null) general.add(term.symbol.name);
  }
  return (_index, range) => {
    const [term, ...rest] = range?.hi.terms ?? [];
    if (term === undefined || rest.length > 0 || term.symbol.kind !== 'size') return null;
    const { layer, name } = term.symbol;
    if (layer !== null && layer.symbol !== null) return general.has(name) ? shiftLayer(layer, layer.symbol === 'k' ? 0 : spec.layers.input) : null;
    return layers.get(symbolKey(term.symbol)) ?? null;
  };
}
