// Convolutions with stride, padding, dilation and groups, transposed ones, and pooling, against loops written by hand.

import { confront } from './confront.ts';
import {
  average, convolution, convolution2, crossEntropy, type Cube, dense, halfSquares, type Matrix, maxPooled, spread, type Vector, windows,
} from './parts.ts';
import { type Tensors, weights } from './run.ts';
import { greatest, identity, type Scalar, sigmoid, silu, sin, softplus, tanh } from './tape.ts';

type Pointwise = (a: Scalar) => Scalar;
const layer = (p: Tensors, k: number, x: Vector, h: Pointwise): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const all = (x: Matrix, h: Pointwise): Matrix => x.map((row) => row.map(h));
const conv = (p: Tensors, k: number, x: Matrix, h: Pointwise, window = {}): Matrix => all(convolution(p.cube('W', k), p.vector('b', k), x, window), h);
const conv2 = (p: Tensors, k: number, x: Cube, h: Pointwise, window = {}): Cube =>
  convolution2(p.tesseract('W', k), p.vector('b', k), x, window).map((channel) => all(channel, h));

/** Every channel by itself: a convolution with one channel and one filter. */
const depthwise = (p: Tensors, k: number, x: Cube, h: Pointwise, window = {}): Cube =>
  x.map((channel, c) => all(convolution2([[p.cube('W', k)[c]!]], [p.vector('b', k)[c]!], [channel], window)[0]!, h));

const maxPooled2 = (x: Matrix, rows: number, columns: number, stride: number): Matrix => {
  const down = Math.floor((x.length - rows) / stride) + 1;
  return Array.from({ length: down }, (_, m) => {
    const band = x.slice(m * stride, m * stride + rows);
    const cells = band.map((row) => windows(row, columns, stride));
    return cells[0]!.map((_cell, n) => greatest(cells.flatMap((row) => row[n]!)));
  });
};

confront([
  {
    network: 'conv1d',
    one: (p, { x, t }) => {
      const first = conv(p, 1, x.matrix('x'), tanh, { stride: 2, padding: 1 });
      const y = layer(p, 4, conv(p, 2, first, softplus, { dilation: 3, padding: 2 }).map(average), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'conv2d', target: weights(3),
    one: (p, { x, t }) => {
      const first = conv2(p, 1, x.cube('x'), tanh, { padding: 1 });
      const pooled = depthwise(p, 2, first, softplus, { dilation: 2 }).map((channel) => maxPooled2(channel, 2, 3, 2));
      const last = conv2(p, 4, pooled, silu, { stride: 2, padding: 1 });
      const y = layer(p, 6, last.map((channel) => average(channel.flat())), identity);
      return { y, loss: crossEntropy(y, t) };
    },
  },
  {
    network: 'transposed-conv1d',
    one: (p, { x, t }) => {
      const first = all(spread(p.cube('W', 1), p.vector('b', 1), x.matrix('x'), { stride: 2, padding: 1 }), tanh);
      const second = all(spread(p.cube('W', 2), p.vector('b', 2), first, { dilation: 2 }), sigmoid);
      const y = conv(p, 3, second, identity, { stride: 3 }).map(average);
      return { y, loss: halfSquares(y, t) };
    },
  },
  {
    network: 'pooling',
    one: (p, { x, t }) => {
      const first = maxPooled(conv(p, 1, x.matrix('x'), tanh), 3, 2);
      const second = conv(p, 3, first, sin, { padding: 1 }).map((row) => windows(row, 2, 1).map(average));
      const y = layer(p, 6, second.map(greatest), identity);
      return { y, loss: halfSquares(y, t) };
    },
  },
]);
