// Conditions as they are written: the index that one speaks of on the left, and two bounds of one thing in one chain,
// 1 ≤ p - s + 1 ≤ n.

import { addAffine, type Affine, affineKey, constantOf, integer, scaleAffine } from '../algebra/affine.ts';
import type { Expression, ExpressionOf, Test } from '../algebra/expression.ts';
import type { Box, Relation } from './box.ts';

/** How the parts of a condition are set. */
export interface Setter {
  readonly below: (e: Expression) => Box;
  readonly affine: (a: Affine) => Box;
  /** The terms in the order in which they are read. */
  readonly order: (a: Affine) => Affine;
}

type Sign = Extract<Relation, { kind: 'compare' }>['sign'];
const opposite: Readonly<Record<Sign, Sign>> = { '=': '≠', '≠': '=', '<': '≥', '≥': '<', '>': '≤', '≤': '>' };
const turned: Readonly<Record<Sign, Sign>> = { '=': '=', '≠': '≠', '<': '>', '>': '<', '≤': '≥', '≥': '≤' };

export function relation(test: Test, set: Setter): Relation {
  switch (test.kind) {
    case 'index': return indexRelation(test.relation === '=' ? '=' : '≥', test.value, set);
    case 'compare': {
      const sign = test.relation === '>=' ? '≥' : test.relation;
      // A number stands on the right: a < -1.
      const turn = test.left.kind === 'number' && test.right.kind !== 'number';
      return turn ? { kind: 'compare', sign: turned[sign], left: set.below(test.right), right: set.below(test.left) }
        : { kind: 'compare', sign, left: set.below(test.left), right: set.below(test.right) };
    }
    case 'and': {
      const parts = inChains(test.tests, set);
      const [only] = parts;
      return only !== undefined && parts.length === 1 ? only : { kind: 'and', parts };
    }
    case 'or': return { kind: 'or', parts: test.tests.map((t) => relation(t, set)) };
    case 'not': {
      const inner = relation(test.test, set);
      if (inner.kind !== 'compare') return { kind: 'not', part: inner };
      return { ...inner, sign: opposite[inner.sign] };
    }
  }
}

/** value ≥ 0 with every term on the side where it is positive, the index that it speaks of on the left: t + 1 ≤ T. */
function indexRelation(sign: Sign, value: Affine, set: Setter): Relation {
  const side = (direction: 1 | -1): Affine => ({
    terms: value.terms.filter((t) => t.coefficient * direction > 0)
      .map((t) => ({ ...t, coefficient: Math.abs(t.coefficient) })),
    constant: Math.max(0, value.constant * direction),
  });
  const [positive, negative] = [side(1), side(-1)];
  const holdsIndex = (a: Affine): boolean => a.terms.some((t) => t.symbol.kind === 'index');
  const flip = !holdsIndex(positive) && (holdsIndex(negative) || constantOf(positive) !== null);
  const [left, right] = flip ? [negative, positive] : [positive, negative];
  return { kind: 'compare', sign: flip ? turned[sign] : sign, left: set.affine(left), right: set.affine(right) };
}

type Bound = Extract<Test, { kind: 'index' }>;
const isBound = (t: Test): t is Bound => t.kind === 'index' && t.relation === '>=';

/** The indices of an affine expression without sizes and constant. */
const indexPart = (a: Affine): Affine => ({ terms: a.terms.filter((t) => t.symbol.kind === 'index'), constant: 0 });

const sizesOf = (a: Affine): Affine['terms'] => a.terms.filter((t) => t.symbol.kind === 'size');

/** Whether a ≥ 0 and b ≥ 0 bound the same thing from both sides. */
const boundTheSame = (a: Affine, b: Affine): boolean =>
  indexPart(a).terms.length > 0 && affineKey(indexPart(a)) === affineKey(scaleAffine(indexPart(b), -1));

/** What is bounded from both sides stands in one chain, where the first of its bounds stood. */
function inChains(tests: readonly Test[], set: Setter): readonly Relation[] {
  const [first, ...rest] = tests;
  if (first === undefined) return [];
  const at = isBound(first) ? rest.findIndex((t) => isBound(t) && boundTheSame(first.value, t.value)) : -1;
  const other = rest[at];
  if (!isBound(first) || other === undefined || !isBound(other)) return [relation(first, set), ...inChains(rest, set)];
  return [chain(first.value, other.value, set), ...inChains(rest.filter((_, n) => n !== at), set)];
}

/** low ≤ middle ≤ high for two bounds: a plain index by itself, otherwise so that a size stands alone, 1 ≤ p - s + 1 ≤ n. */
function chain(a: Affine, b: Affine, set: Setter): Relation {
  const leads = (set.order(indexPart(a)).terms[0]?.coefficient ?? 1) > 0;
  const [first, second] = leads ? [a, b] : [b, a];
  // Rather 1 ≤ q - l + 1 ≤ n than -n ≤ l - q - 1 ≤ -1.
  const turned = indexPart(a).terms.length > 1 && sizesOf(second).length === 0 && sizesOf(first).some((t) => t.coefficient > 0);
  const [lower, upper] = turned ? [second, first] : [first, second];
  const thing = indexPart(lower);
  const high = addAffine(upper, thing);
  const low = scaleAffine(addAffine(lower, thing, -1), -1);
  const isPlain = thing.terms.length === 1 && thing.terms[0]?.coefficient === 1;
  const shift = isPlain ? 0 : high.terms.length > 0 ? -high.constant : -low.constant;
  const moved = (x: Affine): Box => set.affine(addAffine(x, integer(shift)));
  return { kind: 'between', low: moved(low), middle: moved(thing), high: moved(high) };
}

/** Brackets of a product that bound the same thing become one bracket. */
export function mergedBrackets(factors: readonly Expression[]): readonly Expression[] {
  const [first, ...rest] = factors;
  if (first === undefined) return factors;
  const bound = boundOf(first);
  const at = bound === null ? -1 : rest.findIndex((f) => {
    const other = boundOf(f);
    return other !== null && boundTheSame(bound.value, other.value);
  });
  const other = rest[at] === undefined ? null : boundOf(rest[at]);
  if (bound === null || other === null) return [first, ...mergedBrackets(rest)];
  const one: ExpressionOf<'bracket'> = { kind: 'bracket', test: { kind: 'and', tests: [bound, other] } };
  return [one, ...mergedBrackets(rest.filter((_, n) => n !== at))];
}

const boundOf = (e: Expression): Bound | null => (e.kind === 'bracket' && isBound(e.test) ? e.test : null);
