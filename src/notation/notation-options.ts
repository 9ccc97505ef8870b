// Options of a notation that contradict each other.

import type { NotationReading } from './notation-reading.ts';
import { isFolded } from './notation-symbols.ts';

export function checkOptions({ spec, document, report, line }: NotationReading): void {
  const { samples, vectors, signal, bias, biasIn, layers, symbols } = spec;
  if (samples.as !== 'sum' && samples.as !== vectors) {
    report.add('notation-batch-turned', document.place(['samples', 'as']), { vectors, samples: samples.as, line: line(['vectors']) });
  }
  if (samples.as === 'sum' && line(['samples', 'symbols']) !== null) {
    report.add('notation-batch-without-matrix', document.keyPlace(['samples', 'symbols']), { line: line(['samples', 'as']) });
  }
  if (!samples.mean && line(['samples', 'at']) !== null) {
    report.add('notation-mean-missing', document.place(['samples', 'at']), { line: line(['samples', 'mean']) });
  }
  const key = signal.of === 'a' ? 'signal' : 'output-signal';
  const named = symbols[key] !== undefined || [...layers.symbols.values()].some((own) => own[key] !== undefined);
  if (signal.sign === -1 && !named) {
    report.add('notation-sign-of-nothing', document.place(['signal', 'sign']), { key, line: document.keyPlace(['symbols']).line });
  }
  if (isFolded(spec) && biasIn === 'function') {
    report.add('notation-bias-nowhere', document.place(['bias-in']), { bias, line: document.keyPlace(['bias']).line });
  }
}
