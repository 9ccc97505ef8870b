// A derivation as text for a terminal: formulas in Unicode, one equality a line with the rule that gives it.

import type { ChainFactor, Derivation, Formula, Step } from '../derive/derivation.ts';
import { unicode, unicodeFormula, unicodeStep, unicodeVector } from '../notation/unicode.ts';
import { notationFor, type Section, sectionsOf, sourcesOf, vectorsOf, verifiedBy } from './sections.ts';
import { capital, unicodeSentence } from './sentences.ts';
import { boxed, columns, padEnd, width, wrap } from './text.ts';

const LINE = 96;
const INDENT = '     ';
const NO_BREAK = '\u00a0';

export function derivationText(derivation: Derivation): string {
  const title = capital(unicodeSentence(derivation.title));
  const head = [title, '═'.repeat(width(title)), settings(derivation),
    ...derivation.assumptions.flatMap((a) => wrap(`Assumed: ${unicodeSentence(a)}`, LINE)), ''];
  const sections = sectionsOf(derivation).map((section) => [
    `── ${section.title} ${'─'.repeat(Math.max(3, LINE - width(section.title) - 4))}`, '', ...sectionText(section, derivation)]);
  return `${[...head, ...sections.flat()].map((l) => l.trimEnd()).join('\n')}\n`;
}

/** `Signal: δ = ∂E/∂a. Bias: separate.` */
function settings(derivation: Derivation): string {
  const symbols = new Set(derivation.signals.map((t) => {
    const entry = { kind: 'ref', tensor: { ...t, layer: null }, adjoint: true, indices: [] } as const;
    const meaning = unicode(entry);
    const symbol = unicode({ ...entry, tensor: t }, notationFor(derivation)).replace(/[⁽⁾⁰-⁹ᵏᴺ⁺⁻¹²³]+$/u, '');
    return symbol.startsWith('∂') ? meaning : `${symbol} = ${meaning}`;
  }));
  return symbols.size === 0 ? '' : `Signal: ${[...symbols].join(', ')}. Bias: ${derivation.bias}.`;
}

function sectionText(section: Section, derivation: Derivation): readonly string[] {
  return section.id === 'summary' ? summary(section.steps, derivation)
    : section.steps.flatMap((step) => [...stepText(step, derivation), '']);
}

/** What the steps come to, in one frame, the conditions in a column of their own. */
function summary(steps: readonly Step[], derivation: Derivation): readonly string[] {
  const rows = steps.map((step) => {
    const written = unicodeStep(step, notationFor(derivation));
    return [`(${String(step.number)})`, `${written.left} ${written.relation} ${written.right.at(-1)?.text ?? ''}`, written.condition];
  });
  return boxed(columns(rows));
}

export function stepText(step: Step, derivation: Derivation): readonly string[] {
  const written = unicodeStep(step, notationFor(derivation));
  const left = `${written.left} ${written.relation} `;
  const follow = padEnd('', width(written.left) + 1);
  const formulas = written.right.map((r, n) => (n === 0 ? left : `${follow}= `) + r.text);
  const column = Math.min(64, Math.max(0, ...formulas.map(width)) + 3);
  const lines = formulas.flatMap((formula, n) => {
    const rule = `${padEnd(formula, column)}  ${written.right[n]?.rule ?? ''}`;
    const marks = shared(step.right[n]?.formula, width(left), derivation);
    return marks === null ? [rule] : [rule, marks];
  });
  const condition = written.condition === '' ? '' : ` (${written.condition.replaceAll(' ', NO_BREAK)})`;
  return [
    ...wrap(`${padEnd(`(${String(step.number)})`, INDENT.length - 1)} ${unicodeSentence(step.title, written.letters)}${condition}`, LINE)
      .map((l, n) => (n === 0 ? headed(l) : INDENT + l).replaceAll(NO_BREAK, ' ')),
    ...lines.map((l) => `${INDENT}  ${l}`),
    ...vectorsOf(step, derivation).map((v) => `${INDENT}  ${padEnd(`${v.layout}:`, 12)} ${unicodeVector(v.form, notationFor(derivation))}`),
    ...step.remarks.flatMap((r) => wrap(unicodeSentence(r, written.letters), LINE - 10).map((l) => `${INDENT}  ${l}`)),
    `${INDENT}  [${[...sourcesOf(step), verifiedBy[step.verified]].join(' · ')}]`,
  ];
}

/** The number stands in the margin. */
const headed = (line: string): string => line.replace(/^(\(\d+\)) */, (_, number: string) => `${padEnd(number, INDENT.length - 1)} `);

/** A bracket below the factors that have been computed already. */
function shared(formula: Formula | undefined, indent: number, derivation: Derivation): string | null {
  if (formula?.kind !== 'chain' || !formula.paths.flat().some((f) => f.shared)) return null;
  const written = (...paths: readonly (readonly ChainFactor[])[]): number =>
    width(unicodeFormula({ kind: 'chain', paths: paths.filter((p) => p.length > 0) }, notationFor(derivation)));
  let marks = '';
  formula.paths.forEach((path, p) => {
    const before = p === 0 ? 0 : written(...formula.paths.slice(0, p)) + 3;
    path.forEach((factor, n) => {
      if (!factor.shared) return;
      if (path[n - 1]?.shared !== true) marks = `${padEnd(marks, before + (n === 0 ? 0 : written(path.slice(0, n)) + 3))}└`;
      marks += '─'.repeat(Math.max(0, before + written(path.slice(0, n + 1)) - width(marks)));
      if (path[n + 1]?.shared !== true) marks = `${marks.slice(0, -1)}┘`;
    });
  });
  return `${' '.repeat(indent)}${marks.replace(/└(─{12,})┘/g, (_, line: string) => `└─ shared ${line.slice(9)}┘`)}`;
}
