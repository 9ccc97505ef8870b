// Which road catches which mistake of a derivation: the table is the claim, blind spots included.

import { describe, expect, it } from 'vitest';
import { confront } from '../../src/check/check.ts';
import type { RoadName } from '../../src/check/report.ts';
import { mistakes } from './mistakes.ts';
import { inline, mistaken, type Overrides } from './setup.ts';

/** Square layers, so that transposes fit; a different activation in each; a mean; a penalty. */
const text = `
network: square
input: 3
layers:
  - 3 tanh
  - 3 softplus
  - 3 sigmoid
loss: half-squared-error
samples: mean
penalties: [{ use: l2, lambda: 0.3, on: [W] }]
`;
const read = (overrides: Overrides = {}): ReturnType<typeof inline> => inline(text, overrides);

const roads: readonly RoadName[] = ['forward', 'finite-differences', 'complex-step', 'adjoint-equations', 'mathjs', 'nerdamer', 'variants'];

/**
 * x: the road fails. ·: it cannot see the mistake. The roads in their order above; then variants once more, derived with
 * the same mistake. The forward pass has no part in a derivation; the adjoint equations are interpreted with the mistake
 * in them (they see what the emitter does wrong); the second systems look at one sample, and nerdamer at those entries
 * only whose expressions are short: none of the first layer, where h' is wrong.
 */
const table = `
none                            . . . . . . .   .
W transposed in the recursion   . x x . x x x   .
h' forgotten                    . x x . x x x   .
h' of the wrong layer           . x x . x . x   .
sign of the gradient            . x x . x x x   .
1/m forgotten                   . x x . . . x   .
first sample left out           . x x . x x x   .
penalty forgotten               . x x . x x x   .
gradient transposed             . x x . x x x   .
twice as much                   . x x . x x x   .
a part in a million too much    . x x . x x x   .
`;

describe('a mistake in the derivation', () => {
  for (const row of table.trim().split('\n')) {
    const [name, marks] = row.split(/\s{2,}(?=[.x] )/);
    const expected = marks!.replace(/\s+/g, '');
    it(`"${name!}" is caught by: ${Array.from(expected).flatMap((m, n) => (m === 'x' && n < roads.length ? [roads[n]!] : [])).join(', ') || 'no road'}`, async () => {
      const mistake = mistakes[name!]!;
      const other = { network: read({ signal: 'z' }), mistake: mistakes['none']! };
      const { roads: found, holds } = await confront(await mistaken(read(), mistake, [other]));
      const alike = await confront(await mistaken(read(), mistake, [{ ...other, mistake }]));
      const mark = (status: string): string => (status === 'fails' ? 'x' : status === 'holds' ? '.' : '?');
      const variantsAlike = alike.roads.find((r) => r.road === 'variants')!;
      expect(found.map((r) => r.road)).toEqual(roads);
      expect([...found, variantsAlike].map((r) => mark(r.status)).join('')).toBe(expected);
      expect(holds).toBe(name === 'none');
    });
  }
});
