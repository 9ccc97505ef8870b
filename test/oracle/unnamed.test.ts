// Layers and losses that the program has never heard of, defined in the files of test/oracle/networks.

import { confront } from './confront.ts';
import { added, affine, dense, dot, halfSquares, logSoftmax, type Matrix, type Vector } from './parts.ts';
import { type Tensors, whole } from './run.ts';
import { constant, exp, identity, log, minus, over, plus, range, type Scalar, sigmoid, sqrt, square, tanh, times, total } from './tape.ts';

const layer = (p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const squares = (x: Vector): Scalar => plus(...x.map(square));
const product = (x: Vector): Scalar => x.reduce((u, v) => times(u, v));

function logSumExp(a: Vector): Scalar {
  const most = Math.max(...a.map((x) => x.value));
  return plus(most, log(plus(...a.map((x) => exp(minus(x, most))))));
}

/** A hidden layer `first`, a linear layer 3 on what `middle` makes of it, and half the squared error. */
const between = (first: (a: Scalar) => Scalar, middle: (p: Tensors, z: Vector) => Vector) =>
  (p: Tensors, { x, t }: { x: Tensors; t: readonly number[] }): { y: Vector; loss: Scalar } => {
    const y = layer(p, 3, middle(p, layer(p, 1, x.vector('x'), first)), identity);
    return { y, loss: halfSquares(y, t) };
  };

confront([
  {
    network: 'squash',
    one: between(tanh, (_, s) => s.map((one) => times(over(squares(s), plus(1, squares(s))), over(one, sqrt(squares(s)))))),
  },
  {
    network: 'response-normalisation',
    one: between(identity, (_, s) => s.map((one, i) => {
      const near = squares(s.filter((_one, j) => Math.abs(i - j) <= 1));
      return over(one, exp(times(0.75, log(plus(2, times(0.3, near))))));
    })),
  },
  {
    network: 'product-units',
    one: between(tanh, (p, a) => p.matrix('W', 2).map((row) => product(row.map((w, j) => plus(1, times(w, a[j]!)))))),
  },
  {
    network: 'vector-quantisation',
    one: between(tanh, (p, a) => {
      const codes = p.matrix('C', 2);
      const distances = codes.map((code) => code.reduce((sum, c, j) => sum + (c.value - a[j]!.value) ** 2, 0));
      const best = codes[distances.indexOf(Math.min(...distances))]!;
      return a.map((one, j) => plus(best[j]!, times(0.25, one)));
    }),
  },
  {
    network: 'weight-normalisation',
    one: (p, { x, t }) => {
      const z = p.matrix('V', 1).map((row, i) => times(p.vector('g', 1)[i]!, over(dot(row, x.vector('x')), sqrt(squares(row)))));
      const y = layer(p, 2, z, tanh);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'toeplitz',
    one: (p, { x, t }) => {
      const w = p.vector('w', 1);
      const y = layer(p, 2, range(5).map((i) => total(4, (j) => times(w[i - j + 3]!, x.vector('x')[j]!))), tanh);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'mixture-density',
    one: (p, { x, t }) => {
      const hidden = layer(p, 1, x.vector('x'), tanh);
      const [w, mu, ls] = [layer(p, 2, hidden, identity), layer(p, 3, hidden, identity), layer(p, 4, hidden, identity)];
      const logs = logSoftmax(w).map((l, k) => {
        const standard = times(minus(t[0]!, mu[k]!), exp(times(-1, ls[k]!)));
        return plus(l, times(-1, ls[k]!), times(-0.5, square(standard)), -0.5 * Math.log(2 * Math.PI));
      });
      return { y: [...w, ...mu, ...ls], loss: minus(0, logSumExp(logs)) };
    },
  },
  {
    network: 'pixel-shuffle',
    one: (p, { x, t }) => {
      const input = x.matrix('x');
      const a = p.cube('W', 1).map((filter) => range(3).map((n) => tanh(plus(...filter.flatMap((row, c) =>
        row.flatMap((w, s) => (n - 2 * s >= 0 ? [times(w, input[c]![n - 2 * s]!)] : [])))))));
      const z = range(2).map((c) => range(6).map((q) => a[2 * c + (q % 2)]![Math.floor(q / 2)]!));
      const y = p.cube('W', 3).map((rows) => plus(...rows.map((row, c) => dot(row, z[c]!))));
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'variational',
    one: (p, { x, t }) => {
      const hidden = layer(p, 1, x.vector('x'), tanh);
      const [mu, logvar] = [layer(p, 2, hidden, identity), layer(p, 3, hidden, identity)];
      const z = mu.map((m, i) => plus(m, times(exp(times(0.5, logvar[i]!)), x.vector('noise')[i]!)));
      const y = layer(p, 5, z, sigmoid);
      const divergence = times(0.5, plus(...mu.map((m, i) => minus(plus(square(m), exp(logvar[i]!)), plus(1, logvar[i]!)))));
      return { y: [...y, ...mu, ...logvar], loss: plus(...y.map((one, i) => square(minus(one, t[i]!))), divergence) };
    },
  },
  {
    network: 'random-field', target: whole(4),
    one: (p, { x, t }) => {
      const scores: Matrix = x.matrix('x').map((now) => layer(p, 1, now, tanh));
      let alpha = scores[0]!;
      for (const now of scores.slice(1)) {
        const before = logSumExp(alpha);
        alpha = now.map((one) => plus(one, before));
      }
      return { y: scores.flat(), loss: minus(logSumExp(alpha), plus(...scores.map((now, n) => now[t[n]! - 1]!))) };
    },
  },
  {
    network: 'iteration',
    one: (p, { x, t }) => {
      let h: Vector = range(4).map(() => constant(0));
      for (let k = 0; k < 5; k += 1) h = added(affine(p.matrix('W', 1), h), affine(p.matrix('V', 1), x.vector('x'))).map(tanh);
      const y = layer(p, 2, h, identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'two-way-recurrence',
    one: (p, { x, t }) => {
      const h: Vector[][] = [];
      x.matrix('x').forEach((row, r) => {
        const line: Vector[] = [];
        h.push(line);
        row.forEach((value, c) => {
          let a: Vector = p.vector('w', 1).map((w) => times(w, value));
          if (r > 0) a = added(a, affine(p.matrix('U', 1), h[r - 1]![c]!));
          if (c > 0) a = added(a, affine(p.matrix('V', 1), line[c - 1]!));
          line.push(a.map(tanh));
        });
      });
      const y = layer(p, 2, h[2]![3]!, identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
], 1e-12, 'test/oracle/networks');
