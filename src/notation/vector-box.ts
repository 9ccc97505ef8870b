// Vector forms as boxes.

import { sameAffine } from '../algebra/affine.ts';
import type { ElementaryName, Expression, FunctionName } from '../algebra/expression.ts';
import { samplesSize } from '../spec/samples.ts';
import * as Q from '../algebra/rational.ts';
import { type Box, integerOf, letterOf, minus, plus, times } from './box.ts';
import type { Notation } from './notation.ts';
import { partialBox, tensorBox as symbolBox } from './symbols.ts';
import { affineIn, elementaryBox, isWholeAxis, outermost, product, type Scope, slotLetter, typeset, typesetWithin } from './typeset.ts';
import type { Arrangement, VectorForm, WholeTensor } from './arrangement.ts';
import { type Extent, shapeOf } from './shape.ts';
import type { EinsumForm, EinsumTerm } from './einsum.ts';

/** What is said without the indices of its components. */
export type WholeForm = VectorForm | EinsumForm;

export function vectorBoxes(form: WholeForm, notation: Notation): { readonly left: Box; readonly right: Box } {
  if (form.kind === 'einsum') return { left: typeset(form.left, notation), right: plus(form.terms.map((t) => einsumBox(t, notation))) };
  const dots = notation.convention.dot ?? form.layout.derivatives === 'numerator';
  const sign = dots ? 'dot' : 'space';
  return { left: arranged(form.left, sign, notation), right: arranged(form.right, sign, notation) };
}

/** What is neither summed nor spread stands as it is. */
function einsumBox({ coefficient, operands, result }: EinsumTerm, notation: Notation): Box {
  const below = (e: Expression): Box => typeset(e, notation);
  const [first] = operands;
  const boxes = operands.map((o): Box => (o.value === null ? { kind: 'ones' } : below(o.value)));
  const box: Box = first?.value !== null && first?.letters === result && boxes[0] !== undefined && operands.length === 1 ? boxes[0]
    : { kind: 'einsum', letters: operands.map((o) => o.letters), result, operands: boxes };
  return product(coefficient.kind === 'multiply' ? coefficient.factors : [coefficient], below, false, [box]);
}

function arranged(a: Arrangement, sign: 'dot' | 'space', notation: Notation, scope: Scope = outermost): Box {
  const box = (part: Arrangement): Box => arranged(part, sign, notation, scope);
  const shaped = (body: Box): Box => (notation.shapes ? shapedBox(a, body, scope) : body);
  const scalar = (e: Expression): Box => typesetWithin(e, notation, { ...scope, bound: [] });
  switch (a.kind) {
    case 'tensor': return shaped(tensorBox(a, notation, scope));
    case 'scalar': return scalar(a.value);
    case 'ones': return shaped(a.transposed ? { kind: 'transpose', body: { kind: 'ones' } } : { kind: 'ones' });
    // Its size says it.
    case 'identity': return { kind: 'identity', size: affineIn(a.shape.rows, scope) };
    case 'kronecker': return times(a.factors.map(box), 'otimes');
    case 'vec': return shaped(vecBox(arranged(a.of, sign, { ...notation, shapes: false }, scope)));
    case 'by-vec': {
      const whole = (t: WholeTensor): Box => tensorBox(t, notation, scope);
      const of = a.of === null ? null : isVector(a.of) ? whole(a.of) : vecBox(whole(a.of));
      return shaped(partialBox(of, vecBox(whole(a.by)), notation));
    }
    case 'product': return times(a.factors.map(box), sign);
    case 'hadamard': return times(a.factors.map(box), 'odot');
    case 'scaled': return scaledBox(a, sign, scalar, box);
    case 'add': return plus(inReadingOrder(a.terms).map(box));
    case 'transpose': return { kind: 'transpose', body: box(a.of) };
    case 'diag': return diagBox(a.of, box);
    case 'apply': {
      const argument = arranged(a.argument, sign, { ...notation, shapes: false }, scope);
      const body = appliedBox(a.fn, argument, a.entrywise ? { kind: 'ones' } : integerOf(1), notation);
      return shaped(a.transposed ? { kind: 'transpose', body } : body);
    }
    case 'power': return { kind: 'power', base: box(a.base), exponent: typeset({ kind: 'number', value: a.exponent }, notation), elementwise: a.elementwise };
    case 'over': return {
      kind: 'over', operator: 'sum', index: a.index, range: isWholeAxis(a.range) && !notation.ranges ? null : a.range,
      body: arranged(a.of, sign, notation, { ...scope, bound: [...scope.bound, a.index] }),
    };
    case 'chosen': return arranged(a.of, sign, notation, { ...scope, inserted: new Map([...scope.inserted, [a.index, scalar(a.by)]]) });
    case 'square': return { kind: 'power', base: { kind: 'norm', body: box(a.of) }, exponent: integerOf(2), elementwise: false };
  }
}

