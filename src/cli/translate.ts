// backproof translate: from one text's notation into another's: one formula, all of a Markdown file, or a derivation.

import type { Derivation } from '../derive/derivation.ts';
import { DiagnosticError, type Place } from '../diagnostics/diagnostic.ts';
import { libraryBeside, readSource, statOf } from '../files.ts';
import { latexStep } from '../notation/latex.ts';
import type { NotationSpec } from '../notation/notation-spec.ts';
import { deriveSpec } from '../report/derive-spec.ts';
import { shippedLibrary } from '../spec/library.ts';
import { shippedSpecs } from '../spec/shipped.ts';
import { translateMarkdown } from '../texts/translate/document.ts';
import { translateFormula } from '../texts/translate/formula.ts';
import { type Text, textOf } from '../texts/translate/text.ts';
import { notationNamed } from './notations.ts';
import { asFiles, print, writeFiles } from './output.ts';
import { giveText } from './sources.ts';
import { type CommonOptions, reportErrorsAs } from './run.ts';

export interface TranslateOptions extends CommonOptions {
  readonly from: string;
  readonly to: string;
  /** A spec file: what the formulas are about. */
  readonly of?: string;
}

/** What formulas are about where nothing is said: layer k of a fully connected network, or its first two layers where layers have letters of their own. */
const GENERAL = 'layers/dense.yaml';
const TWO_LAYERS = 'networks/xor.yaml';

/** What places in a formula of the command line call it. */
const FORMULA = 'formula';

export function translate(what: string, options: TranslateOptions): void {
  reportErrorsAs(options);
  const [from, to] = [notationNamed(options.from), notationNamed(options.to)];
  const isFile = statOf(what) !== null || /^[^\\^{}]*\.(?:md|markdown|ya?ml)$/i.test(what);
  if (isFile && /\.ya?ml$/.test(what)) {
    derivation(what, from, to, options);
    return;
  }
  const about = subject(options.of, [from, to]);
  const [source, target] = [textOf(about, from), textOf(about, to)];
  if (isFile) {
    document(what, source, target, options);
    return;
  }
  const result = translateFormula(what, source, target);
  if (!result.ok) {
    giveText(FORMULA, what);
    throw new DiagnosticError(result.problems.map(({ code, message, help, range }) => {
      const [start, end] = [lineAt(what, range.start), lineAt(what, Math.max(range.end, range.start + 1))];
      return { code, severity: 'error' as const, message, help, place: { file: FORMULA, ...start, endLine: end.line, endColumn: end.column } };
    }));
  }
  emit(options.format === 'json' ? JSON.stringify({ from: from.name, to: to.name, formula: what, translated: result.latex }, null, 2) : result.latex, what, options);
}

const hasLetters = ({ layers }: NotationSpec): boolean => layers.mark === 'letters' && layers.symbols.size > 0;

/** What the formulas are about, in the program's own words; its activation functions may be any. */
function subject(file: string | undefined, notations: readonly NotationSpec[]): Derivation {
  const general = !notations.some(hasLetters);
  const own = general ? GENERAL : TWO_LAYERS;
  const derived = file === undefined ? deriveSpec({ file: `specs/${own}`, text: shippedSpecs[own] ?? '' }, shippedLibrary, { general })
    : deriveSpec(readSource(file), libraryBeside(file), { general });
  return file === undefined ? { ...derived, system: { ...derived.system, slots: new Map() } } : derived;
}

function document(file: string, from: Text, to: Text, options: TranslateOptions): void {
  const { file: shown, text: markdown } = readSource(file);
  const { text, translated, left } = translateMarkdown(markdown, from, to);
  if (options.format === 'json') {
    emit(JSON.stringify({
      file: shown, translated, text,
      left: left.map((l) => ({ latex: l.latex, ...lineAt(markdown, l.whole.start), problems: l.problems.map(({ code, message, help }) => ({ code, message, help })) })),
    }, null, 2), file, options);
    return;
  }
  emit(text, file, options);
  for (const l of left) {
    const { line, column } = lineAt(markdown, l.whole.start);
    const [problem] = l.problems;
    process.stderr.write(`${shown}:${String(line)}:${String(column)}: left as it is: ${problem === undefined ? 'it is not in one piece' : `${problem.message} [${problem.code}]`}\n`);
  }
  process.stderr.write(`${String(translated)} of ${String(translated + left.length)} formulas translated from ${from.spec.name} to ${to.spec.name}\n`);
}

function lineAt(text: string, offset: number): Pick<Place, 'line' | 'column'> {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What a derivation comes to, in both notations, one formula below the other. */
function derivation(file: string, from: NotationSpec, to: NotationSpec, options: TranslateOptions): void {
  const own = deriveSpec(readSource(file), libraryBeside(file), { general: ![from, to].some(hasLetters) });
  const sides = [from, to].map((spec) => ({ spec, text: textOf(own, spec) }));
  const steps = own.steps.filter((s) => s.section === 'summary' || s.section === 'forward' || s.section === 'loss');
  const rows = steps.map((step) => sides.map(({ spec, text }) => {
    const said = text.translation.steps.find((s) => s.own.number === step.number)?.step;
    if (said === undefined) return { notation: spec.name, latex: null };
    const { left, relation, right, condition } = latexStep(said, text.options);
    return { notation: spec.name, latex: `${left} ${relation} ${right.at(-1)?.text ?? ''}${condition === '' ? '' : `, \\quad ${condition}`}` };
  }));
  const result = options.format === 'json' ? JSON.stringify({ file, from: from.name, to: to.name, formulas: rows }, null, 2)
    : [`| ${from.name} | ${to.name} |`, '| --- | --- |', ...rows.map((row) => `| ${row.map(({ latex }) => (latex === null ? '' : `$${latex}$`)).join(' | ')} |`)].join('\n');
  emit(result, file, options);
}

function emit(text: string, of: string, { output }: TranslateOptions): void {
  if (output === undefined) print(text);
  else writeFiles(asFiles([{ of, name: 'translated.md', text: text.endsWith('\n') ? text : `${text}\n` }], output));
}

