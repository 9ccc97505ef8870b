// Random networks for property tests: every construct of the expressions, with brackets that guard entries which do
// not exist, windows, deltas, branches, sums in all places.

import fc from 'fast-check';
import { addAffine, type Affine, index, integer, scaleAffine, subtractAffine } from '../../src/algebra/affine.ts';
import {
  add, bracket, call, elementary, type Expression, indexAtLeast, indexEqual, multiply, number, piecewise, power, ref, sum, type Tensor, type Test,
} from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import type { Axis, Network } from '../../src/spec/network.ts';
import { activations, axis, declare, equation, network, T } from './networks.ts';

interface Known {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
}

type Pick = (below: number) => number;

/** A network from a stream of choices: shrinking the stream shrinks the network. */
export const networks = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 160 }).map((choices) => {
  let used = 0;
  const pick: Pick = (below) => {
    const chosen = choices[used % choices.length] ?? 0;
    used += 1;
    return (chosen + Math.floor(used / choices.length) * 7919) % below;
  };
  return build(pick);
});

function build(pick: Pick): Network {
  const length = (): number => (pick(6) === 0 ? 1 : 2 + pick(3));
  const axesOf = (letters: readonly string[]): readonly Axis[] => letters.slice(0, pick(letters.length + 1)).map((l) => {
    const base = pick(2);
    return axis(l, base + length() - 1, base);
  });
  const x: Known = { tensor: T('x'), axes: axesOf(['i', 'j']) };
  const W: Known = { tensor: T('W', 1), axes: axesOf(['i', 'j', 'k']) };
  const b: Known = { tensor: T('b', 1), axes: axesOf(['i']) };
  const known: Known[] = [x, W, b];
  const equations = Array.from({ length: 1 + pick(3) }, (_, n) => {
    const axes = axesOf(['p', 'q']);
    const value = expression(axes, known, pick, 3);
    known.push({ tensor: T('y', n + 1), axes });
    return equation(T('y', n + 1), axes, value);
  });
  const last = known.at(-1) ?? x;
  const loss = equation(T('L'), [], summed(last.axes, power(add([ref(last.tensor, last.axes.map((a) => index(a.index))), number(1)]), 2)));
  return network({
    declarations: [declare(x.tensor, x.axes, 'input'), declare(W.tensor, W.axes, 'parameter'), declare(b.tensor, b.axes, 'parameter')],
    equations: [...equations, loss], inputs: [x.tensor], outputs: [last.tensor], loss: T('L'),
    slots: new Map([['h@1', [activations.tanh, activations.sigmoid, activations.softplus, activations.relu][pick(4)] ?? activations.tanh]]),
    reduction: pick(2) === 0 ? 'sum' : 'mean', signal: pick(2) === 0 ? 'a' : 'z',
  });
}

const summed = (axes: readonly Axis[], body: Expression): Expression =>
  axes.reduceRight<Expression>((e, a) => sum(a.index, a.range, e), body);

function expression(scope: readonly Axis[], known: readonly Known[], pick: Pick, depth: number): Expression {
  const below = (inner: readonly Axis[] = scope): Expression => expression(inner, known, pick, depth - 1);
  if (depth === 0) return leaf(scope, known, pick);
  switch (pick(11)) {
    case 0: case 1: return leaf(scope, known, pick);
    case 2: return add([below(), below()]);
    case 3: return multiply([below(), below()]);
    case 4: case 5: case 6: {
      const letter = ['u', 'v', 'w', 'm', 'n'].find((l) => !scope.some((a) => a.index === l)) ?? 'u';
      const base = pick(2);
      const bound = axis(letter, base + 1 + pick(3), base);
      return sum(bound.index, bound.range, multiply([below([...scope, bound]), leaf([...scope, bound], known, pick)]));
    }
    case 7: return elementary('tanh', below());
    case 8: return call({ kind: 'slot', name: 'h', layer: layerNumber(1), order: 0 }, below());
    case 9: return power(add([number(1), power(below(), 2)]), pick(2) === 0 ? -1 : { n: 1n, d: 2n });
    default: return piecewise([{ when: condition(scope, pick, below), then: below() }], below());
  }
}

function condition(scope: readonly Axis[], pick: Pick, below: () => Expression): Test {
  const tests: Test[] = [indexTest(scope, pick)];
  if (pick(2) === 0) tests.push({ kind: 'compare', relation: '>', left: below(), right: number({ n: 1n, d: 7n }) });
  const [only] = tests;
  const all: Test = only !== undefined && tests.length === 1 ? only : { kind: pick(2) === 0 ? 'and' : 'or', tests };
  return pick(4) === 0 ? { kind: 'not', test: all } : all;
}

const indexTest = (scope: readonly Axis[], pick: Pick): Test => {
  const value = affine(scope, pick);
  return pick(2) === 0 ? { kind: 'index', relation: '=', value } : { kind: 'index', relation: '>=', value };
};

/** A small affine expression in the indices of the scope. */
function affine(scope: readonly Axis[], pick: Pick): Affine {
  let value = integer(pick(4) - 1);
  for (let n = pick(3); n > 0; n -= 1) {
    const chosen = scope[pick(Math.max(1, scope.length))];
    if (chosen !== undefined) value = addAffine(value, scaleAffine(index(chosen.index), [1, 1, -1, 2][pick(4)] ?? 1));
  }
  return value;
}

/** An entry of a known tensor; where its indices may leave their ranges, brackets say where it exists. */
function leaf(scope: readonly Axis[], known: readonly Known[], pick: Pick): Expression {
  if (pick(6) === 0) return number({ n: BigInt(pick(5)) - 2n, d: 3n });
  const [outer] = scope;
  if (pick(9) === 0 && outer !== undefined) return { kind: 'affine', value: index(outer.index) };
  const chosen = known[pick(known.length)];
  if (chosen === undefined) return number(1);
  const guards: Expression[] = [];
  const indices = chosen.axes.map((a) => {
    const same = scope.filter((o) => o.range.lo.constant === a.range.lo.constant && o.range.hi.constant === a.range.hi.constant);
    const plain = same[pick(Math.max(1, same.length))];
    if (plain !== undefined && pick(3) > 0) return index(plain.index);
    if (scope.length > 0 && pick(2) === 0) {
      const value = affine(scope, pick);
      guards.push(bracket(indexAtLeast(subtractAffine(value, a.range.lo))), bracket(indexAtLeast(subtractAffine(a.range.hi, value))));
      if (pick(4) === 0) guards.push(bracket(indexEqual(affine(scope, pick))));
      return value;
    }
    return pick(2) === 0 ? a.range.lo : a.range.hi;
  });
  return multiply([...guards, ref(chosen.tensor, indices)]);
}
