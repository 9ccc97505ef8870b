// Softmax, cross-entropies and their relatives, and losses of every step of time, against loops written by hand.

import { confront } from './confront.ts';
import { crossEntropy, dense, halfSquares, logSoftmax, type Matrix, softmax, type Vector } from './parts.ts';
import { oneHot, type Tensors, weights, whole } from './run.ts';
import { exp, identity, log, mean, minus, plus, type Scalar, sigmoid, softplus, square, tanh, times } from './tape.ts';

const layer = (p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const atEachStep = (p: Tensors, k: number, x: Matrix, h: (a: Scalar) => Scalar): Matrix => x.map((now) => layer(p, k, now, h));

confront([
  {
    network: 'softmax', mean: true, target: weights(4),
    one: (p, { x, t }) => {
      const y = softmax(layer(p, 2, layer(p, 1, x.vector('x'), tanh), identity));
      return { y, loss: minus(0, plus(...y.map((one, i) => times(t[i]!, log(one))))) };
    },
  },
  {
    network: 'softmax-logits', mean: true, target: oneHot(4),
    one: (p, { x, t }) => {
      const y = layer(p, 2, layer(p, 1, x.vector('x'), tanh), identity);
      return { y, loss: crossEntropy(y, t) };
    },
  },
  {
    network: 'label-smoothing', target: oneHot(5),
    one: (p, { x, t }) => {
      const y = layer(p, 2, layer(p, 1, x.vector('x'), softplus), identity);
      return { y, loss: crossEntropy(y, t.map((one) => one * 0.8 + 0.2 / 5)) };
    },
  },
  {
    network: 'focal', mean: true, target: weights(4),
    one: (p, { x, t }) => {
      const y = layer(p, 2, layer(p, 1, x.vector('x'), tanh), identity);
      const logs = logSoftmax(y);
      return { y, loss: minus(0, plus(...logs.map((l, i) => times(t[i]!, times(square(minus(1, exp(l))), l))))) };
    },
  },
  {
    network: 'class-index', mean: true, target: whole(3),
    one: (p, { x, t }) => {
      const y = layer(p, 2, layer(p, 1, x.vector('x'), sigmoid), identity);
      return { y, loss: minus(0, logSoftmax(y)[t[0]! - 1]!) };
    },
  },
  {
    network: 'time-distributed',
    one: (p, { x, t }) => {
      const steps = atEachStep(p, 2, atEachStep(p, 1, x.matrix('x'), tanh), identity);
      return { y: steps.flat(), loss: mean(5, (n) => halfSquares(steps[n]!, t.slice(2 * n, 2 * n + 2))) };
    },
  },
  {
    network: 'embedding', inputs: { x: whole(7) }, target: whole(5),
    one: (p, { x, t }) => {
      const table = p.matrix('E_table', 1);
      const rows = x.vector('x').map((token) => table[token.value - 1]!);
      const steps = atEachStep(p, 3, atEachStep(p, 2, rows, tanh), identity);
      return { y: steps.flat(), loss: mean(6, (n) => minus(0, logSoftmax(steps[n]!)[t[n]! - 1]!)) };
    },
  },
]);
