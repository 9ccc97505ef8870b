// Reverse-mode automatic differentiation of scalars, of the oracle's own: every operation writes down its operands and its slopes.

/** A number that remembers how it was computed. */
export interface Scalar {
  readonly value: number;
  readonly operands: readonly Scalar[];
  /** The slope in each operand. */
  readonly slopes: readonly number[];
  /** When it was computed: operands come before. */
  readonly time: number;
}

let clock = 0;

const record = (value: number, operands: readonly Scalar[], slopes: readonly number[]): Scalar => {
  clock += 1;
  return { value, operands, slopes, time: clock };
};

export const constant = (value: number): Scalar => record(value, [], []);

type Operand = Scalar | number;
const lift = (x: Operand): Scalar => (typeof x === 'number' ? constant(x) : x);

export function plus(...terms: readonly Operand[]): Scalar {
  const all = terms.map(lift);
  return record(all.reduce((s, t) => s + t.value, 0), all, all.map(() => 1));
}

export function minus(left: Operand, right: Operand): Scalar {
  const [a, b] = [lift(left), lift(right)];
  return record(a.value - b.value, [a, b], [1, -1]);
}

export function times(left: Operand, right: Operand): Scalar {
  const [a, b] = [lift(left), lift(right)];
  return record(a.value * b.value, [a, b], [b.value, a.value]);
}

export function over(left: Operand, right: Operand): Scalar {
  const [a, b] = [lift(left), lift(right)];
  return record(a.value / b.value, [a, b], [1 / b.value, -a.value / b.value / b.value]);
}

/** A function of one variable with the slope that it has there. */
const unary = (x: Scalar, value: number, slope: number): Scalar => record(value, [x], [slope]);

export const exp = (x: Scalar): Scalar => unary(x, Math.exp(x.value), Math.exp(x.value));
export const log = (x: Scalar): Scalar => unary(x, Math.log(x.value), 1 / x.value);
export const sqrt = (x: Scalar): Scalar => unary(x, Math.sqrt(x.value), 0.5 / Math.sqrt(x.value));
export const sin = (x: Scalar): Scalar => unary(x, Math.sin(x.value), Math.cos(x.value));
export const tanh = (x: Scalar): Scalar => unary(x, Math.tanh(x.value), 1 / Math.cosh(x.value) ** 2);
export const square = (x: Scalar): Scalar => unary(x, x.value * x.value, 2 * x.value);

export function sigmoid(x: Scalar): Scalar {
  const e = Math.exp(-Math.abs(x.value));
  return unary(x, x.value < 0 ? e / (1 + e) : 1 / (1 + e), e / (1 + e) ** 2);
}

export const softplus = (x: Scalar): Scalar =>
  unary(x, Math.max(x.value, 0) + Math.log1p(Math.exp(-Math.abs(x.value))), sigmoid(x).value);
export const silu = (x: Scalar): Scalar => times(x, sigmoid(x));
export const relu = (x: Scalar): Scalar => unary(x, Math.max(x.value, 0), x.value > 0 ? 1 : 0);
export const identity = (x: Scalar): Scalar => x;
export const logCosh = (x: Scalar): Scalar => unary(x, Math.log(Math.cosh(x.value)), Math.tanh(x.value));

/** x Φ(x), Φ the normal distribution function, by the series of the error function (fine for |x| < 5). */
export function gelu(x: Scalar): Scalar {
  const u = x.value;
  let term = u;
  let series = u;
  for (let n = 1; Math.abs(term) > 1e-20 * Math.abs(series); n += 1) {
    term *= (u * u) / (2 * n + 1);
    series += term;
  }
  const density = Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI);
  const below = 0.5 + density * series;
  return unary(x, u * below, below + u * density);
}

export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
/** Σ f(i) for i = 0..n-1. */
export const total = (n: number, f: (i: number) => Operand): Scalar => plus(...range(n).map(f));
export const mean = (n: number, f: (i: number) => Operand): Scalar => over(total(n, f), n);
/** The greatest; of equals, the first. */
export const greatest = (xs: readonly Scalar[]): Scalar => xs.reduce((most, x) => (x.value > most.value ? x : most));

/** ∂result/∂x for every x asked for: from the result down, each number after all that were computed from it. */
export function slopesOf(result: Scalar, of: readonly Scalar[]): readonly number[] {
  const adjoints = new Map<Scalar, number>([[result, 1]]);
  const seen = new Set<Scalar>([result]);
  const stack = [result];
  const order: Scalar[] = [];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    order.push(next);
    for (const operand of next.operands) {
      if (seen.has(operand)) continue;
      seen.add(operand);
      stack.push(operand);
    }
  }
  order.sort((a, b) => b.time - a.time);
  for (const node of order) {
    const adjoint = adjoints.get(node) ?? 0;
    node.operands.forEach((operand, n) => adjoints.set(operand, (adjoints.get(operand) ?? 0) + adjoint * node.slopes[n]!));
  }
  return of.map((x) => adjoints.get(x) ?? 0);
}
