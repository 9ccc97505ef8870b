// Definitions read backwards, and the normal form read back: no value changes, in exact numbers that share nothing with it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAffine, type Affine, index, integer, subtractAffine } from '../../src/algebra/affine.ts';
import { withRange } from '../../src/algebra/bounds.ts';
import { compactForm, type Page } from '../../src/algebra/compact.ts';
import { differentiate } from '../../src/algebra/differentiate.ts';
import {
  add, affineValue, argmax, bracket, divide, elementary, type Expression, indexAtLeast, indexEqual, multiply, number, power, product, ref, sum, tensor,
} from '../../src/algebra/expression.ts';
import { provablyEqual } from '../../src/algebra/normal/equal.ts';
import type { Definition } from '../../src/algebra/normal/fold.ts';
import { DEFAULT_STEPS, normalize } from '../../src/algebra/normal/normalize.ts';
import { StepLimitError } from '../../src/algebra/normal/polynomial.ts';
import { Unwritable, write } from '../../src/algebra/normal/write.ts';
import { plain } from '../../src/algebra/print.ts';
import * as Q from '../../src/algebra/rational.ts';
import { references, substituteIndices } from '../../src/algebra/traverse.ts';
import { evaluate, randomWorld, type World } from './exact.ts';
import { context, expressions, n, upTo } from './random.ts';

const at = (name: string, ...indices: Affine[]): Expression => ref(tensor(name), indices);
const [i, j, p, q] = [index('i'), index('j'), index('p'), index('q')];
const atLeast = (a: Affine, b: Affine): Expression => bracket(indexAtLeast(subtractAffine(a, b)));
const axis = (name: string): Definition['axes'][number] => ({ index: name, range: upTo(n) });
const define = (left: Expression, axes: readonly string[], value: Expression): Definition => ({ left, axes: axes.map(axis), value });
const back = addAffine(i, integer(-1));

const definitions: readonly Definition[] = [
  define(at('scaled', i), ['i'], multiply([at('x', i), at('r')])),
  define(at('mean'), [], divide(sum('j', upTo(n), at('x', j)), affineValue(n))),
  define(at('row', i), ['i'], sum('j', upTo(n), multiply([at('W', i, j), at('x', j)]))),
  define(at('lower', i, j), ['i', 'j'], multiply([atLeast(i, j), at('x', i), at('y', j)])),
  define(at('share', i), ['i'], multiply([number(3), at('y', i), power(at('r'), -2)])),
  define(at('step', i), ['i'], multiply([atLeast(i, integer(2)), at('y', i), at('x', back)])),
  define(at('centred', i), ['i'], add([multiply([at('x', i), at('s')]), multiply([number(-2), at('y', i)])])),
];
const byName = new Map(definitions.flatMap((d) => references(d.left).map((r): [string, Definition] => [r.tensor.name, d])));
const ranks: Readonly<Record<string, number>> = { x: 1, y: 1, W: 2, r: 0, s: 0, scaled: 1, mean: 0, row: 1, lower: 2, share: 1, step: 1, centred: 1 };
const page: Page = {
  letters: () => 'j', taken: new Set(['p', 'q']),
  extents: ({ name }) => Array.from({ length: ranks[name] ?? 0 }, () => upTo(n)),
};
const both = withRange(withRange(context, 'p', upTo(n)), 'q', upTo(n));

/** Tensors with definitions have the values of these, at entries outside their axes as well: conditions may stand behind. */
function defined(seed: number, size: number): World {
  const free = randomWorld(seed, { n: size });
  const world: World = {
    sizes: { n: size },
    entry: (name, indices) => {
      const d = byName.get(name);
      return d === undefined ? free.entry(name, indices) : evaluate(d.value, world, Object.fromEntries(d.axes.map((a, k) => [a.index, indices[k]!])));
    },
  };
  return world;
}

const valuesOf = (e: Expression): string[] => [1, 2, 3].flatMap((size) => {
  const world = defined(size, size);
  const range = Array.from({ length: size }, (_, k) => k + 1);
  return range.flatMap((a) => range.map((b) => Q.show(evaluate(e, world, { p: a, q: b }).value)));
});

