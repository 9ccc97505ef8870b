// Attention and transformer blocks, against loops written by hand.

import { confront } from './confront.ts';
import { added, attention, causalHeads, crossEntropy, dense, halfSquares, logSoftmax, type Matrix, scaled, standardised, type Vector } from './parts.ts';
import { type Tensors, weights, whole } from './run.ts';
import { gelu, identity, mean, minus, type Scalar, silu, tanh } from './tape.ts';

const atEachStep = (p: Tensors, k: number, x: Matrix, h: (a: Scalar) => Scalar): Matrix =>
  x.map((now) => dense(p.matrix('W', k), p.vector('b', k), now, h));
const heads = (p: Tensors, k: number, x: Matrix): Matrix =>
  causalHeads({ W_Q: p.cube('W_Q', k), W_K: p.cube('W_K', k), W_V: p.cube('W_V', k), W_O: p.cube('W_O', k) }, x);
const normalised = (gamma: Vector, beta: Vector, x: Matrix): Matrix => x.map((now) => scaled(gamma, standardised(now, 1e-5), beta));
const past = (x: Matrix, y: Matrix): Matrix => x.map((now, n) => added(now, y[n]!));

/** x + attention(norm(x)), and of that the same with two dense layers. */
function block(p: Tensors, k: number, x: Matrix, f: (a: Scalar) => Scalar): Matrix {
  const after = past(x, heads(p, k, normalised(p.vector('gamma_1', k), p.vector('beta_1', k), x)));
  const inner = normalised(p.vector('gamma_2', k), p.vector('beta_2', k), after)
    .map((now) => dense(p.matrix('W_1', k), p.vector('b_1', k), now, f))
    .map((now) => dense(p.matrix('W_2', k), p.vector('b_2', k), now, identity));
  return past(after, inner);
}

confront([
  {
    network: 'attention',
    one: (p, { x, t }) => {
      const [Q, K, V] = [atEachStep(p, 1, x.matrix('x'), identity), atEachStep(p, 2, x.matrix('y'), tanh), atEachStep(p, 3, x.matrix('y'), tanh)];
      const y = atEachStep(p, 5, attention(Q, K, V), identity);
      return { y: y.flat(), loss: mean(3, (n) => halfSquares(y[n]!, t.slice(2 * n, 2 * n + 2))) };
    },
  },
  {
    network: 'multi-head-attention', target: weights(3),
    one: (p, { x, t }) => {
      const y = atEachStep(p, 3, heads(p, 2, atEachStep(p, 1, x.matrix('x'), tanh)), identity);
      return { y: y.flat(), loss: mean(5, (n) => crossEntropy(y[n]!, t.slice(3 * n, 3 * n + 3))) };
    },
  },
  {
    network: 'transformer', mean: true, target: whole(5),
    one: (p, { x, t }) => {
      const embedded = atEachStep(p, 1, x.matrix('x'), identity);
      const after = past(embedded, heads(p, 3, normalised(p.vector('gamma', 2), p.vector('beta', 2), embedded)));
      const inner = atEachStep(p, 7, atEachStep(p, 6, normalised(p.vector('gamma', 5), p.vector('beta', 5), after), gelu), identity);
      const y = atEachStep(p, 9, past(after, inner), identity);
      return { y: y.flat(), loss: mean(4, (n) => minus(0, logSoftmax(y[n]!)[t[n]! - 1]!)) };
    },
  },
  {
    network: 'transformer-block', target: weights(3),
    one: (p, { x, t }) => {
      const y = atEachStep(p, 4, block(p, 3, block(p, 2, atEachStep(p, 1, x.matrix('x'), identity), gelu), silu), identity);
      return { y: y.flat(), loss: mean(4, (n) => crossEntropy(y[n]!, t.slice(3 * n, 3 * n + 3))) };
    },
  },
]);
