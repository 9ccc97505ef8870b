// A derivation in Markdown with $…$ and $$…$$, and the body of its LaTeX document: the same aligned blocks.

import type { Derivation, Step } from '../derive/derivation.ts';
import type { Letters } from '../notation/indices.ts';
import { latexSignal, latexStep, latexVector } from '../notation/latex.ts';
import { remarksOf } from './correlation-remarks.ts';
import { capital, markdownSentence } from './sentences.ts';
import { evidenceOf, notationFor, type Section, sectionsOf, signalsIn } from './sections.ts';
import { layoutsOf, vectorsOf } from './whole-forms.ts';

export function derivationMarkdown(derivation: Derivation): string {
  const signals = signalsIn(derivation, latexSignal);
  const layouts = layoutsOf(derivation);
  const lines = [
    `# ${capital(markdownSentence(derivation.title))}`, '',
    ...(signals.length === 0 ? [] : [`Signal: ${signals.map((s) => `$${s}$`).join(', ')}. Bias: ${derivation.bias}.`, '']),
    ...derivation.assumptions.flatMap((a) => [`*Assumed:* ${markdownSentence(a)}`, '']),
    ...(layouts === null ? [] : [markdownSentence(layouts), '']),
    ...sectionsOf(derivation).flatMap((section) => [`## ${markdownSentence(section.title)}`, '', ...sectionLines(section, derivation)]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function sectionLines(section: Section, derivation: Derivation): readonly string[] {
  if (section.id === 'summary') return ['$$', summaryCases(section.steps, derivation), '$$', ''];
  return section.steps.flatMap((step) => [
    `**(${String(step.number)})** ${markdownSentence(step.title, lettersOf(step, derivation))}`, '',
    '$$', `${aligned(step, derivation)} \\tag{${String(step.number)}}`, '$$', '',
    ...vectorsOf(step, derivation).flatMap((v) => [`${sentence(v.layout)}: $${latexVector(v.form, notationFor(derivation))}$`, '']),
    ...remarksOf(step, derivation).flatMap((r) => [markdownSentence(r, lettersOf(step, derivation)), '']),
    ...evidence(step),
  ]);
}

function evidence(step: Step): readonly string[] {
  const words = evidenceOf(step, (source) => `\`${source}\``);
  return words.length === 0 ? [] : [`<sub>${words.join(' · ')}</sub>`, ''];
}

/** Letters of the step's indices, for its sentences. */
export const lettersOf = (step: Step, derivation: Derivation): Letters => latexStep(step, notationFor(derivation)).letters;

/** Both sides in columns, the rule behind each equality, the condition behind the last; long sides go on in rows of their own. */
export function aligned(step: Step, derivation: Derivation): string {
  const written = latexStep(step, notationFor(derivation));
  const rows = written.right.map((r, n) => {
    const formula = (r.rows ?? [r.text]).join(' \\\\ &\\qquad ');
    return `${n === 0 ? written.left : ''} &${n === 0 && written.relation === ':=' ? ' := ' : ' = '}${formula} && \\text{${r.rule}}`;
  });
  const condition = written.condition === '' ? '' : ` \\\\ & && ${written.condition}`;
  return `\\begin{aligned} ${rows.join(' \\\\ ')}${condition} \\end{aligned}`;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** What the steps come to, as the article sums it up: one brace over all. */
export function summaryCases(steps: readonly Step[], derivation: Derivation): string {
  const rows = steps.map((step) => {
    const written = latexStep(step, notationFor(derivation));
    const last = written.right.at(-1);
    const formula = (last?.rows ?? [last?.text ?? '']).join(' \\\\ \\qquad ');
    return `${written.left} = ${formula}${written.condition === '' ? '' : `, \\quad ${written.condition}`}`;
  });
  return `\\begin{cases} ${rows.join(' \\\\[4pt] ')} \\end{cases}`;
}
