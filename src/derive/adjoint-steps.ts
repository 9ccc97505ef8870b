// The steps that lead to one adjoint: the chain rule with indices, the derivatives put in, deltas contracted, adjoints
// without a name of their own written out. Each equality is verified before it is printed.

import { addAffine, constantOf, index, integer, subtractAffine } from '../algebra/affine.ts';
import { add, adjoint, type Expression, multiply, type Reference, sum, type Tensor, tensorKey } from '../algebra/expression.ts';
import { showLayer } from '../algebra/layer.ts';
import { plain, plainAffine, plainRange } from '../algebra/print.ts';
import { references } from '../algebra/traverse.ts';
import type { Equation } from '../spec/network.ts';
import type { AdjointEquation, Backward } from './backward.ts';
import { compactAdjoint } from './compact-adjoint.ts';
import type { ChainTerm, Equality, LayerRange, SectionId, Step, Verification } from './derivation.ts';
import { type Agreement, agreement, agreesWithDirect, type EquationIndex } from './direct.ts';
import { type TensorUse, useOf } from './use.ts';

/** A step before it is numbered. */
export type Draft = Omit<Step, 'number'>;

export interface AdjointSource {
  readonly lookup: EquationIndex;
  /** Keys of the tensors whose adjoints keep a name. */
  readonly named: ReadonlySet<string>;
  readonly total: Tensor | null;
}

/** Thrown when a step can't be verified: a defect of backproof, never of the spec. */
export class UnverifiedStepError extends Error {
  override readonly name = 'UnverifiedStepError';
}

/** The draft with the compact form of its last formula, `value`, as a further equality, where one is found. */
export function withCompactForm(draft: Draft, equation: AdjointEquation, value: Expression, reverse: Backward, source: AdjointSource): Draft {
  const compact = compactAdjoint(equation, value, reverse, source.lookup);
  if (compact === null) return draft;
  const { assumed, ended, verified } = compact;
  const shorter: Equality[] = compact.value === value ? [] : [{ formula: { kind: 'expression', value: compact.value }, rule: 'compact-form' }];
  const written: Equality[] = ended === null ? [] : [{ formula: { kind: 'expression', value: ended }, rule: 'substitution' }];
  const under: Equality[] = assumed === null ? [] : [{ formula: { kind: 'expression', value: assumed.value }, rule: 'assumption' }];
  const right = [...draft.right, ...shorter, ...written, ...under];
  return {
    ...draft, right, rule: right.at(-1)?.rule ?? draft.rule,
    remarks: [...draft.remarks, ...(assumed?.assumptions ?? []).map((a) => `The last form needs \`${a.text}\`.`)],
    sources: [...draft.sources, ...(assumed?.assumptions ?? []).map((a) => a.place)],
    verified: verified === 'proved' ? draft.verified : 'confirmed',
  };
}

export interface AdjointWords {
  readonly section: SectionId;
  readonly title: string;
  readonly role: 'intermediate' | 'result';
  readonly layers: LayerRange | null;
  readonly remarks?: readonly string[];
}

/** The step that derives `equation`, with every intermediate form; `uses` are its uses, opened with its letters. */
export function adjointStep(equation: AdjointEquation, source: AdjointSource, words: AdjointWords): Draft {
  const entry = adjoint(equation.tensor, equation.axes.map((a) => index(a.index))) ;
  const uses = equation.uses.map((u) => useOf(u.equation, equation.tensor, equation.axes));
  const right: Equality[] = [];
  const push = (formula: Equality['formula'], rule: string): void => {
    const last = right.at(-1)?.formula;
    const same = last?.kind === 'expression' && formula.kind === 'expression' && plain(last.value) === plain(formula.value);
    if (!same) right.push({ formula, rule });
  };
  const chained = uses.filter((u) => !isTotalItself(u, source));
  if (chained.length > 0) push({ kind: 'chain-rule', terms: uses.map((u) => chainTerm(u, entry, source)) }, 'chain-rule');
  const raw = add(uses.map((u) => rawFlow(u, source)));
  const contracted = add(uses.map((u) => dropTotal(u.contracted.value, source)));
  push({ kind: 'expression', value: raw }, 'differentiation');
  push({ kind: 'expression', value: contracted }, uses.some((u) => u.contracted.contractions.length > 0) ? 'delta-contraction' : 'rearrangement');
  push({ kind: 'expression', value: equation.value }, adjointsOf(contracted) === adjointsOf(equation.value) ? 'rearrangement' : 'substitution');
  const verified = verifyAdjoint(equation, source, agreement(raw, contracted, equation.axes));
  return {
    section: words.section,
    role: words.role,
    rule: right.at(-1)?.rule ?? 'chain-rule',
    title: words.title,
    left: { kind: 'expression', value: entry },
    relation: '=',
    right: right.length === 0 ? [{ formula: { kind: 'expression', value: equation.value }, rule: 'constant' }] : right,
    axes: equation.axes,
    layers: words.layers,
    sources: unique(equation.uses.map((u) => u.equation)).map((e) => e.place),
    remarks: [...leftOutRemarks(uses, equation.tensor), ...(words.remarks ?? [])],
    verified,
  };
}

