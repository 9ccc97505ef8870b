// How the entries of parameters are named in the form with separate biases and in the augmented form, layer by layer.

import { affineIndices, type AffineSymbol, type Affine, sameAffine, substituteAffine } from '../algebra/affine.ts';
import { tensor } from '../algebra/expression.ts';
import type { Layer } from '../algebra/layer.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Instantiated } from './instantiate.ts';
import type { LayerSpec } from './layer-spec.ts';
import type { Axis, Bias, Correspondence } from './network.ts';
import type { Resolver } from './resolve.ts';

/** The counterpart of a layer that a bias form asks for; null where it has none, or is of that form. */
export function inForm(spec: LayerSpec, bias: Bias | null): { readonly name: string; readonly place: Place } | null {
  if (bias === 'augmented' && spec.augmented !== null) return { name: spec.augmented, place: spec.place };
  if (bias === 'augmented-last' && spec.augmentedLast !== null) return { name: spec.augmentedLast, place: spec.place };
  if (bias === 'separate' && spec.separate !== null) return { name: spec.separate.layer, place: spec.separate.place };
  return null;
}

/** Where a layer has its bias: of its own, or where its separate form says that an entry without letters stands. */
export function biasOf({ separate, tensors }: LayerSpec): Bias {
  if (separate === null) return 'separate';
  const isLast = separate.parameters.some(({ augmented, entry, letters }) => entry.some((at, n) => {
    const range = tensors.get(augmented)?.axes[n]?.range;
    return !affineIndices(at).some((name) => letters.includes(name)) && range !== undefined && sameAffine(at, range.hi);
  }));
  return isLast ? 'augmented-last' : 'augmented';
}

/** The correspondences of one layer's parameters; none when the layer has no counterpart. */
export function correspondencesOf(
  spec: LayerSpec, at: Layer, done: Pick<Instantiated, 'ownSizes'>, resolver: Resolver, report: Report,
): readonly Correspondence[] {
  const augmented = spec.separate !== null ? spec : spec.augmented === null ? null : resolver.layer(spec.augmented, spec.place);
  const form = augmented?.separate;
  if (augmented === null || form === null || form === undefined) return [];
  const separate = spec.separate === null ? spec : resolver.layer(form.layer, form.place);
  if (separate === null) return [];
  const other = spec === augmented ? separate : augmented;
  for (const name of other.sizes) {
    if (!spec.sizes.includes(name)) {
      report.add('size-without-counterpart', form.place, { name, layer: spec.name, other: other.name });
      return [];
    }
  }
  const resize = (s: AffineSymbol): Affine | null => (s.kind === 'size' && s.layer === null ? (done.ownSizes.get(s.name) ?? null) : null);
  return form.parameters.flatMap((entry): Correspondence[] => {
    const known = separate.tensors.get(entry.name);
    if (known?.role !== 'parameter' || known.axes.length !== entry.letters.length) {
      report.add('bad-correspondence', entry.place, { text: entry.name });
      return [];
    }
    const axes = known.axes.map(({ range }, n): Axis => ({
      index: entry.letters[n]!, range: { lo: substituteAffine(range.lo, resize), hi: substituteAffine(range.hi, resize) },
    }));
    return [{
      separate: tensor(entry.name, at), axes, augmented: tensor(entry.augmented, at),
      entry: entry.entry.map((a) => substituteAffine(a, resize)),
    }];
  });
}
