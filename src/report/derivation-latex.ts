// A derivation as a complete LaTeX document: article class and amsmath, ASCII only, so that pdflatex takes it.

import type { Derivation, Step } from '../derive/derivation.ts';
import { latexSignal, latexVector } from '../notation/latex.ts';
import { remarksOf } from './correlation-remarks.ts';
import { aligned, lettersOf, summaryCases } from './derivation-markdown.ts';
import { capital, escaped, latexSentence } from './sentences.ts';
import { evidenceOf, type Section, sectionsOf, signalsIn } from './sections.ts';
import { titleLetters } from './title-letters.ts';
import { layoutsOf, vectorsOf } from './whole-forms.ts';
import { type Writing, writingOf, type WritingStyle } from './writing.ts';

export function derivationLatex(derivation: Derivation, style: WritingStyle = {}): string {
  const writing = writingOf(derivation, style);
  const sentence = (text: string): string => latexSentence(text, undefined, writing.sentences);
  return `${[
    '\\documentclass{article}',
    '\\usepackage{amsmath, amssymb}',
    '\\usepackage[margin=2.5cm]{geometry}',
    '\\allowdisplaybreaks',
    `\\title{${capital(sentence(derivation.title))}}`,
    '\\date{}',
    '\\begin{document}',
    '\\maketitle',
    ...header(writing),
    ...derivation.assumptions.map((a) => `\\noindent\\emph{Assumed:} ${sentence(a)}\n`),
    ...sectionsOf(derivation).flatMap((section) => ['', `\\section*{${sentence(section.title)}}`, ...sectionLines(section, writing)]),
    '\\end{document}',
  ].join('\n')}\n`;
}

function sectionLines(section: Section, writing: Writing): readonly string[] {
  if (section.id === 'summary') return [...chunks(section.steps, 12).map((steps) => `\\[ ${summaryCases(steps, writing)} \\]`)];
  const { options, sentences } = writing;
  return section.steps.flatMap((step) => {
    const letters = lettersOf(step, writing);
    return [
      '', `\\noindent\\textbf{(${String(step.number)})} ${latexSentence(step.title, titleLetters(step, writing), sentences)}`,
      '\\begin{equation*}', `${aligned(step, writing)} \\tag{${String(step.number)}}`, '\\end{equation*}',
      ...vectorsOf(step, writing).map((v) => `\\noindent ${v.layout}: \\( ${latexVector(v.form, v.options ?? options)} \\)\n`),
      ...remarksOf(step, options).map((r) => `\\noindent ${latexSentence(r, letters, sentences)}\n`),
      ...evidence(step),
      '\\medskip',
    ];
  });
}

function evidence(step: Step): readonly string[] {
  const words = evidenceOf(step, (source) => `\\texttt{${escaped(source)}}`);
  return words.length === 0 ? [] : [`{\\small ${words.join('; ')}}`];
}

/** The symbols of the signals, the form of the bias, and what the two layouts of vector forms mean. */
function header(writing: Writing): readonly string[] {
  const { derivation, options, sentences } = writing;
  const signals = signalsIn(derivation, options, latexSignal).map((s) => `\\( ${s} \\)`);
  const layouts = layoutsOf(writing);
  return [
    ...(signals.length === 0 ? [] : [`\\noindent Signal: ${signals.join(', ')}. Bias: ${derivation.bias}.\n`]),
    ...(layouts === null ? [] : [`\\noindent ${latexSentence(layouts, undefined, sentences)}\n`]),
  ];
}

/** One brace cannot be broken over pages. */
function chunks(steps: readonly Step[], most: number): readonly (readonly Step[])[] {
  const out: (readonly Step[])[] = [];
  for (let n = 0; n < steps.length; n += most) out.push(steps.slice(n, n + most));
  return out;
}
