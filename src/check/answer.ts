// The answer of a computer algebra system, evaluated by this program with a bound of its rounding errors. (The systems'
// own evaluation knows no such bound, and takes E, e and i for constants.)

import type { MathNode } from 'mathjs';
import type { ElementaryName } from '../algebra/expression.ts';
import { rational } from '../algebra/rational.ts';
import { represented, rounded, rounding, type Rounded, UNIT_F64 } from '../evaluate/rounding.ts';

/** Thrown where an answer holds something that is not on the list of functions. */
export class NotReadable extends Error {
  override readonly name = 'NotReadable';
}

const arithmetic = rounding(UNIT_F64);
const divided = arithmetic.power(rational(-1));
const root = arithmetic.power(rational(1, 2));
const elementary = new Map<string, (u: Rounded) => Rounded>(
  (['exp', 'log', 'sin', 'cos', 'atan', 'tan', 'sinh', 'cosh', 'tanh'] as const satisfies readonly ElementaryName[])
    .map((name) => [name, arithmetic.elementary(name)]));
const reciprocals = new Map([['sec', 'cos'], ['csc', 'sin'], ['cot', 'tan'], ['sech', 'cosh'], ['csch', 'sinh'], ['coth', 'tanh']]);

/** The value of a parsed answer, names taken from `values`. @throws NotReadable */
export function valueOf(node: MathNode, values: ReadonlyMap<string, Rounded>): Rounded {
  const of = (child: MathNode | undefined): Rounded => {
    if (child === undefined) throw new NotReadable('an operator lacks its operand');
    return valueOf(child, values);
  };
  if (isParenthesis(node)) return of(node.content);
  if (isConstant(node)) return literal(Number(node.value));
  if (isSymbol(node)) {
    const value = values.get(node.name) ?? (node.name === 'pi' ? arithmetic.pi : node.name === 'e' ? inexact(Math.E) : undefined);
    if (value === undefined) throw new NotReadable(`the answer holds the unknown name ${node.name}`);
    return value;
  }
  if (isOperator(node)) {
    const [a, b] = node.args;
    switch (node.fn) {
      case 'add': return sum(of(a), of(b));
      case 'subtract': return sum(of(a), arithmetic.negate(of(b)));
      case 'multiply': return product(of(a), of(b));
      case 'divide': return product(of(a), reciprocal(of(b)));
      case 'pow': return power(of(a), of(b));
      case 'unaryMinus': return arithmetic.negate(of(a));
      case 'unaryPlus': return of(a);
    }
    throw new NotReadable(`the answer holds the operator ${node.fn}`);
  }
  if (isCall(node)) {
    const { name } = node.fn;
    const argument = of(node.args[0]);
    if (name === 'sqrt') return root(argument);
    if (name === 'abs') return argument.value < 0 ? arithmetic.negate(argument) : argument;
    const inverse = reciprocals.get(name);
    const f = elementary.get(inverse ?? name);
    if (f === undefined || node.args.length !== 1) throw new NotReadable(`the answer holds the function ${name}`);
    return inverse === undefined ? f(argument) : reciprocal(f(argument));
  }
  throw new NotReadable(`the answer holds a ${node.type}`);
}

/** Exponents are written as sums and products (2 - 1): what is computed without an error must not be charged with one. */
function sum(a: Rounded, b: Rounded): Rounded {
  const value = a.value + b.value;
  const exact = a.error === 0 && b.error === 0 && value - a.value === b.value && value - b.value === a.value;
  return exact ? represented(value) : arithmetic.add(a, b);
}

function product(a: Rounded, b: Rounded): Rounded {
  const value = a.value * b.value;
  const exact = a.error === 0 && b.error === 0 && [a.value, b.value, value].every((x) => Number.isSafeInteger(x));
  return exact ? represented(value) : isOne(a) ? b : isOne(b) ? a : arithmetic.multiply(a, b);
}

const isOne = (a: Rounded): boolean => a.value === 1 && a.error === 0;

const inexact = (value: number): Rounded => rounded(value, 2 * UNIT_F64 * Math.abs(value));
const literal = (value: number): Rounded => (Number.isSafeInteger(value) ? represented(value) : inexact(value));

/** A large whole number under a varying exponent is half of a fraction that stands for e: right to 2 ulp. */
const LARGE = 2 ** 20;

function power(base: Rounded, exponent: Rounded): Rounded {
  if (exponent.error === 0 && Number.isSafeInteger(2 * exponent.value)) {
    return exponent.value === 0 ? represented(1) : arithmetic.power(rational(2 * exponent.value, 2))(base);
  }
  const b = base.error === 0 && base.value > LARGE ? inexact(base.value) : base;
  const value = Math.pow(b.value, exponent.value);
  const carried = Math.abs((exponent.value * b.error) / b.value) + (exponent.error === 0 ? 0 : Math.abs(Math.log(b.value)) * exponent.error);
  return rounded(value, Math.abs(value) * (carried + 4 * UNIT_F64));
}

/** 1/b, without an error for powers of two: (1/2) - 1 is an exponent. */
const reciprocal = (b: Rounded): Rounded =>
  b.error === 0 && Number.isInteger(Math.log2(Math.abs(b.value))) ? represented(1 / b.value) : divided(b);

type Node<T extends string> = MathNode & { readonly type: T };
const isParenthesis = (n: MathNode): n is Node<'ParenthesisNode'> & { readonly content: MathNode } => n.type === 'ParenthesisNode';
const isConstant = (n: MathNode): n is Node<'ConstantNode'> & { readonly value: unknown } => n.type === 'ConstantNode';
const isSymbol = (n: MathNode): n is Node<'SymbolNode'> & { readonly name: string } => n.type === 'SymbolNode';
const isOperator = (n: MathNode): n is Node<'OperatorNode'> & { readonly fn: string; readonly args: readonly MathNode[] } => n.type === 'OperatorNode';
const isCall = (n: MathNode): n is Node<'FunctionNode'> & { readonly fn: { readonly name: string }; readonly args: readonly MathNode[] } => n.type === 'FunctionNode';
