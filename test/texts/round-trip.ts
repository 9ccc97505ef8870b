// Writes every formula of a derivation, reads it back, and says where what was read is not what was written.

import { index } from '../../src/algebra/affine.ts';
import { type Context, emptyContext, withRange } from '../../src/algebra/bounds.ts';
import { type Expression, multiply, power, rangeKey, ref, type Reference, type Tensor, tensorKey } from '../../src/algebra/expression.ts';
import { provablyEqual } from '../../src/algebra/normal/equal.ts';
import { plain, plainRange, writing } from '../../src/algebra/print.ts';
import { mapChildren, references, substituteIndices } from '../../src/algebra/traverse.ts';
import type { ChainTerm, Derivation, Formula, Step } from '../../src/derive/derivation.ts';
import { articleConvention, type Convention } from '../../src/notation/convention.ts';
import { latexStep, latexVector } from '../../src/notation/latex.ts';
import type { MatrixLayout } from '../../src/notation/matrix-layout.ts';
import { type NotationOptions, notationOf } from '../../src/notation/notation.ts';
import type { WholeForm } from '../../src/notation/vector-box.ts';
import { notationFor } from '../../src/notation/derivation-options.ts';
import { vectorsOf } from '../../src/report/whole-forms.ts';
import { columns, type Writing, writingOf } from '../../src/report/writing.ts';
import { contextAt, outputsIn } from '../../src/texts/notation-context.ts';
import { isSignal } from '../../src/texts/resolve/context.ts';
import { type Problem, readFormula, type ReadingContext } from '../../src/texts/read.ts';

export interface Failure {
  readonly step: number;
  readonly latex: string;
  /** Why it could not be read, or how what was read differs. */
  readonly why: string;
  readonly problems: readonly Problem[];
}

export interface RoundTrip {
  readonly formulas: number;
  readonly failures: readonly Failure[];
}

/** What a reader of a derivation knows. */
export function contextOf(derivation: Derivation, layout: MatrixLayout, options: NotationOptions = notationFor(derivation)): ReadingContext {
  const notation = notationOf(options);
  const { system } = derivation;
  const signals = [...(options.signals ?? []), ...(options.outputs ?? [])].flatMap((t: Tensor) => {
    const symbol = notation.signalOf(t);
    return symbol === null ? [] : [{ tensor: t, symbol }];
  });
  return {
    convention: options.convention ?? articleConvention, layout, signals,
    system: { ...system, declarations: new Map([...outputsIn(derivation), ...system.declarations]) },
    scalars: ['a', 'z'], functions: system.declarations.size === 0 ? ['h'] : [],
  };
}

export interface Style {
  readonly convention?: Convention;
  /** The layouts of vector forms, instead of those that are printed. */
  readonly layouts?: readonly MatrixLayout[];
}

export function roundTrip(derivation: Derivation, { convention = articleConvention, layouts }: Style = {}): RoundTrip {
  const writing = writingOf(derivation, {
    convention, ...(layouts === undefined ? {} : { layouts: { shown: layouts.map((layout) => ({ name: '', layout })), same: '', meaning: null } }),
  });
  return roundTripOf(writing, contextOf(derivation, columns, writing.options));
}

/** The same for a derivation in other words, by a reader who knows them. */
export function roundTripOf(writing: Writing, context: ReadingContext): RoundTrip {
  const { derivation, options } = writing;
  let formulas = 0;
  const failures: Failure[] = [];
  for (const step of derivation.steps) {
    formulas += 1 + step.right.length;
    failures.push(...stepFailures(step, contextAt(step, context), options));
    if (step.section === 'summary') continue;
    for (const { form, options: own } of vectorsOf(step, writing)) {
      // Of all samples: those say more than the step.
      if (own !== undefined) continue;
      formulas += 1;
      failures.push(...vectorFailures(step, form, context, options));
    }
  }
  return { formulas, failures };
}

