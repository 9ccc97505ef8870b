// Statistics of a tensor: what is found from it with fewer axes and meets it again; not whatever has fewer axes.

import { describe, expect, it } from 'vitest';
import { indexEquations } from '../../src/derive/direct.ts';
import { backward, signalsOf } from '../../src/derive/reverse.ts';
import { statisticsFor } from '../../src/derive/statistics.ts';
import { shippedLibrary } from '../../src/spec/library.ts';
import { readNetwork } from '../../src/spec/read.ts';
import { oneSample } from '../../src/spec/samples.ts';

/** The statistics of y, which is W x + b, in a layer that goes on with these equations. */
function statistics(equations: readonly string[], output = 'n'): readonly string[] {
  const network = readNetwork({
    file: 'example.yaml',
    text: `
network: example
input: 3
layers: [{ layer: own, n: 3 }]
loss: half-squared-error
define:
  layers:
    - layer: own
      axes: { i: n, j: n, k: inputs }
      input: { x: [inputs] }
      output: { z: [${output}] }
      parameters: { W: [n, inputs], b: [n], c: [n], d: [] }
      equations:
        y[i]: sum(k, W[i, k] * x[k]) + b[i]
${equations.map((e) => `        ${e}`).join('\n')}
`,
  }, shippedLibrary, { signal: 'z' });
  const reverse = backward(oneSample(network), signalsOf(network));
  const own = reverse.equations.find((e) => e.tensor.name === 'y');
  expect(reverse.equations.map((e) => e.tensor.name)).toContain('y');
  return own === undefined ? [] : [...statisticsFor(own, reverse, indexEquations(reverse.system)).keys()];
}

describe('a tensor with fewer axes is a statistic', () => {
  it('where an equation reads it and what it was found from', () => {
    expect(statistics(['mu: sum(j, c[j] * y[j])', 'z[i]: tanh(y[i] - mu) * y[i]'])).toEqual(['mu@1']);
  });

  it('where what is found from it with few axes does', () => {
    expect(statistics(['mu: sum(j, c[j] * y[j])', 's: exp(mu) + mu^2 * d', 'z[i]: tanh(y[i] * s + b[i] * s) * y[i]'])).toContain('mu@1');
  });

  it('and is none where it goes on alone: its adjoint is an adjoint like any other', () => {
    expect(statistics(['mu: sum(j, c[j] * y[j])', 'u[i]: tanh(b[i] * mu) + sin(c[i] * mu)', 'z[i]: u[i] * y[i]'])).toEqual([]);
  });
});
