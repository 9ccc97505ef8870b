// How a notation's formulas are set: the printers' convention, the matrices' layout, which indices count units.

import type { Range } from '../algebra/affine.ts';
import type { Layer } from '../algebra/layer.ts';
import { layerNumber } from '../algebra/layer.ts';
import { writing } from '../algebra/print.ts';
import type { System } from '../spec/network.ts';
import { articleConvention, type Convention } from './convention.ts';
import type { MatrixLayout } from './matrix-layout.ts';
import type { NotationSpec } from './notation-spec.ts';
import type { UnitsOf } from './notation.ts';
import type { Vocabulary } from './vocabulary.ts';

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
    bold: spec.bold, samples: letters.samples,
    letters: {
      ...articleConvention.letters,
      ...(letters.units.length > 0 ? { units: letters.units } : {}), ...(letters.layers.length > 0 ? { layers: letters.layers } : {}),
      sample: [letters.sample],
    },
    accents: articleConvention.accents,
  };
}

/** Whether all activation functions that are known are the same. */
function isOneFunction({ slots }: System): boolean {
  const bodies = new Set([...slots.values()].map((a) => `${a.argument} ${writing(a.body)}`));
  return bodies.size <= 1;
}

export const layoutOf = (spec: NotationSpec): MatrixLayout => ({
  vectors: spec.vectors, derivatives: spec.layout, elementwise: spec.product === 'diag' ? 'diag' : 'product', samples: spec.samples.as,
});

/** The layer whose units an index counts, found by its range: what activations, pre-activations and inputs of one axis run over. */
export function unitsOf(system: System, { wordOf, spec }: Vocabulary): UnitsOf {
  const names = new Map<string, Layer | null>();
  for (const { tensor, axes } of system.declarations.values()) {
    const { role } = wordOf(tensor);
    const isUnits = role === 'activation' || role === 'pre-activation' || role === 'input' || role === 'target';
    const [axis] = axes;
    const [term] = axis?.range.hi.terms ?? [];
    if (!isUnits || axes.length !== 1 || term?.symbol.kind !== 'size') continue;
    names.set(term.symbol.name, term.symbol.layer);
  }
  return (_index: string, range: Range | null) => {
    const [term, ...rest] = range?.hi.terms ?? [];
    if (term === undefined || rest.length > 0 || term.symbol.kind !== 'size' || !names.has(term.symbol.name)) return null;
    return term.symbol.layer ?? layerNumber(spec.layers.input);
  };
}
