// One formula from a text to another: read in the words of the first, written in those of the second.

import { add, isBinder } from '../../algebra/expression.ts';
import { shiftLayer } from '../../algebra/layer.ts';
import { holdsBelow } from '../../algebra/traverse.ts';
import type { Formula, LayerRange, Step } from '../../derive/derivation.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { latexStep, latexVector } from '../../notation/latex.ts';
import { type Meanings, meantAxis, meantFormula, UnknownWordError } from '../../notation/meant.ts';
import { movedAxis, movedFormula, topOf } from '../../notation/move-layers.ts';
import { overFactor } from '../../notation/rename.ts';
import { layoutOf } from '../../notation/setting.ts';
import { sayable, shiftOf, times, translatedStep } from '../../notation/translation.ts';
import { componentsOf } from '../../notation/components.ts';
import { vectorForm } from '../../notation/vector.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { isSamplesAxis } from '../../spec/samples.ts';
import { type Problem, problem } from '../problem.ts';
import { readFormula, type ReadStatement } from '../read.ts';
import type { Text } from './text.ts';

export type Translated =
  | { readonly ok: true; readonly latex: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A formula in LaTeX, in the words of another text; or why there is none. */
export function translateFormula(latex: string, from: Text, to: Text): Translated {
  const read = readFormula(latex, from.context);
  if (!read.ok) return symbolAlone(latex, from, to) ?? read;
  const quantified = latex.includes('\\forall');
  return attempted(latex, () => {
    const written = read.statements.map((s) => statementIn(s, read.layers, quantified, from, to));
    const [only] = written;
    if (only !== undefined && written.length === 1) return `${only.left} ${only.rest}`;
    return /\\begin|\\\\/.test(latex) ? `\\begin{aligned} ${written.map((w) => `${w.left} &${w.rest}`).join(' \\\\ ')} \\end{aligned}`
      : written.map((w) => `${w.left} ${w.rest}`).join(', \\quad ');
  });
}

interface Written {
  readonly left: string;
  /** The relation, and what follows. */
  readonly rest: string;
}

function attempted(latex: string, write: () => string): Translated {
  const whole = { start: 0, end: latex.length };
  const fail = (reason: string): Translated => ({ ok: false, problems: [problem('not-expressible', whole, { text: latex, reason })] });
  try {
    return { ok: true, latex: write() };
  } catch (error) {
    if (error instanceof UnknownWordError) return fail(error.message);
    if (error instanceof DiagnosticError) return fail(error.diagnostics[0]?.message ?? error.message);
    throw error;
  }
}

function statementIn(statement: ReadStatement, layers: LayerRange | null, quantified: boolean, from: Text, to: Text): Written {
  const samples = ofSamples(statement);
  const own = normalised(ownStep(statement, layers, from, samples ? from.meanings.all : from.meanings.one));
  const { vocabulary } = to.translation;
  const said = sayable(own, vocabulary);
  if (said === null) throw new UnknownWordError(`a chain that ${to.spec.name} has`);
  const { renaming } = samples ? to.meanings.all : to.meanings.one;
  const step = translatedStep(said, { ...renaming, shift: shiftOf(said, vocabulary) });
  const whole = statement.whole ? inVectors(step, to) : null;
  if (whole !== null) return whole;
  const { left, relation, right, condition } = latexStep(step, to.options);
  return { left, rest: `${relation} ${right.map((r) => r.text).join(' = ')}${quantified && condition !== '' ? `, \\quad ${condition}` : ''}` };
}

/** Every side as a vector form; null where one has none. */
function inVectors(step: Step, { spec, options, translation }: Text): Written | null {
  if (spec.layers.mark === 'letters' && spec.layers.symbols.size === 0) return null;
  const forms = step.right.map((side) => {
    const formula = componentsOf({ ...step, right: [side] });
    const form = formula === null ? null : vectorForm(formula, layoutOf(spec), translation.derivation.system.declarations);
    return form === null ? null : latexVector(form, options);
  });
  const sides = forms.flatMap((f) => (f === null ? [] : [f.split(' = ')]));
  const left = sides[0]?.[0];
  if (left === undefined || sides.length < forms.length) return null;
  return { left, rest: `${step.relation} ${sides.map(([, ...right]) => right.join(' = ')).join(' = ')}` };
}

const ofSamples = ({ left, right, axes }: ReadStatement): boolean => axes.some(isSamplesAxis) || [left, ...right].some(({ formula }) =>
  formula.kind === 'expression' && holdsBelow(formula.value, (e) => isBinder(e) && isSamplesAxis({ index: e.index, range: e.range })));

const nowhere: Place = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** What a statement says, in the program's own words. */
function ownStep(statement: ReadStatement, layers: LayerRange | null, { translation, spec }: Text, meanings: Meanings): Step {
  const left = meantFormula(statement.left.formula, meanings);
  const entry = left.written.kind === 'expression' && left.written.value.kind === 'ref' ? left.written.value : null;
  // Where the text adds the bias later, its pre-activation is less than the program's.
  const added = entry === null ? null : translation.vocabulary.addedTo(entry);
  const right = statement.right.map(({ formula }): Formula => {
    const side = meantFormula(formula, meanings);
    const value = added !== null && side.written.kind === 'expression' ? { ...side.written, value: add([side.written.value, added]) } : side.written;
    return times(value, overFactor(side.factor, left.factor));
  });
  const ownLayer = (layer: LayerRange['from']): LayerRange['from'] => (layer.symbol === 'N' ? shiftLayer(layer, spec.layers.input) : layer);
  return {
    number: 1, section: 'layers', role: 'result', rule: 'translation', title: '', left: left.written,
    relation: statement.right[0]?.relation === ':=' ? ':=' : '=', right: right.map((formula) => ({ formula, rule: 'translation' })),
    axes: statement.axes.map((a) => meantAxis(a, meanings)), layers: layers === null ? null : { from: ownLayer(layers.from), to: ownLayer(layers.to) },
    sources: [nowhere], remarks: [], verified: 'definition',
  };
}

/** The same with layer k as the highest that it mentions, as derivations have it. */
function normalised(step: Step): Step {
  const tops = [step.left, ...step.right.map((r) => r.formula)].flatMap((f) => topOf(f) ?? []);
  const by = tops.length === 0 ? 0 : -Math.max(...tops);
  if (by === 0) return step;
  return {
    ...step, left: movedFormula(step.left, by), right: step.right.map((r) => ({ ...r, formula: movedFormula(r.formula, by) })),
    axes: step.axes.map((a) => movedAxis(a, by)),
    layers: step.layers === null ? null : { from: shiftLayer(step.layers.from, 0 - by), to: shiftLayer(step.layers.to, 0 - by) },
  };
}

/** A tensor, an entry or an adjoint by itself: read as what equals itself. Null where it is none. */
function symbolAlone(latex: string, from: Text, to: Text): Translated | null {
  const read = readFormula(`${latex} = ${latex}`, from.context);
  const [statement] = read.ok ? read.statements : [];
  if (statement?.left.formula.kind !== 'expression' || statement.left.formula.value.kind !== 'ref' || !read.ok || read.statements.length !== 1) return null;
  return attempted(latex, () => {
    const { left, rest } = statementIn(statement, null, false, from, to);
    return rest === `= ${left}` ? left : rest.replace(/^= /, '');
  });
}
