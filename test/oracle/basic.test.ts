// Residual blocks, several inputs, gates and other layers without axes of their own, against loops written by hand.

import { confront } from './confront.ts';
import { added, affine, dense, dot, halfSquares, type Matrix, transposed, type Vector } from './parts.ts';
import { bits, type Tensors } from './run.ts';
import {
  constant, exp, greatest, identity, minus, over, plus, relu, type Scalar, sigmoid, silu, softplus, square, tanh, times,
} from './tape.ts';

const layer = (p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const products = (u: Vector, v: Vector): Vector => u.map((x, i) => times(x, v[i]!));

function residual(p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector {
  return added(x, affine(p.matrix('V', k), layer(p, k, x, h), p.vector('c', k)));
}

function highway(p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector {
  const H = dense(p.matrix('W_H', k), p.vector('b_H', k), x, h);
  const T = dense(p.matrix('W_T', k), p.vector('b_T', k), x, sigmoid);
  return x.map((one, i) => plus(times(H[i]!, T[i]!), times(one, minus(1, T[i]!))));
}

/** k1 = f(x), k2 = f(x + τ/2 k1), k3 = f(x + τ/2 k2), k4 = f(x + τ k3). */
function rungeKutta(p: Tensors, k: number, x: Vector, tau: number): Vector {
  const f = (at: Vector): Vector => layer(p, k, at, tanh);
  const from = (slope: Vector, part: number): Vector => x.map((one, i) => plus(one, times(part, slope[i]!)));
  const k1 = f(x);
  const k2 = f(from(k1, tau / 2));
  const k3 = f(from(k2, tau / 2));
  const k4 = f(from(k3, tau));
  return x.map((one, i) => plus(one, times(tau / 6, plus(k1[i]!, times(2, k2[i]!), times(2, k3[i]!), k4[i]!))));
}

confront([
  {
    network: 'residual',
    one: (p, { x, t }) => {
      const first = layer(p, 1, x.vector('x'), tanh);
      const y = layer(p, 4, residual(p, 3, residual(p, 2, first, softplus), sigmoid), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'concatenation',
    one: (p, { x, t }) => {
      const joined = [...layer(p, 1, x.vector('x'), tanh), ...layer(p, 2, x.vector('w'), sigmoid)];
      const y = layer(p, 5, layer(p, 4, joined, softplus), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'dropout',
    inputs: { mask: bits },
    one: (p, { x, t }) => {
      const kept = layer(p, 1, x.vector('x'), tanh).map((z, i) => times(z, over(x.vector('mask')[i]!, 0.75)));
      const y = layer(p, 3, kept, identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'glu',
    one: (p, { x, t }) => {
      const input = x.vector('x');
      const gated = products(affine(p.matrix('W', 1), input, p.vector('b', 1)), dense(p.matrix('V', 1), p.vector('c', 1), input, sigmoid));
      const hidden = products(affine(p.matrix('W', 2), gated).map(silu), affine(p.matrix('V', 2), gated));
      const y = layer(p, 3, affine(p.matrix('W_2', 2), hidden), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'highway',
    one: (p, { x, t }) => {
      const y = layer(p, 4, highway(p, 3, highway(p, 2, layer(p, 1, x.vector('x'), tanh), relu), tanh), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'maxout',
    one: (p, { x, t }) => {
      const maxout = (k: number, input: Vector): Vector =>
        p.cube('W', k).map((pieces, i) => greatest(affine(pieces, input, p.matrix('b', k)[i])));
      const y = layer(p, 3, maxout(2, maxout(1, x.vector('x'))), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'bilinear',
    one: (p, { x, t }) => {
      const left = layer(p, 1, x.vector('x'), tanh);
      const right = layer(p, 2, x.vector('y'), softplus);
      const compared = p.cube('W', 3).map((W, o) => sigmoid(plus(dot(left, affine(W, right)), p.vector('b', 3)[o]!)));
      const y = layer(p, 4, compared, identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'radial-basis',
    one: (p, { x, t }) => {
      const z = layer(p, 1, x.vector('x'), tanh);
      const near = p.matrix('c', 2).map((centre, i) =>
        exp(times(-1, times(p.vector('beta', 2)[i]!, plus(...z.map((one, j) => square(minus(one, centre[j]!))))))));
      const y = layer(p, 3, near, identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'tied-autoencoder',
    one: (p, { x, t }) => {
      const encode = layer(p, 1, x.vector('x'), sigmoid);
      const code = layer(p, 2, encode, tanh);
      const uncode = dense(transposed(p.matrix('W', 2)), p.vector('b', 3), code, sigmoid);
      const y = dense(transposed(p.matrix('W', 1)), p.vector('b', 4), uncode, identity);
      return { y, loss: over(plus(...y.map((one, i) => square(minus(one, t[i]!)))), y.length) };
    },
  },
  {
    network: 'factorisation-machine',
    one: (p, { x, t }) => {
      const z = layer(p, 1, x.vector('x'), tanh);
      const v = p.matrix('v', 2);
      const pairs = z.flatMap((left, i) => z.slice(i + 1).map((right, n) => times(dot(v[i]!, v[i + 1 + n]!), times(left, right))));
      const y = [plus(p.scalar('w_0', 2), dot(p.vector('w', 2), z), ...pairs)];
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'kolmogorov-arnold',
    one: (p, { x, t }) => {
      // Σ_j Σ_p C[i][j][p] f_p(x_j)
      const sums = (k: number, functions: Matrix): Vector =>
        p.cube('C', k).map((C) => plus(...C.flatMap((coefficients, j) => coefficients.map((c, n) => times(c, functions[j]![n]!)))));
      const powers = (u: Scalar): Vector => [constant(1), u, square(u)];
      const chebyshev = (u: Scalar): Vector => [
        constant(1), u, minus(times(2, square(u)), 1), minus(times(4, times(u, square(u))), times(3, u)),
        plus(times(8, square(square(u))), times(-8, square(u)), 1),
      ];
      const hidden = sums(1, x.vector('x').map(powers));
      const y = sums(2, hidden.map((z) => chebyshev(tanh(z))));
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'neural-ode',
    one: (p, { x, t }) => {
      const y = layer(p, 4, rungeKutta(p, 3, rungeKutta(p, 2, layer(p, 1, x.vector('x'), identity), 0.5), 0.25), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
]);
