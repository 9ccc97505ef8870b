// backproof check: the kernels of networks against independent roads to the same numbers, a line a network.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CheckReport } from '../check/report.ts';
import { loadNetwork, type Variant, variantsOf } from '../files.ts';
import { checkText } from '../report/check-text.ts';
import { print, writeFiles } from './output.ts';
import { forEach } from './each.ts';
import { type CommonOptions, reportErrorsAs, warn } from './run.ts';
import { specFiles } from './sources.ts';
import { columnsFor, newProgress, paintFor } from './terminal.ts';

export interface CheckCommandOptions extends CommonOptions, Variant {
  readonly samples: number;
  readonly seed: number;
  readonly format: 'text' | 'json';
}

export async function check(paths: readonly string[], options: CheckCommandOptions): Promise<void> {
  reportErrorsAs(options);
  const warnings: Diagnostic[] = [];
  const networks = forEach(specFiles(paths), (file) => ({ file, network: loadNetwork(file, options, (w) => warnings.push(w)) }));
  await warn(warnings);
  const { checkNetwork } = await import('../check/check.ts');
  const progress = newProgress();
  const paint = paintFor(options.color);
  const live = options.format === 'text' && options.output === undefined;
  const columns = columnsFor(process.stdout);
  const reports: CheckReport[] = [];
  try {
    for (const [n, { file, network }] of networks.entries()) {
      const report = await checkNetwork(network, {
        samples: options.samples, seed: options.seed, variants: variantsOf(file, network),
        onProgress: (road) => progress.say(`checking ${network.name} (${String(n + 1)} of ${String(networks.length)}): ${road}`),
      });
      progress.end();
      reports.push(report);
      if (live) print(painted(checkText(report, { details: true, columns }), report.holds ? paint.green : paint.red));
    }
  } finally {
    progress.end();
  }
  if (!live) {
    const text = options.format === 'json' ? JSON.stringify({ reports }, null, 2)
      : reports.map((r) => checkText(r, { details: true, columns })).join('\n');
    if (options.output === undefined) print(text);
    else writeFiles([{ path: options.output, text: `${text}\n` }]);
  }
  if (live && reports.length > 1) {
    const holding = reports.filter((r) => r.holds).length;
    print(holding === reports.length ? paint.green(`All ${String(holding)} hold.`)
      : paint.red(`${String(reports.length - holding)} of ${String(reports.length)} do not hold.`));
  }
  process.exitCode = reports.every((r) => r.holds) ? 0 : 1;
}

/** The mark and the name in colour. */
const painted = (text: string, color: (text: string) => string): string => text.replace(/^\S+ \S+/, color);
