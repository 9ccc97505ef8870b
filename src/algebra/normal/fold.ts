// Definitions read backwards: where a monomial holds what defines a tensor (e^{a_i}·S^{-1} for p_i), the tensor is put in its
// place. Every replacement is the definition itself, solved for one of its monomials, so both sides stay equal.

import { type Affine, affineIndices, affineKey, index, type Range, substituteAffine, subtractAffine } from '../affine.ts';
import { type Context, provablyNonNegative, withAssumption, withRange } from '../bounds.ts';
import type { Expression, Tensor } from '../expression.ts';
import * as Q from '../rational.ts';
import { substituteIndices } from '../traverse.ts';
import { finish } from './arithmetic.ts';
import { divideBy, divideFactors } from './divide.ts';
import { normalize } from './normalize.ts';
import { type Factor, type Monomial, type Polynomial, polynomial, spend, StepLimitError } from './polynomial.ts';
import { freeOfMonomial, multiplyMonomials, substituteMonomial, type Substitution, withFactor } from './rename.ts';
import type { Scope } from './scope.ts';
import { entriesOf, unifications } from './unify.ts';

/** left = value for all values of the variables in their ranges: a definition, or an assumption. */
export interface Definition {
  readonly axes: readonly { readonly index: string; readonly range: Range }[];
  readonly left: Expression;
  readonly value: Expression;
}

/** The ranges of a tensor's axes; null for one that is not known. */
export type Extents = (tensor: Tensor) => readonly Range[] | null;

export interface FoldScope extends Scope {
  readonly extents: Extents;
}

/** One way to read a definition backwards: `lead` (a monomial of its right side, coefficient 1) equals `instead`. */
export interface FoldRule {
  readonly variables: readonly string[];
  readonly ranges: readonly Range[];
  readonly lead: Monomial;
  readonly instead: readonly Monomial[];
}

const MOST_MONOMIALS = 8;
const MOST_REPLACEMENTS = 200;

/** The rules of a definition; none where its right side has no normal form of a few monomials. */
export function foldRules(definition: Definition, steps: number): readonly FoldRule[] {
  const names = definition.axes.map((_, n) => `?${String(n)}`);
  const to = new Map(definition.axes.map((axis, n): [string, Affine] => [axis.index, index(names[n] ?? '')]));
  const rename = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? (to.get(s.name) ?? null) : null));
  const ranges = definition.axes.map(({ range }): Range => ({ lo: rename(range.lo), hi: rename(range.hi) }));
  const context = names.reduce<Context>((c, name, n) => {
    const range = ranges[n];
    return range === undefined ? c : withRange(c, name, range);
  }, { ranges: new Map(), assumptions: [] });
  try {
    const left = normalize(substituteIndices(definition.left, to), context, steps);
    const right = normalize(substituteIndices(definition.value, to), context, steps);
    if (right.monomials.length > MOST_MONOMIALS) return [];
    return right.monomials.flatMap((m, at): FoldRule[] => {
      const used = freeOfMonomial(m);
      if (!worthSeeking(m) || !names.every((name) => used.has(name))) return [];
      const others = right.monomials.filter((_, n) => n !== at);
      const inverse = Q.divide(Q.ONE, m.coefficient);
      // Roots of numbers are coefficients, too.
      const roots = [...m.factors.values()].filter((f) => f.atom.kind === 'prime');
      const inverted = roots.map((f): Factor => ({ ...f, exponent: Q.negate(f.exponent) }));
      const without = (x: Monomial): Monomial => inverted.reduce<Monomial>((y, f) => withFactor(y, f), x);
      const lead = apart(without({ ...m, coefficient: Q.ONE }));
      return [{
        variables: names, ranges, lead,
        instead: [
          ...left.monomials.map((x) => ({ ...x, coefficient: Q.multiply(x.coefficient, inverse) })),
          ...others.map((x) => ({ ...x, coefficient: Q.negate(Q.multiply(x.coefficient, inverse)) })),
        ].map((x) => apart(without(x))),
      }];
    });
  } catch (error) {
    if (error instanceof StepLimitError) return [];
    throw error;
  }
}

