// Recurrent layers, step by step through time, against loops written by hand.

import { confront } from './confront.ts';
import { dense, elman, gru, halfSquares, lstm, type Gate, type Matrix } from './parts.ts';
import type { Outcome, Tensors } from './run.ts';
import { identity, mean, tanh } from './tape.ts';

const gate = (p: Tensors, name: string): Gate => ({ W: p.matrix(`W_${name}`, 1), U: p.matrix(`U_${name}`, 1), b: p.vector(`b_${name}`, 1) });

/** A dense layer at each step, and the mean of the squared errors. */
function read(p: Tensors, h: Matrix, t: readonly number[]): Outcome {
  const y = h.map((now) => dense(p.matrix('W', 2), p.vector('b', 2), now, identity));
  return { y: y.flat(), loss: mean(y.length, (n) => halfSquares(y[n]!, t.slice(2 * n, 2 * n + 2))) };
}

confront([
  {
    network: 'elman',
    one: (p, { x, t }) => read(p, elman(p.matrix('W', 1), p.matrix('U', 1), p.vector('b', 1), x.matrix('x'), tanh), t),
  },
  {
    network: 'lstm',
    one: (p, { x, t }) => read(p, lstm({ i: gate(p, 'i'), f: gate(p, 'f'), o: gate(p, 'o'), g: gate(p, 'g') }, x.matrix('x')), t),
  },
  {
    network: 'gru',
    one: (p, { x, t }) => read(p, gru({ r: gate(p, 'r'), z: gate(p, 'z'), n: gate(p, 'n') }, x.matrix('x')), t),
  },
  {
    network: 'bidirectional',
    one: (p, { x, t }) => {
      const [first, second] = [gate(p, 'forward'), gate(p, 'back')];
      const onwards = elman(first.W, first.U, first.b, x.matrix('x'), tanh);
      const back = elman(second.W, second.U, second.b, x.matrix('x').toReversed(), tanh).toReversed();
      return read(p, onwards.map((h, n) => [...h, ...back[n]!]), t);
    },
  },
]);
