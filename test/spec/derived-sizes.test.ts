// Whole numbers in indices, and sizes that follow from others: convolutions of every stride, padding and dilation.

import { describe, expect, test } from 'vitest';
import { affineKey } from '../../src/algebra/affine.ts';
import { factsOfSize, sizeFormula } from '../../src/spec/derived-size.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer } from '../../src/spec/read.ts';
import { parseSyntax } from '../../src/spec/syntax.ts';
import { anything, codes, read, total, upTo, valuesOf } from './system-value.ts';

const conv = `
    - layer: conv
      axes: { o: maps, c: channels, p: positions, k: taps }
      input: { x: [channels, length] }
      output: { z: [maps, positions] }
      parameters: { W: [maps, channels, taps] }
      integers: { stride: { default: 1, least: 1 }, padding: { default: 0, least: 0 }, dilation: 1 }
      sizes: { positions: (length + 2*padding - dilation*(taps - 1) - 1) / stride + 1 }
      equations:
        z[o, p]: >-
          sum(c, k, [1 <= stride*(p - 1) + dilation*(k - 1) + 1 - padding and stride*(p - 1) + dilation*(k - 1) + 1 - padding <= length]
          * W[o, c, k] * x[c, stride*(p - 1) + dilation*(k - 1) + 1 - padding])
    - layer: unguarded
      axes: { p: positions, k: taps }
      input: { x: [length] }
      output: { z: [positions] }
      parameters: { W: [taps] }
      integers: { stride: 1, dilation: 1 }
      sizes: { positions: (length - dilation*(taps - 1) - 1) / stride + 1 }
      equations:
        z[p]: sum(k, W[k] * x[stride*(p - 1) + dilation*(k - 1) + 1])
    - layer: flat
      axes: { c: channels, x: width }
      input: { v: [channels, width] }
      output: { z: [channels] }
      equations:
        z[c]: sum(x, v[c, x]) / width
`;

const network = (layer: string, input = '[2, 7]', before = '', after = '\n  - flat'): string => `
network: example
input: ${input}
layers:${before}
  - ${layer}${after}
loss: half-squared-error
define:
  layers:${conv}`;

describe('a convolution', () => {
  const cases = [1, 2, 3].flatMap((stride) => [0, 1, 2].flatMap((padding) => [1, 2].map((dilation) => ({ stride, padding, dilation }))));
  test.each(cases)('of stride $stride, padding $padding, dilation $dilation has the values of loops', ({ stride, padding, dilation }) => {
    const net = read(network(`{ layer: conv, maps: 2, taps: 3, stride: ${String(stride)}, padding: ${String(padding)}, dilation: ${String(dilation)} }`));
    const value = valuesOf(net, 1);
    let positions = 0;
    for (let start = 1 - padding; start + 2 * dilation <= 7 + padding; start += stride) {
      positions += 1;
      for (const o of upTo(2)) {
        let expected = 0;
        for (const c of upTo(2)) {
          for (let k = 0; k < 3; k += 1) {
            const at = start + dilation * k;
            if (at >= 1 && at <= 7) expected += anything('W@1', [o, c, k + 1], net.loss) * anything('x@', [1, c, at], net.loss);
          }
        }
        expect(value('z@1', 1, o, positions)).toBeCloseTo(expected, 14);
      }
    }
    expect(net.system.sizes.get('n:positions@1')).toBe(positions);
  });

  test('two uses have numbers of their own', () => {
    const net = read(network('{ layer: conv, maps: 2, taps: 2, stride: 2 }', '[1, 9]', '\n  - { layer: conv, maps: 1, taps: 3, padding: 1 }'));
    expect(Object.fromEntries(net.system.sizes)).toMatchObject({ 'n:positions@1': 9, 'n:positions@2': 4 });
    expect(net.system.instances.map((i) => i.kind)).toEqual(['conv(padding=1)', 'conv(stride=2)', 'flat']);
    expect(total(net.system.equations.map((e) => Number(e.text.startsWith('z[o, p]'))))).toBe(2);
  });
});

