// What a reader who knows convolutions by that name is told of a step: which of its sums are such.

import type { Affine, AffineTerm } from '../algebra/affine.ts';
import { showLayer } from '../algebra/layer.ts';
import type { Step } from '../derive/derivation.ts';
import { type Correlation, correlationsIn } from '../notation/correlation.ts';
import { shownResult } from '../notation/formula.ts';
import { type NotationOptions, notationOf } from '../notation/notation.ts';

/** The remarks of a step, and what its sums are called; formulas between backticks. */
export function remarksOf(step: Step, options: NotationOptions): readonly string[] {
  // The summary repeats, and for all samples the sums are the same.
  const result = step.section === 'summary' || step.section === 'samples' ? null : shownResult(step, notationOf(options));
  const found = result === null ? [] : correlationsIn(result.value);
  return [...(['correlation', 'convolution'] as const).flatMap((kind) => sentence(kind, found.filter((c) => c.kind === kind))), ...step.remarks];
}

function sentence(kind: Correlation['kind'], found: readonly Correlation[]): readonly string[] {
  if (found.length === 0) return [];
  const letters = [...new Set(found.map((c) => c.over))].map((letter) => `\`${letter}\``);
  const places = found.map((c) => `\`${plain(c)}\``);
  const [moves, rise] = [places.length === 1, letters.length === 1 ? 'rises' : 'rise'];
  const how = kind === 'correlation' ? (moves ? 'rises' : 'rise') : (moves ? 'falls' : 'fall');
  const flipped = kind === 'convolution' ? ', as in a correlation with one factor flipped' : '';
  return [`Over ${listed(letters)} a ${kind}: ${listed(places)} ${how} as ${listed(letters)} ${rise}${flipped}.`];
}

const listed = (words: readonly string[]): string =>
  (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`);

/** `m - 2u + 2`: what is free first, a positive term at the head. */
function plain({ place, over }: Correlation): string {
  const rank = (t: AffineTerm): number => (t.coefficient > 0 ? 0 : 2) + (t.symbol.kind === 'index' && t.symbol.name === over ? 1 : 0);
  const terms = [...place.terms].sort((a, b) => rank(a) - rank(b)).map((t, n) => {
    const factor = Math.abs(t.coefficient);
    const name = t.symbol.kind === 'size' && t.symbol.layer !== null ? `${t.symbol.name}^(${showLayer(t.symbol.layer)})` : t.symbol.name;
    return `${n === 0 ? (t.coefficient < 0 ? '-' : '') : t.coefficient < 0 ? ' - ' : ' + '}${factor === 1 ? '' : String(factor)}${name}`;
  });
  return terms.join('') + constant(place);
}

const constant = ({ constant: value }: Affine): string => (value === 0 ? '' : ` ${value < 0 ? '-' : '+'} ${String(Math.abs(value))}`);