/** A single entry or number is found everywhere and says nothing. */
function worthSeeking(m: Monomial): boolean {
  const factors = [...m.factors.values()];
  if (factors.some((f) => f.atom.kind === 'positive' || f.atom.kind === 'argmax')) return false;
  const entries = factors.filter((f) => f.atom.kind !== 'integer' && f.atom.kind !== 'prime' && f.atom.kind !== 'pi');
  return m.bound.length > 0 || entries.length > 1 || entries.some((f) => f.atom.kind !== 'ref' && f.atom.kind !== 'symbol');
}

/** Summed variables under names that no other monomial has. */
function apart(m: Monomial): Monomial {
  const names = m.bound.map((_, n) => `?s${String(n)}`);
  const renamed = substituteMonomial({ ...m, bound: names }, new Map(m.bound.map((name, n): [string, Affine] => [name, index(names[n] ?? '')])));
  const [only] = renamed;
  if (only === undefined || renamed.length > 1) throw new Error('renaming variables keeps a monomial one');
  return only;
}

/** p with the rule applied wherever it can be; null where it can't be at all, or too often. */
export function foldAll(p: Polynomial, rule: FoldRule, scope: FoldScope): Polynomial | null {
  const pending = [...p.monomials];
  const done: Monomial[] = [];
  let count = 0;
  for (let m = pending.pop(); m !== undefined; m = pending.pop()) {
    spend(scope.budget);
    const replaced = foldOnce(m, rule, scope);
    if (replaced === null) done.push(m);
    else {
      count += 1;
      if (count > MOST_REPLACEMENTS) return null;
      pending.push(...replaced);
    }
  }
  return count === 0 ? null : polynomial(done);
}

function foldOnce(m: Monomial, rule: FoldRule, scope: FoldScope): readonly Monomial[] | null {
  for (const values of unifications(rule.lead, rule.variables, m, scope.budget)) {
    spend(scope.budget);
    if (!inside(rule, values, m, scope)) continue;
    const [lead, ...more] = substituteMonomial(rule.lead, values);
    if (lead === undefined || more.length > 0) continue;
    const divided = divide(m, lead, scope);
    if (divided === null) continue;
    const quotient = withoutGuards(divided.quotient, divided.guards, rangeFacts(rule, values), scope);
    const instead = rule.instead.flatMap((x) => substituteMonomial(x, values));
    return finish(instead.flatMap((x) => multiplyMonomials(quotient, x)), scope);
  }
  return null;
}

/** Whether the values stay in the ranges of the definition's axes wherever m counts. */
function inside(rule: FoldRule, values: Substitution, m: Monomial, scope: Scope): boolean {
  const context = m.inequalities.reduce(withAssumption, scope.context);
  const put = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? (values.get(s.name) ?? null) : null));
  return rule.ranges.every(({ lo, hi }, n) => {
    const value = values.get(rule.variables[n] ?? '');
    return value !== undefined && provablyNonNegative(subtractAffine(value, put(lo)), context) && provablyNonNegative(subtractAffine(put(hi), value), context);
  });
}

interface Divided {
  readonly quotient: Monomial;
  /** Conditions of the lead that are conditions of m: what replaces the lead is zero without them. */
  readonly guards: readonly Affine[];
}

