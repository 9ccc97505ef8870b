// What happens to equations before loops are made: deltas inside branches, and axes cut where conditions change.

import { describe, expect, test } from 'vitest';
import { addAffine, integer, subtractAffine } from '../../src/algebra/affine.ts';
import { add, bracket, type Expression, indexAtLeast, indexEqual, multiply, number, piecewise, power, ref, sum, type Test, zero } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { contextOf, type Loop } from '../../src/kernel/prepare.ts';
import { splitAxes } from '../../src/kernel/split.ts';
import { contractSupports } from '../../src/kernel/support.ts';
import { entryKey, type Meaning, valueOf } from './interpreter.ts';
import { at, network, range, T } from './networks.ts';

const c = (name: string): Expression => ref(T('c'), [at(name)]);
const positive: Test = { kind: 'compare', relation: '>', left: c('i'), right: zero };
const delta = (by: number): Expression => bracket(indexEqual(addAffine(subtractAffine(at('i'), at('p')), integer(by))));
const p: Loop = { index: 'p', range: range(1, 3), descending: false };

const { system } = network({ declarations: [], equations: [], inputs: [], outputs: [], loss: T('L') });
const meaning: Meaning = {
  system, samples: 1, symbols: new Map(), values: new Map([1, 2, 3].map((i) => [entryKey({ tensor: T('c'), adjoint: false }, [i]), [0.5, -2, 3][i - 1] ?? 0])),
};
const values = (e: Expression): readonly number[] => [1, 2, 3].map((n) => valueOf(e, new Map([['p', n]]), meaning));
const over = (body: Expression): Expression => sum('i', range(1, 3), body);
const contracted = (e: Expression): Expression => contractSupports(e, contextOf([p]));

describe('a sum that is zero but for one term', () => {
  test('is that term, whatever branches it has', () => {
    const e = over(piecewise([{ when: positive, then: multiply([delta(0), c('i'), c('i')]) }], multiply([number(5), delta(0)])));
    expect(plain(contracted(e))).toBe('(c[p] > 0 ? c[p]·c[p] : 5)');
    expect(values(contracted(e))).toEqual(values(e));
  });

  test('is guarded where the term may not exist', () => {
    const e = over(piecewise([{ when: positive, then: multiply([delta(-1), c('i')]) }], multiply([delta(-1), power(c('i'), -1)])));
    expect(plain(contracted(e))).toBe('[2 ≥ p]·(c[p + 1] > 0 ? c[p + 1] : 1 / c[p + 1])');
    expect(values(contracted(e))).toEqual(values(e));
  });

  test('stays a sum where one branch, or one addend of a branch, has other terms', () => {
    const branch = over(piecewise([{ when: positive, then: delta(0) }], c('i')));
    const addend = over(piecewise([{ when: positive, then: add([delta(0), c('i')]) }], delta(0)));
    for (const e of [branch, addend]) {
      expect(contracted(e)).toEqual(e);
      expect(values(e)).not.toEqual([0, 0, 0]);
    }
  });

  test('is taken out of a product of which only some addends have the delta', () => {
    const e = over(multiply([c('i'), add([piecewise([{ when: positive, then: delta(0) }], zero), number(2)])]));
    expect(plain(contracted(e))).toBe('c[p]·(c[p] > 0 ? 1 : 0) + Σ_{i=1..3} 2·c[i]');
    expect(values(contracted(e))).toEqual(values(e));
  });
});

describe('an axis is cut where conditions on it change', () => {
  const pieces = (value: Expression, keep: readonly string[] = []): readonly string[] =>
    splitAxes({ target: ref(T('y'), [at('q')]), loops: [{ index: 'q', range: range(0, 5), descending: false }], value, place: null }, new Set(keep))
      .map((piece) => `${plain(piece.target)}${piece.loops.map((l) => ` q < ${String(l.range.hi.constant + 1)}`).join('')}: ${plain(piece.value)}`);
  const from = (n: number): Expression => bracket(indexAtLeast({ ...at('q'), constant: -n }));
  const until = (n: number): Expression => bracket(indexAtLeast(subtractAffine(integer(n), at('q'))));

  test('so that no condition is left', () => {
    expect(pieces(add([bracket(indexEqual(at('q'))), multiply([from(1), c('q')])]))).toEqual(['y[0]: 1', 'y[q + 1] q < 5: c[q + 1]']);
    expect(pieces(multiply([until(2), c('q')]))).toEqual(['y[q] q < 3: c[q]', 'y[q + 3] q < 3: 0']);
    expect(pieces(multiply([bracket(indexAtLeast({ terms: [{ symbol: { kind: 'index', name: 'q' }, coefficient: 2 }], constant: -3 })), c('q')])))
      .toEqual(['y[q] q < 2: 0', 'y[q + 2] q < 4: c[q + 2]']);
  });

  test('unless it is that of a recurrence', () => {
    expect(pieces(multiply([from(1), c('q')]), ['q'])).toEqual(['y[q] q < 6: [q ≥ 1]·c[q]']);
  });
});
