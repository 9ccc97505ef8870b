// A maximum over an axis is the entry at its argmax, max_s f = Σ_s [m = s] f: m is a tensor of integers whose equation is
// put in front of the one that needs it, with an axis for each letter that f depends on. Ties: the first of equals.

import { affineIndices, index, type Range, subtractAffine } from '../algebra/affine.ts';
import {
  affineValue, argmax, bracket, type Expression, type ExpressionOf, indexAtLeast, multiply, negate, piecewise, ref, sum, type Tensor, type Test, zero,
} from '../algebra/expression.ts';
import { freeIndices } from '../algebra/traverse.ts';
import type { Bound } from './binders.ts';
import { whereEmpty, withAxes } from './emptiness.ts';
import { hullOf, isSlanted } from './hull.ts';
import { staysInside } from './inside.ts';
import type { Axis } from './network.ts';
import { isSamplesAxis } from './samples.ts';
import { knownIn, type Scope } from './scope.ts';
import type { Span } from './syntax.ts';

type Argmax = ExpressionOf<'argmax'>;
export type Extreme = 'max' | 'min' | 'argmax' | 'argmin';

export interface ExtremeOf {
  readonly name: Extreme;
  readonly at: Bound;
  readonly body: Expression;
  /** Ranges of the letters around it, by their unique names, outermost first. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** The text between its parentheses. */
  readonly argument: string;
  readonly span: Span;
  /** Whether it is the whole right side of an equation, which then needs no further tensor. */
  readonly whole: boolean;
}

/** The value of an extreme or its place, by entries of tensors that have equations of their own. */
export function hoistExtreme(extreme: ExtremeOf, scope: Scope): Expression {
  const { name, at, body, whole, span, argument } = extreme;
  const least = name === 'min' || name === 'argmin';
  const place = name === 'argmax' || name === 'argmin';
  const found: Argmax = { kind: 'argmax', index: at.index, range: at.range, body: least ? negate(body) : body };
  if (place && whole) return found;
  if (scope.hoist === null) {
    scope.report('reduction-without-equations', span, { name });
    return zero;
  }
  const { axes, guards } = surroundings(extreme, scope);
  const indices = axes.map((a) => index(a.index));
  const range = hullOf(at.range, extreme.ranges) ?? at.range;
  const suffix = least ? 'argmin' : 'argmax';
  const m = scope.hoist({ suffix, axes, value: guardedArgmax(found, guards, axes, range, scope), integer: range, text: `${suffix}(${argument})`, span });
  if (place) return ref(m, indices);
  const value = selection(m, axes, at, body);
  return whole ? value
    : ref(scope.hoist({ suffix: name, axes, value: guarded(value, guards), integer: null, text: `${name}(${argument})`, span }), indices);
}

/** Σ_s [m = s] f */
const selection = (m: Tensor, axes: readonly Axis[], { index: s, range }: Bound, f: Expression): Expression => {
  const chosen: Test = { kind: 'compare', relation: '=', left: ref(m, axes.map((a) => index(a.index))), right: affineValue(index(s)) };
  return sum(s, range, multiply([bracket(chosen), f]));
};

const all = (tests: readonly Test[]): Test => {
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { kind: 'and', tests };
};

const guarded = (value: Expression, guards: readonly Test[]): Expression =>
  (guards.length === 0 ? value : multiply([bracket(all(guards)), value]));

/** Where the guards do not hold nobody looks at the argmax: it is then the first of what counts 0, or of the range if that could be empty. */
function guardedArgmax(
  found: Argmax, guards: readonly Test[], axes: readonly Axis[], range: Range, scope: Scope,
): Expression {
  if (guards.length === 0) return found;
  const ranges = new Map(axes.map((a) => [a.index, a.range]));
  if (whereEmpty(found.range, { ...withAxes(knownIn(scope), scope.names), ranges, conditions: [] }) !== null) {
    return piecewise([{ when: all(guards), then: found }], affineValue(range.lo));
  }
  return argmax(found.index, found.range, guarded(found.body, guards));
}

interface Around {
  readonly axes: readonly Axis[];
  /** What holds wherever the formula is evaluated, and does not follow from the axes. */
  readonly guards: readonly Test[];
}

/** The letters that the body depends on, and what of the conditions around it goes with it. */
function surroundings({ at, body, ranges }: ExtremeOf, scope: Scope): Around {
  const used = new Set([...freeIndices(body), ...affineIndices(at.range.lo), ...affineIndices(at.range.hi)]);
  const near = around(used, ranges, scope.conditions);
  const inner = new Map([...near.axes.map((a): [string, Range] => [a.index, a.range]), [at.index, at.range]]);
  const axesOf = (name: string): readonly Axis[] | null => {
    const meaning = scope.names.get(name);
    return meaning?.kind === 'tensor' ? meaning.axes : null;
  };
  if (staysInside(guarded(body, near.guards), { ...knownIn(scope), ranges: inner, conditions: [] }, axesOf)) return near;
  // An entry is inside its axes because of a condition that ties a letter of the body to another one.
  for (let size = -1; size < used.size;) {
    size = used.size;
    for (const letter of [...used]) for (const end of endsOf(ranges.get(letter))) used.add(end);
    for (const test of scope.conditions) {
      const letters = lettersOf(test);
      if (letters.some((l) => used.has(l))) for (const l of letters) if (ranges.has(l)) used.add(l);
    }
  }
  return around(used, ranges, scope.conditions);
}

function around(used: ReadonlySet<string>, ranges: ReadonlyMap<string, Range>, conditions: readonly Test[]): Around {
  const guards: Test[] = [];
  const axes = [...ranges].flatMap(([name, range]): Axis[] => {
    if (!used.has(name)) return [];
    const hull = isSlanted(range) ? hullOf(range, ranges) : null;
    if (hull === null || !endsOf(range).every((end) => used.has(end))) return [{ index: name, range: hull ?? range }];
    guards.push(indexAtLeast(subtractAffine(index(name), range.lo)), indexAtLeast(subtractAffine(range.hi, index(name))));
    return [{ index: name, range: hull }];
  });
  const samples = axes.filter(isSamplesAxis);
  return { axes: [...samples, ...axes.filter((a) => !samples.includes(a))], guards: [...guards, ...conditions.filter((test) => lettersOf(test).every((l) => used.has(l)))] };
}

const endsOf = (range: Range | undefined): readonly string[] =>
  (range === undefined ? [] : [...affineIndices(range.lo), ...affineIndices(range.hi)]);

const lettersOf = (test: Test): readonly string[] => [...freeIndices({ kind: 'bracket', test })];
