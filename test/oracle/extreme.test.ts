// Logits far beyond what exp can hold or tell apart: softmax and cross-entropy stay what they are.

import { confront } from './confront.ts';
import { crossEntropy, dense, logSoftmax, softmax, type Vector } from './parts.ts';
import { type Example, oneHot, type Tensors, weights, whole } from './run.ts';
import { exp, identity, minus, plus, type Scalar, sigmoid, softplus, square, tanh, times } from './tape.ts';

const layer = (p: Tensors, k: number, x: Vector, h: (a: Scalar) => Scalar): Vector => dense(p.matrix('W', k), p.vector('b', k), x, h);
const logits = (p: Tensors, x: Vector, h: (a: Scalar) => Scalar): Vector => layer(p, 2, layer(p, 1, x, h), identity);

/** Two classes that compete and two that are far away; one that is certain; all far below 0; beyond the largest number exp gives. */
const far: readonly (readonly number[])[] = [[500, -500, 499.5, 0, -1], [-500, 500, -499, 250, 100], [-500, -500, -499.5, -498, -501], [1000, -1000, 999.25, 998, 0]];
const apart = (classes: number, example: Omit<Example, 'biases'>): readonly Example[] =>
  far.map((values) => ({ ...example, remark: `, logits about ${values.slice(0, classes).join(' ')}`, biases: { layer: 2, values: values.slice(0, classes) } }));

confront([
  ...apart(4, {
    network: 'softmax', mean: true, target: weights(4),
    one: (p, { x, t }) => {
      const a = logits(p, x.vector('x'), tanh);
      return { y: softmax(a), loss: crossEntropy(a, t) };
    },
  }),
  ...apart(4, {
    network: 'softmax-logits', mean: true, target: oneHot(4),
    one: (p, { x, t }) => {
      const y = logits(p, x.vector('x'), tanh);
      return { y, loss: crossEntropy(y, t) };
    },
  }),
  ...apart(5, {
    network: 'label-smoothing', target: oneHot(5),
    one: (p, { x, t }) => {
      const y = logits(p, x.vector('x'), softplus);
      return { y, loss: crossEntropy(y, t.map((one) => one * 0.8 + 0.2 / 5)) };
    },
  }),
  ...apart(4, {
    network: 'focal', mean: true, target: weights(4),
    one: (p, { x, t }) => {
      const y = logits(p, x.vector('x'), tanh);
      return { y, loss: minus(0, plus(...logSoftmax(y).map((l, i) => times(t[i]!, times(square(minus(1, exp(l))), l))))) };
    },
  }),
  ...apart(3, {
    network: 'class-index', mean: true, target: whole(3),
    one: (p, { x, t }) => {
      const y = logits(p, x.vector('x'), sigmoid);
      return { y, loss: minus(0, logSoftmax(y)[t[0]! - 1]!) };
    },
  }),
]);
