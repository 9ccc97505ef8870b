// A derivation as a complete LaTeX document: article class and amsmath, ASCII only, so that pdflatex takes it.

import type { Derivation, Step } from '../derive/derivation.ts';
import { latexSignal, latexVector } from '../notation/latex.ts';
import { remarksOf } from './correlation-remarks.ts';
import { aligned, lettersOf, summaryCases } from './derivation-markdown.ts';
import { capital, escaped, latexSentence } from './sentences.ts';
import { evidenceOf, notationFor, type Section, sectionsOf, signalsIn } from './sections.ts';
import { layoutsOf, vectorsOf } from './whole-forms.ts';

export function derivationLatex(derivation: Derivation): string {
  return `${[
    '\\documentclass{article}',
    '\\usepackage{amsmath, amssymb}',
    '\\usepackage[margin=2.5cm]{geometry}',
    '\\allowdisplaybreaks',
    `\\title{${capital(latexSentence(derivation.title))}}`,
    '\\date{}',
    '\\begin{document}',
    '\\maketitle',
    ...header(derivation),
    ...derivation.assumptions.map((a) => `\\noindent\\emph{Assumed:} ${latexSentence(a)}\n`),
    ...sectionsOf(derivation).flatMap((section) => ['', `\\section*{${latexSentence(section.title)}}`, ...sectionLines(section, derivation)]),
    '\\end{document}',
  ].join('\n')}\n`;
}

function sectionLines(section: Section, derivation: Derivation): readonly string[] {
  if (section.id === 'summary') return [...chunks(section.steps, 12).map((steps) => `\\[ ${summaryCases(steps, derivation)} \\]`)];
  return section.steps.flatMap((step) => [
    '', `\\noindent\\textbf{(${String(step.number)})} ${latexSentence(step.title, lettersOf(step, derivation))}`,
    '\\begin{equation*}', `${aligned(step, derivation)} \\tag{${String(step.number)}}`, '\\end{equation*}',
    ...vectorsOf(step, derivation).map((v) => `\\noindent ${v.layout}: \\( ${latexVector(v.form, notationFor(derivation))} \\)\n`),
    ...remarksOf(step, derivation).map((r) => `\\noindent ${latexSentence(r, lettersOf(step, derivation))}\n`),
    ...evidence(step),
    '\\medskip',
  ]);
}

function evidence(step: Step): readonly string[] {
  const words = evidenceOf(step, (source) => `\\texttt{${escaped(source)}}`);
  return words.length === 0 ? [] : [`{\\small ${words.join('; ')}}`];
}

/** The symbols of the signals, the form of the bias, and what the two layouts of vector forms mean. */
function header(derivation: Derivation): readonly string[] {
  const signals = signalsIn(derivation, latexSignal).map((s) => `\\( ${s} \\)`);
  const layouts = layoutsOf(derivation);
  return [
    ...(signals.length === 0 ? [] : [`\\noindent Signal: ${signals.join(', ')}. Bias: ${derivation.bias}.\n`]),
    ...(layouts === null ? [] : [`\\noindent ${latexSentence(layouts)}\n`]),
  ];
}

/** One brace cannot be broken over pages. */
function chunks(steps: readonly Step[], most: number): readonly (readonly Step[])[] {
  const out: (readonly Step[])[] = [];
  for (let n = 0; n < steps.length; n += most) out.push(steps.slice(n, n + most));
  return out;
}