describe('what a definition implies', () => {
  const facts = (text: string, integers: Readonly<Record<string, number>> = {}): readonly string[] =>
    factsOfSize('q', parseSyntax(text).syntax!, new Map(Object.entries(integers))).map(affineKey);

  test('a division that rounds down leaves two bounds', () => {
    expect(facts('(n - 1) / s + 1', { s: 3 })).toEqual(['1*n:n@+-3*n:q@+2', '-1*n:n@+3*n:q@+0']);
    expect(facts('n / 1')).toEqual(facts('n'));
    expect(facts('-(n / 2)')).toEqual(['-1*n:n@+-2*n:q@+1', '1*n:n@+2*n:q@+0']);
    expect(facts('n * m')).toEqual([]);
    expect(facts('n / m')).toEqual([]);
  });

  test('the bounds hold for numbers, and no tighter ones do', () => {
    const texts = ['(n + 2*p - 3) / 2 + 1', 'n / 3 - p / 2', '(n / 2 + p) / 3', '7 - n / 4', '2 * (n / 3)'];
    for (const text of texts) {
      const { syntax } = parseSyntax(text);
      const known = factsOfSize('q', syntax!, new Map());
      const least = known.map(() => Infinity);
      for (let n = 1; n <= 30; n += 1) {
        for (let p = 1; p <= 30; p += 1) {
          const q = sizeFormula(syntax!, (name) => (name === 'n' ? n : p))!;
          known.forEach((fact, at) => {
            const value = fact.terms.reduce((sum, t) => sum + t.coefficient * ({ n, p, q }[t.symbol.name] ?? NaN), fact.constant);
            least[at] = Math.min(least[at]!, value);
          });
        }
      }
      expect(least, text).toEqual([0, 0]);
    }
  });

  test('stays with the network, its sizes and all', () => {
    const net = read(network('{ layer: unguarded, taps: 2, stride: 3 }', '8', '', ''));
    expect(net.system.facts?.map(affineKey)).toEqual(['1*n:inputs@+-3*n:positions@1+-1*n:taps@1+3', '-1*n:inputs@+3*n:positions@1+1*n:taps@1+-1']);
    expect(net.system.sizes.get('n:positions@1')).toBe(3);
  });

  test('settles whether an index stays inside: no guard is needed, at any stride', () => {
    for (const stride of [1, 2, 5]) expect(codes(network(`{ layer: unguarded, taps: 2, stride: ${String(stride)} }`, '8', '', ''))).toEqual([]);
    const layer = (sizes: string): string => `
layer: example
axes: { p: positions, k: taps }
input: { x: [length] }
output: { z: [positions] }
parameters: { W: [taps] }
integers: { stride: 2 }
sizes: { positions: ${sizes} }
equations: { "z[p]": "sum(k, W[k] * x[stride*(p - 1) + k])" }
`;
    const errors = (sizes: string): string => {
      try {
        readLayer({ file: 'layer.yaml', text: layer(sizes) }, shippedLibrary);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(errors('(length - taps) / stride + 1')).toBe('');
    expect(errors('(length - taps) / stride + 2')).toContain('leaves axis 1 of `x`');
    expect(errors('(length - taps + 1) / stride + 1')).toContain('leaves axis 1 of `x`');
  });
});

describe('sizes and whole numbers', () => {
  test.each([
    ['{ layer: conv, maps: channels, taps: 3, padding: channels }', { 'n:maps@2': 4, 'n:positions@2': 11 }],
    ['{ layer: conv, maps: inputs_x_1, taps: 3, stride: inputs_x_1 }', { 'n:maps@2': 2, 'n:positions@2': 2 }],
  ])('of %s follow from the network', (layer, sizes) => {
    const net = read(network(layer, '[2, 7]', '\n  - { layer: conv, maps: 4, taps: 3 }'));
    expect(Object.fromEntries(net.system.sizes)).toMatchObject({ 'n:maps@1': 4, 'n:positions@1': 5, ...sizes });
  });

  test('of another layer go by its name', () => {
    const net = read(`
network: example
inputs: { x: 6 }
instances:
  code: { layer: dense, units: 3, h: tanh, in: x }
  back: { layer: dense, units: code.inputs, h: identity, in: code }
loss: half-squared-error
`);
    expect(net.system.sizes.get('n:units@2')).toBe(6);
  });
});
