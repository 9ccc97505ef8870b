// backproof alone, the main job: derive, emit and check every network of specs/networks.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Derivation } from '../derive/derivation.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { EmittedKernel } from '../kernel/emit.ts';
import { loadNetwork, type Variant, variantsOf } from '../files.ts';
import type { MainRow } from '../report/main-table.ts';
import type { Network } from '../spec/network.ts';
import { asFiles, print, writeFiles } from './output.ts';
import { forEach } from './each.ts';
import { type CommonOptions, reportErrorsAs, warn } from './run.ts';
import { yamlIn } from './sources.ts';
import { columnsFor, newProgress, type Progress, paintFor } from './terminal.ts';

export interface AllOptions extends CommonOptions, Variant {
  readonly samples: number;
  readonly seed: number;
  readonly format: 'text' | 'json';
}

const LOCAL = 'specs/networks';

interface Work {
  readonly file: string;
  readonly network: Network;
  readonly derivation: Derivation;
  readonly kernel: EmittedKernel;
}

export async function all(options: AllOptions): Promise<void> {
  reportErrorsAs(options);
  const local = existsSync(LOCAL);
  const folder = local ? LOCAL : shippedFolder();
  const output = options.output ?? (local ? 'generated' : null);
  const progress = newProgress();
  const rows: MainRow[] = [];
  try {
    const work = await prepare(folder, options, progress);
    const files = output === null ? [] : asFiles(work.map((w) => ({ of: w.file, name: w.kernel.fileName, text: w.kernel.typescript })), output);
    for (const [n, w] of work.entries()) {
      const title = `checking ${w.network.name} (${String(n + 1)} of ${String(work.length)})`;
      rows.push(await checked(w, options, (road) => progress.say(`${title}: ${road}`)));
    }
    if (rows.every((r) => r.report.holds)) writeFiles(files);
  } finally {
    progress.end();
  }
  const holds = rows.every((r) => r.report.holds);
  if (options.format === 'json') print(JSON.stringify(rows, null, 2));
  else print(await summary(rows, folder, holds ? output : null, options));
  process.exitCode = holds ? 0 : 1;
}

async function prepare(folder: string, options: AllOptions, progress: Progress): Promise<readonly Work[]> {
  const [{ deriveNetwork }, { emitKernel }] = await Promise.all([import('../derive/derive.ts'), import('../kernel/emit.ts')]);
  const warnings: Diagnostic[] = [];
  const work = forEach(yamlIn(folder), (file): Work => {
    progress.say(`deriving ${file}`);
    const network = loadNetwork(file, options, (w) => warnings.push(w));
    return { file, network, derivation: deriveNetwork(network), kernel: emitKernel(network) };
  });
  progress.end();
  await warn(warnings);
  return work;
}

async function checked({ file, network, derivation, kernel }: Work, options: AllOptions, onProgress: (road: string) => void): Promise<MainRow> {
  const { checkNetwork } = await import('../check/check.ts');
  const began = performance.now();
  const report = await checkNetwork(network, {
    samples: options.samples, seed: options.seed, variants: variantsOf(file, network), kernel, onProgress,
  });
  return {
    network: network.name, layers: network.system.instances.length, parameters: report.parameters,
    signal: network.signal === 'a' ? 'δ' : 'ζ', bias: network.bias, steps: derivation.steps.length,
    form: kernel.form, kernelBytes: Buffer.byteLength(kernel.typescript), report, milliseconds: performance.now() - began,
  };
}

async function summary(rows: readonly MainRow[], folder: string, output: string | null, options: AllOptions): Promise<string> {
  const [{ mainTable }, { checkText }] = await Promise.all([import('../report/main-table.ts'), import('../report/check-text.ts')]);
  const paint = paintFor(options.color);
  const columns = columnsFor(process.stdout);
  const failing = rows.filter((r) => !r.report.holds);
  const example = join(folder, `${rows[0]?.network ?? 'NAME'}.yaml`);
  return [
    mainTable(rows, paint, columns), '',
    ...failing.map((r) => checkText(r.report, { details: true, columns })),
    failing.length === 0
      ? paint.green(`All ${String(rows.length)} networks hold: every kernel agrees with every road that applies.`)
      : paint.red(`${String(failing.length)} of ${String(rows.length)} networks do not hold${options.output === undefined ? '' : '; no kernel was written'}.`),
    '',
    ...(output === null ? [] : [`Kernels       ${output}/*.ts`]),
    `Derivation    backproof derive ${example}`,
    `Full report   backproof check ${example} --format json`,
    'Your own      backproof --help',
  ].join('\n');
}

/** The networks of the package: beside the bundle, dist/cli.js. */
const shippedFolder = (): string => join(import.meta.dirname, '..', LOCAL);
