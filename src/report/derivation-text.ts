// A derivation as text for a terminal: formulas in Unicode, one equality a line with the rule that gives it.

import type { Derivation, Step } from '../derive/derivation.ts';
import { type Line, linesOf } from '../notation/layout.ts';
import { type LaidOutStep, unicodeSignal, unicodeStepLayout, unicodeVectorLayout } from '../notation/unicode.ts';
import { remarksOf } from './correlation-remarks.ts';
import { evidenceOf, type Section, sectionsOf, signalsIn } from './sections.ts';
import { capital, unicodeSentence } from './sentences.ts';
import { titleLetters } from './title-letters.ts';
import { boxed, columns, padEnd, width, wrap } from './text.ts';
import { layoutsOf, vectorsOf } from './whole-forms.ts';
import { type NamedVector, type Writing, writingOf, type WritingStyle } from './writing.ts';

const LINE = 96;
/** A formula with its rule may be a little longer than prose. */
const WITH_RULE = 106;
const INDENT = '     ';
const NO_BREAK = '\u00a0';

export function derivationText(derivation: Derivation, style: WritingStyle = {}): string {
  const writing = writingOf(derivation, style);
  const sentence = (text: string): string => unicodeSentence(text, undefined, writing.sentences);
  const title = capital(sentence(derivation.title));
  const layouts = layoutsOf(writing);
  const head = [
    title, '═'.repeat(width(title)), ...settings(writing),
    ...derivation.assumptions.flatMap((a) => wrap(`Assumed: ${sentence(a)}`, LINE)),
    ...(layouts === null ? [] : wrap(sentence(layouts), LINE)), '',
  ];
  const sections = sectionsOf(derivation).map((section) => {
    const heading = sentence(section.title);
    return [`── ${heading} ${'─'.repeat(Math.max(3, LINE - width(heading) - 4))}`, '', ...sectionText(section, writing)];
  });
  return `${[...head, ...sections.flat()].map((l) => l.trimEnd()).join('\n')}\n`;
}

/** `Signal: δ = ∂E/∂a. Bias: separate.` */
function settings({ derivation, options }: Writing): readonly string[] {
  const signals = signalsIn(derivation, options, unicodeSignal);
  return signals.length === 0 ? [] : wrap(`Signal: ${signals.join(', ')}. Bias: ${derivation.bias}.`, LINE);
}

function sectionText(section: Section, writing: Writing): readonly string[] {
  return section.id === 'summary' ? summary(section.steps, writing)
    : section.steps.flatMap((step) => [...stepText(step, writing), '']);
}

/** What the steps come to, in one frame, the conditions in a column of their own. */
function summary(steps: readonly Step[], { options }: Writing): readonly string[] {
  const all = steps.map((step) => ({ step, written: unicodeStepLayout(step, options) }));
  const numbers = Math.max(0, ...steps.map((s) => String(s.number).length + 2));
  const conditions = Math.max(0, ...all.map(({ written }) => width(written.condition)));
  const rows = all.flatMap(({ step, written }) => {
    const left = `${written.left} ${written.relation} `;
    const last = written.right.at(-1);
    const lines = last === undefined ? [] : linesOf(last.layout, Math.max(NARROWEST, WITH_RULE - numbers - conditions - width(left) - 8));
    return lines.map((line, n) => (n === 0 ? [`(${String(step.number)})`, left + line.text, written.condition]
      : ['', padEnd('', width(left)) + line.text, '']));
  });
  return boxed(columns(rows));
}

/** Formulas are not cut into pieces smaller than that. */
const NARROWEST = 40;

function stepText(step: Step, writing: Writing): readonly string[] {
  const { options, sentences } = writing;
  const written = unicodeStepLayout(step, options);
  const condition = written.condition === '' ? '' : ` (${written.condition.replaceAll(' ', NO_BREAK)})`;
  const evidence = evidenceOf(step);
  return [
    ...wrap(`${padEnd(`(${String(step.number)})`, INDENT.length - 1)} ${unicodeSentence(step.title, titleLetters(step, writing), sentences)}${condition}`, LINE)
      .map((l, n) => (n === 0 ? headed(l) : INDENT + l).replaceAll(NO_BREAK, ' ')),
    ...equalities(written).map((l) => `${INDENT}  ${l}`),
    ...vectorsOf(step, writing).flatMap((v) => vectorLines(v, writing)).map((l) => `${INDENT}  ${l}`),
    ...remarksOf(step, options).flatMap((r) => wrap(unicodeSentence(r, written.letters, sentences), LINE - 10).map((l) => `${INDENT}  ${l}`)),
    ...(evidence.length === 0 ? [] : wrap(`[${evidence.join(' · ')}]`, LINE - INDENT.length - 2).map((l) => `${INDENT}  ${l}`)),
  ];
}

/** `in columns:  δ⁽ᵏ⁾ = …`. */
function vectorLines({ layout, form, options }: NamedVector, writing: Writing): readonly string[] {
  const { left, right } = unicodeVectorLayout(form, options ?? writing.options);
  const start = `${padEnd(`${layout}:`, 12)} ${left} = `;
  return linesOf(right, Math.max(NARROWEST, LINE - INDENT.length - 2 - width(start))).map((l, n) => (n === 0 ? start : padEnd('', width(start))) + l.text);
}

/** The number stands in the margin. */
const headed = (line: string): string => line.replace(/^(\(\d+\)) */, (_, number: string) => `${padEnd(number, INDENT.length - 1)} `);

/** left = first = second …, the signs below each other, each rule behind the last line of its formula. */
function equalities(written: LaidOutStep): readonly string[] {
  const left = `${written.left} ${written.relation} `;
  const follow = `${padEnd('', width(written.left) + 1)}= `;
  const formulas = written.right.map((r, n) => {
    const room = Math.min(LINE, WITH_RULE - width(r.rule) - 2) - INDENT.length - 2 - width(left);
    return { rule: r.rule, start: n === 0 ? left : follow, lines: linesOf(r.layout, Math.max(NARROWEST, room)) };
  });
  const ends = formulas.map((f) => width(f.start) + width(f.lines.at(-1)?.text ?? ''));
  const column = Math.min(64, Math.max(0, ...ends) + 3);
  return formulas.flatMap(({ rule, start, lines }) => lines.flatMap((line, n) => {
    const text = (n === 0 ? start : padEnd('', width(start))) + line.text;
    if (n < lines.length - 1) return [text, ...marksBelow(line, width(start))];
    // Where the last line is too long for its rule, the rule stands below.
    const apart = width(text) > column && width(text) + width(rule) + 2 > WITH_RULE - INDENT.length - 2;
    return [...(apart ? [text, `${padEnd('', column)}  ${rule}`] : [`${padEnd(text, column)}  ${rule}`]), ...marksBelow(line, width(start))];
  }));
}

/** A bracket below each part that has a remark, and the remark in it where there is room. */
function marksBelow(line: Line, indent: number): readonly string[] {
  if (line.marks.length === 0) return [];
  return [line.marks.reduce((text, { from, to, note }) => {
    const inner = Math.max(0, to - from - 2);
    const said = width(note) + 4 <= inner ? `─ ${note} ${'─'.repeat(inner - width(note) - 3)}` : '─'.repeat(inner);
    return `${padEnd(text, indent + from)}└${said}┘`;
  }, '')];
}
