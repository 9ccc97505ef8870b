// The derivative of an activation function, and the same expressed through its output z = h(a) where that is exactly
// possible: σ' = z(1-z), tanh' = 1-z². Nothing is listed: forms are found by an exact ansatz and thereby proved.

import { expressThrough, factorQuadratic, type Generator, liftBranches, nodeCount, quadraticIn, tameDerivative } from '../algebra/ansatz.ts';
import { differentiateBySymbol } from '../algebra/differentiate.ts';
import { type Expression, piecewise, symbol } from '../algebra/expression.ts';
import { plain } from '../algebra/print.ts';
import { freshIndex, holdsBelow, visit } from '../algebra/traverse.ts';
import type { Activation } from '../spec/network.ts';

export interface ActivationDerivative {
  /** h'(a) in symbol(argument). */
  readonly derivative: Expression;
  /** h'(a) in symbol(output) = h(a) and symbol(argument), proved equal; null where no such form is shorter. */
  readonly through: Expression | null;
  /** The name of the symbol that stands for the output h(a): z, unless the function's own text uses that letter. */
  readonly output: string;
}

const found = new Map<string, ActivationDerivative>();
const MOST_REMEMBERED = 500;

/** The same function is asked for by every layer that uses it: answers are remembered by what the function is. */
export function throughOutput(activation: Activation): ActivationDerivative {
  const question = `${activation.argument} ↦ ${plain(activation.body)}`;
  let known = found.get(question);
  if (known === undefined) {
    known = derive(activation);
    if (found.size >= MOST_REMEMBERED) found.clear();
    found.set(question, known);
  }
  return known;
}

function derive({ argument, body }: Activation): ActivationDerivative {
  const taken = new Set([argument, ...symbolsOf(body)]);
  const output = ['z', 'y', 'v'].find((name) => !taken.has(name)) ?? freshIndex('z', taken);
  const lifted = liftBranches(body) ?? body;
  if (lifted.kind !== 'piecewise') return { ...deriveBranch(lifted, argument, output), output };
  const branches = lifted.branches.map((b) => ({ when: b.when, ...deriveBranch(b.then, argument, output) }));
  const otherwise = deriveBranch(lifted.otherwise, argument, output);
  const derivative = piecewise(branches.map((b) => ({ when: b.when, then: b.derivative })), otherwise.derivative);
  const all = [...branches, otherwise];
  const through = all.some((b) => b.through !== null) && all.every((b) => b.through !== null || isCheap(b.derivative))
    ? piecewise(branches.map((b) => ({ when: b.when, then: b.through ?? b.derivative })), otherwise.through ?? otherwise.derivative)
    : null;
  return { derivative, through, output };
}

function deriveBranch(body: Expression, argument: string, name: string): Pick<ActivationDerivative, 'derivative' | 'through'> {
  const a = symbol(argument);
  const derivative = tameDerivative(differentiateBySymbol(body, argument), body, a);
  if (isCheap(derivative)) return { derivative, through: null };
  const z = symbol(name);
  const parameters = symbolsOf(body).filter((n) => n !== argument).slice(0, 2).map((n): Generator => ({ meaning: symbol(n), written: symbol(n) }));
  const output: Generator = { meaning: body, written: z };
  const input: Generator = { meaning: a, written: a };
  for (const generators of [[output], [output, ...parameters], [output, input]]) {
    const form = expressThrough(derivative, generators, 3);
    if (form !== null && nodeCount(form) <= 2 * nodeCount(derivative)) return { derivative, through: asPeopleWrite(form, z) };
  }
  return { derivative, through: null };
}

function asPeopleWrite(form: Expression, z: Expression): Expression {
  const quadratic = quadraticIn(form, z);
  return quadratic === null ? form : factorQuadratic(...quadratic, z);
}

/** Whether it holds no function call, root or reciprocal: nothing that an output could save. */
const isCheap = (e: Expression): boolean =>
  !holdsBelow(e, (x) => x.kind === 'call' || (x.kind === 'power' && (x.exponent.d !== 1n || x.exponent.n < 0n)));

/** The names of the symbols without a layer. */
function symbolsOf(e: Expression): readonly string[] {
  const names = new Set<string>();
  visit(e, (x) => {
    if (x.kind === 'symbol' && x.layer === null) names.add(x.name);
  });
  return [...names];
}
