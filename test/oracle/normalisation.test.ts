// Normalisation over features, groups, root mean squares and samples, against loops written by hand.

import { confront } from './confront.ts';
import { convolution, dense, halfSquares, type Matrix, scaled, standardised, transposed, type Vector } from './parts.ts';
import type { Tensors } from './run.ts';
import { identity, logCosh, mean, minus, over, plus, type Scalar, sigmoid, silu, softplus, sqrt, square, tanh, times } from './tape.ts';

const layer = (p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const normalised = (p: Tensors, k: number, x: Vector, epsilon: number): Vector => scaled(p.vector('gamma', k), standardised(x, epsilon), p.vector('beta', k));

/** Every feature standardised over the samples. */
function overSamples(p: Tensors, k: number, x: Matrix, epsilon: number): Matrix {
  const hats = transposed(transposed(x).map((feature) => standardised(feature, epsilon)));
  return hats.map((hat) => scaled(p.vector('gamma', k), hat, p.vector('beta', k)));
}

confront([
  {
    network: 'layer-normalisation',
    one: (p, { x, t }) => {
      const first = normalised(p, 2, layer(p, 1, x.vector('x'), identity), 1e-5);
      const y = layer(p, 5, normalised(p, 4, layer(p, 3, first, tanh), 1e-3), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'rms-normalisation',
    one: (p, { x, t }) => {
      const z = layer(p, 1, x.vector('x'), silu);
      const rms = sqrt(plus(mean(z.length, (i) => square(z[i]!)), 1e-5));
      const y = layer(p, 3, z.map((one, i) => times(p.vector('gamma', 2)[i]!, over(one, rms))), identity);
      return { y, loss: plus(...y.map((one, i) => logCosh(minus(one, t[i]!)))) };
    },
  },
  {
    network: 'grouped-conv1d',
    one: (p, { x, t }) => {
      const first = x.cube('x').map((group, g) =>
        convolution(p.tesseract('W', 1)[g]!, p.matrix('b', 1)[g]!, group, { stride: 2, padding: 1 }).map((row) => row.map(sigmoid)));
      const second = first.map((group, g) => {
        const positions = group[0]!.length;
        const hat = standardised(group.flat(), 1e-5);
        return group.map((row, c) => row.map((_, l) =>
          plus(times(p.matrix('gamma', 2)[g]![c]!, hat[c * positions + l]!), p.matrix('beta', 2)[g]![c]!)));
      });
      const y = second.map((group, g) => convolution(p.tesseract('W', 3)[g]!, p.matrix('b', 3)[g]!, group)).flat(2);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'batch-normalisation', mean: true,
    all: (p, samples) => {
      const first = overSamples(p, 2, samples.map(({ x }) => layer(p, 1, x.vector('x'), tanh)), 1e-5);
      const second = overSamples(p, 4, first.map((z) => layer(p, 3, z, softplus)), 1e-2);
      return second.map((z, s) => {
        const y = layer(p, 5, z, identity);
        return { y, loss: halfSquares(y, samples[s]!.t) };
      });
    },
  },
]);
