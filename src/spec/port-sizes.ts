// What the sizes of a layer become by what its ports are bound to: an extent that holds one unknown size, once, determines it.

import { addAffine, type Affine, type AffineSymbol, constantOf, integer, type Range, subtractAffine, substituteAffine } from '../algebra/affine.ts';
import type { Tensor } from '../algebra/expression.ts';
import { type Diagnostic, DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Axis } from './network.ts';
import { showRange } from './show.ts';

/** What an input of a layer is bound to: a tensor and its axes, those of one sample. */
export interface PortBinding {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  /** Given where the entries are integers of this range. */
  readonly integer?: Range;
  /** Whether all samples have it in common, though it is no parameter: a mean over the samples. */
  readonly shared?: boolean;
}

/** Two extents, or ends of ranges, that must be equal once sizes have values. */
export interface SameExtent {
  readonly left: Affine;
  readonly right: Affine;
  /** Extents of axes, or the ends of the range that integer entries lie in. */
  readonly of: 'shape' | 'values';
  /** The layer's port, and what it is bound to. */
  readonly port: string;
  readonly binding: PortBinding;
}

export interface Solved {
  readonly sizes: ReadonlyMap<string, Affine>;
  readonly open: readonly SameExtent[];
}

/**
 * Sizes from the extents of ports.
 * @param bound what the inputs are bound to, and the parameters that belong to other layers
 * @throws DiagnosticError when a port is not bound, or a shape cannot fit
 */
export function solveSizes(spec: LayerSpec, bound: ReadonlyMap<string, PortBinding>, place: Place): Solved {
  const sizes = new Map<string, Affine>();
  let waiting = portExtents(spec, bound, place);
  const resolve = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'size' && s.layer === null ? (sizes.get(s.name) ?? null) : null));
  for (let progress = true; progress;) {
    progress = false;
    for (const extent of waiting) {
      const unknown = ownTerms(extent.left, spec, sizes);
      const [term] = unknown;
      if (unknown.length !== 1 || term === undefined || Math.abs(term.coefficient) !== 1) continue;
      const without = resolve({ ...extent.left, terms: extent.left.terms.filter((t) => t !== term) });
      const value = subtractAffine(extent.right, without);
      sizes.set(term.symbol.name, term.coefficient === 1 ? value : subtractAffine(integer(0), value));
      waiting = waiting.filter((e) => e !== extent);
      progress = true;
      break;
    }
  }
  const open: SameExtent[] = [];
  for (const extent of waiting) {
    const left = resolve(extent.left);
    const difference = constantOf(subtractAffine(left, extent.right));
    if (difference === 0) continue;
    if (difference !== null) throw new DiagnosticError([mismatch(spec, extent, place)]);
    open.push({ ...extent, left });
  }
  return { sizes, open };
}

interface OwnTerm {
  readonly symbol: Extract<AffineSymbol, { kind: 'size' }>;
  readonly coefficient: number;
}

const ownTerms = (a: Affine, spec: LayerSpec, known: ReadonlyMap<string, Affine>): readonly OwnTerm[] =>
  a.terms.filter((t): t is OwnTerm =>
    t.symbol.kind === 'size' && t.symbol.layer === null && spec.sizes.includes(t.symbol.name) && !known.has(t.symbol.name));

function portExtents(spec: LayerSpec, bound: ReadonlyMap<string, PortBinding>, place: Place): readonly SameExtent[] {
  const problems: Diagnostic[] = [];
  const extents: SameExtent[] = [];
  for (const port of new Set([...spec.inputs, ...bound.keys()])) {
    const binding = bound.get(port);
    const { axes = [], integer: values } = spec.tensors.get(port) ?? {};
    if (binding === undefined) {
      problems.push(diagnostic('unbound-port', place, { name: port, layer: spec.name, example: `in: { ${port}: … }` }));
    } else if (axes.length !== binding.axes.length) {
      problems.push(mismatch(spec, { port, binding, of: 'shape' }, place));
    } else {
      axes.forEach(({ range }, n) => {
        extents.push({ port, binding, of: 'shape', left: extentOf(range), right: extentOf(binding.axes[n]!.range) });
      });
      if (values !== undefined && binding.integer !== undefined) {
        for (const end of ['lo', 'hi'] as const) extents.push({ port, binding, of: 'values', left: values[end], right: binding.integer[end] });
      }
    }
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  return extents;
}

/** How many entries an axis has. */
export const extentOf = (range: Range): Affine => addAffine(subtractAffine(range.hi, range.lo), integer(1));

export function mismatch(spec: LayerSpec, extent: Pick<SameExtent, 'port' | 'binding' | 'of'>, place: Place): Diagnostic {
  const { tensor: other, axes, integer: values } = extent.binding;
  const { port } = extent;
  const own = spec.tensors.get(port);
  const layer = other.layer === null ? '' : ` of layer ${other.layer.offset}`;
  const first = `the ${own?.role === 'parameter' ? 'parameter' : 'input'} \`${port}\` of \`${spec.name}\``;
  const second = `\`${other.name}\`${layer}`;
  if (extent.of === 'values' && own?.integer !== undefined && values !== undefined) {
    return diagnostic('integer-mismatch', place, { first, firstRange: showRange(own.integer), second, secondRange: showRange(values) });
  }
  return diagnostic('shape-mismatch', place, { first, firstShape: showShape(own?.axes ?? []), second, secondShape: showShape(axes) });
}

/** `[1..units, 0..inputs]` */
const showShape = (axes: readonly Axis[]): string => `[${axes.map((a) => showRange(a.range)).join(', ')}]`;
