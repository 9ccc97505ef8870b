// E is the loss of all samples; a tensor of a layer may have the same name, for it carries the layer's number.

import { describe, expect, test } from 'vitest';
import { readAny } from './read-any.ts';
import { read, upTo, valuesOf } from './system-value.ts';
import { noise } from './value.ts';

/** The value that an entry has in a network. */
const entry = (key: string, indices: readonly number[]): number => noise(`${key}[${indices.join(',')}]`);

const table = `
    - layer: table
      axes: { t: time, v: words, d: width }
      input: { token: [time] }
      values: { token: v }
      output: { x: [time, width] }
      parameters: { E: [words, width] }
      equations:
        x[t, d]: E[token[t], d]
    - layer: scaled
      axes: { t: time, d: width }
      input: { E: [time, width] }
      output: { z: [time, width] }
      equations:
        z[t, d]: 2 * E[t, d]
`;

test('a table of embeddings called E is told apart from the loss', () => {
  const net = read(`
network: example
inputs: { token: [3] }
instances:
  look: { layer: table, words: 4, width: 2, in: token }
  more: { layer: scaled, in: look }
loss: { use: sums, y: more }
define:
  layers:${table}
  losses:
    - { loss: sums, axes: { t: n, d: m }, input: { y: [n, m] }, expression: "sum(t, d, y[t, d]^2)" }
`);
  const token = (s: number, t: number): number => 1 + ((s + t) % 4);
  const value = valuesOf(net, 2, (key, indices) => (key === 'token@' ? token(indices[0]!, indices[1]!) : entry(key, indices)));
  let expected = 0;
  for (const s of upTo(2)) for (const t of upTo(3)) for (const d of upTo(2)) expected += 4 * entry('E@1', [token(s, t), d]) ** 2;
  expect(value('E@')).toBeCloseTo(expected, 12);
});

describe('elsewhere the name stands for the loss alone', () => {
  const layer = (parts: string): string => `layer: example\n${parts}equations:\n  z[i]: x[i]\n`;
  test.each([
    ['an index letter', layer('axes: { i: n, E: n }\ninput: { x: [n] }\noutput: { z: [n] }\n')],
    ['a size', layer('axes: { i: n }\ninput: { x: [n] }\noutput: { z: [n] }\nsizes: { E: n + 1 }\n')],
    ['a constant', layer('axes: { i: n }\ninput: { x: [n] }\noutput: { z: [n] }\nconstants: { E: 1 }\n')],
    ['a slot', layer('axes: { i: n }\ninput: { x: [n] }\noutput: { z: [n] }\nslots: { E: activation }\n')],
    ['a tensor of a loss', 'loss: example\naxes: { i: n }\ninput: { E: [n] }\nexpression: sum(i, E[i])\n'],
    ['a variable', 'activation: example\nargument: E\nexpression: E^2\n'],
    ['an input of a network', 'network: example\ninputs: { E: 2 }\ninstances: { a: { layer: dense, units: 2, h: tanh, in: E } }\nloss: half-squared-error\n'],
  ])('%s', (_, text) => {
    const [first, ...others] = readAny({ file: 'f.yaml', text });
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      code: 'bad-name', message: '`E` cannot be a name: it is the loss of all samples, and only tensors of layers may share its name',
    });
    expect(first?.help).toContain('`E_1`');
  });
});
