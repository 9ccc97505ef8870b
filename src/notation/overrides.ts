// A notation with parts of it replaced, as a command line asks for: another layout, rows for columns, the bias folded in.
// What would contradict the rest of the notation is refused with the reason, never mended in silence.

import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { Bias, Signal } from '../spec/network.ts';
import type { NotationSpec } from './notation-spec.ts';
import { isFolded } from './notation-symbols.ts';

export interface NotationOverrides {
  readonly layout?: NotationSpec['layout'];
  /** `hadamard`: with the sign that the notation has for it. */
  readonly product?: NotationSpec['product'] | 'hadamard';
  readonly vectors?: NotationSpec['vectors'];
  readonly batch?: NotationSpec['samples']['as'];
  readonly bias?: Bias | 'threshold';
  readonly signal?: Signal;
}

/** @throws DiagnosticError where the parts contradict each other, or the rest of the notation */
export function overridden(spec: NotationSpec, overrides: NotationOverrides): NotationSpec {
  const { layout = spec.layout, vectors = spec.vectors, batch = spec.samples.as, signal = spec.signal.of } = overrides;
  refuseContradictions(spec, overrides, vectors, batch);
  const bias = overrides.bias === undefined ? spec.bias : biasIn(overrides.bias);
  const hasSymbol = spec.symbols['output-signal'] !== undefined;
  return {
    ...spec, layout, vectors, bias,
    product: overrides.product === 'hadamard' ? (spec.product === 'diag' ? '⊙' : spec.product) : overrides.product ?? spec.product,
    // What is folded into the weights is in the pre-activation.
    biasIn: isFolded({ bias }) ? 'pre-activation' : spec.biasIn,
    // The sign is that of a symbol: a derivative that is written as one has none.
    signal: { of: signal, sign: signal === 'z' && !hasSymbol ? 1 : spec.signal.sign },
    samples: { ...spec.samples, as: batch, symbols: batch === 'sum' ? {} : spec.samples.symbols },
  };
}

function biasIn(bias: Bias | 'threshold'): NotationSpec['bias'] {
  switch (bias) {
    case 'separate': case 'threshold': return bias;
    case 'augmented': return 'first';
    case 'augmented-last': return 'last';
  }
}

function refuseContradictions(spec: NotationSpec, { layout, product, vectors, batch }: NotationOverrides, rows: NotationSpec['vectors'], as: NotationSpec['samples']['as']): void {
  const refuse = (words: { readonly message: string; readonly help: string }): never => {
    throw new DiagnosticError([diagnostic('contradictory-options', null, words)]);
  };
  const said = (flag: string, value: string, given: boolean): string => (given ? `\`--${flag} ${value}\`` : `${value} in the notation ${spec.name}`);
  if (as !== 'sum' && as !== rows) {
    refuse({
      message: `one sample is a ${rows.slice(0, -1)} (${said('vectors', rows, vectors !== undefined)}), and cannot be a ${as.slice(0, -1)} of the matrix of all samples (${said('batch', as, batch !== undefined)})`,
      help: `Say \`--batch ${rows}\`, or \`--batch sum\`.`,
    });
  }
  const asked = Object.entries({ layout, product, vectors, batch }).filter(([, value]) => value !== undefined).map(([flag, value]) => `\`--${flag} ${String(value)}\``);
  if (asked.length > 0 && spec.layers.mark === 'letters' && spec.layers.symbols.size === 0) {
    refuse({
      message: `the notation ${spec.name} writes no matrices, for only the letters of units say whose layer a symbol is: ${asked.join(' and ')} would change nothing`,
      help: 'Leave it out, or choose a notation that marks its layers.',
    });
  }
}
