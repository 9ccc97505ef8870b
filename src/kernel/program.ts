// The loop program: what a kernel does, as data. Lowering makes one from equations, passes rewrite it, one printer
// writes it as TypeScript and as JavaScript.

import type { Affine } from '../algebra/affine.ts';

export type BufferKind =
  | 'parameter' | 'gradient' | 'input' | 'target' | 'output' | 'forward' | 'adjoint' | 'scratch' | 'total';

/** A flat array of the kernel: `entries` for each sample where it is per sample, else altogether. */
export interface Buffer {
  readonly name: string;
  readonly kind: BufferKind;
  readonly entries: number;
  readonly perSample: boolean;
  /** Parameters and gradients are pieces of one flat array, the others arrays of their own. */
  readonly within: { readonly array: 'parameters' | 'gradient'; readonly offset: number } | null;
}

export type MathName =
  | 'exp' | 'log' | 'sin' | 'cos' | 'tan' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'log1p' | 'expm1' | 'sqrt' | 'pow' | 'abs';

/** A function that is not in Math: it is printed into the module where it is used. */
export type HelperName = 'erf';

export type Scalar =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'load'; readonly buffer: string; readonly at: Affine }
  /** An index, or the number of samples, as a number. */
  | { readonly kind: 'index'; readonly value: Affine }
  | { readonly kind: 'add'; readonly terms: readonly Scalar[] }
  | { readonly kind: 'multiply'; readonly factors: readonly Scalar[] }
  | { readonly kind: 'divide'; readonly numerator: Scalar; readonly denominator: Scalar }
  | { readonly kind: 'math'; readonly name: MathName; readonly arguments: readonly Scalar[] }
  | { readonly kind: 'helper'; readonly name: HelperName; readonly argument: Scalar }
  | { readonly kind: 'select'; readonly test: Condition; readonly then: Scalar; readonly otherwise: Scalar };

export type Condition =
  | { readonly kind: 'index'; readonly relation: '=' | '>='; readonly value: Affine }
  | { readonly kind: 'compare'; readonly relation: '>' | '>=' | '='; readonly left: Scalar; readonly right: Scalar }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly Condition[] }
  | { readonly kind: 'not'; readonly test: Condition };

export type Operator = '=' | '+=';

export type Statement =
  | { readonly kind: 'comment'; readonly lines: readonly string[] }
  /** from = max(from), to = min(to), both inclusive. */
  | {
    readonly kind: 'loop'; readonly index: string; readonly from: readonly Affine[]; readonly to: readonly Affine[];
    readonly descending: boolean; readonly body: readonly Statement[];
  }
  | { readonly kind: 'if'; readonly test: Condition; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
  | { readonly kind: 'let'; readonly name: string; readonly mutable: boolean; readonly value: Scalar }
  | { readonly kind: 'set'; readonly name: string; readonly operator: Operator; readonly value: Scalar }
  /** The index variable has this value, an integer, in what follows in the block: an entry chosen by a stored index. */
  | { readonly kind: 'pin'; readonly index: string; readonly value: Scalar }
  /** Zeros from an entry on. */
  | { readonly kind: 'fill'; readonly buffer: string; readonly from: Affine; readonly length: number }
  | { readonly kind: 'store'; readonly buffer: string; readonly at: Affine; readonly operator: Operator; readonly value: Scalar };

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A function of the module. */
export interface Routine {
  readonly name: string;
  readonly comment: readonly string[];
  readonly body: readonly Statement[];
  /** What it returns: E in straight-line form, nothing in loop form. */
  readonly result: Scalar | null;
}

export interface LoopProgram {
  readonly form: 'loops' | 'straight-line';
  readonly buffers: readonly Buffer[];
  /** Loop form: stage n computes forward equation n. Straight-line form: one routine. */
  readonly forward: readonly Routine[];
  /** Loop form: what follows forward(). Straight-line form: one routine that does both. */
  readonly backward: readonly Routine[];
}

export const literal = (value: number): Scalar => ({ kind: 'literal', value });
export const local = (name: string): Scalar => ({ kind: 'local', name });
export const isLiteral = (e: Scalar, value: number): boolean => e.kind === 'literal' && e.value === value;

/** The sum of terms: flat, 0 left out, literals collected where the first of them stands. */
export function addScalars(terms: readonly Scalar[]): Scalar {
  const flat = terms.flatMap((t) => (t.kind === 'add' ? t.terms : [t]));
  const constant = flat.reduce((sum, t) => (t.kind === 'literal' ? sum + t.value : sum), 0);
  const first = flat.findIndex((t) => t.kind === 'literal');
  const all = flat.flatMap((t, n): readonly Scalar[] =>
    t.kind !== 'literal' ? [t] : n === first && constant !== 0 ? [literal(constant)] : []);
  const [only] = all;
  return only === undefined ? literal(0) : all.length === 1 ? only : { kind: 'add', terms: all };
}

/** The product of factors: 1 left out, literals collected in front; a literal 0 makes it 0. Products inside stay: (x·x)·(x·x). */
export function multiplyScalars(factors: readonly Scalar[]): Scalar {
  let constant = 1;
  const rest: Scalar[] = [];
  for (const factor of factors) {
    if (factor.kind === 'literal') constant *= factor.value;
    else rest.push(factor);
  }
  if (constant === 0) return literal(0);
  const all = constant === 1 ? rest : [literal(constant), ...rest];
  const [only] = all;
  return only === undefined ? literal(1) : all.length === 1 ? only : { kind: 'multiply', factors: all };
}

export const divideScalars = (numerator: Scalar, denominator: Scalar): Scalar =>
  isLiteral(denominator, 1) ? numerator : { kind: 'divide', numerator, denominator };

export function select(test: Condition, then: Scalar, otherwise: Scalar): Scalar {
  const truth = decideCondition(test);
  return truth === null ? { kind: 'select', test, then, otherwise } : truth ? then : otherwise;
}

/** The truth of a condition without variables, else null. */
export function decideCondition(test: Condition): boolean | null {
  switch (test.kind) {
    case 'index':
      if (test.value.terms.length > 0) return null;
      return test.relation === '=' ? test.value.constant === 0 : test.value.constant >= 0;
    case 'compare': return null;
    case 'and':
    case 'or': {
      const stop = test.kind === 'or';
      const truths = test.tests.map(decideCondition);
      return truths.includes(stop) ? stop : truths.includes(null) ? null : !stop;
    }
    case 'not': {
      const truth = decideCondition(test.test);
      return truth === null ? null : !truth;
    }
  }
}