function stepFailures(step: Step, context: ReadingContext, options: NotationOptions): readonly Failure[] {
  const written = latexStep(step, options);
  const chain = [written.left, ...written.right.map((r) => r.text)];
  const latex = `${chain[0] ?? ''} ${written.relation} ${chain.slice(1).join(' = ')}${written.condition === '' ? '' : `, \\quad ${written.condition}`}`;
  const read = readFormula(latex, context);
  if (!read.ok) return [{ step: step.number, latex, why: read.problems.map((p) => `${p.code} ${latex.slice(p.range.start, p.range.end)}: ${p.message}`).join('; '), problems: read.problems }];
  const [statement] = read.statements;
  if (statement === undefined || read.statements.length !== 1) return [{ step: step.number, latex, why: 'not one statement', problems: [] }];
  const letters = new Map([...written.letters].map(([name, letter]) => [name, index(letter)]));
  const bounds = step.axes.reduce((c, a) => withRange(c, letterOf(a.index, written.letters), a.range), emptyContext);
  const sides: readonly (readonly [Formula, Formula | undefined])[] = [
    [step.left, statement.left.formula], ...step.right.map((r, n) => [r.formula, statement.right[n]?.formula] as const),
  ];
  const wrong = sides.flatMap(([wanted, got]) => (got !== undefined && sameFormula(renamed(wanted, (e) => substituteIndices(e, letters)), got, bounds, context) ? []
    : [`${shown(renamed(wanted, (e) => substituteIndices(e, letters)))}   WAS READ AS   ${got === undefined ? 'nothing' : shown(got)}`]));
  const said = new Map(statement.axes.map((a) => [a.index, a.range]));
  const wrongAxes = step.axes.flatMap((a) => {
    const letter = letterOf(a.index, written.letters);
    const range = said.get(letter);
    return range !== undefined && rangeKey(range) !== rangeKey(a.range) ? [`${letter} = ${plainRange(a.range)}   WAS READ AS   ${plainRange(range)}`] : [];
  });
  return [...wrong, ...wrongAxes].map((why) => ({ step: step.number, latex, why, problems: [] }));
}

const letterOf = (name: string, letters: ReadonlyMap<string, string>): string => letters.get(name) ?? name;

/** The form of what the step gives in the end. */
function vectorFailures(step: Step, form: WholeForm, context: ReadingContext, options: NotationOptions): readonly Failure[] {
  const latex = latexVector(form, options);
  const layout = form.kind === 'einsum' ? context.layout : form.layout;
  const fail = (why: string, problems: readonly Problem[] = []): readonly Failure[] => [{ step: step.number, latex, why, problems }];
  const read = readFormula(latex, { ...context, layout });
  if (!read.ok) return fail(read.problems.map((p) => `${p.code} ${latex.slice(p.range.start, p.range.end)}: ${p.message}`).join('; '), read.problems);
  const [statement] = read.statements;
  const left = statement?.left.formula;
  const right = statement?.right[0]?.formula;
  const wantedLeft = step.left.kind === 'expression' ? step.left.value : step.left.kind === 'partial' && step.left.by.kind === 'ref' ? { ...step.left.by, adjoint: true } : null;
  const wanted = step.right.at(-1)?.formula;
  if (left?.kind !== 'expression' || right?.kind !== 'expression' || wanted?.kind !== 'expression' || wantedLeft?.kind !== 'ref' || left.value.kind !== 'ref') return fail('not two expressions');
  if (tensorKey(left.value.tensor) !== tensorKey(wantedLeft.tensor) || left.value.adjoint !== wantedLeft.adjoint || left.value.indices.length !== wantedLeft.indices.length) {
    return fail(`the left side was read as ${plain(left.value)}`);
  }
  // The reader's names for the free indices, in the places that they have on the left side.
  const to = new Map(wantedLeft.indices.flatMap((a, n) => {
    const name = a.terms[0]?.symbol.name;
    const own = left.value.kind === 'ref' ? left.value.indices[n] : undefined;
    return name === undefined || own === undefined ? [] : [[name, own] as const];
  }));
  const bounds = (statement?.axes ?? []).reduce((c, a) => withRange(c, a.index, a.range), emptyContext);
  const { functions } = context.convention;
  const plainly = (e: Expression): Expression => (functions === 'one' ? withoutSlotLayers(e) : e);
  const value = plainly(substituteIndices(wanted.value, to));
  return provablyEqual(value, plainly(right.value), bounds) === 'equal' ? [] : fail(`${plain(value)}   WAS READ AS   ${plain(right.value)}`);
}

function withoutSlotLayers(e: Expression): Expression {
  if (e.kind !== 'call' || e.fn.kind !== 'slot' || references(e.argument).some((r) => r.tensor.layer !== null)) return mapChildren(e, withoutSlotLayers);
  return { ...e, fn: { ...e.fn, layer: null }, argument: withoutSlotLayers(e.argument) };
}

