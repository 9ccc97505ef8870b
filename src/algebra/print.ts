// Expressions as one line of plain Unicode text, exact and uniform: for comments in kernels, messages and debugging.

import type { Affine, AffineSymbol, Range } from './affine.ts';
import { type Branch, type Expression, type ExpressionOf, type FunctionName, isNumber, negate, number, type Reference, type Test } from './expression.ts';
import { type Layer, showLayer } from './layer.ts';
import * as Q from './rational.ts';

export interface PlainOptions {
  /** How a tensor is written, its adjoint included: by default `W_1`, `∂E/∂W_1`. */
  readonly tensor?: (reference: Reference) => string;
}

/** `W`, `W_1`, `W_(k-1)`. */
export function plainName(name: string, layer: Layer | null): string {
  const shown = showLayer(layer);
  return shown === '' ? name : /^[\w]+$/.test(shown) ? `${name}_${shown}` : `${name}_(${shown})`;
}

export const plainSymbol = (s: AffineSymbol): string => (s.kind === 'index' ? s.name : plainName(s.name, s.layer));

/** `2t + s - 1`. */
export function plainAffine(a: Affine): string {
  const terms = a.terms.map((t): [number, string] => [t.coefficient, plainSymbol(t.symbol)]);
  const all: [number, string][] = a.constant === 0 && terms.length > 0 ? terms : [...terms, [a.constant, '']];
  return all.map(([coefficient, name], at) => {
    const size = Math.abs(coefficient);
    const shown = name === '' ? String(size) : size === 1 ? name : `${String(size)}${name}`;
    return at === 0 ? (coefficient < 0 ? `-${shown}` : shown) : ` ${coefficient < 0 ? '-' : '+'} ${shown}`;
  }).join('');
}

export const plainRange = (range: Range): string => `${plainAffine(range.lo)}..${plainAffine(range.hi)}`;

/** How tightly what was written last binds: an operand in a tighter place gets parentheses. */
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const ATOM = 4;

interface Written {
  readonly text: string;
  readonly level: number;
}

export const plain = (e: Expression, options: PlainOptions = {}): string => write(e, options).text;

const inside = (e: Expression, level: number, options: PlainOptions): string => {
  const written = write(e, options);
  return written.level < level ? `(${written.text})` : written.text;
};

function write(e: Expression, options: PlainOptions): Written {
  switch (e.kind) {
    case 'number': return { text: Q.show(e.value), level: e.value.n < 0n ? SUM : e.value.d === 1n ? ATOM : PRODUCT };
    case 'constant': return { text: 'π', level: ATOM };
    case 'symbol': return { text: plainName(e.name, e.layer), level: ATOM };
    case 'affine': {
      const single = e.value.terms.length === 1 && e.value.constant === 0 && e.value.terms[0]?.coefficient === 1;
      return { text: plainAffine(e.value), level: single ? ATOM : SUM };
    }
    case 'ref': return { text: entry(e, options), level: ATOM };
    case 'bracket': return { text: `[${plainTest(e.test, options)}]`, level: ATOM };
    case 'sum': return {
      text: `Σ_{${e.index}=${plainRange(e.range)}} ${inside(e.body, PRODUCT, options)}`, level: SUM,
    };
    case 'product': return { text: `Π_{${e.index}=${plainRange(e.range)}} ${inside(e.body, POWER, options)}`, level: PRODUCT };
    case 'argmax': return { text: `argmax_{${e.index}=${plainRange(e.range)}} ${inside(e.body, POWER, options)}`, level: PRODUCT };
    case 'add': return { text: e.terms.map((t, at) => addend(t, at === 0, options)).join(''), level: SUM };
    case 'multiply': return { text: product(e.factors, options), level: PRODUCT };
    case 'power': return e.exponent.n < 0n ? { text: product([e], options), level: PRODUCT } : power(e.base, e.exponent, options);
    case 'call': return { text: `${functionText(e.fn)}(${plain(e.argument, options)})`, level: ATOM };
    case 'piecewise': {
      const inner = magnitudeOf(e);
      if (inner !== null) return { text: magnitude(plain(inner, options)), level: ATOM };
      const signed = signOf(e);
      if (signed !== null) return { text: `sgn(${plain(signed, options)})`, level: ATOM };
      return { text: branches(e.branches, e.otherwise, options), level: ATOM };
    }
  }
}

export const plainReference = (e: Reference): string =>
  `${e.adjoint ? '∂E/∂' : ''}${plainName(e.tensor.name, e.tensor.layer)}`;

function entry(e: Reference, options: PlainOptions): string {
  const name = (options.tensor ?? plainReference)(e);
  return e.indices.length === 0 ? name : `${name}[${e.indices.map(plainAffine).join(', ')}]`;
}

function functionText(fn: FunctionName): string {
  return fn.kind === 'elementary' ? fn.name : `${plainName(fn.name, fn.layer)}${'′'.repeat(fn.order)}`;
}

/** A term of a sum, with the sign that joins it to the one before. */
function addend(e: Expression, first: boolean, options: PlainOptions): string {
  const opposite = withoutSign(e);
  const text = inside(opposite ?? e, e.kind === 'sum' ? SUM : PRODUCT, options);
  if (first) return opposite === null ? text : `-${text}`;
  return opposite === null ? ` + ${text}` : ` - ${text}`;
}

