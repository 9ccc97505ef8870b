// backproof derive: the derivation of networks, layers and activation functions, as text, Markdown, LaTeX or JSON.

import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/report.ts';
import type { Derivation } from '../derive/derivation.ts';
import { libraryBeside, readSource, type Variant } from '../files.ts';
import { deriveSpec } from '../report/derive-spec.ts';
import type { NotationOverrides } from '../notation/overrides.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import type { Bias } from '../spec/network.ts';
import type { WritingStyle } from '../report/writing.ts';
import { asFiles, print, type Result, writeFiles } from './output.ts';
import { forEach } from './each.ts';
import { type CommonOptions, reportErrorsAs, warn } from './run.ts';
import { specFiles } from './sources.ts';
import { newProgress } from './terminal.ts';

type Format = 'text' | 'markdown' | 'latex' | 'json';
const endings: Readonly<Record<Format, string>> = { text: 'txt', markdown: 'md', latex: 'tex', json: 'json' };

export interface DeriveOptions extends CommonOptions, NotationOverrides {
  readonly format: Format;
  readonly notation?: string;
  readonly shapes?: boolean;
  readonly all?: boolean;
}

/** What is written where only parts of a notation are named. */
const DEFAULT = 'article';

export async function derive(paths: readonly string[], options: DeriveOptions): Promise<void> {
  reportErrorsAs(options);
  const files = specFiles(paths);
  const notation = await notationFor(options);
  const variant = {
    ...variantFor(options, notation), general: !hasLetters(notation),
  };
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
  const write = await writerOf(options, notation);
  const results = derivations.map(({ file, derivation }): Result =>
    ({ of: file, name: `${derivation.name}.${endings[options.format]}`, text: write(derivation) }));
  if (options.output !== undefined) writeFiles(asFiles(results, options.output));
  else print(together(results, options.format));
}

/** The notation that is asked for, with the parts that are replaced; null for the program's own way of writing. */
async function notationFor({ notation: name, layout, product, vectors, batch, bias, signal }: DeriveOptions): Promise<NotationSpec | null> {
  if (name === undefined && bias !== 'threshold' && [layout, product, vectors, batch].every((part) => part === undefined)) return null;
  const [{ notationNamed }, { overridden }] = await Promise.all([import('./notations.ts'), import('../notation/overrides.ts')]);
  return overridden(notationNamed(name ?? DEFAULT), {
    ...(layout === undefined ? {} : { layout }), ...(product === undefined ? {} : { product }), ...(vectors === undefined ? {} : { vectors }),
    ...(batch === undefined ? {} : { batch }), ...(bias === undefined ? {} : { bias }), ...(signal === undefined ? {} : { signal }),
  });
}

/** Which derivation a notation tells: what it neither names nor replaces is as the file has it. */
function variantFor({ bias, signal }: DeriveOptions, notation: NotationSpec | null): Variant {
  const carried = signal ?? (notation?.signal.of === 'z' ? 'z' : undefined);
  const folded = ((): Bias | undefined => {
    switch (notation?.bias) {
      case 'first': return 'augmented';
      case 'last': return 'augmented-last';
      case 'threshold': return 'separate';
      case 'separate': case undefined: return bias === 'threshold' ? 'separate' : bias;
    }
  })();
  return { ...(carried === undefined ? {} : { signal: carried }), ...(folded === undefined ? {} : { bias: folded }) };
}

/** Whether each layer has symbols of its own, so that there is no layer k. */
const hasLetters = (notation: NotationSpec | null): boolean => notation?.layers.mark === 'letters' && notation.layers.symbols.size > 0;

type Writer = (derivation: Derivation, style?: WritingStyle) => string;

/** In the notation that is asked for. */
async function writerOf({ format, shapes = false, all = false }: DeriveOptions, spec: NotationSpec | null): Promise<(derivation: Derivation) => string> {
  const write = await plainWriterOf(format);
  if (spec === null) return (derivation) => write(derivation, { shapes, all });
  const { inNotation } = await import('../report/in-notation.ts');
  return (derivation) => {
    const said = inNotation(derivation, spec);
    return write(said.derivation, { ...said.style, shapes, all });
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
