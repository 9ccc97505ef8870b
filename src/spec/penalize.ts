// Penalties on parameters: Σ over all entries of the parameters of a name, in every layer. In the augmented form the
// entries are found through the correspondence, so that both forms have the same E.

import { index } from '../algebra/affine.ts';
import { type Expression, ref, type Reference, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import { rewrite } from '../algebra/traverse.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { SpecDocument } from './document.ts';
import type { Axis, Correspondence, Declaration, PenaltyTerm } from './network.ts';
import { readDecimal } from './read-layer.ts';
import { bodyWith } from './read-function.ts';
import type { Resolver } from './resolve.ts';
import type { NetworkParts } from './parts.ts';

/** A penalty with its constants, and the names of the parameters that it is on. */
export interface PenaltyUse {
  readonly name: string;
  /** Where its formula stands. */
  readonly place: Place;
  readonly argument: string;
  readonly body: Expression;
  readonly on: readonly { readonly name: string; readonly place: Place }[];
}

export function readPenalties(
  penalties: NetworkParts['penalties'], document: SpecDocument, resolver: Resolver, report: Report,
): readonly PenaltyUse[] {
  return penalties.flatMap((penalty, n): PenaltyUse[] => {
    if (penalty === null) return [];
    const path = ['penalties', n];
    const place = document.place([...path, 'use']);
    const spec = resolver.penalty(penalty.use, place);
    if (spec === null) return [];
    const constants = new Map<string, Rational>();
    const known = [...spec.constants.keys()];
    for (const key of Object.keys(penalty)) {
      if (key === 'use' || key === 'on') continue;
      const value = readDecimal(document, [...path, key], report);
      if (!spec.constants.has(key)) report.add('unknown-key', document.keyPlace([...path, key]), { name: key, suggestion: nearest(key, known), known });
      else if (value !== null) constants.set(key, value);
    }
    const on = penalty.on.map((name, m) => ({ name, place: document.place([...path, 'on', m]) }));
    return [{ name: spec.name, place: spec.formula, argument: spec.argument, body: bodyWith(spec, constants, place, report), on }];
  });
}

/** What the penalties add to E, parameter by parameter. */
export function penaltyTerms(
  penalties: readonly PenaltyUse[], declarations: readonly Declaration[], correspondence: readonly Correspondence[], aliases: readonly Alias[],
  report: Report,
): readonly PenaltyTerm[] {
  const terms: PenaltyTerm[] = [];
  const shared = new Set(aliases.map((a) => tensorKey(a.tensor)));
  for (const penalty of penalties) {
    // A parameter of several layers goes by several names, and is penalized once.
    const done = new Set<string>();
    for (const { name, place } of penalty.on) {
      const found = entriesOf(name, declarations, correspondence, aliases);
      if (found.length === 0) {
        const own = declarations.filter((d) => d.role === 'parameter').map((d) => d.tensor.name);
        const known = [...new Set([...own, ...aliases.map((a) => a.name), ...correspondence.map((c) => c.separate.name)])];
        report.add('unknown-parameter', place, { name, suggestion: nearest(name, known), known });
      }
      for (const { axes, entry } of found) {
        const key = tensorKey(entry.tensor);
        if (done.has(key)) continue;
        if (shared.has(key)) done.add(key);
        const one = rewrite(penalty.body, (e) => (e.kind === 'symbol' && e.name === penalty.argument ? entry : null));
        const value = axes.reduceRight((inner, axis) => sum(axis.index, axis.range, inner), one);
        terms.push({ name: penalty.name, place: penalty.place, value });
      }
    }
  }
  return terms;
}

/** What a layer calls a parameter that belongs to another one. */
export interface Alias {
  readonly name: string;
  readonly tensor: Tensor;
}

interface Entries {
  readonly axes: readonly Axis[];
  readonly entry: Reference;
}

/** The parameters of a name; those of the other form by what corresponds to them. */
function entriesOf(
  name: string, declarations: readonly Declaration[], correspondence: readonly Correspondence[], aliases: readonly Alias[],
): readonly Entries[] {
  const key = (t: Tensor): string => `${t.name}@${t.layer?.offset ?? 0}`;
  const parameters = declarations.filter((d) => d.role === 'parameter');
  const present = new Set(parameters.map((d) => key(d.tensor)));
  const corresponding = correspondence.filter((c) => c.separate.name === name && present.has(key(c.augmented)));
  const folded = corresponding.map((c): Entries => ({ axes: c.axes, entry: ref(c.augmented, c.entry) }));
  // An augmented form may call its weights by the same name; its column of biases is not meant.
  const layers = new Set(corresponding.map((c) => c.augmented.layer?.offset));
  const called = new Set(aliases.filter((a) => a.name === name).map((a) => tensorKey(a.tensor)));
  const own = parameters.filter((d) => (d.tensor.name === name || called.has(tensorKey(d.tensor))) && !layers.has(d.tensor.layer?.offset))
    .map((d): Entries => ({ axes: d.axes, entry: ref(d.tensor, d.axes.map((a) => index(a.index))) }));
  return [...own, ...folded];
}
