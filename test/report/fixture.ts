// A small derivation by hand, with every feature that the writers have to show.

import { index } from '../../src/algebra/affine.ts';
import { adjoint, type Expression, multiply, ref, sum, tensorKey, type Tensor } from '../../src/algebra/expression.ts';
import { layerN, layerNumber } from '../../src/algebra/layer.ts';
import type { Derivation, Formula, Step } from '../../src/derive/derivation.ts';
import type { Axis, Declaration } from '../../src/spec/network.ts';
import * as article from '../notation/article.ts';

const { a, aBelow, aTop, b, below, i, inputs, j, k, units, W, z, zBelow } = article;
const place = { file: 'specs/layers/dense.yaml', line: 9, column: 3, endLine: 9, endColumn: 40 };
const expression = (value: Expression): Formula => ({ kind: 'expression', value });
const byI: Axis = { index: 'i', range: units };
const byJ: Axis = { index: 'j', range: inputs };

const step = (number: number, part: Partial<Step> & Pick<Step, 'left' | 'right'>): Step => ({
  number, section: 'forward', rule: part.right.at(-1)?.rule ?? '', title: 'A step', relation: '=', axes: [], layers: null, role: 'result',
  sources: [place], remarks: [], verified: 'normal-form', ...part,
});

const declare = (tensor: Tensor, ...axes: Axis[]): [string, Declaration] =>
  [tensorKey(tensor), { tensor, axes, role: tensor.name === 'W' ? 'parameter' : 'variable', perSample: true, place }];

const chainRule: Formula = { kind: 'chain-rule', terms: [{
  axes: [{ index: 'i#2', range: units }],
  factors: [{ of: null, by: ref(a, [index('i#2')]) }, { of: ref(a, [index('i#2')]), by: ref(W, [i, j]) }],
}] };

const layers = { from: layerNumber(1), to: layerN() };
export const dense: Derivation = {
  name: 'dense', title: 'The layer dense', signal: 'a', bias: 'separate',
  assumptions: ['the neighbouring layers are of its kind'],
  signals: [a, aBelow, aTop],
  backward: null,
  system: {
    name: 'dense', equations: [], instances: [], slots: new Map(), sizes: new Map(), total: null,
    declarations: new Map([
      declare(a, byI), declare(aBelow, byJ), declare(z, byI), declare(zBelow, byJ), declare(b, byI), declare(W, byI, byJ),
    ]),
  },
  steps: [
    step(1, {
      title: 'The pre-activation.', left: expression(ref(a, [i])), right: [{ formula: expression(article.preActivation), rule: 'forward' }],
      axes: [byI], layers, verified: 'definition',
    }),
    step(2, {
      section: 'chains', title: 'The chain of `b^(k)`.', left: { kind: 'partial', of: null, by: ref(b, []) },
      right: [{ formula: { kind: 'chain', paths: [[
        { of: null, by: z, shared: true }, { of: z, by: a, shared: true }, { of: a, by: b, shared: false }]] }, rule: 'chain-rule' }],
      remarks: ['2 of 3 factors stand in the chain of the layer above, `a^(k+1)`, too: they are computed once.'], verified: 'counted',
    }),
    step(3, {
      section: 'signal', title: 'The signal.', left: expression(adjoint(a, [i])), relation: ':=',
      right: [{ formula: { kind: 'partial', of: null, by: ref(a, [i]) }, rule: 'definition' }], axes: [byI], layers, verified: 'definition',
    }),
    step(4, {
      section: 'gradients', title: 'The gradient of W.', left: { kind: 'partial', of: null, by: ref(W, [i, j]) },
      right: [
        { formula: chainRule, rule: 'chain-rule' },
        { formula: expression(sum('i#2', units, multiply([adjoint(a, [index('i#2')]), ref(zBelow, [j])]))), rule: 'differentiation' },
        { formula: expression(article.weightGradient), rule: 'delta-contraction' },
      ],
      axes: [byI, byJ], layers, verified: 'direct-differentiation',
    }),
    step(5, {
      section: 'summary', title: 'The recursion.', left: expression(adjoint(aBelow, [j])),
      right: [{ formula: expression(article.recursion), rule: 'substitution' }], axes: [byJ], layers: { from: layerNumber(2), to: layerN() },
      remarks: [`of \`${below.symbol ?? ''}\` and \`${k.symbol ?? ''}\``],
    }),
    step(6, {
      section: 'summary', title: 'The gradient of W.', left: { kind: 'partial', of: null, by: ref(W, [i, j]) },
      right: [{ formula: expression(article.weightGradient), rule: 'delta-contraction' }], axes: [byI, byJ], layers,
    }),
  ],
};
