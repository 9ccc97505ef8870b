import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Affine, addAffine, index, integer, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, adjoint, argmax, bind, bracket, call, elementary, type Expression, indexAtLeast, indexEqual, multiply, negate, number, piecewise, power, ref, sum, symbol,
  type Tensor, tensor, tensorKey, type Test, zero,
} from '../../src/algebra/expression.ts';
import { layerK } from '../../src/algebra/layer.ts';
import { rational } from '../../src/algebra/rational.ts';
import type { Declaration } from '../../src/spec/network.ts';
import { unicode } from '../../src/notation/unicode.ts';
import { read } from './reader.ts';
import { evaluate, UndefinedError } from './values.ts';

const z = tensor('z', layerK(-1));
const W = tensor('W', layerK());
const indices = ['i', 'j', 'i#2', 'j#3'] as const;
const twoOrThree = { lo: integer(1), hi: integer(3) };

const [tok, best] = [tensor('tok'), tensor('best')];
const chosen = (by: Tensor, at: readonly Affine[], v: string): Test =>
  ({ kind: 'compare', relation: '=', left: ref(by, at), right: { kind: 'affine', value: index(v) } });
const place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const integers = (of: Tensor, ...axes: string[]): [string, Declaration] => [tensorKey(of), {
  tensor: of, axes: axes.map((name) => ({ index: name, range: twoOrThree })), role: 'input', perSample: true, integer: twoOrThree, place,
}];
const system = {
  declarations: new Map([integers(tok, 'i'), integers(best, 'i')]),
  equations: [{
    tensor: best, axes: [{ index: 'i', range: twoOrThree }], value: argmax('s', twoOrThree, ref(W, [index('i'), index('s')])), place, text: '',
  }],
};

const leaf = fc.oneof(
  fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 1, max: 7 })).map(([n, d]) => number(rational(n, d))),
  fc.constantFrom('u', 'v', 'alpha').map((name) => symbol(name)),
  fc.constantFrom(...indices).map((i) => ref(z, [index(i)])),
  fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices)).map(([i, j]) => ref(W, [index(i), index(j)])),
  fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices)).map(([i, j]) => ref(z, [subtractAffine(addAffine(index(i), index(j)), integer(1))])),
  fc.constantFrom(...indices).map((i) => adjoint(z, [index(i)])),
  fc.constantFrom(...indices).map((i): Expression => ({ kind: 'affine', value: addAffine(index(i), integer(-2)) })),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof({ maxDepth: 4, depthIdentifier: 'expression' },
    leaf,
    fc.array(tie('expression'), { minLength: 2, maxLength: 3, depthIdentifier: 'expression' }).map(add),
    fc.array(tie('expression'), { minLength: 2, maxLength: 4, depthIdentifier: 'expression' }).map(multiply),
    fc.tuple(tie('expression'), fc.constantFrom(-2, -1, 2, 3)).map(([e, n]) => (e.kind === 'number' && e.value.n === 0n ? e : power(e, n))),
    fc.tuple(tie('expression'), fc.constantFrom(rational(1, 2), rational(-1, 2), rational(2, 3))).map(([e, q]) => (e.kind === 'number' && e.value.n === 0n ? e : power(e, q))),
    fc.tuple(fc.constantFrom('exp', 'tanh', 'log1p', 'expm1', 'sin'), tie('expression')).map(([name, e]) => elementary(name, e)),
    fc.tuple(fc.constantFrom(0, 1, 2), tie('expression')).map(([order, e]) => call({ kind: 'slot', name: 'h', layer: layerK(-1), order }, e)),
    fc.tuple(fc.constantFrom('sum', 'product', 'argmax'), fc.constantFrom(...indices), tie('expression')).map(([kind, i, e]) => bind(kind, i, twoOrThree, e)),
    // A gather, and a maximum, as the reader of specs writes them.
    fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices), tie('expression'), fc.boolean()).map(([v, i, e, negative]) =>
      sum(v, twoOrThree, multiply([bracket(chosen(tok, i === v ? [] : [index(i)], v)), negative ? negate(e) : e]))),
    fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices), fc.boolean()).map(([v, i, greatest]) =>
      sum(v, twoOrThree, multiply([bracket(chosen(best, [i === v ? integer(2) : index(i)], v)), ref(W, [i === v ? integer(2) : index(i), greatest ? index(v) : index(i)])]))),
    fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices), fc.integer({ min: -1, max: 2 })).map(([i, j, low]) => multiply([
      bracket(indexAtLeast(addAffine(subtractAffine(index(i), index(j)), integer(low)))),
      ref(z, [index(j)]), bracket(indexAtLeast(addAffine(subtractAffine(index(j), index(i)), integer(1)))),
    ])),
    fc.tuple(fc.constantFrom(...indices), fc.constantFrom(...indices), fc.boolean()).map(([i, j, equal]) =>
      bracket(equal ? indexEqual(subtractAffine(index(i), index(j))) : indexAtLeast(subtractAffine(index(i), addAffine(index(j), integer(1)))))),
    fc.tuple(tie('expression'), tie('expression'), fc.boolean()).map(([x, c, absolute]) => {
      const factor = absolute ? multiply([c, x]) : c;
      return piecewise([
        { when: { kind: 'compare', relation: '>', left: x, right: zero }, then: factor },
        { when: { kind: 'compare', relation: '>', left: zero, right: x }, then: negate(factor) },
      ], zero);
    }),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) =>
      piecewise([{ when: { kind: 'compare', relation: '>', left: a, right: b }, then: c }], a)),
  ),
}));

describe('what is written reads back as the same value', () => {
  test('for any nesting of sums, products, maxima, gathers, powers, fractions, calls, brackets and cases', () => {
    const scope = new Map([['i', 1], ['j', 2], ['i#2', 3], ['j#3', 1]]);
    // The letters that the writer gives to the four when all of them are free.
    const shown = new Map([['i', 1], ['j', 2], ['p', 3], ['l', 1]]);
    const free = multiply(indices.map((i) => ref(tensor('q'), [index(i)])));
    let finite = 0;
    fc.assert(fc.property(expression, (e) => {
      const whole = add([free, e]);
      const wanted = orUndefined(() => evaluate(whole, scope));
      const line = unicode(whole, { ranges: true, system });
      const got = orUndefined(() => read(line, shown));
      // Where a branch that is not taken has no value, a product with its 0 has none, either.
      if (!Number.isFinite(wanted) || Number.isNaN(got) || Math.abs(wanted) > 1e12) return;
      finite += 1;
      if (Math.abs(got - wanted) > 1e-9 * (1 + Math.abs(wanted)) * conditioning(e)) {
        throw new Error(`${line}\nreads as ${got}, but means ${wanted}`);
      }
    }), { numRuns: 3000 });
    expect(finite).toBeGreaterThan(1500);
  });
});

/** NaN where something is compared that has no value, or divided by zero. */
function orUndefined(value: () => number): number {
  try {
    return value();
  } catch (error) {
    if (error instanceof UndefinedError) return NaN;
    throw error;
  }
}

/** Differently ordered sums of floating-point numbers differ: more so behind powers. */
const conditioning = (e: Expression): number => {
  switch (e.kind) {
    case 'add': return 10 * e.terms.reduce((n, t) => Math.max(n, conditioning(t)), 1);
    case 'power': return 10 * conditioning(e.base);
    case 'number': case 'constant': case 'symbol': case 'affine': case 'ref': case 'bracket': case 'sum': case 'product': case 'argmax': case 'multiply':
    case 'call': case 'piecewise': return 1;
  }
};
