// The derivation of whatever a file describes: a network, layer k of a kind, or an activation function by itself.

import { call, type Expression, symbol } from '../algebra/expression.ts';
import type { Derivation, Formula, Step } from '../derive/derivation.ts';
import { deriveEachLayer, deriveLayer, deriveNetwork } from '../derive/derive.ts';
import { throughOutput } from '../derive/through-output.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import { biasOf, inForm } from '../spec/correspond.ts';
import type { Source } from '../spec/document.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import type { SpecSource } from '../spec/library.ts';
import type { Activation, Bias, Signal } from '../spec/network.ts';
import { kindOf, type OnWarning, readActivation, readLayer, readLoss, readNetwork } from '../spec/read.ts';

/**
 * @param variant `general: false` for a network layer by layer, without layer k
 * @throws DiagnosticError with all errors of the file
 */
export function deriveSpec(
  source: Source, library: SpecSource, variant: { readonly signal?: Signal; readonly bias?: Bias; readonly general?: boolean } = {}, onWarning?: OnWarning,
): Derivation {
  const kind = kindOf(source);
  switch (kind) {
    case 'network': return (variant.general === false ? deriveEachLayer : deriveNetwork)(readNetwork(source, library, variant, onWarning));
    case 'layer': return deriveLayer(inBiasForm(readLayer(source, library, onWarning), variant.bias ?? null, library), { signal: variant.signal ?? 'a' });
    case 'activation': return activationDerivation(readActivation(source, onWarning));
    case 'loss': return deriveLayer(readLoss(source, onWarning), { signal: variant.signal ?? 'a' });
    case 'penalty': throw new DiagnosticError([diagnostic('nothing-to-derive', null, { file: source.file, kind })]);
  }
}

/** The layer's counterpart with the bias in the form that is asked for; itself where it has none. */
function inBiasForm(layer: LayerSpec, bias: Bias | null, library: SpecSource): LayerSpec {
  const counterpart = inForm(layer, bias);
  const source = counterpart === null || biasOf(layer) === bias ? null : library('layers', counterpart.name);
  return source === null ? layer : readLayer(source, library);
}

/** h(a), its derivative, and the derivative through z = h(a) where that is exactly possible. */
function activationDerivation(activation: Activation): Derivation {
  const { derivative, through, output } = throughOutput(activation);
  const a = symbol(activation.argument);
  const h = (order: number): Formula => expression(call({ kind: 'slot', name: 'h', layer: null, order }, a));
  const step = (number: number, part: Pick<Step, 'role' | 'rule' | 'title' | 'relation' | 'right' | 'verified'>): Step => ({
    number, section: 'activations', left: h(number - 1), axes: [], layers: null, sources: [activation.place], remarks: [], ...part,
  });
  return {
    name: activation.name, title: `The activation function ${activation.name}`, signal: 'a', bias: 'separate', assumptions: [],
    system: {
      name: activation.name, declarations: new Map(), equations: [], instances: [], slots: new Map(), sizes: new Map(), total: null,
    },
    signals: [], backward: null,
    steps: [
      step(1, {
        role: 'definition', rule: 'definition', title: 'The function', relation: ':=', verified: 'definition',
        right: [{ formula: expression(activation.body), rule: 'definition' }],
      }),
      step(2, {
        role: 'result', rule: through === null ? 'differentiation' : 'through-output', relation: '=', verified: 'normal-form',
        title: through === null ? 'Its derivative'
          : `Its derivative, and the same through the output \`${output} = h(${activation.argument})\`, which a kernel has anyway`,
        right: [
          { formula: expression(derivative), rule: 'differentiation' },
          ...(through === null ? [] : [{ formula: expression(through), rule: 'through-output' }]),
        ],
      }),
    ],
  };
}

const expression = (value: Expression): Formula => ({ kind: 'expression', value });