/** m / lead; conditions on the lead have to be conditions of m, or to follow from what is known. */
function divide(m: Monomial, lead: Monomial, scope: Scope): Divided | null {
  const own = new Set(lead.bound);
  const free = (a: Affine): boolean => !affineIndices(a).some((name) => own.has(name));
  if (!lead.equalities.filter(free).every((a) => isOneOf(a, m.equalities))) return null;
  const context = m.inequalities.reduce(withAssumption, scope.context);
  const inequalities = lead.inequalities.filter(free);
  if (!inequalities.every((a) => provablyNonNegative(a, context))) return null;
  const summed: Monomial = { ...lead, equalities: lead.equalities.filter((a) => !free(a)), inequalities: lead.inequalities.filter((a) => !free(a)) };
  const quotient = summed.bound.length === 0 ? divideFactors(m, [...summed.factors.values()]) : divideBy(m, summed, scope);
  return quotient === null ? null : { quotient, guards: inequalities.filter((a) => isOneOf(a, m.inequalities)) };
}

const isOneOf = (a: Affine, others: readonly Affine[]): boolean => others.some((b) => affineKey(a) === affineKey(b));

/** What the ranges of the definition's axes say at these values. */
function rangeFacts(rule: FoldRule, values: Substitution): readonly Affine[] {
  const put = (a: Affine): Affine => substituteAffine(a, (s) => (s.kind === 'index' ? (values.get(s.name) ?? null) : null));
  return rule.ranges.flatMap(({ lo, hi }, n) => {
    const value = values.get(rule.variables[n] ?? '');
    return value === undefined ? [] : [subtractAffine(value, put(lo)), subtractAffine(put(hi), value)];
  });
}

/** Without guards that the replacement brings itself, where no other entry needs them: each stays inside its tensor. */
function withoutGuards(m: Monomial, guards: readonly Affine[], facts: readonly Affine[], scope: FoldScope): Monomial {
  if (guards.length === 0) return m;
  const bare: Monomial = { ...m, inequalities: [...m.inequalities.filter((a) => !isOneOf(a, guards)), ...facts] };
  const context = bare.inequalities.reduce(withAssumption, scope.context);
  return entriesInside(m, context, scope.extents) ? bare : m;
}

/** Whether every entry of the monomial lies in its tensor, as far as the context shows; summed indices stay in their sums. */
export const entriesInside = (m: Monomial, context: Context, extents: Extents): boolean =>
  entriesOf(m, new Set()).every(({ ref, local }) => extents(ref.tensor)?.every(({ lo, hi }, n) => {
    const value = ref.indices[n];
    if (value === undefined) return false;
    if (affineIndices(value).some((name) => local.has(name))) return true;
    return provablyNonNegative(subtractAffine(value, lo), context) && provablyNonNegative(subtractAffine(hi, value), context);
  }) ?? false);

/** How long a polynomial is to read: few monomials first, then few and simple factors. */
export function lengthOf(p: Polynomial): number {
  return p.monomials.reduce((total, m) => total + 12 + 3 * m.bound.length + 2 * (m.equalities.length + Math.max(0, m.inequalities.length - 2 * m.bound.length))
    + [...m.factors.values()].reduce((sum, f) => sum + weight(f.atom.kind) + (Q.isOne(f.exponent) ? 0 : 1 + Math.abs(Q.toNumber(f.exponent))), 0), 0);
}

function weight(kind: 'ref' | 'symbol' | 'integer' | 'pi' | 'prime' | 'exp' | 'call' | 'base' | 'positive' | 'zero' | 'product' | 'argmax'): number {
  switch (kind) {
    case 'integer': case 'pi': case 'prime': return 1;
    case 'ref': case 'symbol': return 2;
    case 'exp': case 'call': case 'base': case 'positive': case 'zero': case 'product': case 'argmax': return 7;
  }
}

/** The shortest form found by applying rules one after the other, each wherever it fits, as long as that shortens. */
export function foldShortest(p: Polynomial, rules: readonly FoldRule[], scope: FoldScope): Polynomial {
  let best = p;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let improved = false;
    for (const rule of rules) {
      const folded = foldAll(best, rule, scope);
      if (folded === null || lengthOf(folded) >= lengthOf(best)) continue;
      best = folded;
      improved = true;
    }
    if (!improved) return best;
  }
  return best;
}

const MOST_ROUNDS = 6;
