// The order in which equations can be computed: stages, recurrences with a direction, one inside another, and none at all.

import { describe, expect, it } from 'vitest';
import { addAffine, type Affine, index, integer, size, subtractAffine } from '../../src/algebra/affine.ts';
import { add, adjoint, bracket, type Expression, indexAtLeast, indexEqual, multiply, not, number, piecewise, ref, sum, tensor } from '../../src/algebra/expression.ts';
import { flatStages, type Schedulable, schedule, type Stage } from '../../src/spec/schedule.ts';
import type { Axis } from '../../src/spec/network.ts';

const axis = (name: string, hi: Affine = size('time'), lo = 1): Axis => ({ index: name, range: { lo: integer(lo), hi } });
const t = index('t');
const u = index('u');
const plus = (a: Affine, n: number): Affine => addAffine(a, integer(n));
const at = (name: string, ...indices: Affine[]): Expression => ref(tensor(name), indices);
const over = (name: string, value: Expression, ...axes: Axis[]): Schedulable => ({ tensor: tensor(name), axes, value });
const line = (name: string, value: Expression): Schedulable => over(name, value, axis('t'));

const show = (stage: Stage<Schedulable>): string => (stage.kind === 'equation' ? stage.equation.tensor.name
  : `${stage.direction}[${stage.members.map((m) => `${m.equation.tensor.name}/${String(m.axis)}`).join(' ')}](${stage.stages.map(show).join(' ')})`);
const order = (...equations: Schedulable[]): string => {
  const found = schedule(equations);
  return found.kind === 'stages' ? found.stages.map(show).join(' ') : `cycle of ${found.equations.map((e) => e.tensor.name).join(' ')}`;
};

describe('equations without a recurrence', () => {
  it('that nothing ties stay as they are given', () => {
    expect(order(line('c', number(1)), line('a', number(2)), line('b', at('x', t)))).toBe('c a b');
  });

  it('come after those that they read, wherever these stand', () => {
    expect(order(line('z', at('y', t)), line('a', number(1)), line('y', at('x', t)))).toBe('y z a');
  });

  it('are all in the flat list, once', () => {
    const equations = [line('h', multiply([bracket(indexAtLeast(plus(t, -2))), at('h', plus(t, -1)), at('a', t)])), line('a', number(1)), line('z', at('h', t))];
    const found = schedule(equations);
    expect(found.kind === 'stages' && flatStages(found.stages).map((e) => e.tensor.name)).toEqual(['a', 'h', 'z']);
  });

  it('read a tensor and its adjoint as two things', () => {
    expect(order({ ...line('h', at('h', t)), adjoint: true })).toBe('h');
    expect(order({ ...line('h', adjoint(tensor('h'), [t])), adjoint: true })).toBe('cycle of h');
  });
});

describe('one equation that reads itself', () => {
  it('earlier runs up, later runs down', () => {
    expect(order(line('h', at('h', plus(t, -1))))).toBe('up[h/0](h)');
    expect(order(line('h', at('h', plus(t, 2))))).toBe('down[h/0](h)');
  });

  it('along the axis that moves', () => {
    expect(order(over('h', at('h', u, plus(t, -1)), axis('u'), axis('t')))).toBe('up[h/1](h)');
    expect(order(over('h', at('h', plus(u, 1), index('r')), axis('u'), axis('t')))).toBe('down[h/0](h)');
  });

  it('at all earlier entries, by the range of a sum or by a condition', () => {
    const earlier = { lo: integer(1), hi: plus(t, -1) };
    const all = { lo: integer(1), hi: size('time') };
    expect(order(line('h', sum('s', earlier, at('h', index('s')))))).toBe('up[h/0](h)');
    expect(order(line('h', sum('s', all, multiply([bracket(indexAtLeast(plus(subtractAffine(t, index('s')), -1))), at('h', index('s'))]))))).toBe('up[h/0](h)');
    expect(order(line('h', sum('s', all, multiply([bracket(indexAtLeast(subtractAffine(t, index('s')))), at('h', index('s'))]))))).toBe('cycle of h');
  });

  it('in the branch in which the entry is earlier', () => {
    const later = (when: 'then' | 'otherwise'): Expression => {
      const read = at('h', addAffine(u, integer(0)));
      const test = indexAtLeast(plus(subtractAffine(t, u), -1)); // u < t
      return when === 'then' ? piecewise([{ when: test, then: read }], number(0)) : piecewise([{ when: not(test), then: number(0) }], read);
    };
    for (const place of ['then', 'otherwise'] as const) expect(order(line('h', sum('u', { lo: integer(1), hi: size('time') }, later(place))))).toBe('up[h/0](h)');
    const equal = sum('u', { lo: integer(1), hi: size('time') }, multiply([bracket(indexEqual(subtractAffine(t, u))), at('h', u)]));
    expect(order(line('h', equal))).toBe('cycle of h');
  });

  it('inside another recurrence, along two axes', () => {
    expect(order(over('h', add([at('h', plus(u, -1), t), at('h', u, plus(t, 1))]), axis('u'), axis('t')))).toBe('up[h/0](down[h/1](h))');
    expect(order(over('h', add([at('h', plus(u, -1), plus(t, 1)), at('h', u, plus(t, -1))]), axis('u'), axis('t')))).toBe('up[h/0](up[h/1](h))');
  });

  it('at the same entry, or both ways, has no order', () => {
    expect(order(line('h', at('h', t)))).toBe('cycle of h');
    expect(order(line('h', add([at('h', plus(t, 1)), at('h', plus(t, -1))])))).toBe('cycle of h');
    expect(order(line('h', at('h', integer(3))))).toBe('cycle of h');
    expect(order(over('h', at('h')))).toBe('cycle of h');
  });
});

describe('equations that need each other', () => {
  const h = line('h', multiply([at('c', t), at('x', t)]));
  const c = line('c', add([at('h', plus(t, -1)), at('a', t)]));
  const a = line('a', at('x', t));
  const z = line('z', at('h', t));

  it('make one group, in the order of one step, between what they read and what reads them', () => {
    expect(order(h, c, z, a)).toBe('a up[h/0 c/0](c h) z');
    expect(order(z, a, c, h)).toBe('a up[c/0 h/0](c h) z');
  });

  it('along axes that stand at different places', () => {
    expect(order(over('h', at('c', plus(t, -1), u), axis('u'), axis('t')), over('c', at('h', u, t), axis('t'), axis('u')))).toBe('up[h/1 c/0](h c)');
  });

  it('two groups that do not need each other are two', () => {
    const up = line('f', at('f', plus(t, -1)));
    const down = line('b', at('b', plus(t, 1)));
    expect(order(line('z', add([at('f', t), at('b', t)])), up, down)).toBe('up[f/0](f) down[b/0](b) z');
  });

  it('have no order where one looks ahead and the other back', () => {
    expect(order(line('a', at('b', plus(t, 1))), line('b', at('a', plus(t, -1))))).toBe('cycle of a b');
    expect(order(line('a', at('b', t)), line('b', at('a', t)), line('z', number(1)))).toBe('cycle of a b');
  });

  it('a cycle inside one step is none that an axis can open', () => {
    expect(order(line('a', add([at('b', t), at('a', plus(t, -1))])), line('b', at('a', t)))).toBe('cycle of a b');
  });
});
