// The equations of a layer: left sides, the tensors that only they define, right sides, and the order among them.

import { type Range, sameAffine } from '../algebra/affine.ts';
import { tensor, type Tensor, zero } from '../algebra/expression.ts';
import type { Rational } from '../algebra/rational.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Report } from '../diagnostics/report.ts';
import { argmaxRange } from './argmax-range.ts';
import type { Path, SpecDocument } from './document.ts';
import { newHoistedEquations } from './hoisted-equations.ts';
import type { LayerTensor } from './layer-spec.ts';
import type { Axis, Equation } from './network.ts';
import { inOrder, recurringTensors, usesOf } from './order-equations.ts';
import { type Gaps, leadingName } from './parts.ts';
import { namesIn } from './range.ts';
import { evaluateNames, readKeySyntax, readSyntax, type Written } from './read-expression.ts';
import { showRange } from './show.ts';
import type { Span } from './syntax.ts';
import type { Vocabulary } from './vocabulary.ts';

/** An equation by its left side and the path of its right side. */
export interface Line {
  readonly left: string;
  readonly path: Path;
}

interface Left {
  readonly tensor: Tensor;
  readonly axes: readonly Axis[];
  readonly line: Line;
}

/**
 * Adds the tensors that only equations define to the vocabulary; `outputs` are those that have to be defined. The locals are
 * those tensors, and declared ones that turn out to hold integers.
 */
export function readEquations(
  document: SpecDocument, path: Path, lines: readonly Line[], vocabulary: Vocabulary, outputs: readonly string[],
  declared: ReadonlyMap<string, LayerTensor>, outside: ReadonlyMap<string, Rational>, gaps: Gaps, report: Report,
): { readonly equations: readonly Equation[]; readonly locals: readonly LayerTensor[] } {
  const locals: LayerTensor[] = [];
  const lefts = new Map<string, Left>();
  for (const line of lines) {
    const left = readLeft(document, line, vocabulary, report);
    if (left === null) {
      // What it defines is not known, and what it says may be wrong too.
      gaps.names.add(leadingName(line.left));
      readSyntax(document, line.path, report);
      continue;
    }
    const { name } = left.tensor;
    const place = document.keyPlace(line.path);
    const known = declared.get(name);
    if (lefts.has(name)) report.add('defined-twice', place, { name });
    else if (known === undefined) {
      if (!vocabulary.add(name, { kind: 'tensor', tensor: left.tensor, axes: left.axes }, 'a tensor of the equations', place)) continue;
      locals.push({ name, axes: left.axes, role: 'variable', place });
      lefts.set(name, left);
    } else if (known.role !== 'variable') {
      report.add('assigned-input', place, { name, is: known.role === 'parameter' ? 'a parameter' : `an ${known.role}`.replace('an t', 'a t') });
    } else if (fitsDeclared(left, known, place, report)) lefts.set(name, left);
    else gaps.names.add(name);
  }
  // A file without any equation has been told so.
  for (const name of lines.length === 0 ? [] : outputs) {
    if (!lefts.has(name)) report.add('undefined-output', document.keyPlace([...path, 'output', name]), { name });
  }
  const formulas = [...lefts.values()].map((left) => {
    const written = readSyntax(document, left.line.path, report);
    const range = written === null ? null : argmaxRange(written.syntax, vocabulary.names, new Map(left.axes.map((a) => [a.index, a])));
    if (range !== null) vocabulary.markInteger(left.tensor.name, range);
    return { name: left.tensor.name, left, written, integer: range };
  });
  const uses = usesOf(formulas);
  const recurring = recurringTensors(formulas, uses);
  const taken = new Set([...vocabulary.names.keys(), ...lefts.keys()]);
  const hoisted: LayerTensor[] = [];
  const read = formulas.map((formula) => {
    const { left, written } = formula;
    const extra = newHoistedEquations(formula.name, taken, written?.at ?? (() => document.pairPlace(left.line.path)));
    const value = written === null ? zero
      : evaluateNames(written, vocabulary.names, left.axes, report, { hoist: extra.hoist, recurring: recurring.get(formula.name) ?? none, outside });
    const text = `${left.line.left}: ${document.written(left.line.path).replace(/\s+/g, ' ').trim()}`;
    const own: Equation = { tensor: left.tensor, axes: left.axes, value, place: document.pairPlace(left.line.path), text };
    hoisted.push(...extra.tensors);
    return { ...formula, equations: [...extra.equations, own] };
  });
  const equations = inOrder(read, uses, recurring, report);
  checkUse(formulas.map((f) => f.written), [...declared.values(), ...locals], outputs, report);
  const integers = new Map(formulas.flatMap((f): [string, Range][] => (f.integer === null ? [] : [[f.name, f.integer]])));
  const marked = [...locals, ...[...declared.values()].filter((t) => integers.has(t.name))].map((t) => withInteger(t, integers.get(t.name)));
  return { equations, locals: [...marked, ...hoisted] };
}