const renamed = (f: Formula, rename: (e: Expression) => Expression): Formula => {
  switch (f.kind) {
    case 'expression': return { kind: 'expression', value: rename(f.value) };
    case 'partial': return { kind: 'partial', of: f.of === null ? null : rename(f.of), by: rename(f.by) };
    case 'chain': return f;
    case 'multiple': return { kind: 'multiple', factor: rename(f.factor), of: renamed(f.of, rename) };
    case 'chain-rule': return {
      kind: 'chain-rule',
      terms: f.terms.map((t) => {
        // Letters of free indices may be names of the summed ones.
        const apart = new Map(t.axes.map((a) => [a.index, index(`${a.index}%`)]));
        const entry = (r: Expression): Reference => asReference(rename(substituteIndices(r, apart)));
        return {
          axes: t.axes.map((a) => ({ ...a, index: `${a.index}%` })),
          factors: t.factors.map(({ of, by }) => ({ of: of === null ? null : entry(of), by: entry(by) })),
        };
      }),
    };
  }
};

function asReference(e: Expression): Reference {
  if (e.kind !== 'ref') throw new Error('an entry stays an entry');
  return e;
}

/** ∂E/∂T, of which a signal may be a multiple. */
function derivative(by: Reference, context: ReadingContext): Expression {
  const { signalFactor = null } = context;
  const entry: Reference = { ...by, adjoint: true };
  return isSignal(by.tensor, context) && signalFactor !== null ? multiply([power(signalFactor, -1), entry]) : entry;
}

/** One way to write what can be said in several: ∂E/∂T, a chain of one path, a chain rule without sums. */
function simplest(f: Formula, context: ReadingContext): Formula {
  if (f.kind === 'partial' && f.of === null && f.by.kind === 'ref') return { kind: 'expression', value: derivative(f.by, context) };
  if (f.kind === 'multiple') {
    const of = simplest(f.of, context);
    return of.kind === 'expression' ? { kind: 'expression', value: multiply([f.factor, of.value]) } : { ...f, of };
  }
  if (f.kind === 'chain' || f.kind === 'chain-rule') {
    const paths = f.kind === 'chain' ? f.paths.map((p) => ({ axes: [], factors: p.map(({ of, by }) => ({ of: of === null ? null : ref(of, []), by: ref(by, []) })) })) : f.terms;
    const [only] = paths;
    const [factor] = only?.factors ?? [];
    if (only !== undefined && factor?.of === null && paths.length === 1 && only.factors.length === 1 && only.axes.length === 0) {
      return { kind: 'expression', value: derivative(factor.by, context) };
    }
    return { kind: 'chain-rule', terms: paths };
  }
  return f;
}

function sameFormula(a: Formula, b: Formula, bounds: Context, context: ReadingContext): boolean {
  const { functions } = context.convention;
  // One symbol for the functions of all layers: where it is defined, nothing says of which.
  const plainly = (f: Formula): Formula => (functions === 'one' ? renamed(simplest(f, context), withoutSlotLayers) : simplest(f, context));
  const [x, y] = [plainly(a), plainly(b)];
  if (x.kind === 'multiple' && y.kind === 'multiple') return provablyEqual(x.factor, y.factor, bounds) === 'equal' && sameFormula(x.of, y.of, bounds, context);
  if (a.kind === 'chain' && b.kind === 'chain' && JSON.stringify(a) !== JSON.stringify(b)) return false;
  if (x.kind === 'expression' && y.kind === 'expression') return provablyEqual(x.value, y.value, bounds) === 'equal';
  if (x.kind === 'partial' && y.kind === 'partial') return keyOf(x.of) === keyOf(y.of) && keyOf(x.by) === keyOf(y.by);
  return x.kind === 'chain-rule' && y.kind === 'chain-rule' && JSON.stringify(x.terms.map(numbered)) === JSON.stringify(y.terms.map(numbered));
}

/** A term of the chain rule with its indices called by their numbers. */
function numbered({ axes, factors }: ChainTerm): unknown {
  const to = new Map(axes.map((axis, n) => [axis.index, index(`#${String(n)}`)]));
  const entry = (r: Reference | null): string => keyOf(r === null ? null : substituteIndices(r, to));
  return [axes.map((a) => rangeKey(a.range)), factors.map(({ of, by }) => [entry(of), entry(by)])];
}

const keyOf = (e: Expression | null): string => (e === null ? 'E' : writing(e));

function shown(f: Formula): string {
  switch (f.kind) {
    case 'expression': return plain(f.value);
    case 'multiple': return `${plain(f.factor)} · ${shown(f.of)}`;
    case 'partial': return `∂${f.of === null ? 'E' : plain(f.of)}/∂${plain(f.by)}`;
    case 'chain': return JSON.stringify(f.paths);
    case 'chain-rule': return JSON.stringify(f.terms);
  }
}
