// Reverse mode on hand-built dense networks gives the formulas that the textbooks print.

import { describe, expect, it } from 'vitest';
import { tensorKey } from '../../src/algebra/expression.ts';
import { plain } from '../../src/algebra/print.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { allSamples, oneSample } from '../../src/spec/samples.ts';
import { denseNetwork } from './fixture.ts';

const formulas = (signal: 'a' | 'z', samples: 'one' | 'all'): string[] => {
  const network = denseNetwork(3, { signal });
  const system = samples === 'one' ? oneSample(network) : allSamples(network);
  return backward(system, signalsOf(network)).equations
    .map((e) => `${tensorKey(e.tensor)}[${e.axes.map((a) => a.index).join(',')}] = ${plain(e.value)}`);
};

describe('the adjoints of a dense network', () => {
  it('with δ = ∂E/∂a, one sample', () => {
    expect(formulas('a', 'one')).toEqual([
      'a@3[i] = (z_3[i] - t[i])·h_3′(a_3[i])',
      'W@3[i,j] = ∂E/∂a_3[i]·z_2[j]',
      'b@3[i] = ∂E/∂a_3[i]',
      'a@2[j] = (Σ_{i=1..units_3} ∂E/∂a_3[i]·W_3[i, j])·h_2′(a_2[j])',
      'W@2[i,j] = ∂E/∂a_2[i]·z_1[j]',
      'b@2[i] = ∂E/∂a_2[i]',
      'a@1[j] = (Σ_{i=1..units_2} ∂E/∂a_2[i]·W_2[i, j])·h_1′(a_1[j])',
      'W@1[i,j] = ∂E/∂a_1[i]·x[j]',
      'b@1[i] = ∂E/∂a_1[i]',
    ]);
  });

  it('with ζ = ∂E/∂z, one sample', () => {
    expect(formulas('z', 'one')).toEqual([
      'z@3[i] = z_3[i] - t[i]',
      'W@3[i,j] = ∂E/∂z_3[i]·h_3′(a_3[i])·z_2[j]',
      'b@3[i] = ∂E/∂z_3[i]·h_3′(a_3[i])',
      'z@2[j] = Σ_{i=1..units_3} ∂E/∂z_3[i]·h_3′(a_3[i])·W_3[i, j]',
      'W@2[i,j] = ∂E/∂z_2[i]·h_2′(a_2[i])·z_1[j]',
      'b@2[i] = ∂E/∂z_2[i]·h_2′(a_2[i])',
      'z@1[j] = Σ_{i=1..units_2} ∂E/∂z_2[i]·h_2′(a_2[i])·W_2[i, j]',
      'W@1[i,j] = ∂E/∂z_1[i]·h_1′(a_1[i])·x[j]',
      'b@1[i] = ∂E/∂z_1[i]·h_1′(a_1[i])',
    ]);
  });

  it('sums over the samples appear by themselves, and only on shared tensors', () => {
    expect(formulas('a', 'all').slice(0, 4)).toEqual([
      'a@3[s,i] = (z_3[s, i] - t[s, i])·h_3′(a_3[s, i])',
      'W@3[i,j] = Σ_{s=1..samples} ∂E/∂a_3[s, i]·z_2[s, j]',
      'b@3[i] = Σ_{s=1..samples} ∂E/∂a_3[s, i]',
      'a@2[s,j] = (Σ_{i=1..units_3} ∂E/∂a_3[s, i]·W_3[i, j])·h_2′(a_2[s, j])',
    ]);
  });
});