/** The definition's right side, or its left, at some indices. */
const instance = (d: Definition, indices: readonly Affine[], side: 'left' | 'value'): Expression =>
  substituteIndices(d[side], new Map(d.axes.map((a, k) => [a.index, indices[k % indices.length]!])));

const polynomials = (names: readonly string[], depth: number): fc.Arbitrary<Expression> => {
  const letter = fc.constantFrom(...names).map((name) => index(name));
  const pair = fc.tuple(letter, letter);
  const bracketEqual = fc.constantFrom(bracket(indexEqual(subtractAffine(p, q))), bracket(indexEqual(subtractAffine(p, integer(1)))));
  const factor: fc.Arbitrary<Expression> = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...definitions), pair, fc.constantFrom<'left' | 'value'>('left', 'value', 'value', 'value')).map(([d, indices, side]) => instance(d, indices, side)) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('x', 'y'), letter).map(([name, a]) => at(name, a)) },
    fc.constantFrom(...names.slice(1)).map((name) => at('W', index(names[0] ?? name), index(name))),
    letter.map((a) => multiply([atLeast(a, integer(2)), at('x', addAffine(a, integer(-1)))])),
    fc.constantFrom(at('r'), at('s'), power(at('r'), -1), affineValue(n), power(affineValue(n), -1)),
    pair.map(([a, b]) => atLeast(a, b)), bracketEqual,
  );
  const monomial = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.array(factor, { minLength: 1, maxLength: 3 })).map(([c, fs]) => multiply([number(c), ...fs]));
  if (depth === 0) return monomial;
  const name = `b${String(depth)}`;
  return fc.oneof(
    monomial,
    fc.array(polynomials(names, depth - 1), { minLength: 2, maxLength: 3 }).map(add),
    polynomials([...names, name], depth - 1).map((body) => sum(name, upTo(n), body)),
    fc.tuple(factor, polynomials([...names, name], depth - 1)).map(([f, body]) => multiply([f, sum(name, upTo(n), body)])),
  );
};

describe('definitions read backwards', () => {
  it('keep every value of random polynomials', () => {
    let folded = 0;
    const used = new Set<string>();
    fc.assert(fc.property(polynomials(['p', 'q'], 2), (e) => {
      const compact = compactForm(e, both, definitions, page);
      if (compact === null) return;
      const names = (x: Expression): ReadonlySet<string> => new Set(references(x).map((r) => r.tensor.name));
      const brought = [...names(compact)].filter((name) => byName.has(name) && !names(e).has(name));
      folded += Number(brought.length > 0);
      for (const name of brought) used.add(name);
      expect(valuesOf(compact), `${plain(e)} → ${plain(compact)}`).toEqual(valuesOf(e));
    }), { numRuns: 1200 });
    expect(folded).toBeGreaterThan(200);
    expect([...used]).toEqual(expect.arrayContaining([...byName.keys()].filter((name) => name !== 'centred')));
  });

  const read = (e: Expression): string => plain(compactForm(e, both, definitions, page) ?? number(0));

  it.each<[string, Expression, string]>([
    ['a product', multiply([at('x', p), at('r'), at('y', q)]), 'y[q]·scaled[p]'],
    ['its square, with what is left over', multiply([power(at('x', p), 2), power(at('r'), 3)]), 'r·scaled[p]^2'],
    ['a mean over an axis', divide(multiply([number(5), sum('j', upTo(n), at('x', j))]), affineValue(n)), '5·mean'],
    ['a sum beside another one', multiply([sum('j', upTo(n), multiply([at('W', p, j), at('x', j)])), sum('j', upTo(n), at('y', j))]), 'row[p]·Σ_{j=1..n} y[j]'],
    ['several terms at once', add([multiply([at('x', p), at('s')]), multiply([number(-2), at('y', p)])]), 'centred[p]'],
    ['a negative power', divide(at('y', p), power(at('r'), 2)), '1/3·share[p]'],
    ['a condition that the tensor brings itself', multiply([atLeast(p, q), at('x', p), at('y', q)]), 'lower[p, q]'],
  ])('%s', (_, e, expected) => expect(read(e)).toBe(expected));

  it.each<[string, Expression]>([
    ['a product without the condition that the definition has', multiply([at('x', p), at('y', q)])],
    ['the other way round', multiply([atLeast(q, p), at('x', p), at('y', q)])],
    ['too low a power', divide(at('y', p), at('r'))],
    ['a power of the other sign', multiply([at('y', p), power(at('r'), 2)])],
    ['a sum over less', sum('j', { lo: integer(2), hi: n }, at('x', j))],
    ['a sum whose variable stands elsewhere, too', sum('j', upTo(n), multiply([at('W', p, j), at('x', j), at('W', q, j)]))],
  ])('not: %s', (_, e) => {
    const compact = compactForm(e, both, definitions, page);
    expect(references(compact ?? e).filter((r) => byName.has(r.tensor.name)).map((r) => plain(r))).toEqual([]);
  });

  it('only where the entry is inside its tensor', () => {
    // u runs to n + 1: x[u]·r is scaled[u] for a tensor x that is longer, but scaled ends at n.
    const longer = withRange(both, 'u', { lo: integer(1), hi: addAffine(n, integer(1)) });
    const e = multiply([at('x', index('u')), at('r')]);
    expect(plain(compactForm(e, longer, definitions, page)!)).not.toContain('scaled');
    const guarded = multiply([atLeast(n, index('u')), e]);
    expect(plain(compactForm(guarded, longer, definitions, page)!)).toBe('[n ≥ u]·scaled[u]');
  });

  it('keeps a condition without which another entry is outside of its tensor', () => {
    const e = multiply([atLeast(p, integer(2)), at('y', p), at('x', addAffine(p, integer(-1)))]);
    expect(read(e)).toBe('step[p]');
    expect(read(multiply([e, at('s'), at('W', addAffine(p, integer(-1)), q)]))).toBe('[p ≥ 2]·s·W[p - 1, q]·step[p]');
  });
});

