// backproof derive: the derivation of networks, layers and activation functions, as text, Markdown, LaTeX or JSON.

import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { Derivation } from '../derive/derivation.ts';
import { libraryBeside, readSource, type Variant } from '../files.ts';
import { deriveSpec } from '../report/derive-spec.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import type { WritingStyle } from '../report/writing.ts';
import { asFiles, print, type Result, writeFiles } from './output.ts';
import { forEach } from './each.ts';
import { type CommonOptions, reportErrorsAs, warn } from './run.ts';
import { specFiles } from './sources.ts';
import { newProgress } from './terminal.ts';

type Format = 'text' | 'markdown' | 'latex' | 'json';
const endings: Readonly<Record<Format, string>> = { text: 'txt', markdown: 'md', latex: 'tex', json: 'json' };

export interface DeriveOptions extends CommonOptions, Variant {
  readonly format: Format;
  readonly notation?: string;
}

export async function derive(paths: readonly string[], options: DeriveOptions): Promise<void> {
  reportErrorsAs(options);
  const files = specFiles(paths);
  const notation = options.notation === undefined ? null : (await import('./notations.ts')).notationNamed(options.notation);
  const variant = { ...options, general: notation === null || notation.layers.mark !== 'letters' || notation.layers.symbols.size === 0 };
  const warnings: Diagnostic[] = [];
  const progress = newProgress();
  const derived = (file: string): { readonly file: string; readonly derivation: Derivation } => {
    if (files.length > 1) progress.say(`deriving ${file} (${String(files.indexOf(file) + 1)} of ${String(files.length)})`);
    return { file, derivation: deriveSpec(readSource(file), libraryBeside(file), variant, (w) => warnings.push(w)) };
  };
  const derivations = (() => {
    try {
      return forEach(files, derived);
    } finally {
      progress.end();
    }
  })();
  await warn(warnings);
  const write = await writerOf(options.format, notation);
  const results = derivations.map(({ file, derivation }): Result =>
    ({ of: file, name: `${derivation.name}.${endings[options.format]}`, text: write(derivation) }));
  if (options.output !== undefined) writeFiles(asFiles(results, options.output));
  else print(together(results, options.format));
}

type Writer = (derivation: Derivation, style?: WritingStyle) => string;

/** In the notation that is asked for. */
async function writerOf(format: Format, spec: NotationSpec | null): Promise<(derivation: Derivation) => string> {
  const write = await plainWriterOf(format);
  if (spec === null) return (derivation) => write(derivation);
  const { inNotation } = await import('../report/in-notation.ts');
  return (derivation) => {
    const said = inNotation(derivation, spec);
    return write(said.derivation, said.style);
  };
}

async function plainWriterOf(format: Format): Promise<Writer> {
  switch (format) {
    case 'text': return (await import('../report/derivation-text.ts')).derivationText;
    case 'markdown': return (await import('../report/derivation-markdown.ts')).derivationMarkdown;
    case 'latex': return (await import('../report/derivation-latex.ts')).derivationLatex;
    case 'json': {
      const { derivationJson } = await import('../report/derivation-json.ts');
      return (derivation, style) => `${JSON.stringify(derivationJson(derivation, style), null, 2)}\n`;
    }
  }
}

/** Several derivations in one stream: an array in JSON, one after the other otherwise. */
function together(results: readonly Result[], format: Format): string {
  const [only] = results;
  if (only !== undefined && results.length === 1) return only.text;
  switch (format) {
    case 'text': case 'markdown': return results.map((r) => r.text).join('\n\n');
    case 'json': return `[\n${results.map((r) => r.text.trimEnd()).join(',\n')}\n]\n`;
    case 'latex': throw new DiagnosticError([diagnostic('bad-usage', null, {
      message: `${String(results.length)} LaTeX documents cannot be printed one after the other`, help: 'Give a folder with -o.',
    })]);
  }
}
