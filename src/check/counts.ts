// What roads compared, tensor by tensor: whether that is enough to say that they hold, and a phrase for people.

import type { Count, RoadReport } from './report.ts';

/** Of what was asked of a parameter's gradient, at all points together, at least this part must have been resolved. */
const LEAST_SHARE = 1 / 4;

/** Why these comparisons do not suffice; null where every parameter tensor was really compared. */
export function shortfall(counts: readonly Count[]): string | null {
  for (const { what, form, kind, asked, unresolved, compared, total, vanishing = 0 } of counts) {
    // What is zero on both sides within small bounds agrees, though no digit of it is seen.
    const agreed = compared + vanishing;
    if (kind !== 'parameter' || total === 0 || (agreed > 0 && agreed >= LEAST_SHARE * asked)) continue;
    const where = form === null ? what : `${what} (${form})`;
    if (asked === 0) return `no entry of ${where} was compared`;
    const onKinks = asked - compared - unresolved;
    const why = onKinks > unresolved ? 'lie on kinks' : 'have bounds too wide to say anything';
    return `only ${number(compared)} of ${number(asked)} entries of ${where} could be compared: the others ${why}`;
  }
  return null;
}

/**
 * Whether the roads taken are enough, and all of them hold.
 * @param parameters how many the network has: without any there is no gradient, and the forward pass is all there is.
 */
export function holdsAll(roads: readonly RoadReport[], parameters: number): boolean {
  if (parameters === 0) return roads.every((r) => r.status !== 'fails') && roads.some((r) => r.road === 'forward' && r.status === 'holds');
  const holding = new Set(roads.filter((r) => r.status === 'holds' && shortfall(r.counts) === null).map((r) => r.road));
  const besides = [...holding].filter((road) => road !== 'finite-differences' && road !== 'forward');
  return roads.every((r) => r.status !== 'fails') &&
    holding.has('finite-differences') && holding.has('complex-step') && besides.length >= 2;
}

/**
 * `all 67 entries × 4 points`, `E, all 6 outputs × 3 points, 3 of 21 unresolved`, `1,656 of 306,576: …`.
 * @param how says what was chosen where not everything was asked.
 */
export function coveragePhrase(counts: readonly Count[], points: number, how: string | null): string {
  const sum = (of: (count: Count) => number): number => counts.reduce((n, count) => n + of(count), 0);
  const [compared, unresolved, asked, total] = [sum((c) => c.compared), sum((c) => c.unresolved), sum((c) => c.asked), sum((c) => c.total)];
  if (asked === 0) return '';
  const forms = new Set(counts.map((c) => c.form)).size;
  const each = (n: number): number => n / points / forms;
  const kinds = (['E', 'output', 'intermediate', 'parameter', 'direction'] as const)
    .map((kind) => ({ kind, entries: each(counts.reduce((n, c) => n + (c.kind === kind ? c.total : 0), 0)) }))
    .filter(({ entries }) => entries > 0);
  const everything = kinds.map(({ kind, entries }) =>
    kind === 'E' ? 'E' : kind === 'direction' ? `${number(entries)} directions` : `all ${number(entries)} ${noun(kind, entries)}`).join(', ');
  const base = asked < total ? `${number(asked)} of ${number(total)}${how === null ? '' : `: ${how}`}`
    : `${everything} × ${number(points)} ${points === 1 ? 'point' : 'points'}${forms > 1 ? ` × ${number(forms)} forms` : ''}`;
  const onKinks = asked - compared - unresolved;
  const vanishing = counts.filter((c) => (c.vanishing ?? 0) > 0);
  const zeros = vanishing.reduce((n, c) => n + (c.vanishing ?? 0), 0);
  const rest = [unresolved > 0 ? `${number(unresolved)} of ${number(asked)} unresolved${zeros > 0 ? ` (${number(zeros)} of ${[...new Set(vanishing.map((c) => c.what))].join(', ')} zero within their bounds)` : ''}` : '', onKinks > 0 ? `${number(onKinks)} on kinks` : ''];
  return [base, ...rest.filter((part) => part !== '')].join(', ');
}

function noun(kind: Exclude<Count['kind'], 'E' | 'direction'>, n: number): string {
  switch (kind) {
    case 'parameter': return n === 1 ? 'entry' : 'entries';
    case 'intermediate': return n === 1 ? 'pre-activation' : 'pre-activations';
    case 'output': return n === 1 ? 'output' : 'outputs';
  }
}

const number = (n: number): string => n.toLocaleString('en-US');