/** Random expressions with products, greatest entries and gathers around and beside each other. */
const everything: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true }, expressions(1),
    fc.tuple(tie('e'), fc.constantFrom(1, 2)).map(([e, lo]) => product('l', { lo: integer(lo), hi: n }, substituteIndices(e, new Map([['p', index('l')]])))),
    tie('e').map((e) => argmax('l', upTo(n), substituteIndices(e, new Map([['p', index('l')]])))),
    tie('e').map((e) => sum('v', upTo(n), multiply([
      bracket({ kind: 'compare', relation: '=', left: at('token', q), right: affineValue(index('v')) }), substituteIndices(e, new Map([['p', index('v')]]))]))),
    tie('e').map((e) => multiply([atLeast(p, q), e])),
    fc.tuple(tie('e'), tie('e')).map(add),
    fc.tuple(tie('e'), tie('e')).map(multiply),
  ),
})).e;

/** All values, or with `by` all derivatives, at a few sizes. */
const anywhere = (e: Expression, by: string | null = null): string[] => [{ n: 1, m: 2 }, { n: 3, m: 2 }].flatMap((sizes, seed) => {
  const random = randomWorld(seed + 5, sizes, by);
  const world: World = { sizes, entry: (name, indices) => (name === 'token' ? { value: Q.rational(1 + ((indices[0] ?? 0) * 2 % sizes.n)), slope: Q.ZERO } : random.entry(name, indices)) };
  return [1, 2].flatMap((b) => Array.from({ length: sizes.n }, (_, k) => {
    const { value, slope } = evaluate(e, world, { p: k + 1, q: b });
    return Q.show(by === null ? value : slope);
  }));
});

describe('the normal form', () => {
  it('read back has the same values', () => {
    let compared = 0;
    fc.assert(fc.property(everything, (e) => {
      let written: Expression;
      try {
        written = write(normalize(e, context, DEFAULT_STEPS), () => null, new Set(['p', 'q']), () => false);
      } catch (error) {
        if (error instanceof Unwritable || error instanceof StepLimitError) return;
        throw error;
      }
      compared += Number(references(written).length > 0);
      expect(anywhere(written), `${plain(e)} → ${plain(written)}`).toEqual(anywhere(e));
    }), { numRuns: 1000 });
    expect(compared).toBeGreaterThan(400);
  });

  it('is that of the same expression read back', () => {
    const e = product('l', upTo(n), add([at('x', index('l')), multiply([at('y', p), argmax('k', upTo(n), at('W', index('k'), index('l')))])]));
    const written = write(normalize(e, context, DEFAULT_STEPS), () => null, new Set(['p', 'q']), () => false);
    expect(provablyEqual(e, written, context)).toBe('equal');
    expect(anywhere(written)).toEqual(anywhere(e));
  });
});

