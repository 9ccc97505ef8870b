// Reductions over index letters: sum, prod and argmax are the algebra's own; mean and logsumexp are written through them;
// a maximum becomes the entry at its argmax, which is a tensor of integers with an equation of its own (hoist.ts).

import { affineIndices, type Range } from '../algebra/affine.ts';
import { affineValue, divide, elementary, type Expression, multiply, one, product, sum, zero } from '../algebra/expression.ts';
import { bindLetters, type Bound } from './binders.ts';
import { whereEmpty, withAxes } from './emptiness.ts';
import { type Extreme, hoistExtreme } from './hoist.ts';
import { extentOf } from './port-sizes.ts';
import { isReduction, type ReductionName } from './names.ts';
import { namesIn } from './range.ts';
import { knownIn, type Scope, textOf, type ValueOf } from './scope.ts';
import { showRange } from './show.ts';
import type { Syntax } from './syntax.ts';
import { holdsIn } from './syntax-parts.ts';

type Call = Extract<Syntax, { kind: 'call' }>;

/** Whether a call runs over letters: max and min do where the first argument is a letter that nothing around it binds. */
export function isReductionCall(syntax: Call, scope: Scope): boolean {
  const { name } = syntax.of;
  if (!isReduction(name) || scope.names.get(name)?.kind === 'slot') return false;
  if (name !== 'max' && name !== 'min') return true;
  const [first] = syntax.args;
  return first?.kind === 'binding' || (first?.kind === 'name' && scope.names.get(first.name)?.kind === 'letter' && !scope.letters.has(first.name));
}

/** `max(i, x[i])` where i has a value already: the greater of an index and an entry is not what is meant. */
export function checkMaximum(syntax: Call, scope: Scope): void {
  const { args, of: { name } } = syntax;
  const [first, second] = args;
  if ((name !== 'max' && name !== 'min') || args.length !== 2 || first?.kind !== 'name' || second === undefined) return;
  if (!scope.letters.has(first.name) || !holdsIn(second, (s) => s.kind === 'entry' && s.indices.some((i) => namesIn(i).includes(first.name)))) return;
  scope.report('maximum-over-a-bound-letter', first, { name, letter: first.name, text: textOf(syntax, scope) });
}

/** @param whole whether the reduction is the whole right side of its equation */
export function reduction(syntax: Call, scope: Scope, valueOf: ValueOf, whole: boolean): Expression {
  const { name } = syntax.of;
  const binders = syntax.args.slice(0, -1);
  const body = syntax.args.at(-1);
  if (!isReduction(name)) return zero;
  const single = name === 'argmax' || name === 'argmin';
  if (body === undefined || binders.length === 0 || (single && binders.length > 1)) {
    const wanted = name === 'sum' ? 'an index letter and a summand' : `${single ? 'one' : 'an'} index letter and a formula`;
    scope.report('wrong-argument-count', syntax, { name, given: syntax.args.length, wanted });
    return zero;
  }
  const letters = bindLetters(binders, name, scope);
  if (letters === null) return zero;
  const { bound, inner } = letters;
  const value = valueOf(body, inner);
  if (name !== 'sum' && name !== 'prod' && isEmptySomewhere(bound, syntax, scope)) return zero;
  return name === 'max' || name === 'min' || single ? extreme(name, bound, value, syntax, scope, whole) : written(name, bound, value);
}

/** The reductions that have a formula. */
function written(name: Exclude<ReductionName, Extreme>, bound: readonly Bound[], value: Expression): Expression {
  const over = (bind: typeof sum, inside: Expression): Expression =>
    bound.reduceRight((inner, { index, range }) => bind(index, range, inner), inside);
  switch (name) {
    case 'sum': return over(sum, value);
    case 'prod': return over(product, value);
    case 'mean': return divide(over(sum, value), countOf(bound));
    case 'logsumexp': return elementary('log', over(sum, elementary('exp', value)));
  }
}

/** How many terms there are: the product of the extents, summed where one depends on another letter of the reduction. */
const countOf = (bound: readonly Bound[]): Expression => bound.reduceRight((inner, { index, range }) =>
  (bound.some((other) => mentions(other.range, index)) ? sum(index, range, inner) : multiply([affineValue(extentOf(range)), inner])), one);

const mentions = (range: Range, name: string): boolean => [range.lo, range.hi].some((end) => affineIndices(end).includes(name));

/** The entry at which a formula is greatest or least; over several letters, the first of them runs outermost. */
function extreme(name: Extreme, bound: readonly Bound[], body: Expression, call: Call, scope: Scope, whole: boolean): Expression {
  let value = body;
  let text = textOf(call.args.at(-1) ?? call, scope);
  for (const [n, at] of [...bound.entries()].reverse()) {
    const ranges = new Map([...knownIn(scope).ranges, ...bound.slice(0, n).map((b): [string, Range] => [b.index, b.range])]);
    const argument = `${textOf(at.syntax, scope)}, ${text}`;
    text = `${name}(${argument})`;
    value = hoistExtreme({ name, at, body: value, ranges, argument, span: call, whole: whole && n === 0 }, scope);
  }
  return value;
}

/** Says so where a letter can run over nothing: then there is no greatest entry, and no mean. */
function isEmptySomewhere(bound: readonly Bound[], call: Call, scope: Scope): boolean {
  const known = withAxes(knownIn(scope), scope.names);
  const ranges = new Map(known.ranges);
  for (const { index, range, syntax } of bound) {
    const found = whereEmpty(range, { ...known, ranges });
    if (found !== null) {
      const letter = syntax.kind === 'binding' ? syntax.of.name : textOf(syntax, scope);
      scope.report('empty-reduction', syntax, { name: call.of.name, letter, range: showRange(range), example: found, text: textOf(call, scope) });
      return true;
    }
    ranges.set(index, range);
  }
  return false;
}
