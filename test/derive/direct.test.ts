// The second road to every adjoint sees a wrong formula.

import { describe, expect, it } from 'vitest';
import { integer, subtractAffine } from '../../src/algebra/affine.ts';
import { type Expression, multiply, number, tensorKey } from '../../src/algebra/expression.ts';
import { mapChildren } from '../../src/algebra/traverse.ts';
import { agreesWithDirect, indexEquations } from '../../src/derive/direct.ts';
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
    for (const e of reverse.equations) expect(agreesWithDirect(lookup, e.tensor, e.axes, e.value, named, E)).toBe(true);
  });

  it.each(Object.entries(slips))('refuses: %s', (_, slip) => {
    const lookup = indexEquations(system);
    const equation = reverse.equations.find((e) => tensorKey(e.tensor) === 'a@2');
    if (equation === undefined) throw new Error('the signal of layer 2 exists');
    expect(agreesWithDirect(lookup, equation.tensor, equation.axes, applySlip(equation.value, slip), named, E)).toBe(false);
  });
});
