// What files state of their tensors: read as formulas, and put to work with the layer that states it.

import { describe, expect, test } from 'vitest';
import { tensorKey } from '../../src/algebra/expression.ts';
import { allSamples } from '../../src/spec/samples.ts';
import { showRange } from '../../src/spec/show.ts';
import { visit } from '../../src/algebra/traverse.ts';
import type { Expression } from '../../src/algebra/expression.ts';
import { read } from './system-value.ts';

const network = (sample: string): ReturnType<typeof read> => read(`
network: example
input: 3
layers: [{ layer: weighted, n: 2 }${sample}]
loss: stated
define:
  layers:
    - layer: weighted
      axes: { i: n, j: inputs }
      input: { x: [j] }
      output: { z: [i] }
      parameters: { W: [i, j] }
      assume: ["sum(j, W[i, j]) = 1", "W[1, 1] == x[1]"]
      equations: { "z[i]": "sum(j, W[i, j] * x[j])" }
    - layer: centred
      axes: { s: samples, i: n }
      input: { x: [s, i] }
      output: { z: [s, i] }
      assume: ["sum(s, x[s, i]) = 0"]
      equations: { "z[s, i]": "x[s, i] - sum(s, x[s, i]) / samples" }
  losses:
    - loss: stated
      axes: { i: outputs }
      input: { y: [i] }
      target: { t: [i] }
      assume: ["sum(i, t[i]) = 1"]
      expression: sum(i, (y[i] - t[i])^2)
`);

const entriesOf = (e: Expression): readonly string[] => {
  const found: string[] = [];
  visit(e, (x) => {
    if (x.kind === 'ref') found.push(`${tensorKey(x.tensor)}/${String(x.indices.length)}`);
  });
  return found;
};
const shown = (system: ReturnType<typeof read>['system']): readonly string[] => (system.assumptions ?? []).map(({ axes, left, right }) =>
  `${axes.map((a) => `${a.index} in ${showRange(a.range)}`).join(', ')}: ${[...entriesOf(left), ...entriesOf(right)].join(' ')}`);

describe('assumptions', () => {
  test('are those of the layers at work, for all values of the letters that stand free', () => {
    const { system } = network('');
    expect(system.assumptions?.map((a) => [a.text, a.right.kind])).toEqual([
      ['sum(j, W[i, j]) = 1', 'number'], ['W[1, 1] == x[1]', 'ref'], ['sum(i, t[i]) = 1', 'number'],
    ]);
    expect(shown(system)).toEqual(['i in 1..n^(1): W@1/2', ': W@1/2 x@/1', ': t@/1']);
  });

  test('get the samples axis where they speak of tensors that each sample has for itself', () => {
    expect(shown(allSamples(network('')))).toEqual(['i in 1..n^(1): W@1/2', 's in 1..samples: W@1/2 x@/2', 's in 1..samples: t@/2']);
    expect(shown(allSamples(network(', centred')))).toEqual([
      'i in 1..n^(1): W@1/2', 's in 1..samples: W@1/2 x@/2', 'i in 1..n^(1): z@1/2', 's in 1..samples: t@/2',
    ]);
  });
});
