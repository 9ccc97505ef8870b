// What pairs of samples have: S[s, r] is written out where it is used, so that contrastive losses and attention over a batch
// read as in their papers.

import { describe, expect, test } from 'vitest';
import { references } from '../../src/algebra/traverse.ts';
import { codes, read, upTo, valuesOf } from './system-value.ts';
import { noise } from './value.ts';

/** The value that an entry has in a network. */
const entry = (key: string, indices: readonly number[]): number => noise(`${key}[${indices.join(',')}]`);

const define = (equations: string, more = ''): string => `
network: example
input: 2
layers: [{ layer: pairs }]
loss: half-squared-error
define:
  layers:
    - layer: pairs
      axes: { s: samples, r: samples, q: samples, i: units, d: units }
      input: { x: [samples, units] }
      output: { z: [samples, units] }${more}
      equations:
${equations.replace(/^/gm, '        ')}
`;

const x = (s: number, i: number): number => entry('x@', [s, i]);
const dot = (s: number, r: number): number => x(s, 1) * x(r, 1) + x(s, 2) * x(r, 2);

describe('a tensor with two samples axes', () => {
  test.each([1, 2, 4])('similarities under a softmax have the values of loops, with %d samples', (samples) => {
    const net = read(define('S[s, r]: sum(d, x[s, d] * x[r, d])\nP[s, r]: exp(S[s, r]) / sum(q, exp(S[s, q]))\nz[s, i]: sum(r, P[s, r] * x[r, i])'));
    const value = valuesOf(net, samples);
    for (const s of upTo(samples)) {
      const all = upTo(samples).reduce((sum, r) => sum + Math.exp(dot(s, r)), 0);
      for (const i of upTo(2)) {
        const expected = upTo(samples).reduce((sum, r) => sum + Math.exp(dot(s, r)) / all * x(r, i), 0);
        expect(value('z@1', s, i)).toBeCloseTo(expected, 12);
      }
    }
  });

  test('the two indices may be swapped, equal, or shifted under a condition', () => {
    const net = read(define('S[s, r]: sum(d, x[s, d] * x[r, d]^2)\nz[s, i]: "S[s, s] + [s >= 2] * sum(d, S[s, s - 1] * x[s, d]) + sum(r, i * S[r, s])"'));
    const value = valuesOf(net, 3);
    const S = (s: number, r: number): number => x(s, 1) * x(r, 1) ** 2 + x(s, 2) * x(r, 2) ** 2;
    for (const s of upTo(3)) {
      for (const i of upTo(2)) {
        const before = s >= 2 ? S(s, s - 1) * (x(s, 1) + x(s, 2)) : 0;
        expect(value('z@1', s, i)).toBeCloseTo(S(s, s) + before + upTo(3).reduce((sum, r) => sum + i * S(r, s), 0), 12);
      }
    }
  });

  test('a samples axis behind another one, and in an assumption', () => {
    const net = read(define(
      'turned[i, s]: 2 * x[s, i]\nz[s, i]: sum(r, turned[i, r]) - turned[i, s]',
      '\n      assume: ["sum(i, turned[i, s]) = 1"]',
    ));
    const value = valuesOf(net, 3);
    for (const s of upTo(3)) {
      for (const i of upTo(2)) expect(value('z@1', s, i)).toBeCloseTo(upTo(3).filter((r) => r !== s).reduce((sum, r) => sum + 2 * x(r, i), 0), 12);
    }
    expect(net.system.assumptions?.map((a) => references(a.left).map((r) => r.tensor.name))).toEqual([['x']]);
  });

  test('the greatest of each sample is found among all', () => {
    const net = read(define('S[s, r]: sum(d, x[s, d] * x[r, d])\nbest[s]: max(r, S[s, r])\nz[s, i]: best[s] * x[s, i]'));
    const value = valuesOf(net, 3);
    for (const s of upTo(3)) expect(value('z@1', s, 1)).toBeCloseTo(Math.max(...upTo(3).map((r) => dot(s, r))) * x(s, 1), 12);
  });
});

describe('what cannot be written out is told so', () => {
  test.each([
    ['integers', 'm[s, r]: argmax(d, x[s, d] * x[r, d])\nz[s, i]: sum(r, x[r, m[s, r]])'],
    ['a recurrence', 'h[s, r]: "(r > 1 ? h[s, r - 1] : 0) + x[s, 1] * x[r, 1]"\nz[s, i]: sum(r, h[s, r])'],
  ])('%s', (_, equations) => {
    expect(codes(define(equations))).toEqual(['samples-axis']);
  });

  test('a chain that doubles at each step', () => {
    const chain = ['S_1[s, r]: x[s, 1] * x[r, 2] + 1', ...upTo(30).map((n) => `S_${n + 1}[s, r]: S_${n}[s, r] * S_${n}[r, s]`), 'z[s, i]: sum(r, S_31[s, r])'];
    expect(codes(define(chain.join('\n')))).toContain('expression-too-large');
  });
});