/** @throws UnverifiedStepError where the formula, or the contraction before it, disagrees with direct differentiation */
export function verifyAdjoint(equation: AdjointEquation, source: AdjointSource, contraction: Agreement = 'proved'): Verification {
  const direct = agreesWithDirect(source.lookup, equation.tensor, equation.axes, equation.value, source.named, source.total);
  if (contraction === null || direct === null) {
    throw new UnverifiedStepError(`the adjoint of ${tensorWords(equation.tensor)} does not agree with direct differentiation`);
  }
  return contraction === 'proved' && direct === 'proved' ? 'direct-differentiation' : 'confirmed';
}

/** The tensors whose adjoints a formula mentions. */
const adjointsOf = (e: Expression): string =>
  [...new Set(references(e).flatMap((r) => (r.adjoint ? [tensorKey(r.tensor)] : [])))].sort().join(' ');

const unique = (equations: readonly Equation[]): readonly Equation[] => [...new Set(equations)];

const isTotalItself = (use: TensorUse, source: AdjointSource): boolean =>
  source.total !== null && tensorKey(use.equation.tensor) === tensorKey(source.total);

/** Σ ∂E/∂U · ∂U/∂T; through E's own equation only ∂E/∂T is left. */
function chainTerm(use: TensorUse, entry: Reference, source: AdjointSource): ChainTerm {
  const by: Reference = { ...entry, adjoint: false };
  const left: Reference = { kind: 'ref', tensor: use.equation.tensor, adjoint: false, indices: use.axes.map((a) => index(a.index)) };
  if (isTotalItself(use, source)) return { axes: [], factors: [{ of: null, by }] };
  return { axes: use.axes, factors: [{ of: null, by: left }, { of: left, by }] };
}

/** Σ over the equation's indices of adj(lhs) · ∂rhs/∂T, deltas as they come. */
function rawFlow(use: TensorUse, source: AdjointSource): Expression {
  const outer = adjoint(use.equation.tensor, use.axes.map((a) => index(a.index)));
  const flow = isTotalItself(use, source) ? use.derivative : multiply([outer, use.derivative]);
  return use.axes.reduceRight<Expression>((body, a) => sum(a.index, a.range, body), flow);
}

/** ∂E/∂E = 1. */
function dropTotal(e: Expression, source: AdjointSource): Expression {
  if (source.total === null) return e;
  const total = tensorKey(source.total);
  const factors = e.kind === 'multiply' ? e.factors : [e];
  return multiply(factors.filter((f) => !(f.kind === 'ref' && f.adjoint && tensorKey(f.tensor) === total)));
}

/** Says which entries left a sum because the fixed index never reaches them. */
function leftOutRemarks(uses: readonly TensorUse[], entry: Tensor): readonly string[] {
  const remarks = uses.flatMap((use) => use.contracted.contractions.flatMap(({ range, within, value }) => {
    const left = within === null ? null : constantOf(subtractAffine(within.lo, range.lo));
    if (within === null || left === null || left <= 0) return [];
    const first = plainAffine(range.lo);
    const last = plainAffine(addAffine(within.lo, integer(-1)));
    const entries = left === 1 ? `the entry ${first}` : `the entries ${first} to ${last}`;
    const [verb, its] = left === 1 ? ['does', 'its adjoint exists, but no equation below uses it'] : ['do', 'their adjoints exist, but no equation below uses them'];
    return [`The sum runs over ${plainRange(range)}, but \`${plainAffine(value)}\` only over ${plainRange(within)}: ${entries} of \`${tensorWords(use.equation.tensor)}\` ${verb} not depend on \`${tensorWords(entry)}\`. `
      + `${its[0]?.toUpperCase() ?? ''}${its.slice(1)}, so what belongs to index ${left === 1 ? first : `${first}..${last}`} leaves the recursion by itself.`];
  }));
  return [...new Set(remarks)];
}

/** `a^(k-1)`: a whole tensor in words. */
export function tensorWords(t: Tensor): string {
  const layer = showLayer(t.layer);
  return layer === '' ? t.name : `${t.name}^(${layer})`;
}
