// The forward passes of layers and losses, as plain loops over nested arrays, each from its definition in the literature.

import {
  constant, exp, greatest, log, mean, minus, over, plus, range, type Scalar, square, sqrt, tanh, times, total, sigmoid,
} from './tape.ts';

export type Vector = readonly Scalar[];
export type Matrix = readonly Vector[];
export type Cube = readonly Matrix[];
export type Tesseract = readonly Cube[];
export type Pointwise = (x: Scalar) => Scalar;

export const dot = (u: Vector, v: Vector): Scalar => total(u.length, (i) => times(u[i]!, v[i]!));
export const affine = (W: Matrix, x: Vector, b?: Vector): Vector => W.map((row, i) => (b === undefined ? dot(row, x) : plus(dot(row, x), b[i]!)));
export const dense = (W: Matrix, b: Vector, x: Vector, h: Pointwise): Vector => affine(W, x, b).map(h);
export const added = (u: Vector, v: Vector): Vector => u.map((x, i) => plus(x, v[i]!));
export const transposed = (W: Matrix): Matrix => W[0]!.map((_, j) => W.map((row) => row[j]!));

/** exp(a_i - m) / Σ_j exp(a_j - m), m the greatest: logits of any size. */
export function softmax(a: Vector): Vector {
  const m = Math.max(...a.map((x) => x.value));
  const e = a.map((x) => exp(minus(x, m)));
  const sum = plus(...e);
  return e.map((x) => over(x, sum));
}

/** log p_i of the softmax. */
export function logSoftmax(a: Vector): Vector {
  const m = Math.max(...a.map((x) => x.value));
  const norm = plus(log(plus(...a.map((x) => exp(minus(x, m))))), m);
  return a.map((x) => minus(x, norm));
}

export const crossEntropy = (logits: Vector, t: readonly number[]): Scalar =>
  minus(0, total(t.length, (i) => times(t[i]!, logSoftmax(logits)[i]!)));
export const halfSquares = (y: Vector, t: readonly number[]): Scalar => times(0.5, total(y.length, (i) => square(minus(y[i]!, t[i]!))));

/** (x - mean) / √(variance + ε), the variance divided by n. */
export function standardised(x: Vector, epsilon: number): Vector {
  const mu = mean(x.length, (i) => x[i]!);
  const variance = mean(x.length, (i) => square(minus(x[i]!, mu)));
  return x.map((one) => over(minus(one, mu), sqrt(plus(variance, epsilon))));
}
export const scaled = (gamma: Vector, x: Vector, beta: Vector): Vector => x.map((one, i) => plus(times(gamma[i]!, one), beta[i]!));

