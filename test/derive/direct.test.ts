// The second road to every adjoint sees a wrong formula.

import { describe, expect, it } from 'vitest';
import { type Affine, index, integer, scaleAffine, size, subtractAffine } from '../../src/algebra/affine.ts';
import { bracket, type Expression, indexAtLeast, multiply, number, ref, subtract, sum, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { mapChildren } from '../../src/algebra/traverse.ts';
import { agreement, agreesWithDirect, indexEquations } from '../../src/derive/direct.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { E, oneSample } from '../../src/spec/samples.ts';
import { denseNetwork } from './fixture.ts';

/** One slip somewhere in a formula. */
const slips: Readonly<Record<string, (e: Expression) => Expression | null>> = {
  'h′ lost': (e) => (e.kind === 'call' && e.fn.kind === 'slot' ? number(1) : null),
  "h′ of the layer above": (e) => (e.kind === 'call' && e.fn.kind === 'slot' && e.fn.layer !== null ? { ...e, fn: { ...e.fn, layer: { ...e.fn.layer, offset: e.fn.layer.offset + 1 } } } : null),
  'h for h′': (e) => (e.kind === 'call' && e.fn.kind === 'slot' ? { ...e, fn: { ...e.fn, order: 0 } } : null),
  'W transposed': (e) => (e.kind === 'ref' && e.tensor.name === 'W' ? { ...e, indices: [...e.indices].reverse() } : null),
  'a sum that stops early': (e) => (e.kind === 'sum' ? { ...e, range: { ...e.range, hi: subtractAffine(e.range.hi, integer(1)) } } : null),
  'a wrong sign': (e) => (e.kind === 'ref' && e.adjoint ? multiply([number(-1), e]) : null),
};

function applySlip(e: Expression, slip: (e: Expression) => Expression | null): Expression {
  return slip(e) ?? mapChildren(e, (c) => applySlip(c, slip));
}

describe('direct differentiation', () => {
  const network = denseNetwork(4);
  const system = oneSample(network);
  const reverse = backward(system, signalsOf(network));
  const named = new Set(reverse.equations.map((e) => tensorKey(e.tensor)));

  it('agrees with every adjoint of reverse mode', () => {
    const lookup = indexEquations(system);
    expect(reverse.equations).toHaveLength(12);
    for (const e of reverse.equations) expect(agreesWithDirect(lookup, e.tensor, e.axes, e.value, named, E)).toBe('proved');
  });

  it.each(Object.entries(slips))('refuses: %s', (_, slip) => {
    const lookup = indexEquations(system);
    const equation = reverse.equations.find((e) => tensorKey(e.tensor) === 'a@2');
    if (equation === undefined) throw new Error('the signal of layer 2 exists');
    expect(agreesWithDirect(lookup, equation.tensor, equation.axes, applySlip(equation.value, slip), named, E)).toBeNull();
  });
});

describe('where the normal form proves nothing', () => {
  const n = size('n');
  const p = { index: 'p', range: { lo: integer(1), hi: n } };
  const entry = (name: string): Expression => ref(tensor('x'), [index(name)]);
  const upTo = (hi: Affine): Expression => sum('s', { lo: integer(1), hi }, entry('p'));
  // Σ_{s=1}^{n} [s ≤ 2p] x_p counts min(n, 2p) times x_p; so does n less the rest.
  const pieces = sum('s', p.range, multiply([bracket(indexAtLeast(subtractAffine(scaleAffine(index('p'), 2), index('s')))), entry('p')]));
  const rest = sum('s', p.range, multiply([bracket(indexAtLeast(subtractAffine(subtractAffine(index('s'), integer(1)), scaleAffine(index('p'), 2)))), entry('p')]));

  it('a true equality is confirmed, and not called proved', () => {
    expect(agreement(pieces, subtract(upTo(n), rest), [p])).toBe('confirmed');
  });

  it('a false one is refused', () => {
    expect(agreement(pieces, subtract(upTo(n), multiply([number(2), rest])), [p])).toBeNull();
    expect(agreement(pieces, upTo(n), [p])).toBeNull();
  });
});
