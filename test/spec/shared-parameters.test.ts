// Layers that have parameters in common: the tensor is there once, in E, in penalties, and among the parameters.

import { describe, expect, test } from 'vitest';
import { tensorKey } from '../../src/algebra/expression.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { codes, read, total, upTo, valuesOf } from './system-value.ts';

const text = (instances: string, more = ''): string => `
network: example
inputs: { x: 4 }
instances:${instances}
loss: { use: half-squared-error, y: out }
${more}define:
  layers:
    - layer: transposed
      axes: { j: outputs, i: inputs }
      input: { x: [i] }
      output: { z: [j] }
      parameters: { V: [i, j], c: [j] }
      equations:
        z[j]: sum(i, V[i, j] * x[i]) + c[j]
`;
const autoencoder = `
  code: { layer: dense, units: 2, h: tanh, in: x }
  out: { layer: transposed, in: code, share: { V: code.W } }`;
const parameters = (network: ReturnType<typeof read>): readonly string[] =>
  [...network.system.declarations].flatMap(([key, d]) => (d.role === 'parameter' ? [key] : []));

describe('a tied autoencoder', () => {
  test('has the weights once, read along the other axis in the decoder', () => {
    const network = read(text(autoencoder));
    expect(parameters(network)).toEqual(['W@1', 'b@1', 'c@2']);
    expect(network.system.instances.map((i) => [i.parameters.map(tensorKey), [...(i.shared ?? [])].map(([name, t]) => `${name}: ${tensorKey(t)}`)]))
      .toEqual([[['W@1', 'b@1'], []], [['c@2'], ['V: W@1']]]);
    const value = valuesOf(network, 1);
    const code = upTo(2).map((i) => Math.tanh(value('b@1', i) + total(upTo(4).map((j) => value('W@1', i, j) * value('x@', 1, j)))));
    upTo(4).forEach((j) => expect(value('z@2', 1, j)).toBeCloseTo(total(upTo(2).map((i) => value('W@1', i, j) * code[i - 1]!)) + value('c@2', j), 14));
  });

  test.each(['W', 'V', 'W, V'])('is penalized once by %s', (on) => {
    const value = valuesOf(read(text(autoencoder, `penalties: [{ use: l2, lambda: 1, on: [${on}] }]\n`)), 1);
    const penalty = total(upTo(2).flatMap((i) => upTo(4).map((j) => value('W@1', i, j) ** 2))) / 2;
    expect(value('E@') - value('L@', 1)).toBeCloseTo(penalty, 13);
  });

  test('keeps the form of its biases where the network has them folded in', () => {
    const network = readNetwork({ file: 'network.yaml', text: text(autoencoder) }, shippedLibrary, { bias: 'augmented' });
    expect(parameters(network)).toEqual(['W@1', 'b@1', 'c@2']);
  });
});

describe('several layers with the same weights', () => {
  test.each([
    ['of the first', 'one.W', 'one.W'], ['one after the other', 'one.W', 'two.W'],
  ])('%s', (_, second, third) => {
    const network = read(text(`
  one: { layer: dense, units: 4, h: tanh, in: x }
  two: { layer: dense, h: tanh, in: one, share: { W: ${second} } }
  out: { layer: dense, h: identity, in: two, share: { W: ${third}, b: one.b } }`));
    expect(parameters(network)).toEqual(['W@1', 'b@1', 'b@2']);
    // They have other equations than the first: no layer stands for all.
    expect(network.system.instances.map((i) => i.kind)).toEqual(['dense', 'dense(W=W_1)', 'dense(W=W_1, b=b_1)']);
    const value = valuesOf(network, 1);
    const layer = (z: readonly number[], b: string): readonly number[] => upTo(4).map((i) => value(b, i) + total(upTo(4).map((j) => value('W@1', i, j) * z[j - 1]!)));
    const one = layer(upTo(4).map((j) => value('x@', 1, j)), 'b@1').map(Math.tanh);
    const out = layer(layer(one, 'b@2').map(Math.tanh), 'b@1');
    upTo(4).forEach((i) => expect(value('z@3', 1, i)).toBeCloseTo(out[i - 1]!, 14));
  });

  test('belong to the first one, whichever is named', () => {
    const network = read(text(`
  one: { layer: dense, units: 4, h: tanh, in: x, share: { W: out.W } }
  out: { layer: dense, units: 4, h: identity, in: one }`));
    expect(parameters(network)).toEqual(['W@1', 'b@1', 'b@2']);
  });

  test('have sizes that agree', () => {
    expect(codes(text(`
  one: { layer: dense, units: 3, h: tanh, in: x }
  out: { layer: dense, h: identity, in: one, share: { W: one.W } }`))).toEqual(['shape-mismatch']);
  });

  test('may be thousands', () => {
    const count = 2000;
    const chain = upTo(count).map((n) => `\n  l${String(n)}: { layer: dense, ${n === 1 ? 'units: 4, in: x' : `in: l${String(n - 1)}, share: { W: l${String(n - 1)}.W, b: l1.b }`}, h: tanh }`).join('');
    expect(parameters(read(text(`${chain}\n  out: { layer: dense, units: l${String(count)}.units, in: l${String(count)}, h: tanh }`)))).toEqual(['W@1', 'b@1', `W@${String(count + 1)}`, `b@${String(count + 1)}`]);
  });
});
