// A derivation in Markdown with $…$ and $$…$$, and the body of its LaTeX document: the same aligned blocks.

import type { Derivation, Step } from '../derive/derivation.ts';
import type { Letters } from '../notation/indices.ts';
import { latexSignal, latexStep, latexVector } from '../notation/latex.ts';
import { remarksOf } from './correlation-remarks.ts';
import { capital, markdownSentence } from './sentences.ts';
import { evidenceOf, type Section, sectionsOf, signalsIn } from './sections.ts';
import { titleLetters } from './title-letters.ts';
import { layoutsOf, vectorsOf } from './whole-forms.ts';
import { type Writing, writingOf, type WritingStyle } from './writing.ts';

export function derivationMarkdown(derivation: Derivation, style: WritingStyle = {}): string {
  const writing = writingOf(derivation, style);
  const sentence = (text: string): string => markdownSentence(text, undefined, writing.sentences);
  const signals = signalsIn(derivation, writing.options, latexSignal);
  const layouts = layoutsOf(writing);
  const lines = [
    `# ${capital(sentence(derivation.title))}`, '',
    ...(signals.length === 0 ? [] : [`Signal: ${signals.map((s) => `$${s}$`).join(', ')}. Bias: ${derivation.bias}.`, '']),
    ...derivation.assumptions.flatMap((a) => [`*Assumed:* ${sentence(a)}`, '']),
    ...(layouts === null ? [] : [sentence(layouts), '']),
    ...sectionsOf(derivation).flatMap((section) => [`## ${sentence(section.title)}`, '', ...sectionLines(section, writing)]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function sectionLines(section: Section, writing: Writing): readonly string[] {
  if (section.id === 'summary') return ['$$', summaryCases(section.steps, writing), '$$', ''];
  const { options, sentences } = writing;
  return section.steps.flatMap((step) => {
    const letters = lettersOf(step, writing);
    return [
      `**(${String(step.number)})** ${markdownSentence(step.title, titleLetters(step, writing), sentences)}`, '',
      '$$', `${aligned(step, writing)} \\tag{${String(step.number)}}`, '$$', '',
      ...vectorsOf(step, writing).flatMap((v) => [`${capital(v.layout)}: $${latexVector(v.form, v.options ?? options)}$`, '']),
      ...remarksOf(step, options).flatMap((r) => [markdownSentence(r, letters, sentences), '']),
      ...evidence(step),
    ];
  });
}

function evidence(step: Step): readonly string[] {
  const words = evidenceOf(step, (source) => `\`${source}\``);
  return words.length === 0 ? [] : [`<sub>${words.join(' · ')}</sub>`, ''];
}

/** Letters of the step's indices, for its sentences. */
export const lettersOf = (step: Step, { options }: Writing): Letters => latexStep(step, options).letters;

/** Both sides in columns, the rule behind each equality, the condition behind the last; long sides go on in rows of their own. */
export function aligned(step: Step, { options }: Writing): string {
  const written = latexStep(step, options);
  const rows = written.right.map((r, n) => {
    const formula = (r.rows ?? [r.text]).join(' \\\\ &\\qquad ');
    return `${n === 0 ? written.left : ''} &${n === 0 && written.relation === ':=' ? ' := ' : ' = '}${formula} && \\text{${r.rule}}`;
  });
  const condition = written.condition === '' ? '' : ` \\\\ & && ${written.condition}`;
  return `\\begin{aligned} ${rows.join(' \\\\ ')}${condition} \\end{aligned}`;
}

/** What the steps come to, as the article sums it up: one brace over all. */
export function summaryCases(steps: readonly Step[], { options }: Writing): string {
  const rows = steps.map((step) => {
    const written = latexStep(step, options);
    const last = written.right.at(-1);
    const formula = (last?.rows ?? [last?.text ?? '']).join(' \\\\ \\qquad ');
    return `${written.left} = ${formula}${written.condition === '' ? '' : `, \\quad ${written.condition}`}`;
  });
  return `\\begin{cases} ${rows.join(' \\\\[4pt] ')} \\end{cases}`;
}