const vecBox = (body: Box): Box => ({ kind: 'vec', body });
const isVector = (a: Arrangement): boolean => shapeOf(a).columns.length === 0;

/** As in components, log1p(u) is log(1 + u) and expm1(u) is exp(u) - 1; of a vector, `one` is the column of ones. */
function appliedBox(fn: FunctionName, argument: Box, one: Box, notation: Notation): Box {
  if (fn.kind === 'slot') return { kind: 'apply', fn: slotLetter(fn, notation), argument };
  const elementary = (name: ElementaryName, of: Box): Box => elementaryBox(name, of, notation);
  switch (fn.name) {
    case 'log1p': return elementary('log', plus([one, argument]));
    case 'expm1': return plus([elementary('exp', argument), minus(one)]);
    case 'exp': case 'log': case 'sin': case 'cos': case 'atan': case 'erf': case 'tan': case 'sinh': case 'cosh': case 'tanh':
      return elementary(fn.name, argument);
  }
}

/** With its numbers of rows and columns, unless it is a number. */
function shapedBox(a: Arrangement, body: Box, scope: Scope): Box {
  const { rows, columns } = shapeOf(a);
  const size = (extent: Extent): Box => (extent.length === 0 ? integerOf(1) : times(extent.map((e) => affineIn(e, scope)), 'space'));
  return rows.length + columns.length === 0 ? body : { kind: 'shaped', body, rows: size(rows), columns: size(columns) };
}

function tensorBox(a: Extract<Arrangement, { kind: 'tensor' }>, notation: Notation, scope: Scope): Box {
  const indices = a.at.map((i) => (i === null ? letterOf(':') : affineIn(i, scope)));
  // What follows the last index that is held fast goes without saying: h_t is a vector.
  const shown = indices.slice(0, a.at.findLastIndex((i) => i !== null) + 1);
  const whole = a.at.length === 0 ? notation.rankOf(a.tensor) !== 0 : a.at.includes(null);
  return symbolBox({ tensor: a.tensor, adjoint: a.adjoint, indices: shown, transposed: a.transposed, whole }, notation);
}

/** diag{v}⁻¹ for the diagonal matrix of reciprocals. */
function diagBox(of: Arrangement, box: (a: Arrangement) => Box): Box {
  if (of.kind !== 'power' || Q.sign(of.exponent) > 0) return { kind: 'diag', body: box(of) };
  const { n, d } = Q.absolute(of.exponent);
  const body = box(of.base);
  if (d === 1n) return { kind: 'power', base: { kind: 'diag', body }, exponent: minus(integerOf(n)), elementwise: false };
  const root: Box = n === 1n && d <= 3n ? { kind: 'root', degree: Number(d), body } : box({ ...of, exponent: { n, d } });
  return { kind: 'power', base: { kind: 'diag', body: root }, exponent: minus(integerOf(1)), elementwise: false };
}

/** 1/m */
const isPerSample = (e: Expression): boolean => e.kind === 'power' && Q.sign(e.exponent) < 0 && e.base.kind === 'affine' && sameAffine(e.base.value, samplesSize);

/** Numbers in front or below a line, their sign in front of all. */
function scaledBox(
  { by, of }: Extract<Arrangement, { kind: 'scaled' }>, sign: 'dot' | 'space', scalar: (e: Expression) => Box, set: (a: Arrangement) => Box,
): Box {
  const numbers = by.flatMap((f) => (f.kind === 'scalar' ? [f.value] : []));
  const groups = by.flatMap((f): Box[] => {
    if (f.kind === 'scalar') return [];
    const box = set(f);
    return [f.kind === 'product' ? { kind: 'group', body: box } : box];
  });
  // The mean over samples is (1/m) A Bᵀ; other numbers stand below all of it.
  if (of?.kind === 'product' && groups.length === 0 && numbers.some(isPerSample)) return times([product(numbers, scalar, sign === 'space'), set(of)], sign);
  return product(numbers, scalar, sign === 'space', [...groups, ...(of === null ? [] : [set(of)])]);
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
