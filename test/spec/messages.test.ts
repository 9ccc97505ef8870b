// What messages propose: derived from the file at hand, so that following it makes the error go away.

import { describe, expect, test } from 'vitest';
import { readAny } from './read-any.ts';

const told = (text: string): readonly string[] => readAny({ file: 'f.yaml', text }).map((d) => `${d.code}: ${d.help}`);
const helps = (text: string): readonly string[] => readAny({ file: 'f.yaml', text }).map((d) => d.help);

describe('lines of layers', () => {
  const network = (line: string, define = ''): string => `network: example\ninput: 3\nlayers:\n  - ${line}\nloss: absolute\n${define}`;

  test.each([
    ['tanh 4', ['activation-first: Write `4 tanh`: units come first.']],
    ['tanh', ['activation-first: Write `4 tanh`: units come first.']],
    ['4tanh', ['missing-space: Write `4 tanh`.']],
    ['12leaky-relu(alpha=0.1)', ['missing-space: Write `12 leaky-relu(alpha=0.1)`.']],
    ['4tahn', ['missing-space: Write `4 tahn`.', 'unknown-spec: Did you mean `tanh`? Your own stands under `define` in the network\'s file.']],
    ['4 leaky-relu(0.2)', ['unnamed-constant: Name the constant: `leaky-relu(alpha=0.2)`.']],
    ['4 selu(1)', ['unnamed-constant: Name the constant, one of `alpha` or `lambda`: `selu(alpha=1)`.']],
    ['4 tanh(2)', ['unnamed-constant: `tanh` has no constants: write `tanh`.']],
    ['{ layer: dense, units: 4, h: leaky-relu(0.2) }', ['unnamed-constant: Name the constant: `leaky-relu(alpha=0.2)`.']],
  ])('%s', (line, expected) => {
    expect(told(network(line))).toEqual(expected);
  });

  test('activation functions of the file itself are known too, and layers come first', () => {
    const define = 'define:\n  activations: [{ activation: bump, argument: a, expression: a }]\n';
    expect(told(network('bump 4', define))).toEqual(['activation-first: Write `4 bump`: units come first.']);
    const layer = 'define:\n  layers: [{ layer: tanh, axes: { i: n }, input: { x: [n] }, output: { z: [n] }, equations: { "z[i]": "x[i]" } }]\n';
    expect(told(network('tanh', layer))).toEqual([]);
  });
});

describe('indices beyond their axis', () => {
  const layer = (axes: string, equation: string, shapes = 'x: [n], W: [units, n]'): string =>
    `layer: example\naxes: { ${axes} }\ninput: { ${shapes} }\noutput: { z: [t] }\nequations:\n  z[t]: ${equation}\n`;

  test.each([
    ['t: 1..n, r: 1..window', 'sum(r, x[t + r - 1])', 't', '1..n-window+1'],
    ['t: n, r: window', 'sum(r, x[t + 2*r])', 't', '1..n-2*window'],
    ['t: n', 'x[t - 1]', 't', '2..n'],
    ['t: n', 'x[t + 3]', 't', '1..n-3'],
    ['t: n', 'x[n - t]', 't', '1..n-1'],
    ['t: 0..n', 'x[t] + x[n - t + 1]', 't', '1..n'],
    ['t: out, s: window', 'sum(s, x[2*t + s - 1])', 's', '1..n-2*out+1'],
  ])('%s: %s fits where %s runs over %s', (axes, equation, letter, range) => {
    const found = readAny({ file: 'f.yaml', text: layer(axes, equation, 'x: [n]') }).filter((d) => d.code === 'index-out-of-range');
    expect(found.at(-1)!.help).toBe(`It fits where \`${letter}\` runs over ${range}: \`${letter}: ${range}\` under \`axes\`, or sum(${letter} = ${range}, …).`);
    const mended = axes.replace(new RegExp(`\\b${letter}: [^,]+`), `${letter}: ${range}`);
    expect(readAny({ file: 'f.yaml', text: layer(mended, equation, 'x: [n]') }).filter((d) => d.code === 'index-out-of-range')).toEqual([]);
  });

  test('swapped indices are one error, and the swap is proposed', () => {
    const text = layer('t: units, j: n', 'sum(j, W[j, t] * x[j])');
    expect(told(text)).toEqual(['index-out-of-range: Are the indices swapped? `W[t, j]` fits.']);
    expect(told(text.replace('W[j, t]', 'W[t, j]'))).toEqual([]);
  });

  test('two indices that no swap mends are two errors', () => {
    expect(told(layer('t: units, j: n', 'sum(j, W[j + 1, t] * x[j])')).map((h) => h.split(':')[0])).toEqual(['index-out-of-range', 'index-out-of-range']);
  });

  test('a letter of another axis: the letters of this one, or a guard that is right', () => {
    const text = layer('t: 0..n, j: n', 'x[t] + sum(j, W[1, j])');
    expect(helps(text)).toEqual(['Use `j`, which runs over this axis, or guard the entry by a condition in the same product: [t >= 1] * x[t].']);
    expect(told(text.replace('z[t]: x[t]', 'z[t]: 0 + [t >= 1] * x[t]'))).toEqual([]);
  });
});

describe('names that were rejected are not reported again', () => {
  test.each([
    ['loss: example\naxes: { i: units }\ninput: { E: [units] }\noutput: { L: [] }\nequations:\n  L: sum(i, 2 * E[i])\n', ['bad-name']],
    ['layer: example\naxes: { samples: units }\ninput: { x: [units] }\noutput: { z: [samples] }\nequations:\n  z[samples]: x[samples]\n', ['bad-name']],
    ['layer: example\naxes: { i: units }\ninput: { x: [i] }\noutput: { z: [i] }\nconstants: { E: 2 }\nslots: { sum: activation }\nequations:\n  z[i]: E * x[i]\n', ['bad-name', 'bad-name']],
    ['layer: example\naxes: { i: 1..2..3 }\ninput: { x: [i] }\noutput: { z: [i] }\nequations:\n  z[i]: sum(i, x[i])\n', ['bad-range']],
    ['activation: example\nargument: E\nexpression: E^2\n', ['bad-name']],
    ['penalty: example\nargument: w\nconstants: { samples: 1 }\nexpression: samples * w^2\n', ['bad-name']],
    ['layer: example\naxes: { i: units }\ninput: { x: [i] }\noutput: { z: [i] }\nequations:\n  a[i + 1]: x[i]\n  z[i]: a[i] + x[i]\n', ['bad-left-side']],
  ])('%#', (text, codes) => {
    expect(readAny({ file: 'f.yaml', text }).map((d) => d.code)).toEqual(codes);
  });
});
