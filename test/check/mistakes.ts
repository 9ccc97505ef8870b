// Derivations gone wrong: each the mistake of somebody's homework, made alike in every form of a network.

import { integer, addAffine, plainIndex } from '../../src/algebra/affine.ts';
import { call, type Expression, multiply, negate, number, one, type Reference, zero } from '../../src/algebra/expression.ts';
import { layerNumber } from '../../src/algebra/layer.ts';
import { references, rewrite } from '../../src/algebra/traverse.ts';
import type { AdjointEquation, Backward } from '../../src/derive/backward.ts';
import type { Mistake } from './setup.ts';

const equations = (change: (e: AdjointEquation, backward: Backward) => Expression): Mistake => (backward) =>
  ({ ...backward, equations: backward.equations.map((e) => ({ ...e, value: change(e, backward) })) });

const parameter = (r: Reference): boolean => r.tensor.name === 'W' && !r.adjoint;
const derivativeOf = (e: Expression): boolean => e.kind === 'call' && e.fn.kind === 'slot' && e.fn.order === 1;

export const mistakes: Readonly<Record<string, Mistake>> = {
  none: (backward) => backward,

  'W transposed in the recursion': equations((e) => e.role === 'parameter' ? e.value : rewrite(e.value, (x) =>
    x.kind === 'ref' && parameter(x) ? { ...x, indices: [...x.indices].reverse() } : null)),

  "h' forgotten": equations((e) => rewrite(e.value, (x) => (derivativeOf(x) ? one : null))),

  "h' of the wrong layer": equations((e) => rewrite(e.value, (x) => {
    if (x.kind !== 'call' || x.fn.kind !== 'slot' || x.fn.order !== 1 || x.fn.layer?.offset !== 1) return null;
    return call({ ...x.fn, layer: layerNumber(2) }, x.argument);
  })),

  'sign of the gradient': equations((e) => (e.role === 'parameter' && e.tensor.name === 'W' ? negate(e.value) : e.value)),

  '1/m forgotten': equations((e) => rewrite(e.value, (x) =>
    x.kind === 'power' && x.base.kind === 'affine' ? one : null)),

  'first sample left out': equations((e) => e.role !== 'parameter' ? e.value : rewrite(e.value, (x) =>
    x.kind === 'sum' && x.range.hi.terms.some((t) => t.symbol.kind === 'size' && t.symbol.name === 'samples')
      ? { ...x, range: { ...x.range, lo: addAffine(x.range.lo, integer(1)) } } : null)),

  'penalty forgotten': equations((e) => e.role !== 'parameter' || e.value.kind !== 'add' ? e.value : {
    kind: 'add', terms: [...e.value.terms.filter((t) => references(t).some((r) => r.adjoint)), zero],
  }),

  'gradient transposed': equations((e) => e.role !== 'parameter' || e.axes.length !== 2 ? e.value : rewrite(e.value, (x) => {
    const [i, j] = e.axes.map((a) => a.index);
    if (x.kind !== 'ref') return null;
    return { ...x, indices: x.indices.map((a) => {
      const name = plainIndex(a);
      return name === i ? swap(a, j!) : name === j ? swap(a, i!) : a;
    }) };
  })),

  'twice as much': equations((e) => (e.role === 'parameter' ? multiply([number(2), e.value]) : e.value)),

  'a part in a million too much': equations((e) => e.role === 'parameter'
    ? multiply([number({ n: 1_000_001n, d: 1_000_000n }), e.value]) : e.value),
};

const swap = (a: Reference['indices'][number], name: string): Reference['indices'][number] =>
  ({ ...a, terms: a.terms.map((t) => ({ ...t, symbol: { kind: 'index', name } })) });