describe('the derivative of products over an index', () => {
  it('agrees with exact dual numbers, a factor 0 or not', () => {
    fc.assert(fc.property(everything, fc.constantFrom('x', 'y'), (e, name) => {
      const derivative = differentiate(e, ref(tensor(name), [integer(1)]));
      expect(anywhere(derivative), plain(e)).toEqual(anywhere(e, `${name}[1]`));
    }), { numRuns: 500 });
    const vanishing = product('l', upTo(n), add([at('x', index('l')), multiply([number(-1), at('x', integer(1))])]));
    expect(anywhere(differentiate(vanishing, ref(tensor('x'), [integer(2)])))).toEqual(anywhere(vanishing, 'x[2]'));
  });

  it('leaves each factor out once', () => {
    expect(plain(differentiate(product('l', upTo(n), at('x', index('l'))), ref(tensor('x'), [p])))).toContain('Π');
    const pair = product('l', upTo(integer(2)), at('x', index('l')));
    expect(anywhere(differentiate(pair, ref(tensor('x'), [integer(1)])))).toEqual(anywhere(at('x', integer(2))));
  });
});

describe('conditions inside functions', () => {
  const started = atLeast(p, integer(2));
  const exp = (e: Expression): Expression => elementary('exp', e);
  const u = at('x', addAffine(p, integer(-1)));
  const proved = (a: Expression, b: Expression): string => provablyEqual(a, b, context);

  it('hold where the same condition stands outside', () => {
    expect(proved(multiply([started, exp(multiply([started, u]))]), multiply([started, exp(u)]))).toBe('equal');
    expect(proved(multiply([started, power(add([number(1), multiply([started, power(u, 2)])]), -1)]), multiply([started, power(add([number(1), power(u, 2)]), -1)]))).toBe('equal');
    expect(proved(multiply([atLeast(p, integer(3)), exp(exp(multiply([started, u])))]), multiply([atLeast(p, integer(3)), exp(exp(u))]))).toBe('equal');
  });

  it('hold inside a sum, where they come with several terms', () => {
    const late = atLeast(j, integer(2));
    const over = (e: Expression): Expression => sum('j', upTo(n), e);
    const inside = exp(multiply([late, at('y', j)]));
    const spread = over(multiply([inside, add([multiply([late, at('x', j)]), late])]));
    expect(proved(spread, over(multiply([late, exp(at('y', j)), add([at('x', j), number(1)])])))).toBe('equal');
    expect(proved(spread, over(multiply([exp(at('y', j)), add([at('x', j), number(1)])])))).toBe('different');
  });

  it('and not where a weaker one does, or another', () => {
    expect(proved(multiply([started, exp(multiply([atLeast(p, integer(3)), u]))]), multiply([started, exp(u)]))).toBe('different');
    expect(proved(multiply([atLeast(q, integer(2)), exp(multiply([started, u]))]), multiply([atLeast(q, integer(2)), exp(u)]))).toBe('different');
    expect(proved(exp(multiply([started, u])), exp(u))).toBe('different');
  });

  it('are settled case by case where they stand alone', () => {
    const first = bracket(indexAtLeast(subtractAffine(integer(1), p))); // [p ≤ 1]
    expect(proved(exp(multiply([started, u])), add([multiply([started, exp(u)]), first]))).toBe('equal');
    expect(proved(exp(multiply([started, u])), multiply([started, exp(u)]))).toBe('different');
    const same = bracket(indexEqual(subtractAffine(p, integer(2))));
    expect(proved(exp(multiply([same, at('y', q)])), add([number(2), multiply([same, add([exp(at('y', q)), number(-1)])])]))).toBe('different');
  });
});