interface Window { readonly stride: number; readonly padding: number; readonly dilation: number }
const plain: Window = { stride: 1, padding: 0, dilation: 1 };
const positions = (length: number, taps: number, { stride, padding, dilation }: Window): number =>
  Math.floor((length + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1;

/** z[o][l] = b_o + Σ_c Σ_s W[o][c][s] · padded x[c][l·stride + s·dilation], all counted from 0. */
export function convolution(W: Cube, b: Vector, x: Matrix, window: Partial<Window> = {}): Matrix {
  const w = { ...plain, ...window };
  const taps = W[0]![0]!.length;
  return W.map((filter, o) => range(positions(x[0]!.length, taps, w)).map((l) => {
    const terms = [b[o]!];
    filter.forEach((row, c) => row.forEach((weight, s) => {
      const at = l * w.stride + s * w.dilation - w.padding;
      if (at >= 0 && at < x[c]!.length) terms.push(times(weight, x[c]![at]!));
    }));
    return plus(...terms);
  }));
}

/** The same over images: W[o][c][u][v], x[c][row][column]. */
export function convolution2(W: Tesseract, b: Vector, x: Cube, window: Partial<Window> = {}): Cube {
  const w = { ...plain, ...window };
  const [rows, columns] = [W[0]![0]!.length, W[0]![0]![0]!.length];
  const [height, width] = [x[0]!.length, x[0]![0]!.length];
  return W.map((filter, o) => range(positions(height, rows, w)).map((m) => range(positions(width, columns, w)).map((n) => {
    const terms = [b[o]!];
    filter.forEach((kernel, c) => kernel.forEach((row, u) => row.forEach((weight, v) => {
      const [y, z] = [m * w.stride + u * w.dilation - w.padding, n * w.stride + v * w.dilation - w.padding];
      if (y >= 0 && y < height && z >= 0 && z < width) terms.push(times(weight, x[c]![y]![z]!));
    })));
    return plus(...terms);
  })));
}

/** Every x[c][l] spreads W[c][o][·]·x[c][l] over the outputs; padding cuts both ends off. */
export function spread(W: Cube, b: Vector, x: Matrix, window: Partial<Window> = {}): Matrix {
  const { stride, padding, dilation } = { ...plain, ...window };
  const taps = W[0]![0]!.length;
  const length = x[0]!.length;
  const full = stride * (length - 1) + dilation * (taps - 1) + 1;
  const rows = b.map((bias) => range(full).map(() => [bias]));
  x.forEach((channel, c) => channel.forEach((value, l) => {
    W[c]!.forEach((row, o) => row.forEach((weight, s) => rows[o]![l * stride + s * dilation]!.push(times(weight, value))));
  }));
  return rows.map((row) => row.slice(padding, full - padding).map((terms) => plus(...terms)));
}

export const windows = (row: Vector, size: number, stride: number): Matrix =>
  range(Math.floor((row.length - size) / stride) + 1).map((l) => row.slice(l * stride, l * stride + size));
export const average = (xs: Vector): Scalar => mean(xs.length, (i) => xs[i]!);
export const maxPooled = (x: Matrix, size: number, stride: number): Matrix => x.map((row) => windows(row, size, stride).map(greatest));

/** P V, P the softmax over the keys of Q Kᵀ/√d; with `causal`, over the keys up to the query's own step. */
export function attention(Q: Matrix, K: Matrix, V: Matrix, causal = false): Matrix {
  return Q.map((q, t) => {
    const seen = causal ? K.slice(0, t + 1) : K;
    const p = softmax(seen.map((k) => over(dot(q, k), Math.sqrt(q.length))));
    return V[0]!.map((_, d) => total(seen.length, (s) => times(p[s]!, V[s]![d]!)));
  });
}

export interface Heads { readonly W_Q: Cube; readonly W_K: Cube; readonly W_V: Cube; readonly W_O: Cube }

/** The heads side by side, W_O over all of them: W_O[model][head][width]. */
export function causalHeads({ W_Q, W_K, W_V, W_O }: Heads, X: Matrix): Matrix {
  const heads = W_Q.map((_, h) => attention(
    X.map((x) => affine(W_Q[h]!, x)), X.map((x) => affine(W_K[h]!, x)), X.map((x) => affine(W_V[h]!, x)), true,
  ));
  return X.map((_, t) => W_O.map((row) => plus(...heads.map((head, h) => dot(row[h]!, head[t]!)))));
}

const zeros = (n: number): Vector => range(n).map(() => constant(0));

/** h_t = f(W x_t + U h_{t-1} + b), h_0 = 0. */
export function elman(W: Matrix, U: Matrix, b: Vector, x: Matrix, f: Pointwise): Matrix {
  let h = zeros(b.length);
  return x.map((now) => {
    h = added(affine(W, now, b), affine(U, h)).map(f);
    return h;
  });
}

export interface Gate { readonly W: Matrix; readonly U: Matrix; readonly b: Vector }
const gate = ({ W, U, b }: Gate, x: Vector, h: Vector): Vector => added(affine(W, x, b), affine(U, h));

/** Hochreiter and Schmidhuber's memory with the forget gate of Gers, Schmidhuber and Cummins. */
export function lstm(gates: { readonly i: Gate; readonly f: Gate; readonly o: Gate; readonly g: Gate }, x: Matrix): Matrix {
  let h = zeros(gates.i.b.length);
  let c = h;
  return x.map((now) => {
    const [i, f, o] = [gate(gates.i, now, h).map(sigmoid), gate(gates.f, now, h).map(sigmoid), gate(gates.o, now, h).map(sigmoid)];
    const g = gate(gates.g, now, h).map(tanh);
    c = c.map((before, k) => plus(times(f[k]!, before), times(i[k]!, g[k]!)));
    h = c.map((cell, k) => times(o[k]!, tanh(cell)));
    return h;
  });
}

/** Cho and others' unit: the reset gate is applied to h before U, and z keeps what was there. */
export function gru(gates: { readonly r: Gate; readonly z: Gate; readonly n: Gate }, x: Matrix): Matrix {
  let h = zeros(gates.r.b.length);
  return x.map((now) => {
    const r = gate(gates.r, now, h).map(sigmoid);
    const z = gate(gates.z, now, h).map(sigmoid);
    const n = gate(gates.n, now, h.map((one, k) => times(r[k]!, one))).map(tanh);
    h = h.map((before, k) => plus(times(minus(1, z[k]!), n[k]!), times(z[k]!, before)));
    return h;
  });
}