/** -e for an e that begins with a negative number, else null. */
function withoutSign(e: Expression): Expression | null {
  if (e.kind === 'number') return e.value.n < 0n ? { kind: 'number', value: Q.negate(e.value) } : null;
  if (e.kind !== 'multiply') return null;
  const [head, ...rest] = e.factors;
  if (head?.kind !== 'number' || head.value.n >= 0n) return null;
  const value = Q.negate(head.value);
  if (!Q.isOne(value)) return { kind: 'multiply', factors: [{ kind: 'number', value }, ...rest] };
  const [only] = rest;
  return only !== undefined && rest.length === 1 ? only : { kind: 'multiply', factors: rest };
}

function product(factors: readonly Expression[], options: PlainOptions): string {
  const above = factors.filter((f) => !(f.kind === 'power' && f.exponent.n < 0n));
  const below = factors.flatMap((f) => (f.kind === 'power' && f.exponent.n < 0n ? [f] : []));
  const [head] = above;
  const negative = head?.kind === 'number' && head.value.n < 0n && factors.length > 1;
  const magnitude = negative ? Q.negate(head.value) : Q.ONE;
  const unsigned = negative ? [...(Q.isOne(magnitude) ? [] : [number(magnitude)]), ...above.slice(1)] : above;
  const shown = unsigned.map((f, at, all) =>
    inside(f, f.kind === 'sum' && at === all.length - 1 && below.length === 0 ? SUM : f.kind === 'number' ? PRODUCT : POWER, options));
  const numerator = `${negative ? '-' : ''}${shown.length === 0 ? '1' : shown.join('·')}`;
  return numerator + below.map((f) => ` / ${power(f.base, Q.negate(f.exponent), options, POWER).text}`).join('');
}

function power(base: Expression, exponent: Q.Rational, options: PlainOptions, least = ATOM): Written {
  if (Q.isOne(exponent)) return { text: inside(base, least, options), level: PRODUCT };
  if (Q.equals(exponent, Q.HALF)) return { text: `√(${plain(base, options)})`, level: ATOM };
  const raised = exponent.d === 1n && exponent.n >= 0n ? Q.show(exponent) : `(${Q.show(exponent)})`;
  return { text: `${inside(base, ATOM, options)}^${raised}`, level: POWER };
}

/** |x|; abs(|x| - 1), where bars inside bars would be misread. */
const magnitude = (inner: string): string => (inner.includes('|') ? `abs(${inner})` : `|${inner}|`);

function branches(all: readonly Branch[], otherwise: Expression, options: PlainOptions): string {
  const shown = all.map((b) => `${plainTest(b.when, options)} ? ${plain(b.then, options)} : `);
  return `(${shown.join('')}${plain(otherwise, options)})`;
}

/** `i = j`, `t ≥ 1`, `a > 0 and …`. */
export function plainTest(test: Test, options: PlainOptions = {}): string {
  switch (test.kind) {
    case 'index': {
      const [left, right] = sides(test.value);
      return `${plainAffine(left)} ${test.relation === '=' ? '=' : '≥'} ${plainAffine(right)}`;
    }
    case 'compare': {
      const relation = test.relation === '>=' ? '≥' : test.relation;
      return `${plain(test.left, options)} ${relation} ${plain(test.right, options)}`;
    }
    case 'and': case 'or': return test.tests.map((t) => (t.kind === 'and' || t.kind === 'or'
      ? `(${plainTest(t, options)})` : plainTest(t, options))).join(` ${test.kind} `);
    case 'not': return `not (${plainTest(test.test, options)})`;
  }
}

/** value = left - right with positive terms on each side. */
function sides(value: Affine): [Affine, Affine] {
  const left = value.terms.filter((t) => t.coefficient > 0);
  const right = value.terms.filter((t) => t.coefficient < 0).map((t) => ({ ...t, coefficient: -t.coefficient }));
  return [
    { terms: left, constant: Math.max(value.constant, 0) },
    { terms: right, constant: Math.max(-value.constant, 0) },
  ];
}

/** x where the cases are x > 0 ? x : 0 > x ? -x : 0, which is |x|; else null. */
export function magnitudeOf(e: ExpressionOf<'piecewise'>): Expression | null {
  const parted = aboveAndBelow(e);
  return parted !== null && same(parted.above, parted.x) && same(parted.below, negate(parted.x)) ? parted.x : null;
}

/** x where the cases are x > 0 ? 1 : 0 > x ? -1 : 0, which is the sign of x; else null. */
export function signOf(e: ExpressionOf<'piecewise'>): Expression | null {
  const parted = aboveAndBelow(e);
  return parted !== null && isNumber(parted.above, 1) && isNumber(parted.below, -1) ? parted.x : null;
}

/** x, above and below where the cases are x > 0 ? above : 0 > x ? below : 0, else null. */
function aboveAndBelow(
  { branches: [first, second, ...others], otherwise }: ExpressionOf<'piecewise'>,
): { readonly x: Expression; readonly above: Expression; readonly below: Expression } | null {
  if (first?.when.kind !== 'compare' || second?.when.kind !== 'compare' || others.length > 0 || !isNumber(otherwise, 0)) return null;
  const [positive, negative] = [first.when, second.when];
  const ordered = positive.relation === '>' && negative.relation === '>' && isNumber(positive.right, 0) && isNumber(negative.left, 0);
  return ordered && same(positive.left, negative.right) ? { x: positive.left, above: first.then, below: second.then } : null;
}

const same = (a: Expression, b: Expression): boolean => writing(a) === writing(b);

/** The structure of an expression as one string: equal strings, equal expressions. For comparing, not for reading. */
export const writing = (e: Expression): string =>
  JSON.stringify(e, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
