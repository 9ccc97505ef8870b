// A derivation as a complete LaTeX document: article class and amsmath, ASCII only, so that pdflatex takes it.

import type { Derivation, Step } from '../derive/derivation.ts';
import { latexVector } from '../notation/latex.ts';
import { aligned, lettersOf, summaryCases } from './derivation-markdown.ts';
import { capital, escaped, latexSentence } from './sentences.ts';
import { notationFor, type Section, sectionsOf, sourcesOf, vectorsOf, verifiedBy } from './sections.ts';

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
    ...derivation.assumptions.map((a) => `\\noindent\\emph{Assumed:} ${latexSentence(a)}\n`),
    ...sectionsOf(derivation).flatMap((section) => ['', `\\section*{${section.title}}`, ...sectionLines(section, derivation)]),
    '\\end{document}',
  ].join('\n')}\n`;
}

function sectionLines(section: Section, derivation: Derivation): readonly string[] {
  if (section.id === 'summary') return [...chunks(section.steps, 12).map((steps) => `\\[ ${summaryCases(steps, derivation)} \\]`)];
  return section.steps.flatMap((step) => [
    '', `\\noindent\\textbf{(${String(step.number)})} ${latexSentence(step.title, lettersOf(step, derivation))}`,
    '\\begin{equation*}', `${aligned(step, derivation)} \\tag{${String(step.number)}}`, '\\end{equation*}',
    ...vectorsOf(step, derivation).map((v) => `\\noindent ${v.layout}: \\( ${latexVector(v.form, notationFor(derivation))} \\)\n`),
    ...step.remarks.map((r) => `\\noindent ${latexSentence(r, lettersOf(step, derivation))}\n`),
    `{\\small ${[...sourcesOf(step).map((s) => `\\texttt{${escaped(s)}}`), verifiedBy[step.verified]].join('; ')}}`,
    '\\medskip',
  ]);
}

/** One brace cannot be broken over pages. */
function chunks(steps: readonly Step[], most: number): readonly (readonly Step[])[] {
  const out: (readonly Step[])[] = [];
  for (let n = 0; n < steps.length; n += most) out.push(steps.slice(n, n + most));
  return out;
}
