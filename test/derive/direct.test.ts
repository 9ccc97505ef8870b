// The second road to every adjoint sees a wrong formula.

import { describe, expect, it } from 'vitest';
import { type Affine, index, integer, scaleAffine, size, subtractAffine } from '../../src/algebra/affine.ts';
import { add, bracket, type Expression, indexAtLeast, multiply, number, ref, subtract, sum, tensor, tensorKey } from '../../src/algebra/expression.ts';
import { mapChildren } from '../../src/algebra/traverse.ts';
import { UnverifiedStepError, verifyAdjoint } from '../../src/derive/adjoint-steps.ts';
import { agreesInArguments } from '../../src/derive/concrete.ts';
import { agreement, agreesWithDirect, indexEquations } from '../../src/derive/direct.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { slotResolver } from '../../src/derive/slots.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
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

describe('a step that is wrong is never printed', () => {
  const network = readNetwork({ file: 'net.yaml', text: 'network: net\ninput: 2\nlayers: [3 tanh, 2 sigmoid]\nloss: half-squared-error\n' }, shippedLibrary);
  const system = oneSample(network);
  const reverse = backward(system, signalsOf(network));
  const source = { lookup: indexEquations(system), named: new Set(reverse.equations.map((e) => tensorKey(e.tensor))), total: E };
  const signal = reverse.equations.find((e) => tensorKey(e.tensor) === 'a@1');
  if (signal === undefined) throw new Error('the signal of layer 1 exists');
  const resolve = slotResolver(system);

  it('an adjoint with a slip', () => {
    expect(verifyAdjoint(signal, source)).toBe('direct-differentiation');
    expect(() => verifyAdjoint({ ...signal, value: multiply([number(2), signal.value]) }, source)).toThrow(UnverifiedStepError);
    expect(() => verifyAdjoint(signal, source, null)).toThrow(UnverifiedStepError);
  });

  it('an activation function written out with a slip', () => {
    const spelled = resolve(signal.value, true);
    expect(agreesInArguments(system, signal, spelled, source)).toBe('proved');
    expect(() => agreesInArguments(system, signal, add([spelled, spelled]), source)).toThrow(UnverifiedStepError);
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
