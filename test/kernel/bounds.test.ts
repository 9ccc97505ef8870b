// Exact bounds: what conditions and zeros say stands in the bounds of loops, and nothing else does.

import { describe, expect, test } from 'vitest';
import { type Affine, integer, index, subtractAffine } from '../../src/algebra/affine.ts';
import { add, bracket, elementary, indexAtLeast, multiply, power, ref, sum } from '../../src/algebra/expression.ts';
import { emitKernel } from '../../src/kernel/emit.ts';
import { newNamer } from '../../src/kernel/names.ts';
import { moveInvariants } from '../../src/kernel/motion.ts';
import { pinnedOnce } from '../../src/kernel/pinned-once.ts';
import type { Statement } from '../../src/kernel/program.ts';
import { tightBounds } from '../../src/kernel/tight.ts';
import type { Network } from '../../src/spec/network.ts';
import { expectAgreement } from './agreement.ts';
import { at, axis, declare, equation, network, T } from './networks.ts';

const [i, j] = [axis('i', 40), axis('j', 40)];
const [x, W, p, y, L] = [T('x'), T('W'), T('p'), T('y'), T('L')];

/** p[i, j] = [j ≤ i] exp(W[i, j] x[j]), y[i] = Σ_j p[i, j] x[j]: sums over j end at i, forwards and backwards. */
function triangular(): Network {
  const weight = multiply([bracket(indexAtLeast(subtractAffine(at('i'), at('j')))), elementary('exp', multiply([ref(W, [at('i'), at('j')]), ref(x, [at('j')])]))]);
  return network({
    declarations: [declare(x, [j], 'input'), declare(W, [i, j], 'parameter')],
    equations: [
      equation(p, [i, j], weight),
      equation(y, [i], sum('j', j.range, multiply([ref(p, [at('i'), at('j')]), ref(x, [at('j')])]))),
      equation(L, [], add([sum('i', i.range, power(ref(y, [at('i')]), 2)), sum('i', i.range, sum('j', j.range, power(ref(p, [at('i'), at('j')]), 2)))])),
    ],
    inputs: [x], outputs: [y], loss: L,
  });
}

test('sums leave out what is zero by its equation', async () => {
  const { javascript } = emitKernel(triangular());
  const routine = javascript.slice(javascript.indexOf('function forward_y(')).split('\n}')[0]!;
  expect(routine).toContain('j < i + 1');
  expect(routine).not.toContain('Math.min');
  await expectAgreement(triangular());
});

describe('bounds', () => {
  const loop = (name: string, to: readonly Affine[], body: readonly Statement[]): Statement =>
    ({ kind: 'loop', index: name, from: [integer(0)], to, descending: false, body });
  const store: Statement = { kind: 'store', buffer: 'a', at: index('j'), operator: '+=', value: { kind: 'load', buffer: 'w', at: index('i') } };
  const inner = (body: readonly Statement[]): Statement => loop('j', [index('i'), integer(9)], body);

  test('that others imply are left out', () => {
    expect(tightBounds([loop('i', [integer(9)], [inner([store])])])).toEqual([loop('i', [integer(9)], [loop('j', [index('i')], [store])])]);
    expect(tightBounds([loop('i', [integer(10)], [inner([store])])])).toEqual([loop('i', [integer(10)], [inner([store])])]);
  });
  test('between which a loop surely runs let invariants move out', () => {
    const [moved] = moveInvariants([loop('i', [integer(9)], [inner([store])])], newNamer());
    expect(moved?.kind === 'loop' && moved.body.map((st) => st.kind)).toEqual(['let', 'loop']);
    const [kept] = moveInvariants([loop('i', [integer(9)], [loop('j', [{ ...index('i'), constant: -1 }], [store])])], newNamer());
    expect(kept?.kind === 'loop' && kept.body.map((st) => st.kind)).toEqual(['loop']);
  });
});

test('a pinned index is declared once in a block, and only where it is read', () => {
  const pin: Statement = { kind: 'pin', index: 'v@1', value: { kind: 'load', buffer: 't', at: index('s') } };
  const other: Statement = { ...pin, index: 'v@2' };
  const read: Statement = { kind: 'store', buffer: 'a', at: index('v@1'), operator: '=', value: { kind: 'literal', value: 1 } };
  expect(pinnedOnce([pin, read, pin, other, read])).toEqual([pin, read, read]);
});