const none: ReadonlySet<string> = new Set();

const withInteger = (t: LayerTensor, integer: Range | undefined): LayerTensor => (integer === undefined ? t : { ...t, integer });

function readLeft(document: SpecDocument, line: Line, vocabulary: Vocabulary, report: Report): Left | null {
  // The short form of a loss has no left side of its own.
  if (line.path.at(-1) !== line.left) return { tensor: tensor(line.left), axes: [], line };
  const written = readKeySyntax(document, line.path, report);
  if (written === null) return null;
  const { syntax } = written;
  const bad = (span: Span): null => {
    report.add('bad-left-side', written.at(span), { text: line.left });
    return null;
  };
  if (syntax.kind === 'name') return { tensor: tensor(syntax.name), axes: [], line };
  if (syntax.kind !== 'entry') return bad(syntax);
  const axes: Axis[] = [];
  for (const index of syntax.indices) {
    if (index.kind !== 'name' || axes.some((a) => a.index === index.name)) return bad(index);
    const meaning = vocabulary.names.get(index.name);
    if (meaning?.kind !== 'letter') {
      const known = [...vocabulary.names].filter(([, m]) => m.kind === 'letter').map(([name]) => name);
      report.add('unknown-name', written.at(index), { name: index.name, role: 'index letter', suggestion: null, known });
      return null;
    }
    axes.push({ index: index.name, range: meaning.range });
  }
  return { tensor: tensor(syntax.of.name), axes, line };
}

/** Whether the letters of a left side run over the axes that the tensor is declared with. */
function fitsDeclared(left: Left, known: LayerTensor, place: Place, report: Report): boolean {
  const { name } = left.tensor;
  if (left.axes.length !== known.axes.length) {
    const form = known.axes.length === 0 ? name : `${name}[${known.axes.map((a) => a.index).join(', ')}]`;
    report.add('wrong-index-count', place, { name, given: left.axes.length, wanted: known.axes.length, form });
    return false;
  }
  const wrong = left.axes.findIndex((axis, n) => {
    const other = known.axes[n];
    return other === undefined || !sameAffine(axis.range.lo, other.range.lo) || !sameAffine(axis.range.hi, other.range.hi);
  });
  const axis = left.axes[wrong];
  const other = known.axes[wrong];
  if (axis === undefined || other === undefined) return true;
  report.add('left-side-range', place, {
    letter: axis.index, range: showRange(axis.range), axis: showRange(other.range), name, position: wrong + 1,
  });
  return false;
}

/** What nothing uses is likely a slip; where an equation could not be read, nobody knows. */
function checkUse(right: readonly (Written | null)[], tensors: readonly LayerTensor[], outputs: readonly string[], report: Report): void {
  if (right.includes(null) || right.length === 0) return;
  const used = new Set(right.flatMap((w) => (w === null ? [] : namesIn(w.syntax))));
  for (const { name, role, place } of tensors) {
    if (used.has(name) || outputs.includes(name)) continue;
    if (role === 'parameter') report.add('unused-parameter', place, { name });
    else report.add('unused-tensor', place, { name, is: role === 'variable' ? 'the tensor' : `the ${role}` });
  }
}
