// Vector forms as boxes.

import type { ElementaryName, FunctionName } from '../algebra/expression.ts';
import * as Q from '../algebra/rational.ts';
import { type Box, integerOf, letterOf, minus, plus, times } from './box.ts';
import type { Notation } from './notation.ts';
import { slotLetter, typeset } from './typeset.ts';
import type { Arrangement, VectorForm } from './vector.ts';

export type { VectorForm } from './vector.ts';

export function vectorBoxes(form: VectorForm, notation: Notation): { readonly left: Box; readonly right: Box } {
  const sign = form.style === 'diag' ? 'dot' : 'space';
  return { left: arranged(form.left, sign, notation), right: arranged(form.right, sign, notation) };
}

function arranged(a: Arrangement, sign: 'dot' | 'space', notation: Notation): Box {
  const box = (part: Arrangement): Box => arranged(part, sign, notation);
  switch (a.kind) {
    case 'tensor': return tensorBox(a, notation);
    case 'scalar': return typeset(a.value, notation);
    case 'ones': return a.transposed ? { kind: 'transpose', body: { kind: 'ones' } } : { kind: 'ones' };
    case 'product': return times(a.factors.map(box), sign);
    case 'hadamard': return times(a.factors.map(box), 'odot');
    case 'scaled': return scaledBox(a.by, a.of, sign, notation);
    case 'add': return plus(inReadingOrder(a.terms).map(box));
    case 'diag': return { kind: 'diag', body: box(a.of) };
    case 'apply': {
      const body = appliedBox(a.fn, box(a.argument), a.entrywise ? { kind: 'ones' } : integerOf(1));
      return a.transposed ? { kind: 'transpose', body } : body;
    }
    case 'power': return { kind: 'power', base: box(a.base), exponent: typeset({ kind: 'number', value: a.exponent }, notation), elementwise: a.elementwise };
    case 'square': return { kind: 'power', base: { kind: 'norm', body: box(a.of) }, exponent: integerOf(2), elementwise: false };
  }
}

/** As in components, log1p(u) is log(1 + u) and expm1(u) is exp(u) - 1; of a vector, `one` is the column of ones. */
function appliedBox(fn: FunctionName, argument: Box, one: Box): Box {
  if (fn.kind === 'slot') return { kind: 'apply', fn: slotLetter(fn), argument };
  const elementary = (name: ElementaryName, of: Box): Box => ({ kind: 'elementary', name, power: 1, argument: of });
  switch (fn.name) {
    case 'log1p': return elementary('log', plus([one, argument]));
    case 'expm1': return plus([elementary('exp', argument), minus(one)]);
    case 'exp': case 'log': case 'sin': case 'cos': case 'atan': case 'erf': case 'tan': case 'sinh': case 'cosh': case 'tanh':
      return elementary(fn.name, argument);
  }
}

function tensorBox(a: Extract<Arrangement, { kind: 'tensor' }>, notation: Notation): Box {
  const name = letterOf(a.tensor.name, a.tensor.layer);
  if (!a.adjoint) return { ...name, transposed: a.transposed };
  const signal = notation.signalOf(a.tensor);
  if (signal !== null) return { ...letterOf(notation.convention.signal[signal], a.tensor.layer), transposed: a.transposed };
  const partial: Box = { kind: 'partial', of: letterOf(notation.convention.total), by: name };
  return a.transposed ? { kind: 'transpose', body: partial } : partial;
}

/** Numbers in front, their sign in front of all. */
function scaledBox(by: readonly Arrangement[], of: Arrangement | null, sign: 'dot' | 'space', notation: Notation): Box {
  let coefficient = Q.ONE;
  const rest: Box[] = [];
  for (const factor of by) {
    if (factor.kind === 'scalar' && factor.value.kind === 'number') coefficient = Q.multiply(coefficient, factor.value.value);
    else {
      const box = arranged(factor, sign, notation);
      rest.push(factor.kind === 'product' ? { kind: 'group', body: box } : box);
    }
  }
  if (of !== null) rest.push(arranged(of, sign, notation));
  const number = typeset({ kind: 'number', value: Q.absolute(coefficient) }, notation);
  const box = times([...(Q.isOne(Q.absolute(coefficient)) && rest.length > 0 ? [] : [number]), ...rest], sign);
  return Q.sign(coefficient) < 0 ? minus(box) : box;
}

/** A constant or a positive term first: 𝟏 - z ⊙ z. */
function inReadingOrder(terms: readonly Arrangement[]): readonly Arrangement[] {
  const coefficient = (t: Arrangement): Q.Rational => (t.kind !== 'scaled' ? Q.ONE : t.by.reduce(
    (q, f) => (f.kind === 'scalar' && f.value.kind === 'number' ? Q.multiply(q, f.value.value) : q), Q.ONE));
  const isPositive = (t: Arrangement): boolean => Q.sign(coefficient(t)) > 0;
  const isConstant = (t: Arrangement): boolean => t.kind === 'ones' || (t.kind === 'scaled' && t.of?.kind === 'ones');
  const leading = terms.find((t) => isConstant(t) && isPositive(t)) ?? terms.find(isPositive) ?? terms[0];
  return leading === undefined ? terms : [leading, ...terms.filter((t) => t !== leading)];
}
