// A hyperparameter in an exponent: the number that a use gives it stands there, and each use has its own.

import { describe, expect, test } from 'vitest';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readLayer, readLoss } from '../../src/spec/read.ts';
import { runLayer } from './run-layer.ts';
import { codes, read, upTo, valuesOf } from './system-value.ts';
import { noise } from './value.ts';

/** The value that an entry has in a network. */
const entry = (key: string, indices: readonly number[]): number => noise(`${key}[${indices.join(',')}]`);

const define = `
define:
  layers:
    - layer: norm
      axes: { i: rows, j: columns }
      input: { x: [rows, columns] }
      output: { z: [rows] }
      constants: { p: 2, scale: 3 }
      equations:
        z[i]: scale * p * sum(j, (1 + x[i, j]^2)^p)^(1/p)
  losses:
    - loss: powers
      axes: { i: n }
      input: { u: [n], v: [n] }
      output: { L: [] }
      constants: { q: 2 }
      expression: sum(i, (u[i]^2 + 1)^(q/2) + v[i]^q)
`;

const twoNorms = (first: string, second: string, loss: string): string => `
network: example
inputs: { x: [3, 2] }
instances:
  first: { layer: norm${first}, in: x }
  second: { layer: norm${second}, in: x }
loss: { use: powers, u: first, v: second${loss} }
${define}`;

describe('a constant in an exponent', () => {
  test.each([
    { first: '', second: ', p: 3', loss: '', p: [2, 3], q: 2 },
    { first: ', p: 0.5', second: ', p: 4, scale: 1', loss: ', q: 3', p: [0.5, 4], q: 3, scale: [3, 1] },
    { first: ', p: -1.5', second: '', loss: ', q: -1', p: [-1.5, 2], q: -1 },
  ])('is the number of its use: norms of order $p.0 and $p.1 under a loss of order $q', ({ first, second, loss, p, q, scale = [3, 3] }) => {
    const net = read(twoNorms(first, second, loss));
    const value = valuesOf(net, 2);
    let expected = 0;
    for (const s of upTo(2)) {
      for (const i of upTo(3)) {
        const [u, v] = p.map((order, n) => {
          const sum = upTo(2).reduce((sofar, j) => sofar + (1 + entry('x@', [s, i, j]) ** 2) ** order, 0);
          return scale[n]! * order * sum ** (1 / order);
        });
        expected += (u! * u! + 1) ** (q / 2) + v! ** q;
      }
    }
    expect(value('E@')).toBeCloseTo(expected, 9);
  });

  test('has the default in the file by itself, and is a symbol everywhere else', () => {
    const spec = readLayer({ file: 'layer.yaml', text: `
layer: powers
axes: { i: n }
input: { x: [n] }
output: { z: [n] }
constants: { p: 3 }
equations:
  z[i]: p * x[i]^p
` }, shippedLibrary);
    const value = runLayer(spec, { n: 1 }, { x: () => 2 }, new Map([['p', 100]]));
    expect(value('z', [1])).toBe(100 * 2 ** 3);
  });

  test.each([0, 0.5, 2, 3])('the focal loss with gamma = %d has the values of its formula', (gamma) => {
    const net = read(`
network: example
input: 3
layers: [3 identity]
loss: { use: focal, gamma: ${String(gamma)} }
`);
    const value = valuesOf(net, 2);
    let expected = 0;
    for (const s of upTo(2)) {
      const a = upTo(3).map((i) => upTo(3).reduce((sofar, j) => sofar + entry('W@1', [i, j]) * entry('x@', [s, j]), entry('b@1', [i])));
      const all = a.reduce((sofar, one) => sofar + Math.exp(one), 0);
      for (const [n, one] of a.entries()) {
        const p = Math.exp(one) / all;
        expected -= entry('t@', [s, n + 1]) * (1 - p) ** gamma * Math.log(p);
      }
    }
    expect(value('E@')).toBeCloseTo(expected, 11);
  });

  test('the shipped focal loss is usable alone', () => {
    expect(readLoss(shippedLibrary('losses', 'focal')!).constants.get('gamma')).toEqual({ n: 2n, d: 1n });
  });
});

describe('a number that does not fit', () => {
  const one = (setting: string): string => `
network: example
input: 2
layers:
  - { layer: doubling, p: ${setting} }
loss: half-squared-error
define:
  layers:
    - layer: doubling
      axes: { i: n }
      input: { x: [n] }
      output: { z: [n] }
      constants: { p: 2 }
      equations:
        z[i]: x[i] * 2^p
`;

  test('is said where it is given and where it stands', () => {
    expect(codes(one('3'))).toEqual([]);
    expect(codes(one('100000'))).toEqual(['numbers-do-not-fit', 'number-out-of-range']);
  });

  test('also in an activation function and a penalty', () => {
    const net = (alpha: string, beta: string): string => `
network: example
input: 2
layers: ["2 odd(alpha=${alpha})"]
loss: half-squared-error
penalties: [{ use: even, on: [W], beta: ${beta} }]
define:
  activations:
    - { activation: odd, argument: a, constants: { alpha: 1 }, expression: a / alpha }
  penalties:
    - { penalty: even, argument: w, constants: { beta: 1 }, expression: w^2 / beta }
`;
    expect(codes(net('2', '2'))).toEqual([]);
    expect(codes(net('0', '2'))).toEqual(['numbers-do-not-fit', 'division-by-zero']);
    expect(codes(net('2', '0'))).toEqual(['numbers-do-not-fit', 'division-by-zero']);
  });
});
