// Where brackets are needed, and what stands between factors: the same for every writer.

import { type Box, type Letter, parts } from './box.ts';
import { type Convention, isBareMark, isRaised } from './convention.ts';
import { vulgarFractions } from './scripts.ts';

/** How tightly a formula holds together: a part in a place that asks for more needs brackets. */
export const level = { cases: 0, plus: 1, sum: 2, product: 3, slash: 4, factor: 5, atom: 6 } as const;
export type Level = (typeof level)[keyof typeof level];

/** `inline`: fractions are written a / b. */
export function levelOf(m: Box, inline: boolean): Level {
  switch (m.kind) {
    case 'cases': return inline ? level.atom : level.cases;
    case 'plus': return level.plus;
    case 'over': return level.sum;
    case 'times': {
      // A product that ends in a sum, or a maximum, reaches as far to the right as that does.
      const last = m.factors.at(-1);
      return last?.kind === 'over' && family(m.sign) === 'product' ? level.sum : level.product;
    }
    case 'fraction': return inline ? (isVulgar(m) ? level.factor : level.slash) : level.factor;
    case 'partial': case 'nabla': return level.factor;
    case 'power': case 'transpose': case 'elementary': case 'apply': case 'root': case 'brace': return level.factor;
    case 'integer': case 'decimal': case 'letter': case 'bracket': case 'diag': case 'ones': case 'norm': case 'absolute': case 'group': case 'einsum': case 'identity': case 'vec':
    case 'shaped': return level.atom;
  }
}

/** Products of different kinds are kept apart by brackets. */
const family = (sign: Joint): 'product' | 'odot' | 'otimes' => (sign === 'odot' || sign === 'otimes' ? sign : 'product');

/** What a factor has to hold together like: the last one may be a sum. */
export function factorLevel(m: Extract<Box, { kind: 'times' }>, position: number): Level {
  const factor = m.factors[position];
  if (factor?.kind === 'times' && family(factor.sign) === family(m.sign) && position < m.factors.length) {
    return position === m.factors.length - 1 ? level.sum : level.product;
  }
  return position === m.factors.length - 1 && family(m.sign) === 'product' && factor?.kind === 'over' ? level.sum : level.slash;
}

export type Joint = 'space' | 'dot' | 'odot' | 'otimes';

/**
 * The sign between two neighbours. Side by side stand what nobody takes for a call or for one number: a coefficient
 * before anything but a digit, and in sums names, powers and calls.
 */
export function joint(left: Box, right: Box, rightInBrackets: boolean, sign: Joint): Joint {
  if (sign === 'odot' || sign === 'otimes') return sign;
  const next = first(right);
  const opens = !rightInBrackets && (startsWithDigit(next) || next.kind === 'cases' || next.kind === 'absolute');
  if (isCoefficient(left)) return opens ? 'dot' : 'space';
  if (right.kind === 'over' && !rightInBrackets) return 'space';
  if (sign === 'dot' || opens || rightInBrackets) return 'dot';
  const apart = next.kind === 'group' || next.kind === 'bracket' || next.kind === 'partial' || next.kind === 'nabla';
  return apart || left.kind === 'partial' || left.kind === 'nabla' || left.kind === 'absolute' ? 'dot' : 'space';
}

/** A number in front. */
export const isCoefficient = (m: Box): boolean =>
  m.kind === 'integer' || m.kind === 'decimal' || (m.kind === 'fraction' && m.top.kind === 'integer');

/** What a product begins with. */
function first(m: Box): Box {
  return m.kind === 'times' && m.factors[0] !== undefined ? first(m.factors[0]) : m;
}

function startsWithDigit(m: Box): boolean {
  if (m.kind === 'power') return startsWithDigit(first(m.base));
  return m.kind === 'integer' || m.kind === 'decimal' || m.kind === 'fraction';
}

/** A fraction that Unicode has as one character. */
export const isVulgar = (m: Extract<Box, { kind: 'fraction' }>): boolean =>
  m.top.kind === 'integer' && m.bottom.kind === 'integer' && vulgarFractions.has(`${String(m.top.value)}/${String(m.bottom.value)}`);

/** Whether an exponent can be set on a base as it is: a base with a superscript of its own needs brackets, and dW would be d(W²). */
export const isBareBase = (base: Box, convention: Convention): boolean =>
  base.kind === 'integer' || base.kind === 'decimal' || base.kind === 'norm' || base.kind === 'diag' || base.kind === 'absolute' || base.kind === 'group'
  || (base.kind === 'letter' && !hasSuperscript(base, convention) && base.derivative !== 'd');

/** Whether a letter has something in its upper right corner already. */
export const hasSuperscript = (m: Letter, convention: Convention): boolean =>
  m.primes > 0 || m.transposed || (m.layer !== null && isRaised(convention)) || (m.namesakes && isBareMark(convention));

/** Whether a formula is higher than a line: then its brackets grow. */
export function isTall(m: Box): boolean {
  if (['fraction', 'partial', 'over', 'cases', 'brace', 'shaped'].includes(m.kind)) return true;
  return parts(m).some(isTall);
}
